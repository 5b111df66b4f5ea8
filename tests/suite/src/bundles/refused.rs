//! Documents that are sound but cannot be deployed: `refused/NAME.yaml` with `NAME.txt`, one refusal a
//! line. Every code of the exporter has a case and a page in `docs/errors-export`.

use std::path::{Path, PathBuf};

use bundle::{Input, Target};
use dtc_lang::{Document, LineIndex, Severity, check};
use libtest_mimic::{Failed, Trial};

use super::project;

pub fn trials() -> Vec<Trial> {
    let cases = cases();
    let mut trials: Vec<Trial> = cases
        .iter()
        .map(|path| {
            let path = path.clone();
            let name = path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            Trial::test(format!("bundles::refused::{name}"), move || case(&path))
        })
        .collect();
    trials.push(Trial::test("bundles::refused::every_code_has_a_page", every_code_has_a_page));
    trials.push(Trial::test("bundles::refused::files_and_program", files_and_program));
    trials
}

fn cases() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(project::folder().join("refused")).into_iter().flatten().flatten();
    let mut cases: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "yaml")).collect();
    cases.sort();
    cases
}

fn refusals(text: &str, files: &[(String, String)], bootstrap: &[u8]) -> Result<String, Failed> {
    let mut around = dtc_lang::Project::default();
    // A pipeline document is refused together with a streaming document that is fine.
    if let Some((stream, pipeline)) = text.split_once("# ==== next document\n") {
        let Some(Document::Streaming(streaming)) = check(stream, &around).0 else {
            return Err("no streaming document".into());
        };
        around.streaming.push(streaming.clone());
        let (document, diagnostics) = check(pipeline, &around);
        if let Some(error) = diagnostics.iter().find(|found| found.severity == Severity::Error) {
            return Err(format!("the case has an error of its own: {error:#?}").into());
        }
        let Some(Document::Pipeline(own)) = document else { return Err("no pipeline document".into()) };
        let own = Some(&*own);
        let input = Input {
            project: "refused",
            streaming: &streaming,
            window: None,
            pipeline: own,
            files,
            bootstrap,
            proof: None,
        };
        return told(pipeline, &input);
    }
    let (document, diagnostics) = check(text, &around);
    if let Some(error) = diagnostics.iter().find(|found| found.severity == Severity::Error) {
        return Err(format!("the case has an error of its own: {error:#?}").into());
    }
    let Some(Document::Streaming(streaming)) = document else { return Err("no streaming document".into()) };
    let input = Input {
        project: "refused",
        streaming: &streaming,
        window: None,
        pipeline: None,
        files,
        bootstrap,
        proof: None,
    };
    told(text, &input)
}

/// What is refused, with the places in the text.
fn told(text: &str, input: &Input<'_>) -> Result<String, Failed> {
    let found = match bundle::export(input, Target::Sam) {
        Ok(_) => return Err("it was exported".into()),
        Err(found) => found,
    };
    let lines = LineIndex::new(text);
    let mut out = String::new();
    for diagnostic in found {
        if diagnostic.message.chars().count() > 80 || diagnostic.message.ends_with('.') {
            return Err(format!("the message breaks the rules: {}", diagnostic.message).into());
        }
        let (line, column) = lines.line_column(text, diagnostic.primary.span.start);
        let help = diagnostic.help.unwrap_or_default();
        out.push_str(&format!(
            "{} {line}:{column} {}\n  here: {}\n  help: {help}\n",
            diagnostic.code.0, diagnostic.message, diagnostic.primary.text
        ));
    }
    Ok(out)
}

fn case(path: &Path) -> Result<(), Failed> {
    let found = refusals(&std::fs::read_to_string(path)?, &[], b"\x7fELF")?;
    let expected = path.with_extension("txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(expected, found)?;
        return Ok(());
    }
    let expected = std::fs::read_to_string(expected)?;
    if expected == found { Ok(()) } else { Err(format!("expected\n{expected}\nfound\n{found}").into()) }
}

fn every_code_has_a_page() -> Result<(), Failed> {
    let folder = project::folder();
    let pages = folder.join("../../../docs/errors-export");
    let mut covered = String::from("DTC0606 DTC0607");
    for case in cases() {
        covered.push_str(&std::fs::read_to_string(case.with_extension("txt"))?);
    }
    for (code, title) in bundle::CODES {
        let page =
            std::fs::read_to_string(pages.join(format!("{code}.md"))).map_err(|error| format!("{code}.md: {error}"))?;
        if !page.starts_with(&format!("# {code}: {title}\n")) {
            return Err(format!("{code}.md does not start with its code and title").into());
        }
        if !covered.contains(code) {
            return Err(format!("no case is refused with {code}").into());
        }
    }
    Ok(())
}

/// What no document can show: names of files, and the program.
fn files_and_program() -> Result<(), Failed> {
    let text = std::fs::read_to_string(project::folder().join("clicks/streaming.dtc.yaml"))?;
    for name in ["../escape.yaml", "a//b.yaml", "c:d.yaml", "a\\b", ""] {
        let files = [(name.to_owned(), String::new())];
        let found = refusals(&text, &files, b"\x7fELF")?;
        if !found.starts_with("DTC0606 ") {
            return Err(format!("{name}: {found}").into());
        }
    }
    let found = refusals(&text, &[], b"")?;
    if found.starts_with("DTC0607 ") { Ok(()) } else { Err(found.into()) }
}
