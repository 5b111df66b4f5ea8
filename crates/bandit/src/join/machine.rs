//! The state machine of the join: takes events, and lets decisions leave when the watermark passes their window.
//!
//! Refuses to know clocks: the owner says what time it is. Whatever order hashing gives, decisions leave by
//! the end of their window, ties by arrival.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hash::{BuildHasher, RandomState};

use hashbrown::HashTable;

use super::aggregate::aggregate;
use super::case::{Case, Decision, Reward, Standing};
use super::counters::Counters;
use super::replay::EventKind;
use super::rule::{Aggregation, Decisions, Overrides, Rule};
use super::sample::{Lost, Sample, Samples};
use super::slab::Slab;

/// What became of an event when it was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// It waits, or was noted.
    Held,
    /// It joins nothing, for this reason.
    Lost(Lost),
}

/// A record as it leaves.
#[derive(Debug)]
pub struct Emitted<'m, P> {
    pub key: &'m str,
    pub decision: &'m P,
    /// Number of the decision among all events that arrived: an id of the record that replaying gives again.
    pub arrival: u64,
    /// Where each reward leaves a record: which of the decision's, from 0.
    pub part: u32,
    pub decided_ms: i64,
    pub emitted_ms: i64,
    pub reward: f64,
    pub delay_ms: Option<i64>,
}

/// A moment at which something is due: the end of a decision's window, or a key's oblivion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Timer {
    due_ms: i64,
    /// Of the decision; `u64::MAX` to forget the key, after whatever leaves at the same time.
    arrival: u64,
    place: u32,
}

pub struct Machine<P> {
    rule: Rule,
    hasher: RandomState,
    places: HashTable<u32>,
    cases: Slab<Case<P>>,
    timers: BinaryHeap<Reverse<Timer>>,
    /// Events before it are complete.
    watermark_ms: i64,
    arrivals: u64,
    counters: Counters,
    samples: Samples,
}

const FORGET: u64 = u64::MAX;

impl<P> Machine<P> {
    pub fn new(rule: Rule) -> Machine<P> {
        Machine {
            rule,
            hasher: RandomState::new(),
            places: HashTable::new(),
            cases: Slab::new(),
            timers: BinaryHeap::new(),
            watermark_ms: i64::MIN,
            arrivals: 0,
            counters: Counters::default(),
            samples: Samples::default(),
        }
    }

    /// Goes on counting arrivals from here: for a log whose beginning is no longer kept.
    pub fn starting_at(mut self, arrival: u64) -> Machine<P> {
        self.arrivals = arrival;
        self
    }

    pub fn rule(&self) -> &Rule {
        &self.rule
    }

    pub fn counters(&self) -> &Counters {
        &self.counters
    }

    /// The last of what did not join, by kind, the oldest first; at most 100 of each.
    pub fn samples(&self) -> impl Iterator<Item = &Sample> {
        self.samples.all()
    }

    pub fn watermark_ms(&self) -> i64 {
        self.watermark_ms
    }

    /// Number that the next event gets.
    pub fn arrivals(&self) -> u64 {
        self.arrivals
    }

    /// Keys that are remembered.
    pub fn keys(&self) -> usize {
        self.cases.len()
    }

    /// When the next record leaves at the earliest; `None` while nothing waits.
    pub fn next_due_ms(&self) -> Option<i64> {
        self.timers.peek().map(|Reverse(timer)| timer.due_ms)
    }

    /// Whether a decision of the key is remembered, so that another is a duplicate.
    pub fn has_decision(&self, key: &str) -> bool {
        let is_it = |place: &u32| self.cases.get(*place).is_some_and(|case| *case.key == *key);
        let place = self.places.find(self.hasher.hash_one(key), is_it);
        place.and_then(|place| self.cases.get(*place)).is_some_and(Case::is_decided)
    }

    /// Counts the arrival of an event that is nothing to this machine.
    pub fn pass(&mut self) {
        self.arrivals += 1;
    }

    pub fn take(&mut self, key: &str, time_ms: i64, kind: EventKind<P>) -> Taken {
        let arrival = self.arrivals;
        self.arrivals += 1;
        match kind {
            EventKind::Decision(payload) => self.decision(key, time_ms, arrival, payload),
            EventKind::Reward(value) => self.reward(key, time_ms, value),
            EventKind::Override => self.overriding(key, time_ms),
            EventKind::Activation => {
                self.counters.activations += 1;
                let place = self.place(key, time_ms);
                if let Some(case) = self.cases.get_mut(place) {
                    case.rare().activations.push(time_ms);
                }
                Taken::Held
            }
        }
    }

    fn decision(&mut self, key: &str, time_ms: i64, arrival: u64, payload: P) -> Taken {
        let end_ms = time_ms.saturating_add(self.rule.window());
        let is_late = end_ms < self.watermark_ms;
        let place = self.place(key, time_ms);
        let (rule, counters, samples) = (&self.rule, &mut self.counters, &mut self.samples);
        let Some(case) = self.cases.get_mut(place) else { return Taken::Held };
        counters.decisions += 1;
        recount(case, rule, counters, samples, time_ms);
        let (Some(first_ms), Decisions::First) = (case.first_decision_ms(), rule.decisions) else {
            let again = case.is_decided();
            counters.duplicate_decisions += u64::from(again);
            counters.distinct_keys += u64::from(!again);
            let payload = (!is_late).then_some(payload);
            case.decisions.push(Decision { time_ms, arrival, payload });
            if is_late {
                counters.late_decisions += 1;
                samples.add(Lost::LateDecision, key, time_ms, None);
                return Taken::Lost(Lost::LateDecision);
            }
            counters.open += 1;
            self.timers.push(Reverse(Timer { due_ms: end_ms, arrival, place }));
            return Taken::Held;
        };
        counters.duplicate_decisions += 1;
        samples.add(Lost::DuplicateDecision, key, time_ms, Some(first_ms));
        // The first by time counts, and one that came later may be it as long as neither has left.
        if time_ms < first_ms
            && !is_late
            && let Some(decision) = case.decisions.first_mut()
            && decision.payload.is_some()
        {
            *decision = Decision { time_ms, arrival, payload: Some(payload) };
            self.timers.push(Reverse(Timer { due_ms: end_ms, arrival, place }));
        }
        Taken::Lost(Lost::DuplicateDecision)
    }

    fn reward(&mut self, key: &str, time_ms: i64, value: f64) -> Taken {
        self.counters.rewards += 1;
        if !value.is_finite() {
            self.counters.unusable_rewards += 1;
            self.samples.add(Lost::UnusableReward, key, time_ms, None);
            return Taken::Lost(Lost::UnusableReward);
        }
        let place = self.place(key, time_ms);
        let (rule, counters, samples) = (&self.rule, &mut self.counters, &mut self.samples);
        let Some(case) = self.cases.get_mut(place) else { return Taken::Held };
        if case.rewards.len() >= rule.most_rewards {
            counters.excess_rewards += 1;
            samples.add(Lost::ExcessReward, key, time_ms, case.first_decision_ms());
            return Taken::Lost(Lost::ExcessReward);
        }
        case.rewards.push(Reward { time_ms, value, used: false });
        let standing = case.standing(time_ms, rule);
        if let Some(counter) = counter(counters, standing) {
            *counter += 1;
        }
        let lost = match standing {
            Standing::Orphan | Standing::InTime => None,
            Standing::Early => Some(Lost::EarlyReward),
            Standing::Late => Some(Lost::LateReward),
        };
        let lost = if case.missed(time_ms, rule) {
            counters.tardy_rewards += 1;
            Some(Lost::TardyReward)
        } else {
            lost
        };
        match lost {
            Some(lost) => {
                samples.add(lost, key, time_ms, case.latest_decision_ms);
                Taken::Lost(lost)
            }
            None => Taken::Held,
        }
    }

    fn overriding(&mut self, key: &str, time_ms: i64) -> Taken {
        self.counters.overrides += 1;
        let place = self.place(key, time_ms);
        let Some(case) = self.cases.get_mut(place) else { return Taken::Held };
        case.rare().overrides.push(time_ms);
        if !case.is_decided() {
            self.counters.orphan_overrides += 1;
            return Taken::Held;
        }
        if self.rule.overrides != Overrides::Ignored && case.is_past_overriding(time_ms, &self.rule) {
            self.counters.late_overrides += 1;
            self.samples.add(Lost::LateOverride, key, time_ms, case.first_decision_ms());
            return Taken::Lost(Lost::LateOverride);
        }
        Taken::Held
    }

    /// Says that every event before this moment was taken, and lets leave what waited for it. A watermark
    /// never goes back.
    pub fn advance(&mut self, watermark_ms: i64, sink: &mut impl FnMut(Emitted<'_, P>)) {
        self.watermark_ms = self.watermark_ms.max(watermark_ms);
        while let Some(Reverse(timer)) = self.timers.peek().copied()
            && timer.due_ms < self.watermark_ms
        {
            self.timers.pop();
            self.due(timer, sink);
        }
    }

    /// The log has ended: everything leaves, and what joined nothing is told.
    pub fn finish(&mut self, sink: &mut impl FnMut(Emitted<'_, P>)) {
        self.watermark_ms = i64::MAX;
        while let Some(Reverse(timer)) = self.timers.pop() {
            self.due(timer, sink);
        }
        for case in self.cases.iter() {
            tell_orphans(case, &mut self.samples);
        }
    }

    fn due(&mut self, timer: Timer, sink: &mut impl FnMut(Emitted<'_, P>)) {
        if timer.arrival == FORGET {
            self.forget(timer);
        } else {
            self.emit(timer, sink);
        }
    }

    fn emit(&mut self, timer: Timer, sink: &mut impl FnMut(Emitted<'_, P>)) {
        let (rule, counters) = (&self.rule, &mut self.counters);
        let Some(case) = self.cases.get_mut(timer.place) else { return };
        let open = case.decisions.iter_mut().find(|decision| decision.arrival == timer.arrival);
        // A decision that gave way to an earlier one of its key has left its timer behind.
        let Some((decided_ms, payload)) = open.and_then(|one| Some((one.time_ms, one.payload.take()?))) else {
            return;
        };
        counters.open -= 1;
        if case.is_overridden(decided_ms, rule) {
            counters.overridden += 1;
            self.samples.add(Lost::Overridden, &case.key, decided_ms, None);
            return;
        }
        if !case.is_active(decided_ms, rule) {
            counters.inactive += 1;
            self.samples.add(Lost::Inactive, &case.key, decided_ms, None);
            return;
        }
        let (rewards, fresh) = case.take_rewards(decided_ms, rule);
        counters.used_rewards += fresh;
        match rewards.is_empty() {
            true => counters.defaulted += 1,
            false => counters.joined += 1,
        }
        let mut leave = |part: u32, joined: Option<(i64, f64)>| {
            counters.records += 1;
            sink(Emitted {
                key: &case.key,
                decision: &payload,
                arrival: timer.arrival,
                part,
                decided_ms,
                emitted_ms: timer.due_ms,
                reward: joined.map_or(rule.default_reward, |(_, reward)| reward),
                delay_ms: joined.map(|(delay, _)| delay),
            });
        };
        if rule.aggregation == Aggregation::Each && !rewards.is_empty() {
            rewards.into_iter().zip(0..).for_each(|(reward, part)| leave(part, Some(reward)));
        } else {
            leave(0, aggregate(rule.aggregation, &rewards));
        }
    }

    fn forget(&mut self, timer: Timer) {
        let place = timer.place;
        let Some(case) = self.cases.get(place) else { return };
        if case.until_ms > timer.due_ms {
            // It was given more time since.
            self.timers.push(Reverse(Timer { due_ms: case.until_ms, ..timer }));
            return;
        }
        let hash = self.hasher.hash_one(&*case.key);
        if let Ok(entry) = self.places.find_entry(hash, |other| *other == place) {
            entry.remove();
        }
        if let Some(case) = self.cases.remove(place) {
            tell_orphans(&case, &mut self.samples);
        }
    }

    /// The place of the key's case, which is made where there is none, and lives on for this event's sake.
    fn place(&mut self, key: &str, time_ms: i64) -> u32 {
        let hash = self.hasher.hash_one(key);
        let cases = &self.cases;
        let is_it = |place: &u32| cases.get(*place).is_some_and(|case| *case.key == *key);
        let (place, new) = match self.places.find(hash, is_it) {
            Some(place) => (*place, false),
            None => {
                let place = self.cases.add(Case::new(key));
                let (cases, hasher) = (&self.cases, &self.hasher);
                let rehash = |place: &u32| cases.get(*place).map_or(0, |case| hasher.hash_one(&*case.key));
                self.places.insert_unique(hash, place, rehash);
                (place, true)
            }
        };
        let rule = &self.rule;
        let until_ms = time_ms
            .saturating_add(rule.window())
            .saturating_add(rule.early_ms.max(0))
            .saturating_add(rule.remember_ms.max(0));
        if let Some(case) = self.cases.get_mut(place) {
            case.until_ms = case.until_ms.max(until_ms);
        }
        if new && until_ms < i64::MAX {
            self.timers.push(Reverse(Timer { due_ms: until_ms, arrival: FORGET, place }));
        }
        place
    }
}

/// Another decision of the key moves its rewards from one counter to another.
fn recount<P>(case: &mut Case<P>, rule: &Rule, counters: &mut Counters, samples: &mut Samples, decided_ms: i64) {
    if case.latest_decision_ms.is_none()
        && let Some(rare) = &case.rare
    {
        counters.orphan_overrides -= rare.overrides.len() as u64;
        let end_ms = decided_ms.saturating_add(rule.window());
        counters.late_overrides += rare.overrides.iter().filter(|time| **time > end_ms).count() as u64;
    }
    let was: Vec<Standing> = case.rewards.iter().map(|reward| case.standing(reward.time_ms, rule)).collect();
    case.latest_decision_ms = case.latest_decision_ms.max(Some(decided_ms));
    for (reward, was) in case.rewards.iter().zip(was) {
        let now = case.standing(reward.time_ms, rule);
        if let Some(counter) = counter(counters, was) {
            *counter -= 1;
        }
        if let Some(counter) = counter(counters, now) {
            *counter += 1;
        }
        if now == Standing::Early && was != Standing::Early {
            samples.add(Lost::EarlyReward, &case.key, reward.time_ms, Some(decided_ms));
        }
    }
}

fn counter(counters: &mut Counters, standing: Standing) -> Option<&mut u64> {
    match standing {
        Standing::Orphan => Some(&mut counters.orphan_rewards),
        Standing::Early => Some(&mut counters.early_rewards),
        Standing::Late => Some(&mut counters.late_rewards),
        Standing::InTime => None,
    }
}

fn tell_orphans<P>(case: &Case<P>, samples: &mut Samples) {
    if case.is_decided() {
        return;
    }
    case.rewards.iter().for_each(|reward| samples.add(Lost::OrphanReward, &case.key, reward.time_ms, None));
    let overrides = case.rare.iter().flat_map(|rare| &rare.overrides);
    overrides.for_each(|time_ms| samples.add(Lost::OrphanOverride, &case.key, *time_ms, None));
}
