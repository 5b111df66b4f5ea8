//! New values of some fields of what an identity has: made apart, then exchanged with the old ones.

use dtc_expr::Value;

use crate::output::{IdentityOutput, Record};
use crate::past::Past;

/// What an edit found, by identity in the order of the output.
#[derive(Debug)]
pub(super) struct Patch {
    /// Slots by aggregate.
    pub(super) slots: Vec<(usize, Vec<usize>)>,
    pub(super) parts: Vec<Part>,
}

/// Of one identity.
#[derive(Debug, Default)]
pub(super) struct Part {
    /// For each aggregate of the patch: the values of its records, those of its slots for each.
    pub(super) values: Vec<Vec<Value>>,
    /// Pasts by their place.
    pub(super) pasts: Vec<(usize, Past)>,
}

impl Patch {
    /// Exchanges old and new values; a second time undoes it.
    pub(super) fn swap(&mut self, identities: &mut [IdentityOutput], pasts: &mut [Vec<Past>]) {
        for ((output, own), part) in identities.iter_mut().zip(pasts).zip(&mut self.parts) {
            for ((aggregate, slots), values) in self.slots.iter().zip(&mut part.values) {
                let key = |record: &&mut Record| record.aggregate == *aggregate;
                let records = output.records.iter_mut().filter(key);
                for (record, new) in records.zip(values.chunks_exact_mut(slots.len())) {
                    slots.iter().zip(new).for_each(|(slot, new)| std::mem::swap(&mut record.values[*slot], new));
                }
            }
            for (place, past) in &mut part.pasts {
                std::mem::swap(&mut own[*place], past);
            }
        }
    }
}
