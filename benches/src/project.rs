//! The documents of a folder as a plan, functions and all, and a file's events for it: what `dtc transform`
//! does before it runs.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use dtc_engine::{Events, Intake, Options, Plan, Taken};
use dtc_expr::{Functions, Mode};
use dtc_io::{RowReading, Taker};
use dtc_lang::document::Streaming;
use dtc_lang::{Document, Project, Severity};

/// The texts of a folder's documents.
#[derive(Clone)]
pub struct Documents {
    pub streaming: String,
    pub window: Option<String>,
    functions: Functions,
}

impl Documents {
    /// `streaming.dtc.yaml` of the folder, and `window.dtc.yaml` where windows are asked for.
    pub fn of(folder: &Path, windows: bool) -> Result<Documents> {
        let read = |file: &str| {
            let path = folder.join(file);
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
        };
        let window = if windows { Some(read("window.dtc.yaml")?) } else { None };
        Ok(Documents { streaming: read("streaming.dtc.yaml")?, window, functions: functions(folder)? })
    }

    /// The same with another streaming document.
    pub fn with_streaming(&self, text: String) -> Documents {
        Documents { streaming: text, ..self.clone() }
    }

    /// The same with another window document.
    pub fn with_window(&self, text: String) -> Documents {
        Documents { window: Some(text), ..self.clone() }
    }

    pub fn plan(&self) -> Result<Plan> {
        let Document::Streaming(streaming) = self.checked(&self.streaming, Vec::new())? else {
            bail!("the first document is no streaming document");
        };
        let window = match &self.window {
            None => None,
            Some(text) => match self.checked(text, vec![streaming.clone()])? {
                Document::Window(window) => Some(window),
                _ => bail!("the second document is no window document"),
            },
        };
        let planned = dtc_engine::plan(&streaming, window.as_ref(), &self.functions, &Options::default());
        planned.map_err(|_| anyhow::anyhow!("the documents cannot be planned"))
    }

    fn checked(&self, text: &str, streaming: Vec<Streaming>) -> Result<Document> {
        let project = Project { streaming, functions: self.functions.clone(), ..Project::default() };
        let (document, found) = dtc_lang::check(text, &project);
        if let Some(error) = found.iter().find(|diagnostic| diagnostic.severity == Severity::Error) {
            bail!("a document: {}", error.message);
        }
        document.context("a text is no document")
    }
}

/// A document's text with the expression of one field edited, for each of its fields: `aggregate.field` and text.
/// Numbers and texts come twice, truths turn round.
pub fn edits(text: &str) -> Vec<(String, String)> {
    let mut edits = Vec::new();
    let (mut aggregate, mut field, mut is_boolean) = (String::new(), String::new(), false);
    let (mut in_fields, mut in_aggregate) = (false, false);
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let (place, said) = (start, line.trim().trim_start_matches("- "));
        start += line.len();
        match said.split_once(':') {
            Some(("Fields", _)) => (in_fields, in_aggregate) = (true, false),
            Some(("Dimensions", _)) => (in_fields, in_aggregate) = (false, false),
            Some(("Type", kind)) if kind.contains("Aggregate") => (in_fields, in_aggregate) = (false, true),
            Some(("Type", kind)) => is_boolean = kind.trim() == "boolean",
            Some(("Name", name)) if in_fields => field = name.trim().to_owned(),
            Some(("Name", name)) if in_aggregate => aggregate = name.trim().to_owned(),
            Some(("Value", value)) if in_fields => {
                let value = value.trim();
                let quote = value.chars().next().filter(|first| ['"', '\''].contains(first));
                let inner = quote.map_or(value, |quote| value.trim_matches(quote));
                let other = if is_boolean { format!("not ({inner})") } else { format!("({inner}) * 2") };
                let edited = line.replacen(inner, &other, 1);
                let whole = [&text[..place], &edited, &text[start..]].concat();
                edits.push((format!("{aggregate}.{field}"), whole));
            }
            _ => {}
        }
    }
    edits
}

/// Every event of a file; an unusable one is an error.
pub fn events(plan: &Plan, file: &Path, threads: usize) -> Result<Events> {
    let reading = RowReading {
        columns: plan.columns(),
        mode: Mode::Studio,
        processor: None,
        limit: None,
        threads,
        watch: &|_, _| true,
    };
    let taker = || -> Taker<'_, Taken> {
        let mut intake = Intake::new(plan);
        Box::new(move |rows, lines| intake.part(rows, lines))
    };
    let read = reading.file(file, &taker)?;
    if let Some(bad) = read.bad.first() {
        bail!("line {}: {}", bad.line, bad.reason);
    }
    let refused = read.blocks.iter().find_map(|(first, taken)| Some((first, taken.unusable.first()?)));
    if let Some((first, refused)) = refused {
        bail!("line {}: {}", first + u64::from(refused.line), refused.reason);
    }
    Ok(Events::collect(plan, read.blocks.into_iter().map(|(first, taken)| (0, first, taken))))
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

    use super::{Documents, edits};

    #[test]
    fn every_measured_document_is_planned() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        for (folder, windows) in [
            ("documents/offer", true),
            ("documents/wide", false),
            ("documents/deep", false),
            ("../dtc-templates/offer-ai", true),
        ] {
            Documents::of(&here.join(folder), windows).unwrap().plan().unwrap();
        }
    }

    #[test]
    fn each_field_is_edited_once() {
        let documents = Documents::of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("documents/offer"), true).unwrap();
        let of_window = edits(documents.window.as_ref().unwrap());
        assert_eq!((edits(&documents.streaming).len(), of_window.len()), (14, 11));
        assert!(edits(&documents.streaming).iter().any(|(name, _)| name == "game_stats.level"));
        for (name, text) in edits(&documents.streaming) {
            let edited = documents.with_streaming(text);
            edited.plan().unwrap_or_else(|error| panic!("{name}: {error}"));
        }
        for (name, text) in of_window {
            let edited = documents.with_window(text);
            edited.plan().unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }

    /// The measured documents are the template's, with its function in Rhai written as an expression.
    #[test]
    fn the_offer_documents_are_the_templates() {
        let here = Path::new(env!("CARGO_MANIFEST_DIR"));
        let read = |path: &str| std::fs::read_to_string(here.join(path)).unwrap();
        assert_eq!(read("documents/offer/window.dtc.yaml"), read("../dtc-templates/offer-ai/window.dtc.yaml"));
        let lines = |text: &str| -> Vec<String> {
            let others = |line: &&str| !line.starts_with('#') && !line.contains("price_band") && !line.is_empty();
            text.lines().filter(others).map(str::to_owned).collect()
        };
        let mut template = lines(&read("../dtc-templates/offer-ai/streaming.dtc.yaml"));
        template.retain(|line| line != "Import:");
        let mut ours = lines(&read("documents/offer/streaming.dtc.yaml"));
        ours.retain(|line| !line.contains("'low' if"));
        assert_eq!(ours, template);
    }
}
