//! The documents and the raw data of the first seed, as they are printed there: every fault is told, the offered
//! cures leave none, and what is left runs on that very data.

use std::path::{Path, PathBuf};

use dtc_engine::{Cancel, Silent};
use dtc_lang::{DataField, Document, Project, Severity, check, fix_all};
use libtest_mimic::{Failed, Trial};

use crate::runs::Job;

/// First and last lines of the text's parts.
const RAW: (usize, usize) = (57, 130);
const STREAMING: (usize, usize) = (151, 258);
const WINDOW: (usize, usize) = (274, 344);

pub fn trials() -> Vec<Trial> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/seeds");
    let seeds = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_first = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("000_"));
    match seeds.into_iter().find(is_first) {
        Some(seed) => vec![Trial::test("seed::cured_documents_run_on_its_own_data", move || cured(&seed))],
        None => {
            println!("seed: skipped, {} is not there", folder.display());
            Vec::new()
        }
    }
}

fn part(text: &str, (first, last): (usize, usize)) -> String {
    text.lines().skip(first - 1).take(last + 1 - first).map(|line| format!("{line}\n")).collect()
}

fn cured(seed: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(seed)?;
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("raw.txt");
    let raw: String =
        part(&text, RAW).lines().filter(|line| !line.starts_with("```")).map(|line| format!("{line}\n")).collect();
    std::fs::write(&data, raw)?;
    let fields = dtc_io::profile(&data, 100)?.fields.into_iter();
    let fields = fields.map(|field| DataField {
        path: field.path,
        types: field.types,
        share: field.share,
        examples: field.examples,
    });
    let mut project = Project { data: fields.collect(), ..Project::default() };
    let streaming = cure(&part(&text, STREAMING), &project, 10)?;
    let (Some(Document::Streaming(document)), _) = check(&streaming, &project) else {
        return Err(format!("no streaming document:\n{streaming}").into());
    };
    project.streaming.push(document);
    let window = cure(&part(&text, WINDOW), &project, 8)?;
    let paths = [("streaming.yaml", streaming), ("window.yaml", window)].map(|(name, text)| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).map(|()| path)
    });
    let [streaming, window] = paths;
    let (streaming, window, data) = (streaming?, window?, [data]);
    let job = Job { window: Some(&window), ..Job::new(&streaming, &data) };
    let plan = job.plan()?;
    let events = job.events(&plan)?;
    let output = dtc_engine::run(&plan, &dtc_engine::Events::of(&plan, &events), 1, &Cancel::default(), &Silent)
        .map_err(|stopped| format!("{stopped:?}"))?;
    if output.identities.is_empty() {
        return Err("no identity: every event is unusable".into());
    }
    Ok(())
}

/// The text with every offered cure, which must leave no error. `faults`: at least so many are told before.
fn cure(text: &str, project: &Project, faults: usize) -> Result<String, Failed> {
    let (_, told) = check(text, project);
    if told.len() < faults {
        return Err(format!("only {} faults are told", told.len()).into());
    }
    let fixed = fix_all(text, project);
    let (_, left) = check(&fixed.text, project);
    let errors: Vec<String> = left
        .iter()
        .filter(|found| found.severity == Severity::Error)
        .map(|found| format!("{} {} at {:?}", found.code.0, found.message, found.primary.span.of(&fixed.text)))
        .collect();
    if errors.is_empty() { Ok(fixed.text) } else { Err(format!("{}\n{}", errors.join("\n"), fixed.text).into()) }
}
