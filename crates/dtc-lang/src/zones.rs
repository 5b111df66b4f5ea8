//! The names of time zones, as the engine's database has them. Names only: what a zone's clocks do is the
//! engine's to know.

use crate::suggest;

/// One name a line, sorted; a test of the engine compares it with its database.
const NAMES: &str = include_str!("zones.txt");

pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.lines()
}

/// The zone as the database writes it, whatever the case of its letters.
pub(crate) fn named(name: &str) -> Option<&'static str> {
    names().find(|known| known.eq_ignore_ascii_case(name.trim()))
}

pub(crate) fn nearest(name: &str) -> Option<&'static str> {
    suggest::nearest(name, names())
}
