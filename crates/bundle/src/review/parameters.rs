//! What the environments set is what the template asks for.

use serde_yaml::Value;

use super::{Finding, Seen, counted};
use crate::environment::settings;

/// Given by hand when a plain template is deployed.
const BY_HAND: [&str; 2] = ["ArtifactBucket", "ArtifactPrefix"];

pub fn look(seen: &Seen<'_>) -> (String, Vec<Finding>) {
    let path = if seen.texts.contains_key("samconfig.toml") { "samconfig.toml" } else { "Makefile" };
    let line_of = |needle: &str| {
        let text = seen.texts.get(path).map_or("", String::as_str);
        text.lines().position(|line| line.contains(needle)).map_or(0, |index| index + 1)
    };
    let environments = settings(&seen.texts);
    let mut findings = Vec::new();
    let mut add = |needle: &str, message: String| {
        findings.push(Finding { path: path.to_owned(), line: line_of(needle), message });
    };
    for (environment, own) in &environments {
        for (name, value) in &own.parameters {
            let Some(parameter) = seen.template.parameter(name) else {
                add(name, format!("{environment} sets {name}, which is no parameter of the template"));
                continue;
            };
            let allowed = parameter.get("AllowedValues").and_then(Value::as_sequence);
            let is_allowed = allowed.is_none_or(|allowed| {
                allowed.iter().any(|one| match one {
                    Value::String(text) => text == value,
                    other => serde_yaml::to_string(other).is_ok_and(|text| text.trim() == value),
                })
            });
            if !is_allowed {
                add(
                    &format!("{name}={value}"),
                    format!("{environment} sets {name} to {value}, which the template does not allow"),
                );
            }
        }
        for (name, parameter) in seen.template.parameters() {
            let is_given = parameter.get("Default").is_some() || own.parameters.contains_key(name);
            if !is_given && !BY_HAND.contains(&name) {
                add(environment, format!("{environment} does not set {name}, which has no default"));
            }
        }
    }
    let parameters = seen.template.parameters().count();
    (format!("{} of {}", counted(parameters, "parameter"), counted(environments.len(), "environment")), findings)
}
