//! Goes on after syntax faults: reports each with its cure and shows the parser a text without it, so
//! that the rest of the document is still read and checked.

use super::build::{Fault, first_fault};
use super::faults;
use super::lines::{Lines, Rendered};
use crate::diagnostic::Diagnostic;
use crate::text::Span;

/// Bytes to parse while looking for repairs: some tens of milliseconds.
const EFFORT: usize = 1_500_000;
const MOST_FAULTS: usize = 20;
/// Lines below a fault that must parse for a repair to count as good.
const FORESIGHT: usize = 60;

/// Repairs the lines until they parse or no repair helps; gives what is to be parsed in the end.
pub fn repair(lines: &mut Lines) -> (Rendered, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut effort = 0;
    let mut rendered = lines.render();
    for _ in 0..MOST_FAULTS {
        let Some(fault) = first_fault(&rendered.text) else { return (rendered, diagnostics) };
        let (line, place) = lines.place(&rendered, fault.character);
        if faults::first_tab(lines, line).is_some() {
            let width = best_tab_width(lines, &mut effort);
            diagnostics.extend(faults::tabs(lines, line, width));
            expand_tabs(lines, width);
            rendered = lines.render();
            continue;
        }
        let best = best_repair(lines, line, &mut effort);
        diagnostics.push(diagnose(lines, line, place, &fault, best.as_ref()));
        match best {
            Some(repair) => repair.apply(lines),
            None => (line..lines.count()).for_each(|line| lines.blank(line)),
        }
        rendered = lines.render();
    }
    // Too many faults: keep what stands before the next one.
    if let Some(fault) = first_fault(&rendered.text) {
        let (line, _) = lines.place(&rendered, fault.character);
        (line..lines.count()).for_each(|line| lines.blank(line));
        rendered = lines.render();
    }
    (rendered, diagnostics)
}

/// A change of lines that lets the parser go on.
#[derive(Debug, Clone)]
pub enum Repair {
    /// Give `lines` other indentation; the first moves to `to`, the rest along with it.
    Indent { first: usize, last: usize, to: usize },
    /// Put the value of the line in quotes.
    Quote { line: usize, part: std::ops::Range<usize> },
    /// Close the quotes at the end of the line.
    Close { line: usize, start: usize, mark: char },
    /// Leave the line out.
    Drop { line: usize },
}

impl Repair {
    fn apply(&self, lines: &mut Lines) {
        match self {
            Repair::Indent { first, last, to } => {
                let from = indent(lines.shown(*first));
                for line in *first..=*last {
                    let old = indent(lines.shown(line));
                    if !is_empty(lines.shown(line)) {
                        lines.indent(line, (old + to).saturating_sub(from));
                    }
                }
            }
            Repair::Quote { line, part } => lines.quote(*line, part.clone()),
            Repair::Close { line, mark, .. } => lines.append(*line, *mark),
            Repair::Drop { line } => lines.blank(*line),
        }
    }
}

fn diagnose(lines: &Lines, line: usize, place: usize, fault: &Fault, repair: Option<&Repair>) -> Diagnostic {
    match repair {
        Some(Repair::Indent { first, last, to }) => faults::indentation(lines, *first, *last, *to),
        Some(Repair::Quote { line, part }) => faults::unquoted(lines, *line, part.clone()),
        Some(Repair::Close { line, start, mark }) => faults::unclosed(lines, *line, *start, *mark),
        Some(Repair::Drop { .. }) | None => {
            let end = lines.range(line).end.max(place);
            faults::syntax(&fault.words, Span::new(place, end))
        }
    }
}

/// The repair after which the parser gets furthest; a change of indentation or quotes before leaving
/// a line out.
fn best_repair(lines: &Lines, line: usize, effort: &mut usize) -> Option<Repair> {
    let mut best: Option<(usize, Repair)> = None;
    for candidate in candidates(lines, line) {
        if *effort > EFFORT {
            break;
        }
        let mut tried = lines.first(line + FORESIGHT);
        candidate.apply(&mut tried);
        let reached = reach(&tried, effort);
        if reached > line && best.as_ref().is_none_or(|(before, _)| reached > *before) {
            best = Some((reached, candidate));
        }
        if reached == usize::MAX {
            break;
        }
    }
    best.map(|(_, repair)| repair)
}

/// The line of the first fault.
fn reach(lines: &Lines, effort: &mut usize) -> usize {
    let rendered = lines.render();
    *effort += rendered.text.len();
    first_fault(&rendered.text).map_or(usize::MAX, |fault| lines.place(&rendered, fault.character).0)
}

fn candidates(lines: &Lines, line: usize) -> Vec<Repair> {
    let mut found = Vec::new();
    let above = (0..line).rev().find(|line| !is_empty(lines.shown(*line)));
    let places: Vec<usize> =
        [Some(line), above].into_iter().flatten().filter(|line| !is_empty(lines.shown(*line))).collect();
    for place in &places {
        if let Some(part) = value_part(lines.shown(*place)) {
            found.extend(close(lines.shown(*place), *place, &part));
            found.push(Repair::Quote { line: *place, part });
        }
    }
    for place in &places {
        let ends = [*place, block_end(lines, *place)];
        for to in indents_near(lines, *place) {
            found.push(Repair::Indent { first: *place, last: ends[0], to });
            if ends[1] != ends[0] {
                found.push(Repair::Indent { first: *place, last: ends[1], to });
            }
        }
    }
    found.push(Repair::Drop { line });
    if let Some(above) = above {
        found.push(Repair::Drop { line: above });
    }
    found
}

/// The value on a line `Key: value` or `- Key: value` that could stand in quotes.
fn value_part(line: &str) -> Option<std::ops::Range<usize>> {
    let body = line.trim_start_matches([' ', '\t', '-']);
    let start = line.len() - body.len();
    let colon = body.find(": ").filter(|at| body[..*at].chars().all(|c| c.is_alphanumeric() || c == '_'))?;
    let value = body[colon + 1..].trim_start();
    let from = start + body.len() - value.len();
    let to = from + value.trim_end().len();
    let quoted = |mark: char| {
        let inner = value.trim_end().strip_prefix(mark).and_then(|rest| rest.strip_suffix(mark));
        inner.is_some_and(|inner| !inner.contains(mark))
    };
    (to > from && !quoted('"') && !quoted('\'') && !value.starts_with(['|', '>', '#'])).then_some(from..to)
}

/// Quotes that are opened on the line and not closed.
fn close(text: &str, line: usize, part: &std::ops::Range<usize>) -> Option<Repair> {
    let value = text.get(part.clone())?;
    let mark = value.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let open = value.matches(mark).count() == 1 && !value.contains(" #");
    open.then_some(Repair::Close { line, start: part.start, mark })
}

/// The last line of the lines below that are indented deeper.
fn block_end(lines: &Lines, line: usize) -> usize {
    let own = indent(lines.shown(line));
    let mut end = line;
    for below in line + 1..lines.count() {
        let text = lines.shown(below);
        if is_empty(text) {
            continue;
        }
        if indent(text) <= own {
            break;
        }
        end = below;
    }
    end
}

/// Indentations that the lines above and the next one below use, the nearest first.
fn indents_near(lines: &Lines, line: usize) -> Vec<usize> {
    const MOST: usize = 4;
    let own = indent(lines.shown(line));
    let mut found: Vec<usize> = Vec::new();
    let above = (line.saturating_sub(40)..line).rev();
    for near in above.chain(std::iter::once(line + 1)) {
        let text = lines.shown(near);
        if is_empty(text) {
            continue;
        }
        let spaces = indent(text);
        let content =
            spaces + text[spaces..].strip_prefix("- ").map_or(0, |rest| 2 + rest.len() - rest.trim_start().len());
        for option in [content, spaces] {
            if option != own && !found.contains(&option) {
                found.push(option);
            }
        }
    }
    found.sort_by_key(|option| option.abs_diff(own));
    found.truncate(MOST);
    found
}

/// The width of tabs with which the parser gets furthest.
fn best_tab_width(lines: &Lines, effort: &mut usize) -> usize {
    let mut reached = |width: usize| {
        let mut tried = lines.clone();
        expand_tabs(&mut tried, width);
        reach(&tried, effort)
    };
    // Of widths that lead as far, `max_by_key` takes the last: the narrowest.
    [8, 4, 2].into_iter().max_by_key(|width| reached(*width)).unwrap_or(2)
}

fn expand_tabs(lines: &mut Lines, width: usize) {
    for line in 0..lines.count() {
        if faults::has_tab_indent(lines.shown(line)) {
            let spaces = faults::width_with_tabs(lines.shown(line), width);
            lines.indent(line, spaces);
        }
    }
}

pub fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// Nothing for the parser: blank or a comment.
fn is_empty(line: &str) -> bool {
    let body = line.trim_start();
    body.is_empty() || body.starts_with('#')
}
