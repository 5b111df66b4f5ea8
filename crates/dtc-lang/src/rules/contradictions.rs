//! Settings of a pipeline document that are good alone and not together.

use crate::cloud::metric;
use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::document::Streaming;
use crate::pipeline::{Record, Value};
use crate::read::Reader;
use crate::read::pipeline::place_of;
use crate::text::Span;

pub fn check(reader: &mut Reader, root: &Record) {
    retention(reader, root);
    for table in root.list("Tables") {
        keys(reader, table);
    }
    if let Some(archive) = root.mapping("Archive") {
        parquet(reader, archive);
    }
    for alarm in root.list("Alarms") {
        thresholds(reader, alarm);
        periods(reader, alarm);
        fleet(reader, root, alarm);
    }
    for step in root.list("Flows").iter().flat_map(|flow| flow.list("Steps")) {
        endpoint(reader, step);
        looked_for(reader, step);
        job(reader, step);
    }
    for parameter in root.list("Parameters") {
        default_value(reader, parameter);
    }
}

/// What the streaming documents of the project must have.
pub fn check_documents(root: &crate::pipeline::Pipeline, streams: &[Streaming], found: &mut Vec<Diagnostic>) {
    let names = |name: &str| root.documents.is_empty() || root.documents.iter().any(|own| own.value == name);
    let own: Vec<&Streaming> = streams.iter().filter(|stream| names(&stream.header.name.value)).collect();
    if own.is_empty() {
        return;
    }
    let stores: Vec<&str> =
        own.iter().flat_map(|stream| &stream.stores).map(|store| store.name.value.as_str()).collect();
    for kept in &root.stores {
        if !stores.contains(&kept.store.value.as_str()) {
            let message = format!("No document has a store {}", quote(&kept.store.value));
            let fault = Diagnostic::error(codes::UNKNOWN_PART, message, kept.store.span, "this names nothing");
            found.push(crate::read::did_you_mean(fault, &kept.store.value, &stores));
        }
    }
}

fn contradiction(message: &str, at: Span, label: &str, help: &str) -> Diagnostic {
    Diagnostic::error(codes::CONTRADICTION, message, at, label).help(help)
}

/// A record must not leave the stream while it is still tried again.
fn retention(reader: &mut Reader, root: &Record) {
    let retries = root.mapping("Retries");
    let age = retries.and_then(|own| own.whole("MaxAgeSeconds")).unwrap_or(86_400);
    for source in root.list("Sources").iter().filter(|source| source.kind == Some("kinesis")) {
        let hours = source.whole("RetentionHours").unwrap_or(48);
        let too_short = u64::from(hours) * 3600 <= u64::from(age);
        if !too_short {
            continue;
        }
        let written = source.written("RetentionHours").map(|written| written.key);
        let other = retries.map(|own| place_of(own, "MaxAgeSeconds"));
        let place = written.or(other).unwrap_or(source.place);
        let mut fault = contradiction(
            "Records leave the stream before they are given up",
            place,
            &format!("{hours} hours in the stream, tried again for {age} seconds"),
            &format!("Keep records for more than {} hours, or give up earlier by `MaxAgeSeconds`", age / 3600),
        );
        if let Some(other) = other.filter(|other| *other != place) {
            fault = fault.other(other, "how long they are tried again");
        }
        reader.report(fault);
    }
}

fn keys(reader: &mut Reader, table: &Record) {
    let (Some(key), Some(range)) = (table.text("Key"), table.text("Range")) else { return };
    if key.value == range.value {
        let fault = contradiction(
            "Key and range of a table are one attribute",
            range.span,
            "the same as `Key`",
            "Name another attribute, or delete `Range`",
        );
        reader.report(fault.other(key.span, "the key"));
    }
}

fn parquet(reader: &mut Reader, archive: &Record) {
    let small = archive.whole("BufferMegabytes").is_some_and(|megabytes| megabytes < 64);
    if archive.choice("Format") == Some("parquet") && small {
        reader.report(contradiction(
            "Firehose writes Parquet in files of at least 64 MB",
            place_of(archive, "BufferMegabytes"),
            "too small for Parquet",
            "Write 64 to 128, or `Format: json`",
        ));
    }
}

fn thresholds(reader: &mut Reader, alarm: &Record) {
    let (above, below) = (alarm.written("Above"), alarm.written("Below"));
    match (above, below) {
        (Some(above), Some(below)) => {
            let fault = contradiction(
                "An alarm has one threshold",
                below.key,
                "a second one",
                "Delete one of the two, or make two alarms",
            );
            reader.report(fault.other(above.key, "the first one"));
        }
        (None, None) => reader.report(
            Diagnostic::error(
                codes::MISSING_ATTRIBUTE,
                "An alarm needs `Above` or `Below`",
                alarm.place,
                "it would never go off",
            )
            .help("Add a line such as `Above: 0`"),
        ),
        _ => {}
    }
}

/// CloudWatch takes periods of 10, 20 and 30 seconds and of whole minutes, and looks back a week at most.
fn periods(reader: &mut Reader, alarm: &Record) {
    let (Some(seconds), periods) = (alarm.whole("PeriodSeconds"), alarm.whole("Periods").unwrap_or(1)) else { return };
    let of_aws = alarm.text("Namespace").is_some_and(|text| metric::namespace(&text.value).is_some());
    let fits = seconds % 60 == 0 || (!of_aws && matches!(seconds, 10 | 20 | 30));
    let place = place_of(alarm, "PeriodSeconds");
    if !fits {
        let label = if of_aws { "AWS sends a value a minute" } else { "not 10, 20, 30 or whole minutes" };
        let help = "Write a multiple of 60";
        reader.report(contradiction("An alarm cannot look at such a period", place, label, help));
    } else if u64::from(seconds) * u64::from(periods) > 604_800 {
        let help = "Write fewer or shorter periods";
        reader.report(contradiction("An alarm looks back a week at most", place, "more than a week in all", help));
    }
}

/// Metrics of AWS are somebody's.
fn fleet(reader: &mut Reader, _root: &Record, alarm: &Record) {
    let Some(namespace) = alarm.text("Namespace").and_then(|text| metric::namespace(&text.value)) else { return };
    if alarm.get("Of").is_none() {
        let message = format!("{} sends its metrics by {}", namespace.name, namespace.dimension);
        reader.report(
            Diagnostic::error(codes::MISSING_ATTRIBUTE, message, alarm.place, "whose metric is not said")
                .help("Add a line `Of: …` with the name of a source, table, flow or endpoint, or `function`"),
        );
    }
}

fn endpoint(reader: &mut Reader, step: &Record) {
    if step.kind != Some("endpoint") {
        return;
    }
    let machine = step.written("Instance").or(step.written("Count"));
    match (step.written("ServerlessMb"), machine) {
        (Some(serverless), Some(machine)) => {
            let fault = contradiction(
                "An endpoint has machines, or is served without",
                machine.key,
                "a machine",
                "Delete `Instance` and `Count`, or the serverless lines",
            );
            reader.report(fault.other(serverless.key, "without a machine"));
        }
        (None, None) => reader.report(
            Diagnostic::error(
                codes::MISSING_ATTRIBUTE,
                "An endpoint needs `Instance` or `ServerlessMb`",
                step.place,
                "nothing serves it",
            )
            .help("Add a line such as `Instance: ml.m5.large` or `ServerlessMb: 2048`"),
        ),
        _ => {}
    }
}

fn looked_for(reader: &mut Reader, step: &Record) {
    if step.kind != Some("check") {
        return;
    }
    let (exists, model) = (step.written("Exists"), step.written("ModelOf"));
    match (exists, model) {
        (None, None) => reader.report(
            Diagnostic::error(
                codes::MISSING_ATTRIBUTE,
                "A check needs `Exists` or `ModelOf`",
                step.place,
                "nothing is checked",
            )
            .help("Add a line such as `Exists: data/daily/`"),
        ),
        (Some(exists), Some(model)) => {
            let fault = contradiction("A check looks for one thing", model.key, "the second", "Make two checks of it");
            reader.report(fault.other(exists.key, "the first"));
        }
        (None, Some(_)) if step.get("NewerThanHours").is_some() => reader.report(contradiction(
            "Only files have an age",
            place_of(step, "NewerThanHours"),
            "this check looks for a model",
            "Delete this line",
        )),
        _ => {}
    }
    if let (Some(limit), None) = (step.written("AtMostMinutes"), step.get("EverySeconds")) {
        reader.report(contradiction(
            "`AtMostMinutes` says how long is checked again",
            limit.key,
            "it is checked once",
            "Add `EverySeconds`, or delete this line",
        ));
    }
}

/// Jobs that train or score read and write somewhere.
fn job(reader: &mut Reader, step: &Record) {
    let needs: &[&str] = match step.kind {
        Some("train" | "automl" | "transform") => &["Input", "Output"],
        Some("push") => &["Input"],
        _ => &[],
    };
    for name in needs {
        if step.get(name).is_none() && step.written(name).is_none() {
            let has_channels = *name == "Input" && step.get("Channels").is_some();
            if !has_channels {
                let own = step.name().map(|name| quote(&name.value)).unwrap_or_default();
                let message = format!("`{name}` is missing in the step {own}");
                reader.report(
                    Diagnostic::error(codes::MISSING_ATTRIBUTE, message, step.place, format!("this needs `{name}`"))
                        .help(format!("Add a line such as `{name}: data/folder/`")),
                );
            }
        }
    }
    if let (Some("transform" | "train"), None) = (step.kind, step.get("Instance")) {
        let fault = Diagnostic::error(
            codes::MISSING_ATTRIBUTE,
            "`Instance` is missing in the step",
            step.place,
            "this needs a machine",
        );
        reader.report(fault.help("Add a line such as `Instance: ml.m5.xlarge`"));
    }
}

fn default_value(reader: &mut Reader, parameter: &Record) {
    let Some(Value::Text(default)) = parameter.get("Default") else { return };
    let choices: Vec<&str> = parameter.texts("Choices").iter().map(|choice| choice.value.as_str()).collect();
    if parameter.choice("Kind") == Some("number") && default.value.trim().parse::<f64>().is_err() {
        let message = format!("{} is not a number", quote(&default.value));
        reader.report(contradiction(
            &message,
            default.span,
            "the parameter is a number",
            "Write a number, or `Kind: text`",
        ));
    } else if !choices.is_empty() && !choices.contains(&default.value.as_str()) {
        let message = format!("{} is not one of the parameter's choices", quote(&default.value));
        let fault = Diagnostic::error(codes::CONTRADICTION, message, default.span, "not among `Choices`");
        reader.report(crate::read::did_you_mean(fault, &default.value, &choices));
    }
}
