//! The documents of a folder as a plan, functions and all: what `dtc transform` does before it reads events.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use dtc_engine::{Options, Plan};
use dtc_expr::Functions;
use dtc_lang::document::Streaming;
use dtc_lang::{Document, Project, Severity};

/// `streaming.dtc.yaml` of the folder, and `window.dtc.yaml` where windows are asked for.
pub fn plan(folder: &Path, windows: bool) -> Result<Plan> {
    let functions = functions(folder)?;
    let checked = |file: &str, streaming: Vec<Streaming>| -> Result<Document> {
        let path = folder.join(file);
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let project = Project { streaming, functions: functions.clone(), ..Project::default() };
        let (document, found) = dtc_lang::check(&text, &project);
        if let Some(error) = found.iter().find(|diagnostic| diagnostic.severity == Severity::Error) {
            bail!("{}: {}", path.display(), error.message);
        }
        document.with_context(|| format!("{} is no document", path.display()))
    };
    let Document::Streaming(streaming) = checked("streaming.dtc.yaml", Vec::new())? else {
        bail!("streaming.dtc.yaml is no streaming document");
    };
    let window = match windows {
        false => None,
        true => match checked("window.dtc.yaml", vec![streaming.clone()])? {
            Document::Window(window) => Some(window),
            _ => bail!("window.dtc.yaml is no window document"),
        },
    };
    let planned = dtc_engine::plan(&streaming, window.as_ref(), &functions, &Options::default());
    planned.map_err(|_| anyhow::anyhow!("the documents of {} cannot be planned", folder.display()))
}

fn functions(folder: &Path) -> Result<Functions> {
    let place = folder.join("functions");
    let mut sources = Vec::new();
    if place.is_dir() {
        for entry in fs::read_dir(&place)? {
            let path = entry?.path();
            let module = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            sources.push((module, fs::read_to_string(&path)?));
        }
    }
    sources.sort();
    let (functions, faults) = Functions::compile(&sources);
    if let Some(fault) = faults.first() {
        bail!("{}: {}", fault.module, fault.message);
    }
    Ok(functions)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::plan;

    #[test]
    fn every_measured_document_is_planned() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        for (folder, windows) in [
            ("documents/offer", true),
            ("documents/wide", false),
            ("documents/deep", false),
            ("../dtc-templates/offer-ai", true),
        ] {
            plan(&here.join(folder), windows).unwrap();
        }
    }

    /// The measured documents are the template's, with its function in Rhai written as an expression.
    #[test]
    fn the_offer_documents_are_the_templates() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = |path: &str| std::fs::read_to_string(here.join(path)).unwrap();
        assert_eq!(read("documents/offer/window.dtc.yaml"), read("../dtc-templates/offer-ai/window.dtc.yaml"));
        let lines = |text: &str| -> Vec<String> {
            let kept =
                text.lines().filter(|line| !line.starts_with('#') && !line.contains("Value: ") && !line.is_empty());
            kept.map(str::to_owned).collect()
        };
        let mut template = lines(&read("../dtc-templates/offer-ai/streaming.dtc.yaml"));
        template.retain(|line| line != "Import:" && !line.contains("Identifiers:"));
        assert_eq!(lines(&read("documents/offer/streaming.dtc.yaml")), template);
    }
}
