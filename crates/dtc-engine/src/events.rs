//! The events of a run: rows of cells by part of the input, identities as numbers, times as instants.
//! About a hundred bytes an event, whatever its text took.

use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use dtc_expr::{Columns, DateTime, Rows, RowsBuilder};

use crate::event::{Event, Taken};
use crate::plan::Plan;

/// Immutable, shared between runs. Made for a plan's columns: a plan that reads other fields of events
/// needs them read anew.
#[derive(Debug, Clone, Default)]
pub struct Events {
    pub(crate) columns: Columns,
    pub(crate) rows: Arc<Vec<Rows>>,
    parts: Vec<Part>,
    /// By number, in order of first appearance.
    pub(crate) identities: Vec<Arc<str>>,
    len: usize,
}

/// What is known of the rows of one part.
#[derive(Debug, Clone)]
struct Part {
    identity: Vec<u32>,
    micros: Vec<i64>,
    /// Seconds east of UTC; empty where every time is in UTC.
    offset: Vec<i32>,
    id: Vec<Option<Arc<str>>>,
    line: Vec<u32>,
    /// The line that `line` counts from.
    first_line: u64,
    file: u32,
}

/// A record that cannot enter has this for its identity.
pub(crate) const NOBODY: u32 = u32::MAX;

/// One event: its part and row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EventRef {
    pub(crate) part: u32,
    pub(crate) row: u32,
}

impl Events {
    /// Events one by one, as a function gets them.
    pub fn of<'e>(plan: &Plan, events: impl IntoIterator<Item = &'e Event>) -> Events {
        let mut numbers = Numbers::default();
        let mut builder = RowsBuilder::new(plan.columns());
        let mut parts: Vec<Part> = Vec::new();
        let mut rows = Vec::new();
        for event in events {
            // Lines count from their part's first, and a part has one file.
            let fits = |part: &Part| {
                part.file == event.file
                    && event.line.checked_sub(part.first_line).is_some_and(|line| u32::try_from(line).is_ok())
            };
            if !parts.last().is_some_and(fits) {
                if !builder.is_empty() {
                    rows.push(std::mem::replace(&mut builder, RowsBuilder::new(plan.columns())).finish());
                }
                parts.push(Part::new(event.file, event.line));
            }
            builder.set_event(&event.source, plan.columns());
            builder.push();
            if let Some(part) = parts.last_mut() {
                part.push(numbers.of(&event.identity), event);
            }
        }
        if !builder.is_empty() {
            rows.push(builder.finish());
        }
        let len = parts.iter().map(|part| part.identity.len()).sum();
        Events { columns: plan.columns().clone(), rows: Arc::new(rows), parts, identities: numbers.names, len }
    }

    /// Parts in the order of the input: each with its file and the line before its first.
    pub fn collect(plan: &Plan, parts: impl IntoIterator<Item = (u32, u64, Taken)>) -> Events {
        let mut numbers = Numbers::default();
        let mut events = Events { columns: plan.columns().clone(), ..Events::default() };
        let mut rows = Vec::new();
        for (file, first_line, taken) in parts {
            let mut known: Vec<u32> = vec![NOBODY; taken.names.len()];
            let mut identity = taken.identity;
            for number in identity.iter_mut().filter(|number| **number != NOBODY) {
                let place = *number as usize;
                if known[place] == NOBODY {
                    known[place] = numbers.of(&taken.names[place]);
                }
                *number = known[place];
                events.len += 1;
            }
            rows.push(taken.rows);
            let (micros, offset, id, line) = (taken.micros, taken.offset, taken.id, taken.line);
            events.parts.push(Part { identity, micros, offset, id, line, first_line, file });
        }
        events.rows = Arc::new(rows);
        events.identities = numbers.names;
        events
    }

    /// Whether they hold all fields that the plan reads.
    pub fn cover(&self, plan: &Plan) -> bool {
        self.columns.cover(plan.columns())
    }

    /// In order of first appearance.
    pub fn identities(&self) -> impl Iterator<Item = &Arc<str>> {
        self.identities.iter()
    }

    /// Events that may enter a run.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Estimated bytes in memory.
    pub fn weight(&self) -> usize {
        let part = |part: &Part| {
            part.identity.len() * 16
                + part.offset.len() * 4
                + part.id.iter().flatten().map(|id| 40 + id.len()).sum::<usize>()
        };
        let names: usize = self.identities.iter().map(|name| 40 + name.len()).sum();
        self.rows.iter().map(Rows::weight).sum::<usize>() + self.parts.iter().map(part).sum::<usize>() + names
    }

    /// The events of one identity as a run takes them: in order of time, without those whose id another
    /// had before. Their sources hold what the plan reads.
    pub fn of_identity(&self, identity: &str) -> Vec<Event> {
        let Some(number) = self.identities.iter().position(|known| **known == *identity) else { return Vec::new() };
        let (groups, _) = self.grouped();
        groups.events(number).iter().map(|at| self.event(*at, &self.identities[number])).collect()
    }

    /// All events one by one, in the order of the input, for whoever sorts out some of them.
    pub fn list(&self) -> Vec<Event> {
        let mut list = Vec::with_capacity(self.len);
        self.each(|at, part, row| list.push(self.event(at, &self.identities[part.identity[row] as usize])));
        list
    }

    fn event(&self, at: EventRef, identity: &Arc<str>) -> Event {
        let (file, line) = self.place(at);
        let rows = &self.rows[at.part as usize];
        let cell = |slot| rows.get(at.row as usize, slot).into_value();
        let source = self.columns.event(cell);
        let id = self.parts[at.part as usize].id.get(at.row as usize).cloned().flatten();
        Event { identity: identity.clone(), time: self.time(at), id, source, file, line }
    }

    pub(crate) fn time(&self, at: EventRef) -> DateTime {
        let part = &self.parts[at.part as usize];
        let row = at.row as usize;
        DateTime { micros: part.micros[row], offset: Some(part.offset.get(row).copied().unwrap_or(0)) }
    }

    fn micros(&self, at: EventRef) -> i64 {
        self.parts[at.part as usize].micros[at.row as usize]
    }

    /// File and line.
    pub(crate) fn place(&self, at: EventRef) -> (u32, u64) {
        let part = &self.parts[at.part as usize];
        (part.file, part.first_line + u64::from(part.line[at.row as usize]))
    }

    /// By identity, in order of time within, arrival order on ties. Of events with the same id the first
    /// counts; the second result is the number of the others.
    pub(crate) fn grouped(&self) -> (Groups, u64) {
        let mut ids = FxHashSet::default();
        let mut repeated = 0;
        let mut ends = vec![0_usize; self.identities.len() + 1];
        let mut owners: Vec<(EventRef, u32)> = Vec::new();
        let mut numbers: Vec<u32> = Vec::new();
        let with_ids = self.parts.iter().any(|part| !part.id.is_empty());
        self.each(|at, part, row| {
            let number = part.identity[row];
            if with_ids {
                // Events without an id cannot be told apart: each counts.
                let first = part.id.get(row).and_then(Option::as_deref).is_none_or(|id| ids.insert(id));
                repeated += u64::from(!first);
                if !first {
                    return;
                }
                owners.push((at, number));
                if ends[number as usize + 1] == 0 {
                    numbers.push(number);
                }
            }
            ends[number as usize + 1] += 1;
        });
        for number in 1..ends.len() {
            ends[number] += ends[number - 1];
        }
        let total = ends.last().copied().unwrap_or(0);
        let mut order = vec![EventRef { part: 0, row: 0 }; total];
        let mut next = ends.clone();
        let mut place = |at: EventRef, number: u32| {
            let slot = &mut next[number as usize];
            order[*slot] = at;
            *slot += 1;
        };
        if with_ids {
            owners.into_iter().for_each(|(at, number)| place(at, number));
        } else {
            self.each(|at, part, row| place(at, part.identity[row]));
        }
        for number in 0..self.identities.len() {
            let events = &mut order[ends[number]..ends[number + 1]];
            if !events.is_sorted_by_key(|at| self.micros(*at)) {
                events.sort_by_key(|at| self.micros(*at));
            }
        }
        if !with_ids {
            numbers = (0..self.identities.len() as u32).collect();
        }
        (Groups { order, ends, numbers }, repeated)
    }

    fn each<'e>(&'e self, mut take: impl FnMut(EventRef, &'e Part, usize)) {
        for (place, part) in self.parts.iter().enumerate() {
            for row in 0..part.identity.len() {
                if part.identity[row] != NOBODY {
                    take(EventRef { part: place as u32, row: row as u32 }, part, row);
                }
            }
        }
    }
}

impl Part {
    fn new(file: u32, first_line: u64) -> Part {
        let (identity, micros, offset, id, line) = Default::default();
        Part { identity, micros, offset, id, line, first_line, file }
    }

    fn push(&mut self, number: u32, event: &Event) {
        self.identity.push(number);
        self.micros.push(event.time.micros);
        self.offset.push(event.time.offset.unwrap_or(0));
        self.id.push(event.id.clone());
        self.line.push(u32::try_from(event.line.saturating_sub(self.first_line)).unwrap_or(u32::MAX));
    }
}

/// Events by identity: those of number n stand in `order` from `ends[n]` to `ends[n + 1]`.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    order: Vec<EventRef>,
    ends: Vec<usize>,
    /// Identities in order of the first event that counts, as a run in batches meets them.
    numbers: Vec<u32>,
}

impl Groups {
    /// Identities that have events.
    pub(crate) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The number of the identity at a place of their order.
    pub(crate) fn number(&self, place: usize) -> usize {
        self.numbers[place] as usize
    }

    pub(crate) fn events(&self, number: usize) -> &[EventRef] {
        &self.order[self.ends[number]..self.ends[number + 1]]
    }

    /// The events of the first identity.
    pub(crate) fn first(&self) -> &[EventRef] {
        self.numbers.first().map_or(&[], |number| self.events(*number as usize))
    }

    pub(crate) fn total(&self) -> usize {
        self.order.len()
    }
}

/// Identities by number.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    by_name: FxHashMap<Arc<str>, u32>,
    pub(crate) names: Vec<Arc<str>>,
}

impl Numbers {
    pub(crate) fn of(&mut self, name: &Arc<str>) -> u32 {
        match self.by_name.get(name) {
            Some(number) => *number,
            None => self.add(name.clone()),
        }
    }

    pub(crate) fn add(&mut self, name: Arc<str>) -> u32 {
        let number = self.names.len() as u32;
        self.by_name.insert(name.clone(), number);
        self.names.push(name);
        number
    }

    /// Names so far; the next count from 0 again.
    pub(crate) fn take(&mut self) -> Vec<Arc<str>> {
        self.by_name = FxHashMap::with_capacity_and_hasher(self.names.len(), FxBuildHasher);
        std::mem::take(&mut self.names)
    }
}
