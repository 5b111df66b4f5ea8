//! Files of any format into one log. Every line ends as a decision, set aside or as a fault.

use std::path::{Path, PathBuf};

use bandit::Rule;
use dtc_expr::Mode;
use dtc_io::{Input, IoError, Projection};

use crate::layout::{EventReader, Item, Layout};
use crate::log::{Log, LogBuilder};
use crate::value::fields;

#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// What a column holds and its name.
    pub columns: Vec<(String, String)>,
    /// By which logs of events are joined.
    pub rule: Rule,
}

/// Reads the files in their order.
pub fn read(paths: &[PathBuf], options: &ReadOptions) -> Result<Log, IoError> {
    let mut builder = LogBuilder::default();
    let mut events = EventReader::default();
    let mut number = 0;
    for path in paths {
        let name = path.display().to_string();
        let input = Input::open(path, &Projection::All, Mode::Studio)?;
        let mut layout: Option<Layout> = None;
        for record in input {
            let record = match record {
                Ok(record) => record,
                Err(bad) => {
                    begin(&mut builder, &mut layout, &name);
                    if bad.text.trim_start().starts_with('[') {
                        builder.set_aside("checkpoints");
                    } else {
                        builder.fault(bad.line, bad.reason);
                    }
                    continue;
                }
            };
            let Some(line) = fields(&record.value) else { continue };
            if layout.is_none() {
                match Layout::of(line, &options.columns) {
                    Ok(found) => {
                        builder.file(&name, found.name());
                        layout = Some(found);
                    }
                    Err(what) => {
                        builder.file(&name, "unknown");
                        builder.fault(record.line, what);
                        // The file is named, and nothing more of it can be known.
                        layout = Some(Layout::Dsjson);
                        break;
                    }
                }
            }
            let Some(known) = &layout else { continue };
            if *known == Layout::Events {
                if let Err(what) = events.take(builder.place(record.line), &record.value, line) {
                    builder.fault(record.line, what);
                }
                continue;
            }
            match known.item(number, &record.value, line) {
                Item::Decision(logged) => builder.decision(record.line, *logged),
                Item::Aside(kind) => builder.set_aside(kind),
                Item::Fault(what) => builder.fault(record.line, what),
            }
            number += 1;
        }
        begin(&mut builder, &mut layout, &name);
    }
    if !events.is_empty() {
        events.join(&options.rule, &mut builder);
    }
    Ok(builder.finish())
}

/// Whether the first record of a file shows by itself what it is: dsjson, Open Bandit, joined records or events. A table
/// might also be raw events of any shape.
pub fn is_known(path: &Path) -> Result<bool, IoError> {
    let first = Input::open(path, &Projection::All, Mode::Studio)?.next();
    // Lines that are no records stand in dsjson alone.
    let Some(Ok(record)) = first else { return Ok(false) };
    let layout = fields(&record.value).and_then(|line| Layout::of(line, &[]).ok());
    Ok(layout.is_some_and(|layout| layout.is_plain()))
}

/// A file that has shown no record so far is lines of dsjson, the one format with lines that are none.
fn begin(builder: &mut LogBuilder, layout: &mut Option<Layout>, name: &str) {
    if layout.is_none() {
        builder.file(name, Layout::Dsjson.name());
        *layout = Some(Layout::Dsjson);
    }
}
