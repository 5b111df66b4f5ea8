//! Events by identity: partition by partition, in order of time within an identity. Refuses to copy events.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::arrivals::{PARTITIONS, Part};
use crate::events::{EventRef, Events};

/// Events by group, each group those of one identity.
#[derive(Debug, Default)]
pub(crate) struct Groups {
    order: Vec<EventRef>,
    /// The events of group n stand in `order` from `ends[n]` to `ends[n + 1]`.
    ends: Vec<usize>,
    names: Vec<Arc<str>>,
    /// The place of each group in the order of the first event that counts, as a run in batches meets them.
    ranks: Vec<u32>,
    /// Groups in that order.
    ranked: Vec<u32>,
    /// Events whose id another had before.
    pub(crate) repeated: u64,
}

/// The groups of some partitions.
#[derive(Default)]
struct Shelf {
    order: Vec<EventRef>,
    ends: Vec<usize>,
    names: Vec<Arc<str>>,
    /// Part and place of the first event that counts.
    firsts: Vec<(u32, u32)>,
}

impl Groups {
    /// Groups the events, arrival order on ties of time. Of events with the same id the first counts.
    pub(crate) fn of(events: &Events, threads: usize) -> Groups {
        let repeated = Repeated::among(&events.parts);
        let shelves = |from: usize, until: usize| {
            let share = events.len() * (until - from) / PARTITIONS;
            let mut shelf = Shelf { order: Vec::with_capacity(share + share / 16), ..Shelf::default() };
            let mut counter = Counter::default();
            (from..until).for_each(|partition| counter.add(&events.parts, partition, &repeated, &mut shelf));
            shelf
        };
        let threads = threads.min(events.len() / ALONE).max(1);
        if threads == 1 {
            return Groups::joined(vec![shelves(0, PARTITIONS)], repeated.count);
        }
        let bounds: Vec<usize> = (0..=threads).map(|thread| PARTITIONS * thread / threads).collect();
        let found = std::thread::scope(|scope| {
            let running: Vec<_> = bounds
                .windows(2)
                .map(|pair| (pair[0], pair[1]))
                .map(|(from, until)| scope.spawn(move || shelves(from, until)))
                .collect();
            running.into_iter().map(|thread| thread.join()).collect::<Result<Vec<Shelf>, _>>()
        });
        match found {
            Ok(found) => Groups::joined(found, repeated.count),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }

    fn joined(shelves: Vec<Shelf>, repeated: u64) -> Groups {
        let mut groups = Groups { ends: vec![0], repeated, ..Groups::default() };
        let mut firsts = Vec::new();
        for shelf in shelves {
            let before = groups.order.len();
            if before == 0 {
                groups.order = shelf.order;
            } else {
                groups.order.extend_from_slice(&shelf.order);
            }
            groups.ends.extend(shelf.ends.iter().map(|end| before + end));
            groups.names.extend(shelf.names);
            firsts.extend(shelf.firsts);
        }
        groups.ranked = (0..firsts.len() as u32).collect();
        groups.ranked.sort_unstable_by_key(|group| firsts[*group as usize]);
        groups.ranks = vec![0; firsts.len()];
        for (rank, group) in groups.ranked.iter().enumerate() {
            groups.ranks[*group as usize] = rank as u32;
        }
        groups
    }

    /// Identities that have events.
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn name(&self, group: usize) -> &Arc<str> {
        &self.names[group]
    }

    pub(crate) fn events(&self, group: usize) -> &[EventRef] {
        &self.order[self.ends[group]..self.ends[group + 1]]
    }

    pub(crate) fn rank(&self, group: usize) -> usize {
        self.ranks[group] as usize
    }

    /// Groups in order of their first events.
    pub(crate) fn ranked(&self) -> impl Iterator<Item = usize> {
        self.ranked.iter().map(|group| *group as usize)
    }

    /// The events of the identity that came first.
    pub(crate) fn first(&self) -> &[EventRef] {
        self.ranked().next().map_or(&[], |group| self.events(group))
    }

    pub(crate) fn total(&self) -> usize {
        self.order.len()
    }
}

/// Fewer events are not worth a thread of their own.
const ALONE: usize = 50_000;

/// Buffers for one partition after the other.
#[derive(Default)]
struct Counter<'e> {
    numbers: FxHashMap<&'e str, u32>,
    /// The group of each name of each part.
    of_name: Vec<u32>,
    /// Events by group; then where the next one goes.
    places: Vec<usize>,
}

impl<'e> Counter<'e> {
    fn add(&mut self, parts: &'e [Part], partition: usize, repeated: &Repeated, shelf: &mut Shelf) {
        self.numbers.clear();
        self.of_name.clear();
        for part in parts {
            for name in part.names_of(partition).map(|number| part.name(number)) {
                let next = self.numbers.len() as u32;
                self.of_name.push(*self.numbers.entry(name).or_insert(next));
            }
        }
        self.places.clear();
        self.places.resize(self.numbers.len(), 0);
        let mut total = 0;
        self.each(parts, partition, repeated, |places, group, _| {
            places[group] += 1;
            total += 1;
        });
        let start = shelf.order.len();
        let mut end = start;
        for place in &mut self.places {
            end += std::mem::replace(place, end);
        }
        shelf.order.resize(start + total, EventRef { part: 0, row: 0, micros: 0 });
        self.each(parts, partition, repeated, |places, group, at| {
            shelf.order[places[group]] = at;
            places[group] += 1;
        });
        let mut names: Vec<&str> = vec![""; self.numbers.len()];
        self.numbers.iter().for_each(|(name, group)| names[*group as usize] = name);
        let mut from = start;
        for (group, until) in self.places.iter().enumerate() {
            let Some(events) = shelf.order.get_mut(from..*until).filter(|events| !events.is_empty()) else { continue };
            shelf.firsts.push((events[0].part, parts[events[0].part as usize].arrival[events[0].row as usize]));
            if !events.is_sorted_by_key(|at| at.micros) {
                events.sort_by_key(|at| at.micros);
            }
            shelf.names.push(Arc::from(names[group]));
            shelf.ends.push(*until);
            from = *until;
        }
    }

    /// The events of a partition that count, with their groups.
    fn each(
        &mut self,
        parts: &[Part],
        partition: usize,
        repeated: &Repeated,
        mut take: impl FnMut(&mut [usize], usize, EventRef),
    ) {
        let mut before = 0;
        for (place, part) in parts.iter().enumerate() {
            let names = part.names_of(partition);
            for row in part.rows_of(partition) {
                if repeated.is(place, row) {
                    continue;
                }
                let group = self.of_name[before + part.number(row) - names.start];
                take(&mut self.places, group as usize, part.at(place, row));
            }
            before += names.len();
        }
    }
}

/// Which events have an id that another had before them.
struct Repeated {
    /// By part and row; empty where nothing has an id.
    rows: Vec<Vec<bool>>,
    count: u64,
}

impl Repeated {
    fn among(parts: &[Part]) -> Repeated {
        let mut repeated = Repeated { rows: Vec::new(), count: 0 };
        if parts.iter().all(|part| part.id.is_empty()) {
            return repeated;
        }
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        for part in parts {
            let mut rows = vec![false; part.len()];
            for row in part.in_order() {
                // Events without an id cannot be told apart: each counts.
                let id = part.id.get(row as usize).and_then(Option::as_deref);
                let again = id.is_some_and(|id| !seen.insert(id));
                rows[row as usize] = again;
                repeated.count += u64::from(again);
            }
            repeated.rows.push(rows);
        }
        repeated
    }

    #[inline]
    fn is(&self, part: usize, row: usize) -> bool {
        self.rows.get(part).is_some_and(|rows| rows[row])
    }
}
