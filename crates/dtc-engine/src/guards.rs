//! What most conditions begin with (`source.kind == 'purchase'`), answered together: one look at the cell
//! gives all answers for its slot as bits.

use std::sync::Arc;

use dtc_expr::rows::spots;
use dtc_expr::{Columns, Guard, RowAt, Value};

/// Slots whose answers are kept, and answers for each.
const SLOTS: usize = 8;
const BITS: usize = 32;
/// Values of a slot that are remembered. Direct-mapped.
const VALUES: usize = 256;

/// Guards by slot, in the order in which they were met.
#[derive(Debug, Clone, Default)]
pub(crate) struct Guards(Vec<Vec<Guard>>);

impl Guards {
    /// The texts that they compare cells with, in the order in which they were met.
    pub(crate) fn texts(&self) -> Vec<Arc<str>> {
        let mut texts: Vec<Arc<str>> = Vec::new();
        for text in self.0.iter().flatten().filter_map(Guard::text) {
            if !texts.contains(text) {
                texts.push(text.clone());
            }
        }
        texts
    }

    /// The number of a guard: 32 times the place of its slot, and its bit. `None`: there are too many.
    pub(crate) fn bit(&mut self, guard: Guard) -> Option<u32> {
        let slot = match self.0.iter().position(|guards| guards.iter().any(|known| known.slot == guard.slot)) {
            Some(slot) => slot,
            None if self.0.len() < SLOTS => {
                self.0.push(Vec::new());
                self.0.len() - 1
            }
            None => return None,
        };
        let guards = &mut self.0[slot];
        let bit = match guards.iter().position(|known| known.same(&guard)) {
            Some(bit) => bit,
            None if guards.len() < BITS => {
                guards.push(guard);
                guards.len() - 1
            }
            None => return None,
        };
        u32::try_from(slot * BITS + bit).ok()
    }
}

impl Guards {
    /// The slot that the first answers are about.
    pub(crate) fn first_slot(&self) -> Option<usize> {
        self.0.first().map(|guards| usize::from(guards[0].slot))
    }

    /// Whether there are answers about one slot only.
    pub(crate) fn one_slot(&self) -> bool {
        self.0.len() == 1
    }
}

/// The answers for the event at hand, and those of values seen before.
#[derive(Debug)]
pub(crate) struct Answers {
    bits: Vec<u32>,
    /// By slot: for the texts that lie in the same places in all rows, by where they lie.
    of_texts: Vec<Vec<u32>>,
    known: Vec<Vec<(usize, u32, u32)>>,
}

impl Answers {
    pub(crate) fn new(guards: &Guards, columns: &Columns) -> Answers {
        let known = vec![(usize::MAX, 0, 0); VALUES];
        let of_text = |guards: &Vec<Guard>| {
            let mut of_text = Vec::new();
            for (text, spot) in columns.texts.iter().zip(spots(&columns.texts)) {
                of_text.resize(spot, 0);
                of_text.push(answers(guards, &Value::Str(text.clone())));
            }
            of_text
        };
        Answers {
            bits: vec![0; guards.0.len()],
            of_texts: guards.0.iter().map(of_text).collect(),
            known: vec![known; guards.0.len()],
        }
    }

    /// Looks at an event.
    #[inline]
    pub(crate) fn look(&mut self, guards: &Guards, row: &RowAt) {
        for (((bits, of_text), known), guards) in
            self.bits.iter_mut().zip(&self.of_texts).zip(&mut self.known).zip(&guards.0)
        {
            let slot = usize::from(guards[0].slot);
            if let Some(answer) = row.spot(slot).and_then(|spot| of_text.get(spot)) {
                *bits = *answer;
                continue;
            }
            let key = row.key(slot);
            let place = &mut known[(key as usize ^ row.part.wrapping_mul(31)) % VALUES];
            if (place.0, place.1) != (row.part, key) {
                *place = (row.part, key, answers(guards, &row.get(slot)));
            }
            *bits = place.2;
        }
    }

    /// All answers about the first slot.
    #[inline]
    pub(crate) fn first(&self) -> u32 {
        self.bits.first().copied().unwrap_or(0)
    }

    /// The answers about the first slot, known without a look.
    #[inline]
    pub(crate) fn set_first(&mut self, answers: u32) {
        self.bits[0] = answers;
    }

    #[inline]
    pub(crate) fn holds(&self, guard: u32) -> bool {
        self.bits[guard as usize / BITS] >> (guard as usize % BITS) & 1 == 1
    }
}

/// A bit for each guard.
fn answers(guards: &[Guard], value: &Value) -> u32 {
    guards.iter().enumerate().map(|(bit, guard)| u32::from(guard.holds(value)) << bit).sum()
}

/// The answers about the first slot by kind of event, for what somebody asks of one kind after the other.
#[derive(Debug, Default)]
pub(crate) struct ByKind {
    /// Whose kinds they are.
    family: u32,
    known: Vec<Option<Option<u32>>>,
}

impl ByKind {
    /// What `learn` was told of a kind, if it was told.
    pub(crate) fn known(&mut self, family: u32, kind: u8) -> Option<Option<u32>> {
        if self.family != family {
            self.family = family;
            self.known.clear();
        }
        self.known.get(usize::from(kind)).copied().flatten()
    }

    pub(crate) fn learn(&mut self, kind: u8, answers: Option<u32>) {
        if self.known.len() <= usize::from(kind) {
            self.known.resize(usize::from(kind) + 1, None);
        }
        self.known[usize::from(kind)] = Some(answers);
    }
}

/// Which fields of an aggregate an event may change, by the answers about the first slot: the others'
/// conditions are known to be false.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    /// By answers, as they were met.
    known: Vec<(u32, Vec<u16>)>,
    last: usize,
}

impl Touched {
    /// Goes to the fields whose guard (if they have one for the first slot) holds.
    #[inline]
    pub(crate) fn go(&mut self, answers: u32, guards: impl Iterator<Item = Option<u32>>) {
        if self.known.get(self.last).is_none_or(|(known, _)| *known != answers) {
            self.last = self.known.iter().position(|(known, _)| *known == answers).unwrap_or_else(|| {
                let may = |guard: Option<u32>| {
                    guard.filter(|guard| (*guard as usize) < BITS).is_none_or(|guard| answers >> guard & 1 == 1)
                };
                let places = guards.enumerate().filter(|(_, guard)| may(*guard)).map(|(place, _)| place as u16);
                self.known.push((answers, places.collect()));
                self.known.len() - 1
            });
        }
    }

    /// The place of one of those fields.
    #[inline]
    pub(crate) fn field(&self, number: usize) -> Option<usize> {
        self.known.get(self.last)?.1.get(number).map(|place| usize::from(*place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use dtc_expr::{RowsBuilder, Scope, VariableId, compile};

    fn condition(text: &str, columns: &Columns) -> dtc_expr::Program {
        let mut scope = Scope::new();
        scope.add_variable("source", VariableId(0));
        let mut program = compile(text, &scope).unwrap();
        program.bind(VariableId(0), columns);
        program
    }

    #[test]
    fn answers_are_those_of_the_conditions() {
        let mut columns = Columns::of(["kind".into(), "n".into()]);
        let texts =
            ["source.kind == 'a'", "'b' == source.kind", "source.kind != 'a' and source.n > 1", "source.n == 1"];
        let mut guards = Guards::default();
        let found: Vec<_> = texts.iter().map(|text| condition(text, &columns).guard().unwrap()).collect();
        let bits: Vec<u32> = found.iter().map(|(guard, _)| guards.bit(guard.clone()).unwrap()).collect();
        assert_eq!(bits, [0, 1, 2, 32]);
        assert_eq!(guards.bit(found[0].0.clone()), Some(0));
        assert!(found[0].1.is_none() && found[2].1.is_some());
        assert!(condition("source.n > 1 and source.kind == 'a'", &columns).guard().is_none());
        // 'b' is met as a text that has no place of its own.
        columns.texts = guards.texts()[..1].to_vec();
        let mut rows = RowsBuilder::new(&columns);
        for (kind, n) in [("a", 1), ("b", 0), ("a", 2)] {
            rows.set_text(0, kind);
            rows.set(1, Value::Bool(n == 1));
            rows.push();
        }
        let mut row = RowAt { parts: Arc::new(vec![rows.finish()]), part: 0, row: 0 };
        let mut answers = Answers::new(&guards, &columns);
        for (at, expected) in
            [[true, false, false, true], [false, true, true, false], [true, false, false, false]].iter().enumerate()
        {
            row.row = at;
            answers.look(&guards, &row);
            assert_eq!(&[0, 1, 2, 3].map(|place: usize| answers.holds(bits[place])), expected);
        }
    }
}
