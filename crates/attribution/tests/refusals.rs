//! Models that cannot run say why, and journeys that are none are not taken.

use attribution::{Model, Outcome, Paths, Unable};

use crate::textbook::paths;

#[test]
fn a_rule_of_times_needs_times() {
    let paths = paths(&[(&["a"], 1.0, 0.0, 1.0)]);
    assert_eq!(Model::read("half_life").unwrap().run(paths.sample()), Err(Unable::NoTimes));
}

#[test]
fn chains_and_rates_need_conversions_and_others_stand() {
    for paths in [paths(&[(&["a"], 0.0, 3.0, 0.0)]), paths(&[(&[], 2.0, 0.0, 9.0)]), Paths::new()] {
        for model in Model::usual() {
            match model.run(paths.sample()) {
                Err(unable) => assert!([Unable::NoConversions, Unable::NoTimes].contains(&unable), "{}", model.name()),
                Ok(answer) => {
                    let credit = answer.credit(0.0).unwrap();
                    assert!(credit.conversions.iter().all(|credit| *credit == 0.0), "{}", model.name());
                }
            }
        }
    }
}

#[test]
fn conversions_without_a_touch_are_counted_apart() {
    let paths = paths(&[(&["a"], 1.0, 1.0, 5.0), (&[], 2.0, 0.0, 9.0)]);
    let totals = paths.sample().totals();
    assert_eq!(
        (totals.conversions, totals.value, totals.unattributed, totals.unattributed_value),
        (1.0, 5.0, 2.0, 9.0)
    );
    assert_eq!(totals.journeys, 4.0);
}

#[test]
fn what_is_no_count_is_not_taken() {
    let mut paths = Paths::new();
    let a = paths.names.intern("a");
    for outcome in [(f64::NAN, 0.0, 0.0), (-1.0, 0.0, 0.0), (0.0, f64::INFINITY, 0.0), (1.0, 0.0, f64::NAN)] {
        paths.touch(a);
        let (conversions, nulls, value) = outcome;
        assert_eq!(paths.close(Outcome { conversions, nulls, value }), Err(Unable::BadOutcome));
    }
    paths.touch_at(a, f64::NAN);
    assert_eq!(paths.close(Outcome::default()), Err(Unable::BadOutcome));
    paths.touch_at(a, 1.0);
    paths.close(Outcome::default()).unwrap();
    paths.touch(a);
    assert_eq!(paths.close(Outcome::default()), Err(Unable::MixedTimes));
    assert_eq!((paths.len(), paths.touches(), paths.path(0).hours), (1, 1, &[1.0][..]));
}

#[test]
fn too_many_channels_and_windows_are_refused() {
    let mut paths = Paths::new();
    for channel in 0..3000 {
        let channel = paths.names.intern(&format!("c{channel}"));
        paths.touch(channel);
    }
    paths.close(Outcome { conversions: 1.0, nulls: 0.0, value: 1.0 }).unwrap();
    for name in ["shapley_rate_exact_set", "shapley_rate_subset", "shapley_rate_per_journey"] {
        assert_eq!(Model::read(name).unwrap().run(paths.sample()), Err(Unable::TooManyChannels(3000, 128)));
    }
    let many = Model::read("markov:8").unwrap().run(paths.sample());
    assert!(matches!(many, Err(Unable::TooMuch("numbers for its windows, at least", _)) | Ok(_)), "{many:?}");
    let credit = Model::Shapley.run(paths.sample()).unwrap().credit(1.0).unwrap();
    assert!(credit.conversions.iter().all(|credit| (credit - 1.0 / 3000.0).abs() < 1e-18));
}

#[test]
fn what_is_no_model_is_refused_with_its_reason() {
    for (text, code) in [
        ("position:0.9/0.2", Some("position")),
        ("position:x", Some("position")),
        ("half_life:-1", Some("the half-life")),
        ("markov:9", Some("the order of a chain")),
        ("markov:0", Some("the order of a chain")),
        ("last_non", Some("the channel")),
        ("first:1", Some("the model")),
        ("frist", None),
        ("markov_order9_loopstrue", None),
    ] {
        let which = match Model::read(text).unwrap_err() {
            attribution::UnknownModel::Parameter(Unable::BadParameter(which, _)) => Some(which),
            attribution::UnknownModel::Name => None,
            other => panic!("{other:?}"),
        };
        assert_eq!(which, code, "{text}");
    }
}
