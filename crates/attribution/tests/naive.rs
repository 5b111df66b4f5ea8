//! The same models as plainly as they can be said: 2^N subsets, a chain solved again for each removed channel.

use std::collections::BTreeMap;

use attribution::{Nulls, Paths};

/// Shapley's value of any game over few players.
pub fn shapley(players: usize, worth: impl Fn(u32) -> f64) -> Vec<f64> {
    let factorial = |n: usize| (1..=n).map(|k| k as f64).product::<f64>();
    (0..players)
        .map(|player| {
            let without = (0..1_u32 << players).filter(|set| set >> player & 1 == 0);
            without
                .map(|set| {
                    let size = set.count_ones() as usize;
                    let weight = factorial(size) * factorial(players - size - 1) / factorial(players);
                    weight * (worth(set | 1 << player) - worth(set))
                })
                .sum()
        })
        .collect()
}

/// Conversions and journeys by set of channels.
pub fn sets(paths: &Paths) -> BTreeMap<u32, (f64, f64)> {
    let mut sets = BTreeMap::new();
    for (path, outcome) in paths.sample().iter().filter(|(path, _)| !path.touches.is_empty()) {
        let set = path.touches.iter().fold(0, |set, touch| set | 1 << touch);
        let sums: &mut (f64, f64) = sets.entry(set).or_default();
        sums.0 += outcome.conversions;
        sums.1 += outcome.journeys();
    }
    sets
}

/// Chance to convert, by repeated steps, of a chain with loops in which windows with `removed` lead to null.
pub fn conversion(paths: &Paths, order: usize, nulls: Nulls, removed: Option<u32>) -> f64 {
    let mut steps: BTreeMap<Vec<u32>, BTreeMap<Option<Vec<u32>>, f64>> = BTreeMap::new();
    let mut starts: BTreeMap<Vec<u32>, f64> = BTreeMap::new();
    let mut converts: BTreeMap<Vec<u32>, f64> = BTreeMap::new();
    let mut journeys = 0.0;
    for (path, mut outcome) in paths.sample().iter().filter(|(path, _)| !path.touches.is_empty()) {
        if nulls == Nulls::LeftOut {
            outcome.nulls = 0.0;
        }
        let windows: Vec<Vec<u32>> = path.touches.windows(order.min(path.touches.len())).map(<[u32]>::to_vec).collect();
        journeys += outcome.journeys();
        *starts.entry(windows[0].clone()).or_default() += outcome.journeys();
        for pair in windows.windows(2) {
            *steps.entry(pair[0].clone()).or_default().entry(Some(pair[1].clone())).or_default() += outcome.journeys();
        }
        let last = windows.last().unwrap().clone();
        *converts.entry(last.clone()).or_default() += outcome.conversions;
        *steps.entry(last).or_default().entry(None).or_default() += outcome.journeys();
    }
    let gone = |window: &[u32]| removed.is_some_and(|removed| window.contains(&removed));
    let mut worth: BTreeMap<Vec<u32>, f64> = steps.keys().map(|window| (window.clone(), 0.0)).collect();
    for _ in 0..20_000 {
        let before = worth.clone();
        for (window, onward) in &steps {
            let left: f64 = onward.values().sum();
            let walked: f64 = onward
                .iter()
                .filter_map(|(to, count)| to.as_ref().filter(|to| !gone(to)).map(|to| count * before[to]))
                .sum();
            let sum =
                (walked + converts.get(window).copied().unwrap_or_default()) / if left == 0.0 { 1.0 } else { left };
            worth.insert(window.clone(), sum);
        }
        if worth.iter().all(|(window, value)| (value - before[window]).abs() < 1e-17) {
            break;
        }
    }
    let sum: f64 = starts.iter().filter(|(window, _)| !gone(window)).map(|(window, count)| count * worth[window]).sum();
    sum / journeys
}
