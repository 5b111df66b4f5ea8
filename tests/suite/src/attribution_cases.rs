//! Credit cases: `attribution/NAME.json` holds events in order of arrival and what is expected of them;
//! the data sets under `../shared/data/attribution` hold exact reference values for first and last touch.

use std::path::{Path as FilePath, PathBuf};

use attribution::{Credit, JourneyBuilder, Journeys, Model, Path, credit};
use libtest_mimic::{Failed, Trial};
use serde_json::{Map, Value, json};

use crate::runs::{cases, folder};

pub fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = json_files(&folder("attribution"))
        .into_iter()
        .map(|(name, path)| Trial::test(format!("attribution::{name}"), move || own_case(&path)))
        .collect();
    let shared = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/attribution");
    let sets = cases(&shared);
    if sets.is_empty() {
        println!("attribution: reference values skipped, {} is not there", shared.display());
    }
    for (name, path) in sets {
        let journeys = path.join("journeys.csv");
        if journeys.exists() {
            let folder = path.clone();
            let check = move || compare_reference(&folder, &from_journeys(&journeys)?);
            trials.push(Trial::test(format!("attribution::reference::{name}::journeys"), check));
        }
        let check = move || compare_reference(&path, &from_paths(&path.join("paths.csv"))?);
        trials.push(Trial::test(format!("attribution::reference::{name}::paths"), check));
    }
    trials
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

/// What is read from a credit.
type Column = fn(&Credit) -> f64;

fn own_case(path: &FilePath) -> Result<(), Failed> {
    let case: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let mut builder = JourneyBuilder::new();
    for event in case["events"].as_array().ok_or("no events")? {
        let (identity, time) = (text(&event[1])?, event[2].as_i64().ok_or("no time")?);
        match text(&event[0])? {
            "touch" => builder.touch(identity, time, text(&event[3])?),
            // `null` stands for a value that is no number.
            "conversion" => builder.conversion(identity, time, event[3].as_f64().unwrap_or(f64::NAN)),
            other => return Err(format!("no such event: {other}").into()),
        }
    }
    let found = describe(&builder.finish());
    compare_expected(path, case, found)
}

fn describe(journeys: &Journeys) -> Value {
    let paths = journeys.paths();
    let credits: Vec<(Model, Vec<Credit>)> =
        Model::ALL.into_iter().map(|model| (model, credit(model, &paths, journeys.channels.len()))).collect();
    let channels = journeys.channels.iter().zip(journeys.reach()).enumerate().map(|(index, (name, reach))| {
        let mut line = Map::from_iter([("name".to_string(), json!(name)), ("journeys".to_string(), json!(reach))]);
        for (model, credits) in &credits {
            line.insert(model.name().to_string(), json!([credits[index].conversions, credits[index].value]));
        }
        Value::Object(line)
    });
    let listed = journeys.journeys.iter().map(|journey| {
        let touches: Vec<String> = journey
            .touches
            .iter()
            .map(|touch| format!("{}@{}", journeys.channels[touch.channel as usize], touch.time_ms))
            .collect();
        json!({
            "identity": journey.identity,
            "touches": touches.join(" > "),
            "conversion": journey.conversion.map(|conversion| json!([conversion.time_ms, conversion.value])),
        })
    });
    json!({
        "journeys": listed.collect::<Vec<_>>(),
        "channels": channels.collect::<Vec<_>>(),
        "conversions": journeys.conversions(),
        "unattributed": journeys.unattributed(),
    })
}

/// Channels by index, and paths over them.
struct Set {
    channels: Vec<String>,
    paths: Vec<Path>,
}

/// `journey_id,path,converted,value,hours`: one journey a line, touches with hours before its end.
fn from_journeys(file: &FilePath) -> Result<Set, Failed> {
    let mut builder = JourneyBuilder::new();
    for line in std::fs::read_to_string(file)?.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let [identity, path, converted, value, hours] = cells[..] else { return Err(line.into()) };
        let touches: Vec<(&str, &str)> = path.split(" > ").zip(hours.split(" > ")).collect();
        for (place, (channel, hours)) in touches.iter().enumerate() {
            // The hours are rounded, so equal touches of one hour are not one touch: a millisecond apart.
            let apart = (touches.len() - place) as i64;
            builder.touch(identity, -(hours.parse::<f64>()? * 3_600_000.0) as i64 - apart, channel);
        }
        if converted == "1" {
            builder.conversion(identity, 0, value.parse()?);
        }
    }
    let journeys = builder.finish();
    Ok(Set { paths: journeys.paths(), channels: journeys.channels })
}

/// `path;total_conversions;total_conversion_value;total_null`: one sequence of channels a line.
fn from_paths(file: &FilePath) -> Result<Set, Failed> {
    let (mut channels, mut paths): (Vec<String>, Vec<Path>) = (Vec::new(), Vec::new());
    for line in std::fs::read_to_string(file)?.lines().skip(1) {
        let cells: Vec<&str> = line.split(';').collect();
        let [path, conversions, value, _] = cells[..] else { return Err(line.into()) };
        let mut index = |name: &str| match channels.iter().position(|channel| channel == name) {
            Some(place) => place as u32,
            None => {
                channels.push(name.to_string());
                channels.len() as u32 - 1
            }
        };
        let touches = path.split(" > ").map(&mut index).collect();
        paths.push(Path { channels: touches, conversions: conversions.parse()?, value: value.parse()? });
    }
    Ok(Set { channels, paths })
}

fn compare_reference(folder: &FilePath, set: &Set) -> Result<(), Failed> {
    let file = folder.join("outputs/reference_exact.json");
    let reference: Value = serde_json::from_str(&std::fs::read_to_string(file)?)?;
    for model in Model::ALL {
        let credits = credit(model, &set.paths, set.channels.len());
        let columns: [(&str, Column); 2] = [("conv", |credit| credit.conversions), ("value", |credit| credit.value)];
        for (column, read) in columns {
            let name = format!("{}/{column}", model.name());
            let wanted = reference[&name].as_object().ok_or_else(|| format!("no reference for {name}"))?;
            if wanted.len() != set.channels.len() {
                return Err(format!("{} channels, the reference has {}", set.channels.len(), wanted.len()).into());
            }
            for (channel, credit) in set.channels.iter().zip(&credits) {
                let wanted = wanted.get(channel).and_then(Value::as_f64).ok_or_else(|| format!("no {channel}"))?;
                if (read(credit) - wanted).abs() > 1e-9 * wanted.abs().max(1.0) {
                    return Err(format!("{name} of {channel}: expected {wanted}, found {}", read(credit)).into());
                }
            }
        }
    }
    Ok(())
}

fn text(value: &Value) -> Result<&str, Failed> {
    value.as_str().ok_or_else(|| format!("text expected, found {value}").into())
}
