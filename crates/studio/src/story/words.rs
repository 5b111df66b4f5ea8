//! The sentences of a story.

use dtc_engine::Place;
use dtc_engine::trace::{Asked, Ending, How, Opening, Outcome, RecordStory, RowStory, StepRecord, Story, WindowCell};
use dtc_expr::DateTime;

use super::Teller;

/// What made the value.
pub(super) fn summary(teller: &Teller<'_>, story: &Story) -> Vec<String> {
    match &story.how {
        How::Record(record) => of_record(teller, story, record),
        How::Row(row) => of_row(teller, story, row),
    }
}

fn of_record(teller: &Teller<'_>, story: &Story, record: &RecordStory) -> Vec<String> {
    let mut said = vec![who_set(teller, story, record)];
    let counts = &record.counts;
    if counts.refused > 0 {
        let listed = record.entries.len() as u64 == record.entered;
        let more = if listed { "." } else { "; they are not listed." };
        said.push(format!("For {} its condition did not hold{more}", events(counts.refused)));
    }
    if counts.nothing > 0 {
        said.push(format!("For {} its expression gave nothing, so the old value stayed.", events(counts.nothing)));
    }
    if counts.failed > 0 {
        said.push(format!(
            "For {} its expression failed and the old value stayed; Blurr would not tell.",
            events(counts.failed)
        ));
    }
    if counts.in_place > 0 {
        let what = "other expressions may have changed the collection in place";
        said.push(format!("For {} {what}.", events(counts.in_place)));
    }
    said.push(match record.ending {
        Ending::NoMoreEvents => "The record was open when the events ended.".to_owned(),
        Ending::Split(event) => format!("The block ended at {}, where `Split` was true.", teller.line(&event)),
        Ending::Gap(event) => format!("The block ended at {}, which came after too long a gap.", teller.line(&event)),
        Ending::OtherRecord(event) => {
            format!("The record was left for the last time at {}, whose dimensions are others.", teller.line(&event))
        }
    });
    said
}

fn who_set(teller: &Teller<'_>, story: &Story, record: &RecordStory) -> String {
    let counts = &record.counts;
    match story.column.as_str() {
        "_identity" if record.value.is_none() => return "The engine writes down whose record it is.".to_owned(),
        "_start_time" if record.value.is_none() => {
            return format!("The time of the earliest of the {} of this block.", events(record.entered));
        }
        "_end_time" if record.value.is_none() => {
            return format!("The time of the latest of the {} of this block.", events(record.entered));
        }
        _ => {}
    }
    if record.entered == 0 {
        return "No event entered this record: the field holds its default.".to_owned();
    }
    if counts.set == 0 && counts.in_place == 0 {
        return format!("None of {} gave it a value: the field holds its default.", events(record.entered));
    }
    let last = record.entries.iter().rev().find(|entry| entry.evaluation.outcome == Outcome::Set);
    let last = last.map(|entry| format!(", last {}", teller.line(&entry.event))).unwrap_or_default();
    format!("Set by {} of the {} that entered this record{last}.", counts.set, events(record.entered))
}

fn of_row(teller: &Teller<'_>, story: &Story, row: &RowStory) -> Vec<String> {
    let start = row.anchor.start.map_or_else(|| "an unknown time".to_owned(), |start| start.isoformat());
    let mut said = Vec::new();
    match &row.cell {
        None if story.column == "identity" => said.push("Whose row it is.".to_owned()),
        None => said.push("The start of the block that the row belongs to.".to_owned()),
        Some(cell) => said.extend(of_cell(teller, cell)),
    }
    let condition = teller.quoted(&row.condition);
    said.push(format!("The row belongs to the block that started at {start}: its anchor condition {condition} held."));
    said
}

fn of_cell(teller: &Teller<'_>, cell: &WindowCell) -> Vec<String> {
    let mut said = Vec::new();
    if let Some(window) = &cell.window {
        said.push(match &window.missing {
            Some(reason) => format!("The window lacks data ({reason}), so its fields hold their defaults."),
            None => format!("Computed from {}: {}.", blocks(window.member_count), window.words),
        });
    }
    if let Some(when) = cell.when.as_ref().filter(|when| !when.held) {
        let why = when.fault.as_ref().map_or("did not hold".to_owned(), |fault| format!("failed ({fault})"));
        let condition = teller.quoted(when);
        said.push(format!("The condition {condition} of {} {why}: its fields hold their defaults.", cell.aggregate));
    }
    said.extend(match cell.evaluation.outcome {
        Outcome::Refused => Some("The field's condition did not hold: it holds its default.".to_owned()),
        Outcome::Nothing => Some("Its expression gave nothing: the field holds its default.".to_owned()),
        Outcome::Failed => Some("Its expression failed: the field holds its default; Blurr would not tell.".to_owned()),
        Outcome::Set if cell.window.is_none() => Some("Computed once, for the row's anchor block.".to_owned()),
        Outcome::Set | Outcome::Kept => None,
    });
    said
}

pub(super) fn window_note(cell: &WindowCell) -> Option<String> {
    let asked = cell.evaluation.when.is_some() || cell.evaluation.value.is_some();
    (!asked && cell.value.is_some()).then(|| "Not evaluated.".to_owned())
}

/// Where a window begins and ends: an instant, and whether it is in.
pub(super) fn bounds(lower: (DateTime, bool), upper: (DateTime, bool)) -> [String; 2] {
    let lower_word = if lower.1 { "from" } else { "after" };
    let upper_word = if upper.1 { "up to and including" } else { "before" };
    [format!("{lower_word} {}", lower.0.isoformat()), format!("{upper_word} {}", upper.0.isoformat())]
}

pub(super) fn in_place(places: &[Place]) -> Option<String> {
    let names: Vec<&str> = places.iter().map(|place| place.name.as_str()).collect();
    (!names.is_empty()).then(|| format!("{} may have changed it in place.", names.join(", ")))
}

pub(super) fn refused(when: &Asked) -> String {
    match &when.fault {
        Some(fault) => format!("The document's When failed: {fault}. No aggregate saw the event."),
        None => "The document's When did not hold. No aggregate saw the event.".to_owned(),
    }
}

pub(super) fn step_note(record: &StepRecord) -> Option<String> {
    let opening = record.opening.map(|opening| match opening {
        Opening::New => "A new record begins.",
        Opening::Split => "A new block begins: Split was true.",
        Opening::Gap => "The block before has ended: the gap was too long.",
        Opening::Reopened => "An earlier record goes on.",
    });
    let refused = match &record.when {
        _ if record.entered => None,
        Some(Asked { fault: Some(fault), .. }) => Some(format!("Its When failed: {fault}.")),
        Some(when) if !when.held => Some("Its When did not hold.".to_owned()),
        _ => Some("The event did not reach its fields.".to_owned()),
    };
    let said: Vec<String> = opening.map(str::to_owned).into_iter().chain(refused).collect();
    (!said.is_empty()).then(|| said.join(" "))
}

fn events(count: u64) -> String {
    if count == 1 { "1 event".to_owned() } else { format!("{count} events") }
}

fn blocks(count: u64) -> String {
    if count == 1 { "1 block".to_owned() } else { format!("{count} blocks") }
}
