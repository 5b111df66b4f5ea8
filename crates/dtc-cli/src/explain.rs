//! `dtc explain`: how one cell of a run came to its value, as the studio tells it.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use dtc_engine::trace::{Limits, RowNumbers, RowOf, Untold, explain};
use dtc_engine::{Cancel, Output, Plan, RecordKey, Silent};
use dtc_expr::{DateTime, Table, Value};
use dtc_lang::{Document, nearest};
use studio::story::{Teller, text};

use crate::args::{Explain, ReportFormat, Transform};
use crate::checking::Checker;
use crate::failure::{Failure, Outcome, printing};
use crate::place::Places;
use crate::project;
use crate::transform::{compile, named_sources, read, stopped};

pub fn run(arguments: &Explain) -> Outcome {
    let inputs = inputs(arguments)?;
    let named = named_sources(&inputs)?;
    let compiled = compile(&inputs)?;
    let files = Places::new(None).inputs(&named, compiled.mode)?;
    let events = read(&files, &compiled, inputs.data_processor, 0)?;
    let plan = &compiled.plan;
    let own = events.of_identity(&arguments.identity);
    if own.is_empty() {
        let known = events.identities();
        let known = known.iter().map(|identity| &**identity);
        return Err(Failure::Message(studio::unknown_identity(&arguments.identity, known)));
    }
    let output = dtc_engine::run(plan, &events, 0, &Cancel::default(), &Silent).map_err(stopped)?;
    let found = Found { numbers: RowNumbers::new(plan, &output), tables: tables(&output, plan), output };
    let table = found.table(arguments)?;
    let row = found.row(table, arguments)?;
    let (_, row_of) = found.numbers.find(table, row).ok_or_else(|| no_row(arguments, &found.tables[table].name))?;
    let limits = Limits { each_end: arguments.most };
    let story = explain(plan, &own, row_of, &arguments.field, limits).map_err(|untold| match untold {
        Untold::Stopped(error) => stopped(error),
        Untold::NoRow => no_row(arguments, &found.tables[table].name),
        Untold::NoColumn(columns) => Failure::Message(studio::unknown_field(&arguments.field, &columns)),
    })?;
    let names: Vec<String> = files.iter().map(|file| file.shown()).collect();
    let titles: Vec<String> = found.tables.iter().map(|table| table.name.clone()).collect();
    let streaming = compiled.streaming.path.display().to_string();
    let window = compiled.window.as_ref().map(|window| (window.path.display().to_string(), &window.text));
    let teller = Teller {
        plan,
        streaming: (&streaming, &compiled.streaming.text),
        window: window.as_ref().map(|(name, text)| (name.as_str(), text.as_str())),
        files: &names,
        numbers: &found.numbers,
        tables: &titles,
    };
    let told = teller.story(&story, (&titles[table], row));
    let said = match arguments.format {
        ReportFormat::Human => text(&told),
        ReportFormat::Json => {
            let json = serde_json::to_string_pretty(&told);
            json.map_err(|error| Failure::Message(format!("the story could not be written: {error}")))? + "\n"
        }
    };
    io::stdout().write_all(said.as_bytes()).map_err(|error| printing(&error))
}

fn tables(output: &Output, plan: &Plan) -> Vec<Table> {
    output.tables(plan).into_iter().map(|(_, table)| table).collect()
}

fn no_row(arguments: &Explain, table: &str) -> Failure {
    Failure::Message(format!("{} has no such row in {table}", arguments.identity))
}

/// What `transform` would be given: the named documents and data, or those of the project's folder.
fn inputs(arguments: &Explain) -> Outcome<Transform> {
    let mut inputs = Transform {
        streaming: arguments.streaming.clone().unwrap_or_default(),
        window: arguments.window.clone(),
        sources: arguments.sources.clone(),
        more_sources: Vec::new(),
        data_processor: arguments.data_processor,
        compat: arguments.compat,
        format: None,
        out: None,
        state: None,
        endpoint_url: None,
        threads: 0,
        memory: usize::MAX,
        scratch: None,
    };
    let Some(folder) = &arguments.project else {
        return match arguments.streaming {
            Some(_) => Ok(inputs),
            None => Err(Failure::Usage("name a project's folder, or its documents with --streaming".to_owned())),
        };
    };
    if arguments.streaming.is_none() {
        (inputs.streaming, inputs.window) = documents(folder)?;
    }
    if inputs.sources.is_empty() {
        let data = folder.join("data");
        if !data.is_dir() {
            let message = format!("{} has no folder data; name the events with --source", folder.display());
            return Err(Failure::Usage(message));
        }
        inputs.sources.push(data.display().to_string());
    }
    Ok(inputs)
}

/// The only streaming document of the folder, and the window document that names it (or names none).
fn documents(folder: &Path) -> Outcome<(PathBuf, Option<PathBuf>)> {
    let mut checker = Checker::new(false);
    let (mut streams, mut windows) = (Vec::new(), Vec::new());
    for path in project::yaml_files(folder)? {
        let text = project::read(&path)?;
        if !project::means_to_be_document(&text) {
            continue;
        }
        match checker.check(text)?.document {
            Some(Document::Streaming(streaming)) => streams.push((path, streaming.header.name.value)),
            Some(Document::Window(window)) => windows.push((path, window.source.map(|source| source.value))),
            _ => {}
        }
    }
    let (path, name) = match streams.len() {
        0 => return Err(Failure::Message(format!("{} holds no streaming document", folder.display()))),
        1 => streams.remove(0),
        _ => {
            let names: Vec<String> = streams.iter().map(|(path, _)| path.display().to_string()).collect();
            let message =
                format!("there are several streaming documents: {}; name one with --streaming", names.join(", "));
            return Err(Failure::Usage(message));
        }
    };
    let window = windows.into_iter().find(|(_, source)| source.as_ref().is_none_or(|source| *source == name));
    Ok((path, window.map(|(path, _)| path)))
}

/// A run's rows, and which of them are asked for.
struct Found {
    output: Output,
    numbers: RowNumbers,
    tables: Vec<Table>,
}

impl Found {
    /// The named table, or the only one with the field.
    fn table(&self, arguments: &Explain) -> Outcome<usize> {
        let names = || self.tables.iter().map(|table| table.name.as_str());
        if let Some(wanted) = &arguments.table {
            return self.tables.iter().position(|table| table.name == *wanted).ok_or_else(|| {
                let all = names().collect::<Vec<_>>().join(", ");
                let cure = nearest(wanted, names())
                    .map_or(format!("there are {all}"), |near| format!("did you mean {near:?}?"));
                Failure::Message(format!("there is no table {wanted:?}; {cure}"))
            });
        }
        let has = |table: &Table| table.columns.iter().any(|column| column.name == arguments.field);
        let with: Vec<usize> = (0..self.tables.len()).filter(|place| has(&self.tables[*place])).collect();
        match with[..] {
            [only] => Ok(only),
            [] => {
                let columns = self.tables.iter().flat_map(|table| &table.columns);
                let mut columns: Vec<String> = columns.map(|column| column.name.clone()).collect();
                columns.sort();
                columns.dedup();
                Err(Failure::Message(studio::unknown_field(&arguments.field, &columns)))
            }
            _ => {
                let several: Vec<&str> = with.iter().map(|place| self.tables[*place].name.as_str()).collect();
                let message =
                    format!("{} is a field of {}; choose with --table", arguments.field, several.join(" and "));
                Err(Failure::Usage(message))
            }
        }
    }

    /// The row that --key or --at names, or the identity's last one.
    fn row(&self, table: usize, arguments: &Explain) -> Outcome<u64> {
        let rows = self.numbers.rows(table, &arguments.identity);
        let mut fitting = Vec::new();
        for row in rows.clone() {
            if self.has_keys(table, row, &arguments.keys) && self.is_at(table, row, arguments.at.as_deref())? {
                fitting.push(row);
            }
        }
        let name = &self.tables[table].name;
        let Some(last) = fitting.last() else {
            let starts = self.starts(table, rows);
            let cure = if starts.is_empty() { "it has none there".to_owned() } else { format!("there are {starts}") };
            return Err(Failure::Message(format!("{} has no such row in {name}; {cure}", arguments.identity)));
        };
        if fitting.len() > 1 {
            eprintln!(
                "note: {} has {} such rows in {name}; this is the last. Choose with --at or --key: {}",
                arguments.identity,
                fitting.len(),
                self.starts(table, rows)
            );
        }
        Ok(*last)
    }

    /// Whether the record's dimensions are these.
    fn has_keys(&self, table: usize, row: u64, keys: &[String]) -> bool {
        keys.is_empty() || self.keys(table, row).is_some_and(|own| keys.iter().all(|key| own.contains(key)))
    }

    fn keys(&self, table: usize, row: u64) -> Option<Vec<String>> {
        let (identity, RowOf::Record { aggregate, nth }) = self.numbers.find(table, row)? else { return None };
        let output = self.output.identities.iter().find(|output| output.identity == identity)?;
        let record = output.records.iter().filter(|record| record.aggregate == aggregate).nth(nth)?;
        match &record.key {
            RecordKey::Dimensions(texts) => Some(texts.iter().map(|text| text.to_string()).collect()),
            RecordKey::Time(_) => None,
        }
    }

    /// Whether the moment lies in the block, or is the start of the row's anchor.
    fn is_at(&self, table: usize, row: u64, at: Option<&str>) -> Outcome<bool> {
        let Some(at) = at else { return Ok(true) };
        let wrong = || Failure::Usage(format!("--at wants a time such as 2018-03-07T22:35:31+00:00, not {at:?}"));
        let moment = DateTime::parse_iso(at).ok_or_else(wrong)?.micros;
        let Some(start) = self.time(table, row, &["_start_time", "anchor"]) else { return Ok(false) };
        let end = self.time(table, row, &["_end_time"]).map_or(start.micros, |end| end.micros);
        Ok((start.micros..=end).contains(&moment))
    }

    fn time(&self, table: usize, row: u64, columns: &[&str]) -> Option<DateTime> {
        let column = self.tables[table].columns.iter().find(|column| columns.contains(&column.name.as_str()))?;
        match column.values.get(usize::try_from(row).ok()?)? {
            Value::DateTime(time) => Some(*time),
            _ => None,
        }
    }

    /// What the rows can be told apart by; the first of many.
    fn starts(&self, table: usize, rows: std::ops::Range<u64>) -> String {
        /// More than one looks through.
        const TOLD: usize = 12;
        let name = |row: u64| {
            let start = self.time(table, row, &["_start_time", "anchor"]).map(DateTime::isoformat);
            let keys = self.keys(table, row).filter(|keys| !keys.is_empty()).map(|keys| keys.join("/"));
            start.into_iter().chain(keys).collect::<Vec<_>>().join(" ")
        };
        let more = rows.clone().count().saturating_sub(TOLD);
        let told: Vec<String> = rows.take(TOLD).map(name).filter(|name| !name.is_empty()).collect();
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{more}", told.join(", "))
    }
}
