//! What went aside while reading: batches of parts, each by partition. Refuses to run them.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::bytes::{Encoder, Objects};
use super::held::Held;
use super::segment::{self, Share, Size};
use super::{Aside, Spot, ids};
use crate::arrivals::{Origin, PARTITIONS, Part};
use crate::plan::Plan;
use crate::run::threads_of;

/// Fewer events are not worth a thread.
const ALONE: u64 = 20_000;

/// The index of what went aside.
#[derive(Debug, Default)]
pub struct Spilled {
    pub(super) batches: Vec<Batch>,
    pub(super) objects: Objects,
    /// Events, those with repeated ids too.
    pub(super) events: u64,
}

/// Parts that went aside together.
#[derive(Debug)]
pub(super) struct Batch {
    origins: Arc<Vec<Origin>>,
    segments: Vec<(Spot, Size)>,
    /// By partition of the ids; empty without any.
    ids: Vec<Vec<Spot>>,
}

impl Spilled {
    /// Puts parts aside, the next ones in the order of the input. `threads = 0`: as many as the machine has cores.
    pub fn add(&mut self, plan: &Plan, mut held: Held, threads: usize, aside: &dyn Aside) -> io::Result<()> {
        if held.records == 0 {
            return Ok(());
        }
        let id_spots = ids::write(&held, &self.objects, aside)?;
        held.parts.iter_mut().for_each(|part| part.id = Vec::new());
        let (next, segments) = (AtomicUsize::new(0), Mutex::new(vec![(Spot::default(), Size::default()); PARTITIONS]));
        let work = || -> io::Result<()> {
            let mut encoder = Encoder::new(&self.objects);
            loop {
                let partition = next.fetch_add(1, Ordering::Relaxed);
                if partition >= PARTITIONS {
                    return Ok(());
                }
                encoder.clear();
                let size = segment::write(&held, plan.columns(), partition, &mut encoder);
                if size.events > 0 {
                    let spot = aside.put(encoder.bytes())?;
                    segments.lock().unwrap_or_else(PoisonError::into_inner)[partition] = (spot, size);
                }
            }
        };
        let threads = threads_of(threads).min((held.records / ALONE) as usize).max(1);
        if threads == 1 {
            work()?;
        } else {
            let done: Vec<_> = std::thread::scope(|scope| {
                let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
                running.into_iter().map(|thread| thread.join()).collect()
            });
            for result in done {
                result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
            }
        }
        let segments = segments.into_inner().unwrap_or_else(PoisonError::into_inner);
        self.events += held.parts.iter().map(|part| part.len() as u64).sum::<u64>();
        self.batches.push(Batch { origins: Arc::new(held.origins), segments, ids: id_spots });
        Ok(())
    }

    /// Whether nothing went aside.
    pub fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// Estimated bytes of a partition in memory.
    pub(super) fn weight(&self, partition: usize) -> usize {
        self.batches.iter().map(|batch| batch.segments[partition].1.weight).sum()
    }

    /// A partition's events: a part for each batch that has some, with the batch's number.
    pub(super) fn read(
        &self,
        plan: &Plan,
        (partition, share): (usize, Share),
        repeated: &ids::Repeated,
        aside: &dyn Aside,
    ) -> io::Result<Vec<(u32, Part)>> {
        let mut parts = Vec::new();
        for (number, batch) in self.batches.iter().enumerate() {
            let (spot, size) = batch.segments[partition];
            if size.events > 0 {
                let place = (partition, &batch.origins);
                let is_repeated = |arrival| repeated.is(number, arrival);
                let bytes = aside.get(spot)?;
                let part = segment::read(bytes, &self.objects, plan.columns(), place, share, is_repeated)?;
                parts.push((number as u32, part));
            }
        }
        Ok(parts)
    }

    /// The blocks of a partition of ids, by batch.
    pub(super) fn ids(&self, partition: usize) -> impl Iterator<Item = (usize, Spot)> {
        let blocks =
            self.batches.iter().enumerate().filter_map(move |(batch, own)| Some((batch, own.ids.get(partition)?)));
        blocks.flat_map(|(batch, spots)| spots.iter().map(move |spot| (batch, *spot)))
    }

    pub(super) fn has_ids(&self) -> bool {
        self.batches.iter().any(|batch| !batch.ids.is_empty())
    }
}
