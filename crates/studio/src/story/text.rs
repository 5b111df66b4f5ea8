//! A story as plain text, for a terminal.

use std::fmt::Write;

use studio_api::{Evaluation, Outcome, Story, StoryBlock, StoryWindow, Written};

/// Lines without colour, each ended by a line feed.
pub fn text(story: &Story) -> String {
    let mut out = String::new();
    let value = shown(story.value.as_deref());
    line(&mut out, format_args!("{}: {} = {value}", story.identity, story.field));
    line(&mut out, format_args!("table {}, row {}", story.table, story.row + 1));
    out.push('\n');
    for said in &story.summary {
        line(&mut out, format_args!("{said}"));
    }
    for (name, written) in [("Value", &story.expression), ("When ", &story.condition)] {
        if let Some(written) = written {
            expression(&mut out, name, written);
        }
    }
    if let Some(window) = &story.window {
        blocks(&mut out, window);
    }
    if !story.evaluations.is_empty() {
        out.push('\n');
    }
    for (place, told) in story.evaluations.iter().enumerate() {
        if story.left_out > 0 && place == story.evaluations.len() / 2 {
            line(&mut out, format_args!("  … {} are left out here", story.left_out));
        }
        evaluation(&mut out, told);
    }
    out
}

// Writing into a text cannot fail.
fn line(out: &mut String, text: std::fmt::Arguments<'_>) {
    let _ = writeln!(out, "{text}");
}

fn expression(out: &mut String, name: &str, written: &Written) {
    line(out, format_args!("{name}  {}  ({})", written.text.trim(), written.document));
}

fn evaluation(out: &mut String, told: &Evaluation) {
    let at = told.event.as_ref().map(|event| format!("{}  {}:{}  ", event.time, event.sample, event.line));
    let at = at.unwrap_or_default();
    let (before, after) = (shown(told.before.as_deref()), shown(told.after.as_deref()));
    let change = match told.before == told.after {
        true => after.to_owned(),
        false => format!("{before} → {after}"),
    };
    let condition = told.held.map(|held| if held { "When true" } else { "When false" });
    let outcome = match told.outcome {
        Outcome::Nothing => Some("gave nothing"),
        Outcome::Failed => Some("FAILED"),
        Outcome::Set | Outcome::Refused | Outcome::Kept => None,
    };
    let said = condition.into_iter().chain(outcome).chain(told.fault.as_deref()).chain(told.note.as_deref());
    let said: Vec<&str> = said.collect();
    let said = if said.is_empty() { String::new() } else { format!("  [{}]", said.join(": ")) };
    line(out, format_args!("  {at}{change}{said}"));
    let reads: Vec<String> =
        told.reads.iter().map(|(name, value)| format!("{name} = {}", shown(value.as_deref()))).collect();
    if !reads.is_empty() {
        line(out, format_args!("      {}", reads.join(", ")));
    }
}

fn blocks(out: &mut String, window: &StoryWindow) {
    out.push('\n');
    line(out, format_args!("{}", window.words));
    if let Some([lower, upper]) = &window.bounds {
        line(out, format_args!("  {lower}, {upper}"));
    }
    if let Some(missing) = &window.missing {
        line(out, format_args!("  {missing}"));
    }
    let told = window.members.len().saturating_sub(1) as u64;
    for (place, block) in window.members.iter().enumerate() {
        member(out, block, &window.columns, place == 0);
    }
    if window.count > told {
        line(out, format_args!("  … {} blocks in the middle are left out", window.count - told));
    }
}

fn member(out: &mut String, block: &StoryBlock, columns: &[String], is_anchor: bool) {
    let values = columns.iter().zip(&block.values);
    let values: Vec<String> = values.map(|(name, value)| format!("{name} = {}", shown(value.as_deref()))).collect();
    let table = block.table.as_ref().map(|table| format!("{table} row {}", block.row + 1)).unwrap_or_default();
    let what = if is_anchor { "anchor" } else { "block " };
    line(out, format_args!("  {what} {}  {table}  {}", shown(block.start.as_deref()), values.join(", ")));
}

fn shown(value: Option<&str>) -> &str {
    value.unwrap_or("–")
}
