//! cfn-guard with the rules of `rules.guard`: what a bundle of ours must hold beyond what a linter knows.

use anyhow::{Context, Result};
use serde_json::Value;

use super::bundle::TEMPLATE;
use super::finding::Finding;
use super::{Verdict, Verification, tools};

const RULES: &str = "xtask/src/verify/rules.guard";

pub fn run(verification: &Verification<'_>) -> Result<Verdict> {
    let mut guard = tools::guard(verification.project)?;
    guard.args(["validate", "--structured", "--output-format", "json", "--show-summary", "none"]);
    guard.arg("--rules").arg(verification.project.root.join(RULES)).arg("--data").arg(verification.transformed());
    let output = tools::said(&mut guard)?;
    let said: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("cfn-guard gave no answer\n{}", tools::last_words(&output)))?;
    let report = said.get(0).context("cfn-guard gave no answer")?;
    let of = |kind: &str| report[kind].as_array().map_or(&[][..], Vec::as_slice);
    let findings: Vec<Finding> = of("not_compliant").iter().flat_map(|rule| broken(verification, rule)).collect();
    if findings.is_empty() && report["status"] != "PASS" && report["status"] != "SKIP" {
        anyhow::bail!("cfn-guard is not content: {report}");
    }
    let (held, other) = (of("compliant").len(), of("not_applicable").len());
    Ok(Verdict { seen: format!("{held} rules of cfn-guard hold, {other} have nothing to say"), findings })
}

/// What a broken rule says, once for each resource.
fn broken(verification: &Verification<'_>, rule: &Value) -> Vec<Finding> {
    let name = rule["Rule"]["name"].as_str().unwrap_or_default();
    let mut clauses = Vec::new();
    collect(rule, &mut clauses);
    let findings = clauses.into_iter().map(|(custom, told)| {
        let path = told.split("Path=").nth(1).unwrap_or_default();
        let mut parts = path.split(['[', ' ']).next().unwrap_or_default().split('/').skip(2);
        let place = parts.next().unwrap_or_default();
        let property = parts.collect::<Vec<_>>().join(".");
        let message = match (custom.is_empty(), property.is_empty()) {
            (true, _) => told.clone(),
            (false, true) => custom,
            (false, false) => format!("{custom} ({property})"),
        };
        let finding = Finding::new(TEMPLATE, message).rule(name);
        if place.is_empty() { finding } else { finding.line(verification.bundle.line_of(place)).place(place) }
    });
    findings.collect()
}

/// The messages below: ours, and the one that names the place.
fn collect(value: &Value, clauses: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => {
            let messages = map.get("messages").filter(|messages| messages["error_message"].is_string());
            if let Some(messages) = messages {
                let text = |name: &str| messages[name].as_str().unwrap_or_default().trim().to_owned();
                if !text("error_message").is_empty() {
                    clauses.push((text("custom_message"), text("error_message")));
                    return;
                }
            }
            map.values().for_each(|value| collect(value, clauses));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, clauses)),
        _ => {}
    }
}
