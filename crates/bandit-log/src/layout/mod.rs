//! What the records of a log look like, found out by the names of their fields.

mod columns;
mod dsjson;
mod events;
mod open_bandit;

pub use columns::Columns;
pub use events::EventReader;

use dtc_expr::{Dict, Value};

use crate::log::Logged;

#[derive(Debug, Clone, PartialEq)]
pub enum Layout {
    /// Vowpal Wabbit's `--dsjson`.
    Dsjson,
    /// Open Bandit dataset: `item_id`, `click`, `propensity_score`.
    OpenBandit,
    /// One decision a record with its action, probability and reward: tables, and what the join service writes.
    Columns(Columns),
    /// Decisions, rewards and overrides, each a record; they are joined first.
    Events,
}

/// What a record is.
pub enum Item {
    Decision(Box<Logged>),
    /// Part of the format, but no decision.
    Aside(&'static str),
    /// What is wrong, with its cure.
    Fault(String),
}

impl Layout {
    /// Of a file by its first record. `renamed` says which columns of a table hold what. The error is a sentence.
    pub fn of(record: &Dict, renamed: &[(String, String)]) -> Result<Layout, String> {
        let has = |name: &str| record.contains_key(name);
        if renamed.is_empty() {
            let dsjson = ["_label_cost", "_label_probability", "_outcomes", "RewardValue", "_labelIndex"];
            if dsjson.iter().any(|name| has(name)) {
                return Ok(Layout::Dsjson);
            }
            if has("item_id") && has("click") && has("propensity_score") {
                return Ok(Layout::OpenBandit);
            }
            if has("kind") && has("key") && has("ts_ms") {
                return Ok(Layout::Events);
            }
        }
        Columns::of(record, renamed).map(Layout::Columns)
    }

    pub fn name(&self) -> &'static str {
        match self {
            Layout::Dsjson => "VW dsjson",
            Layout::OpenBandit => "Open Bandit",
            Layout::Columns(columns) if columns.is_service() => "joined records",
            Layout::Columns(_) => "table of decisions",
            Layout::Events => "events",
        }
    }

    /// Nothing else looks like it.
    pub fn is_plain(&self) -> bool {
        match self {
            Layout::Columns(columns) => columns.is_service(),
            _ => true,
        }
    }

    /// A record that is a decision by itself; of events it says what is wrong.
    pub fn item(&self, number: usize, record: &Value, fields: &Dict) -> Item {
        match self {
            Layout::Dsjson => dsjson::item(number, record, fields),
            Layout::OpenBandit => open_bandit::item(number, record, fields),
            Layout::Columns(columns) => columns.item(number, record, fields),
            Layout::Events => Item::Fault("events stand among decisions; put them into files of their own".to_owned()),
        }
    }
}

/// Within (0, 1], or what is wrong with it.
fn probability(name: &str, value: Option<&Value>) -> Result<f64, String> {
    let cure = "log the probability of the action that was taken, at the moment of the decision";
    match value {
        None | Some(Value::None) => Err(format!("there is no `{name}`; {cure}")),
        Some(value) => match crate::value::number(value) {
            Some(p) if p > 0.0 && p <= 1.0 => Ok(p),
            _ => Err(format!(
                "`{name}` is {}, not a probability above 0 and up to 1; {cure}",
                crate::value::shown(value)
            )),
        },
    }
}
