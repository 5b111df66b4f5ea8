//! SAM's own translator: the template becomes what CloudFormation would be given. A plain template stays as it is.

use anyhow::Result;

use super::bundle::{Kind, TEMPLATE, json};
use super::finding::Finding;
use super::{Verdict, Verification, tools};

pub fn run(verification: &Verification<'_>) -> Result<Verdict> {
    let out = verification.transformed();
    let mut python = tools::python(verification.project, "python3")?;
    python.arg(verification.project.root.join("tests/suite/bundles/transform.py"));
    python.arg(verification.bundle.template()).arg(&out);
    let output = tools::said(&mut python)?;
    if !output.status.success() {
        let words = tools::last_words(&output);
        let findings = words.lines().map(|line| Finding::new(TEMPLATE, line).rule("aws-sam-translator")).collect();
        return Ok(Verdict { seen: "refused".to_owned(), findings });
    }
    let count = json(&out)?["Resources"].as_object().map_or(0, |resources| resources.len());
    let by = match verification.bundle.kind {
        Kind::Sam => "by aws-sam-translator",
        Kind::CloudFormation => "as they stand",
    };
    Ok(Verdict { seen: format!("{count} resources {by}"), findings: Vec::new() })
}
