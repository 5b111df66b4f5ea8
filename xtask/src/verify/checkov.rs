//! checkov's checks for CloudFormation, on the transformed file: SAM's own form hides policies from it.

use anyhow::{Context, Result};
use serde_json::Value;

use super::bundle::TEMPLATE;
use super::finding::Finding;
use super::{Verdict, Verification, tools};

pub fn run(verification: &Verification<'_>) -> Result<Verdict> {
    let mut checkov = tools::checkov(verification.project)?;
    checkov.env("LOG_LEVEL", "ERROR").args([
        "--skip-download",
        "--quiet",
        "--compact",
        "--framework",
        "cloudformation",
    ]);
    checkov.args(["--output", "json", "--file"]).arg(verification.transformed());
    let output = tools::said(&mut checkov)?;
    let report: Value = serde_json::from_slice(&output.stdout)
        .with_context(|| format!("checkov gave no answer\n{}", tools::last_words(&output)))?;
    let of = |kind: &str| report["results"][kind].as_array().map_or(&[][..], Vec::as_slice);
    if let Some(file) = of("parsing_errors").first() {
        anyhow::bail!("checkov cannot read {file}");
    }
    let count = |kind: &str| report["summary"][kind].as_u64().unwrap_or_default();
    let passed = count("passed");
    if passed + count("failed") == 0 {
        anyhow::bail!("checkov looked at nothing");
    }
    let findings = of("failed_checks").iter().map(|check| {
        let text = |name: &str| check[name].as_str().unwrap_or_default().to_owned();
        let resource = text("resource");
        let place = resource.rsplit('.').next().unwrap_or_default().to_owned();
        let line = verification.bundle.line_of(&place);
        Finding::new(TEMPLATE, text("check_name")).line(line).place(place).rule(text("check_id"))
    });
    let findings = findings.collect();
    let skipped = count("skipped");
    Ok(Verdict { seen: format!("{passed} checks passed, {skipped} skipped with a reason"), findings })
}
