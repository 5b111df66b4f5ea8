//! Doubts are seeded, cover what they should, and shrink with more journeys.

use std::sync::atomic::{AtomicUsize, Ordering};

use attribution::doubt::{Options, Run, bootstrap, compare, pearson, spearman, split_halves};
use attribution::markov::order::choose_while;
use attribution::random::Random;
use attribution::{Model, Outcome, Paths, Unable, run_all_while};

use crate::textbook::paths;

const OPTIONS: Options = Options { replicates: 100, splits: 5, seed: 11, level: 0.95, threads: 0 };

/// Journeys of two touches; `a` comes first in `sure` of ten.
fn journeys(count: usize, sure: u64, seed: u64) -> Paths {
    let (mut random, mut paths) = (Random::new(seed), Paths::new());
    for name in ["a", "b", "c"] {
        paths.names.intern(name);
    }
    for _ in 0..count {
        paths.touch(u32::from(random.below(10) >= sure));
        paths.touch(2);
        let converts = f64::from(u8::from(random.below(4) == 0));
        paths.close(Outcome { conversions: converts, nulls: 1.0 - converts, value: 2.0 * converts }).unwrap();
    }
    paths
}

fn models() -> Vec<Model> {
    ["first", "linear", "shapley", "markov", "half_life"].iter().map(|name| Model::read(name).unwrap()).collect()
}

#[test]
fn the_same_seed_gives_the_same_on_any_number_of_threads() {
    let paths = journeys(500, 7, 1);
    let one = bootstrap(paths.sample(), &models(), &Options { threads: 1, ..OPTIONS });
    assert_eq!(one, bootstrap(paths.sample(), &models(), &Options { threads: 3, ..OPTIONS }));
    assert_ne!(one[0], bootstrap(paths.sample(), &models(), &Options { seed: 12, ..OPTIONS })[0]);
    assert_eq!(one[4], Err(Unable::NoTimes));
    let halves = split_halves(paths.sample(), &models(), &Options { threads: 1, ..OPTIONS });
    assert_eq!(halves, split_halves(paths.sample(), &models(), &OPTIONS));
}

#[test]
fn intervals_hold_the_truth_about_as_often_as_they_say() {
    // `a` is first in 7 of 10 conversions, whatever the sample says.
    let first = [Model::read("first").unwrap()];
    let holds = (0..60).filter(|seed| {
        let paths = journeys(400, 7, *seed);
        let share = bootstrap(paths.sample(), &first, &OPTIONS).remove(0).unwrap().share[0];
        share.low <= 0.7 && 0.7 <= share.high
    });
    let held = holds.count();
    assert!((51..=60).contains(&held), "{held} of 60 intervals of 95 %");
}

#[test]
fn more_journeys_leave_less_doubt() {
    let doubt = |count| bootstrap(journeys(count, 6, 3).sample(), &models(), &OPTIONS);
    let (few, many) = (doubt(100), doubt(10_000));
    for (few, many) in few.iter().zip(&many).take(4) {
        let (few, many) = (few.as_ref().unwrap(), many.as_ref().unwrap());
        assert!(many.share[0].error < few.share[0].error / 3.0, "{few:?} {many:?}");
        assert!(many.agreement >= few.agreement && many.replicates == 100);
    }
    let ranks = &many[0].as_ref().unwrap().ranks;
    assert_eq!((ranks[0].rank, ranks[0].low, ranks[0].high, ranks[0].same), (1, 1, 1, 1.0));
    let halves = split_halves(journeys(10_000, 6, 3).sample(), &models(), &OPTIONS);
    assert!(halves[0].as_ref().unwrap().moved < 0.05 && halves[3].as_ref().unwrap().pearson > 0.99, "{halves:?}");
}

#[test]
fn aggregated_paths_are_drawn_journey_by_journey() {
    let paths = paths(&[(&["a"], 300.0, 700.0, 600.0), (&["b"], 100.0, 900.0, 100.0)]);
    let stability = bootstrap(paths.sample(), &[Model::Shapley], &OPTIONS).remove(0).unwrap();
    // Binomial: the standard error of 300 of 2000 journeys is √(300 · 0.85).
    let error = stability.conversions[0].error;
    assert!((12.0..20.0).contains(&error), "{error}");
    assert!((stability.value[0].error / error - 2.0).abs() < 1e-9, "a value follows its conversions");
    let weighted = crate::textbook::paths(&[(&["a"], 0.5, 1.0, 0.0)]);
    let refused = bootstrap(weighted.sample(), &[Model::Shapley], &OPTIONS).remove(0);
    assert!(matches!(refused, Err(Unable::BadParameter(..))));
}

#[test]
fn correlations_by_hand() {
    assert!((spearman(&[1.0, 2.0, 30.0], &[5.0, 6.0, 7.0]) - 1.0).abs() < 1e-15);
    assert!((spearman(&[1.0, 1.0, 2.0], &[2.0, 2.0, 1.0]) + 1.0).abs() < 1e-15);
    assert!((pearson(&[1.0, 2.0, 3.0], &[1.0, 3.0, 2.0]) - 0.5).abs() < 1e-15);
    assert!(pearson(&[1.0, 1.0], &[1.0, 2.0]).is_nan());
}

#[test]
fn a_change_is_clear_beyond_its_errors() {
    let run = |channels: &[(&str, f64, Option<f64>)]| {
        let line = channels.iter().map(|(name, share, error)| ((*name).to_owned(), *share, *error)).collect();
        Run { models: vec![("first".to_owned(), line), ("only here".to_owned() + channels[0].0, vec![])] }
    };
    let before = run(&[("a", 0.5, Some(0.03)), ("gone", 0.5, Some(0.01))]);
    let after = run(&[("a", 0.6, Some(0.04)), ("new", 0.4, None)]);
    let found = compare(&before, &after);
    let line: Vec<_> = found.iter().map(|line| (line.channel.as_str(), line.before, line.after, line.clear)).collect();
    assert_eq!(line, [("a", 0.5, 0.6, Some(true)), ("new", 0.0, 0.4, None), ("gone", 0.5, 0.0, Some(true))]);
}

#[test]
fn whoever_stops_stops_the_models_and_the_choice_of_an_order() {
    let mut paths = Paths::new();
    let channel = paths.names.intern("a");
    paths.touch(channel);
    paths.close(Outcome { conversions: 1.0, nulls: 1.0, value: 0.0 }).unwrap();
    let asked = AtomicUsize::new(0);
    let twice = || asked.fetch_add(1, Ordering::Relaxed) < 2;
    assert!(run_all_while(paths.sample(), &Model::usual(), 1, &twice).is_none());
    assert_eq!(asked.into_inner(), Model::usual().len(), "nothing ran after the third question");
    assert!(choose_while(paths.sample(), 3, &|| false).is_none());
    assert!(choose_while(paths.sample(), 3, &|| true).is_some());
}

#[test]
fn a_chain_of_the_order_that_journeys_choose() {
    let paths = journeys(400, 7, 3);
    let (auto, chosen) = (Model::read("markov:auto").unwrap(), choose_while(paths.sample(), 4, &|| true));
    let order = chosen.unwrap().unwrap().chosen;
    let named = Model::read(&format!("markov:{order}")).unwrap();
    assert_eq!(auto.run(paths.sample()), named.run(paths.sample()));
    assert_eq!((auto.name().as_str(), Model::read("markov:AUTO")), ("markov:auto", Ok(Model::MarkovChosen)));
    let doubts = bootstrap(paths.sample(), &[auto, named], &OPTIONS);
    assert_eq!(doubts[0], doubts[1]);
}
