//! Programs that judge templates, where they are installed: how each is called, and what its answer means. Refuses to
//! install anything and to use the network.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use dtc_engine::Cancel;
use serde_json::Value;
use studio_api::{BundleTarget, VerifyFinding};

pub(super) struct Program {
    pub title: &'static str,
    name: &'static str,
    arguments: &'static [&'static str],
    pub only_for: Option<BundleTarget>,
    /// How to get it.
    cure: &'static str,
    read: fn(&Answer) -> Option<Verdict>,
}

/// Cheap ones first.
pub(super) const PROGRAMS: [Program; 3] = [
    Program {
        title: "cfn-lint",
        name: "cfn-lint",
        arguments: &["--format", "json", "--", TEMPLATE],
        only_for: None,
        cure: "cfn-lint is not installed: pipx install cfn-lint",
        read: of_cfn_lint,
    },
    Program {
        title: "sam validate",
        name: "sam",
        // A region has to be named; nothing is asked of it.
        arguments: &["validate", "--lint", "--region", "us-east-1", "--template-file", TEMPLATE],
        only_for: Some(BundleTarget::Sam),
        cure: "The AWS SAM command line is not installed: pipx install aws-sam-cli",
        read: of_sam,
    },
    Program {
        title: "checkov",
        name: "checkov",
        arguments: &[
            "--skip-download",
            "--quiet",
            "--compact",
            "--framework",
            "cloudformation",
            "--output",
            "json",
            "--file",
            TEMPLATE,
        ],
        only_for: None,
        cure: "checkov is not installed: pipx install checkov",
        read: of_checkov,
    },
];

const TEMPLATE: &str = "template.yaml";
/// Between two looks at whether a program has ended or was cancelled.
const PAUSE: Duration = Duration::from_millis(50);

pub(super) enum Verdict {
    Looked { seen: String, findings: Vec<VerifyFinding> },
    Missing(String),
    Failed(String),
    Cancelled,
}

/// What a program left behind.
struct Answer {
    success: bool,
    said: String,
    complained: String,
}

impl Program {
    /// Runs in the bundle's folder until it ends or is cancelled.
    pub(super) fn run(&self, folder: &Path, cancel: &Cancel) -> Verdict {
        let Some(path) = installed(self.name) else { return Verdict::Missing(self.cure.to_owned()) };
        let (out, err) = (folder.join(".said"), folder.join(".complained"));
        let mut command = Command::new(&path);
        command.args(self.arguments).current_dir(folder).stdin(Stdio::null());
        command.env("SAM_CLI_TELEMETRY", "0").env("LOG_LEVEL", "ERROR");
        let child = File::create(&out).and_then(|said| {
            let complained = File::create(&err)?;
            command.stdout(said).stderr(complained).spawn()
        });
        let ended = match child {
            Ok(child) => wait(child, cancel),
            Err(error) => return Verdict::Failed(format!("{} cannot be started: {error}.", path.display())),
        };
        let text =
            |path: &Path| fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
        match ended {
            Ok(None) => Verdict::Cancelled,
            Ok(Some(status)) => {
                let answer = Answer { success: status.success(), said: text(&out), complained: text(&err) };
                (self.read)(&answer).unwrap_or_else(|| Verdict::Failed(unread(self.title, &answer)))
            }
            Err(error) => Verdict::Failed(format!("{} was lost: {error}.", self.title)),
        }
    }
}

/// `None`: it was cancelled.
fn wait(mut child: Child, cancel: &Cancel) -> std::io::Result<Option<ExitStatus>> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if cancel.is_cancelled() {
            child.kill()?;
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(PAUSE);
    }
}

fn installed(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ".bat"] } else { &[""] };
    let places = env::split_paths(&folders)
        .flat_map(|folder| endings.iter().map(move |end| folder.join(format!("{name}{end}"))));
    places.into_iter().find(|path| path.is_file())
}

fn unread(title: &str, answer: &Answer) -> String {
    let whole = format!("{}\n{}", answer.said, answer.complained);
    let lines: Vec<&str> = whole.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = lines[lines.len().saturating_sub(4)..].join(" ");
    let last: String = last.chars().take(400).collect();
    match last.is_empty() {
        true => format!("{title} gave no answer. Run it by hand in a saved bundle."),
        false => format!("{title} could not judge: {last}"),
    }
}

fn finding(line: Option<u64>, message: String) -> VerifyFinding {
    let line = line.and_then(|line| u32::try_from(line).ok()).unwrap_or_default();
    VerifyFinding { path: TEMPLATE.to_owned(), line, message }
}

fn of_cfn_lint(answer: &Answer) -> Option<Verdict> {
    let found: Value = serde_json::from_str(&answer.said).ok()?;
    let findings = found.as_array()?.iter().map(|one| {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let message = format!("{}: {}", text(&one["Rule"]["Id"]), text(&one["Message"]));
        finding(one["Location"]["Start"]["LineNumber"].as_u64(), message)
    });
    Some(Verdict::Looked { seen: "every rule for errors and warnings".to_owned(), findings: findings.collect() })
}

fn of_sam(answer: &Answer) -> Option<Verdict> {
    if answer.success {
        return Some(Verdict::Looked { seen: "the template is valid".to_owned(), findings: Vec::new() });
    }
    let whole = format!("{}\n{}", answer.said, answer.complained);
    let told: Vec<VerifyFinding> = whole
        .lines()
        .filter(|line| line.trim_start().starts_with(['E', 'W']) && line.contains(':'))
        .map(|line| finding(None, line.trim().to_owned()))
        .collect();
    (!told.is_empty()).then(|| Verdict::Looked { seen: "the template".to_owned(), findings: told })
}

fn of_checkov(answer: &Answer) -> Option<Verdict> {
    let report: Value = serde_json::from_str(&answer.said).ok()?;
    let passed = report["summary"]["passed"].as_u64()?;
    let failed = report["results"]["failed_checks"].as_array()?;
    let skipped = report["summary"]["skipped"].as_u64().unwrap_or_default();
    let findings = failed.iter().map(|check| {
        let text = |name: &str| check[name].as_str().unwrap_or_default().to_owned();
        let message = format!("{}: {} ({})", text("check_id"), text("check_name"), text("resource"));
        finding(check["file_line_range"][0].as_u64(), message)
    });
    let findings = findings.collect();
    Some(Verdict::Looked { seen: format!("{passed} checks passed, {skipped} skipped with a reason"), findings })
}
