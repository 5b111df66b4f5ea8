//! The last few of what did not join, to be looked at: bounded, whatever the log.

use std::collections::VecDeque;

/// Kept of each kind.
const MOST: usize = 100;
/// Letters kept of a key.
const KEY: usize = 200;

/// Why something did not join.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lost {
    EarlyReward,
    LateReward,
    OrphanReward,
    TardyReward,
    UnusableReward,
    ExcessReward,
    DuplicateDecision,
    LateDecision,
    Overridden,
    Inactive,
    LateOverride,
    OrphanOverride,
}

impl Lost {
    pub const ALL: [(&'static str, Lost); 12] = [
        ("early_reward", Lost::EarlyReward),
        ("late_reward", Lost::LateReward),
        ("orphan_reward", Lost::OrphanReward),
        ("tardy_reward", Lost::TardyReward),
        ("unusable_reward", Lost::UnusableReward),
        ("excess_reward", Lost::ExcessReward),
        ("duplicate_decision", Lost::DuplicateDecision),
        ("late_decision", Lost::LateDecision),
        ("overridden", Lost::Overridden),
        ("inactive", Lost::Inactive),
        ("late_override", Lost::LateOverride),
        ("orphan_override", Lost::OrphanOverride),
    ];

    pub fn name(self) -> &'static str {
        Lost::ALL.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    pub lost: Lost,
    /// Its first 200 letters.
    pub key: String,
    /// The event's own time.
    pub time_ms: i64,
    /// From the decision, where there is one.
    pub delay_ms: Option<i64>,
}

#[derive(Debug, Default)]
pub(super) struct Samples {
    kinds: [VecDeque<Sample>; Lost::ALL.len()],
}

impl Samples {
    pub(super) fn add(&mut self, lost: Lost, key: &str, time_ms: i64, decided_ms: Option<i64>) {
        let kept = &mut self.kinds[lost as usize];
        if kept.len() == MOST {
            kept.pop_front();
        }
        let delay_ms = decided_ms.map(|decided| time_ms.saturating_sub(decided));
        kept.push_back(Sample { lost, key: key.chars().take(KEY).collect(), time_ms, delay_ms });
    }

    /// By kind, the oldest first.
    pub(super) fn all(&self) -> impl Iterator<Item = &Sample> {
        self.kinds.iter().flatten()
    }
}
