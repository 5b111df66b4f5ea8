//! What is known of one key. Sized for ten million of them: what is rare lies behind a pointer.

use smallvec::SmallVec;

use super::rule::{Overrides, Rule};

#[derive(Debug)]
pub(super) struct Decision<P> {
    pub time_ms: i64,
    /// Number of the event among all that arrived.
    pub arrival: u64,
    /// `None` once it left, or came too late to leave.
    pub payload: Option<P>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Reward {
    pub time_ms: i64,
    pub value: f64,
    /// Lay in the window of a decision that left.
    pub used: bool,
}

/// What few keys have.
#[derive(Debug, Default)]
pub(super) struct Rare {
    pub overrides: Vec<i64>,
    pub activations: Vec<i64>,
}

#[derive(Debug)]
pub(super) struct Case<P> {
    pub key: Box<str>,
    /// Those that leave or left: of `Decisions::First` at most one.
    pub decisions: SmallVec<[Decision<P>; 1]>,
    /// In the order of arrival.
    pub rewards: Vec<Reward>,
    pub rare: Option<Box<Rare>>,
    /// Of every decision event, duplicates too.
    pub latest_decision_ms: Option<i64>,
    /// When the key is forgotten.
    pub until_ms: i64,
}

/// What a reward is by its time alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Orphan,
    Early,
    Late,
    InTime,
}

impl<P> Case<P> {
    pub(super) fn new(key: &str) -> Case<P> {
        Case {
            key: key.into(),
            decisions: SmallVec::new(),
            rewards: Vec::new(),
            rare: None,
            latest_decision_ms: None,
            until_ms: i64::MIN,
        }
    }

    pub(super) fn is_decided(&self) -> bool {
        !self.decisions.is_empty()
    }

    pub(super) fn first_decision_ms(&self) -> Option<i64> {
        self.decisions.iter().map(|decision| decision.time_ms).min()
    }

    pub(super) fn standing(&self, time_ms: i64, rule: &Rule) -> Standing {
        let (low, high) = rule.delays();
        match self.latest_decision_ms.map(|decided_ms| time_ms.saturating_sub(decided_ms)) {
            None => Standing::Orphan,
            Some(delay) if delay < low => Standing::Early,
            Some(delay) if delay > high => Standing::Late,
            Some(_) => Standing::InTime,
        }
    }

    /// Whether the moment lies in the window of a decision that is no longer here to take it.
    pub(super) fn missed(&self, time_ms: i64, rule: &Rule) -> bool {
        let (low, high) = rule.delays();
        let mut holding =
            self.decisions.iter().filter(|one| (low..=high).contains(&time_ms.saturating_sub(one.time_ms)));
        holding.clone().next().is_some() && holding.all(|decision| decision.payload.is_none())
    }

    /// Whether no decision of the key is left that an override at this moment could suppress.
    pub(super) fn is_past_overriding(&self, time_ms: i64, rule: &Rule) -> bool {
        let open = |one: &Decision<P>| one.payload.is_some() && time_ms <= one.time_ms.saturating_add(rule.window());
        !self.decisions.iter().any(open)
    }

    pub(super) fn is_overridden(&self, decided_ms: i64, rule: &Rule) -> bool {
        let end = decided_ms.saturating_add(rule.window());
        let from = match rule.overrides {
            Overrides::UntilEnd => i64::MIN,
            Overrides::InWindow => decided_ms,
            Overrides::Ignored => return false,
        };
        self.rare.as_ref().is_some_and(|rare| rare.overrides.iter().any(|time| (from..=end).contains(time)))
    }

    pub(super) fn is_active(&self, decided_ms: i64, rule: &Rule) -> bool {
        let (low, high) = rule.delays();
        let within = |time: &i64| (low..=high).contains(&time.saturating_sub(decided_ms));
        !rule.activation || self.rare.as_ref().is_some_and(|rare| rare.activations.iter().any(within))
    }

    /// Delay and value of the rewards in the window, by time, ties by arrival; marks them as used and tells how
    /// many were not yet.
    pub(super) fn take_rewards(&mut self, decided_ms: i64, rule: &Rule) -> (Vec<(i64, f64)>, u64) {
        let (low, high) = rule.delays();
        let (mut inside, mut fresh) = (Vec::new(), 0);
        for reward in &mut self.rewards {
            let delay = reward.time_ms.saturating_sub(decided_ms);
            if (low..=high).contains(&delay) {
                fresh += u64::from(!std::mem::replace(&mut reward.used, true));
                inside.push((delay, reward.value));
            }
        }
        inside.sort_by_key(|(delay, _)| *delay);
        (inside, fresh)
    }

    pub(super) fn rare(&mut self) -> &mut Rare {
        self.rare.get_or_insert_default()
    }
}
