//! The events of a run: rows of cells by part of the input, identities as numbers, times as instants.
//! About a hundred bytes an event, whatever its text took.

use std::sync::Arc;

use dtc_expr::{Columns, DateTime, Rows, RowsBuilder};
use rustc_hash::FxHashMap;

use crate::arrivals::{Arrivals, Part};
use crate::event::{Event, Taken};
use crate::groups::Groups;
use crate::plan::Plan;

/// Immutable, shared between runs. Made for a plan's columns: a plan that reads other fields of events
/// needs them read anew.
#[derive(Debug, Clone, Default)]
pub struct Events {
    pub(crate) columns: Columns,
    pub(crate) rows: Arc<Vec<Rows>>,
    pub(crate) parts: Arc<Vec<Part>>,
    len: usize,
}

/// One event: its part and row, and its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EventRef {
    pub(crate) part: u32,
    pub(crate) row: u32,
    pub(crate) micros: i64,
}

/// Events one by one on their way into a part.
struct Gathering<'p> {
    plan: &'p Plan,
    rows: RowsBuilder,
    arrivals: Arrivals,
    line: Vec<u32>,
    file: u32,
    first_line: u64,
    numbers: FxHashMap<Arc<str>, u32>,
}

impl Events {
    /// Events one by one, as a function gets them.
    pub fn of<'e>(plan: &Plan, events: impl IntoIterator<Item = &'e Event>) -> Events {
        let mut parts = Vec::new();
        let mut gathering: Option<Gathering<'_>> = None;
        for event in events {
            if !gathering.as_ref().is_some_and(|gathering| gathering.fits(event)) {
                parts.extend(gathering.take().map(Gathering::done));
            }
            gathering.get_or_insert_with(|| Gathering::new(plan, event)).push(event);
        }
        parts.extend(gathering.map(Gathering::done));
        Events::of_parts(plan, parts)
    }

    /// Parts in the order of the input: each with its file and the line before its first.
    pub fn collect(plan: &Plan, parts: impl IntoIterator<Item = (u32, u64, Taken)>) -> Events {
        let parts = parts.into_iter().map(|(file, first_line, taken)| taken.part.of(file, first_line));
        Events::of_parts(plan, parts.collect())
    }

    pub(crate) fn of_parts(plan: &Plan, mut parts: Vec<Part>) -> Events {
        let rows = parts.iter_mut().map(|part| std::mem::take(&mut part.rows)).collect();
        let len = parts.iter().map(Part::len).sum();
        Events { columns: plan.columns().clone(), rows: Arc::new(rows), parts: Arc::new(parts), len }
    }

    /// Whether they hold all fields that the plan reads.
    pub fn cover(&self, plan: &Plan) -> bool {
        self.columns.cover(plan.columns())
    }

    /// In order of first appearance.
    pub fn identities(&self) -> Vec<Arc<str>> {
        let groups = self.grouped(1);
        groups.ranked().map(|group| groups.name(group).clone()).collect()
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
        self.rows.iter().map(Rows::weight).sum::<usize>() + self.parts.iter().map(Part::weight).sum::<usize>()
    }

    /// The events of one identity as a run takes them: in order of time, without those whose id another
    /// had before. Their sources hold what the plan reads.
    pub fn of_identity(&self, identity: &str) -> Vec<Event> {
        let groups = self.grouped(1);
        let Some(group) = groups.ranked().find(|group| **groups.name(*group) == *identity) else { return Vec::new() };
        groups.events(group).iter().map(|at| self.event(*at, groups.name(group))).collect()
    }

    /// All events one by one, in the order of the input, for whoever sorts out some of them.
    pub fn list(&self) -> Vec<Event> {
        let mut list = Vec::with_capacity(self.len);
        for (place, part) in self.parts.iter().enumerate() {
            let mut names: Vec<Option<Arc<str>>> = Vec::new();
            for row in part.in_order() {
                let number = part.number(row as usize);
                if names.len() <= number {
                    names.resize(number + 1, None);
                }
                let name = names[number].get_or_insert_with(|| Arc::from(part.name(number))).clone();
                list.push(self.event(part.at(place, row as usize), &name));
            }
        }
        list
    }

    fn event(&self, at: EventRef, identity: &Arc<str>) -> Event {
        let (file, line) = self.place(at);
        let source = self.rows[at.part as usize].event(at.row as usize, &self.columns);
        let id = self.parts[at.part as usize].id.get(at.row as usize).cloned().flatten();
        Event { identity: identity.clone(), time: self.time(at), id, source, file, line }
    }

    #[inline]
    pub(crate) fn time(&self, at: EventRef) -> DateTime {
        DateTime { micros: at.micros, offset: Some(self.parts[at.part as usize].offset(at.row as usize)) }
    }

    /// File and line.
    pub(crate) fn place(&self, at: EventRef) -> (u32, u64) {
        self.parts[at.part as usize].place(at.row as usize)
    }

    /// By identity, on so many threads.
    pub(crate) fn grouped(&self, threads: usize) -> Groups {
        Groups::of(self, threads)
    }
}

impl<'p> Gathering<'p> {
    fn new(plan: &'p Plan, event: &Event) -> Gathering<'p> {
        Gathering {
            plan,
            rows: RowsBuilder::new(plan.columns()),
            arrivals: Arrivals::default(),
            line: Vec::new(),
            file: event.file,
            first_line: event.line,
            numbers: FxHashMap::default(),
        }
    }

    /// Lines count from their part's first, and a part has one file.
    fn fits(&self, event: &Event) -> bool {
        self.file == event.file
            && !self.rows.is_full()
            && event.line.checked_sub(self.first_line).is_some_and(|line| u32::try_from(line).is_ok())
    }

    fn push(&mut self, event: &Event) {
        self.rows.set_event(&event.source, self.plan.columns());
        self.rows.push();
        self.line.push(u32::try_from(event.line.saturating_sub(self.first_line)).unwrap_or(u32::MAX));
        let number = match self.numbers.get(&event.identity) {
            Some(number) => *number,
            None => {
                let number = self.arrivals.name(&event.identity);
                self.numbers.insert(event.identity.clone(), number);
                number
            }
        };
        self.arrivals.enter(number, event.time);
        self.arrivals.with_id(event.id.clone());
    }

    fn done(mut self) -> Part {
        self.arrivals.arranged(self.rows.rows(), &self.line).of(self.file, self.first_line)
    }
}
