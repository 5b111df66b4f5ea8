//! What an identity aggregate showed at each instant: an entry where it changed, found by bisection.

use std::sync::Arc;

use dtc_expr::Value;

/// Entries in order of their instants; of several at one instant the last counts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Past {
    from: Vec<i64>,
    /// The values of all entries, `width` each.
    values: Vec<Value>,
    width: usize,
}

impl Past {
    pub(crate) fn is_empty(&self) -> bool {
        self.from.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.from.len()
    }

    /// The instant of the last entry.
    pub(crate) fn last(&self) -> Option<i64> {
        self.from.last().copied()
    }

    /// From this instant on, not before the last entry's, these values; an entry only if they are others.
    pub(crate) fn note(&mut self, from: i64, values: &[Value]) {
        let same = self.width == values.len()
            && !self.is_empty()
            && self.entry(self.len() - 1).1.iter().zip(values).all(|(old, new)| same(old, new));
        if same {
            return;
        }
        if self.is_empty() {
            self.width = values.len();
        }
        self.from.push(from);
        self.values.extend_from_slice(values);
    }

    /// The values at an instant; `None` before the first entry.
    pub(crate) fn at(&self, moment: i64) -> Option<&[Value]> {
        let seen = self.from.partition_point(|from| *from <= moment);
        seen.checked_sub(1).map(|last| self.entry(last).1)
    }

    /// Instant and values of the nth entry.
    pub(crate) fn entry(&self, nth: usize) -> (i64, &[Value]) {
        (self.from[nth], &self.values[nth * self.width..(nth + 1) * self.width])
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (i64, &[Value])> {
        (0..self.len()).map(|nth| self.entry(nth))
    }

    /// What is left when only some instants are asked for, and the time behind the last entry.
    pub(crate) fn pruned(&self, moments: &[i64]) -> Past {
        let seen = moments.iter().map(|moment| self.from.partition_point(|from| from <= moment));
        let mut needed: Vec<usize> = seen.chain([self.len()]).filter_map(|count| count.checked_sub(1)).collect();
        needed.sort_unstable();
        needed.dedup();
        let mut left = Past::default();
        for nth in needed {
            let (from, values) = self.entry(nth);
            left.note(from, values);
        }
        left
    }

    /// What `with` gives as the slots' values by entry, where no instant comes to those that there are; else `None`. An
    /// entry that shows nothing new any more stays.
    pub(crate) fn patched(&self, others: &Past, defaults: &[Value]) -> Option<Vec<Value>> {
        let mut values = Vec::with_capacity(self.len() * defaults.len());
        let mut other = 0;
        let mut patch: &[Value] = defaults;
        for moment in &self.from {
            while others.from.get(other).is_some_and(|from| from <= moment) {
                if others.from[other] < *moment {
                    return None;
                }
                patch = others.entry(other).1;
                other += 1;
            }
            values.extend_from_slice(patch);
        }
        (other == others.len()).then_some(values)
    }

    /// Exchanges the values of some slots, by entry.
    pub(crate) fn swap(&mut self, slots: &[usize], values: &mut [Value]) {
        if self.width == 0 {
            return;
        }
        for (own, other) in self.values.chunks_exact_mut(self.width).zip(values.chunks_exact_mut(slots.len())) {
            slots.iter().zip(other).for_each(|(slot, other)| std::mem::swap(&mut own[*slot], other));
        }
    }

    /// The same with other values in some slots: those of `others`, whose entries have nothing but these slots.
    /// Before the first of them the slots have `defaults`.
    pub(crate) fn with(&self, slots: &[usize], others: &Past, defaults: &[Value]) -> Past {
        let mut merged = Past::default();
        let (mut own, mut other) = (0, 0);
        let mut values: Vec<Value> = Vec::with_capacity(self.width);
        let mut patch: &[Value] = defaults;
        while own < self.len() || other < others.len() {
            let next = [self.from.get(own), others.from.get(other)].into_iter().flatten().min();
            let Some(moment) = next.copied() else { break };
            while self.from.get(own) == Some(&moment) {
                values.clear();
                values.extend_from_slice(self.entry(own).1);
                own += 1;
            }
            while others.from.get(other) == Some(&moment) {
                patch = others.entry(other).1;
                other += 1;
            }
            if values.is_empty() {
                continue;
            }
            for (slot, value) in slots.iter().zip(patch) {
                values[*slot].clone_from(value);
            }
            merged.note(moment, &values);
        }
        merged
    }
}

/// Whether nobody can tell two values apart. Collections that are not the same one count as different.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::None, Value::None) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a.to_bits() == b.to_bits(),
        (Value::Str(a), Value::Str(b)) => Arc::ptr_eq(a, b) || a == b,
        (Value::DateTime(a), Value::DateTime(b)) => (a.micros, a.offset) == (b.micros, b.offset),
        (Value::List(_, a), Value::List(_, b)) => Arc::ptr_eq(a, b),
        (Value::Dict(_, a), Value::Dict(_, b)) => Arc::ptr_eq(a, b),
        (Value::Set(_, a), Value::Set(_, b)) => Arc::ptr_eq(a, b),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn past(entries: &[(i64, &[i64])]) -> Past {
        let mut past = Past::default();
        for (from, values) in entries {
            past.note(*from, &values.iter().map(|number| Value::Int(*number)).collect::<Vec<_>>());
        }
        past
    }

    fn told(past: &Past) -> String {
        format!("{:?}", past.entries().collect::<Vec<_>>())
    }

    #[test]
    fn only_changes_are_kept() {
        let kept = past(&[(1, &[0, 5]), (2, &[0, 5]), (3, &[1, 5]), (3, &[2, 5]), (9, &[2, 5])]);
        assert_eq!(told(&kept), told(&past(&[(1, &[0, 5]), (3, &[1, 5]), (3, &[2, 5])])));
        let at = |moment| kept.at(moment).map(|values| format!("{values:?}"));
        assert_eq!((at(0), at(2), at(3)), (None, Some("[Int(0), Int(5)]".into()), Some("[Int(2), Int(5)]".into())));
        assert_eq!(told(&kept.pruned(&[0, 2])), told(&past(&[(1, &[0, 5]), (3, &[2, 5])])));
    }

    #[test]
    fn a_slot_gets_another_past() {
        let old = past(&[(1, &[0, 5]), (3, &[1, 5]), (7, &[2, 6])]);
        let new = past(&[(2, &[50]), (3, &[51]), (8, &[60])]);
        let merged = old.with(&[1], &new, &[Value::Int(9)]);
        let expected = past(&[(1, &[0, 9]), (2, &[0, 50]), (3, &[1, 51]), (7, &[2, 51]), (8, &[2, 60])]);
        assert_eq!(told(&merged), told(&expected));
    }

    #[test]
    fn a_slot_gets_other_values_in_its_place() {
        let mut old = past(&[(1, &[0, 5]), (3, &[1, 5]), (3, &[2, 5]), (7, &[2, 6])]);
        let before = told(&old);
        for (new, fits) in [(past(&[(3, &[50]), (7, &[51])]), true), (past(&[]), true), (past(&[(2, &[50])]), false)] {
            let merged = old.with(&[1], &new, &[Value::Int(9)]);
            let Some(mut values) = old.patched(&new, &[Value::Int(9)]) else {
                assert!(!fits);
                continue;
            };
            assert!(fits);
            old.swap(&[1], &mut values);
            for moment in 0..9 {
                assert_eq!(format!("{:?}", old.at(moment)), format!("{:?}", merged.at(moment)), "{moment}");
            }
            old.swap(&[1], &mut values);
            assert_eq!(told(&old), before);
        }
        assert!(old.patched(&past(&[(9, &[50])]), &[Value::Int(9)]).is_none());
    }
}
