//! Stories of cells as the contract has them: the engine's trace in words, for the page and the command line.
//! Refuses to find rows or events; it only tells.

mod text;
mod words;

use dtc_engine::trace::{self, Asked, How, RowNumbers, StepField};
use dtc_engine::{Part, Place, Plan};
use dtc_expr::Value;
use dtc_io::json::{cell_text, json_text};
use studio_api::{Evaluation, Outcome, Step, StepRecord, Steps, Story, StoryBlock, StoryEvent, StoryWindow, Written};

pub use text::text;

/// Letters of a value that a story holds; a list can be megabytes.
const MOST_LETTERS: usize = 2_000;

/// What a run was made of, to name places, files and rows.
#[derive(Clone, Copy)]
pub struct Teller<'a> {
    pub plan: &'a Plan,
    /// Name and text of the streaming document, and of the window document.
    pub streaming: (&'a str, &'a str),
    pub window: Option<(&'a str, &'a str)>,
    /// Names of the data files, in the order in which they were read.
    pub files: &'a [String],
    pub numbers: &'a RowNumbers,
    /// Names of the tables, in the order of [`dtc_engine::Output::tables`].
    pub tables: &'a [String],
}

impl Teller<'_> {
    /// `at`: the table and the row that were asked for.
    pub fn story(&self, story: &trace::Story, at: (&str, u64)) -> Story {
        let mut told = Story {
            identity: story.identity.to_string(),
            table: at.0.to_owned(),
            row: at.1,
            field: story.column.clone(),
            value: cell_text(&story.value).map(|text| clipped(&text)),
            summary: words::summary(self, story),
            expression: None,
            condition: None,
            evaluations: Vec::new(),
            left_out: 0,
            window: None,
        };
        match &story.how {
            How::Record(record) => {
                told.expression = record.value.as_ref().map(|place| self.written(place));
                told.condition = record.when.as_ref().map(|place| self.written(place));
                told.evaluations = record.entries.iter().map(|entry| self.entry(&story.column, entry)).collect();
                if record.entries.len() as u64 != record.entered {
                    told.left_out = record.telling.saturating_sub(record.entries.len() as u64);
                }
            }
            How::Row(row) => {
                let Some(cell) = &row.cell else { return told };
                told.expression = cell.value.as_ref().map(|place| self.written(place));
                told.condition = cell.evaluation.when.as_ref().map(|asked| self.written(&asked.place));
                told.evaluations = vec![Evaluation {
                    note: words::window_note(cell),
                    ..self.evaluation(&story.column, None, &cell.evaluation, [&cell.before, &cell.after])
                }];
                told.window = cell.window.as_ref().map(|window| self.window(&story.identity, row, window));
            }
        }
        told
    }

    /// `raws`: each step's event as text.
    pub fn steps(&self, steps: &trace::Steps, raws: Vec<String>) -> Steps {
        let told = steps.steps.iter().zip(raws).map(|(step, raw)| Step {
            event: self.event(&step.event),
            raw,
            refused: step.when.as_ref().filter(|when| !when.held).map(words::refused),
            records: step.records.iter().map(|record| self.record(record)).collect(),
        });
        Steps { total: steps.total, steps: told.collect() }
    }

    fn record(&self, record: &trace::StepRecord) -> StepRecord {
        let field =
            |field: &StepField| self.evaluation(&field.name, None, &field.evaluation, [&field.before, &field.after]);
        StepRecord {
            aggregate: record.aggregate.to_string(),
            note: words::step_note(record),
            fields: record.fields.iter().map(field).collect(),
        }
    }

    fn entry(&self, field: &str, entry: &trace::Entry) -> Evaluation {
        let event = Some(self.event(&entry.event));
        Evaluation {
            note: words::in_place(&entry.in_place),
            ..self.evaluation(field, event, &entry.evaluation, [&entry.before, &entry.after])
        }
    }

    fn evaluation(
        &self,
        name: &str,
        event: Option<StoryEvent>,
        evaluation: &trace::Evaluation,
        [before, after]: [&Value; 2],
    ) -> Evaluation {
        let asked = || evaluation.when.iter().chain(&evaluation.value);
        let mut reads: Vec<(String, Option<String>)> = Vec::new();
        for read in asked().flat_map(|asked| &asked.reads) {
            if reads.iter().all(|(known, _)| *known != read.name) {
                reads.push((read.name.clone(), shown(&read.value)));
            }
        }
        Evaluation {
            name: name.to_owned(),
            event,
            outcome: outcome(evaluation.outcome),
            before: shown(before),
            after: shown(after),
            held: evaluation.when.as_ref().map(|when| when.held),
            reads,
            fault: asked().find_map(|asked| asked.fault.clone()),
            note: None,
        }
    }

    fn event(&self, event: &trace::EventAt) -> StoryEvent {
        StoryEvent {
            nth: event.nth,
            time: event.time.isoformat(),
            sample: self.files.get(event.file as usize).cloned().unwrap_or_default(),
            line: event.line,
        }
    }

    fn window(&self, identity: &str, row: &trace::RowStory, window: &trace::WindowStory) -> StoryWindow {
        let anchor = self.block(identity, &row.anchor, &[]);
        let members = window.members.iter().map(|member| self.block(identity, &member.block, &member.values));
        StoryWindow {
            words: window.words.clone(),
            bounds: window.lower.zip(window.upper).map(|(lower, upper)| words::bounds(lower, upper)),
            columns: window.columns.iter().map(|column| column.to_string()).collect(),
            members: [anchor].into_iter().chain(members).collect(),
            count: window.member_count,
            missing: window.missing.clone(),
        }
    }

    fn block(&self, identity: &str, block: &trace::BlockAt, values: &[Value]) -> StoryBlock {
        let found = self.numbers.row_of(identity, block.aggregate, block.nth);
        StoryBlock {
            table: found.and_then(|(table, _)| self.tables.get(table).cloned()),
            row: found.map_or(0, |(_, row)| row),
            start: block.start.map(|start| start.isoformat()),
            values: values.iter().map(shown).collect(),
        }
    }

    fn written(&self, place: &Place) -> Written {
        let (document, text) = match place.part {
            Part::Streaming => self.streaming,
            Part::Window => self.window.unwrap_or_default(),
        };
        let text = text.get(place.span.start as usize..place.span.end as usize).unwrap_or_default().to_owned();
        Written { document: document.to_owned(), span: place.span, text }
    }

    /// An expression's text, in the way that sentences quote it.
    fn quoted(&self, asked: &Asked) -> String {
        format!("`{}`", self.written(&asked.place).text.trim())
    }

    /// `line 8 of events.jsonl`
    fn line(&self, event: &trace::EventAt) -> String {
        let event = self.event(event);
        format!("line {} of {}", event.line, event.sample)
    }
}

fn outcome(outcome: trace::Outcome) -> Outcome {
    match outcome {
        trace::Outcome::Set => Outcome::Set,
        trace::Outcome::Refused => Outcome::Refused,
        trace::Outcome::Nothing => Outcome::Nothing,
        trace::Outcome::Failed => Outcome::Failed,
        trace::Outcome::Kept => Outcome::Kept,
    }
}

/// As the contract says: texts in quotation marks, long ones cut.
fn shown(value: &Value) -> Option<String> {
    let text = match value {
        Value::Str(_) => json_text(value),
        value => cell_text(value)?,
    };
    Some(clipped(&text))
}

fn clipped(text: &str) -> String {
    match text.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => format!("{}… ({} letters)", &text[..end], text.chars().count()),
        None => text.to_owned(),
    }
}
