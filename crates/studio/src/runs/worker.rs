//! The thread of one run: read, transform, prepare the tables, telling its log where it is.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dtc_engine::trace::RowNumbers;
use dtc_engine::{Output, Part, Phase, Plan, Progress, Stopped};
use dtc_expr::Mode;
use dtc_io::Projection;
use studio_api::*;

use super::cache::Key;
use super::live::LiveRun;
use super::made::Made;
use super::reading::{Cancelled, DataFile, Parsed, Reading};
use super::{Run, Runs, tables};
use crate::error::{external, internal, invalid};
use crate::studio::lock;

/// Between two progress events: ten a second are more than anyone reads.
const BETWEEN: Duration = Duration::from_millis(100);

/// All that a run needs, checked and found.
pub(crate) struct Job {
    pub runs: Arc<Runs>,
    pub run: Arc<Run>,
    pub plan: Plan,
    pub mode: Mode,
    /// Names and texts of the documents that run.
    pub streaming: (String, String),
    pub window: Option<(String, String)>,
    pub files: Vec<DataFile>,
    pub key: Key,
}

enum Stop {
    Cancelled,
    Failed(ApiError),
}

impl From<Cancelled> for Stop {
    fn from(_: Cancelled) -> Stop {
        Stop::Cancelled
    }
}

/// Starts the run on a thread of its own.
pub(crate) fn start(job: Job) -> Result<(), ApiError> {
    let named = std::thread::Builder::new().name(format!("run-{}", job.run.id().0));
    job.run.log.push(RunStep::Started);
    let spawned = named.spawn(move || {
        let worked = catch_unwind(AssertUnwindSafe(|| job.work()));
        let last = match worked {
            Ok(Ok(summary)) => RunStep::Finished { summary },
            Ok(Err(Stop::Cancelled)) => RunStep::Cancelled,
            Ok(Err(Stop::Failed(error))) => RunStep::Failed { error },
            Err(_) => RunStep::Failed {
                error: internal("The run failed inside the engine. Please report it with your documents."),
            },
        };
        job.run.log.push(last);
        // Whoever waits for the rows has them: memory is given back in time that nobody waits for.
        if let Some(held) = lock(&job.runs.live).as_mut() {
            held.live.tidy();
        }
    });
    spawned
        .map(drop)
        .map_err(|error| external(format!("The run could not start: {error}. Close other programs and try again.")))
}

impl Job {
    fn work(&self) -> Result<RunSummary, Stop> {
        let began = Instant::now();
        let teller = Teller { run: &self.run, told: Mutex::new(None), events: Mutex::new(0) };
        let parsed = self.events(&teller)?;
        let read = began.elapsed();
        *lock(&teller.events) = parsed.events.len() as u64;
        let (kept, cancel) = (&self.runs.live, &self.run.cancel);
        let mut live = LiveRun::of(kept, &parsed, &self.plan, cancel, &teller).map_err(stopped)?;
        let transformed = began.elapsed() - read;
        teller.tell(RunPhase::Preparing, None, true);
        let prepared = tables::prepare(&mut live, &self.plan, &parsed, &self.files, cancel);
        let (infos, frames) = match prepared {
            Ok(prepared) => prepared,
            Err(_) if cancel.is_cancelled() => {
                live.keep(kept);
                return Err(Stop::Cancelled);
            }
            Err(error) => return Err(Stop::Failed(error)),
        };
        let output = live.live.output();
        let dropped: usize = output.identities.iter().map(|identity| identity.dropped.len()).sum();
        let summary = RunSummary {
            events: output.events.to_string(),
            identities: output.identities.len().to_string(),
            unusable: parsed.unusable_count.to_string(),
            dropped_rows: dropped.to_string(),
            notices: self.notices(&parsed),
            tables: infos,
            faults: self.faults(output),
            milliseconds: RunTimes {
                reading: millis(read),
                transforming: millis(transformed),
                total: millis(began.elapsed()),
            },
        };
        let _ = self.run.made.set(self.made(output, &summary));
        // Set before `Finished` is told, so that whoever hears of it can read rows. It is set only here.
        let _ = self.run.frames.set(frames);
        live.keep(kept);
        Ok(summary)
    }

    /// The events from the last reading where nothing that matters has changed, else from the files.
    fn events(&self, teller: &Teller<'_>) -> Result<Arc<Parsed>, Stop> {
        let projection = Projection::of(self.plan.source_fields());
        if let Some(parsed) = self.runs.cache.take(&self.key, &self.plan) {
            return Ok(parsed);
        }
        teller.tell(RunPhase::Reading, Some(0.0), true);
        let reading = Reading {
            files: &self.files,
            projection: &projection,
            mode: self.mode,
            limit: self.key.limit,
            cancel: &self.run.cancel,
            progress: &|share, records| {
                *lock(&teller.events) = records;
                teller.tell(RunPhase::Reading, share, false);
            },
        };
        let parsed = Arc::new(Parsed::read(&reading, &self.plan)?);
        self.runs.cache.keep(self.key.clone(), &parsed);
        Ok(parsed)
    }

    fn made(&self, output: &Output, summary: &RunSummary) -> Made {
        let tables = summary.tables.iter();
        let computed = tables.filter(|table| !matches!(table.kind, TableKind::Unusable | TableKind::Dropped));
        Made {
            plan: self.plan.clone(),
            mode: self.mode,
            numbers: RowNumbers::new(&self.plan, output),
            tables: computed.map(|table| table.name.clone()).collect(),
            streaming: self.streaming.clone(),
            window: self.window.clone(),
            files: self.files.clone(),
            key: self.key.clone(),
        }
    }

    fn faults(&self, output: &Output) -> Vec<ExpressionFaultCount> {
        let faults = output.faults.iter();
        faults
            .map(|fault| ExpressionFaultCount {
                place: fault.place.name.clone(),
                document: match fault.place.part {
                    Part::Streaming => self.streaming.0.clone(),
                    Part::Window => self.window.as_ref().map(|(name, _)| name.clone()).unwrap_or_default(),
                },
                span: fault.place.span,
                cause: fault.cause.clone(),
                count: fault.count.to_string(),
                sample: self.files.get(fault.file as usize).map(|file| file.name.clone()).unwrap_or_default(),
                line: fault.line.to_string(),
            })
            .collect()
    }

    fn notices(&self, parsed: &Parsed) -> Vec<String> {
        let mut notices = parsed.notices.clone();
        if self.files.is_empty() {
            notices.push("No sample is selected. Drop a file with events to see rows.".to_owned());
        }
        let kept = parsed.unusable.len() as u64;
        if parsed.unusable_count > kept {
            notices.push(format!("Only the first {kept} of {} unusable records are listed.", parsed.unusable_count));
        }
        notices
    }
}

fn stopped(stopped: Stopped) -> Stop {
    match stopped {
        Stopped::Cancelled => Stop::Cancelled,
        Stopped::FieldsNotRead => Stop::Failed(internal("The events were read for other documents. Run again.")),
        Stopped::Aborted { place, error } => Stop::Failed(invalid(format!(
            "The run ends at {place}, as Blurr's would: {}: {}. Mend the expression, or leave out `Compatibility: blurr`.",
            error.kind.name(),
            error.message
        ))),
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}

/// Tells the log how far the run is, not too often.
struct Teller<'r> {
    run: &'r Run,
    told: Mutex<Option<Instant>>,
    events: Mutex<u64>,
}

impl Teller<'_> {
    fn tell(&self, phase: RunPhase, share: Option<f64>, at_once: bool) {
        let mut told = lock(&self.told);
        if !at_once && told.is_some_and(|told| told.elapsed() < BETWEEN) {
            return;
        }
        *told = Some(Instant::now());
        let events = lock(&self.events).to_string();
        self.run.log.push(RunStep::Progress(RunProgress { phase, share, events }));
    }
}

impl Progress for Teller<'_> {
    fn report(&self, phase: Phase, done: usize, total: usize) {
        let phase = match phase {
            Phase::Transforming => RunPhase::Transforming,
            Phase::Windowing => RunPhase::Windowing,
        };
        self.tell(phase, (total > 0).then(|| done as f64 / total as f64), false);
    }
}
