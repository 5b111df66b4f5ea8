//! Sizes that no sum over subsets reaches: 60 channels, paths of 200 touches, sampled games with their error bars.

use attribution::markov::{Solver, order, solve};
use attribution::models::Answer;
use attribution::random::Random;
use attribution::{Model, Nulls, Outcome, Paths, reconcile};

/// Paths with a liking for some channels; the last touch decides how likely a journey converts.
fn random_paths(channels: u64, count: usize, longest: u64) -> Paths {
    let mut random = Random::new(7);
    let mut paths = Paths::new();
    for channel in 0..channels {
        paths.names.intern(&format!("channel {channel}"));
    }
    for _ in 0..count {
        let touches = 1 + random.below(longest);
        let mut channel = random.below(channels);
        for touch in 0..touches {
            paths.touch_at(channel as u32, (touches - touch) as f64);
            channel = if random.below(3) == 0 { random.below(channels) } else { (channel * 7 + 3) % channels };
        }
        let converts = f64::from(u8::from(random.below(channels) > channel));
        paths.close(Outcome { conversions: converts, nulls: 1.0 - converts, value: 3.0 * converts }).unwrap();
    }
    paths
}

#[test]
fn sixty_channels_and_two_hundred_touches() {
    let paths = random_paths(60, 2000, 200);
    for model in Model::usual() {
        let answer = model.run(paths.sample()).unwrap_or_else(|unable| panic!("{}: {unable}", model.name()));
        let credit = answer.credit(paths.sample().totals().conversions);
        if let Some(credit) = credit.filter(|_| model.is_efficient()) {
            assert!(reconcile(paths.sample(), &credit).conversions_gap.abs() < 1e-8, "{}", model.name());
        }
    }
}

#[test]
fn sweeps_and_factorisation_agree_on_many_windows() {
    let paths = random_paths(15, 400, 40);
    for order in 1..=3 {
        let one = solve(paths.sample(), order, true, Nulls::Counted, Solver::Sweeps).unwrap();
        let other = solve(paths.sample(), order, true, Nulls::Counted, Solver::Factorisation).unwrap();
        assert_eq!(one.states, other.states);
        for (one, other) in one.removal.iter().zip(&other.removal) {
            assert!((one - other).abs() < 1e-12 * other, "{order}: {one} {other}");
        }
        for (one, other) in one.removal_value.iter().zip(&other.removal_value) {
            assert!((one - other).abs() < 1e-12 * other, "{order}: {one} {other}");
        }
    }
}

#[test]
fn sampled_games_are_within_their_error_bars() {
    // Three real channels and 25 that change nothing: the exact values of the three are known from themselves alone.
    let few = random_paths(3, 3000, 4);
    let mut many = Paths::new();
    for (path, outcome) in few.sample().iter() {
        path.touches.iter().for_each(|touch| many.touch(*touch));
        many.close(outcome).unwrap();
    }
    for channel in 0..28 {
        many.names.intern(&format!("channel {channel}"));
    }
    let rates = |paths: &Paths| match Model::RateSubset.run(paths.sample()).unwrap() {
        Answer::Rates(rates) => rates,
        other => panic!("{other:?}"),
    };
    let (exact, sampled) = (rates(&few), rates(&many));
    let error = sampled.error.clone().unwrap();
    assert!(exact.error.is_none());
    for (channel, (value, error)) in sampled.values.iter().zip(&error).enumerate() {
        let wanted = exact.values.get(channel).copied().unwrap_or_default();
        assert!((value - wanted).abs() <= 4.0 * error + 1e-12, "{channel}: {value} {wanted} {error}");
    }
    assert_eq!(rates(&many), sampled, "the seed is fixed");
}

#[test]
fn the_order_that_made_the_journeys_is_chosen() {
    // A step depends on the last two touches: x follows a b, y follows b b.
    let (mut random, mut second, mut first) = (Random::new(3), Paths::new(), Paths::new());
    for paths in [&mut second, &mut first] {
        for name in ["a", "b", "x", "y"] {
            paths.names.intern(name);
        }
    }
    for _ in 0..4000 {
        let (one, last) = (random.below(2) as u32, 1);
        let sure = random.below(10) < 9;
        [one, last, if sure { 2 + one } else { 3 - one }].iter().for_each(|touch| second.touch(*touch));
        let outcome = Outcome { conversions: 1.0, nulls: 0.0, value: 1.0 };
        second.close(outcome).unwrap();
        let mut channel = random.below(4) as u32;
        for _ in 0..6 {
            first.touch(channel);
            channel = if random.below(4) == 0 { random.below(4) as u32 } else { (channel + 1) % 4 };
        }
        first.close(outcome).unwrap();
    }
    assert_eq!(order::choose(second.sample(), 4).unwrap().chosen, 2);
    let choice = order::choose(first.sample(), 3).unwrap();
    assert!(choice.orders[1].log_likelihood > choice.orders[0].log_likelihood + 0.1, "{choice:?}");
}
