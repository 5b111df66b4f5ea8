//! One identity event by event: what each did to every aggregate, with the whole state before and after.

use std::sync::Arc;

use dtc_expr::{FieldType, Frame, Value};

use super::focus::Focus;
use super::reads::asked;
use super::story::{Asked, Evaluation, EventAt, Outcome};
use crate::event::Event;
use crate::events::Events;
use crate::identity::Worker;
use crate::plan::Plan;
use crate::record::{Note, Recorder};
use crate::run::Stopped;

#[derive(Debug, Clone)]
pub struct Step {
    pub event: EventAt,
    /// The document's own condition; where it did not hold nothing looked at the event.
    pub when: Option<Asked>,
    /// Every aggregate, in order of the document.
    pub records: Vec<StepRecord>,
}

/// The record that an aggregate has open.
#[derive(Debug, Clone)]
pub struct StepRecord {
    pub aggregate: Arc<str>,
    pub opening: Option<Opening>,
    /// The aggregate's condition, as it was asked last.
    pub when: Option<Asked>,
    /// Whether the event reached the fields.
    pub entered: bool,
    pub fields: Vec<StepField>,
}

/// A record that the event made the current one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// A new one; the one before is stored.
    New,
    /// A new one, because `Split` was true.
    Split,
    /// A new one, because the gap was too long.
    Gap,
    /// One that was stored before.
    Reopened,
}

#[derive(Debug, Clone)]
pub struct StepField {
    pub name: Arc<str>,
    pub field_type: FieldType,
    /// Of the record that is current after the event.
    pub before: Value,
    pub after: Value,
    pub evaluation: Evaluation,
}

#[derive(Debug, Clone)]
pub struct Steps {
    /// Events of the identity.
    pub total: u64,
    pub steps: Vec<Step>,
}

/// The events `from .. from + count` of an identity in order of time.
pub fn steps(plan: &Plan, events: &[Event], from: u64, count: usize) -> Result<Steps, Stopped> {
    let identity = events.first().map_or_else(Default::default, |event| event.identity.clone());
    let events = Events::of(plan, events);
    let groups = events.grouped(1);
    let own = groups.first();
    let mut worker = Worker::telling(plan, &events, StepsTeller::new(plan, from));
    worker.start(identity, Vec::new());
    let until = usize::try_from(from).unwrap_or(usize::MAX).saturating_add(count).min(own.len());
    for event in &own[..until] {
        worker.event(*event)?;
    }
    Ok(Steps { total: own.len() as u64, steps: worker.recorder.steps })
}

struct StepsTeller<'p> {
    plan: &'p Plan,
    /// By group and slot.
    focuses: Vec<Vec<Focus<'p>>>,
    from: u64,
    events: u64,
    step: Option<Doing>,
    steps: Vec<Step>,
}

struct Doing {
    event: EventAt,
    when: Option<Asked>,
    before: Vec<Vec<Value>>,
    evaluations: Vec<Vec<Evaluation>>,
    records: Vec<(Option<Opening>, Option<Asked>, bool)>,
}

impl<'p> StepsTeller<'p> {
    fn new(plan: &'p Plan, from: u64) -> Self {
        let aggregates = plan.aggregates.iter().enumerate();
        let focuses = aggregates
            .map(|(group, aggregate)| (0..aggregate.columns.len()).map(|slot| Focus::new(plan, group, slot)).collect());
        StepsTeller { plan, focuses: focuses.collect(), from, events: 0, step: None, steps: Vec::new() }
    }

    fn begin(&mut self, frame: &Frame, event: EventAt) {
        let columns = self.plan.aggregates.iter().map(|aggregate| aggregate.columns.len());
        self.step = Some(Doing {
            event,
            when: None,
            before: frame.groups.clone(),
            evaluations: columns.map(|count| vec![Evaluation::default(); count]).collect(),
            records: vec![(None, None, false); self.plan.aggregates.len()],
        });
    }

    fn asked(&mut self, frame: &Frame, place: u32) {
        let (Some(step), plan) = (&mut self.step, self.plan) else { return };
        if let Some(when) = plan.when.as_ref().filter(|when| when.place == place) {
            step.when = Some(asked(plan, frame, place, &when.program));
        }
        for (aggregate, record) in plan.aggregates.iter().zip(&mut step.records) {
            if let Some(when) = aggregate.when.as_ref().filter(|when| when.place == place) {
                record.1 = Some(asked(plan, frame, place, &when.program));
            }
        }
        self.fields(place, |focus, evaluation| focus.asks(frame, place, true, evaluation));
    }

    fn fields(&mut self, place: u32, tell: impl Fn(&Focus<'_>, &mut Evaluation)) {
        let Some(step) = &mut self.step else { return };
        let all = self.focuses.iter().flatten().zip(step.evaluations.iter_mut().flatten());
        all.filter(|(focus, _)| focus.owns(place)).for_each(|(focus, evaluation)| tell(focus, evaluation));
    }

    /// The conditions of the document and of aggregates.
    fn conditions(&mut self, place: u32, tell: impl Fn(&mut Asked)) {
        let Some(step) = &mut self.step else { return };
        let place = &self.plan.places[place as usize];
        let asked = step.records.iter_mut().filter_map(|record| record.1.as_mut()).chain(&mut step.when);
        asked.filter(|asked| asked.place == *place).for_each(tell);
    }

    fn opened(&mut self, frame: &Frame, aggregate: usize, stored: bool) {
        let Some(step) = &mut self.step else { return };
        step.before[aggregate] = frame.groups[aggregate].clone();
        let opening = &mut step.records[aggregate].0;
        *opening = Some(match opening {
            _ if stored => Opening::Reopened,
            Some(parted) => *parted,
            None => Opening::New,
        });
    }

    fn end(&mut self, frame: &Frame) {
        let Some(step) = self.step.take() else { return };
        let mut records = Vec::with_capacity(step.records.len());
        let planned = self.plan.aggregates.iter().zip(step.before).zip(step.evaluations).zip(step.records);
        for (group, (((aggregate, before), evaluations), (opening, when, entered))) in planned.enumerate() {
            let after = &frame.groups[group];
            let begins = aggregate.is_timed() && entered && matches!(before[1], Value::None);
            let mut fields = Vec::with_capacity(before.len());
            for (slot, (before, mut evaluation)) in before.into_iter().zip(evaluations).enumerate() {
                let (name, field_type) = aggregate.columns[slot].clone();
                if self.focuses[group][slot].field.is_none() && entered && before != after[slot] {
                    evaluation.outcome = Outcome::Set;
                }
                fields.push(StepField { name, field_type, before, after: after[slot].clone(), evaluation });
            }
            let opening = opening.or(begins.then_some(Opening::New));
            records.push(StepRecord { aggregate: aggregate.name.clone(), opening, when, entered, fields });
        }
        self.steps.push(Step { event: step.event, when: step.when, records });
    }
}

impl Recorder for StepsTeller<'_> {
    fn note(&mut self, frame: &Frame, note: Note<'_>) {
        match note {
            Note::Event { file, line, time } => {
                let event = EventAt { nth: self.events, file, line, time };
                self.events += 1;
                if event.nth >= self.from {
                    self.begin(frame, event);
                }
            }
            Note::Asked { place } => self.asked(frame, place),
            Note::Fault { place, cause } => {
                self.fields(place, |focus, evaluation| focus.fault(place, cause, evaluation));
                self.conditions(place, |asked| asked.fault = Some(cause.to_owned()));
            }
            Note::Condition { place, held } => {
                self.fields(place, |focus, evaluation| focus.condition(place, held, evaluation));
                self.conditions(place, |asked| asked.held = held);
            }
            Note::Enter { aggregate } => {
                if let Some(step) = &mut self.step {
                    step.records[aggregate].2 = true;
                }
            }
            Note::Set { aggregate, slot } => {
                if let Some(step) = &mut self.step {
                    step.evaluations[aggregate][slot].outcome = Outcome::Set;
                }
            }
            Note::Parted { aggregate, by_gap } => {
                if let Some(step) = &mut self.step {
                    step.records[aggregate].0 = Some(if by_gap { Opening::Gap } else { Opening::Split });
                }
            }
            Note::Opened { aggregate, stored, .. } => self.opened(frame, aggregate, stored),
            Note::Done => self.end(frame),
            _ => {}
        }
    }
}
