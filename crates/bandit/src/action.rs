//! The average reward of each action, over the decisions that chose it.

use indexmap::IndexMap;

use crate::join::Joined;

#[derive(Debug, Clone, PartialEq)]
pub struct ActionMean {
    pub action: String,
    pub decisions: u64,
    pub mean: f64,
}

/// Most chosen first, ties by name.
pub fn actions(records: &[Joined]) -> Vec<ActionMean> {
    let mut means: IndexMap<&str, (u64, f64)> = IndexMap::new();
    for record in records {
        let (decisions, mean) = means.entry(record.decision.as_str()).or_default();
        *decisions += 1;
        *mean += (record.reward - *mean) / *decisions as f64;
    }
    let mut actions: Vec<ActionMean> = means
        .into_iter()
        .map(|(action, (decisions, mean))| ActionMean { action: action.to_owned(), decisions, mean })
        .collect();
    actions.sort_by(|a, b| b.decisions.cmp(&a.decisions).then_with(|| a.action.cmp(&b.action)));
    actions
}
