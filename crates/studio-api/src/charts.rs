//! What the bandit page draws, computed from the user's data by the host.

use serde::{Deserialize, Serialize};

use crate::attribution::PartFormat;
use crate::project::{Draft, ProjectId};

/// Joined decisions of the project's Join document over its selected samples, as a curve of the
/// cumulative average reward → `RewardReport`. Asked anew, it ends the question before with `Cancelled`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct JoinRewards {
    pub project: ProjectId,
    pub document: Option<String>,
    pub drafts: Vec<Draft>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RewardReport {
    /// At most 2,000 points; the last one is the mean over all decisions.
    pub points: Vec<RewardPoint>,
    pub actions: Vec<ActionReward>,
    pub counters: JoinCounters,
    /// E.g. "reward within 10 s of its decision, last one wins, 0 without".
    pub rule: String,
    /// Files that could not be read and the first records that could not, in sentences with what to do.
    pub unread: Vec<String>,
    /// `None` where the document does not say the probability of decisions.
    pub worth: Option<Worth>,
}

/// What policies are worth by the joined decisions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Worth {
    /// Their place is the colour of their marks in figures.
    pub policies: Vec<PolicyWorth>,
    /// Those of one policy alone have its place (from 1) behind their id: `estimators-2`.
    pub figures: Vec<charts::Figure>,
    /// Policies that cannot be asked and decisions that were left out, in sentences.
    pub notices: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PolicyWorth {
    pub name: String,
    /// Estimates by IPS, SNIPS and DR; `None` where there is none.
    pub ips: Option<f64>,
    pub snips: Option<f64>,
    pub dr: Option<f64>,
    /// 95 % normal interval of SNIPS.
    pub interval: Option<(f64, f64)>,
    pub effective: f64,
    pub largest_weight: f64,
    pub guards: Vec<GuardNote>,
}

/// What a guard has to say: a doubt, or why there is no answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GuardNote {
    pub refuses: bool,
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RewardPoint {
    /// Decisions so far.
    pub decisions: u64,
    /// When the last of them was emitted (decision + window), RFC 3339.
    pub time: String,
    pub mean: f64,
    /// 95 % normal interval of the mean; `None` below 2 decisions.
    pub low: Option<f64>,
    pub high: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActionReward {
    pub action: String,
    pub decisions: u64,
    pub mean: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JoinCounters {
    pub decisions: u64,
    pub joined: u64,
    pub defaulted: u64,
    pub duplicates: u64,
    pub overridden: u64,
    pub early_rewards: u64,
    pub late_rewards: u64,
    pub orphan_rewards: u64,
    pub unusable: u64,
}

/// Ends the project's `Attribute`, `DoubtAttribution` and `JoinRewards` under way with `Cancelled` → `()`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StopReports {
    pub project: ProjectId,
}

/// A file of what the bandit page shows → `Option<TakenFile>` (`None`: the user closed the dialog). The page hands over what
/// it shows, so that the file is of that and nothing is computed anew.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TakeRewards {
    pub what: RewardPart,
    /// The theme of a picture.
    pub dark: bool,
    /// A native dialog asks where to (`Capabilities::native_dialogs`); else the bytes come back.
    pub ask: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RewardPart {
    Figure(charts::Figure, PartFormat),
    /// As CSV.
    Actions(Vec<ActionReward>),
    /// As CSV.
    Policies(Vec<PolicyWorth>),
    /// All of it as a page of HTML that needs nothing else; the figure is the average reward over decisions.
    Whole(Box<RewardReport>, charts::Figure),
}
