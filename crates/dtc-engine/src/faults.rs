//! Failures inside expressions: never silent, never fatal; counted by place and cause.

use rustc_hash::FxHashMap;

use dtc_expr::EvalError;
use dtc_lang::Span;

/// Distinct causes kept per place; messages can quote data, so their number has no natural bound.
const CAUSES_PER_PLACE: usize = 50;

/// Which of a run's documents an expression stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Streaming,
    Window,
}

/// An expression that can fail while running.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// `aggregate.field`, `aggregate (When)`, or a header attribute.
    pub name: String,
    pub part: Part,
    /// The expression in its document, in bytes.
    pub span: Span,
}

/// One kind of failure, as a user reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub place: Place,
    /// Python's name and message.
    pub cause: String,
    pub count: u64,
    /// File index and line of the first event that caused it.
    pub file: u32,
    pub line: u64,
}

#[derive(Debug, Clone)]
struct Counted {
    count: u64,
    file: u32,
    line: u64,
}

/// A failed expression's cause, as a user reads it.
pub(crate) fn cause(error: &EvalError) -> String {
    format!("{}: {}", error.kind.name(), error.message)
}

/// Counts of one worker; merged in the order of identities, so that "first" does not depend on threads.
#[derive(Debug, Clone, Default)]
pub(crate) struct Faults {
    counts: FxHashMap<u32, Vec<(String, Counted)>>,
}

impl Faults {
    pub(crate) fn add(&mut self, place: u32, cause: String, count: u64, file: u32, line: u64) {
        let causes = self.counts.entry(place).or_default();
        if let Some((_, counted)) = causes.iter_mut().find(|(known, _)| *known == cause) {
            counted.count += count;
            return;
        }
        if causes.len() < CAUSES_PER_PLACE {
            causes.push((cause, Counted { count, file, line }));
            return;
        }
        let rest = "other causes";
        match causes.iter_mut().find(|(known, _)| known == rest) {
            Some((_, counted)) => counted.count += count,
            None => causes.push((rest.to_string(), Counted { count, file, line })),
        }
    }

    pub(crate) fn merge(&mut self, other: Faults) {
        let mut places: Vec<_> = other.counts.into_iter().collect();
        places.sort_by_key(|(place, _)| *place);
        for (place, causes) in places {
            for (cause, counted) in causes {
                self.add(place, cause, counted.count, counted.file, counted.line);
            }
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.counts.is_empty()
    }

    /// Place, cause, count, file and line of each, in the order in which `merge` takes them.
    pub(crate) fn each(&self, mut take: impl FnMut(u32, &str, u64, u32, u64)) {
        let mut places: Vec<_> = self.counts.iter().collect();
        places.sort_by_key(|(place, _)| **place);
        for (place, causes) in places {
            for (cause, counted) in causes {
                take(*place, cause, counted.count, counted.file, counted.line);
            }
        }
    }

    /// Most frequent first; ties by place and cause.
    pub(crate) fn into_list(self, places: &[Place]) -> Vec<Fault> {
        let mut list: Vec<Fault> = Vec::new();
        for (number, causes) in self.counts {
            let place = &places[number as usize];
            for (cause, counted) in causes {
                let place = place.clone();
                list.push(Fault { place, cause, count: counted.count, file: counted.file, line: counted.line });
            }
        }
        order(&mut list);
        list
    }
}

/// Most frequent first; ties by place and cause.
pub(crate) fn order(list: &mut [Fault]) {
    list.sort_by(|a, b| {
        b.count.cmp(&a.count).then_with(|| a.place.name.cmp(&b.place.name)).then_with(|| a.cause.cmp(&b.cause))
    });
}
