//! Engine cases: `runs/NAME/` holds `streaming.yaml`, perhaps `window.yaml`, `events.jsonl`, and the rows
//! expected from each: `expected.stream.jsonl`, `expected.window.jsonl` (in Blurr's shape), and
//! `expected.faults.txt` where expressions are meant to fail.
//!
//! With `events.1.jsonl`, `events.2.jsonl`, … it is a case of batches (see `batches`). Every other case is
//! also run in batches, which must change nothing.

use std::path::{Path, PathBuf};

use dtc_engine::{BlurrLines, Cancel, Event, Events, Intake, Options, Output, Plan, Silent, Taken};
use dtc_expr::{Functions, Mode};
use dtc_io::{Input, Processor, Projection, RowReading, Taker};
use dtc_lang::document::{Streaming, Window};
use dtc_lang::{Document, Project, Severity, check};
use libtest_mimic::{Failed, Trial};

use crate::batches;
use crate::explained;

/// Where the cases are kept.
pub fn folder(kind: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(kind)
}

pub fn trials() -> Vec<Trial> {
    cases(&folder("runs"))
        .into_iter()
        .map(|(name, path)| Trial::test(format!("runs::{name}"), move || run_case(&path)))
        .collect()
}

/// Sub-folders of a folder, by name.
pub fn cases(folder: &Path) -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut cases: Vec<(String, PathBuf)> = entries
        .filter(|entry| entry.path().is_dir())
        .map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path()))
        .collect();
    cases.sort();
    cases
}

fn run_case(path: &Path) -> Result<(), Failed> {
    if path.join("events.1.jsonl").exists() {
        return batches::case(path);
    }
    let streaming = path.join("streaming.yaml");
    let window = Some(path.join("window.yaml")).filter(|window| window.exists());
    let data = vec![path.join("events.jsonl")];
    let stream_only = Job::new(&streaming, &data).run()?;
    compare(&path.join("expected.stream.jsonl"), &stream_only.lines)?;
    let last = match &window {
        Some(window) => {
            let job = Job { window: Some(window), ..Job::new(&streaming, &data) };
            let result = job.run()?;
            compare(&path.join("expected.window.jsonl"), &result.lines)?;
            let parallel = Job { threads: 8, ..job }.run()?;
            if parallel.lines != result.lines {
                return Err("eight threads give other rows than one".into());
            }
            let events = job.events(&result.plan)?;
            batches::change_nothing(&result.plan, &events)?;
            explained::as_run(&result.plan, &events, &result.output)?;
            result
        }
        None => stream_only,
    };
    let events = Job::new(&streaming, &data).events(&last.plan)?;
    batches::change_nothing(&last.plan, &events)?;
    explained::as_run(&last.plan, &events, &last.output)?;
    let faults: String = last
        .output
        .faults
        .iter()
        .map(|fault| format!("{} × {}: {} (line {})\n", fault.count, fault.place.name, fault.cause, fault.line))
        .collect();
    let expected = path.join("expected.faults.txt");
    if expected.exists() || !faults.is_empty() { compare(&expected, &faults) } else { Ok(()) }
}

/// Compares with the file, or writes it under `UPDATE=1`.
pub fn compare(expected: &Path, found: &str) -> Result<(), Failed> {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(expected, found)?;
        return Ok(());
    }
    let wanted = std::fs::read_to_string(expected).map_err(|error| format!("{}: {error}", expected.display()))?;
    if wanted == found {
        return Ok(());
    }
    let line = wanted
        .lines()
        .zip(found.lines())
        .position(|(a, b)| a != b)
        .unwrap_or_else(|| wanted.lines().count().min(found.lines().count()));
    let show = |text: &str| text.lines().nth(line).unwrap_or("(end)").to_string();
    Err(format!("{}:{}\n  expected {}\n  found    {}", expected.display(), line + 1, show(&wanted), show(found)).into())
}

/// An output as Blurr prints it.
pub fn lines(output: &Output, plan: &Plan) -> Result<String, Failed> {
    let mut lines = Vec::new();
    BlurrLines { output, plan }.write(&mut lines)?;
    Ok(String::from_utf8(lines)?)
}

/// One run of documents over files.
pub struct Job<'a> {
    pub streaming: &'a Path,
    pub window: Option<&'a Path>,
    pub data: &'a [PathBuf],
    /// Overrides the documents' header.
    pub mode: Option<Mode>,
    pub threads: usize,
    /// `None`: as the file looks.
    pub processor: Option<Processor>,
}

pub struct JobResult {
    pub output: Output,
    pub plan: Plan,
    /// As Blurr prints it.
    pub lines: String,
}

impl<'a> Job<'a> {
    /// A streaming document by its own rules, on one thread.
    pub fn new(streaming: &'a Path, data: &'a [PathBuf]) -> Job<'a> {
        Job { streaming, window: None, data, mode: None, threads: 1, processor: None }
    }

    pub fn run(&self) -> Result<JobResult, Failed> {
        let plan = self.plan()?;
        let events = self.rows(&plan)?;
        let output = dtc_engine::run(&plan, &events, self.threads, &Cancel::default(), &Silent)
            .map_err(|stopped| format!("{stopped:?}"))?;
        Ok(JobResult { lines: lines(&output, &plan)?, output, plan })
    }

    /// The events as a run reads them: files straight into rows.
    pub fn rows(&self, plan: &Plan) -> Result<Events, Failed> {
        let reading = RowReading {
            columns: plan.columns(),
            mode: Mode::Studio,
            processor: self.processor,
            limit: None,
            threads: self.threads,
            watch: &|_, _| true,
        };
        let taker = || -> Taker<'_, Taken> {
            let mut intake = Intake::new(plan);
            Box::new(move |rows, lines| intake.part(rows, lines))
        };
        let mut parts = Vec::new();
        for (file, path) in self.data.iter().enumerate() {
            let read = reading.file(path, &taker)?;
            parts.extend(read.blocks.into_iter().map(|(first, taken)| (file as u32, first, taken)));
        }
        Ok(Events::collect(plan, parts))
    }

    pub fn plan(&self) -> Result<Plan, Failed> {
        let (streaming, window) = self.documents()?;
        dtc_engine::plan(&streaming, window.as_ref(), &Functions::default(), &Options { mode: self.mode })
            .map_err(|diagnostics| format!("{diagnostics:?}").into())
    }

    /// The checked documents.
    pub fn documents(&self) -> Result<(Streaming, Option<Window>), Failed> {
        let blurr = self.mode == Some(Mode::Blurr);
        let mut project = Project { blurr, ..Project::default() };
        let Document::Streaming(streaming) = document(self.streaming, &project)? else {
            return Err(format!("{} is not a streaming document", self.streaming.display()).into());
        };
        project.streaming.push(streaming.clone());
        let window = match self.window {
            Some(path) => match document(path, &project)? {
                Document::Window(window) => Some(window),
                _ => return Err(format!("{} is not a window document", path.display()).into()),
            },
            None => None,
        };
        Ok((streaming, window))
    }

    /// The events one by one, as a function gets them.
    pub fn events(&self, plan: &Plan) -> Result<Vec<Event>, Failed> {
        let mut intake = Intake::new(plan);
        let mut events = Vec::new();
        for (file, path) in self.data.iter().enumerate() {
            // A record that cannot be read or used is not an event; other tests look at the reasons.
            let records = Input::open(path, &Projection::All, Mode::Studio)?;
            let records = match self.processor {
                Some(processor) => records.processed(&path.display().to_string(), processor, &Projection::All)?,
                None => records,
            };
            for record in records.flatten() {
                events.extend(intake.accept(record.value, file as u32, record.line));
            }
        }
        Ok(events)
    }
}

/// A checked document; errors of the check are the failure.
fn document(path: &Path, project: &Project) -> Result<Document, Failed> {
    let text = std::fs::read_to_string(path)?;
    let (document, diagnostics) = check(&text, project);
    let errors: Vec<_> = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
    if !errors.is_empty() {
        return Err(format!("{}: {errors:#?}", path.display()).into());
    }
    document.ok_or_else(|| format!("{}: no document", path.display()).into())
}
