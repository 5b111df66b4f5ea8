//! The plan: documents with every expression compiled and every name resolved to a slot.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dtc_expr::{Columns, FieldType, Functions, Looked, Mode, Program, Scope, Value, Want, celled, compile};
use dtc_lang::document::{Aggregate, AggregateKind, Expression, Field, Streaming, Window};
use dtc_lang::{Diagnostic, scopes};

use crate::faults::{Part, Place};
use crate::guards::Guards;
use crate::plan_window::{WindowPlan, plan_window};
use crate::shape;

#[derive(Debug, Clone, Default)]
pub struct Options {
    /// `Some` overrides the documents' header (`--compat blurr`).
    pub mode: Option<Mode>,
}

/// Immutable and shared between threads.
#[derive(Debug, Clone)]
pub struct Plan {
    pub(crate) mode: Mode,
    pub(crate) identity: Program,
    pub(crate) time: Program,
    pub(crate) event_id: Option<Program>,
    /// Microseconds that an event may be late; `None`: any.
    pub(crate) lateness: Option<i64>,
    pub(crate) when: Option<Condition>,
    pub(crate) aggregates: Vec<AggregatePlan>,
    pub(crate) window: Option<WindowPlan>,
    /// Names of places for faults, by index.
    pub(crate) places: Vec<Place>,
    columns: Columns,
    /// Whether an expression that runs for events reads `time`.
    pub(crate) reads_time: bool,
    /// Distinct conditions on nothing but the event.
    pub(crate) memos: usize,
    pub(crate) guards: Guards,
    /// The aggregates that run, in the order of the document.
    pub(crate) active: Vec<usize>,
    /// All that decides which events enter which records, as text.
    pub(crate) shape: String,
}

/// A condition and the place that its failures are counted at.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(crate) program: Program,
    pub(crate) place: u32,
    /// The same text elsewhere in the document, on nothing but the event, has the same place here: it is
    /// asked once an event.
    pub(crate) memo: Option<u16>,
    /// What it begins with, as a bit of [`Guards`], and what has to hold too.
    pub(crate) guard: Option<(u32, Option<Program>)>,
}

#[derive(Debug, Clone)]
pub(crate) struct AggregatePlan {
    pub(crate) name: Arc<str>,
    pub(crate) kind: KindPlan,
    pub(crate) when: Option<Condition>,
    pub(crate) fields: Vec<FieldPlan>,
    /// Every slot of the group: implicit fields, fields, dimensions.
    pub(crate) columns: Vec<(Arc<str>, FieldType)>,
    /// The values of a block that no event has entered.
    pub(crate) defaults: Vec<Value>,
    /// Whether its records reach the output.
    pub(crate) stored: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum KindPlan {
    /// Identity (without times) and Block (with): a record per distinct dimensions.
    Keyed {
        dimensions: Vec<FieldPlan>,
        timed: bool,
    },
    Session {
        split: Option<Condition>,
    },
    Activity {
        gap_micros: i64,
    },
    Variable,
}

#[derive(Debug, Clone)]
pub(crate) struct FieldPlan {
    /// Its expressions, to see whether they were edited.
    pub(crate) text: Arc<str>,
    /// Slot in the group.
    pub(crate) slot: usize,
    pub(crate) field_type: FieldType,
    pub(crate) when: Option<Condition>,
    pub(crate) value: Program,
    pub(crate) place: u32,
}

impl AggregatePlan {
    /// Whether it has `_start_time` and `_end_time`, so that windows can be laid over it.
    pub(crate) fn is_timed(&self) -> bool {
        !matches!(self.kind, KindPlan::Variable | KindPlan::Keyed { timed: false, .. })
    }

    pub(crate) fn defaults(&self) -> Vec<Value> {
        self.defaults.clone()
    }
}

fn defaults(columns: &[(Arc<str>, FieldType)], timed: bool) -> Vec<Value> {
    let mut values: Vec<Value> = columns.iter().map(|(_, field_type)| field_type.default_value()).collect();
    if timed {
        // Both are "not yet" rather than a default of their type.
        values[1] = Value::None;
        values[2] = Value::None;
    }
    values
}

/// Plans documents that `dtc_lang::check` found without errors. The error holds the streaming and the
/// window document's diagnostics, should they be unfit after all.
pub fn plan(
    streaming: &Streaming,
    window: Option<&Window>,
    functions: &Functions,
    options: &Options,
) -> Result<Plan, (Vec<Diagnostic>, Vec<Diagnostic>)> {
    let mode = options.mode.unwrap_or(streaming.header.mode);
    let mut planner = Planner { places: Vec::new(), part: Part::Streaming, memos: Vec::new(), diagnostics: Vec::new() };
    let intake = scopes::intake(&streaming.header.imports, functions);
    let identity = planner.program(&streaming.identity, &intake);
    let time = planner.program(&streaming.time, &intake);
    let event_id = match &streaming.event_id {
        Some(event_id) => planner.program(event_id, &intake).map(Some),
        None => Some(None),
    };
    let header = scopes::streaming(streaming, functions, None);
    let when = planner.condition(streaming.header.when.as_ref(), &header, "When");
    let aggregates: Vec<Option<AggregatePlan>> = streaming
        .aggregates
        .iter()
        .enumerate()
        .map(|(index, aggregate)| {
            let scope = scopes::inside(&header, streaming, index);
            planner.aggregate(aggregate, &scope, is_stored(streaming, aggregate, mode))
        })
        .collect();
    let aggregates: Option<Vec<AggregatePlan>> = aggregates.into_iter().collect();
    let streaming_faults = std::mem::take(&mut planner.diagnostics);
    let (Some(identity), Some(time), Some(event_id), Some(when), Some(aggregates)) =
        (identity, time, event_id, when, aggregates)
    else {
        return Err((streaming_faults, Vec::new()));
    };
    planner.part = Part::Window;
    let window = match window {
        Some(window) => match plan_window(&mut planner, window, streaming, &aggregates, functions, mode) {
            Some(window) => Some(window),
            None => return Err((streaming_faults, planner.diagnostics)),
        },
        None => None,
    };
    let lateness = streaming.lateness.map(|seconds| i64::from(seconds) * 1_000_000);
    let (places, memos) = (planner.places, planner.memos.len());
    let mut plan = Plan {
        mode,
        identity,
        time,
        event_id,
        lateness,
        when,
        active: (0..aggregates.len()).collect(),
        aggregates,
        window,
        places,
        columns: Columns::default(),
        reads_time: false,
        memos,
        guards: Guards::default(),
        shape: shape::streaming(streaming, mode, functions),
    };
    plan.bind();
    Ok(plan)
}

/// Blurr prints and windows only what is kept in the first declared store (LANGUAGE.md B.9).
fn is_stored(streaming: &Streaming, aggregate: &Aggregate, mode: Mode) -> bool {
    match (&aggregate.store, mode) {
        (None, _) => !matches!(aggregate.kind, AggregateKind::Variable),
        (Some(_), Mode::Studio) => true,
        (Some(store), Mode::Blurr) => streaming.stores.first().is_none_or(|first| first.name.value == store.value),
    }
}

/// Compiles expressions, numbers the places of faults, collects diagnostics.
pub(crate) struct Planner {
    places: Vec<Place>,
    /// The document at hand.
    part: Part,
    memos: Vec<String>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Planner {
    pub(crate) fn place(&mut self, name: impl Into<String>, expression: &Expression) -> u32 {
        self.places.push(Place { name: name.into(), part: self.part, span: expression.span });
        (self.places.len() - 1) as u32
    }

    pub(crate) fn program(&mut self, expression: &Expression, scope: &Scope) -> Option<Program> {
        match compile(&expression.text, scope) {
            Ok(program) => Some(program),
            Err(errors) => {
                self.diagnostics.extend(errors.iter().map(|error| scopes::expression_diagnostic(expression, error)));
                None
            }
        }
    }

    /// `None`: it does not compile. `Some(None)`: there is no condition.
    pub(crate) fn condition(
        &mut self,
        expression: Option<&Expression>,
        scope: &Scope,
        place: &str,
    ) -> Option<Option<Condition>> {
        let Some(expression) = expression else { return Some(None) };
        let program = self.program(expression, scope)?;
        let place = self.place(place, expression);
        let memo = self.memo(expression, &program);
        Some(Some(Condition { program, place, memo, guard: None }))
    }

    fn memo(&mut self, expression: &Expression, program: &Program) -> Option<u16> {
        if self.part != Part::Streaming || !program.field_reads().is_empty() {
            return None;
        }
        let text = expression.text.trim();
        let place = match self.memos.iter().position(|known| known == text) {
            Some(place) => place,
            None => {
                self.memos.push(text.to_owned());
                self.memos.len() - 1
            }
        };
        u16::try_from(place).ok()
    }

    pub(crate) fn field(&mut self, field: &Field, slot: usize, aggregate: &str, scope: &Scope) -> Option<FieldPlan> {
        let name = format!("{aggregate}.{}", field.name.value);
        let when = self.condition(field.when.as_ref(), scope, &format!("{name} (When)"));
        let value = self.program(&field.value, scope);
        let place = self.place(name, &field.value);
        let text = shape::field(field).into();
        Some(FieldPlan { text, slot, field_type: field.field_type, when: when?, value: value?, place })
    }

    /// Compiles all fields even when one fails, so that every fault is reported.
    pub(crate) fn fields(
        &mut self,
        fields: &[Field],
        first: usize,
        aggregate: &str,
        scope: &Scope,
    ) -> Option<Vec<FieldPlan>> {
        let plans: Vec<Option<FieldPlan>> = fields
            .iter()
            .enumerate()
            .map(|(index, field)| self.field(field, first + index, aggregate, scope))
            .collect();
        plans.into_iter().collect()
    }

    fn aggregate(&mut self, aggregate: &Aggregate, scope: &Scope, stored: bool) -> Option<AggregatePlan> {
        let name = aggregate.name.value.as_str();
        let columns = scopes::group_fields(aggregate);
        let timed = !matches!(aggregate.kind, AggregateKind::Identity { .. } | AggregateKind::Variable);
        let first = if timed { 3 } else { 1 };
        let when = self.condition(aggregate.when.as_ref(), scope, &format!("{name} (When)"));
        let fields = self.fields(&aggregate.fields, first, name, scope);
        let after = first + aggregate.fields.len();
        let kind = match &aggregate.kind {
            AggregateKind::Identity { dimensions } | AggregateKind::Block { dimensions } => {
                self.fields(dimensions, after, name, scope).map(|dimensions| KindPlan::Keyed { dimensions, timed })
            }
            AggregateKind::Session { split } => self
                .condition(split.as_ref(), scope, &format!("{name} (Split)"))
                .map(|split| KindPlan::Session { split }),
            AggregateKind::Activity { gap_seconds } => {
                Some(KindPlan::Activity { gap_micros: gap_seconds.saturating_mul(1_000_000) })
            }
            AggregateKind::Variable => Some(KindPlan::Variable),
        };
        let (name, defaults) = (Arc::from(name), defaults(&columns, timed));
        Some(AggregatePlan { name, kind: kind?, when: when?, fields: fields?, columns, defaults, stored })
    }
}

impl Plan {
    /// Top-level fields of the event that the plan reads; `None`: all of them. For readers to project.
    pub fn source_fields(&self) -> Option<Vec<Arc<str>>> {
        let mut names = match &self.columns {
            Columns { whole: true, .. } => return None,
            columns => [&columns.kept[..], &columns.passing[..]].concat(),
        };
        names.sort();
        Some(names)
    }

    /// The cells that rows of events must have.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    pub fn has_window(&self) -> bool {
        self.window.is_some()
    }

    /// Finds the columns, and makes the programs read them by slot.
    fn bind(&mut self) {
        let mut reads_time = false;
        self.each_event_program(&mut |program, _| reads_time |= program.variable_reads().contains(&scopes::TIME));
        self.reads_time = reads_time;
        self.columns = self.find_columns();
        if self.columns.whole {
            // A method may change the event between two conditions.
            self.memos = 0;
            return;
        }
        let columns = self.columns.clone();
        self.each_event_program(&mut |program, _| program.bind(scopes::SOURCE, &columns));
        self.find_guards();
        self.columns.texts = self.guards.texts();
    }

    /// Most conditions begin by asking what kind of event it is.
    fn find_guards(&mut self) {
        let mut guards = Guards::default();
        self.each_condition(&mut |condition| {
            let found = condition.program.guard();
            condition.guard = found.and_then(|(guard, rest)| Some((guards.bit(guard)?, rest)));
        });
        self.guards = guards;
    }

    /// The same plan over rows of other columns, which cover its own.
    pub(crate) fn over(&self, columns: &Columns) -> Cow<'_, Plan> {
        if self.columns == *columns {
            return Cow::Borrowed(self);
        }
        let mut plan = self.clone();
        plan.bind_again(columns.clone());
        Cow::Owned(plan)
    }

    fn bind_again(&mut self, columns: Columns) {
        let from = std::mem::replace(&mut self.columns, columns);
        let to = self.columns.clone();
        self.each_event_program(&mut |program, _| program.bind_again(&from, &to));
        self.find_guards();
    }

    fn find_columns(&mut self) -> Columns {
        let (mut kept, mut passing, mut whole) = (BTreeSet::new(), BTreeSet::new(), false);
        let time = self.time.time_part(scopes::SOURCE);
        let mut with_time = 0;
        let mut wanted: BTreeMap<Arc<str>, Want> = BTreeMap::new();
        let mut looked = Looked::new();
        self.each_event_program(&mut |program, intake| match program.source_fields(scopes::SOURCE) {
            None => whole = true,
            Some(names) => {
                for (name, want) in program.wants(scopes::SOURCE) {
                    match wanted.get_mut(&name) {
                        Some(known) => known.merge(want),
                        None => drop(wanted.insert(name, want)),
                    }
                }
                let mut own = Looked::new();
                program.looks(scopes::SOURCE, &mut own);
                with_time += usize::from(time.as_ref().is_some_and(|(name, path)| match path {
                    None => names.contains(name),
                    Some(path) => own.get(name).is_some_and(|own| own.as_ref().is_none_or(|own| own.contains(path))),
                }));
                program.looks(scopes::SOURCE, &mut looked);
                if intake { passing.extend(names) } else { kept.extend(names) }
            }
        });
        let paths = celled(&looked);
        kept.extend(paths.iter().map(|path| path.root.clone()));
        if whole || kept.len() + passing.len() + paths.len() > usize::from(u16::MAX) {
            return Columns::whole();
        }
        let kept: Vec<Arc<str>> = kept.into_iter().collect();
        let passing: Vec<Arc<str>> = passing.into_iter().filter(|name| !kept.contains(name)).collect();
        let wants = kept.iter().map(|name| wanted.remove(name).unwrap_or(Want::Whole)).collect();
        let mut columns = Columns::of(kept);
        (columns.passing, columns.wants) = (passing, wants);
        columns.set_paths(paths);
        columns.time = time.filter(|_| with_time == 1).and_then(|(name, path)| match path {
            Some(path) => columns.path_slot(&path),
            None => columns.slot(&name),
        });
        columns
    }

    /// Every program that sees an event; the second argument says whether it is one of the intake.
    fn each_event_program(&mut self, visit: &mut dyn FnMut(&mut Program, bool)) {
        visit(&mut self.identity, true);
        visit(&mut self.time, true);
        self.event_id.iter_mut().for_each(|program| visit(program, true));
        self.each_condition(&mut |condition| visit(&mut condition.program, false));
        for aggregate in &mut self.aggregates {
            aggregate.each_field(&mut |field| visit(&mut field.value, false));
        }
    }

    /// Every condition that is asked for events.
    fn each_condition(&mut self, visit: &mut dyn FnMut(&mut Condition)) {
        self.when.iter_mut().for_each(&mut *visit);
        for aggregate in &mut self.aggregates {
            aggregate.when.iter_mut().for_each(&mut *visit);
            if let KindPlan::Session { split } = &mut aggregate.kind {
                split.iter_mut().for_each(&mut *visit);
            }
            aggregate.each_field(&mut |field| field.when.iter_mut().for_each(&mut *visit));
        }
    }
}

impl AggregatePlan {
    /// Fields, then dimensions.
    fn each_field(&mut self, visit: &mut dyn FnMut(&mut FieldPlan)) {
        self.fields.iter_mut().for_each(&mut *visit);
        if let KindPlan::Keyed { dimensions, .. } = &mut self.kind {
            dimensions.iter_mut().for_each(visit);
        }
    }
}
