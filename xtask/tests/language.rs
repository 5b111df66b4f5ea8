//! The rules of tidiness that need the language: every code has its page, and every template is
//! what we would show as an example. They are tests so that xtask itself links no language.
#![allow(clippy::unwrap_used, reason = "clippy.toml allows it in tests, but not in what tests call")]

use std::fs;
use std::path::{Path, PathBuf};

use dtc_expr::Functions;
use dtc_lang::{Diagnostic, Document, LineIndex, Project, check, codes};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the checkout").to_owned()
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    files.sort();
    files
}

#[test]
fn every_code_has_its_page() {
    let folder = root().join("docs/errors");
    let missing: Vec<&str> = codes::ALL
        .iter()
        .map(|code| code.number)
        .filter(|number| {
            !fs::read_to_string(folder.join(format!("{number}.md"))).is_ok_and(|text| text.contains(number))
        })
        .collect();
    assert!(missing.is_empty(), "no docs/errors page that names its code: {missing:?}");
}

#[test]
fn every_page_has_its_code() {
    for page in files(&root().join("docs/errors"), "md") {
        let name = page.file_stem().unwrap().to_string_lossy().into_owned();
        let known = !name.starts_with("DTC") || codes::ALL.iter().any(|code| code.number == name);
        assert!(known, "{} explains a code that no longer is", page.display());
    }
}

#[test]
fn every_template_is_without_a_warning() {
    let folder = root().join("dtc-templates");
    let templates: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(!templates.is_empty(), "there are no templates");
    for template in templates {
        assert!(template.join("template.yaml").is_file(), "{} has no template.yaml", template.display());
        let faults = faults(&template);
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }
}

#[test]
fn a_bad_template_is_noticed() {
    let folder = std::env::temp_dir().join(format!("xtask-template-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let text = "Type: ProductML:DTC:Streaming\nVersion: '2018-03-01'\nName: bad\nIdentity: source.id\n";
    fs::write(folder.join("streaming.dtc.yaml"), text).unwrap();
    assert!(!faults(&folder).is_empty());
    fs::remove_dir_all(&folder).unwrap();
}

/// What the language has to say about a project, each with its place.
fn faults(template: &Path) -> Vec<String> {
    let text = |file: &PathBuf| fs::read_to_string(file).unwrap();
    let scripts: Vec<(String, String)> = files(&template.join("functions"), "rhai")
        .iter()
        .map(|file| (file.file_stem().unwrap().to_string_lossy().into_owned(), text(file)))
        .collect();
    let (functions, broken) = Functions::compile(&scripts);
    let mut faults: Vec<String> = broken.iter().map(|fault| format!("{}: {fault:?}", template.display())).collect();
    let documents = files(template, "yaml");
    let documents: Vec<&PathBuf> = documents.iter().filter(|file| !file.ends_with("template.yaml")).collect();
    assert!(!documents.is_empty(), "{} has no documents", template.display());
    let alone = Project { functions: functions.clone(), ..Project::default() };
    let streaming = documents.iter().filter_map(|file| match check(&text(file), &alone).0 {
        Some(Document::Streaming(streaming)) => Some(streaming),
        _ => None,
    });
    let project = Project { streaming: streaming.collect(), functions, ..Project::default() };
    for file in documents {
        let text = text(file);
        let lines = LineIndex::new(&text);
        let said = check(&text, &project).1;
        faults.extend(said.iter().map(|one: &Diagnostic| {
            let line = lines.line_column(&text, one.primary.span.start).0;
            format!("{}:{line}: {} {}", file.display(), one.code.0, one.message)
        }));
    }
    faults
}
