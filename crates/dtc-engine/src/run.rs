//! Running a plan over events: grouped by identity, ordered by time, sharded over threads, merged in
//! order of first appearance. The result never depends on the number of threads.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use dtc_expr::{EvalError, Mode};
use dtc_lang::document::MaxPer;

use crate::control::{Cancel, Phase, Progress};
use crate::event::Event;
use crate::faults::Faults;
use crate::identity::Worker;
use crate::output::{IdentityOutput, Output, Record};
use crate::plan::Plan;

/// Events between two looks at the cancel flag and two reports.
const CHECK_EVERY: usize = 4_096;

/// Why a run gave no output.
#[derive(Debug, Clone, PartialEq)]
pub enum Stopped {
    Cancelled,
    /// An error that ends the run by the rules (Blurr's aborts): place and error.
    Aborted {
        place: String,
        error: EvalError,
    },
}

/// One identity and its events in order of time.
type Group<'e> = (Arc<str>, Vec<&'e Event>);

/// Runs all events (borrowed, so that a caller can keep them for the next run).
/// `threads = 0`: as many as the machine has cores.
pub fn run(
    plan: &Plan,
    events: &[Event],
    threads: usize,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<Output, Stopped> {
    let groups = group(events);
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let threads = if threads == 0 { cores } else { threads }.min(groups.len()).max(1);
    let shared = Shared {
        plan,
        groups,
        next: AtomicUsize::new(0),
        done: AtomicUsize::new(0),
        total: events.len(),
        cancel,
        progress,
    };
    let results: Mutex<Vec<ShardResult>> = Mutex::new(Vec::new());
    if threads == 1 {
        push(&results, shared.work());
    } else {
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| push(&results, shared.work()));
            }
        });
    }
    merge(
        plan,
        shared.groups.len(),
        events.len(),
        results.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()),
    )
}

/// Runs one identity's events on top of the records that an earlier batch stored (the Lambda's way).
/// `earlier` and the result's records are whole: every record of the identity.
pub fn run_identity(plan: &Plan, earlier: Vec<Record>, events: Vec<Event>) -> Result<IdentityOutput, Stopped> {
    let mut sorted: Vec<&Event> = events.iter().collect();
    sorted.sort_by_key(|event| event.time.micros);
    let identity = sorted.first().map_or_else(|| Arc::from(""), |event| event.identity.clone());
    Worker::new(plan).run(identity, earlier, &sorted)
}

/// By identity in order of first appearance; by time within, arrival order on ties.
fn group(events: &[Event]) -> Vec<Group<'_>> {
    let mut groups: IndexMap<&str, Vec<&Event>, FxBuildHasher> = IndexMap::default();
    for event in events {
        groups.entry(&event.identity).or_default().push(event);
    }
    groups
        .into_values()
        .map(|mut events| {
            events.sort_by_key(|event| event.time.micros);
            (events[0].identity.clone(), events)
        })
        .collect()
}

/// What a shard gives: outputs by the index of their identity, and its faults by identity.
type ShardResult = Result<Vec<(usize, IdentityOutput, Faults)>, (usize, Stopped)>;

fn push(results: &Mutex<Vec<ShardResult>>, result: ShardResult) {
    results.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(result);
}

/// What the threads of a run share.
struct Shared<'a> {
    plan: &'a Plan,
    groups: Vec<Group<'a>>,
    next: AtomicUsize,
    done: AtomicUsize,
    total: usize,
    cancel: &'a Cancel,
    progress: &'a dyn Progress,
}

impl Shared<'_> {
    /// Takes identities until none is left.
    fn work(&self) -> ShardResult {
        let mut worker = Worker::new(self.plan);
        let mut outputs = Vec::new();
        let mut since_check = 0;
        loop {
            let index = self.next.fetch_add(1, Ordering::Relaxed);
            let Some((identity, events)) = self.groups.get(index) else { return Ok(outputs) };
            since_check += events.len();
            if since_check >= CHECK_EVERY {
                since_check = 0;
                self.progress.report(Phase::Transforming, self.done.load(Ordering::Relaxed), self.total);
            }
            if self.cancel.is_cancelled() {
                return Err((index, Stopped::Cancelled));
            }
            let output = worker.run(identity.clone(), Vec::new(), events).map_err(|stopped| (index, stopped))?;
            self.done.fetch_add(events.len(), Ordering::Relaxed);
            outputs.push((index, output, std::mem::take(&mut worker.faults)));
        }
    }
}

fn merge(plan: &Plan, identities: usize, events: usize, results: Vec<ShardResult>) -> Result<Output, Stopped> {
    let mut slots: Vec<Option<(IdentityOutput, Faults)>> = (0..identities).map(|_| None).collect();
    let mut stopped: Option<(usize, Stopped)> = None;
    for result in results {
        match result {
            Ok(outputs) => {
                outputs.into_iter().for_each(|(index, output, faults)| slots[index] = Some((output, faults)))
            }
            // The identity that comes first decides which error is told, whatever thread met one first.
            Err(error) if stopped.as_ref().is_none_or(|(first, _)| error.0 < *first) => stopped = Some(error),
            Err(_) => {}
        }
    }
    if let Some((_, stopped)) = stopped {
        return Err(stopped);
    }
    let mut faults = Faults::default();
    let mut output = Output { events: events as u64, ..Output::default() };
    for (identity, more) in slots.into_iter().flatten() {
        faults.merge(more);
        output.identities.push(identity);
    }
    limit_rows(plan, &mut output);
    output.faults = faults.into_list(&plan.places);
    Ok(output)
}

/// `MaxPer: run` keeps the first rows in order of identities.
fn limit_rows(plan: &Plan, output: &mut Output) {
    let Some(window) = plan.window.as_ref().filter(|window| window.max_per == MaxPer::Run && plan.mode == Mode::Studio)
    else {
        return;
    };
    let Some(max) = window.max else { return };
    let mut left = usize::try_from(max).unwrap_or(0);
    for identity in &mut output.identities {
        identity.rows.truncate(left);
        left -= identity.rows.len();
    }
}
