//! Regular expressions as Python's `re` has them: its syntax, its backtracking, within a budget.
//!
//! Our own, as no crate has Python's rules (`\Z`, `{,n}`, what `\w` is, how empty repeats end) and
//! the page's budget has no room for a general one. Knows characters only, nothing of values.

mod characters;
mod machine;
mod parse;
mod parse_group;
mod program;
mod tree;

use std::sync::Arc;

pub(crate) use characters::is_word;
pub(crate) use machine::{Found, Goal};
pub(crate) use parse_group::is_name;

pub(crate) mod flag {
    pub(crate) const IGNORE_CASE: u32 = 2;
    pub(crate) const LOCALE: u32 = 4;
    pub(crate) const MULTI_LINE: u32 = 8;
    pub(crate) const DOT_ALL: u32 = 16;
    pub(crate) const UNICODE: u32 = 32;
    pub(crate) const VERBOSE: u32 = 64;
    pub(crate) const DEBUG: u32 = 128;
    pub(crate) const ASCII: u32 = 256;
}

/// A pattern that can be run.
#[derive(Debug)]
pub struct Pattern {
    pub(crate) source: Arc<str>,
    pub(crate) flags: u32,
    /// Capturing groups, without the whole match.
    pub(crate) groups: usize,
    pub(crate) names: Vec<(Arc<str>, usize)>,
    program: program::Program,
}

/// Why a pattern cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    pub message: String,
    pub kind: FaultKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// Python's `re.error`.
    Pattern,
    /// Flags that exclude each other.
    Flags,
    /// A repetition number past Python's.
    Overflow,
}

/// The budget is used up: the pattern backtracks too much on this text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Exhausted;

impl Pattern {
    pub(crate) fn new(source: &str, flags: u32) -> Result<Pattern, Fault> {
        let parsed = parse::parse(source, flags)?;
        let program = program::Program::new(&parsed.tree, parsed.groups);
        Ok(Pattern {
            source: Arc::from(source),
            flags: parsed.flags,
            groups: parsed.groups,
            names: parsed.names.into_iter().map(|(name, group)| (Arc::from(name), group)).collect(),
            program,
        })
    }

    /// The number of a named group.
    pub(crate) fn named(&self, name: &str) -> Option<usize> {
        self.names.iter().find(|(known, _)| **known == *name).map(|(_, group)| *group)
    }

    /// The first match at or after `start`; what the text is to be cut off at is cut off already.
    /// `budget` counts down with the work done.
    pub(crate) fn find(
        &self,
        text: &[char],
        start: usize,
        goal: Goal,
        budget: &mut u64,
    ) -> Result<Option<Found>, Exhausted> {
        machine::find(&self.program, text, start, goal, budget)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn catastrophes_end_with_the_budget() {
        let text: Vec<char> = "a".repeat(40).chars().chain(['b']).collect();
        for source in ["(a+)+$", "(a|aa)+$", "(?:a?){40}a{40}$", r"(a*)*\1c"] {
            let mut budget = 100_000;
            let pattern = Pattern::new(source, 0).unwrap();
            let goal = Goal { anchored: false, whole: false, advance: false };
            assert_eq!(
                pattern.find(&text, 0, goal, &mut budget).map(|found| found.is_some()),
                Err(Exhausted),
                "{source}"
            );
        }
    }

    #[test]
    fn any_text_is_refused_or_read() {
        let pieces =
            ["(", ")", "[", "]", "{", "}", "*", "+", "?", "\\", "|", "^", "a", "1", ",", "-", "<", "P", "=", "!", ":"];
        let mut state = 1u64;
        for _ in 0..20_000 {
            let mut source = String::new();
            for _ in 0..9 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                source.push_str(pieces[(state >> 33) as usize % pieces.len()]);
            }
            if let Ok(pattern) = Pattern::new(&source, 0) {
                let goal = Goal { anchored: false, whole: false, advance: false };
                let _ = pattern.find(&['a', '1', 'a', '-'], 0, goal, &mut 10_000);
            }
        }
        assert!(Pattern::new(&"(".repeat(5000), 0).is_err());
    }
}
