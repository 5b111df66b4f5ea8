//! cfn-lint with every rule, on the template as written and on what it becomes.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::bundle::TEMPLATE;
use super::finding::Finding;
use super::{Verdict, Verification, tools};

pub fn template(verification: &Verification<'_>) -> Result<Verdict> {
    lint(verification, &verification.bundle.template(), true)
}

pub fn transformed(verification: &Verification<'_>) -> Result<Verdict> {
    lint(verification, &verification.transformed(), false)
}

fn lint(verification: &Verification<'_>, file: &Path, own_lines: bool) -> Result<Verdict> {
    let mut command = tools::python(verification.project, "cfn-lint")?;
    command.args(["--include-checks", "I", "--format", "json", "--"]).arg(file);
    let output = tools::said(&mut command)?;
    let found: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("cfn-lint gave no list\n{}", tools::last_words(&output)))?;
    let findings = found.as_array().context("cfn-lint gave no list")?.iter().map(|one| {
        let place = one["Location"]["Path"].as_array().and_then(|path| path.get(1)?.as_str());
        let own = one["Location"]["Start"]["LineNumber"].as_u64().and_then(|line| usize::try_from(line).ok());
        let line = if own_lines { own } else { place.and_then(|place| verification.bundle.line_of(place)) };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let finding = Finding::new(TEMPLATE, text(&one["Message"])).line(line).rule(text(&one["Rule"]["Id"]));
        match place {
            Some(place) => finding.place(place),
            None => finding,
        }
    });
    Ok(Verdict { seen: "cfn-lint, informational rules too".to_owned(), findings: findings.collect() })
}
