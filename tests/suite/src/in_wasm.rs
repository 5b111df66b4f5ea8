//! The engine compiled for wasm gives the same bytes: every case of `runs/`, and some random projects, by node.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use libtest_mimic::{Failed, Trial};
use serde_json::{Value as Json, json};

use crate::plain::{Case, some_projects};
use crate::runs::{cases, folder};

/// Random projects beside the cases.
const PROJECTS: usize = 60;

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("wasm::cases_and_projects", same_rows)]
}

fn same_rows() -> Result<(), Failed> {
    let mut requests = Vec::new();
    for (name, path) in cases(&folder("runs")) {
        requests.push((name, request(&Case::read(&path)?)));
    }
    for case in some_projects(PROJECTS)? {
        requests.push(("a random project".to_owned(), request(&case)));
    }
    let answers = in_wasm(&requests)?;
    if answers.len() != requests.len() {
        return Err(format!("{} requests, {} answers", requests.len(), answers.len()).into());
    }
    for ((name, request), answer) in requests.iter().zip(answers) {
        let native = wasm_rows::rows(request);
        if native.starts_with("failed:") || native != answer {
            return Err(format!("{name}: {request}\n  natively {native}\n  in wasm  {answer}").into());
        }
    }
    Ok(())
}

fn request(case: &Case) -> String {
    json!({ "streaming": case.streaming, "window": case.window, "files": case.files }).to_string()
}

/// The answers of the module that `cargo xtask test` builds.
fn in_wasm(requests: &[(String, String)]) -> Result<Vec<String>, Failed> {
    let script = std::env::var_os("DTC_WASM_ROWS").map(PathBuf::from);
    let script = script.unwrap_or_else(|| folder("../../target/wasm-rows/wasm_rows.js"));
    if !script.exists() {
        return Err(format!("{} is not there; `cargo xtask wasm-rows` builds it", script.display()).into());
    }
    let mut node = Command::new("node");
    node.arg(folder("../wasm/run.js")).arg(&script).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = node.spawn().map_err(|error| format!("node: {error}"))?;
    let mut input = child.stdin.take().ok_or("node takes no input")?;
    let lines: String = requests.iter().map(|(_, request)| format!("{request}\n")).collect();
    // Node reads all of it before it answers.
    input.write_all(lines.as_bytes())?;
    drop(input);
    let output = child.wait_with_output()?;
    if !output.status.success() {
        return Err(format!("node: {}", output.status).into());
    }
    let answer = |line: &str| match serde_json::from_str(line)? {
        Json::String(text) => Ok(text),
        other => Err(Failed::from(format!("not a text: {other}"))),
    };
    String::from_utf8(output.stdout)?.lines().map(answer).collect()
}
