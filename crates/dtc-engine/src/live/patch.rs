//! New values of some fields of what an identity has: made apart, then exchanged with the old ones.

use dtc_expr::Value;

use crate::output::{IdentityOutput, Record};
use crate::past::Past;

/// What an edit found.
#[derive(Debug)]
pub(super) struct Patch {
    /// Slots by aggregate.
    pub(super) slots: Vec<(usize, Vec<usize>)>,
    /// By identity, with its place in the output, in the order in which they lie in memory.
    pub(super) parts: Vec<(usize, Part)>,
}

/// Of one identity.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// For each aggregate of the patch: the values of its records, those of its slots for each.
    pub(super) values: Vec<Vec<Value>>,
    /// Pasts by their place.
    pub(super) pasts: Vec<(usize, PastPart)>,
}

/// What an aggregate showed.
#[derive(Debug)]
pub(super) enum PastPart {
    Whole(Past),
    /// Values of some slots, by entry.
    Values(Vec<usize>, Vec<Value>),
}

impl PastPart {
    /// `old` with other values in some slots, which `others` has by instant.
    pub(super) fn of(old: &Past, slots: &[usize], others: &Past, defaults: &[Value]) -> PastPart {
        match old.patched(others, defaults) {
            Some(values) => PastPart::Values(slots.to_vec(), values),
            None => PastPart::Whole(old.with(slots, others, defaults)),
        }
    }
}

impl Patch {
    /// Exchanges old and new values; a second time undoes it.
    pub(super) fn swap(&mut self, identities: &mut [IdentityOutput], pasts: &mut [Vec<Past>]) {
        for (rank, part) in &mut self.parts {
            for ((aggregate, slots), values) in self.slots.iter().zip(&mut part.values) {
                let key = |record: &&mut Record| record.aggregate == *aggregate;
                let records = identities[*rank].records.iter_mut().filter(key);
                for (record, new) in records.zip(values.chunks_exact_mut(slots.len())) {
                    slots.iter().zip(new).for_each(|(slot, new)| std::mem::swap(&mut record.values[*slot], new));
                }
            }
            for (place, past) in &mut part.pasts {
                let own = &mut pasts[*rank][*place];
                match past {
                    PastPart::Whole(past) => std::mem::swap(own, past),
                    PastPart::Values(slots, values) => own.swap(slots, values),
                }
            }
        }
    }
}
