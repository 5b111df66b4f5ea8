//! The Open Bandit dataset's table: `timestamp,item_id,position,click,propensity_score,user_feature_0…`.
//! Saito, Aihara, Matsutani, Narita, NeurIPS Datasets 2021 (arXiv 2008.07146).

use std::sync::Arc;

use dtc_expr::{Dict, Value};

use super::{Item, probability};
use crate::log::Logged;
use crate::value::{millis, number, text};

pub fn item(number_of_line: usize, record: &Value, line: &Dict) -> Item {
    match logged(number_of_line, record, line) {
        Ok(logged) => Item::Decision(Box::new(logged)),
        Err(what) => Item::Fault(what),
    }
}

fn logged(number_of_line: usize, record: &Value, line: &Dict) -> Result<Logged, String> {
    let action = line.get("item_id").and_then(text).ok_or("`item_id` is empty; it names the item that was shown")?;
    let reward = line.get("click").and_then(number).ok_or("`click` is no number; it is 1 or 0")?;
    let own = |name: &str| name == "position" || name.starts_with("user_feature");
    let context: Dict = line
        .iter()
        .filter(|(name, _)| name.as_str().is_some_and(own))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Ok(Logged {
        key: number_of_line.to_string(),
        time_ms: line.get("timestamp").and_then(millis),
        action,
        probability: probability("propensity_score", line.get("propensity_score"))?,
        reward,
        context: Value::Dict(dtc_expr::Flavor::Plain, Arc::new(context)),
        record: record.clone(),
        ..Logged::default()
    })
}
