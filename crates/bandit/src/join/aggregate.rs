//! Several rewards of one decision become one.

use super::rule::Aggregation;

/// Reward and delay, from the rewards of one window in the order of time, ties by arrival; of an aggregate
/// the delay is that of its last reward. Nothing for no reward, and for `Each`, which makes none of many.
pub(super) fn aggregate(aggregation: Aggregation, rewards: &[(i64, f64)]) -> Option<(i64, f64)> {
    let (first, last) = (*rewards.first()?, *rewards.last()?);
    let values = || rewards.iter().map(|(_, reward)| *reward);
    let joined = match aggregation {
        Aggregation::Last => last,
        Aggregation::First => first,
        Aggregation::Sum => (last.0, values().sum()),
        Aggregation::Mean => (last.0, values().sum::<f64>() / rewards.len() as f64),
        Aggregation::Median => (last.0, median(values().collect())),
        // Compared with each other and never with a bound of the type: rewards may all be below zero.
        Aggregation::Min => chosen(rewards, first, |value, best| value < best),
        Aggregation::Max => chosen(rewards, first, |value, best| value > best),
        Aggregation::Each => return None,
    };
    Some(joined)
}

fn chosen(rewards: &[(i64, f64)], first: (i64, f64), better: fn(f64, f64) -> bool) -> (i64, f64) {
    rewards.iter().fold(first, |best, reward| if better(reward.1, best.1) { *reward } else { best })
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 { values[middle] } else { f64::midpoint(values[middle - 1], values[middle]) }
}
