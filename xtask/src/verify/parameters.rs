//! Parameters of each task of a state machine, against the services' own models (the ones that botocore carries): does the
//! action exist, are names, types and required members right. Values that are known only when it runs count as right.

mod model;

use anyhow::Result;
use serde_json::{Map, Value};

use super::finding::Finding;
use super::{Verdict, Verification, machines};
use model::{Model, Models};

pub fn run(verification: &Verification<'_>) -> Result<Verdict> {
    let mut models = Models::find(verification.project)?;
    let (mut tasks, mut findings) = (0, Vec::new());
    // Unreadable definitions are the layer before's business.
    for machine in machines::all(verification)?.into_iter().flatten() {
        let mut states = Vec::new();
        collect(&machine.definition, &mut states);
        for (name, state) in states {
            let Some(action) = Action::of(state) else { continue };
            tasks += 1;
            let found = check(&mut models, &action, state)?;
            findings.extend(found.into_iter().map(|message| {
                Finding::new(machine.name.clone(), message)
                    .place(name)
                    .rule(format!("{}:{}", action.service, action.name))
            }));
        }
    }
    Ok(Verdict { seen: format!("{tasks} tasks against botocore's models"), findings })
}

/// The states of a machine, those inside others too.
fn collect<'a>(machine: &'a Value, found: &mut Vec<(&'a str, &'a Map<String, Value>)>) {
    for (name, state) in machine["States"].as_object().into_iter().flatten() {
        let Some(state) = state.as_object() else { continue };
        found.push((name, state));
        state.get("Branches").and_then(Value::as_array).into_iter().flatten().for_each(|branch| collect(branch, found));
        ["ItemProcessor", "Iterator"]
            .iter()
            .filter_map(|inner| state.get(*inner))
            .for_each(|inner| collect(inner, found));
    }
}

/// What a task calls: `arn:aws:states:::[aws-sdk:]SERVICE:ACTION[.sync]`.
struct Action {
    service: String,
    name: String,
    /// Not through the SDK: then texts may be written as objects.
    optimised: bool,
}

impl Action {
    fn of(state: &Map<String, Value>) -> Option<Action> {
        if state.get("Type")? != "Task" {
            return None;
        }
        let (_, call) = state.get("Resource")?.as_str()?.split_once(":states:::")?;
        let (call, optimised) = call.strip_prefix("aws-sdk:").map_or((call, true), |call| (call, false));
        let (service, action) = call.split_once(':')?;
        let name = action.split('.').next()?.to_owned();
        let service = match service {
            "states" | "sfn" => "stepfunctions",
            "eventbridge" => "events",
            "cloudwatchlogs" => "logs",
            "emrserverless" => "emr-serverless",
            "elasticmapreduce" => "emr",
            "sagemakerruntime" => "sagemaker-runtime",
            other => other,
        };
        Some(Action { service: service.to_owned(), name, optimised })
    }
}

/// What is wrong with the parameters of one task.
fn check(models: &mut Models, action: &Action, state: &Map<String, Value>) -> Result<Vec<String>> {
    let Some(model) = models.of(&action.service)? else {
        return Ok(vec![format!("there is no service `{}`", action.service)]);
    };
    let Some(shape) = model.input(&action.name) else {
        return Ok(vec![format!("`{}` has no action `{}`", action.service, action.name)]);
    };
    let empty = Value::Object(Map::new());
    let given = state.get("Parameters").or_else(|| state.get("Arguments")).unwrap_or(&empty);
    let mut found = Vec::new();
    Check { model, optimised: action.optimised, found: &mut found }.value(given, shape, "");
    Ok(found)
}

struct Check<'a> {
    model: &'a Model,
    optimised: bool,
    found: &'a mut Vec<String>,
}

impl Check<'_> {
    fn say(&mut self, path: &str, what: String) {
        let path = if path.is_empty() { "the parameters" } else { path };
        self.found.push(format!("{path}: {what}"));
    }

    fn value(&mut self, value: &Value, shape: &str, path: &str) {
        if is_known_later(value) {
            return;
        }
        let shape = self.model.shape(shape);
        match shape["type"].as_str().unwrap_or_default() {
            "structure" if shape["document"] != true => self.structure(value, shape, path),
            "list" => match value.as_array() {
                Some(items) => {
                    let member = shape["member"]["shape"].as_str().unwrap_or_default();
                    items
                        .iter()
                        .enumerate()
                        .for_each(|(index, item)| self.value(item, member, &format!("{path}[{index}]")));
                }
                None => self.say(path, format!("a list is wanted, not {value}")),
            },
            "map" => match value.as_object() {
                Some(map) => {
                    let member = shape["value"]["shape"].as_str().unwrap_or_default();
                    map.iter().for_each(|(key, value)| {
                        if !key.ends_with(".$") {
                            self.value(value, member, &format!("{path}.{key}"));
                        }
                    });
                }
                None => self.say(path, format!("an object is wanted, not {value}")),
            },
            "string" => self.text(value, shape, path),
            "integer" | "long" if !value.is_i64() && !value.is_u64() => {
                self.say(path, format!("a whole number is wanted, not {value}"))
            }
            "float" | "double" if !value.is_number() => self.say(path, format!("a number is wanted, not {value}")),
            "boolean" if !value.is_boolean() => self.say(path, format!("true or false is wanted, not {value}")),
            "integer" | "long" | "float" | "double" => self.range(value, shape, path),
            _ => {}
        }
    }

    fn structure(&mut self, value: &Value, shape: &Value, path: &str) {
        let Some(given) = value.as_object() else {
            return self.say(path, format!("an object is wanted, not {value}"));
        };
        let empty = Map::new();
        let members = shape["members"].as_object().unwrap_or(&empty);
        let mut seen = Vec::new();
        for (key, value) in given {
            let name = key.strip_suffix(".$").unwrap_or(key);
            let place = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            // State machines write names with a capital, whatever the service does.
            let found = members.get_key_value(name).or_else(|| members.get_key_value(&model::lower_first(name)));
            match found {
                None => {
                    let names: Vec<&str> = members.keys().map(String::as_str).collect();
                    self.say(&place, format!("there is no such parameter; there are {}", names.join(", ")));
                }
                Some((known, member)) => {
                    seen.push(known.as_str());
                    if name == key {
                        self.value(value, member["shape"].as_str().unwrap_or_default(), &place);
                    }
                }
            }
        }
        for required in shape["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            // A token that makes a call safe to repeat is filled in by Step Functions.
            if !seen.contains(&required)
                && members.get(required).is_none_or(|member| member["idempotencyToken"] != true)
            {
                self.say(path, format!("`{required}` is missing"));
            }
        }
    }

    fn text(&mut self, value: &Value, shape: &Value, path: &str) {
        let Some(text) = value.as_str() else {
            if !(self.optimised && (value.is_object() || value.is_array())) {
                self.say(path, format!("a text is wanted, not {value}"));
            }
            return;
        };
        let allowed: Vec<&str> = shape["enum"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if !allowed.is_empty() && !allowed.contains(&text) {
            self.say(path, format!("`{text}` is none of {}", allowed.join(", ")));
        }
        let length = text.chars().count() as u64;
        if shape["min"].as_u64().is_some_and(|min| length < min)
            || shape["max"].as_u64().is_some_and(|max| length > max)
        {
            self.say(path, format!("{length} characters are not {} to {}", shape["min"], shape["max"]));
        }
    }

    fn range(&mut self, value: &Value, shape: &Value, path: &str) {
        let number = value.as_f64().unwrap_or_default();
        if shape["min"].as_f64().is_some_and(|min| number < min)
            || shape["max"].as_f64().is_some_and(|max| number > max)
        {
            self.say(path, format!("{value} is not {} to {}", shape["min"], shape["max"]));
        }
    }
}

/// A substitution or an expression of JSONata.
fn is_known_later(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains("${") || text.starts_with("{%"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Check, Model};

    fn faults(given: &Value) -> Vec<String> {
        let model = Model::new(json!({
            "operations": {"CreateJob": {"input": {"shape": "In"}}},
            "shapes": {
                "In": {"type": "structure", "required": ["Name", "Token"], "members": {
                    "Name": {"shape": "Text"}, "Token": {"shape": "Text", "idempotencyToken": true},
                    "Count": {"shape": "Count"}, "Mode": {"shape": "Mode"}, "tags": {"shape": "Tags"}}},
                "Text": {"type": "string", "min": 1, "max": 4}, "Count": {"type": "integer", "min": 1},
                "Mode": {"type": "string", "enum": ["A", "B"]}, "Tags": {"type": "list", "member": {"shape": "Text"}}
            }
        }));
        let shape = model.input("createJob").unwrap();
        let mut found = Vec::new();
        Check { model: &model, optimised: true, found: &mut found }.value(given, shape, "");
        found
    }

    #[test]
    fn right_parameters_pass_whatever_is_known_later() {
        assert!(faults(&json!({"Name": "ab", "Count": 2, "Mode": "B", "Tags": ["x"]})).is_empty());
        assert!(faults(&json!({"Name.$": "$.name", "Count": "${Count}", "Mode": "{% $mode %}"})).is_empty());
    }

    #[test]
    fn each_fault_is_told_with_its_place() {
        let found = faults(&json!({"Nmae": "x", "Count": 0, "Mode": "C", "Tags": ["", 1]}));
        let starts = [
            "Nmae: there is no such",
            "Count: 0 is not",
            "Mode: `C` is none of A, B",
            "Tags[0]: 0 characters",
            "Tags[1]: a text",
            "the parameters: `Name` is missing",
        ];
        assert_eq!(found.len(), starts.len(), "{found:?}");
        for (found, start) in found.iter().zip(starts) {
            assert!(found.starts_with(start), "{found}");
        }
    }
}
