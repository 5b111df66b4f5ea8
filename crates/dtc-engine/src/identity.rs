//! One identity's events through the aggregates, in document order (LANGUAGE.md B.6 to B.8).

use std::sync::Arc;

use dtc_expr::{DateTime, EvalError, EvalErrorKind, FieldType, Frame, Mode, Program, Scalar, Value};
use dtc_lang::scopes::{IDENTITY, SOURCE, TIME, VARIABLES};

use crate::events::{EventRef, Events};
use crate::faults::Faults;
use crate::guards::{Answers, ByKind, Touched};
use crate::output::{IdentityOutput, Record, RecordKey};
use crate::past::Past;
use crate::plan::{AggregatePlan, Condition, FieldPlan, KindPlan, Plan};
use crate::record::{Note, Recorder, Silence};
use crate::run::Stopped;
use crate::store::{Spot, Store};
use crate::window::{Blocks, Laying};

/// What a worker knows of an aggregate beside its current values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Status {
    /// Key of the open block; `None` before the first event that passed.
    pub(crate) key: Option<RecordKey>,
    /// Where the store keeps the block, as far as somebody looked.
    pub(crate) spot: Option<Spot>,
    /// Part and key of the cell that is its only dimension, of the event that opened it.
    pub(crate) cell: Option<(usize, u32)>,
    /// Whether an event ran the fields since the block was opened.
    pub(crate) entered: bool,
}

/// Runs identities one after the other; its buffers are reused.
pub(crate) struct Worker<'p, R = Silence> {
    pub(crate) plan: &'p Plan,
    pub(crate) frame: Frame,
    pub(crate) store: Store,
    pub(crate) status: Vec<Status>,
    /// By index in `WindowPlan::remembered`.
    pub(crate) past: Vec<Past>,
    /// What windows were laid over last.
    pub(crate) blocks: Vec<Blocks>,
    pub(crate) faults: Faults,
    pub(crate) identity: Arc<str>,
    pub(crate) time: DateTime,
    /// Where the event at hand came from.
    pub(crate) at: Option<EventRef>,
    events: &'p Events,
    /// What conditions on nothing but the event were found to be.
    memo: Vec<Option<bool>>,
    answers: Answers,
    /// Answers of one question about an aggregate.
    pub(crate) kinds: ByKind,
    /// By aggregate.
    touched: Vec<Touched>,
    /// Values of the dimensions at hand.
    pub(crate) dimensions: Vec<Value>,
    /// Values that new blocks begin with. A worker's own, so that no other thread counts their references.
    pub(crate) defaults: Vec<Vec<Value>>,
    pub(crate) laying: Laying,
    pub(crate) recorder: R,
}

impl<'p> Worker<'p> {
    pub(crate) fn new(plan: &'p Plan, events: &'p Events) -> Worker<'p> {
        Worker::telling(plan, events, Silence)
    }
}

impl<'p, R: Recorder> Worker<'p, R> {
    /// A worker that tells what it does.
    pub(crate) fn telling(plan: &'p Plan, events: &'p Events, recorder: R) -> Worker<'p, R> {
        let mut frame = Frame { variables: vec![None; VARIABLES], ..Frame::default() };
        frame.row.parts = events.rows.clone();
        Worker {
            plan,
            frame,
            store: Store::default(),
            status: Vec::new(),
            past: Vec::new(),
            blocks: Vec::new(),
            faults: Faults::default(),
            identity: Arc::from(""),
            time: DateTime { micros: 0, offset: Some(0) },
            at: None,
            events,
            memo: vec![None; plan.memos],
            answers: Answers::new(&plan.guards, plan.columns()),
            kinds: ByKind::default(),
            touched: plan.aggregates.iter().map(|_| Touched::default()).collect(),
            dimensions: Vec::new(),
            defaults: plan.aggregates.iter().map(|aggregate| aggregate.defaults.iter().map(own).collect()).collect(),
            laying: Laying::default(),
            recorder,
        }
    }

    /// `events` in order of time.
    pub(crate) fn run(
        &mut self,
        identity: Arc<str>,
        earlier: Vec<Record>,
        events: &[EventRef],
    ) -> Result<IdentityOutput, Stopped> {
        self.start(identity, earlier);
        for event in events {
            self.event(*event)?;
        }
        self.conclude()
    }

    /// Closes what is open and gives everything that the identity has.
    pub(crate) fn conclude(&mut self) -> Result<IdentityOutput, Stopped> {
        self.after_events();
        self.tell(Note::Finish);
        self.finish();
        let records = self.take_records();
        let (rows, dropped) = match &self.plan.window {
            Some(window) => {
                let past = std::mem::take(&mut self.past);
                let blocks = self.blocks_among(window, &records);
                let laid = self.windows(window, &blocks, &records, &past);
                (self.past, self.blocks) = (past, blocks);
                laid?
            }
            None => (Vec::new(), Vec::new()),
        };
        Ok(IdentityOutput { identity: self.identity.clone(), records, rows, dropped })
    }

    /// No event is at hand any more.
    pub(crate) fn after_events(&mut self) -> &mut Self {
        self.frame.variables[SOURCE.0 as usize] = None;
        self.frame.variables[TIME.0 as usize] = None;
        self.frame.row.part = usize::MAX;
        self
    }

    /// Closes what is open and gives the records alone.
    pub(crate) fn close(&mut self) -> Vec<Record> {
        self.finish();
        self.take_records()
    }

    pub(crate) fn take_records(&mut self) -> Vec<Record> {
        self.store.take()
    }

    pub(crate) fn start(&mut self, identity: Arc<str>, earlier: Vec<Record>) {
        self.store.load(earlier);
        self.status = vec![Status::default(); self.plan.aggregates.len()];
        self.frame.groups.clear();
        self.frame.groups.extend(self.defaults.iter().cloned());
        let remembered = self.plan.window.as_ref().map_or(0, |window| window.remembered.len());
        self.past = vec![Past::default(); remembered];
        self.frame.variables.fill(None);
        self.frame.variables[IDENTITY.0 as usize] = Some(Value::Str(identity.clone()));
        self.identity = identity;
    }

    /// Another identity whose records are known: only what the caller shows will be looked at.
    pub(crate) fn begin(&mut self, identity: &Arc<str>) {
        if self.frame.groups.len() < self.plan.aggregates.len() {
            self.start(identity.clone(), Vec::new());
            return;
        }
        self.after_events();
        self.frame.variables[IDENTITY.0 as usize] = Some(Value::Str(identity.clone()));
        self.identity = identity.clone();
    }

    /// Looks at an event: it is the one at hand once it is settled.
    #[inline]
    pub(crate) fn look_at(&mut self, event: EventRef) {
        self.at = Some(event);
        (self.frame.row.part, self.frame.row.row) = (event.part as usize, event.row as usize);
        self.answers.look(&self.plan.guards, &self.frame.row);
        self.memo.fill(None);
    }

    /// Something of an event's row, whatever it means.
    #[inline]
    pub(crate) fn first_cell(&mut self, event: EventRef) -> u32 {
        (self.frame.row.part, self.frame.row.row) = (event.part as usize, event.row as usize);
        self.frame.row.key(0)
    }

    /// The answers about the first slot of the event that was looked at.
    pub(crate) fn seen(&self) -> u32 {
        self.answers.first()
    }

    /// As `look_at`, where the answers are known and there are no others.
    #[inline]
    pub(crate) fn know(&mut self, event: EventRef, answers: u32) {
        self.at = Some(event);
        (self.frame.row.part, self.frame.row.row) = (event.part as usize, event.row as usize);
        self.answers.set_first(answers);
        self.memo.fill(None);
    }

    /// Makes the event that was looked at the one at hand.
    #[inline]
    pub(crate) fn settle(&mut self, event: EventRef) {
        self.time = self.events.time(event);
        if self.plan.columns().whole {
            self.frame.variables[SOURCE.0 as usize] = Some(self.frame.row.get(0).into_value());
        }
        if self.plan.reads_time {
            self.frame.variables[TIME.0 as usize] = Some(Value::DateTime(self.time));
        }
    }

    pub(crate) fn event(&mut self, event: EventRef) -> Result<(), Stopped> {
        self.look_at(event);
        self.settle(event);
        if R::LISTENS {
            let (file, line) = self.place();
            self.tell(Note::Event { file, line, time: self.time });
        }
        if self.holds(self.plan.when.as_ref())? {
            self.reset_variables();
            for index in &self.plan.active {
                self.aggregate(*index)?;
            }
        } else {
            self.tell(Note::Refused);
        }
        self.tell(Note::Done);
        Ok(())
    }

    #[inline(always)]
    pub(crate) fn tell(&mut self, note: Note<'_>) {
        self.recorder.note(&self.frame, note);
    }

    /// A variable starts each event at its defaults, also for what stands above it (LANGUAGE.md A.7); Blurr's stick.
    pub(crate) fn reset_variables(&mut self) {
        if self.plan.mode == Mode::Blurr {
            return;
        }
        for (index, plan) in self.plan.aggregates.iter().enumerate() {
            if matches!(plan.kind, KindPlan::Variable) {
                self.frame.groups[index].clone_from(&self.defaults[index]);
                self.tell(Note::Opened { aggregate: index, key: None, stored: false });
            }
        }
    }

    fn aggregate(&mut self, index: usize) -> Result<(), Stopped> {
        let plan = &self.plan.aggregates[index];
        match &plan.kind {
            KindPlan::Keyed { dimensions, .. } => self.keyed(index, plan, dimensions),
            KindPlan::Session { split } => self.session(index, plan, split.as_ref()),
            KindPlan::Activity { gap_micros } => self.activity(index, plan, *gap_micros),
            KindPlan::Variable => self.variable(index, plan),
        }
    }

    pub(crate) fn variable(&mut self, index: usize, plan: &'p AggregatePlan) -> Result<(), Stopped> {
        if self.holds(plan.when.as_ref())? {
            self.fields(index, plan)?;
            self.status[index].key = Some(RecordKey::Dimensions(Vec::new()));
        }
        Ok(())
    }

    /// Stores what is open, aggregates in document order; only what is kept reaches windows and output
    /// (LANGUAGE.md B.7, B.9).
    fn finish(&mut self) {
        let plan = self.plan;
        for index in &plan.active {
            match &plan.aggregates[*index].kind {
                KindPlan::Session { .. } | KindPlan::Activity { .. } => self.close_timed(*index),
                KindPlan::Keyed { .. } | KindPlan::Variable => self.close_keyed(*index),
            }
        }
        self.store.retain(|index| plan.aggregates.get(index).is_some_and(|aggregate| aggregate.stored));
    }

    /// Whether a condition holds; a failing one does not.
    #[inline]
    pub(crate) fn holds(&mut self, condition: Option<&Condition>) -> Result<bool, Stopped> {
        let Some(condition) = condition else { return Ok(true) };
        self.tell(Note::Asked { place: condition.place });
        let held = match &condition.guard {
            Some((guard, _)) if !self.answers.holds(*guard) => false,
            Some((_, None)) => true,
            _ => self.asked(condition)?,
        };
        self.tell(Note::Condition { place: condition.place, held });
        Ok(held)
    }

    /// Evaluates a condition, or what of it is not known yet.
    fn asked(&mut self, condition: &Condition) -> Result<bool, Stopped> {
        let memo = condition.memo.map(usize::from).filter(|place| *place < self.memo.len());
        if let Some(known) = memo.and_then(|place| self.memo[place]) {
            return Ok(known);
        }
        let program = match &condition.guard {
            Some((_, Some(rest))) => rest,
            _ => &condition.program,
        };
        match program.truth(&mut self.frame) {
            Ok(held) => {
                if let Some(place) = memo {
                    self.memo[place] = Some(held);
                }
                Ok(held)
            }
            Err(error) => self.failed(error, condition.place).map(|()| false),
        }
    }

    /// An expression's value, or `None` when it failed (counted) or gave nothing.
    pub(crate) fn value(&mut self, program: &Program, place: u32) -> Result<Option<Value>, Stopped> {
        self.tell(Note::Asked { place });
        match program.eval(&mut self.frame) {
            Ok(Value::None) => Ok(None),
            Ok(value) => Ok(Some(value)),
            Err(error) => self.failed(error, place).map(|()| None),
        }
    }

    fn failed(&mut self, error: EvalError, place: u32) -> Result<(), Stopped> {
        if error.kind == EvalErrorKind::NameError && self.plan.mode == Mode::Blurr {
            return Err(Stopped::Aborted { place: self.plan.places[place as usize].name.clone(), error });
        }
        self.fault(place, crate::faults::cause(&error));
        Ok(())
    }

    /// Told and counted; the old value stays.
    fn fault(&mut self, place: u32, cause: String) {
        self.tell(Note::Fault { place, cause: &cause });
        let (file, line) = self.place();
        self.faults.add(place, cause, 1, file, line);
    }

    /// File and line of the event at hand.
    fn place(&self) -> (u32, u64) {
        self.at.map_or((0, 0), |at| self.events.place(at))
    }

    /// The implicit fields, then the others in order.
    pub(crate) fn fields(&mut self, index: usize, plan: &'p AggregatePlan) -> Result<(), Stopped> {
        self.tell(Note::Enter { aggregate: index });
        let own = &mut self.frame.groups[index][0];
        if !matches!(own, Value::Str(name) if Arc::ptr_eq(name, &self.identity)) {
            *own = Value::Str(self.identity.clone());
        }
        if plan.is_timed() {
            self.stretch(index);
        }
        if R::LISTENS {
            for field in &plan.fields {
                self.field(index, field)?;
            }
            return Ok(());
        }
        self.touches(index, plan);
        self.fields_alone(index, plan)
    }

    /// The fields that the event may change, once it was asked which.
    #[inline]
    pub(crate) fn fields_alone(&mut self, index: usize, plan: &'p AggregatePlan) -> Result<(), Stopped> {
        let mut number = 0;
        while let Some(place) = self.touched[index].field(number) {
            self.field(index, &plan.fields[place])?;
            number += 1;
        }
        Ok(())
    }

    /// Whether the event at hand may change a field of the aggregate.
    #[inline]
    pub(crate) fn touches(&mut self, index: usize, plan: &'p AggregatePlan) -> bool {
        let guards = plan.fields.iter().map(|field| field.when.as_ref()?.guard.as_ref().map(|(guard, _)| *guard));
        self.touched[index].go(self.answers.first(), guards);
        self.touched[index].field(0).is_some()
    }

    /// `_start_time` is the earliest event of the block so far, `_end_time` the latest.
    fn stretch(&mut self, index: usize) {
        let group = &mut self.frame.groups[index];
        if !matches!(group[1], Value::DateTime(start) if start.micros <= self.time.micros) {
            group[1] = Value::DateTime(self.time);
        }
        if !matches!(group[2], Value::DateTime(end) if end.micros >= self.time.micros) {
            group[2] = Value::DateTime(self.time);
        }
    }

    pub(crate) fn field(&mut self, index: usize, field: &'p FieldPlan) -> Result<(), Stopped> {
        if !self.holds(field.when.as_ref())? || (!R::LISTENS && self.set_scalar(index, field)) {
            return Ok(());
        }
        if let Some(value) = self.value_as(field)? {
            self.set(index, field.slot, value);
        }
        Ok(())
    }

    /// Sets a field whose value is a number or text of its type already; `false`: nobody has looked at it.
    #[inline]
    fn set_scalar(&mut self, index: usize, field: &FieldPlan) -> bool {
        let value = match (field.field_type, field.value.scalar(&self.frame)) {
            (_, Some(Scalar::None)) => return true,
            (FieldType::Integer, Some(Scalar::Int(number))) => Value::Int(number),
            (FieldType::Float, Some(Scalar::Float(number))) => Value::Float(number),
            (FieldType::Boolean, Some(Scalar::Bool(flag))) => Value::Bool(flag),
            (FieldType::String, Some(value @ (Scalar::Text(_) | Scalar::Cell(_)))) => {
                // What is there already is not made again.
                if matches!(&self.frame.groups[index][field.slot], Value::Str(old) if value.text() == Some(&**old)) {
                    return true;
                }
                value.to_value()
            }
            _ => return false,
        };
        self.frame.groups[index][field.slot] = value;
        true
    }

    pub(crate) fn set(&mut self, index: usize, slot: usize, value: Value) {
        self.tell(Note::Set { aggregate: index, slot });
        self.frame.groups[index][slot] = value;
    }

    /// A field's new value as its type, or `None` to keep the old one.
    pub(crate) fn field_value(&mut self, field: &'p FieldPlan) -> Result<Option<Value>, Stopped> {
        if !self.holds(field.when.as_ref())? {
            return Ok(None);
        }
        self.value_as(field)
    }

    fn value_as(&mut self, field: &'p FieldPlan) -> Result<Option<Value>, Stopped> {
        let Some(value) = self.value(&field.value, field.place)? else { return Ok(None) };
        match field.field_type.cast(value, self.plan.mode) {
            Ok(value) => Ok(Some(value)),
            Err(reason) => {
                self.fault(field.place, reason);
                Ok(None)
            }
        }
    }

    /// Loads the snapshot at a place of the store into an aggregate, each value cast to its field's type as a
    /// store does.
    pub(crate) fn restore_at(&mut self, index: usize, place: usize) {
        let plan = &self.plan.aggregates[index];
        let stored = self.store.values(place).iter().zip(&plan.columns);
        let group = &mut self.frame.groups[index];
        group.clear();
        group.extend(stored.map(|(value, (_, field_type))| restored(value, *field_type, self.plan.mode)));
        self.tell(Note::Restored { aggregate: index, place });
    }

    /// Keeps what an identity aggregate shows from now on, for windows that look at it as of a moment.
    /// A state `carried` over from an earlier batch holds for all of the time before its first event here.
    pub(crate) fn remember(&mut self, index: usize, carried: bool) {
        let Some(window) = &self.plan.window else { return };
        if let Some(place) = window.remembered.iter().position(|remembered| *remembered == index) {
            let from = if carried && self.past[place].is_empty() { i64::MIN } else { self.time.micros };
            // A late event changes what is known from now on, not what was known then.
            let from = self.past[place].last().map_or(from, |last| from.max(last));
            self.past[place].note(from, &self.frame.groups[index]);
        }
    }
}

/// A stored value cast to its field's type, as a store does.
pub(crate) fn restored(value: &Value, field_type: FieldType, mode: Mode) -> Value {
    match (field_type, value) {
        (_, Value::None)
        | (FieldType::Integer, Value::Int(_))
        | (FieldType::Float, Value::Float(_))
        | (FieldType::String, Value::Str(_))
        | (FieldType::Boolean, Value::Bool(_)) => value.clone(),
        _ => field_type.cast(value.clone(), mode).unwrap_or_else(|_| field_type.default_value()),
    }
}

/// A copy that shares nothing.
fn own(value: &Value) -> Value {
    match value {
        Value::Str(text) => Value::str(text),
        other => other.clone(),
    }
}
