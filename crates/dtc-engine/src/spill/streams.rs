//! What identities give on its way aside: a stream for each thing that is read by itself later, in blocks.

use std::collections::BinaryHeap;
use std::io;

use dtc_expr::Value;

use super::bytes::{Encoder, Objects};
use super::{Aside, Key, Spot, Wanted, entries};
use crate::faults::Faults;
use crate::output::IdentityOutput;
use crate::pick;
use crate::plan::Plan;

/// What is read by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Faults,
    /// Of all aggregates, in the order of the store.
    Records,
    /// Of one aggregate, its place in the document.
    Aggregate(usize),
    Rows,
}

/// The streams of a run; the faults come first.
pub(super) fn streams(plan: &Plan, wanted: Wanted) -> Vec<Stream> {
    let mut streams = vec![Stream::Faults];
    match wanted {
        Wanted::Lines if plan.window.is_some() => streams.push(Stream::Rows),
        Wanted::Lines => streams.push(Stream::Records),
        Wanted::Tables => {
            let stored = plan.aggregates.iter().enumerate().filter(|(_, aggregate)| aggregate.stored);
            streams.extend(stored.map(|(index, _)| Stream::Aggregate(index)));
            streams.extend(plan.window.as_ref().map(|_| Stream::Rows));
        }
    }
    streams
}

/// One stream of some identities, in order of their keys: blocks that can be read one by one.
pub(super) type Run = Vec<Spot>;

struct Writer<'a> {
    stream: Stream,
    encoder: Encoder<'a>,
    run: Run,
}

/// What some identities give.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// By stream.
    pub(super) runs: Vec<Run>,
    pub(super) least: Least,
    pub(super) dropped: u64,
    /// Whether a row has a map, whose keys may make columns.
    pub(super) maps: bool,
}

/// The streams of some identities, which come in order of their keys.
pub(super) struct Outlet<'a> {
    plan: &'a Plan,
    aside: &'a dyn Aside,
    writers: Vec<Writer<'a>>,
    block: usize,
    least: Least,
    dropped: u64,
    maps: bool,
}

impl<'a> Outlet<'a> {
    /// `block`: bytes of a stream that go aside together.
    pub(super) fn new(
        plan: &'a Plan,
        streams: &[Stream],
        objects: &'a Objects,
        aside: &'a dyn Aside,
        block: usize,
    ) -> Outlet<'a> {
        let writer = |stream: &Stream| Writer { stream: *stream, encoder: Encoder::new(objects), run: Run::new() };
        let writers = streams.iter().map(writer).collect();
        Outlet { plan, aside, writers, block, least: Least::default(), dropped: 0, maps: false }
    }

    pub(super) fn put(&mut self, key: Key, output: &IdentityOutput, faults: &Faults) -> io::Result<()> {
        self.dropped += output.dropped.len() as u64;
        self.maps |= output.rows.iter().flat_map(|row| &row.values).any(|value| matches!(value, Value::Dict(..)));
        self.least.look(self.plan, output);
        for writer in &mut self.writers {
            let encoder = &mut writer.encoder;
            match writer.stream {
                Stream::Faults if faults.is_empty() => {}
                Stream::Faults => {
                    encoder.fixed(key);
                    entries::write_faults(faults, encoder);
                }
                Stream::Records => {
                    encoder.fixed(key);
                    encoder.text(&output.identity);
                    encoder.number(output.records.len() as u64);
                    output.records.iter().for_each(|record| entries::write_record(record, encoder));
                }
                Stream::Aggregate(index) => {
                    let own = || output.records.iter().filter(|record| record.aggregate == index);
                    let count = own().count();
                    if count > 0 {
                        encoder.fixed(key);
                        encoder.number(count as u64);
                        own().for_each(|record| entries::write_values(record, encoder));
                    }
                }
                Stream::Rows => {
                    encoder.fixed(key);
                    entries::write_rows(&output.identity, &output.rows, encoder);
                }
            }
            if encoder.len() >= self.block {
                writer.run.push(self.aside.put(encoder.bytes())?);
                encoder.clear();
            }
        }
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<Given> {
        let mut runs = Vec::new();
        for Writer { encoder, mut run, .. } in self.writers {
            if encoder.len() > 0 {
                run.push(self.aside.put(encoder.bytes())?);
            }
            runs.push(run);
        }
        Ok(Given { runs, least: self.least, dropped: self.dropped, maps: self.maps })
    }
}

/// The smallest lots of a run's rows, one more than may stay, where `MaxPer: run` leaves rows out by chance.
#[derive(Debug, Default)]
pub(super) struct Least(BinaryHeap<u64>);

impl Least {
    fn look(&mut self, plan: &Plan, output: &IdentityOutput) {
        let (Some(most), Some(seed)) = (plan.most_rows(), plan.picks_by_chance()) else { return };
        for row in &output.rows {
            self.add(most, pick::chance(seed, &output.identity, row.anchor.map(|time| time.micros)));
        }
    }

    fn add(&mut self, most: usize, chance: u64) {
        self.0.push(chance);
        if self.0.len() > most.saturating_add(1) {
            self.0.pop();
        }
    }

    pub(super) fn merge(&mut self, plan: &Plan, other: Least) {
        if let Some(most) = plan.most_rows() {
            other.0.into_iter().for_each(|chance| self.add(most, chance));
        }
    }

    /// Rows whose lot is not below this one are left out.
    pub(super) fn bound(&self, plan: &Plan) -> Option<u64> {
        plan.most_rows().filter(|most| self.0.len() > *most).and_then(|_| self.0.peek().copied())
    }
}
