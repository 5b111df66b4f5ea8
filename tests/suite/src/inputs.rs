//! Cases of inputs: `inputs/NAME/` holds files below `data/`, or names and patterns in `sources.txt`, and
//! `expected.txt`: what is read of each, record by record, and what is told. With a `streaming.yaml` also the
//! rows, `expected.stream.jsonl`, which are the same in whatever order the files are named.
//!
//! In `same-rows` every file alone gives these rows. Every case is also read as a stream that cannot seek.

use std::fmt::Write;
use std::fs::{self, File};
use std::path::Path;

use dtc_engine::{Cancel, Events, Intake, Silent};
use dtc_expr::Mode;
use dtc_io::{DataSource, Input, IoError, Order, Projection, data_sources};
use libtest_mimic::{Failed, Trial};

use crate::runs::{Job, cases, compare, folder, lines};

/// Every file of this case is one form of the same events.
const SAME_ROWS: &str = "same-rows";

pub fn trials() -> Vec<Trial> {
    cases(&folder("inputs"))
        .into_iter()
        .map(|(name, path)| Trial::test(format!("inputs::{name}"), move || run_case(&path)))
        .collect()
}

fn run_case(case: &Path) -> Result<(), Failed> {
    let names = names(case)?;
    let found = data_sources(&names, Order::ByName);
    let mut said = String::new();
    let sources = match found {
        Err(error) => {
            writeln!(said, "error: {error}")?;
            Vec::new()
        }
        Ok(found) => {
            for notice in found.notices {
                writeln!(said, "notice: {notice}")?;
            }
            found.list
        }
    };
    for source in &sources {
        let whole = transcript(source, |source| source.open(&Projection::All, Mode::Studio))?;
        let streamed = transcript(source, stream)?;
        if whole != streamed {
            return Err(format!("read as a stream:\n{streamed}\nread as a file:\n{whole}").into());
        }
        said.push_str(&whole);
    }
    compare(&case.join("expected.txt"), &said.replace(&shown(case), ""))?;
    if case.join("streaming.yaml").exists() { rows(case, &sources) } else { Ok(()) }
}

/// The lines of `sources.txt`, or the folder `data`.
fn names(case: &Path) -> Result<Vec<String>, Failed> {
    let list = match fs::read_to_string(case.join("sources.txt")) {
        Ok(list) => list,
        Err(_) => "data".to_owned(),
    };
    // Files without an ending are data only where they are named.
    let mut names: Vec<String> = list.lines().map(|name| case.join(name).display().to_string()).collect();
    for entry in fs::read_dir(case.join("data")).into_iter().flatten() {
        let path = entry?.path();
        let plain = !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '_']));
        if plain && path.is_file() && !dtc_io::sources::is_data_file(&path) {
            names.push(path.display().to_string());
        }
    }
    Ok(names)
}

/// The part of a path that does not depend on where the repository lies.
fn shown(case: &Path) -> String {
    format!("{}{}", case.display(), std::path::MAIN_SEPARATOR)
}

fn stream(source: &DataSource) -> Result<Input, IoError> {
    let DataSource::File(path) = source else { return source.open(&Projection::All, Mode::Studio) };
    let name = path.display().to_string();
    let file = File::open(path).map_err(|cause| IoError::system(path, "read", cause))?;
    Input::from_reader(&name, Box::new(file), None, &Projection::All, Mode::Studio)
}

fn transcript(source: &DataSource, open: impl FnOnce(&DataSource) -> Result<Input, IoError>) -> Result<String, Failed> {
    let mut out = String::new();
    let mut input = match open(source) {
        Ok(input) => input,
        Err(error) => return Ok(format!("== {source}\nerror: {error}\n")),
    };
    writeln!(out, "== {source}: {}", input.format())?;
    for record in input.by_ref() {
        match record {
            Ok(record) => writeln!(out, "{}: {}", record.line, dtc_io::json::json_text(&record.value))?,
            Err(bad) => writeln!(out, "{}: BAD {} | {}", bad.line, bad.reason, bad.text)?,
        }
    }
    for notice in input.notices() {
        writeln!(out, "notice: {notice}")?;
    }
    Ok(out)
}

/// The rows of all files, however they are ordered, or in `same-rows` of each file.
fn rows(case: &Path, sources: &[DataSource]) -> Result<(), Failed> {
    let expected = case.join("expected.stream.jsonl");
    if case.file_name().is_some_and(|name| name == SAME_ROWS) {
        return sources.iter().try_for_each(|source| {
            let found = run(case, &[source.to_string()])?;
            compare(&expected, &found).map_err(|failed| format!("{source}: {failed:?}").into())
        });
    }
    let mut names: Vec<String> = sources.iter().map(DataSource::to_string).collect();
    for turn in 0..names.len() {
        names.rotate_left(1);
        compare(&expected, &run(case, &names)?)?;
        names.reverse();
        compare(&expected, &run(case, &names)?).map_err(|failed| format!("turn {turn}: {failed:?}"))?;
    }
    compare(&expected, &run(case, &[case.join("data").display().to_string()])?)
}

fn run(case: &Path, names: &[String]) -> Result<String, Failed> {
    let streaming = case.join("streaming.yaml");
    let plan = Job::new(&streaming, &[]).plan()?;
    let projection = Projection::of(plan.source_fields());
    let mut intake = Intake::new(&plan);
    let mut events = Vec::new();
    for (index, source) in data_sources(names, Order::ByName)?.list.iter().enumerate() {
        for record in source.open(&projection, Mode::Studio)?.flatten() {
            let event = intake.accept(record.value, index as u32, record.line);
            events.push(event.map_err(|unusable| format!("{source}:{}: {}", record.line, unusable.reason))?);
        }
    }
    let output = dtc_engine::run(&plan, &Events::of(&plan, &events), 1, &Cancel::default(), &Silent)
        .map_err(|stopped| format!("{stopped:?}"))?;
    lines(&output, &plan)
}
