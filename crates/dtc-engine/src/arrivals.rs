//! The events of one part of the input: as they arrive, and then put in order of partitions, so that events of
//! the same identities lie together. Refuses to know what an event holds.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use dtc_expr::{DateTime, Rows};
use rustc_hash::FxHasher;

use crate::events::EventRef;

/// Identities are spread over so many partitions; what belongs to one fits a processor's cache.
pub(crate) const PARTITIONS: usize = 256;

/// A record that cannot enter has this for its identity.
pub(crate) const NOBODY: u32 = u32::MAX;

/// Events in the order of the input.
#[derive(Debug, Default)]
pub(crate) struct Arrivals {
    /// Identities; one may be there more than once.
    names: Names,
    /// By row of the input.
    identity: Vec<u32>,
    micros: Vec<i64>,
    offset: Vec<i32>,
    id: Vec<Option<Arc<str>>>,
}

/// Texts one after the other.
#[derive(Debug, Clone, Default)]
pub(crate) struct Names {
    text: String,
    ends: Vec<u32>,
}

/// The rows of one part of the input with what the intake found for each, in order of partitions, and of the
/// input within.
#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    pub(crate) rows: Rows,
    names: Names,
    /// Places in `names` and in `identity` where partitions begin, and where the last ends.
    first_name: Vec<u32>,
    first_row: Vec<u32>,
    identity: Vec<u32>,
    micros: Vec<i64>,
    /// Seconds east of UTC; empty where every time is in UTC.
    offset: Vec<i32>,
    /// Empty without `EventId`.
    pub(crate) id: Vec<Option<Arc<str>>>,
    pub(crate) line: Vec<u32>,
    /// The row's place in the order of the input.
    pub(crate) arrival: Vec<u32>,
    /// The line that `line` counts from.
    first_line: u64,
    file: u32,
    /// Where stretches of arrivals came from, in their order, in a part that was put together of several.
    origins: Option<Arc<Vec<Origin>>>,
}

/// Where the events from an arrival on came from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin {
    pub(crate) arrival: u32,
    pub(crate) file: u32,
    pub(crate) first_line: u64,
}

/// The events of one partition, an entry each; `arrival` rises and counts through `origins`.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub(crate) rows: Rows,
    pub(crate) names: Names,
    pub(crate) identity: Vec<u32>,
    pub(crate) micros: Vec<i64>,
    pub(crate) offset: Vec<i32>,
    pub(crate) line: Vec<u32>,
    pub(crate) arrival: Vec<u32>,
}

impl Names {
    pub(crate) fn push(&mut self, name: &str) -> u32 {
        self.text.push_str(name);
        self.ends.push(self.text.len() as u32);
        self.ends.len() as u32 - 1
    }

    fn get(&self, number: usize) -> &str {
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..self.ends[number] as usize]
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }
}

impl Arrivals {
    pub(crate) fn with_capacity(rows: usize) -> Arrivals {
        let (identity, micros) = (Vec::with_capacity(rows), Vec::with_capacity(rows));
        Arrivals { identity, micros, ..Arrivals::default() }
    }

    /// The number of an identity.
    pub(crate) fn name(&mut self, name: &str) -> u32 {
        self.names.push(name)
    }

    /// `number` is a name's or [`NOBODY`].
    #[inline]
    pub(crate) fn enter(&mut self, number: u32, time: DateTime) {
        self.identity.push(number);
        self.micros.push(time.micros);
        let offset = time.offset.unwrap_or(0);
        if offset != 0 && self.offset.is_empty() {
            self.offset.resize(self.micros.len() - 1, 0);
        }
        if offset != 0 || !self.offset.is_empty() {
            self.offset.push(offset);
        }
    }

    /// Of the event that was entered last, where the plan has an `EventId`.
    pub(crate) fn with_id(&mut self, id: Option<Arc<str>>) {
        self.id.push(id);
    }

    /// Those that have an identity, in order of partitions; `rows` and `line` have one for each arrival.
    pub(crate) fn arranged(self, rows: &mut Rows, line: &[u32]) -> Part {
        let partitions: Vec<u8> = (0..self.names.len()).map(|number| partition(self.names.get(number))).collect();
        let (first_name, names) = sorted(self.names.len(), |number| Some(partitions[number]));
        let mut renamed = vec![0; names.len()];
        let mut arranged = Names { text: String::with_capacity(self.names.text.len()), ends: Vec::new() };
        arranged.ends.reserve_exact(names.len());
        for old in &names {
            renamed[*old as usize] = arranged.push(self.names.get(*old as usize));
        }
        let of_row = |row: usize| partitions.get(self.identity[row] as usize).copied();
        let (first_row, order) = sorted(self.identity.len(), of_row);
        let by_row = |row: &u32| *row as usize;
        Part {
            rows: rows.arranged(&order),
            names: arranged,
            first_name,
            first_row,
            identity: order.iter().map(|row| renamed[self.identity[by_row(row)] as usize]).collect(),
            micros: order.iter().map(|row| self.micros[by_row(row)]).collect(),
            offset: picked(&self.offset, &order),
            id: picked(&self.id, &order),
            line: order.iter().map(|row| line.get(by_row(row)).copied().unwrap_or(0)).collect(),
            arrival: order,
            first_line: 0,
            file: 0,
            origins: None,
        }
    }
}

/// What stands at the places of `order`; nothing of nothing.
fn picked<T: Clone>(from: &[T], order: &[u32]) -> Vec<T> {
    if from.is_empty() { Vec::new() } else { order.iter().map(|place| from[*place as usize].clone()).collect() }
}

/// Which partition an identity belongs to.
pub(crate) fn partition(name: &str) -> u8 {
    (hash(name) >> 56) as u8
}

pub(crate) fn hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    name.hash(&mut hasher);
    hasher.finish()
}

/// Places in order of their partitions, those without one left out, and where each partition begins.
fn sorted(count: usize, partition: impl Fn(usize) -> Option<u8>) -> (Vec<u32>, Vec<u32>) {
    let mut starts = vec![0_u32; PARTITIONS + 1];
    let mut total = 0;
    for place in (0..count).filter_map(&partition) {
        starts[usize::from(place) + 1] += 1;
        total += 1;
    }
    for place in 1..starts.len() {
        starts[place] += starts[place - 1];
    }
    let mut next = starts.clone();
    let mut order = vec![0; total];
    for place in 0..count {
        if let Some(partition) = partition(place) {
            let slot = &mut next[usize::from(partition)];
            order[*slot as usize] = place as u32;
            *slot += 1;
        }
    }
    (starts, order)
}

impl Part {
    /// Where it came from.
    pub(crate) fn of(self, file: u32, first_line: u64) -> Part {
        Part { file, first_line, ..self }
    }

    /// A part that holds one partition only.
    pub(crate) fn of_partition(partition: usize, gathered: Gathered, origins: Arc<Vec<Origin>>) -> Part {
        let Gathered { rows, names, identity, micros, mut offset, line, arrival } = gathered;
        if offset.iter().all(|seconds| *seconds == 0) {
            offset.clear();
        }
        let bounds = |count: usize| -> Vec<u32> {
            (0..=PARTITIONS).map(|at| if at > partition { count as u32 } else { 0 }).collect()
        };
        let (first_name, first_row) = (bounds(names.len()), bounds(identity.len()));
        let origins = Some(origins);
        Part { rows, names, first_name, first_row, identity, micros, offset, line, arrival, origins, ..Part::default() }
    }

    /// Where it came from, if all of it came from one place.
    pub(crate) fn origin(&self, arrival: u32) -> Origin {
        Origin { arrival, file: self.file, first_line: self.first_line }
    }

    /// The instant of a row.
    pub(crate) fn micros(&self, row: usize) -> i64 {
        self.micros[row]
    }

    /// Events.
    pub(crate) fn len(&self) -> usize {
        self.identity.len()
    }

    /// Numbers of the identities of a partition.
    pub(crate) fn names_of(&self, partition: usize) -> std::ops::Range<usize> {
        self.first_name[partition] as usize..self.first_name[partition + 1] as usize
    }

    pub(crate) fn rows_of(&self, partition: usize) -> std::ops::Range<usize> {
        self.first_row[partition] as usize..self.first_row[partition + 1] as usize
    }

    pub(crate) fn name(&self, number: usize) -> &str {
        self.names.get(number)
    }

    /// The number of a row's identity.
    #[inline]
    pub(crate) fn number(&self, row: usize) -> usize {
        self.identity[row] as usize
    }

    /// Seconds east of UTC.
    #[inline]
    pub(crate) fn offset(&self, row: usize) -> i32 {
        self.offset.get(row).copied().unwrap_or(0)
    }

    /// A row of this part, which is the one at `place`.
    #[inline]
    pub(crate) fn at(&self, place: usize, row: usize) -> EventRef {
        EventRef { part: place as u32, row: row as u32, micros: self.micros[row] }
    }

    /// File and line.
    pub(crate) fn place(&self, row: usize) -> (u32, u64) {
        let line = u64::from(self.line[row]);
        let Some(origins) = &self.origins else { return (self.file, self.first_line + line) };
        let after = origins.partition_point(|origin| origin.arrival <= self.arrival[row]);
        let origin = after.checked_sub(1).and_then(|place| origins.get(place));
        origin.map_or((0, 0), |origin| (origin.file, origin.first_line + line))
    }

    /// Rows in the order of the input.
    pub(crate) fn in_order(&self) -> Vec<u32> {
        let mut rows: Vec<u32> = (0..self.len() as u32).collect();
        rows.sort_unstable_by_key(|row| self.arrival[*row as usize]);
        rows
    }

    /// Estimated bytes in memory.
    pub(crate) fn weight(&self) -> usize {
        self.rows.weight()
            + self.len() * 20
            + self.offset.len() * 4
            + self.id.iter().flatten().map(|id| 40 + id.len()).sum::<usize>()
            + self.names.text.len()
            + self.names.len() * 4
    }
}
