//! Shipped documents checked against shipped data: a user who opens them sees no warning.
//! Blurr's own documents against theirs are held to the warnings that are right.

use std::path::{Path, PathBuf};

use dtc_expr::Functions;
use dtc_lang::{DataField, Document, Project, Severity, check};
use libtest_mimic::{Failed, Trial};

/// As many records as the editor looks at.
const RECORDS: u64 = 2_000;

pub fn trials() -> Vec<Trial> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let (offers, touches) = (root.join("dtc-templates/offer-ai"), root.join("dtc-templates/multi-touch-attribution"));
    let mut trials: Vec<Trial> = [
        ("template", &offers, offers.join("data/offer-events.jsonl.gz")),
        ("sample", &offers, root.join("sample-data/offer-events.jsonl")),
        ("attribution", &touches, touches.join("data/visits.jsonl.gz")),
    ]
    .into_iter()
    .map(|(name, folder, data)| {
        let folder = folder.clone();
        Trial::test(format!("with_data::{name}"), move || shipped(&folder, &data))
    })
    .collect();
    trials.extend(blurrs(&root.join("../shared/data/blurr")));
    trials
}

fn shipped(folder: &Path, data: &Path) -> Result<(), Failed> {
    let names = ["streaming.dtc.yaml", "window.dtc.yaml", "attribution.dtc.yaml", "rewards.dtc.yaml"];
    let found = told(folder, &names, data)?;
    if found.is_empty() { Ok(()) } else { Err(found.join("\n").into()) }
}

/// The right warnings. Games end there whose start was not seen, so a ratio divides by 0; the raw data has
/// the text 'true' where the document compares with `True`. Fields missing from small samples are DTC0409.
const WARNED: [(&str, &[&str]); 9] = [
    ("api-csv", &["DTC0414"]),
    ("edge-record-access", &["DTC0409"]),
    ("edge-window-8", &["DTC0416 The condition never holds: no row gets its values at \"1 == 2\""]),
    ("edge-window-14", &["DTC0416 The anchor never holds: no row is ever written at \"0\""]),
    ("ipfix", &["DTC0409"]),
    ("offer-ai-as-shipped", &["DTC0414", "DTC0416 The condition never holds: the field is never set at \"source.won"]),
    ("offer-ai-raw", &["DTC0414", "DTC0416 The condition never holds: the field is never set at \"source.won"]),
    ("offer-ai-generated", &["DTC0414", "DTC0409"]),
    ("offer-ai-synthetic", &["DTC0414"]),
];

fn blurrs(shared: &Path) -> Vec<Trial> {
    let mut folders: Vec<PathBuf> =
        std::fs::read_dir(shared).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    folders.retain(|folder| data_of(folder).is_some() && folder.join("stream.yml").is_file());
    folders.sort();
    let trial = |folder: PathBuf| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Trial::test(format!("with_data::blurr::{name}"), move || {
            let data = data_of(&folder).ok_or("there is no data")?;
            let expected = WARNED.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, codes)| codes);
            let found = told(&folder, &["stream.yml", "window.yml"], &data)?;
            let other: Vec<&String> =
                found.iter().filter(|line| !expected.iter().any(|code| line.contains(code))).collect();
            if other.is_empty() { Ok(()) } else { Err(format!("{other:#?}").into()) }
        })
    };
    folders.into_iter().map(trial).collect()
}

/// The events of a case, which also holds its results.
fn data_of(folder: &Path) -> Option<PathBuf> {
    let is_events = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        !["out.", "run.", "case."].iter().any(|start| name.starts_with(start))
            && [".json", ".log", ".jsonl"].iter().any(|end| name.ends_with(end))
    };
    let entries = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = entries.filter(is_events).collect();
    files.sort();
    files.into_iter().next()
}

/// The scripts in `functions/`.
fn functions_of(folder: &Path) -> Functions {
    let entries = std::fs::read_dir(folder.join("functions")).into_iter().flatten().flatten();
    let script =
        |path: PathBuf| Some((path.file_stem()?.to_string_lossy().into_owned(), std::fs::read_to_string(&path).ok()?));
    let scripts: Vec<(String, String)> = entries.filter_map(|entry| script(entry.path())).collect();
    Functions::compile(&scripts).0
}

/// The warnings of documents that know their data, as text.
fn told(folder: &Path, names: &[&str], data: &Path) -> Result<Vec<String>, Failed> {
    let profile = dtc_io::profile(data, RECORDS).map_err(|failure| format!("{failure:?}"))?;
    let fields = profile.fields.into_iter().map(|field| DataField {
        path: field.path,
        types: field.types,
        share: field.share,
        examples: field.examples,
    });
    let mut project = Project { data: fields.collect(), functions: functions_of(folder), ..Project::default() };
    let mut told = Vec::new();
    for name in names {
        let Ok(text) = std::fs::read_to_string(folder.join(name)) else { continue };
        let (document, diagnostics) = check(&text, &project);
        let doubts = diagnostics.iter().filter(|found| found.severity == Severity::Warning);
        let line = |found: &dtc_lang::Diagnostic| {
            let place = found.primary.span.of(&text);
            format!("{name}: {} {} at {place:?}: {}", found.code.0, found.message, found.primary.text)
        };
        told.extend(doubts.map(line));
        if let Some(Document::Streaming(streaming)) = document {
            project.streaming.push(streaming);
        }
    }
    Ok(told)
}
