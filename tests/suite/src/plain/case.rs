//! A project as texts: saved as a case, run by the engine, given to the plain interpreter.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use dtc_engine::Part;
use dtc_expr::Mode;
use dtc_lang::document::{Pick, Streaming, Window};
use dtc_lang::{Document, Project, Severity, check};
use libtest_mimic::Failed;
use serde_json::{Value as Json, json};

use super::documents;
use crate::runs::{Job, JobResult};

#[derive(Debug, Clone)]
pub struct Case {
    pub streaming: String,
    pub window: Option<String>,
    /// Lines of events, file by file.
    pub files: Vec<String>,
}

/// Where a case was saved.
pub struct Saved {
    pub streaming: PathBuf,
    pub window: Option<PathBuf>,
    pub data: Vec<PathBuf>,
}

impl Case {
    pub fn read(folder: &Path) -> Result<Case, Failed> {
        let numbered =
            (1..).map(|number| folder.join(format!("events.{number}.jsonl"))).take_while(|file| file.exists());
        let mut files: Vec<PathBuf> = numbered.collect();
        files.extend(Some(folder.join("events.jsonl")).filter(|file| file.exists()));
        let files = files.iter().map(std::fs::read_to_string).collect::<Result<_, _>>()?;
        let window = folder.join("window.yaml");
        let window = if window.exists() { Some(std::fs::read_to_string(window)?) } else { None };
        Ok(Case { streaming: std::fs::read_to_string(folder.join("streaming.yaml"))?, window, files })
    }

    /// Writes it as a case of `runs/` has it.
    pub fn save(&self, folder: &Path) -> Result<Saved, Failed> {
        let streaming = folder.join("streaming.yaml");
        std::fs::write(&streaming, &self.streaming)?;
        let window = self.window.as_ref().map(|_| folder.join("window.yaml"));
        if let (Some(path), Some(text)) = (&window, &self.window) {
            std::fs::write(path, text)?;
        }
        let name = |number: usize| match self.files.len() {
            1 => "events.jsonl".to_owned(),
            _ => format!("events.{}.jsonl", number + 1),
        };
        let data: Vec<PathBuf> = (0..self.files.len()).map(|number| folder.join(name(number))).collect();
        for (path, text) in data.iter().zip(&self.files) {
            std::fs::write(path, text)?;
        }
        Ok(Saved { streaming, window, data })
    }

    /// Whether the check finds no error in the documents.
    pub fn is_sound(&self) -> bool {
        self.documents().is_some()
    }

    fn documents(&self) -> Option<(Streaming, Option<Window>)> {
        let sound = |text: &str, project: &Project| {
            let (document, diagnostics) = check(text, project);
            document.filter(|_| diagnostics.iter().all(|found| found.severity != Severity::Error))
        };
        let Document::Streaming(streaming) = sound(&self.streaming, &Project::default())? else { return None };
        let mut project = Project { blurr: streaming.header.mode == Mode::Blurr, ..Project::default() };
        project.streaming.push(streaming.clone());
        let Some(window) = &self.window else { return Some((streaming, None)) };
        match sound(window, &project)? {
            Document::Window(window) => Some((streaming, Some(window))),
            _ => None,
        }
    }

    /// What the plain interpreter is asked; `None` where the check finds errors in a document, or anchors are picked
    /// by chance, whose lots are the engine's own.
    pub fn request(&self) -> Option<Json> {
        let (streaming, window) = self.documents()?;
        if window.as_ref().is_some_and(|window| window.anchor.pick != Pick::First) {
            return None;
        }
        let mode = streaming.header.mode;
        Some(json!({
            "streaming": documents::streaming(&streaming, mode),
            "window": window.map(|window| documents::window(&window, &streaming)),
            "blurr": mode == Mode::Blurr,
            "events": self.files.iter().flat_map(|file| file.lines()).collect::<Vec<&str>>(),
        }))
    }
}

impl Saved {
    pub fn job(&self) -> Job<'_> {
        Job { window: self.window.as_deref(), ..Job::new(&self.streaming, &self.data) }
    }

    /// The engine's results in the words of the plain interpreter.
    pub fn answer(&self) -> Result<Json, Failed> {
        let stream = match Job::new(&self.streaming, &self.data).run() {
            Err(failed) if aborted(&failed) => return Ok(json!({ "aborted": true })),
            stream => stream?,
        };
        let lines = |result: &JobResult| result.lines.lines().map(str::to_owned).collect::<Vec<String>>();
        let mut answer = json!({
            "events": stream.output.events,
            "repeated": stream.output.repeated,
            "stream": lines(&stream),
            "stream_faults": faults(&stream, Part::Streaming),
            "window": [],
            "window_faults": {},
            "dropped": [],
        });
        if self.window.is_some() {
            let windows = match self.job().run() {
                Err(failed) if aborted(&failed) => return Ok(json!({ "aborted": true })),
                windows => windows?,
            };
            answer["window"] = json!(lines(&windows));
            answer["window_faults"] = json!(faults(&windows, Part::Window));
            answer["dropped"] = json!(dropped(&windows));
            if faults(&windows, Part::Streaming) != faults(&stream, Part::Streaming) {
                return Err("a window document changes the faults of the stream".into());
            }
            if records(&windows) != records(&stream) {
                return Err("a window document changes the records of the stream".into());
            }
        }
        Ok(answer)
    }
}

/// Blurr's way to end a run.
fn aborted(failed: &Failed) -> bool {
    failed.message().is_some_and(|message| message.starts_with("Aborted"))
}

fn dropped(result: &JobResult) -> Vec<String> {
    let rows = result.output.identities.iter().flat_map(|identity| {
        let anchor = |row: &dtc_engine::DroppedRow| row.anchor.map(|time| time.isoformat()).unwrap_or_default();
        identity.dropped.iter().map(move |row| format!("{} {}", identity.identity, anchor(row)))
    });
    rows.collect()
}

/// Every stored record, printed or not.
fn records(result: &JobResult) -> Vec<String> {
    let identities = result.output.identities.iter();
    identities.flat_map(|identity| identity.records.iter().map(|record| format!("{record:?}"))).collect()
}

/// How often each place failed in each way.
fn faults(result: &JobResult, part: Part) -> BTreeMap<String, u64> {
    let mut counts = BTreeMap::new();
    for fault in result.output.faults.iter().filter(|fault| fault.place.part == part) {
        let kind = match fault.cause.split_once(':') {
            Some((kind, _)) if !kind.contains(' ') => kind,
            _ => "cast",
        };
        *counts.entry(format!("{}: {kind}", fault.place.name)).or_default() += fault.count;
    }
    counts
}
