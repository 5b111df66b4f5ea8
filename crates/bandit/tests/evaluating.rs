//! Estimators: bins merge to what one pass gives, and estimators that must agree do.

use bandit::evaluate::{
    Estimator, Interval, Model, Question, Row, Statistics, Verdict, clopper_pearson, cressie_read_interval, evaluate,
    of_name, report,
};
use proptest::prelude::*;

fn row() -> impl Strategy<Value = Row> {
    let share = |least: u32| (least..=100u32).prop_map(|percent| f64::from(percent) / 100.0);
    (-20..20i32, share(5), share(0), share(0), share(0)).prop_map(|(reward, logged, evaluated, q, policy)| Row {
        reward: f64::from(reward) / 10.0,
        logged,
        evaluated,
        model: Some(Model { logged: q, policy }),
        stands_for: 1.0,
        robust_model: Some(Model { logged: policy, policy: q }),
    })
}

fn near(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() <= 1e-9 * (1.0 + wanted.abs())
}

fn same(found: Option<Interval>, wanted: Option<Interval>) -> bool {
    match (found, wanted) {
        (Some(found), Some(wanted)) => near(found.low, wanted.low) && near(found.high, wanted.high),
        (found, wanted) => found == wanted,
    }
}

proptest! {
    #[test]
    fn merged_bins_are_one_pass(rows in prop::collection::vec(row(), 2..60), bin in 1..20usize) {
        let question = Question { resamples: 10, ..Question::default() };
        let estimators: Vec<&Estimator> = question.estimators.iter().collect();
        let mut merged = Statistics::new(estimators.len());
        for bin in rows.chunks(bin) {
            let mut own = Statistics::new(estimators.len());
            bin.iter().for_each(|row| own.add(row, &estimators));
            merged.merge(&own);
        }
        let (whole, binned) = (evaluate(&rows, &question), report(&rows, &merged, &question));
        for (whole, binned) in whole.estimates.iter().zip(&binned.estimates) {
            match (&whole.value, &binned.value) {
                (Ok(whole), Ok(binned)) => prop_assert!(near(*binned, *whole), "{whole} {binned}"),
                (whole, binned) => prop_assert_eq!(whole.is_ok(), binned.is_ok()),
            }
        }
        for (whole, binned) in whole.intervals.iter().zip(&binned.intervals) {
            prop_assert!(same(Some(binned.interval), Some(whole.interval)), "{:?} {:?}", whole, binned);
        }
        prop_assert_eq!(whole.refused.len(), binned.refused.len());
    }

    #[test]
    fn limits_of_lambda_are_other_estimators(rows in prop::collection::vec(row(), 1..40)) {
        let names = ["dr", "dr_clip1e9", "switch-dr_1e9", "dr-os_inf", "sg-dr_0", "dm", "switch-dr_0", "dr-os_0",
                     "ipw", "ipw_clip1e9", "sg-ipw_0"];
        let estimators = names.iter().map(|name| of_name(name).unwrap()).collect();
        let report = evaluate(&rows, &Question { estimators, resamples: 1, ..Question::default() });
        if report.refused.is_empty() {
            let of = |name: &str| report.estimates[names.iter().position(|one| *one == name).unwrap()].value.clone();
            for (group, limits) in [("dr", &names[1..5]), ("dm", &names[6..8]), ("ipw", &names[9..])] {
                for limit in limits {
                    prop_assert!(near(of(limit).unwrap(), of(group).unwrap()), "{group} {limit}");
                }
            }
        }
    }

    #[test]
    fn bounded_intervals_stay_in_the_range_of_rewards(rows in prop::collection::vec(row(), 1..40)) {
        let mut statistics = Statistics::new(0);
        rows.iter().for_each(|row| statistics.add(row, &[]));
        let range = (-2.0, 2.0);
        let sums = &statistics.weights;
        let found = [clopper_pearson(sums, range, 0.05), cressie_read_interval(sums, range, 0.05)];
        for interval in found.into_iter().flatten() {
            prop_assert!(interval.low <= interval.high, "{interval:?}");
            prop_assert!(range.0 <= interval.low && interval.high <= range.1, "{interval:?}");
        }
    }
}

#[test]
fn a_policy_that_is_the_logging_one_is_worth_the_mean_reward() {
    let rows: Vec<Row> = (0..100)
        .map(|n| {
            let logged = 0.1 + 0.008 * f64::from(n);
            let model = Some(Model { logged: 0.5, policy: 0.5 });
            Row { model, ..Row::new(f64::from(n % 3), logged, logged) }
        })
        .collect();
    let report = evaluate(&rows, &Question::default());
    assert!(report.guards.iter().all(|guard| guard.verdict == Verdict::Fine), "{:?}", report.guards);
    for name in ["ipw", "snipw", "dr", "sndr", "cressieread", "mle"] {
        let found = report.estimates.iter().find(|one| one.name == name).unwrap().value.clone().unwrap();
        assert!((found - 0.99).abs() < 1e-9, "{name} {found}");
    }
}

#[test]
fn no_rows_and_no_weight_give_reasons() {
    let report = evaluate(&[], &Question::default());
    assert!(report.estimates.iter().all(|one| one.value.is_err()) && report.intervals.is_empty());
    let row = Row::new(1.0, 0.5, 0.0);
    let report = evaluate(&[row; 20], &Question::default());
    assert!(report.refused.iter().any(|reason| reason.contains("none of the actions")), "{:?}", report.refused);
    assert!(report.estimates.iter().all(|one| one.value.is_err()), "{:?}", report.estimates);
}
