//! Guards: past a stated threshold the answer is refused with the reason, never a confident number.

use super::{Calibration, Diagnostics};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    Fine,
    /// Told beside the answer.
    Doubtful,
    /// No answer.
    Refused,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Guard {
    /// E.g. `effective_sample_size`.
    pub name: &'static str,
    pub value: f64,
    /// Past it the answer is refused.
    pub limit: f64,
    pub verdict: Verdict,
    /// In a sentence; empty where it is fine.
    pub reason: String,
}

/// Share of the rows that the effective sample size must reach.
const LEAST_EFFECTIVE: f64 = 0.01;
/// Effective rows below which an answer is doubtful.
const FEW_EFFECTIVE: f64 = 100.0;
/// One row may carry so much of all weight, where there are rows to share it.
const MOST_OF_ONE: f64 = 0.5;
const MUCH_OF_ONE: f64 = 0.1;
const ENOUGH_TO_SHARE: u64 = 10;
/// The mean weight may be so far from 1 in standard errors, if it is also so far in absolute terms.
const MOST_ERRORS: f64 = 6.0;
const MANY_ERRORS: f64 = 3.0;
const MOST_APART: f64 = 0.2;

impl Guard {
    /// `reason` is asked where it is not fine.
    fn of(name: &'static str, (value, limit): (f64, f64), verdict: Verdict, reason: impl FnOnce() -> String) -> Guard {
        let reason = if verdict == Verdict::Fine { String::new() } else { reason() };
        Guard { name, value, limit, verdict, reason }
    }
}

/// What the log says about the policy, looked at in order.
pub fn guards(found: &Diagnostics) -> Vec<Guard> {
    vec![effective(found), largest(found), mean_weight(found), support(found)]
}

fn effective(found: &Diagnostics) -> Guard {
    let limit = LEAST_EFFECTIVE * found.rows as f64;
    let size = found.effective_size;
    let verdict = if size < limit {
        Verdict::Refused
    } else if size < FEW_EFFECTIVE {
        Verdict::Doubtful
    } else {
        Verdict::Fine
    };
    Guard::of("effective_sample_size", (size, limit), verdict, || {
        format!(
            "The log tells as much about this policy as {size:.1} rows would, of {}. Log a policy that is nearer to it, \
             or more of this one.",
            found.rows
        )
    })
}

fn largest(found: &Diagnostics) -> Guard {
    let share = found.largest_share;
    let verdict = match found.rows >= ENOUGH_TO_SHARE {
        true if share > MOST_OF_ONE => Verdict::Refused,
        true if share > MUCH_OF_ONE => Verdict::Doubtful,
        _ => Verdict::Fine,
    };
    Guard::of("largest_weight_share", (share, MOST_OF_ONE), verdict, || {
        format!(
            "One row carries {:.0} % of all weight ({:.4}): the answer is that row's reward. Look at its probability.",
            share * 100.0,
            found.largest_weight
        )
    })
}

fn mean_weight(found: &Diagnostics) -> Guard {
    let apart = (found.mean_weight - 1.0).abs();
    // Two roundings of equal probabilities are no difference.
    let errors = if apart < 1e-9 { 0.0 } else { apart / found.weight_error.max(f64::MIN_POSITIVE) };
    let verdict = if apart > MOST_APART && errors > MOST_ERRORS {
        Verdict::Refused
    } else if errors > MANY_ERRORS {
        Verdict::Doubtful
    } else {
        Verdict::Fine
    };
    Guard::of("mean_weight", (found.mean_weight, MOST_APART), verdict, || {
        format!(
            "The mean weight is {:.4} where true probabilities give 1: the logged probabilities are not those of the \
             actions taken, or the policy takes actions that were never logged.",
            found.mean_weight
        )
    })
}

fn support(found: &Diagnostics) -> Guard {
    let verdict = if found.largest_weight > 0.0 { Verdict::Fine } else { Verdict::Refused };
    Guard::of("support", (1.0 - found.zero_share, 0.0), verdict, || {
        "The policy takes none of the actions that were logged.".to_owned()
    })
}

/// Times that an action must have been taken before its probabilities are judged.
const ENOUGH_TAKEN: u64 = 30;

/// Whether the logged probabilities are those with which actions were taken: over the decisions that offered an
/// action, the mean of 1/p where it was taken is 1. `None` where no action was taken often enough to tell.
pub fn calibration_guard(calibration: &Calibration, name_of: impl Fn(usize) -> String) -> Option<Guard> {
    let judged = calibration.actions().filter(|one| one.taken >= ENOUGH_TAKEN);
    let worst = judged.max_by(|a, b| a.errors().total_cmp(&b.errors()))?;
    let (mean, errors) = (worst.mean(), worst.errors());
    let apart = (mean - 1.0).abs();
    let verdict = if apart > MOST_APART && errors > MOST_ERRORS {
        Verdict::Refused
    } else if errors > MANY_ERRORS + 1.0 {
        // One more than for a single mean: this is the worst of many.
        Verdict::Doubtful
    } else {
        Verdict::Fine
    };
    Some(Guard::of("calibration", (mean, MOST_APART), verdict, || {
        format!(
            "Action `{}` was taken {:.2} times as often as the logged probabilities say ({} times). Log the probability \
             of the action that was really taken, at the moment of the decision.",
            name_of(worst.action),
            mean,
            worst.taken
        )
    }))
}

/// How far the sum of probabilities may be from 1: rounding, and what is no distribution.
const ROUNDED: f64 = 1e-4;
const NO_DISTRIBUTION: f64 = 0.01;

/// Whether probabilities over all actions sum to 1; `sum` is the one that is furthest from it, at `place`.
pub fn sum_guard(name: &'static str, whose: &str, sum: f64, place: &str) -> Guard {
    let apart = (sum - 1.0).abs();
    let verdict = match apart {
        _ if apart.is_nan() || apart > NO_DISTRIBUTION => Verdict::Refused,
        _ if apart > ROUNDED => Verdict::Doubtful,
        _ => Verdict::Fine,
    };
    Guard::of(name, (sum, NO_DISTRIBUTION), verdict, || {
        format!(
            "The probabilities of {whose} sum to {sum:.6} at {place}, not to 1. Give each action that the decision \
             offered its probability, and no other."
        )
    })
}
