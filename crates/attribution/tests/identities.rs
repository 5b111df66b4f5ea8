//! What must hold of any journeys: ATTRIBUTION.md's identities, and agreement with the plain ways of `naive`.

use attribution::markov::{Solver, run, solve};
use attribution::models::Answer;
use attribution::{Credit, Model, Nulls, Outcome, Paths, Rule, reconcile};
use proptest::prelude::*;

use crate::naive;

const NAMES: [&str; 6] = ["eta", "beta", "theta", "zeta", "Google", "Google Ads"];

/// Up to 40 paths over up to 6 channels; some journeys convert.
fn journeys() -> impl Strategy<Value = Paths> {
    let touch = 0..NAMES.len() as u32;
    let path = (prop::collection::vec((touch, 0_u32..900), 1..9), 0_u32..5, 0_u32..5, -20_i32..100);
    prop::collection::vec(path, 1..40).prop_map(|lines| {
        let mut paths = Paths::new();
        for name in NAMES {
            paths.names.intern(name);
        }
        for (touches, conversions, nulls, value) in lines {
            let mut hours = f64::from(touches.iter().map(|(_, gap)| gap).sum::<u32>());
            for (channel, gap) in &touches {
                paths.touch_at(*channel, hours);
                hours -= f64::from(*gap);
            }
            let value = if conversions == 0 { 0.0 } else { f64::from(value) / 7.0 };
            paths.close(Outcome { conversions: conversions.into(), nulls: nulls.into(), value }).unwrap();
            // Beyond the end for some paths: those have none.
            paths.mark(touches.len() * conversions as usize / 3);
        }
        paths
    })
}

fn near(found: f64, wanted: f64, scale: f64) -> bool {
    (found - wanted).abs() <= 1e-11 * scale.abs().max(1.0)
}

fn all_near(found: &[f64], wanted: &[f64]) -> bool {
    found.len() == wanted.len() && found.iter().zip(wanted).all(|(found, wanted)| near(*found, *wanted, *wanted))
}

fn every_model() -> Vec<Model> {
    let mut models = Model::usual();
    models.push(Model::Rule(Rule::LastNon(NAMES[1].into())));
    models.push(Model::Rule(Rule::WShape(Some(NAMES[2].into()))));
    models.push(Model::Rule(Rule::WShape(None)));
    models.push(Model::Markov { order: 1, loops: true, nulls: Nulls::LeftOut });
    models
}

/// The credit of a model of conversions and values.
fn credit(model: &Model, paths: &Paths) -> Option<Credit> {
    match model.run(paths.sample()).ok()? {
        Answer::Rates(_) => None,
        answer => answer.credit(paths.sample().totals().conversions),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Efficiency: what was there is given, to the last digits.
    #[test]
    fn sums_reconcile(paths in journeys()) {
        for model in every_model().into_iter().filter(Model::is_efficient) {
            if let Some(credit) = credit(&model, &paths) {
                // A chain's value is no sum if no value is left to share.
                let found = reconcile(paths.sample(), &credit);
                let is_chain = matches!(model, Model::Markov { .. });
                prop_assert!(found.holds || is_chain && found.conversions_gap.abs() < 1e-9, "{}: {found:?}", model.name());
            }
        }
    }

    /// Null player: a channel that no converting journey has gets nothing.
    #[test]
    fn a_channel_without_conversions_gets_nothing(paths in journeys()) {
        let mut reached = [false; NAMES.len()];
        for (path, _) in paths.sample().iter().filter(|(_, outcome)| outcome.pays()) {
            path.touches.iter().for_each(|touch| reached[*touch as usize] = true);
        }
        for model in every_model() {
            let Some(credit) = credit(&model, &paths) else { continue };
            for channel in (0..NAMES.len()).filter(|channel| !reached[*channel]) {
                // A chain mixes journeys: where they cross, it may reach a conversion through such a channel.
                if !matches!(model, Model::Markov { .. }) {
                    prop_assert_eq!(credit.conversions[channel], 0.0);
                    prop_assert_eq!(credit.value[channel], 0.0);
                }
            }
        }
    }

    /// Symmetry: channels have no rank of their own; renaming them renames their credit.
    #[test]
    fn numbers_of_channels_do_not_matter(paths in journeys()) {
        let mut turned = Paths::new();
        for name in NAMES.iter().rev() {
            turned.names.intern(name);
        }
        for (path, outcome) in paths.sample().iter() {
            for (touch, hours) in path.touches.iter().zip(path.hours) {
                turned.touch_at(NAMES.len() as u32 - 1 - touch, *hours);
            }
            turned.close(outcome).unwrap();
            path.milestone.into_iter().for_each(|place| turned.mark(place));
        }
        for model in every_model() {
            let (Ok(one), Ok(other)) = (model.run(paths.sample()), model.run(turned.sample())) else { continue };
            let Some(one) = one.credit(1.0) else { continue };
            let mut other = other.credit(1.0).unwrap();
            other.conversions.reverse();
            prop_assert!(all_near(&one.conversions, &other.conversions), "{}: {one:?} {other:?}", model.name());
        }
    }

    #[test]
    fn closed_shapley_is_the_sum_over_all_subsets(paths in journeys()) {
        let sets = naive::sets(&paths);
        let worth = |of: u32| sets.iter().filter(|(set, _)| *set & !of == 0).map(|(_, (conversions, _))| conversions).sum();
        let wanted = naive::shapley(NAMES.len(), worth);
        let closed = credit(&Model::Shapley, &paths).unwrap();
        prop_assert!(all_near(&closed.conversions, &wanted), "{closed:?} {wanted:?}");
        let ordered = credit(&Model::OrderedShapley, &paths).unwrap();
        prop_assert!(all_near(&ordered.conversions, &wanted), "{ordered:?} {wanted:?}");
        prop_assert!(all_near(&ordered.value, &closed.value), "{ordered:?} {closed:?}");
    }

    #[test]
    fn games_of_rates_are_the_sums_over_all_subsets(paths in journeys()) {
        prop_assume!(paths.sample().totals().conversions > 0.0);
        let sets = naive::sets(&paths);
        let rate = |(conversions, journeys): (f64, f64)| if journeys == 0.0 { 0.0 } else { conversions / journeys };
        let exact = |of: u32| sets.get(&of).map_or(0.0, |sums| rate(*sums));
        let subset = |of: u32| {
            let within = sets.iter().filter(|(set, _)| *set & !of == 0);
            rate(within.fold((0.0, 0.0), |sums, (_, more)| (sums.0 + more.0, sums.1 + more.1)))
        };
        let values = |model: Model| match model.run(paths.sample()) {
            Ok(Answer::Rates(rates)) => rates.values,
            other => panic!("{other:?}"),
        };
        let wanted = naive::shapley(NAMES.len(), exact);
        prop_assert!(all_near(&values(Model::RateExactSet), &wanted));
        let wanted = naive::shapley(NAMES.len(), subset);
        prop_assert!(all_near(&values(Model::RateSubset), &wanted));
        let per_journey = values(Model::RatePerJourney);
        let mut wanted = vec![0.0; NAMES.len()];
        for (whole, (_, journeys)) in sets.iter().filter(|(_, (conversions, _))| *conversions > 0.0) {
            let players: Vec<usize> = (0..NAMES.len()).filter(|player| whole >> player & 1 == 1).collect();
            let spread = |set: u32| {
                (0..players.len()).filter(|place| set >> place & 1 == 1).fold(0, |mask, place| mask | 1 << players[place])
            };
            for (place, value) in naive::shapley(players.len(), |set| exact(spread(set))).into_iter().enumerate() {
                wanted[players[place]] += value * journeys;
            }
        }
        prop_assert!(all_near(&per_journey, &wanted), "{per_journey:?} {wanted:?}");
    }

    /// The chance to convert is the conversion rate; visits are the visits that journeys make; removal by one
    /// factorisation, by sweeps and by solving again without the channel agree; loops change nothing.
    #[test]
    fn chains_know_what_journeys_did(paths in journeys(), order in 1_u32..4, nulls in prop::bool::ANY) {
        let nulls = if nulls { Nulls::Counted } else { Nulls::LeftOut };
        prop_assume!(paths.sample().totals().conversions > 0.0);
        let found = run(paths.sample(), order, true, nulls).unwrap();
        let totals = paths.sample().totals();
        let all = if nulls == Nulls::Counted { totals.journeys } else { totals.conversions };
        prop_assert!(near(found.p_conversion, totals.conversions / all, 1.0));
        if order == 1 {
            // Loops are no visits of their own: runs of one channel count once.
            let mut visits = vec![0.0; NAMES.len()];
            for (path, outcome) in paths.sample().iter() {
                let journeys = if nulls == Nulls::Counted { outcome.journeys() } else { outcome.conversions };
                for (place, touch) in path.touches.iter().enumerate() {
                    if place == 0 || path.touches[place - 1] != *touch {
                        visits[*touch as usize] += journeys / all;
                    }
                }
            }
            prop_assert!(all_near(&found.visits, &visits), "{:?} {visits:?}", found.visits);
        }
        let by_sweeps = solve(paths.sample(), order, true, nulls, Solver::Sweeps).unwrap();
        let by_factors = solve(paths.sample(), order, false, nulls, Solver::Factorisation).unwrap();
        prop_assert!(all_near(&by_sweeps.removal, &by_factors.removal), "{by_sweeps:?} {by_factors:?}");
        let whole = naive::conversion(&paths, order as usize, nulls, None);
        for (channel, removal) in found.removal.iter().enumerate() {
            let without = naive::conversion(&paths, order as usize, nulls, Some(channel as u32));
            prop_assert!(near(*removal, 1.0 - without / whole, 1.0), "{removal} {}", 1.0 - without / whole);
        }
    }

    /// Outcomes may be split over equal paths: aggregated paths and single journeys are one thing.
    #[test]
    fn aggregated_paths_are_their_journeys(paths in journeys()) {
        let mut single = Paths::new();
        for name in NAMES {
            single.names.intern(name);
        }
        for (path, outcome) in paths.sample().iter() {
            let conversions = outcome.conversions as u32;
            for journey in 0..conversions + outcome.nulls as u32 {
                path.touches.iter().zip(path.hours).for_each(|(touch, hours)| single.touch_at(*touch, *hours));
                let converts = journey < conversions;
                let value = if converts { outcome.value / f64::from(conversions) } else { 0.0 };
                let nulls = f64::from(u8::from(!converts));
                single.close(Outcome { conversions: 1.0 - nulls, nulls, value }).unwrap();
                path.milestone.into_iter().for_each(|place| single.mark(place));
            }
        }
        for model in every_model() {
            let (Ok(one), Ok(other)) = (model.run(paths.sample()), model.run(single.sample())) else { continue };
            let (one, other) = (one.credit(1.0), other.credit(1.0));
            prop_assert_eq!(one.is_some(), other.is_some());
            let (Some(one), Some(other)) = (one, other) else { continue };
            prop_assert!(all_near(&one.conversions, &other.conversions), "{}", model.name());
        }
    }
}
