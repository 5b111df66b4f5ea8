//! Listens to the events of one identity for one field of one record. Heard twice: the first time only
//! counts, so that the second keeps no more than what is told.

use std::collections::VecDeque;

use rustc_hash::FxHashSet;

use dtc_expr::{Frame, Value};

use super::focus::Focus;
use super::story::{Counts, Ending, Entry, Evaluation, EventAt, Limits, Outcome};
use crate::output::RecordKey;
use crate::record::{Note, Recorder};

/// What is known of one record's field.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub entered: u64,
    pub counts: Counts,
    pub telling: u64,
    /// Entries (by number) that did more than be refused: the first and the last.
    first: Vec<u64>,
    last: VecDeque<u64>,
    pub entries: Vec<Entry>,
    pub ending: Option<Ending>,
    /// When it was closed.
    pub value: Value,
}

impl Tally {
    /// The numbers of the entries to tell.
    pub(super) fn chosen(&self, limits: Limits) -> FxHashSet<u64> {
        if self.entered <= 2 * limits.each_end as u64 {
            return (0..self.entered).collect();
        }
        self.first.iter().chain(&self.last).copied().collect()
    }
}

/// What the event at hand does to the record at hand.
struct Doing {
    before: Option<Value>,
    entered: bool,
    in_place: Vec<u32>,
}

pub(super) struct RecordTeller<'p> {
    focus: Focus<'p>,
    key: RecordKey,
    limits: Limits,
    /// Entries to keep; `None` while counting.
    chosen: Option<FxHashSet<u64>>,
    events: u64,
    at: Option<EventAt>,
    finishing: bool,
    parted: Option<bool>,
    evaluation: Evaluation,
    doing: Option<Doing>,
    current: Tally,
    /// The wanted record as it was stored last.
    pub stored: Option<Tally>,
}

impl<'p> RecordTeller<'p> {
    pub(super) fn new(focus: Focus<'p>, key: RecordKey, limits: Limits, chosen: Option<FxHashSet<u64>>) -> Self {
        RecordTeller {
            focus,
            key,
            limits,
            chosen,
            events: 0,
            at: None,
            finishing: false,
            parted: None,
            evaluation: Evaluation::default(),
            doing: None,
            current: Tally::default(),
            stored: None,
        }
    }

    fn event(&mut self, file: u32, line: u64, time: dtc_expr::DateTime) {
        self.at = Some(EventAt { nth: self.events, file, line, time });
        self.events += 1;
        self.evaluation = Evaluation::default();
    }

    fn keeps(&self) -> bool {
        self.chosen.as_ref().is_some_and(|chosen| chosen.contains(&self.current.entered))
    }

    /// From here on the event does something to the record at hand.
    fn begin(&mut self, frame: &Frame) -> &mut Doing {
        // What the engine itself sets is small and compared; what expressions set is kept only to be told.
        let before = (self.focus.field.is_none() || self.keeps()).then(|| self.focus.value(frame));
        self.doing.get_or_insert_with(|| Doing { before, entered: false, in_place: Vec::new() })
    }

    fn asked(&mut self, frame: &Frame, place: u32) {
        if self.focus.owns(place) {
            let with_reads = self.focus.is_dimension() || self.keeps();
            self.focus.asks(frame, place, with_reads, &mut self.evaluation);
        } else if self.focus.changers.contains(&place) {
            self.begin(frame).in_place.push(place);
        }
    }

    /// The event has done to the record at hand what it does.
    fn end(&mut self, frame: &Frame) {
        let Some(doing) = self.doing.take() else { return };
        let Some(event) = self.at else { return };
        let mut evaluation = if doing.entered { std::mem::take(&mut self.evaluation) } else { Evaluation::default() };
        let after = if doing.before.is_some() { self.focus.value(frame) } else { Value::None };
        if doing.entered && self.focus.field.is_none() && doing.before.as_ref() != Some(&after) {
            evaluation.outcome = Outcome::Set;
        }
        let number = self.current.entered;
        let keeps = self.keeps();
        let counts = &mut self.current.counts;
        match evaluation.outcome {
            Outcome::Set => counts.set += 1,
            Outcome::Refused => counts.refused += 1,
            Outcome::Nothing => counts.nothing += 1,
            Outcome::Failed => counts.failed += 1,
            Outcome::Kept if doing.in_place.is_empty() => counts.kept += 1,
            Outcome::Kept => {}
        }
        counts.in_place += u64::from(!doing.in_place.is_empty());
        self.current.entered += 1;
        let quiet = matches!(evaluation.outcome, Outcome::Refused | Outcome::Kept) && doing.in_place.is_empty();
        if !quiet {
            self.current.telling += 1;
            self.choose(number);
        }
        if keeps {
            let in_place = doing.in_place.iter().map(|place| self.focus.place(*place)).collect();
            let before = doing.before.unwrap_or_default();
            self.current.entries.push(Entry { event, before, after, evaluation, in_place });
        }
    }

    fn choose(&mut self, number: u64) {
        let each = self.limits.each_end;
        if self.current.first.len() < each {
            self.current.first.push(number);
        } else if each > 0 {
            if self.current.last.len() == each {
                self.current.last.pop_front();
            }
            self.current.last.push_back(number);
        }
    }

    fn closed(&mut self, frame: &Frame, key: &RecordKey) {
        self.end(frame);
        let mut tally = std::mem::take(&mut self.current);
        tally.value = self.focus.value(frame);
        tally.ending = Some(match (self.at, self.parted.take()) {
            _ if self.finishing => Ending::NoMoreEvents,
            (Some(event), Some(true)) => Ending::Gap(event),
            (Some(event), Some(false)) => Ending::Split(event),
            (Some(event), None) => Ending::OtherRecord(event),
            (None, _) => Ending::NoMoreEvents,
        });
        if *key == self.key {
            self.stored = Some(tally);
        }
    }

    fn opened(&mut self, key: Option<&RecordKey>, stored: bool) {
        self.current = match key {
            Some(key) if stored && *key == self.key => self.stored.take().unwrap_or_default(),
            _ => Tally::default(),
        };
    }
}

impl Recorder for RecordTeller<'_> {
    fn note(&mut self, frame: &Frame, note: Note<'_>) {
        let group = self.focus.group;
        match note {
            Note::Event { file, line, time } => self.event(file, line, time),
            Note::Done => self.end(frame),
            Note::Finish => self.finishing = true,
            // The window document comes after; it changes no record that is stored.
            _ if self.finishing && !matches!(note, Note::Closed { .. }) => {}
            Note::Asked { place } => self.asked(frame, place),
            Note::Fault { place, cause } => self.focus.fault(place, cause, &mut self.evaluation),
            Note::Condition { place, held } => self.focus.condition(place, held, &mut self.evaluation),
            Note::Enter { aggregate } if aggregate == group => self.begin(frame).entered = true,
            Note::Set { aggregate, slot } if (aggregate, slot) == (group, self.focus.slot) => {
                self.evaluation.outcome = Outcome::Set;
            }
            Note::Parted { aggregate, by_gap } if aggregate == group => self.parted = Some(by_gap),
            Note::Closed { aggregate, key } if aggregate == group => self.closed(frame, key),
            Note::Opened { aggregate, key, stored } if aggregate == group => self.opened(key, stored),
            _ => {}
        }
    }
}
