//! Journey cases: `attribution/NAME.json` holds events in order of arrival, how they are prepared, and the journeys and
//! credits that are expected. Exact values of every model are compared by `dtc attribute`'s own tests.

use std::path::{Path as FilePath, PathBuf};

use attribution::{Credit, Cycles, Events, Journeys, Model, Preparation};
use dtc_lang::{MODELS, Parameter};
use libtest_mimic::{Failed, Trial};
use serde_json::{Map, Value, json};

use crate::runs::folder;

pub fn trials() -> Vec<Trial> {
    let cases = json_files(&folder("attribution"));
    let mut trials: Vec<Trial> = cases
        .into_iter()
        .map(|(name, path)| Trial::test(format!("attribution::{name}"), move || own_case(&path)))
        .collect();
    trials.push(Trial::test("attribution::models_that_documents_may_name", models_that_documents_may_name));
    trials
}

/// The language knows the models by a list of its own: what it takes must run, and everything that runs be offered.
fn models_that_documents_may_name() -> Result<(), Failed> {
    let parameters = |parameter: Parameter| match parameter {
        Parameter::None => vec![""],
        Parameter::TouchPoint => vec![":Direct"],
        Parameter::Milestone => vec!["", ":Direct"],
        Parameter::Ends => vec!["", ":0.3/0.5"],
        Parameter::HalfLife => vec!["", ":36", ":7d"],
        Parameter::Order => vec!["", ":1", ":8"],
        Parameter::ChosenOrder => vec!["", ":1", ":8", ":auto"],
    };
    for model in MODELS {
        for parameter in parameters(model.parameter) {
            let text = format!("{}{parameter}", model.name);
            Model::read(&text).map_err(|error| format!("{text}: {error:?}"))?;
        }
    }
    for name in attribution::models::NAMES {
        let name = name.split(':').next().unwrap_or(name);
        if !MODELS.iter().any(|model| model.name == name) {
            return Err(format!("the language does not know {name}").into());
        }
    }
    Ok(())
}

/// The JSON files of a folder, by name.
pub fn json_files(folder: &FilePath) -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<(String, PathBuf)> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .filter_map(|path| Some((path.file_stem()?.to_string_lossy().into_owned(), path)))
        .collect();
    files.sort();
    files
}

/// Compares a case's `expected` with what was found, or writes it under `UPDATE=1`.
pub fn compare_expected(path: &FilePath, mut case: Value, found: Value) -> Result<(), Failed> {
    if std::env::var_os("UPDATE").is_some() {
        case["expected"] = found;
        std::fs::write(path, format!("{:#}\n", case))?;
        return Ok(());
    }
    if case["expected"] == found {
        return Ok(());
    }
    Err(format!("{}\n  expected {}\n  found    {found}", path.display(), case["expected"]).into())
}

fn own_case(path: &FilePath) -> Result<(), Failed> {
    let case: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let mut events = Events::new();
    for event in case["events"].as_array().ok_or("no events")? {
        let (identity, time) = (text(&event[1])?, event[2].as_i64().ok_or("no time")?);
        match text(&event[0])? {
            "touch" => events.touch(identity, time, text(&event[3])?, event[4].as_f64().unwrap_or_default()),
            // `null` stands for a value that is no number.
            "milestone" => events.milestone(identity, time),
            "conversion" => events.conversion(identity, time, event[3].as_f64().unwrap_or(f64::NAN)),
            other => return Err(format!("no such event: {other}").into()),
        }
    }
    let found = describe(&events.prepare(&preparation(&case["prepare"])?));
    compare_expected(path, case, found)
}

fn preparation(case: &Value) -> Result<Preparation, Failed> {
    let names = |list: &Value| -> Vec<String> {
        list.as_array().into_iter().flatten().filter_map(|name| Some(name.as_str()?.to_owned())).collect()
    };
    let groups = case["groups"].as_object().into_iter().flatten();
    Ok(Preparation {
        cycles: match case["cycles"].as_str() {
            None | Some("first") => Cycles::First,
            Some("repeat") => Cycles::Repeat,
            Some(other) => return Err(format!("no such cycles: {other}").into()),
        },
        lookback_ms: case["lookback_ms"].as_i64(),
        repeat_within_ms: case["repeat_within_ms"].as_i64(),
        exclude: names(&case["exclude"]),
        top: case["top"].as_u64().map(|top| top as usize),
        others: case["others"].as_str().map(str::to_owned),
        groups: groups.map(|(name, group)| (name.clone(), group.as_str().map(str::to_owned))).collect(),
    })
}

fn describe(journeys: &Journeys) -> Value {
    let sample = journeys.paths.sample();
    let credits: Vec<(Model, Option<Credit>)> = ["first", "last", "linear"]
        .into_iter()
        .filter_map(|name| Model::read(name).ok())
        .map(|model| (model.clone(), model.run(sample).ok().and_then(|answer| answer.credit(0.0))))
        .collect();
    let names = &journeys.paths.names;
    let channels = names.iter().zip(journeys.reach()).enumerate().map(|(index, (name, reach))| {
        let mut line = Map::from_iter([("name".to_string(), json!(name)), ("journeys".to_string(), json!(reach))]);
        for (model, credit) in credits.iter().filter_map(|(model, credit)| Some((model, credit.as_ref()?))) {
            line.insert(model.name(), json!([credit.conversions[index], credit.value[index]]));
        }
        if journeys.costs[index] != 0.0 {
            line.insert("cost".to_string(), json!(journeys.costs[index]));
        }
        Value::Object(line)
    });
    let listed = journeys.journeys.iter().enumerate().map(|(index, journey)| {
        let touches = journeys.paths.path(index).touches.iter().zip(journeys.times(index));
        let touches: Vec<String> = touches.map(|(channel, time)| format!("{}@{time}", names.name(*channel))).collect();
        json!({
            "identity": journeys.identities.name(journey.identity),
            "touches": touches.join(" > "),
            "conversion": journey.conversion.map(|(time, value)| json!([time, value])),
        })
    });
    json!({
        "journeys": listed.collect::<Vec<_>>(),
        "channels": channels.collect::<Vec<_>>(),
        "conversions": journeys.conversions(),
        "unattributed": journeys.unattributed(),
    })
}

fn text(value: &Value) -> Result<&str, Failed> {
    value.as_str().ok_or_else(|| format!("text expected, found {value}").into())
}
