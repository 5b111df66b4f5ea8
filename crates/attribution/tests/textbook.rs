//! The example that every introduction to removal effects has: C1 > C2 > C3 converts, C1 and C2 > C3 do not.

use attribution::models::Answer;
use attribution::{Events, Model, Nulls, Outcome, Paths, Preparation, Rule, Unable};

pub fn paths(lines: &[(&[&str], f64, f64, f64)]) -> Paths {
    let mut paths = Paths::new();
    for (touches, conversions, nulls, value) in lines {
        for touch in *touches {
            let channel = paths.names.intern(touch);
            paths.touch(channel);
        }
        paths.close(Outcome { conversions: *conversions, nulls: *nulls, value: *value }).unwrap();
    }
    paths
}

fn textbook() -> Paths {
    paths(&[(&["C1", "C2", "C3"], 1.0, 0.0, 1.0), (&["C1"], 0.0, 1.0, 0.0), (&["C2", "C3"], 0.0, 1.0, 0.0)])
}

#[test]
fn removal_effects_are_a_half_one_and_one() {
    let paths = textbook();
    let markov = attribution::markov::run(paths.sample(), 1, true, Nulls::Counted).unwrap();
    assert!((markov.p_conversion - 1.0 / 3.0).abs() < 1e-15);
    for (found, wanted) in markov.removal.iter().zip([0.5, 1.0, 1.0]) {
        assert!((found - wanted).abs() < 1e-15, "{:?}", markov.removal);
    }
    for (found, wanted) in markov.credit.conversions.iter().zip([0.2, 0.4, 0.4]) {
        assert!((found - wanted).abs() < 1e-15, "{:?}", markov.credit);
    }
}

#[test]
fn weights_by_hand() {
    let paths = paths(&[(&["a", "b", "demo", "b", "a"], 1.0, 0.0, 10.0)]);
    let credit = |text: &str| match Model::read(text).unwrap().run(paths.sample()).unwrap() {
        Answer::Credit(credit) => credit.conversions,
        other => panic!("{other:?}"),
    };
    let near = |text: &str, wanted: [f64; 3]| {
        let found = credit(text);
        assert!(found.iter().zip(wanted).all(|(found, wanted)| (found - wanted).abs() < 1e-15), "{text}: {found:?}");
    };
    near("first", [1.0, 0.0, 0.0]);
    near("last_non:a", [0.0, 1.0, 0.0]);
    near("last_non:nobody", [1.0, 0.0, 0.0]);
    near("linear", [0.4, 0.4, 0.2]);
    near("linear_unique", [1.0 / 3.0; 3]);
    near("position", [0.8, 0.4 / 3.0, 0.2 / 3.0]);
    near("position:0.5/0.1", [0.6, 0.8 / 3.0, 0.4 / 3.0]);
    near("j", [0.8, 0.4 / 3.0, 0.2 / 3.0]);
    near("w:demo", [0.6, 0.1, 0.3]);
    near("w:a", [0.9 / 0.9 * 0.9, 0.1 * 2.0 / 3.0, 0.1 / 3.0]);
    near("ramp", [6.0 / 15.0, 6.0 / 15.0, 3.0 / 15.0]);
    near("geo", [17.0 / 31.0, 10.0 / 31.0, 4.0 / 31.0]);
    near("participation", [1.0, 1.0, 1.0]);
    near("shapley", [1.0 / 3.0; 3]);
}

#[test]
fn two_touches_and_one() {
    let two = paths(&[(&["a", "b"], 1.0, 0.0, 0.0), (&["c"], 1.0, 0.0, 0.0)]);
    let custom = Model::read("position:0.5/0.3").unwrap().run(two.sample()).unwrap().credit(2.0).unwrap();
    assert_eq!(custom.conversions, [0.6, 0.4, 1.0]);
    let w = Model::Rule(Rule::WShape(Some("b".into()))).run(two.sample()).unwrap().credit(2.0).unwrap();
    assert!((w.conversions[0] - 1.0 / 3.0).abs() < 1e-15 && w.conversions[2] == 1.0, "{w:?}");
}

#[test]
fn a_milestone_is_led_to_by_the_touch_before_it() {
    let mut events = Events::new();
    for (time, channel) in [(1, "ad"), (2, "mail"), (4, "search"), (6, "direct")] {
        events.touch("u", time, channel, 0.0);
    }
    events.milestone("u", 3);
    events.milestone("u", 5);
    events.conversion("u", 7, 10.0);
    let journeys = events.prepare(&Preparation::default());
    let credit = Model::read("w").unwrap().run(journeys.paths.sample()).unwrap().credit(1.0).unwrap();
    for (found, wanted) in credit.conversions.iter().zip([0.3, 0.3, 0.1, 0.3]) {
        assert!((found - wanted).abs() < 1e-15, "{credit:?}");
    }
    let without = paths(&[(&["a", "b"], 1.0, 0.0, 0.0)]);
    assert_eq!(Model::read("w").unwrap().run(without.sample()), Err(Unable::NoMilestones));
}

#[test]
fn every_name_reads_back_as_its_model() {
    let mut models = Model::usual();
    models.extend([
        Model::Rule(Rule::LastNon("Paid: search".into())),
        Model::Rule(Rule::WShape(Some("Demo".into()))),
        Model::Rule(Rule::WShape(None)),
        Model::Markov { order: 4, loops: false, nulls: Nulls::Counted },
        Model::Markov { order: 1, loops: true, nulls: Nulls::LeftOut },
        Model::read("half_life:2d").unwrap(),
        Model::read("position:0.3/0.3").unwrap(),
    ]);
    for model in models {
        assert_eq!(Model::read(&model.name()), Ok(model.clone()), "{}", model.name());
    }
    assert_eq!(Model::read("markov_order2_loopsFalse"), Model::read("markov_no_loops:2"));
    assert_eq!(Model::read("halflife168h"), Model::read("half_life"));
}
