//! What the join may be told: window, rewards, overrides, duplicates; and the four known semantics as such rules.

/// How one decision's rewards become its reward. Ties of time are taken in the order of arrival.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Aggregation {
    /// The latest.
    #[default]
    Last,
    First,
    Sum,
    Mean,
    /// Of an even number, the mean of the two in the middle.
    Median,
    Min,
    Max,
    /// A record for each reward, as a plain left join gives.
    Each,
}

impl Aggregation {
    pub const ALL: [(&'static str, Aggregation); 8] = [
        ("last", Aggregation::Last),
        ("first", Aggregation::First),
        ("sum", Aggregation::Sum),
        ("mean", Aggregation::Mean),
        ("median", Aggregation::Median),
        ("min", Aggregation::Min),
        ("max", Aggregation::Max),
        ("each", Aggregation::Each),
    ];

    pub fn of_name(name: &str) -> Option<Aggregation> {
        Aggregation::ALL.iter().find(|(known, _)| *known == name).map(|(_, aggregation)| *aggregation)
    }

    pub fn name(self) -> &'static str {
        Aggregation::ALL.iter().find(|(_, known)| *known == self).map_or("last", |(name, _)| name)
    }
}

/// Which decision events of one key leave a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Decisions {
    /// The first by time, ties by arrival; the others are counted as duplicates.
    #[default]
    First,
    /// Each.
    Every,
}

/// Which overrides suppress a decision at d.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overrides {
    /// Any of its key up to d+W, also before d.
    #[default]
    UntilEnd,
    /// Those in [d, d+W].
    InWindow,
    /// None.
    Ignored,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rule {
    /// W, in milliseconds. Below 0 it is taken as 0.
    pub window_ms: i64,
    /// How much earlier than its decision a reward may be, in milliseconds.
    pub early_ms: i64,
    /// Whether a reward at either edge of the window is outside of it.
    pub strict: bool,
    pub aggregation: Aggregation,
    pub default_reward: f64,
    pub decisions: Decisions,
    pub overrides: Overrides,
    /// Whether a decision leaves only if an activation of its key lies in its window.
    pub activation: bool,
    /// How long after its window a key is remembered, in milliseconds, so that what comes again is known
    /// as a duplicate and what comes late as late. `i64::MAX`: for ever.
    pub remember_ms: i64,
    /// Rewards held of one key; more are counted and left.
    pub most_rewards: usize,
}

impl Default for Rule {
    /// The recommended rule with a window of 10 seconds.
    fn default() -> Rule {
        Rule {
            window_ms: 10_000,
            early_ms: 0,
            strict: false,
            aggregation: Aggregation::Last,
            default_reward: 0.0,
            decisions: Decisions::First,
            overrides: Overrides::UntilEnd,
            activation: false,
            remember_ms: i64::MAX,
            most_rewards: 10_000,
        }
    }
}

impl Rule {
    /// Smallest and largest delay (reward minus decision) that joins, both included.
    pub(super) fn delays(&self) -> (i64, i64) {
        let inside = i64::from(self.strict);
        (self.early_ms.max(0).saturating_neg().saturating_add(inside), self.window().saturating_sub(inside))
    }

    pub(super) fn window(&self) -> i64 {
        self.window_ms.max(0)
    }
}

/// Joins that systems of the field do, each a setting of the one rule (W = 10 s).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Semantics {
    /// The join service's specification: one record a key, last reward, overrides suppress.
    SeedSpec,
    /// The demo's SQL: a row for each reward and each decision event.
    DemoV1,
    /// The demo's later program: a record for each decision event, last reward, overrides within the window.
    DemoV2,
    /// Microsoft's learning loop: earliest reward with -2 min < r-d < W.
    MsLoop,
}

impl Semantics {
    pub const ALL: [(&'static str, Semantics); 4] = [
        ("seed_spec", Semantics::SeedSpec),
        ("demo_v1", Semantics::DemoV1),
        ("demo_v2", Semantics::DemoV2),
        ("ms_loop", Semantics::MsLoop),
    ];

    pub fn of_name(name: &str) -> Option<Semantics> {
        Semantics::ALL.iter().find(|(known, _)| *known == name).map(|(_, semantics)| *semantics)
    }

    pub fn rule(self) -> Rule {
        let every = Rule { decisions: Decisions::Every, ..Rule::default() };
        match self {
            Semantics::SeedSpec => Rule::default(),
            Semantics::DemoV1 => Rule { aggregation: Aggregation::Each, overrides: Overrides::Ignored, ..every },
            Semantics::DemoV2 => Rule { overrides: Overrides::InWindow, ..every },
            Semantics::MsLoop => Rule {
                aggregation: Aggregation::First,
                overrides: Overrides::Ignored,
                early_ms: 120_000,
                strict: true,
                ..every
            },
        }
    }
}
