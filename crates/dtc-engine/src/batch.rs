//! A run on top of what earlier batches left: only the identities with new events, and of those only
//! what the batch made or changed. Without events: everything that a state holds.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde_json::Value as Json;

use dtc_expr::Value;

use crate::control::{Cancel, Progress};
use crate::event::Event;
use crate::events::{EventRef, Events};
use crate::faults::Faults;
use crate::identity::Worker;
use crate::output::{DroppedRow, IdentityOutput, Output, Record, WindowRow};
use crate::plan::Plan;
use crate::run::{Input, Stopped, collect, limit_rows, threads_of};
use crate::saved::exact;
use crate::state::State;

/// What earlier batches left.
#[derive(Debug, Default)]
pub struct Earlier {
    /// The states of the identities that have events in this batch; others are not looked at.
    pub states: FxHashMap<Arc<str>, State>,
    /// Window rows given so far, for `MaxPer: run`.
    pub rows: u64,
}

/// What a batch gives.
#[derive(Debug, Default)]
pub struct Batch {
    /// Records and rows that are new or changed; a record's key, and a row's identity and anchor, say
    /// which earlier one it replaces.
    pub output: Output,
    /// The states to go on from, in order of first appearance.
    pub states: Vec<(Arc<str>, State)>,
    pub changes: Changes,
}

/// What the batch did to rows and records that earlier batches gave.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Changes {
    /// Rows of anchors not seen before.
    pub new_rows: u64,
    /// Rows that replace an earlier one of the same anchor.
    pub replaced_rows: u64,
    /// Rows given earlier that a run over everything would not give.
    pub withdrawn_rows: u64,
    /// Records given earlier under a key that is no longer there: a late event moved a block's start.
    pub withdrawn_records: u64,
    /// Events older than one that an earlier batch had already counted for the identity.
    pub late_events: u64,
    /// Those of them that `Lateness` left out.
    pub too_late: u64,
}

/// Runs a batch's events. `threads = 0`: as many as the machine has cores.
pub fn run_batch(
    plan: &Plan,
    earlier: &Earlier,
    events: &[Event],
    threads: usize,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<Batch, Stopped> {
    let events = &Events::of(plan, events);
    let groups = events.grouped(threads_of(threads));
    let repeated = groups.repeated;
    let input = Input { plan, events, groups: &groups };
    let parts = input.sharded(threads, cancel, progress, |worker, group, own| {
        let identity = groups.name(group);
        one(worker, identity, earlier.states.get(&**identity), (events, own))
    })?;
    let (parts, faults) = collect(parts);
    let mut batch =
        Batch { output: Output { events: events.len() as u64, repeated, ..Output::default() }, ..Batch::default() };
    for part in parts {
        batch.changes.add(part.changes);
        batch.states.push((part.output.identity.clone(), part.state));
        // An identity that was told before and has nothing new is left out.
        if part.first || !part.output.records.is_empty() || !part.output.rows.is_empty() {
            batch.output.identities.push(part.output);
        }
    }
    limit_rows(plan, &mut batch.output, earlier.rows);
    batch.output.faults = faults.into_list(&plan.places);
    Ok(batch)
}

/// Everything that states hold, as one run over all events would give it.
pub fn whole(plan: &Plan, states: &[(Arc<str>, State)]) -> Result<Output, Stopped> {
    let events = Events::default();
    let mut worker = Worker::new(plan, &events);
    let mut output = Output::default();
    for (identity, state) in states {
        worker.resume(identity.clone(), state);
        output.identities.push(worker.conclude()?);
    }
    limit_rows(plan, &mut output, 0);
    output.faults = std::mem::take(&mut worker.faults).into_list(&plan.places);
    Ok(output)
}

/// What one identity gives.
struct Part {
    output: IdentityOutput,
    state: State,
    changes: Changes,
    first: bool,
}

fn one(
    worker: &mut Worker,
    identity: &Arc<str>,
    state: Option<&State>,
    (all, own): (&Events, &[EventRef]),
) -> Result<Part, Stopped> {
    let micros = || own.iter().map(|event| all.time(*event).micros);
    let before = match state {
        Some(state) => {
            worker.resume(identity.clone(), state);
            Some(worker.conclude()?)
        }
        None => None,
    };
    // They were counted by the batch that met them.
    worker.faults = Faults::default();
    let mut changes = Changes::default();
    let plan = worker.plan;
    let too_late = |micros: i64| state.is_some_and(|state| plan.is_too_late(micros, state.until));
    match state {
        Some(state) => {
            worker.resume(identity.clone(), state);
            changes.late_events = micros().filter(|micros| *micros < state.until).count() as u64;
            changes.too_late = micros().filter(|micros| too_late(*micros)).count() as u64;
        }
        None => worker.start(identity.clone(), Vec::new()),
    }
    for event in own.iter().filter(|event| !too_late(all.time(**event).micros)) {
        worker.event(*event)?;
    }
    let until = micros().chain(state.map(|state| state.until)).max().unwrap_or(i64::MIN);
    let state = worker.state(until);
    let mut output = worker.conclude()?;
    changes.new_rows = output.rows.len() as u64;
    let first = before.is_none();
    if let Some(before) = before {
        changes.only_news(&before, &mut output);
    }
    Ok(Part { output, state, changes, first })
}

impl Changes {
    fn add(&mut self, other: Changes) {
        self.new_rows += other.new_rows;
        self.replaced_rows += other.replaced_rows;
        self.withdrawn_rows += other.withdrawn_rows;
        self.withdrawn_records += other.withdrawn_records;
        self.late_events += other.late_events;
        self.too_late += other.too_late;
    }

    /// Takes out of `now` what `before` had already, and counts what became of the rest of it.
    fn only_news(&mut self, before: &IdentityOutput, now: &mut IdentityOutput) {
        let key = |record: &Record| (record.aggregate, record.key.clone());
        let mut records: FxHashMap<_, &Record> = before.records.iter().map(|record| (key(record), record)).collect();
        now.records.retain(|record| {
            let old = records.remove(&key(record));
            !old.is_some_and(|old| saved(&old.values) == saved(&record.values))
        });
        self.withdrawn_records = records.len() as u64;
        let mut rows: Vec<(Option<i64>, Vec<Json>)> = before.rows.iter().map(row_key).collect();
        now.rows.retain(|row| {
            let key = row_key(row);
            let known = rows.iter().position(|old| *old == key);
            known.map(|place| rows.swap_remove(place)).is_none()
        });
        for row in &now.rows {
            let anchor = row.anchor.map(|anchor| anchor.micros);
            if let Some(place) = rows.iter().position(|(old, _)| *old == anchor) {
                rows.swap_remove(place);
                self.replaced_rows += 1;
            }
        }
        self.new_rows = now.rows.len() as u64 - self.replaced_rows;
        self.withdrawn_rows = rows.len() as u64;
        now.dropped.retain(|dropped: &DroppedRow| !before.dropped.contains(dropped));
    }
}

/// Python calls 1 and True equal; what was printed is not.
fn saved(values: &[Value]) -> Vec<Json> {
    values.iter().map(exact).collect()
}

fn row_key(row: &WindowRow) -> (Option<i64>, Vec<Json>) {
    let cells = row.cells().flat_map(|(name, value)| [Json::from(&*name), exact(value)]);
    (row.anchor.map(|anchor| anchor.micros), cells.collect())
}
