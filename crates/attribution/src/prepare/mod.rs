//! From events to journeys: touches and conversions of identities, in any order of time, become paths.
//!
//! The steps, in this order (that of RudderStack's template, which the three-column table comes from):
//! 1. touches of excluded names are left out;
//! 2. each identity's touches are cut at its first conversion (a touch of the same instant stays), or at every
//!    conversion; equal touches of one instant count once; touches before the lookback window are left out;
//! 3. of all names the `top` most frequent stay, by count and then name; the rest is called `others`;
//! 4. names are replaced by their groups, or dropped;
//! 5. a touch that follows the same name within `repeat_within` is dropped; each is compared with the one right before
//!    it, so a chain of short steps collapses whole.
//!
//! Identities and channels keep the order of their first appearance, so the same input gives the same output. An
//! identity that converts without a touch is counted, not credited.

mod events;
mod journeys;
mod top;

pub use events::{Event, Events};
pub use journeys::{Journey, Journeys};

/// What is done with each identity's conversions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cycles {
    /// The journey ends at the first conversion; what follows is left out.
    #[default]
    First,
    /// Every conversion ends a journey, and the next touch begins another.
    Repeat,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Preparation {
    pub cycles: Cycles,
    /// Touches longer before the end of their journey are left out; the end is the conversion, or the last touch.
    pub lookback_ms: Option<i64>,
    pub repeat_within_ms: Option<i64>,
    pub exclude: Vec<String>,
    pub top: Option<usize>,
    /// What the rest is called; none: `others`.
    pub others: Option<String>,
    /// Names and their group; without one, touches of the name are dropped.
    pub groups: Vec<(String, Option<String>)>,
}
