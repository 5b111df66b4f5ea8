//! State machines that lie beside the template lead from their start to states that are there.

use serde_yaml::Value;

use super::{Finding, Seen, counted};

pub fn look(seen: &Seen<'_>) -> (String, Vec<Finding>) {
    let machines: Vec<(&String, &String)> = seen.texts.iter().filter(|(path, _)| path.ends_with(".asl.json")).collect();
    let mut findings = Vec::new();
    for (path, text) in &machines {
        let mut add = |message| findings.push(Finding { path: (*path).clone(), line: 0, message });
        match serde_yaml::from_str::<Value>(text) {
            Ok(machine) => faults(&machine, "").into_iter().for_each(&mut add),
            Err(error) => add(format!("it is no JSON: {error}")),
        }
    }
    (counted(machines.len(), "state machine"), findings)
}

/// Of a machine, or of a branch of one.
fn faults(machine: &Value, place: &str) -> Vec<String> {
    let states = machine.get("States").and_then(Value::as_mapping);
    let Some(states) = states else { return vec![format!("{place}it has no States")] };
    let known = |name: &str| states.contains_key(name);
    let mut found = Vec::new();
    match machine.get("StartAt").and_then(Value::as_str) {
        None => found.push(format!("{place}it has no StartAt")),
        Some(start) if !known(start) => found.push(format!("{place}it starts at {start}, which is no state")),
        Some(_) => {}
    }
    for (name, state) in states {
        let name = name.as_str().unwrap_or_default();
        let lists = ["Choices", "Catch"].iter().filter_map(|list| state.get(*list)?.as_sequence()).flatten();
        let nexts = lists.chain([state]).filter_map(|from| from.get("Next").or_else(|| from.get("Default"))?.as_str());
        let lost = nexts.filter(|next| !known(next));
        found.extend(lost.map(|next| format!("{place}{name} goes on to {next}, which is no state")));
        let branches = state.get("Branches").and_then(Value::as_sequence).into_iter().flatten();
        let inner = branches.chain(state.get("Iterator")).chain(state.get("ItemProcessor"));
        inner.for_each(|branch| found.extend(faults(branch, &format!("{place}{name}: "))));
    }
    found
}
