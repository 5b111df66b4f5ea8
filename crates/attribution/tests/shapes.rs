//! What journeys look like: by hand on small journeys, as sums on random ones.

use attribution::journey::shares;
use attribution::markov::State;
use attribution::random::Random;
use attribution::shape::{days_to_convert, presence, sequences, steps, touches_to_convert};
use attribution::{Model, Outcome, Paths};

const CONVERTED: Outcome = Outcome { conversions: 1.0, nulls: 0.0, value: 10.0 };
const LOST: Outcome = Outcome { conversions: 0.0, nulls: 1.0, value: 0.0 };

fn add(paths: &mut Paths, touches: &[(&str, f64)], outcome: Outcome) {
    for (name, hours) in touches {
        let channel = paths.names.intern(name);
        paths.touch_at(channel, *hours);
    }
    paths.close(outcome).unwrap();
}

fn small() -> Paths {
    let mut paths = Paths::new();
    add(&mut paths, &[("a", 48.0), ("b", 1.0)], CONVERTED);
    add(&mut paths, &[("a", 24.0), ("b", 2.0)], LOST);
    add(&mut paths, &[("a", 12.0)], CONVERTED);
    add(&mut paths, &[("b", 96.0), ("a", 90.0), ("b", 0.0)], CONVERTED);
    add(&mut paths, &[], CONVERTED);
    paths
}

#[test]
fn paths_and_ends_are_counted() {
    let paths = small();
    let (listed, all) = sequences(paths.sample(), 2);
    assert_eq!((listed.len(), all), (2, 3));
    assert_eq!((listed[0].touches.as_slice(), listed[0].outcome.journeys()), (&[0, 1][..], 2.0));
    // Of equally frequent ones the first by name.
    assert_eq!(listed[1].touches, [0]);
    let presence = presence(paths.sample());
    assert_eq!((presence[0].journeys, presence[0].touches, presence[1].touches), (4.0, 4.0, 4.0));
    assert_eq!((presence[0].last.conversions, presence[1].last.conversions, presence[1].last.nulls), (1.0, 2.0, 1.0));
}

#[test]
fn percentiles_are_by_nearest_rank_and_bars_hold_everything() {
    let paths = small();
    let touches = touches_to_convert(paths.sample());
    assert_eq!((touches.conversions, touches.mean), (3.0, 2.0));
    assert_eq!([0.0, 0.33, 0.34, 0.9].map(|part| touches.percentile(part).unwrap()), [1.0, 1.0, 2.0, 3.0]);
    let days = days_to_convert(paths.sample()).unwrap();
    assert_eq!((days.percentile(0.5), days.percentile(1.0)), (Some(2.0), Some(4.0)));
    let bins = days.bins(3, 0.1);
    assert_eq!(bins.iter().map(|bin| bin.conversions).sum::<f64>(), 3.0);
    assert!(bins.windows(2).all(|pair| pair[0].to == Some(pair[1].from)), "{bins:?}");
    assert_eq!(days_to_convert(Paths::new().sample()), None);
    assert!(touches_to_convert(Paths::new().sample()).bins(5, 1.0).is_empty());
}

#[test]
fn every_journey_flows_to_an_end() {
    let paths = small();
    let steps = steps(paths.sample(), 2);
    let sum = |place: usize| steps.iter().filter(|step| step.place == place).map(|step| step.journeys).sum::<f64>();
    assert_eq!((sum(0), sum(1)), (4.0, 3.0));
    let ends = steps.iter().filter(|step| step.to == State::Conversion).map(|step| step.journeys).sum::<f64>();
    assert_eq!(ends, 2.0);
}

#[test]
fn journeys_sum_to_the_credit_of_models_that_look_at_one_at_a_time() {
    let (mut random, mut paths) = (Random::new(5), Paths::new());
    for name in ["a", "b", "c", "d"] {
        paths.names.intern(name);
    }
    for _ in 0..300 {
        for place in 0..=random.below(6) {
            paths.touch_at(random.below(4) as u32, 100.0 - place as f64);
        }
        paths.close(if random.below(3) == 0 { CONVERTED } else { LOST }).unwrap();
    }
    let names = [
        "first",
        "last",
        "linear",
        "position",
        "half_life",
        "participation",
        "w:b",
        "last_non:a",
        "shapley",
        "ordered_shapley",
    ];
    for name in names {
        let model = Model::read(name).unwrap();
        let answer = model.run(paths.sample()).unwrap();
        let credit = answer.credit(paths.sample().totals().conversions).unwrap();
        let mut sums = vec![0.0; 4];
        for (path, outcome) in paths.sample().iter() {
            let shares = shares(&model, &answer, &paths.names, path).unwrap();
            assert!(shares.is_exact);
            path.touches
                .iter()
                .zip(&shares.touches)
                .for_each(|(touch, share)| sums[*touch as usize] += share * outcome.conversions);
        }
        for (sum, credit) in sums.iter().zip(&credit.conversions) {
            assert!((sum - credit).abs() < 1e-9, "{name}: {sums:?}");
        }
    }
    let markov = Model::read("markov").unwrap();
    let answer = markov.run(paths.sample()).unwrap();
    let shares = shares(&markov, &answer, &paths.names, paths.path(0)).unwrap();
    assert!(!shares.is_exact && (shares.touches.iter().sum::<f64>() - 1.0).abs() < 1e-12);
}
