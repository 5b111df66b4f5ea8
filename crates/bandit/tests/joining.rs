//! The join: batches do not matter, counters add up, and a machine that forgets gives what one that does not gives.

use bandit::{Aggregation, Counters, Decisions, Event, EventKind, Joined, Machine, Overrides, Rule, Semantics, join};
use proptest::prelude::*;

fn event() -> impl Strategy<Value = Event> {
    let kind = prop_oneof![
        3 => (0..3u8).prop_map(|action| EventKind::Decision(format!("a{action}"))),
        4 => (-3..4i8).prop_map(|reward| EventKind::Reward(f64::from(reward))),
        1 => Just(EventKind::Override),
        1 => Just(EventKind::Activation),
        1 => Just(EventKind::Reward(f64::NAN)),
    ];
    (0..6u8, 0..60i64, kind).prop_map(|(key, time_ms, kind)| Event { key: format!("k{key}"), time_ms, kind })
}

fn rule() -> impl Strategy<Value = Rule> {
    let aggregation = (0..Aggregation::ALL.len()).prop_map(|at| Aggregation::ALL[at].1);
    let decisions = prop_oneof![Just(Decisions::First), Just(Decisions::Every)];
    let overrides = prop_oneof![Just(Overrides::UntilEnd), Just(Overrides::InWindow), Just(Overrides::Ignored)];
    (0..12i64, 0..5i64, any::<bool>(), aggregation, decisions, overrides, any::<bool>()).prop_map(
        |(window_ms, early_ms, strict, aggregation, decisions, overrides, activation)| Rule {
            window_ms,
            early_ms,
            strict,
            aggregation,
            decisions,
            overrides,
            activation,
            most_rewards: 5,
            ..Rule::default()
        },
    )
}

/// A watermark that never passes an event that is still to come.
fn in_steps(rule: &Rule, events: &[Event], steps: &[bool]) -> (Vec<Joined>, Counters) {
    let mut machine = Machine::new(*rule);
    let mut records = Vec::new();
    for (place, event) in events.iter().enumerate() {
        if steps.get(place).copied().unwrap_or(true) {
            let complete = events[place..].iter().map(|event| event.time_ms).min().unwrap_or(i64::MAX);
            machine.advance(complete, &mut |emitted| records.push(emitted.into()));
        }
        machine.take(&event.key, event.time_ms, event.kind.clone());
    }
    machine.finish(&mut |emitted| records.push(emitted.into()));
    (records, *machine.counters())
}

fn adds_up(counters: &Counters, rule: &Rule) -> bool {
    let left = counters.emitted() + counters.overridden + counters.inactive + counters.late_decisions + counters.open;
    let again = if rule.decisions == Decisions::First { counters.duplicate_decisions } else { 0 };
    counters.decisions == left + again && counters.decisions == counters.distinct_keys + counters.duplicate_decisions
}

proptest! {
    #[test]
    fn batches_do_not_matter(rule in rule(), events in prop::collection::vec(event(), 0..40),
                             steps in prop::collection::vec(any::<bool>(), 40)) {
        let whole = join(&rule, &events);
        let (records, counters) = in_steps(&rule, &events, &steps);
        prop_assert_eq!(&whole.records, &records);
        prop_assert_eq!(Counters { tardy_rewards: 0, ..whole.counters }, Counters { tardy_rewards: 0, ..counters });
        prop_assert!(adds_up(&whole.counters, &rule), "{:?}", whole.counters);
        prop_assert_eq!(whole.counters.open, 0);
        prop_assert_eq!(whole.counters.records as usize, whole.records.len());
    }

    #[test]
    fn in_order_nothing_depends_on_when_the_watermark_moves(rule in rule(), remember in 0..100i64,
            mut events in prop::collection::vec(event(), 0..40), ticks in prop::collection::vec(0..3u8, 40)) {
        events.sort_by_key(|event| event.time_ms);
        let rule = Rule { remember_ms: remember, ..rule };
        let run = |ticking: bool| {
            let mut machine = Machine::new(rule);
            let mut records: Vec<Joined> = Vec::new();
            for (event, ticks) in events.iter().zip(&ticks) {
                for back in (0..*ticks).rev().filter(|_| ticking) {
                    machine.advance(event.time_ms - i64::from(back), &mut |emitted| records.push(emitted.into()));
                }
                machine.advance(event.time_ms, &mut |emitted| records.push(emitted.into()));
                machine.take(&event.key, event.time_ms, event.kind.clone());
            }
            machine.finish(&mut |emitted| records.push(emitted.into()));
            (records, *machine.counters())
        };
        let (quiet, ticking) = (run(false), run(true));
        prop_assert_eq!(&quiet, &ticking);
        prop_assert!(adds_up(&quiet.1, &rule), "{:?}", quiet.1);
        prop_assert!(quiet.0.is_sorted_by_key(|record| (record.emitted_ms, record.event)));
    }

    #[test]
    fn any_watermark_keeps_the_sums(rule in rule(), events in prop::collection::vec(event(), 0..40),
            marks in prop::collection::vec(0..90i64, 40), remember in 0..30i64) {
        let rule = Rule { remember_ms: remember, ..rule };
        let mut machine = Machine::new(rule);
        let mut count = 0;
        for (event, mark) in events.iter().zip(&marks) {
            machine.take(&event.key, event.time_ms, event.kind.clone());
            prop_assert!(adds_up(machine.counters(), &rule), "{:?}", machine.counters());
            machine.advance(*mark, &mut |_| count += 1);
        }
        machine.finish(&mut |_| count += 1);
        let counters = machine.counters();
        let left = counters.emitted() + counters.overridden + counters.inactive + counters.late_decisions;
        let again = if rule.decisions == Decisions::First { counters.duplicate_decisions } else { 0 };
        prop_assert_eq!(counters.decisions, left + again);
        prop_assert_eq!((counters.open, counters.records), (0, count));
    }
}

#[test]
fn the_known_semantics_are_settings() {
    let event = |key: &str, time_ms: i64, kind: EventKind| Event { key: key.to_owned(), time_ms, kind };
    let decision = || EventKind::Decision("a".to_owned());
    let events = [
        event("k", 1_000, decision()),
        event("k", 500, EventKind::Reward(7.0)),
        event("k", 2_000, EventKind::Reward(1.0)),
        event("k", 11_000, EventKind::Reward(2.0)),
        event("k", 1_500, decision()),
        event("k", 900, EventKind::Override),
    ];
    let rewards = |semantics: Semantics| -> Vec<f64> {
        join(&semantics.rule(), &events).records.iter().map(|record| record.reward).collect()
    };
    assert_eq!(rewards(Semantics::SeedSpec), [] as [f64; 0], "an override before the decision suppresses");
    assert_eq!(rewards(Semantics::DemoV1), [1.0, 2.0, 1.0, 2.0], "a row for each reward and decision");
    assert_eq!(rewards(Semantics::DemoV2), [2.0, 2.0], "the override lies before both windows");
    assert_eq!(rewards(Semantics::MsLoop), [7.0, 7.0], "the earliest, even before the decision");
}

#[test]
fn a_maximum_below_zero_is_no_default() {
    let rule = Rule { aggregation: Aggregation::Max, default_reward: 5.0, ..Rule::default() };
    let event = |time_ms: i64, kind: EventKind| Event { key: "k".to_owned(), time_ms, kind };
    let events = [
        event(0, EventKind::Decision("a".to_owned())),
        event(1, EventKind::Reward(-3.0)),
        event(2, EventKind::Reward(-2.0)),
    ];
    assert_eq!(join(&rule, &events).records[0].reward, -2.0);
}
