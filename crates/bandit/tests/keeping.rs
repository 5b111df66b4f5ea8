//! Bins that were kept, read and merged say what all rows together say.

use bandit::evaluate::{
    Bins, Estimator, Evidence, FarSum, Kept, KeptEstimator, Model, Question, Report, Row, Statistics, report_guarded,
};
use proptest::prelude::*;

/// A row with its time, action, and how many decisions it stands for.
#[derive(Debug, Clone)]
struct Seen {
    at: i64,
    action: usize,
    row: Row,
}

const NAMES: [&str; 3] = ["a", "b", "c"];

fn seen() -> impl Strategy<Value = Seen> {
    let share = |least: u32| (least..=100u32).prop_map(|percent| f64::from(percent) / 100.0);
    let stands_for = prop_oneof![3 => Just(1.0), 1 => Just(4.0 / 3.0), 1 => Just(4.0)];
    (-500..500i64, 0..3usize, -20..20i32, share(5), share(0), share(0), stands_for).prop_map(
        |(at, action, reward, logged, evaluated, q, stands_for)| {
            let model = Some(Model { logged: q, policy: 1.0 - q });
            let row = Row { stands_for, model, ..Row::new(f64::from(reward) / 10.0, logged, evaluated) };
            Seen { at, action, row }
        },
    )
}

fn normalised(all: &[Seen]) -> (Vec<Seen>, f64) {
    let mean = all.iter().map(|one| one.row.stands_for).sum::<f64>() / all.len() as f64;
    let own = |one: &Seen| {
        let stands_for = one.row.stands_for / mean;
        let stands_for = if (stands_for - 1.0).abs() < 1e-12 { 1.0 } else { stands_for };
        Seen { row: Row { stands_for, ..one.row }, ..one.clone() }
    };
    (all.iter().map(own).collect(), mean)
}

/// With actions in the order in which they come, which is another for another log.
fn evidence(all: &[Seen]) -> Evidence {
    let mut evidence = Evidence::default();
    for one in all {
        let name = NAMES[one.action];
        let known = evidence.actions.iter().position(|known| known == name);
        let place = known.unwrap_or_else(|| {
            evidence.actions.push(name.to_owned());
            evidence.actions.len() - 1
        });
        evidence.calibration.offer(place, one.row.stands_for);
        evidence.calibration.take(place, one.row.logged, one.row.stands_for);
        let far = FarSum { sum: one.row.logged + 0.5, place: one.at.to_string() };
        evidence.own = FarSum::further(evidence.own.take(), Some(far));
    }
    evidence
}

fn kept(all: &[Seen], name: &str, question: &Question) -> Kept {
    let (all, stands_for) = normalised(all);
    let estimators: Vec<&Estimator> = question.estimators.iter().collect();
    let mut bins = Bins::new(50, estimators.len());
    all.iter().for_each(|one| bins.add(one.at, &one.row, &estimators));
    let rows: Vec<Row> = all.iter().map(|one| one.row).collect();
    let told = estimators
        .iter()
        .map(|one| KeptEstimator { name: one.name.clone(), missing: one.needs.missing(&rows).map(str::to_owned) });
    Kept::new("p", name.to_owned(), told.collect(), (bins, true), stands_for, evidence(&all))
}

fn whole(all: &[Seen], question: &Question) -> Report {
    let (all, _) = normalised(all);
    let estimators: Vec<&Estimator> = question.estimators.iter().collect();
    let mut statistics = Statistics::new(estimators.len());
    all.iter().for_each(|one| statistics.add(&one.row, &estimators));
    let rows: Vec<Row> = all.iter().map(|one| one.row).collect();
    report_guarded(&rows, &statistics, question, evidence(&all).guards("p"))
}

fn near(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() <= 1e-8 * (1.0 + wanted.abs())
}

fn read_back(kept: &Kept) -> Kept {
    let text = serde_json::to_string(kept).unwrap();
    let read: Kept = serde_json::from_str(&text).unwrap();
    read.check().unwrap();
    read
}

proptest! {
    #[test]
    fn merged_files_answer_as_all_rows_do(
        one in prop::collection::vec(seen(), 2..50),
        other in prop::collection::vec(seen(), 2..50),
    ) {
        let question = Question { resamples: 0, ..Question::default() };
        let mut merged = read_back(&kept(&one, "one", &question));
        merged.merge(read_back(&kept(&other, "other", &question))).unwrap();
        let all: Vec<Seen> = one.iter().chain(&other).cloned().collect();
        let (whole, found) = (whole(&all, &question), read_back(&merged).report(&merged.question()));
        prop_assert_eq!(merged.rows(), all.len() as u64);
        prop_assert_eq!(whole.refused.len(), found.refused.len(), "{:?} {:?}", whole.guards, found.guards);
        for (guard, own) in whole.guards.iter().zip(&found.guards) {
            prop_assert!(guard.name == own.name && near(own.value, guard.value), "{guard:?} {own:?}");
        }
        for (wanted, found) in whole.estimates.iter().zip(&found.estimates).filter(|(one, _)| one.name != "mle") {
            match (&wanted.value, &found.value) {
                (Ok(wanted), Ok(found)) => prop_assert!(near(*found, *wanted), "{wanted:?} {found:?}"),
                (wanted, found) => prop_assert_eq!(wanted.is_ok(), found.is_ok()),
            }
        }
        let mut compared = 0;
        for wanted in whole.intervals.iter().filter(|one| one.kind != "anytime" && one.estimator != "mle") {
            let found = found.intervals.iter().find(|one| one.name == wanted.name);
            let found = found.unwrap_or_else(|| panic!("no {}", wanted.name)).interval;
            let same = near(found.low, wanted.interval.low) && near(found.high, wanted.interval.high);
            prop_assert!(same, "{wanted:?} {found:?}");
            compared += 1;
        }
        prop_assert!(compared > 10 || !whole.refused.is_empty());
    }

    #[test]
    fn wider_bins_hold_the_same_rows(all in prop::collection::vec(seen(), 2..60), times in 1..9i64) {
        let question = Question { resamples: 0, ..Question::default() };
        let bins = kept(&all, "one", &question).bins;
        let wide = bins.widened(times);
        prop_assert_eq!(wide.width(), bins.width() * times);
        prop_assert_eq!(wide.total().weights.count, bins.total().weights.count);
        let (last, own) = (wide.cumulative(1, 0.05).pop().unwrap(), bins.cumulative(1, 0.05).pop().unwrap());
        prop_assert!(last.value.is_some_and(|value| near(value, own.value.unwrap())) && last.end >= own.end);
    }
}

#[test]
fn what_does_not_belong_together_is_not_merged() {
    let question = Question::default();
    let row = Seen { at: 7, action: 0, row: Row::new(1.0, 0.5, 1.0) };
    let of = |name: &str| kept(&[row.clone(), row.clone()], name, &question);
    let refused = |other: Kept, told: &str| {
        let said = of("one").merge(other).unwrap_err();
        assert!(said.contains(told), "{said}");
    };
    let other = |change: fn(&mut Kept)| {
        let mut other = of("two");
        change(&mut other);
        other
    };
    refused(of("one"), "is among them already, and counts once");
    refused(other(|kept| kept.policy = "q".into()), "of policy q where the others are of p");
    refused(other(|kept| kept.is_timed = false), "no time");
    refused(other(|kept| kept.bins = Bins::new(60, kept.estimators.len())), "60 ms wide where the others' are 50");
    let mut fewer = of("two");
    fewer.estimators.pop();
    assert!(fewer.check().unwrap_err().contains("do not fit together"));
    refused(fewer, "other estimators");
    assert!(other(|kept| kept.stands_for = 0.0).check().is_err());
    let text = serde_json::to_string(&of("two")).unwrap();
    let newer = text.replacen("\"version\":1", "\"version\":2", 1);
    assert!(serde_json::from_str::<Kept>(&newer).unwrap().check().unwrap_err().contains("version 2"));
}
