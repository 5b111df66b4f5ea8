//! Blurr's own outputs under `../shared/data/blurr`, run with `--compat blurr`. The folder is not part of
//! the project: without it the cases are reported as ignored.
//!
//! Outputs of runtimes older than HEAD are brought to HEAD's form first (LANGUAGE.md A, "Two modes").

use std::path::{Path, PathBuf};

use dtc_expr::Mode;
use dtc_io::Processor;
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::batches;
use crate::explained;
use crate::runs::{Job, cases};

pub fn trials() -> Vec<Trial> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/blurr");
    let mut trials = Vec::new();
    for (name, path) in cases(&shared) {
        let Some(case) = Case::read(&path) else { continue };
        trials.push(Trial::test(format!("reference::{name}"), move || case.check()));
    }
    if trials.is_empty() {
        println!("reference: skipped, {} is not there", shared.display());
    }
    trials
}

/// Blurr's runtimes know the names of their own time alone; this language knows all of them (LANGUAGE.md A.1).
const READS_MORE: [&str; 1] = ["edge-old-type-name"];

struct Case {
    folder: PathBuf,
    runtime: String,
    window: Option<PathBuf>,
    streaming: PathBuf,
    data: Vec<PathBuf>,
    processor: Processor,
    /// Whether Blurr ended with an error, without and with the window document.
    aborts: Vec<bool>,
}

impl Case {
    /// `None` where the folder holds another kind of case.
    fn read(folder: &Path) -> Option<Case> {
        let case: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("case.json")).ok()?).ok()?;
        let runs: Value = serde_json::from_str(&std::fs::read_to_string(folder.join("run.json")).ok()?).ok()?;
        let aborts: Vec<bool> = runs["runs"].as_array()?.iter().map(|run| run["exit"] != 0).collect();
        let data: Vec<PathBuf> =
            case["data"].as_array()?.iter().filter_map(Value::as_str).map(|name| folder.join(name)).collect();
        (!data.is_empty()).then(|| Case {
            aborts,
            folder: folder.to_path_buf(),
            runtime: case["runtime"].as_str().unwrap_or_default().to_string(),
            window: case["window"].as_str().map(|name| folder.join(name)),
            streaming: folder.join(case["stream"].as_str().unwrap_or("stream.yml")),
            data,
            processor: if case["processor"] == "ipfix" { Processor::Ipfix } else { Processor::Simple },
        })
    }

    fn check(&self) -> Result<(), Failed> {
        self.compare(None, "out.stream.jsonl")?;
        match &self.window {
            Some(window) => self.compare(Some(window), "out.window.jsonl"),
            None => Ok(()),
        }
    }

    fn compare(&self, window: Option<&Path>, expected: &str) -> Result<(), Failed> {
        let Ok(wanted) = std::fs::read_to_string(self.folder.join(expected)) else { return Ok(()) };
        let aborts = self.aborts.get(usize::from(window.is_some())).copied().unwrap_or_default();
        let job = Job {
            window,
            mode: Some(Mode::Blurr),
            threads: 0,
            processor: Some(self.processor),
            ..Job::new(&self.streaming, &self.data)
        };
        // What Blurr met record by record (an undefined name in Identity or Time) is an error of ours
        // before the run: the effect is the same, nothing is printed.
        let result = match job.run() {
            Err(_) if wanted.trim().is_empty() => return Ok(()),
            result => result?,
        };
        if aborts {
            let more = READS_MORE.iter().any(|name| self.folder.ends_with(name));
            let same = result.lines.trim() == wanted.trim() || more;
            return if same {
                Ok(())
            } else {
                Err(format!("{expected}: Blurr ends with an error\n{}", result.lines).into())
            };
        }
        let events = job.events(&result.plan)?;
        batches::change_nothing(&result.plan, &events)?;
        explained::as_run(&result.plan, &events, &result.output)?;
        todays_names_change_nothing(&job, &result.lines)?;
        let sets = set_columns(&result, window.is_some());
        let old = self.runtime != "head36";
        let wanted = lines(&wanted, &sets, old)?;
        let found = lines(&result.lines, &sets, old)?;
        let differs = wanted.iter().zip(&found).position(|(a, b)| a != b);
        match differs {
            None if wanted.len() == found.len() => Ok(()),
            None => Err(format!("{expected}: {} lines expected, {} found", wanted.len(), found.len()).into()),
            Some(line) => {
                Err(format!("{expected}:{}\n  expected {}\n  found    {}", line + 1, wanted[line], found[line]).into())
            }
        }
    }
}

/// Columns of type set, whose order the oracle does not fix.
/// The documents in today's names give the same lines.
fn todays_names_change_nothing(job: &Job, lines: &str) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let write = |name: &str, path: &Path| -> Result<PathBuf, Failed> {
        let mut text = std::fs::read_to_string(path)?;
        for (span, name) in dtc_lang::modernize(&text).iter().rev() {
            text.replace_range(span.start as usize..span.end as usize, name);
        }
        if !dtc_lang::modernize(&text).is_empty() {
            return Err(format!("old names are left in\n{text}").into());
        }
        let path = folder.path().join(name);
        std::fs::write(&path, text)?;
        Ok(path)
    };
    let streaming = write("stream.yaml", job.streaming)?;
    let window = job.window.map(|window| write("window.yaml", window)).transpose()?;
    let again = Job { streaming: &streaming, window: window.as_deref(), ..*job }.run()?;
    if again.lines == lines { Ok(()) } else { Err("other lines with today's names".into()) }
}

fn set_columns(result: &crate::runs::JobResult, window: bool) -> Vec<String> {
    let tables = result.output.tables(&result.plan);
    let wanted = |kind: &dtc_engine::TableKind| (*kind == dtc_engine::TableKind::Window) == window;
    let columns = tables.iter().filter(|(kind, _)| wanted(kind)).flat_map(|(_, table)| &table.columns);
    columns.filter(|column| column.field_type == dtc_expr::FieldType::Set).map(|column| column.name.clone()).collect()
}

/// Parsed lines in a form that can be compared: set columns sorted; old runtimes in HEAD's form, by key.
fn lines(text: &str, sets: &[String], old: bool) -> Result<Vec<Value>, Failed> {
    let mut lines = Vec::new();
    for line in text.lines() {
        // NaN and Infinity stand as bare words in Python's JSON.
        let line = line
            .replace(": NaN", ": \"NaN\"")
            .replace(": Infinity", ": \"Infinity\"")
            .replace(": -Infinity", ": \"-Infinity\"");
        let mut value: Value = serde_json::from_str(&line).map_err(|error| format!("{line}: {error}"))?;
        sort_sets(&mut value, sets);
        if old {
            modernise(&mut value);
        }
        lines.push(value);
    }
    if old {
        lines.sort_by_key(|line| line.to_string());
    }
    Ok(lines)
}

fn sort_sets(value: &mut Value, sets: &[String]) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| sort_sets(item, sets)),
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                if let (true, Value::Array(items)) = (sets.contains(name), field) {
                    items.sort_by_key(|item| item.to_string());
                }
            }
        }
        _ => {}
    }
}

/// HEAD's key, times and names; `_identity` came later than these runtimes and is left out.
fn modernise(value: &mut Value) {
    let Value::Array(pair) = value else { return };
    let (head, body) = pair.split_at_mut(1);
    let (Some(Value::String(key)), Some(body)) = (head.first_mut(), body.first_mut()) else { return };
    match body {
        Value::Object(_) => {
            modern_record(body);
            let mut parts = key.splitn(3, '/').map(str::to_string);
            let (identity, group) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let rest = parts.next().unwrap_or_default();
            let start = body["_start_time"].as_str();
            // Dimension keys end with a slash; the others are the block's start, or nothing.
            *key = match start {
                _ if rest.len() > 1 && rest.ends_with('/') => format!("{identity}/{group}/{rest}"),
                Some(start) => format!("{identity}/{group}//{start}"),
                None => format!("{identity}/{group}//"),
            };
        }
        Value::Array(rows) => rows.iter_mut().for_each(modern_record),
        _ => {}
    }
}

fn modern_record(record: &mut Value) {
    let Value::Object(fields) = record else { return };
    let old = std::mem::take(fields);
    for (name, value) in old {
        if name == "_identity" || name.ends_with("._identity") {
            continue;
        }
        let name = match name.as_str() {
            "start_time" | "end_time" => format!("_{name}"),
            _ => name,
        };
        fields.insert(name, modern_time(value));
    }
    fields.sort_keys();
}

/// Times in ISO form with an offset, and sets that were printed as Python's text, as HEAD has them:
/// `2019-05-01 00:00:00` → `2019-05-01T00:00:00+00:00`, `Set({'b', 'a'})` → `["a", "b"]`.
fn modern_time(value: Value) -> Value {
    let Value::String(text) = &value else { return value };
    let bytes = text.as_bytes();
    if bytes.len() >= 19 && bytes[4] == b'-' && bytes[13] == b':' && matches!(bytes[10], b' ' | b'T') {
        let zone = if bytes[19..].iter().any(|byte| matches!(byte, b'+' | b'-')) { "" } else { "+00:00" };
        return Value::String(format!("{}T{}{zone}", &text[..10], &text[11..]));
    }
    match text.strip_prefix("Set({").and_then(|rest| rest.strip_suffix("})")) {
        Some(items) => {
            let mut items: Vec<&str> = items.split(", ").map(|item| item.trim_matches('\'')).collect();
            items.sort_unstable();
            items.into_iter().map(Value::from).collect()
        }
        None => value,
    }
}
