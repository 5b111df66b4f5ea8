//! Lines of Vowpal Wabbit's decision service: `--dsjson --cb_adf`.
//!
//! Costs are turned into rewards. Lines of several slots (CCB, slates) are faults: their propensities are not those
//! of one choice.

use dtc_expr::{Dict, Value};

use super::{Item, probability};
use crate::log::Logged;
use crate::value::{fields, millis, number, shown, text};

pub fn item(number_of_line: usize, record: &Value, line: &Dict) -> Item {
    if line.contains_key("RewardValue") && !line.contains_key("c") {
        return Item::Aside("dangling rewards");
    }
    if line.get("_skipLearn").is_some_and(Value::is_truthy) {
        return Item::Aside("decisions that were not activated");
    }
    if line.contains_key("_outcomes") {
        let what = "the line decides several slots at once (`_outcomes`), and estimates are of single decisions; \
                    write one line for each slot";
        return Item::Fault(what.to_owned());
    }
    match logged(number_of_line, record, line) {
        Ok(logged) => Item::Decision(Box::new(logged)),
        Err(what) => Item::Fault(what),
    }
}

fn logged(number_of_line: usize, record: &Value, line: &Dict) -> Result<Logged, String> {
    let cost = line.get("_label_cost").ok_or("there is no `_label_cost`; join the decision with its reward first")?;
    let cost = number(cost).ok_or_else(|| format!("`_label_cost` is {}, which is no number", shown(cost)))?;
    let label = probability("_label_probability", line.get("_label_probability"))?;
    let context = line.get("c").cloned().unwrap_or_default();
    let names = names(&context);
    let context = own_context(&names, context);
    let id = chosen(line)?;
    let name = |id: i64| {
        let own = usize::try_from(id - 1).ok().and_then(|place| names.get(place).cloned().flatten());
        own.unwrap_or_else(|| id.to_string())
    };
    let offered = offered(line, names.len())?;
    if !offered.is_empty() && !offered.iter().any(|(known, _)| *known == id) {
        return Err(format!("the action {id} is not among the {} that were offered", offered.len()));
    }
    let dropped = line.get("pdrop").and_then(number).unwrap_or_default();
    if !(0.0..1.0).contains(&dropped) {
        return Err(format!("`pdrop` is {dropped}; it is the share of lines that were left out, below 1"));
    }
    Ok(Logged {
        key: line.get("EventId").and_then(text).unwrap_or_else(|| number_of_line.to_string()),
        time_ms: line.get("Timestamp").or_else(|| line.get("EnqueuedTimeUtc")).and_then(millis),
        action: name(id),
        probability: undropped(label, dropped, offered.iter().find(|(known, _)| *known == id).and_then(|(_, p)| *p)),
        // Not -0 for a cost of 0.
        reward: 0.0 - cost,
        dropped,
        offered: offered.into_iter().map(|(id, p)| (name(id), p)).collect(),
        context,
        record: record.clone(),
        delay_ms: None,
    })
}

/// Converters write the probability times the share of lines that were kept, and `pdrop` too; of the two
/// corrections one is enough.
fn undropped(label: f64, dropped: f64, own: Option<f64>) -> f64 {
    match own {
        Some(own) if dropped > 0.0 && (label - own * (1.0 - dropped)).abs() < 1e-6 * label => own,
        _ => label,
    }
}

/// The chosen action's id, from 1.
fn chosen(line: &Dict) -> Result<i64, String> {
    let id = line.get("_label_Action").and_then(number);
    let index = line.get("_labelIndex").and_then(number).map(|index| index + 1.0);
    let first = line.get("a").and_then(|list| match list {
        Value::List(_, ids) => ids.first().and_then(number),
        _ => None,
    });
    match id.or(index).or(first) {
        Some(id) if id >= 1.0 && id.fract() == 0.0 => Ok(id as i64),
        Some(id) => Err(format!("the action's id is {id}; ids are whole numbers from 1 on")),
        None => Err("no action is named (`_label_Action`, `_labelIndex` or `a`)".to_owned()),
    }
}

/// Ids with probabilities; without `a` and `p`, as many as the context lists.
fn offered(line: &Dict, listed: usize) -> Result<Vec<(i64, Option<f64>)>, String> {
    let list = |name: &str| match line.get(name) {
        Some(Value::List(_, items)) => items.iter().map(number).collect::<Option<Vec<f64>>>(),
        _ => None,
    };
    match (list("a"), list("p")) {
        (Some(ids), Some(p)) if ids.len() == p.len() => {
            Ok(ids.into_iter().zip(p).map(|(id, p)| (id as i64, Some(p))).collect())
        }
        (Some(ids), Some(p)) => Err(format!("`a` has {} actions where `p` has {}", ids.len(), p.len())),
        (Some(ids), None) => Ok(ids.into_iter().map(|id| (id as i64, None)).collect()),
        (None, _) => Ok((1..=listed as i64).map(|id| (id, None)).collect()),
    }
}

/// Of a line of ours the context that was written, whose place is `S`.
fn own_context(names: &[Option<String>], context: Value) -> Value {
    let is_ours = !names.is_empty() && names.iter().all(Option::is_some);
    match fields(&context) {
        Some(members) if is_ours && members.keys().all(|name| matches!(name.as_str(), Some("S" | "_multi"))) => {
            members.get("S").cloned().unwrap_or_default()
        }
        _ => context,
    }
}

/// What `_multi` calls its actions, where lines of ours say it: `{"A": {"action": NAME}}`.
fn names(context: &Value) -> Vec<Option<String>> {
    let Some(Value::List(_, actions)) = fields(context).and_then(|context| context.get("_multi")) else {
        return Vec::new();
    };
    let name = |action: &Value| fields(fields(action)?.get("A")?)?.get("action").and_then(text);
    actions.iter().map(name).collect()
}
