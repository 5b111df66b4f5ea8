//! Explain: a second way to run a plan, for one identity, that tells how a value came about. It is the run's
//! own code with a listener (`record`), so that it cannot tell another story than the rows.

mod focus;
mod numbers;
mod reads;
mod record;
mod row;
mod steps;
mod story;

use dtc_expr::{FieldType, Value};

use crate::event::Event;
use crate::events::Events;
use crate::identity::Worker;
use crate::output::{IdentityOutput, WindowRow};
use crate::plan::Plan;
use crate::plan_window::WindowPlan;
use crate::record::Recorder;
use crate::run::Stopped;

pub use numbers::RowNumbers;
pub use steps::{Opening, Step, StepField, StepRecord, Steps, steps};
pub use story::*;

use focus::Focus;
use record::RecordTeller;
use row::{RowTeller, RowsTeller};

/// A row of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowOf {
    /// The identity's `nth` record (from 0) of an aggregate.
    Record { aggregate: usize, nth: usize },
    /// The `nth` of its window rows (from 0) whose anchor block starts at this instant, in microseconds.
    Window { anchor: Option<i64>, nth: usize },
}

/// Why there is no story.
#[derive(Debug, Clone, PartialEq)]
pub enum Untold {
    /// The run itself ends there.
    Stopped(Stopped),
    /// The identity has no such row.
    NoRow,
    /// The row has no such column; these it has.
    NoColumn(Vec<String>),
}

impl From<Stopped> for Untold {
    fn from(stopped: Stopped) -> Untold {
        Untold::Stopped(stopped)
    }
}

/// The records and rows that these events give (`MaxPer: run` aside).
pub fn rows_of(plan: &Plan, events: &[Event]) -> Result<IdentityOutput, Stopped> {
    Ok(listened(plan, events, crate::record::Silence)?.1)
}

/// How the cell came to its value. `events` are those of the row's identity, in order of time.
pub fn explain(plan: &Plan, events: &[Event], row: RowOf, column: &str, limits: Limits) -> Result<Story, Untold> {
    match row {
        RowOf::Record { aggregate, nth } => record_story(plan, events, (aggregate, nth), column, limits),
        RowOf::Window { anchor, nth } => {
            let window = plan.window.as_ref().ok_or(Untold::NoRow)?;
            row_story(plan, window, events, (anchor, nth), column, limits)
        }
    }
}

fn listened<R: Recorder>(plan: &Plan, events: &[Event], recorder: R) -> Result<(R, IdentityOutput), Stopped> {
    let identity = events.first().map_or_else(Default::default, |event| event.identity.clone());
    let events = Events::of(plan, events);
    let mut worker = Worker::telling(plan, &events, recorder);
    let output = worker.run(identity, Vec::new(), events.grouped(1).first())?;
    Ok((worker.recorder, output))
}

fn record_story(
    plan: &Plan,
    events: &[Event],
    (aggregate, nth): (usize, usize),
    column: &str,
    limits: Limits,
) -> Result<Story, Untold> {
    let planned = plan.aggregates.get(aggregate).ok_or(Untold::NoRow)?;
    let slot = planned.columns.iter().position(|(name, _)| **name == *column);
    let slot =
        slot.ok_or_else(|| Untold::NoColumn(planned.columns.iter().map(|(name, _)| name.to_string()).collect()))?;
    let output = rows_of(plan, events)?;
    let mut records = output.records.iter().filter(|record| record.aggregate == aggregate);
    let record = records.nth(nth).ok_or(Untold::NoRow)?;
    let teller = |chosen| RecordTeller::new(Focus::new(plan, aggregate, slot), record.key.clone(), limits, chosen);
    let (counted, _) = listened(plan, events, teller(None))?;
    let chosen = counted.stored.ok_or(Untold::NoRow)?.chosen(limits);
    let (told, _) = listened(plan, events, teller(Some(chosen)))?;
    let told = told.stored.ok_or(Untold::NoRow)?;
    let focus = Focus::new(plan, aggregate, slot);
    Ok(Story {
        identity: output.identity.clone(),
        column: column.to_owned(),
        field_type: planned.columns[slot].1,
        value: told.value,
        how: How::Record(Box::new(RecordStory {
            aggregate: planned.name.clone(),
            key: record.key.clone(),
            value: focus.value_place(),
            when: focus.condition_place(),
            start: planned.defaults().swap_remove(slot),
            entered: told.entered,
            counts: told.counts,
            telling: told.telling,
            entries: told.entries,
            ending: told.ending.unwrap_or(Ending::NoMoreEvents),
        })),
    })
}

fn row_story(
    plan: &Plan,
    window: &WindowPlan,
    events: &[Event],
    (anchor, nth): (Option<i64>, usize),
    column: &str,
    limits: Limits,
) -> Result<Story, Untold> {
    let (teller, output) = listened(plan, events, RowsTeller::default())?;
    let same = |(_, row): &(&usize, &WindowRow)| row.anchor.map(|anchor| anchor.micros) == anchor;
    let (block, row) = teller.rows.iter().zip(&output.rows).filter(same).nth(nth).ok_or(Untold::NoRow)?;
    let mut columns = columns_of(window, row, column)?;
    let mut told = None;
    // Blurr leaves out the aggregate's name, so that maps of one name share columns: the last one wins.
    while let Some(column_of) = columns.pop() {
        let focus = match &column_of {
            Column::Cell { place, slot, .. } => Some(Focus::new(plan, plan.aggregates.len() + place, *slot)),
            Column::Identity | Column::Anchor => None,
        };
        let (teller, _) = listened(plan, events, RowTeller::new(plan, window, focus, *block, limits))?;
        let story = teller.story.ok_or(Untold::NoRow)?;
        let value = column_of.value(&story, &output);
        let is_there = value.is_some();
        told = Some((column_of, story, value.unwrap_or_default()));
        if is_there {
            break;
        }
    }
    let (column_of, story, value) = told.ok_or(Untold::NoRow)?;
    let field_type = match column_of {
        Column::Identity => FieldType::String,
        Column::Anchor => FieldType::DateTime,
        Column::Cell { place, slot, .. } => window.aggregates[place].columns[slot].1,
    };
    let identity = output.identity.clone();
    Ok(Story { identity, column: column.to_owned(), field_type, value, how: How::Row(Box::new(story)) })
}

/// What a column of the window table shows.
enum Column {
    Identity,
    Anchor,
    /// A field of an aggregate, or of its map the value under a key.
    Cell {
        place: usize,
        slot: usize,
        key: Option<String>,
    },
}

impl Column {
    /// `None`: the map has no such key.
    fn value(&self, story: &RowStory, output: &IdentityOutput) -> Option<Value> {
        let value = match (self, &story.cell) {
            (Column::Cell { key, .. }, Some(cell)) => match (key, &cell.after) {
                (None, value) => value.clone(),
                (Some(key), Value::Dict(_, entries)) => {
                    entries.iter().find(|(name, _)| name.to_text() == *key)?.1.clone()
                }
                (Some(_), _) => return None,
            },
            (Column::Anchor, _) => story.anchor.start.map_or(Value::None, Value::DateTime),
            _ => Value::Str(output.identity.clone()),
        };
        Some(value)
    }
}

/// What a column may show: the last one where the row has several.
fn columns_of(window: &WindowPlan, row: &WindowRow, column: &str) -> Result<Vec<Column>, Untold> {
    let mut found = Vec::new();
    match column {
        "identity" => found.push(Column::Identity),
        "anchor" => found.push(Column::Anchor),
        _ => {}
    }
    for (place, aggregate) in window.aggregates.iter().enumerate() {
        for (slot, (title, (name, field_type))) in aggregate.titles.iter().zip(&aggregate.columns).enumerate() {
            if **title == *column {
                found.push(Column::Cell { place, slot, key: None });
            } else if *field_type == FieldType::Map {
                let key =
                    [title, name].into_iter().find_map(|prefix| column.strip_prefix(&**prefix)?.strip_prefix('.'));
                found.extend(key.map(|key| Column::Cell { place, slot, key: Some(key.to_owned()) }));
            }
        }
    }
    if found.is_empty() {
        let known = ["identity", "anchor"].into_iter().map(str::to_owned);
        let cells = row.cells().map(|(title, _)| title.into_owned());
        return Err(Untold::NoColumn(known.chain(cells.filter(|title| !title.ends_with("._identity"))).collect()));
    }
    Ok(found)
}
