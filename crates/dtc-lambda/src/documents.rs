//! Cold start: from the documents beside the program to a plan. Documents are found by kind and name, so
//! their file names do not matter.

use std::fs;
use std::path::Path;

use dtc_engine::{Options, Plan, plan};
use dtc_expr::Functions;
use dtc_lang::{Diagnostic, Document, LineIndex, Project, Severity, Streaming, check};

pub struct Documents {
    pub streaming: Streaming,
    pub plan: Plan,
}

/// A text of the bundle: its path and content.
type Text = (String, String);

/// Plans the named documents under `root/documents`, or says what is wrong with them.
pub fn load(root: &Path, streaming: &str, window: Option<&str>) -> Result<Documents, String> {
    let mut texts = Vec::new();
    collect(&root.join("documents"), "", &mut texts)?;
    texts.sort();
    let functions = functions(&texts)?;
    let yaml: Vec<&Text> = texts.iter().filter(|(path, _)| path.ends_with(".yaml") || path.ends_with(".yml")).collect();

    let mut project = Project { functions: functions.clone(), ..Project::default() };
    let streaming = yaml
        .iter()
        .find_map(|text| match checked(text, &project) {
            (Some(Document::Streaming(found)), diagnostics) if found.header.name.value == streaming => {
                Some(without_errors(text, &diagnostics).map(|()| found))
            }
            _ => None,
        })
        .ok_or_else(|| format!("no streaming document is named `{streaming}`"))??;
    project.streaming.push(streaming.clone());

    let window = window.map(|name| {
        let found = yaml.iter().find_map(|text| match checked(text, &project) {
            (Some(Document::Window(found)), diagnostics) if found.header.name.value == name => {
                Some(without_errors(text, &diagnostics).map(|()| found))
            }
            _ => None,
        });
        found.ok_or_else(|| format!("no window document is named `{name}`"))?
    });
    let window = window.transpose()?;
    let plan = plan(&streaming, window.as_ref(), &functions, &Options::default()).map_err(|(streaming, window)| {
        let messages: Vec<String> =
            streaming.iter().chain(&window).map(|found| format!("{} {}", found.code.0, found.message)).collect();
        messages.join("; ")
    })?;
    Ok(Documents { streaming, plan })
}

fn collect(folder: &Path, prefix: &str, texts: &mut Vec<Text>) -> Result<(), String> {
    let refused = |error: std::io::Error| format!("{} cannot be read: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(refused)? {
        let entry = entry.map_err(refused)?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type().map_err(refused)?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), texts)?;
        } else {
            let content = fs::read(entry.path()).map_err(refused)?;
            texts.push((name, String::from_utf8_lossy(&content).into_owned()));
        }
    }
    Ok(())
}

fn functions(texts: &[Text]) -> Result<Functions, String> {
    let scripts: Vec<Text> = texts
        .iter()
        .filter_map(|(path, script)| {
            let name = path.strip_suffix(".rhai")?.rsplit('/').next()?;
            Some((name.to_owned(), script.clone()))
        })
        .collect();
    let (functions, faults) = Functions::compile(&scripts);
    match faults.first() {
        None => Ok(functions),
        Some(fault) => {
            Err(format!("functions/{}.rhai:{}:{}: {}", fault.module, fault.line, fault.column, fault.message))
        }
    }
}

fn checked(text: &Text, project: &Project) -> (Option<Document>, Vec<Diagnostic>) {
    check(&text.1, project)
}

/// The first error with its place, if there is one.
fn without_errors(text: &Text, diagnostics: &[Diagnostic]) -> Result<(), String> {
    let Some(error) = diagnostics.iter().find(|found| found.severity == Severity::Error) else { return Ok(()) };
    let (line, column) = LineIndex::new(&text.1).line_column(&text.1, error.primary.span.start);
    Err(format!("{}:{line}:{column}: {} {}", text.0, error.code.0, error.message))
}
