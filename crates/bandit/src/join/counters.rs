//! What became of every event, in numbers that add up.

/// As if the log ended now: a reward without a decision is an orphan until its decision comes.
///
/// `decisions = emitted + overridden + inactive + late_decisions + open`, and where only a key's first
/// decision leaves, `+ duplicate_decisions`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Decision events, duplicates included.
    pub decisions: u64,
    /// Keys that had a decision.
    pub distinct_keys: u64,
    /// Decisions of a key that already had one.
    pub duplicate_decisions: u64,
    /// Decisions that came when the watermark had passed the end of their window; they are not emitted.
    pub late_decisions: u64,
    /// Decisions that wait.
    pub open: u64,
    /// Decisions that left: with a reward of their own, and with the default one.
    pub joined: u64,
    pub defaulted: u64,
    /// Records that left; more than decisions only where each reward leaves one.
    pub records: u64,
    /// Decisions that an override suppressed.
    pub overridden: u64,
    /// Decisions without the activation that the rule asks for.
    pub inactive: u64,
    pub rewards: u64,
    /// Rewards that lay in the window of a decision that left.
    pub used_rewards: u64,
    /// Rewards before some decision of their key.
    pub early_rewards: u64,
    /// Rewards after the window of every decision of their key.
    pub late_rewards: u64,
    /// Rewards whose key has no decision.
    pub orphan_rewards: u64,
    /// Rewards of a window by their time that came when its decision had left.
    pub tardy_rewards: u64,
    /// Rewards that are no finite number; they join nothing.
    pub unusable_rewards: u64,
    /// Rewards beyond the most that are held of one key; they join nothing.
    pub excess_rewards: u64,
    pub overrides: u64,
    /// Overrides that came too late to suppress anything: after the window, or after the decision had left.
    pub late_overrides: u64,
    /// Overrides whose key has no decision.
    pub orphan_overrides: u64,
    pub activations: u64,
}

impl Counters {
    /// Decisions that left.
    pub fn emitted(&self) -> u64 {
        self.joined + self.defaulted
    }

    /// Names and numbers, in one order; for reports and metrics.
    pub fn named(&self) -> [(&'static str, u64); 22] {
        [
            ("decisions", self.decisions),
            ("distinct_keys", self.distinct_keys),
            ("duplicate_decisions", self.duplicate_decisions),
            ("late_decisions", self.late_decisions),
            ("open", self.open),
            ("joined", self.joined),
            ("defaulted", self.defaulted),
            ("records", self.records),
            ("overridden", self.overridden),
            ("inactive", self.inactive),
            ("rewards", self.rewards),
            ("used_rewards", self.used_rewards),
            ("early_rewards", self.early_rewards),
            ("late_rewards", self.late_rewards),
            ("orphan_rewards", self.orphan_rewards),
            ("tardy_rewards", self.tardy_rewards),
            ("unusable_rewards", self.unusable_rewards),
            ("excess_rewards", self.excess_rewards),
            ("overrides", self.overrides),
            ("late_overrides", self.late_overrides),
            ("orphan_overrides", self.orphan_overrides),
            ("activations", self.activations),
        ]
    }
}
