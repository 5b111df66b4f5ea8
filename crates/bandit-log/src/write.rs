//! A decision as a line of VW dsjson, which `vw --dsjson --cb_adf` learns from and `read` reads back.

use dtc_expr::{DateTime, Value};
use serde_json::{Map, Value as Json, json};

use crate::log::{Decision, Log};
use crate::value::fields;

/// One line, without its end. Probabilities of actions that were not taken are written where the log knows them all.
pub fn dsjson_line(log: &Log, decision: &Decision) -> String {
    let all: Vec<(usize, Option<f64>)>;
    let offered = match decision.offered.as_slice() {
        [] => {
            all = (0..log.actions.len()).map(|action| (action, None)).collect();
            &all[..]
        }
        offered => offered,
    };
    // Ids are places in `_multi`: those of a line that was read are in the order of its own context.
    let own = fields(&decision.context).is_some_and(|context| context.contains_key("_multi"));
    let mut ids: Vec<usize> = offered.iter().map(|(action, _)| *action).collect();
    ids.sort_unstable();
    let id = |action: usize| match own.then(|| log.actions[action].parse::<usize>().ok()).flatten() {
        Some(id) => id,
        None => ids.iter().position(|known| *known == action).unwrap_or_default() + 1,
    };
    let mut line = Map::new();
    line.insert("_label_cost".into(), json!(0.0 - decision.reward));
    line.insert("_label_probability".into(), json!(decision.probability));
    line.insert("_label_Action".into(), json!(id(decision.action)));
    line.insert("_labelIndex".into(), json!(id(decision.action) - 1));
    if let Some(time) = decision.time_ms {
        let time = DateTime { micros: time.saturating_mul(1_000), offset: Some(0) }.isoformat();
        line.insert("Timestamp".into(), json!(time));
    }
    line.insert("Version".into(), json!("1"));
    line.insert("EventId".into(), json!(decision.key));
    let chosen = offered.iter().filter(|(action, _)| *action == decision.action);
    let others = offered.iter().filter(|(action, _)| *action != decision.action);
    let ranked: Vec<&(usize, Option<f64>)> = chosen.chain(others).collect();
    if let Some(p) = ranked.iter().map(|(_, p)| *p).collect::<Option<Vec<f64>>>() {
        line.insert("a".into(), ranked.iter().map(|(action, _)| json!(id(*action))).collect());
        line.insert("p".into(), json!(p));
    }
    line.insert("c".into(), if own { json_of(&decision.context) } else { context(log, decision, &ids) });
    if decision.dropped > 0.0 {
        line.insert("pdrop".into(), json!(decision.dropped));
    }
    Json::Object(line).to_string()
}

fn context(log: &Log, decision: &Decision, ids: &[usize]) -> Json {
    let mut context = Map::new();
    if let Json::Object(members) = json_of(&decision.context) {
        context.insert("S".into(), Json::Object(members));
    }
    let actions = ids.iter().map(|action| json!({"A": {"action": log.actions[*action]}}));
    context.insert("_multi".into(), actions.collect());
    Json::Object(context)
}

fn json_of(value: &Value) -> Json {
    value.to_json().ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Json::Null)
}
