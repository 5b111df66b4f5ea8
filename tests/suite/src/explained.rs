//! The story of every cell of a run ends with the value that the run has there, and its links hold: what an
//! entry leaves behind is what the next one finds.

use dtc_engine::saved::exact;
use dtc_engine::trace::{How, Limits, Outcome, RecordStory, RowNumbers, RowOf, Step, Story, Untold};
use dtc_engine::trace::{explain, steps};
use dtc_engine::{Event, Events, Output, Plan};
use dtc_expr::{FieldType, Table, Value};
use libtest_mimic::Failed;

/// So short that most stories are cut.
const SHORT: Limits = Limits { each_end: 1 };

pub fn as_run(plan: &Plan, events: &[Event], output: &Output) -> Result<(), Failed> {
    let numbers = RowNumbers::new(plan, output);
    let events = &Events::of(plan, events);
    for (number, (_, table)) in output.tables(plan).iter().enumerate() {
        every_cell(plan, events, &numbers, number, table)?;
    }
    for identity in &output.identities {
        let own = events.of_identity(&identity.identity);
        let all = steps(plan, &own, 0, usize::MAX).map_err(|stopped| format!("{stopped:?}"))?;
        if all.total != own.len() as u64 || all.steps.len() != own.len() {
            return Err(format!("{}: {} of {} steps", identity.identity, all.steps.len(), own.len()).into());
        }
        follow(&all.steps).map_err(|fault| format!("{}: {fault}", identity.identity))?;
        if let Some(last) = all.steps.last() {
            let one = steps(plan, &own, last.event.nth, 1).map_err(|stopped| format!("{stopped:?}"))?;
            if format!("{:?}", one.steps) != format!("{:?}", [last]) {
                return Err(format!("{}: the last step alone is another one", identity.identity).into());
            }
        }
    }
    Ok(())
}

fn every_cell(plan: &Plan, events: &Events, numbers: &RowNumbers, number: usize, table: &Table) -> Result<(), Failed> {
    let rows = table.columns.first().map_or(0, |column| column.values.len());
    for row in 0..rows {
        let (identity, row_of) = numbers.find(number, row as u64).ok_or("a row that no identity has")?;
        let own = events.of_identity(&identity);
        if let RowOf::Record { aggregate, nth } = row_of
            && numbers.row_of(&identity, aggregate, nth) != Some((number, row as u64))
        {
            return Err(format!("{identity}: row {row} of {} is not found back", table.name).into());
        }
        for column in &table.columns {
            let at = || format!("{} row {row} of {identity}, column {}", table.name, column.name);
            for limits in [Limits { each_end: usize::MAX / 2 }, SHORT] {
                let story = explain(plan, &own, row_of, &column.name, limits).map_err(|untold| match untold {
                    Untold::NoColumn(columns) => format!("{}: only {columns:?}", at()),
                    other => format!("{}: {other:?}", at()),
                })?;
                if !same(&story.value, &column.values[row]) {
                    return Err(format!("{}: {:?}, told {:?}", at(), column.values[row], story.value).into());
                }
                holds(&story, limits == SHORT).map_err(|fault| format!("{}: {fault}\n{story:#?}", at()))?;
            }
        }
        let nothing = explain(plan, &own, row_of, "no such column", SHORT);
        if !matches!(nothing, Err(Untold::NoColumn(_))) {
            return Err(format!("a column that is not there: {nothing:?}").into());
        }
    }
    Ok(())
}

/// As printed, so that 1 is not True and NaN is itself.
fn same(a: &Value, b: &Value) -> bool {
    exact(a) == exact(b)
}

/// A store reads what it holds as its field's type, so True of an integer field comes back as 1.
fn alike(a: &Value, b: &Value) -> bool {
    same(a, b) || a == b
}

fn holds(story: &Story, short: bool) -> Result<(), String> {
    match &story.how {
        How::Record(record) => record_holds(story, record, short),
        How::Row(row) => {
            let Some(cell) = &row.cell else { return Ok(()) };
            let evaluation = &cell.evaluation;
            if evaluation.outcome == Outcome::Refused && evaluation.value.is_some() {
                return Err("refused by its condition, and evaluated".to_owned());
            }
            let kept = !matches!(evaluation.outcome, Outcome::Set) && story.field_type.is_scalar();
            let implicit = evaluation.value.is_none() && evaluation.when.is_none();
            match kept && !implicit && !same(&cell.before, &cell.after) {
                true => Err("kept, but changed".to_owned()),
                false => Ok(()),
            }
        }
    }
}

fn record_holds(story: &Story, record: &RecordStory, short: bool) -> Result<(), String> {
    let counts = &record.counts;
    if record.telling < counts.set + counts.nothing + counts.failed || record.telling > record.entered {
        return Err(format!("{} telling of {counts:?}", record.telling));
    }
    let own = counts.set + counts.refused + counts.nothing + counts.failed + counts.kept;
    if own + counts.in_place < record.entered || own > record.entered {
        return Err("the counts are not those of the events".to_owned());
    }
    let mut found = record.start.clone();
    for entry in &record.entries {
        if !short && !alike(&entry.before, &found) {
            return Err(format!("line {} finds {:?}, not {found:?}", entry.event.line, entry.before));
        }
        let kept = !matches!(entry.evaluation.outcome, Outcome::Set) && story.field_type.is_scalar();
        if kept && !same(&entry.before, &entry.after) {
            return Err(format!("line {} keeps the value, but changes it", entry.event.line));
        }
        found = entry.after.clone();
    }
    if !short && record.entries.len() as u64 != record.entered {
        return Err(format!("{} of {} entries", record.entries.len(), record.entered));
    }
    let told = short && record.entries.is_empty() && record.entered > 0;
    if told && (counts.set, counts.failed, counts.nothing, counts.in_place) != (0, 0, 0, 0) {
        return Err("something happened that a short story does not tell".to_owned());
    }
    match told || alike(&found, &story.value) {
        true => Ok(()),
        false => Err(format!("ends with {found:?}")),
    }
}

fn follow(steps: &[Step]) -> Result<(), String> {
    for pair in steps.windows(2) {
        for (earlier, later) in pair[0].records.iter().zip(&pair[1].records) {
            if later.opening.is_some() {
                continue;
            }
            for (was, is) in earlier.fields.iter().zip(&later.fields) {
                if !same(&was.after, &is.before) {
                    let place = format!("{}.{} at line {}", later.aggregate, is.name, pair[1].event.line);
                    return Err(format!("{place} finds {:?}, not {:?}", is.before, was.after));
                }
            }
        }
    }
    Ok(())
}

trait Scalar {
    fn is_scalar(&self) -> bool;
}

impl Scalar for FieldType {
    /// Another expression cannot change it in place.
    fn is_scalar(&self) -> bool {
        !matches!(self, FieldType::Map | FieldType::List | FieldType::Set)
    }
}
