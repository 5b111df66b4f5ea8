//! State machines: asl-validator on each definition that lies beside the template, and on those inside it.

use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use serde_json::Value;

use super::bundle::json;
use super::finding::Finding;
use super::{Verdict, Verification, tools};

/// What stands for every substitution: a name that any service takes.
const ANY_ARN: &str = "arn:aws:any:us-east-1:123456789012:any/any";

/// A definition with the name of its file or resource.
pub struct Machine {
    pub name: String,
    pub definition: Value,
}

/// Every definition of the bundle; `Err` in place of one that is no JSON.
pub fn all(verification: &Verification<'_>) -> Result<Vec<Result<Machine, Finding>>> {
    let mut all = Vec::new();
    for file in verification.bundle.machines()? {
        let name = verification.bundle.inside(&file);
        let text = fs::read_to_string(&file)?;
        all.push(match serde_json::from_str(&text) {
            Ok(definition) => Ok(Machine { name, definition }),
            Err(error) => Err(Finding::new(name, error.to_string()).line(Some(error.line()))),
        });
    }
    let template = json(&verification.transformed())?;
    for (id, resource) in template["Resources"].as_object().into_iter().flatten() {
        let definition = &resource["Properties"]["Definition"];
        if resource["Type"] == "AWS::StepFunctions::StateMachine" && definition.is_object() {
            all.push(Ok(Machine { name: id.clone(), definition: definition.clone() }));
        }
    }
    Ok(all)
}

pub fn run(verification: &Verification<'_>) -> Result<Verdict> {
    let (mut findings, mut files) = (Vec::new(), Vec::<(String, PathBuf)>::new());
    for machine in all(verification)? {
        match machine {
            Err(finding) => findings.push(finding),
            Ok(machine) => {
                let file = verification.scratch.join(format!("machine-{}.json", files.len()));
                fs::write(&file, substituted(&machine.definition).to_string())?;
                files.push((machine.name, file));
            }
        }
    }
    for (name, file) in &files {
        let mut validator = tools::asl_validator(verification.project)?;
        let output = tools::said(validator.arg("--json-path").arg(file))?;
        if !output.status.success() {
            let words = tools::last_words(&output);
            let told = words.lines().filter(|line| !line.contains("is invalid:"));
            findings.extend(told.map(|line| Finding::new(name.clone(), line.trim()).rule("asl-validator")));
        }
    }
    Ok(Verdict { seen: format!("{} by asl-validator", files.len()), findings })
}

/// A definition with something for each `${Name}`.
fn substituted(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(without_names(text)),
        Value::Array(items) => items.iter().map(substituted).collect(),
        Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), substituted(value))).collect(),
        other => other.clone(),
    }
}

fn without_names(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(start) = rest.find("${") {
        let Some(end) = rest[start..].find('}') else { break };
        out.push_str(&rest[..start]);
        out.push_str(ANY_ARN);
        rest = &rest[start + end + 1..];
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{ANY_ARN, substituted};

    #[test]
    fn names_are_replaced_and_nothing_else() {
        let machine = json!({"Resource": "${Fn}", "Text": "a ${b} $.c", "Open": "${d"});
        let expected = json!({"Resource": ANY_ARN, "Text": format!("a {ANY_ARN} $.c"), "Open": "${d"});
        assert_eq!(substituted(&machine), expected);
    }
}
