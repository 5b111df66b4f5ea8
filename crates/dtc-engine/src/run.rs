//! Running a plan over events: grouped by identity, ordered by time, sharded over threads, merged in
//! order of first appearance. The result never depends on the number of threads.

use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use dtc_expr::EvalError;

use crate::control::{Cancel, Phase, Progress};
use crate::event::Event;
use crate::events::{EventRef, Events};
use crate::faults::Faults;
use crate::groups::Groups;
use crate::identity::Worker;
use crate::output::{IdentityOutput, Output, Record};
use crate::pick;
use crate::plan::Plan;
use crate::record::Recorder;

/// Identities that a thread takes at a time.
const AT_ONCE: usize = 16;
/// Events between two looks at the cancel flag and two reports.
const CHECK_EVERY: usize = 4_096;

/// Why a run gave no output.
#[derive(Debug, Clone, PartialEq)]
pub enum Stopped {
    Cancelled,
    /// The events were read for a plan that looks at other fields of them.
    FieldsNotRead,
    /// An error that ends the run by the rules (Blurr's aborts): place and error.
    Aborted {
        place: String,
        error: EvalError,
    },
}

/// Runs all events (borrowed, so that a caller can keep them for the next run); they must cover the plan.
/// `threads = 0`: as many as the machine has cores.
pub fn run(
    plan: &Plan,
    events: &Events,
    threads: usize,
    cancel: &Cancel,
    progress: &dyn Progress,
) -> Result<Output, Stopped> {
    if !events.cover(plan) {
        return Err(Stopped::FieldsNotRead);
    }
    let plan = &*plan.over(&events.columns);
    let groups = events.grouped(threads_of(threads));
    let repeated = groups.repeated;
    let input = Input { plan, events, groups: &groups };
    let parts = input.sharded(threads, cancel, progress, |worker: &mut Worker, group, events| {
        worker.run(groups.name(group).clone(), Vec::new(), events)
    })?;
    let (identities, faults) = collect(parts);
    let mut output = Output { identities, events: events.len() as u64, repeated, ..Output::default() };
    limit_rows(plan, &mut output, 0);
    output.faults = faults.into_list(&plan.places);
    Ok(output)
}

/// Runs one identity's events on top of the records that an earlier batch stored (the Lambda's way).
/// `earlier` and the result's records are whole: every record of the identity.
pub fn run_identity(plan: &Plan, earlier: Vec<Record>, events: Vec<Event>) -> Result<IdentityOutput, Stopped> {
    let identity = events.first().map_or_else(|| Arc::from(""), |event| event.identity.clone());
    let events = Events::of(plan, &events);
    Worker::new(plan, &events).run(identity, earlier, events.grouped(1).first())
}

/// Results by the rank of their identity, with their faults.
type Ranked<T> = Vec<(usize, T, Faults)>;
/// What a shard gives.
type ShardResult<T> = Result<Ranked<T>, Stopped>;

/// What a run works on.
#[derive(Clone, Copy)]
pub(crate) struct Input<'p> {
    pub(crate) plan: &'p Plan,
    pub(crate) events: &'p Events,
    pub(crate) groups: &'p Groups,
}

impl<'p> Input<'p> {
    /// Runs `one` for every identity (by its group), on as many threads as are asked for; results in order of identities.
    pub(crate) fn sharded<R: Recorder + Default, T: Send>(
        self,
        threads: usize,
        cancel: &Cancel,
        progress: &dyn Progress,
        one: impl Fn(&mut Worker<'p, R>, usize, &[EventRef]) -> Result<T, Stopped> + Sync,
    ) -> Result<Vec<(T, Faults)>, Stopped> {
        Ok(merge(self.groups.len(), self.sharded_as_it_lies(threads, cancel, progress, one)?))
    }

    /// The same; results in the order in which identities lie in memory, as far as threads do not change it.
    pub(crate) fn sharded_as_it_lies<R: Recorder + Default, T: Send>(
        self,
        threads: usize,
        cancel: &Cancel,
        progress: &dyn Progress,
        one: impl Fn(&mut Worker<'p, R>, usize, &[EventRef]) -> Result<T, Stopped> + Sync,
    ) -> ShardResult<T> {
        match self.sharded_unordered(threads, cancel, progress, &one) {
            // Which error is told must not depend on which thread met one first.
            Err(Stopped::Aborted { .. }) => self.in_order(&one),
            result => result,
        }
    }

    fn sharded_unordered<R: Recorder + Default, T: Send>(
        self,
        threads: usize,
        cancel: &Cancel,
        progress: &dyn Progress,
        one: &(impl Fn(&mut Worker<'p, R>, usize, &[EventRef]) -> Result<T, Stopped> + Sync),
    ) -> ShardResult<T> {
        let threads = threads_for(threads, self.groups.len());
        let shared = Shared { input: self, next: AtomicUsize::new(0), done: AtomicUsize::new(0), cancel, progress };
        if threads == 1 {
            return shared.work(one);
        }
        let results: Mutex<Vec<ShardResult<T>>> = Mutex::new(Vec::new());
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    let result = shared.work(one);
                    results.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push(result);
                });
            }
        });
        let mut all = Vec::with_capacity(self.groups.len());
        for result in results.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()) {
            all.append(&mut result?);
        }
        Ok(all)
    }

    /// One identity after the other in order of first appearance, up to the first error.
    fn in_order<R: Recorder + Default, T>(
        self,
        one: &impl Fn(&mut Worker<'p, R>, usize, &[EventRef]) -> Result<T, Stopped>,
    ) -> ShardResult<T> {
        let mut worker = Worker::telling(self.plan, self.events, R::default());
        let outputs = self.groups.ranked().enumerate().map(|(rank, group)| {
            let output = one(&mut worker, group, self.groups.events(group))?;
            Ok((rank, output, std::mem::take(&mut worker.faults)))
        });
        outputs.collect()
    }
}

/// Threads for so many identities; 0 asks for as many as the machine has cores.
pub(crate) fn threads_for(asked: usize, identities: usize) -> usize {
    threads_of(asked).min(identities).max(1)
}

/// 0 asks for as many threads as the machine has cores.
pub(crate) fn threads_of(asked: usize) -> usize {
    if asked == 0 { std::thread::available_parallelism().map_or(1, |cores| cores.get()) } else { asked }
}

/// What the threads of a run share.
struct Shared<'a, 'p> {
    input: Input<'p>,
    next: AtomicUsize,
    done: AtomicUsize,
    cancel: &'a Cancel,
    progress: &'a dyn Progress,
}

impl<'p> Shared<'_, 'p> {
    /// Takes identities until none is left.
    fn work<R: Recorder + Default, T>(
        &self,
        one: &impl Fn(&mut Worker<'p, R>, usize, &[EventRef]) -> Result<T, Stopped>,
    ) -> ShardResult<T> {
        let Input { plan, events, groups } = self.input;
        let mut worker = Worker::telling(plan, events, R::default());
        let mut outputs = Vec::new();
        let mut since_check = 0;
        loop {
            let first = self.next.fetch_add(AT_ONCE, Ordering::Relaxed);
            if first >= groups.len() {
                return Ok(outputs);
            }
            for group in first..(first + AT_ONCE).min(groups.len()) {
                let own = groups.events(group);
                since_check += own.len();
                if since_check >= CHECK_EVERY {
                    since_check = 0;
                    self.progress.report(Phase::Transforming, self.done.load(Ordering::Relaxed), groups.total());
                }
                if self.cancel.is_cancelled() {
                    return Err(Stopped::Cancelled);
                }
                let output = one(&mut worker, group, own)?;
                self.done.fetch_add(own.len(), Ordering::Relaxed);
                outputs.push((groups.rank(group), output, std::mem::take(&mut worker.faults)));
            }
        }
    }
}

fn merge<T>(identities: usize, results: Ranked<T>) -> Vec<(T, Faults)> {
    let mut slots: Vec<Option<(T, Faults)>> = (0..identities).map(|_| None).collect();
    results.into_iter().for_each(|(rank, output, faults)| slots[rank] = Some((output, faults)));
    slots.into_iter().flatten().collect()
}

/// The results, and the faults of all of them in the order of identities.
pub(crate) fn collect<T>(parts: Vec<(T, Faults)>) -> (Vec<T>, Faults) {
    let mut faults = Faults::default();
    let results = parts.into_iter().map(|(result, more)| {
        faults.merge(more);
        result
    });
    let results = results.collect();
    (results, faults)
}

/// The same of results that lie otherwise; faults in the order of identities none the less.
pub(crate) fn collect_ranked<T>(parts: Ranked<T>) -> (Vec<(usize, T)>, Faults) {
    let mut failed = Vec::new();
    let results = parts.into_iter().map(|(rank, result, faults)| {
        if !faults.is_empty() {
            failed.push((rank, faults));
        }
        (rank, result)
    });
    let results = results.collect();
    failed.sort_by_key(|(rank, _)| *rank);
    let mut all = Faults::default();
    failed.into_iter().for_each(|(_, faults)| all.merge(faults));
    (results, all)
}

/// `MaxPer: run` keeps the first rows in order of identities, or rows by chance; `given` of them have been kept
/// before.
pub(crate) fn limit_rows(plan: &Plan, output: &mut Output, given: u64) {
    let Some(max) = plan.most_rows() else { return };
    let mut left = max.saturating_sub(usize::try_from(given).unwrap_or(usize::MAX));
    if let Some(seed) = plan.picks_by_chance() {
        let rows = output.identities.iter().flat_map(|identity| {
            identity.rows.iter().map(|row| pick::chance(seed, &identity.identity, row.anchor.map(|time| time.micros)))
        });
        let mut chances: Vec<u64> = rows.collect();
        chances.sort_unstable();
        let Some(least) = chances.get(left) else { return };
        for identity in &mut output.identities {
            let (name, rows) = (&identity.identity, &mut identity.rows);
            rows.retain(|row| pick::chance(seed, name, row.anchor.map(|time| time.micros)) < *least);
        }
        return;
    }
    for identity in &mut output.identities {
        identity.rows.truncate(left);
        left -= identity.rows.len();
    }
}
