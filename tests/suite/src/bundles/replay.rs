//! The proof: the function of an exported bundle, unpacked from its own zip, is fed a case's events in
//! batches that repeat, overlap and carry poison, against moto's DynamoDB and S3. Its rows must be those
//! of one local run over the same events.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use base64::Engine;
use bundle::Target;
use dtc_engine::{Cancel, Event, Events, Intake, Options, Output, Plan, RecordKey, Silent, plan, run};
use dtc_expr::Mode;
use dtc_io::{Projection, Records};
use libtest_mimic::{Failed, Trial};
use runtime_api::dynamodb::plain;
use runtime_api::{Runtime, Surroundings};
use serde_json::{Value, json};

use super::project::{self, Project};
use crate::moto::Moto;

pub fn trials() -> Vec<Trial> {
    let cases = project::cases().into_iter().filter(|folder| folder.join("events.jsonl").is_file());
    let trial = |folder: PathBuf| {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Trial::test(format!("bundles::{name}::replay"), move || replay(&folder))
    };
    cases.map(trial).collect()
}

fn replay(folder: &Path) -> Result<(), Failed> {
    let project = Project::read(folder)?;
    let scratch = tempfile::tempdir()?;
    unpack(&project, scratch.path())?;
    let moto = Moto::start()?;
    moto.create_table("rows", true)?;
    moto.create_table("positions", false)?;
    moto.send("PUT", "/features", "s3", "", "")?;

    let stores: BTreeMap<&str, &str> =
        project.streaming.stores.iter().map(|store| (store.name.value.as_str(), "rows")).collect();
    // By name, so that the function looks it up as it will look up AWS.
    let (tables, endpoint) = (serde_json::to_string(&stores)?, format!("http://localhost:{}", moto.port));
    let mut environment = vec![
        ("DTC_STREAMING", project.streaming.header.name.value.as_str()),
        ("DTC_TABLES", tables.as_str()),
        ("DTC_POSITIONS", "positions"),
    ];
    if let Some(window) = &project.window {
        environment.extend([
            ("DTC_WINDOW", window.header.name.value.as_str()),
            ("DTC_BUCKET", "features"),
            ("DTC_PREFIX", "out/"),
        ]);
    }
    let log = scratch.path().join("log");
    let environment: Vec<(String, String)> =
        environment.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let around = Surroundings { name: "replay", environment: &environment, endpoint: &endpoint };
    let mut function = Runtime::start(scratch.path(), &around, &log)?;

    let text = std::fs::read_to_string(folder.join("events.jsonl"))?;
    let lines: Vec<&str> = text.lines().collect();
    for batch in batches(&lines) {
        let answer = function.invoke(&batch)??;
        if answer != json!({"batchItemFailures": []}) {
            return Err(format!("a batch failed: {answer}\n{}", std::fs::read_to_string(&log)?).into());
        }
    }
    let (plan, output) = local(&project, &text)?;
    compare_rows(&moto, &project, &output)?;
    if project.window.is_some() {
        compare_features(&moto, &plan, &output)?;
    }
    failing_batch(&moto, &mut function, &lines)?;
    let log = std::fs::read_to_string(&log)?;
    for expected in ["\"unusable\":2", "\"repeated\":"] {
        if !log.contains(expected) {
            return Err(format!("the log lacks {expected}\n{log}").into());
        }
    }
    Ok(())
}

/// The function's folder, out of the zip inside the bundle.
pub fn unpack(project: &Project, folder: &Path) -> Result<(), Failed> {
    let program = std::env::var_os("DTC_LAMBDA_BOOTSTRAP").map(PathBuf::from);
    let program = program.unwrap_or_else(|| project::folder().join("../../../target/lambda-dist/bootstrap"));
    let program = std::fs::read(&program)
        .map_err(|error| format!("{}: {error}; `cargo xtask lambda` builds it", program.display()))?;
    let bundle = project.export(Target::Sam, &program)?;
    let zip = bundle.files.iter().find(|file| file.path.ends_with(".zip")).ok_or("no zip in the bundle")?;
    zip::ZipArchive::new(Cursor::new(&zip.content))?.extract(folder)?;
    Ok(())
}

/// The events as batches of 7, every second batch delivered again together with the next, and poison.
fn batches(lines: &[&str]) -> Vec<Value> {
    let mut batches = Vec::new();
    let indexed: Vec<(usize, &str)> = lines.iter().copied().enumerate().collect();
    for (number, part) in indexed.chunks(7).enumerate() {
        batches.push(batch(part.iter().map(|(index, line)| (*index, line.as_bytes()))));
        if number % 2 == 1 {
            let both = &indexed[(number - 1) * 7..(number * 7 + part.len())];
            batches.push(batch(both.iter().map(|(index, line)| (*index, line.as_bytes()))));
        }
    }
    let poison: [(usize, &[u8]); 2] = [(lines.len(), b"\xff\xfe\x00 no record"), (lines.len() + 1, b"{\"half\": ")];
    batches.push(batch(poison.into_iter()));
    batches
}

pub fn batch<'a>(entries: impl Iterator<Item = (usize, &'a [u8])>) -> Value {
    let records: Vec<Value> = entries
        .map(|(index, data)| {
            let sequence = format!("4959{index:052}");
            let data = base64::engine::general_purpose::STANDARD.encode(data);
            json!({
                "eventID": format!("shardId-000000000000:{sequence}"),
                "eventSource": "aws:kinesis",
                "kinesis": {"sequenceNumber": sequence, "data": data, "partitionKey": "x", "kinesisSchemaVersion": "1.0"},
            })
        })
        .collect();
    json!({"Records": records})
}

/// One run over all events, as the studio does it.
pub fn local(project: &Project, text: &str) -> Result<(Plan, Output), Failed> {
    let plan = plan(&project.streaming, project.window.as_ref(), &project.functions, &Options::default())
        .map_err(|found| format!("{found:?}"))?;
    let mut intake = Intake::new(&plan);
    let input = Box::new(Cursor::new(text.to_owned().into_bytes()));
    let records = Records::from_reader("events", input, None, &Projection::All, Mode::Studio)?;
    let events: Vec<Event> = records
        .filter_map(|record| record.ok().and_then(|record| intake.accept(record.value, 0, record.line).ok()))
        .collect();
    let output = run(&plan, &Events::of(&plan, &events), 1, &Cancel::default(), &Silent)
        .map_err(|stopped| format!("{stopped:?}"))?;
    Ok((plan, output))
}

pub fn compare_rows(moto: &Moto, project: &Project, output: &Output) -> Result<(), Failed> {
    let scanned = moto.dynamodb("Scan", &json!({"TableName": "rows"}))?;
    let items = scanned["Items"].as_array().ok_or("no items")?;
    let mut expected = 0;
    for identity in &output.identities {
        for record in &identity.records {
            let aggregate = &project.streaming.aggregates[record.aggregate];
            if aggregate.store.is_none() {
                continue;
            }
            expected += 1;
            let key = match &record.key {
                RecordKey::Dimensions(texts) => format!("{}/{}/", aggregate.name.value, texts.join(":")),
                RecordKey::Time(time) => {
                    format!("{}//{}", aggregate.name.value, time.map(|time| time.isoformat()).unwrap_or_default())
                }
            };
            let item = items
                .iter()
                .find(|item| item["partition_key"]["S"] == *identity.identity && item["range_key"]["S"] == key)
                .ok_or_else(|| format!("{}/{key} is not in the table", identity.identity))?;
            for ((name, _), value) in dtc_lang::scopes::group_fields(aggregate).iter().zip(&record.values) {
                let (wanted, found): (Value, Value) =
                    (serde_json::from_str(&dtc_io::json::json_text(value))?, plain(&item[name.as_ref()]));
                if !same(&wanted, &found) {
                    return Err(
                        format!("{}/{key} {name}: {wanted} here, {found} in the table", identity.identity).into()
                    );
                }
            }
        }
    }
    if items.len() == expected {
        Ok(())
    } else {
        Err(format!("{expected} rows here, {} in the table", items.len()).into())
    }
}

/// Equal values; numbers by what they are worth.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}

fn compare_features(moto: &Moto, plan: &Plan, output: &Output) -> Result<(), Failed> {
    if !plan.has_window() {
        return Err("the plan has no window".into());
    }
    let mut wanted = Vec::new();
    for identity in &output.identities {
        for row in &identity.rows {
            let mut object = serde_json::Map::new();
            object.insert("identity".to_owned(), identity.identity.as_ref().into());
            object.insert("anchor".to_owned(), row.anchor.map_or(Value::Null, |anchor| anchor.isoformat().into()));
            for (name, value) in row.cells() {
                object.insert(name.into_owned(), serde_json::from_str(&dtc_io::json::json_text(value))?);
            }
            wanted.push(Value::Object(object).to_string());
        }
    }
    let listed = moto.send("GET", "/features?list-type=2", "s3", "", "")?;
    let mut found = Vec::new();
    for key in listed.split("<Key>").skip(1).filter_map(|rest| rest.split_once("</Key>")).map(|(key, _)| key) {
        if !key.starts_with("out/dt=") {
            return Err(format!("an object lies at {key}").into());
        }
        let rows = moto.send("GET", &format!("/features/{key}"), "s3", "", "")?;
        for row in rows.lines() {
            found.push(serde_json::from_str::<Value>(row)?.to_string());
        }
    }
    wanted.sort();
    found.sort();
    if wanted.is_empty() {
        return Err("the case has no window rows".into());
    }
    if wanted == found {
        Ok(())
    } else {
        Err(format!("rows here\n{}\nin the bucket\n{}", wanted.join("\n"), found.join("\n")).into())
    }
}

/// Without its table nothing can be written: the batch must come again from its first record on.
fn failing_batch(moto: &Moto, function: &mut Runtime, lines: &[&str]) -> Result<(), Failed> {
    moto.dynamodb("DeleteTable", &json!({"TableName": "rows"}))?;
    let later = |index: usize| (1000 + index, lines[index].as_bytes());
    let answer = function.invoke(&batch([later(0), later(1)].into_iter()))??;
    let first = format!("4959{:052}", 1000);
    if answer == json!({"batchItemFailures": [{"itemIdentifier": first}]}) {
        Ok(())
    } else {
        Err(format!("a batch without a table: {answer}").into())
    }
}
