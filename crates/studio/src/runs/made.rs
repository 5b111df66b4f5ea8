//! What a finished run was made of: enough to tell how its cells came about, as long as its data stays.

use std::ops::Range;
use std::sync::Arc;

use dtc_engine::trace::RowNumbers;
use dtc_engine::{Cancel, Event, Events, Intake, Plan};
use dtc_expr::Mode;
use dtc_io::Projection;
use rustc_hash::FxHashSet;
use studio_api::ApiError;

use super::cache::{Cache, Key};
use super::reading::{DataFile, Item, Reading};
use crate::error::{conflict, internal};
use crate::run::stamps;

pub(crate) struct Made {
    pub plan: Plan,
    pub mode: Mode,
    pub numbers: RowNumbers,
    /// Tables with stories, in the order of the engine.
    pub tables: Vec<String>,
    /// Names and texts of the documents that ran.
    pub streaming: (String, String),
    pub window: Option<(String, String)>,
    pub files: Vec<DataFile>,
    pub key: Key,
}

impl Made {
    /// The events of one identity as the run had them: those that are still held, or read anew.
    pub(crate) fn events(&self, cache: &Cache, identity: &str) -> Result<Vec<Event>, ApiError> {
        if stamps(&self.files) != self.key.files {
            return Err(conflict("The data changed since these rows were made. Run again, then ask for the story."));
        }
        let projection = Projection::of(self.plan.source_fields());
        match cache.look(&self.key, &self.plan) {
            Some(parsed) => Ok(parsed.events.of_identity(identity)),
            None => self.read(&projection, identity),
        }
    }

    fn read(&self, projection: &Projection, identity: &str) -> Result<Vec<Event>, ApiError> {
        let mut events = Vec::new();
        let mut ids: FxHashSet<Arc<str>> = FxHashSet::default();
        let mut intake = Intake::new(&self.plan);
        self.each(projection, |item| {
            let Item::Record { file, line, value } = item else { return };
            let Ok(event) = intake.accept(value, file, line) else { return };
            let first = event.id.clone().is_none_or(|id| ids.insert(id));
            if first && *event.identity == *identity {
                events.push(event);
            }
        })?;
        Ok(Events::of(&self.plan, &events).of_identity(identity))
    }

    /// The whole of some of an identity's events as indented JSON. A line of some files holds several events.
    pub(crate) fn raw(&self, events: &[Event], wanted: Range<usize>) -> Result<Vec<String>, ApiError> {
        let lines: FxHashSet<(u32, u64)> =
            events[wanted.clone()].iter().map(|event| (event.file, event.line)).collect();
        let at = events.iter().enumerate().map(|(nth, event)| (nth, (event.file, event.line)));
        let mut open: Vec<usize> = at.filter(|(_, line)| lines.contains(line)).map(|(nth, _)| nth).collect();
        let mut raws = vec![String::new(); wanted.len()];
        let mut intake = Intake::new(&self.plan);
        self.each(&Projection::All, |item| {
            let Item::Record { file, line, value } = item else { return };
            if open.is_empty() || !lines.contains(&(file, line)) {
                return;
            }
            let Ok(found) = intake.accept(value.clone(), file, line) else { return };
            let same = |nth: &usize| {
                let event = &events[*nth];
                (event.file, event.line, event.time) == (file, line, found.time) && event.identity == found.identity
            };
            let Some(place) = open.iter().position(same) else { return };
            let nth = open.remove(place);
            if wanted.contains(&nth) {
                raws[nth - wanted.start] = indented(&dtc_io::json::json_text(&value));
            }
        })?;
        Ok(raws)
    }

    fn each(&self, projection: &Projection, take: impl FnMut(Item)) -> Result<(), ApiError> {
        let reading = Reading {
            files: &self.files,
            projection,
            mode: self.mode,
            limit: self.key.limit,
            cancel: &Cancel::default(),
            progress: &|_, _| {},
        };
        reading.each(take).map(drop).map_err(|_| internal("The reading was cancelled."))
    }
}

fn indented(json: &str) -> String {
    let parsed = serde_json::from_str::<serde_json::Value>(json);
    parsed.and_then(|value| serde_json::to_string_pretty(&value)).unwrap_or_else(|_| json.to_owned())
}
