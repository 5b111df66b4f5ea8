//! Runs what went aside, partition by partition on all threads, as many at once as the memory holds.

use std::io;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use super::ids::{self, Repeated};
use super::ran::{Ran, Rows};
use super::segment::Share;
use super::spilled::Spilled;
use super::streams::{Given, Least, Outlet, Run, Stream, streams};
use super::{Aside, Key, Wanted, key};
use crate::arrivals::PARTITIONS;
use crate::control::Cancel;
use crate::events::{EventRef, Events};
use crate::identity::Worker;
use crate::plan::Plan;
use crate::run::{Stopped, threads_of};

/// Bytes of a stream that are read at a time when streams are merged: with many of them, fewer.
const BLOCK: std::ops::RangeInclusive<usize> = 4 << 10..=64 << 10;
/// A partition is read so many times at most to run shares of its identities.
const SHARES: u64 = 64;

/// Why a run over spilled events gave nothing.
#[derive(Debug)]
pub enum Halted {
    Stopped(Stopped),
    /// What was put aside cannot be written or read.
    Aside(io::Error),
}

impl From<io::Error> for Halted {
    fn from(cause: io::Error) -> Halted {
        Halted::Aside(cause)
    }
}

/// Some of a partition's identities.
#[derive(Debug, Clone, Copy)]
struct Task {
    partition: usize,
    share: Share,
    /// Bytes that it takes in memory.
    weight: usize,
}

/// Runs everything that went aside, in about `memory` bytes or what its largest identity takes.
/// `threads = 0`: as many as the machine has cores. What it gives does not depend on any of them.
pub fn run_spilled<'a>(
    plan: &'a Plan,
    spilled: Spilled,
    wanted: Wanted,
    (memory, threads): (usize, usize),
    cancel: &Cancel,
    aside: &'a dyn Aside,
) -> Result<Ran<'a>, Halted> {
    let threads = threads_of(threads);
    let repeated = find_repeated(&spilled, threads, aside)?;
    let streams = streams(plan, wanted);
    let tasks = tasks(&spilled, memory);
    let block = (memory / 8 / tasks.len().max(1)).clamp(*BLOCK.start(), *BLOCK.end());
    let (events, count) = (spilled.events, repeated.count);
    let running = Running {
        plan,
        spilled: &spilled,
        repeated,
        aside,
        cancel,
        streams: &streams,
        block,
        aborted: Mutex::default(),
        until: AtomicU64::new(Key::MAX),
        memory: Memory { all: memory, used: Mutex::default(), freed: Condvar::new() },
    };
    let given = over(threads, tasks.len(), |task| running.task(tasks[task]))?;
    let aborted = running.aborted.into_inner().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, stopped)) = aborted {
        return Err(Halted::Stopped(stopped));
    }
    let mut runs: Vec<Vec<Run>> = vec![Vec::new(); streams.len()];
    let (mut least, mut dropped, mut maps) = (Least::default(), 0, false);
    for more in given {
        runs.iter_mut().zip(more.runs).for_each(|(runs, run)| runs.extend(Some(run).filter(|run| !run.is_empty())));
        least.merge(plan, more.least);
        dropped += more.dropped;
        maps |= more.maps;
    }
    let bound = least.bound(plan);
    let streams: Vec<(Stream, Vec<Run>)> = streams.into_iter().zip(runs).collect();
    let rows = Rows { bound, maps, dropped };
    Ran::new(plan, aside, spilled.objects, streams, rows, (events, count)).map_err(Halted::Aside)
}

/// A task for each partition, or several where it is too heavy.
fn tasks(spilled: &Spilled, memory: usize) -> Vec<Task> {
    let mut tasks = Vec::new();
    for partition in 0..PARTITIONS {
        let weight = spilled.weight(partition);
        let of = (weight as u64).div_ceil(memory.max(1) as u64).clamp(1, SHARES);
        if weight > 0 {
            let task = |turn| Task { partition, share: Share { turn, of }, weight: weight / of as usize };
            tasks.extend((0..of).map(task));
        }
    }
    tasks
}

/// Does something for each number on so many threads; results in the order of numbers, or the first error.
fn over<T: Send, E: Send>(
    threads: usize,
    count: usize,
    each: impl Fn(usize) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let threads = threads.min(count).max(1);
    if threads == 1 {
        return (0..count).map(each).collect();
    }
    let (next, done) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(count)));
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return;
            }
            let result = each(number);
            if result.is_err() {
                next.store(count, Ordering::Relaxed);
            }
            done.lock().unwrap_or_else(PoisonError::into_inner).push((number, result));
        }
    };
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_unstable_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}

fn find_repeated(spilled: &Spilled, threads: usize, aside: &dyn Aside) -> io::Result<Repeated> {
    let mut repeated = Repeated::default();
    if spilled.has_ids() {
        let find = |partition| ids::find(spilled.ids(partition), &spilled.objects, aside);
        over(threads, PARTITIONS, find)?.iter().for_each(|found| repeated.mark(found));
    }
    Ok(repeated)
}

/// What the threads share.
struct Running<'r, 'a> {
    plan: &'a Plan,
    spilled: &'r Spilled,
    repeated: Repeated,
    aside: &'a dyn Aside,
    cancel: &'r Cancel,
    streams: &'r [Stream],
    block: usize,
    /// The first identity that ended the run, in order of first appearance.
    aborted: Mutex<Option<(Key, Stopped)>>,
    /// Its key: nobody after it matters.
    until: AtomicU64,
    memory: Memory,
}

impl Running<'_, '_> {
    fn task(&self, task: Task) -> Result<Given, Halted> {
        let _lease = self.memory.lease(task.weight);
        self.run(task)
    }

    fn run(&self, task: Task) -> Result<Given, Halted> {
        let place = (task.partition, task.share);
        let parts = self.spilled.read(self.plan, place, &self.repeated, self.aside)?;
        let (batches, parts): (Vec<u32>, Vec<_>) = parts.into_iter().unzip();
        let events = Events::of_parts(self.plan, parts);
        let groups = events.grouped(1);
        let mut worker = Worker::new(self.plan, &events);
        let mut outlet = Outlet::new(self.plan, self.streams, &self.spilled.objects, self.aside, self.block);
        for group in groups.ranked() {
            let own = groups.events(group);
            let arrival =
                |at: &EventRef| key(batches[at.part as usize], events.parts[at.part as usize].arrival[at.row as usize]);
            let key = own.iter().map(arrival).min().unwrap_or_default();
            if self.cancel.is_cancelled() {
                return Err(Halted::Stopped(Stopped::Cancelled));
            }
            if key > self.until.load(Ordering::Relaxed) {
                break;
            }
            match worker.run(groups.name(group).clone(), Vec::new(), own) {
                Ok(output) => outlet.put(key, &output, &std::mem::take(&mut worker.faults))?,
                Err(stopped @ Stopped::Aborted { .. }) => {
                    self.abort(key, stopped);
                    break;
                }
                Err(stopped) => return Err(Halted::Stopped(stopped)),
            }
        }
        Ok(outlet.finish()?)
    }

    /// Which error is told must not depend on which partition met one first.
    fn abort(&self, key: Key, stopped: Stopped) {
        let mut aborted = self.aborted.lock().unwrap_or_else(PoisonError::into_inner);
        if aborted.as_ref().is_none_or(|(first, _)| key < *first) {
            *aborted = Some((key, stopped));
            self.until.store(key, Ordering::Relaxed);
        }
    }
}

/// The memory that tasks share. A task always gets what it needs when no other has any.
struct Memory {
    all: usize,
    /// Bytes, and tasks that have them.
    used: Mutex<(usize, usize)>,
    freed: Condvar,
}

/// What a task has of it.
struct Lease<'m> {
    memory: &'m Memory,
    weight: usize,
}

impl Memory {
    fn lease(&self, weight: usize) -> Lease<'_> {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        while used.1 > 0 && used.0 + weight > self.all {
            used = self.freed.wait(used).unwrap_or_else(PoisonError::into_inner);
        }
        *used = (used.0 + weight, used.1 + 1);
        Lease { memory: self, weight }
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut used = self.memory.used.lock().unwrap_or_else(PoisonError::into_inner);
        *used = (used.0 - self.weight, used.1 - 1);
        self.memory.freed.notify_all();
    }
}
