//! One run of a project, texts in and texts out, compiled for wasm and natively: a test compares the two.
//! Refuses files and threads, which wasm has not.

use std::io::Cursor;

use dtc_engine::{BlurrLines, Cancel, Events, Intake, Options, Output, Plan, Silent, Taken};
use dtc_expr::{Functions, Mode};
use dtc_io::{Projection, Records, RowReading, Taker};
use dtc_lang::{Document, Project, Severity, check};
use serde_json::Value as Json;

/// Runs `{"streaming": document, "window": document or null, "files": [events]}` and gives the printed lines, then each
/// table's cells, then failures and dropped rows; or what is wrong.
#[cfg_attr(target_arch = "wasm32", wasm_bindgen::prelude::wasm_bindgen)]
pub fn rows(request: &str) -> String {
    run(request).unwrap_or_else(|reason| format!("failed: {reason}"))
}

fn run(request: &str) -> Result<String, String> {
    let request: Json = serde_json::from_str(request).map_err(|error| error.to_string())?;
    let plan = plan(&request)?;
    let reading = RowReading {
        columns: plan.columns(),
        mode: Mode::Studio,
        processor: None,
        limit: None,
        threads: 1,
        watch: &|_, _| true,
    };
    let mut parts = Vec::new();
    let files = request["files"].as_array().map_or(&[][..], Vec::as_slice);
    for (number, text) in files.iter().enumerate() {
        let text = text.as_str().unwrap_or_default().as_bytes().to_vec();
        let records = Records::from_reader("events", Box::new(Cursor::new(text)), None, &Projection::All, Mode::Studio);
        let mut intake = Intake::new(&plan);
        let mut taker: Taker<'_, Taken> = Box::new(move |rows, lines| intake.part(rows, lines));
        let read = reading.records(records.map_err(|error| error.to_string())?, &mut taker);
        parts.extend(read.blocks.into_iter().map(|(first, taken)| (number as u32, first, taken)));
    }
    let events = Events::collect(&plan, parts);
    let output = dtc_engine::run(&plan, &events, 1, &Cancel::default(), &Silent);
    told(&output.map_err(|stopped| format!("{stopped:?}"))?, &plan)
}

fn plan(request: &Json) -> Result<Plan, String> {
    let mut project = Project::default();
    let Document::Streaming(streaming) = document(&request["streaming"], &project)? else {
        return Err("not a streaming document".to_owned());
    };
    project.streaming.push(streaming.clone());
    let window = match document(&request["window"], &project) {
        Ok(Document::Window(window)) => Some(window),
        _ if request["window"].is_null() => None,
        Ok(_) => return Err("not a window document".to_owned()),
        Err(reason) => return Err(reason),
    };
    dtc_engine::plan(&streaming, window.as_ref(), &Functions::default(), &Options::default())
        .map_err(|diagnostics| format!("{diagnostics:?}"))
}

fn document(text: &Json, project: &Project) -> Result<Document, String> {
    let (document, diagnostics) = check(text.as_str().unwrap_or_default(), project);
    match diagnostics.iter().find(|diagnostic| diagnostic.severity == Severity::Error) {
        Some(error) => Err(error.message.clone()),
        None => document.ok_or_else(|| "no document".to_owned()),
    }
}

fn told(output: &Output, plan: &Plan) -> Result<String, String> {
    let mut lines = Vec::new();
    BlurrLines { output, plan }.write(&mut lines).map_err(|error| error.to_string())?;
    let mut text = String::from_utf8(lines).map_err(|error| error.to_string())?;
    for (_, table) in output.tables(plan) {
        for column in &table.columns {
            text += &format!("{}.{}:", table.name, column.name);
            for value in &column.values {
                text.push(' ');
                dtc_io::json::write_json(value, &mut text);
            }
            text.push('\n');
        }
    }
    for fault in &output.faults {
        text += &format!("{} × {}: {} (line {})\n", fault.count, fault.place.name, fault.cause, fault.line);
    }
    for identity in &output.identities {
        text += &format!("{}: {:?}\n", identity.identity, identity.dropped);
    }
    Ok(text)
}
