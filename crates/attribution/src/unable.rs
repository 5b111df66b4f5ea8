//! Why a model gives no answer. Models are independent: the others stand.

use std::fmt;

#[derive(Debug, Clone, PartialEq)]
pub enum Unable {
    /// A count that is negative or no number, or a value or time that is no number.
    BadOutcome,
    /// Some touches have times and some have none.
    MixedTimes,
    TooManyTouches,
    NoConversions,
    NoTimes,
    NoMilestones,
    NoChannel(String),
    /// `(channels, most)`
    TooManyChannels(usize, usize),
    /// Work that would not end: what is too much, and how much of it there is.
    TooMuch(&'static str, f64),
    /// Somebody stopped it.
    Stopped,
    /// A probability that could not be found to the last digits.
    NotSettled,
    /// A model's parameter: which, and what it must be.
    BadParameter(&'static str, &'static str),
}

impl Unable {
    /// Stable, for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Unable::BadOutcome => "bad_outcome",
            Unable::MixedTimes => "mixed_times",
            Unable::TooManyTouches => "too_many_touches",
            Unable::NoConversions => "no_conversions",
            Unable::NoTimes => "no_times",
            Unable::NoMilestones => "no_milestones",
            Unable::NoChannel(_) => "no_channel",
            Unable::TooManyChannels(..) => "too_many_channels",
            Unable::TooMuch(..) => "too_much",
            Unable::Stopped => "stopped",
            Unable::NotSettled => "not_settled",
            Unable::BadParameter(..) => "bad_parameter",
        }
    }
}

impl fmt::Display for Unable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unable::BadOutcome => out.write_str(
                "counts must be 0 or from 1e-9 to 1e15, values at most 1e30, and hours numbers; use another unit",
            ),
            Unable::MixedTimes => out.write_str("some touches have times and some have none; give all or none"),
            Unable::TooManyTouches => {
                out.write_str("more than four billion touches; aggregate equal journeys to paths")
            }
            Unable::NoConversions => {
                out.write_str("no journey with a touch converts, so there is nothing to share out")
            }
            Unable::NoTimes => out.write_str("it needs the time of each touch, and the paths have none; use journeys"),
            Unable::NoMilestones => {
                out.write_str("no journey has a milestone; say which records mark it (`Milestone`), or write `w:NAME`")
            }
            Unable::NoChannel(name) => write!(out, "no touch has the name `{name}`"),
            Unable::TooManyChannels(channels, most) => write!(
                out,
                "it works with up to {most} channels and there are {channels}; group them, or keep the top and call the rest others"
            ),
            Unable::TooMuch(what, amount) => {
                write!(out, "it would take {amount:.1e} {what}; take a lower order, or fewer channels")
            }
            Unable::Stopped => out.write_str("it was stopped before its end"),
            Unable::NotSettled => {
                out.write_str("its probabilities do not settle; journeys go round in circles almost for ever")
            }
            Unable::BadParameter(which, must) => write!(out, "{which} must be {must}"),
        }
    }
}

impl std::error::Error for Unable {}
