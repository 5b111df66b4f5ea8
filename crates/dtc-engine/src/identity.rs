//! One identity's events through the aggregates, in document order (LANGUAGE.md B.6 to B.8).

use std::sync::Arc;

use dtc_expr::{DateTime, EvalErrorKind, Frame, Mode, Value};
use dtc_lang::scopes::{IDENTITY, SOURCE, TIME, VARIABLES};

use crate::event::Event;
use crate::faults::Faults;
use crate::output::{IdentityOutput, Record, RecordKey};
use crate::plan::{AggregatePlan, Condition, FieldPlan, KindPlan, Plan};
use crate::run::Stopped;
use crate::store::Store;

/// What a worker knows of an aggregate beside its current values.
#[derive(Debug, Clone, Default)]
pub(crate) struct Status {
    /// Key of the open block; `None` before the first event that passed.
    pub(crate) key: Option<RecordKey>,
    /// Whether an event ran the fields since the block was opened.
    pub(crate) entered: bool,
}

/// Past states of an identity aggregate: from this instant on, these values.
pub(crate) type Past = Vec<(i64, Vec<Value>)>;

/// Runs identities one after the other; its buffers are reused.
pub(crate) struct Worker<'p> {
    pub(crate) plan: &'p Plan,
    pub(crate) frame: Frame,
    pub(crate) store: Store,
    pub(crate) status: Vec<Status>,
    /// By index in `WindowPlan::remembered`.
    pub(crate) past: Vec<Past>,
    pub(crate) faults: Faults,
    pub(crate) identity: Arc<str>,
    pub(crate) time: DateTime,
    /// Where the event at hand came from.
    pub(crate) position: (u32, u64),
}

impl<'p> Worker<'p> {
    pub(crate) fn new(plan: &'p Plan) -> Worker<'p> {
        Worker {
            plan,
            frame: Frame { variables: vec![None; VARIABLES], groups: Vec::new() },
            store: Store::default(),
            status: Vec::new(),
            past: Vec::new(),
            faults: Faults::default(),
            identity: Arc::from(""),
            time: DateTime { micros: 0, offset: Some(0) },
            position: (0, 0),
        }
    }

    /// `events` in order of time.
    pub(crate) fn run(
        &mut self,
        identity: Arc<str>,
        earlier: Vec<Record>,
        events: &[&Event],
    ) -> Result<IdentityOutput, Stopped> {
        self.start(identity, earlier);
        for event in events {
            self.event(event)?;
        }
        self.conclude()
    }

    /// Closes what is open and gives everything that the identity has.
    pub(crate) fn conclude(&mut self) -> Result<IdentityOutput, Stopped> {
        self.frame.variables[SOURCE.0 as usize] = None;
        self.frame.variables[TIME.0 as usize] = None;
        self.finish();
        // Only what is kept reaches windows and output (LANGUAGE.md B.7, B.9).
        let plan = self.plan;
        self.store.retain(|index| plan.aggregates.get(index).is_some_and(|aggregate| aggregate.stored));
        let (rows, dropped) = match &self.plan.window {
            Some(window) => self.windows(window)?,
            None => (Vec::new(), Vec::new()),
        };
        Ok(IdentityOutput { identity: self.identity.clone(), records: self.store.take(), rows, dropped })
    }

    pub(crate) fn start(&mut self, identity: Arc<str>, earlier: Vec<Record>) {
        self.store.load(earlier);
        self.status = vec![Status::default(); self.plan.aggregates.len()];
        self.frame.groups = self.plan.aggregates.iter().map(AggregatePlan::defaults).collect();
        let remembered = self.plan.window.as_ref().map_or(0, |window| window.remembered.len());
        self.past = vec![Past::new(); remembered];
        self.frame.variables = vec![None; VARIABLES];
        self.frame.variables[IDENTITY.0 as usize] = Some(Value::Str(identity.clone()));
        self.identity = identity;
    }

    pub(crate) fn event(&mut self, event: &Event) -> Result<(), Stopped> {
        self.position = (event.file, event.line);
        self.time = event.time;
        self.frame.variables[SOURCE.0 as usize] = Some(event.source.clone());
        self.frame.variables[TIME.0 as usize] = Some(Value::DateTime(event.time));
        if !self.holds(self.plan.when.as_ref())? {
            return Ok(());
        }
        self.reset_variables();
        for index in 0..self.plan.aggregates.len() {
            self.aggregate(index)?;
        }
        Ok(())
    }

    /// A variable starts each event at its defaults, also for what stands above it (LANGUAGE.md A.7); Blurr's stick.
    fn reset_variables(&mut self) {
        if self.plan.mode == Mode::Blurr {
            return;
        }
        for (index, plan) in self.plan.aggregates.iter().enumerate() {
            if matches!(plan.kind, KindPlan::Variable) {
                self.frame.groups[index] = plan.defaults();
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

    fn variable(&mut self, index: usize, plan: &'p AggregatePlan) -> Result<(), Stopped> {
        if self.holds(plan.when.as_ref())? {
            self.fields(index, plan)?;
            self.status[index].key = Some(RecordKey::Dimensions(Vec::new()));
        }
        Ok(())
    }

    /// Stores what is open; aggregates in document order.
    fn finish(&mut self) {
        for index in 0..self.plan.aggregates.len() {
            let plan = &self.plan.aggregates[index];
            match &plan.kind {
                KindPlan::Session { .. } | KindPlan::Activity { .. } => self.close_timed(index),
                KindPlan::Keyed { .. } | KindPlan::Variable => self.close_keyed(index),
            }
        }
    }

    /// Whether a condition holds; a failing one does not.
    pub(crate) fn holds(&mut self, condition: Option<&Condition>) -> Result<bool, Stopped> {
        let Some(condition) = condition else { return Ok(true) };
        Ok(self.value(&condition.program, condition.place)?.is_some_and(|value| value.is_truthy()))
    }

    /// An expression's value, or `None` when it failed (counted) or gave nothing.
    pub(crate) fn value(&mut self, program: &dtc_expr::Program, place: u32) -> Result<Option<Value>, Stopped> {
        match program.eval(&mut self.frame) {
            Ok(Value::None) => Ok(None),
            Ok(value) => Ok(Some(value)),
            Err(error) if error.kind == EvalErrorKind::NameError && self.plan.mode == Mode::Blurr => {
                Err(Stopped::Aborted { place: self.plan.places[place as usize].name.clone(), error })
            }
            Err(error) => {
                self.faults.add_error(place, &error, self.position.0, self.position.1);
                Ok(None)
            }
        }
    }

    /// The implicit fields, then the others in order.
    pub(crate) fn fields(&mut self, index: usize, plan: &'p AggregatePlan) -> Result<(), Stopped> {
        self.frame.groups[index][0] = Value::Str(self.identity.clone());
        if plan.is_timed() {
            self.stretch(index);
        }
        for field in &plan.fields {
            self.field(index, field)?;
        }
        Ok(())
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
        if let Some(value) = self.field_value(field)? {
            self.frame.groups[index][field.slot] = value;
        }
        Ok(())
    }

    /// A field's new value as its type, or `None` to keep the old one.
    pub(crate) fn field_value(&mut self, field: &'p FieldPlan) -> Result<Option<Value>, Stopped> {
        if !self.holds(field.when.as_ref())? {
            return Ok(None);
        }
        let Some(value) = self.value(&field.value, field.place)? else { return Ok(None) };
        match field.field_type.cast(value, self.plan.mode) {
            Ok(value) => Ok(Some(value)),
            Err(reason) => {
                self.faults.add(field.place, reason, 1, self.position.0, self.position.1);
                Ok(None)
            }
        }
    }

    /// Loads a snapshot into an aggregate, each value cast to its field's type as a store does.
    pub(crate) fn restore(&mut self, index: usize, values: &[Value]) {
        let plan = &self.plan.aggregates[index];
        let mode = self.plan.mode;
        let cast = |(value, (_, field_type)): (&Value, &(Arc<str>, dtc_expr::FieldType))| match value {
            Value::None => Value::None,
            value => field_type.cast(value.clone(), mode).unwrap_or_else(|_| field_type.default_value()),
        };
        self.frame.groups[index] = values.iter().zip(&plan.columns).map(cast).collect();
    }

    /// Keeps what an identity aggregate shows from now on, for windows that look at it as of a moment.
    /// A state `carried` over from an earlier batch holds for all of the time before its first event here.
    pub(crate) fn remember(&mut self, index: usize, carried: bool) {
        let Some(window) = &self.plan.window else { return };
        if let Some(place) = window.remembered.iter().position(|remembered| *remembered == index) {
            let from = if carried && self.past[place].is_empty() { i64::MIN } else { self.time.micros };
            // A late event changes what is known from now on, not what was known then.
            let from = self.past[place].last().map_or(from, |(last, _)| from.max(*last));
            let values = self.frame.groups[index].clone();
            self.past[place].push((from, values));
        }
    }
}
