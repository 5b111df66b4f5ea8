//! The plan: documents with every expression compiled and every name resolved to a slot.

use std::sync::Arc;

use dtc_expr::{FieldType, Functions, Mode, Program, Scope, Value, compile};
use dtc_lang::document::{Aggregate, AggregateKind, Expression, Field, Streaming, Window};
use dtc_lang::{Diagnostic, scopes};

use crate::faults::{Part, Place};
use crate::plan_window::{WindowPlan, plan_window};

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
}

/// A condition and the place that its failures are counted at.
#[derive(Debug, Clone)]
pub(crate) struct Condition {
    pub(crate) program: Program,
    pub(crate) place: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct AggregatePlan {
    pub(crate) name: Arc<str>,
    pub(crate) kind: KindPlan,
    pub(crate) when: Option<Condition>,
    pub(crate) fields: Vec<FieldPlan>,
    /// Every slot of the group: implicit fields, fields, dimensions.
    pub(crate) columns: Vec<(Arc<str>, FieldType)>,
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
        let mut values: Vec<Value> = self.columns.iter().map(|(_, field_type)| field_type.default_value()).collect();
        if self.is_timed() {
            // Both are "not yet" rather than a default of their type.
            values[1] = Value::None;
            values[2] = Value::None;
        }
        values
    }
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
    let mut planner = Planner { places: Vec::new(), part: Part::Streaming, diagnostics: Vec::new() };
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
        Some(window) => match plan_window(&mut planner, window, streaming, &aggregates, functions) {
            Some(window) => Some(window),
            None => return Err((streaming_faults, planner.diagnostics)),
        },
        None => None,
    };
    let lateness = streaming.lateness.map(|seconds| i64::from(seconds) * 1_000_000);
    Ok(Plan { mode, identity, time, event_id, lateness, when, aggregates, window, places: planner.places })
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
        Some(Some(Condition { program, place }))
    }

    pub(crate) fn field(&mut self, field: &Field, slot: usize, aggregate: &str, scope: &Scope) -> Option<FieldPlan> {
        let name = format!("{aggregate}.{}", field.name.value);
        let when = self.condition(field.when.as_ref(), scope, &format!("{name} (When)"));
        let value = self.program(&field.value, scope);
        let place = self.place(name, &field.value);
        Some(FieldPlan { slot, field_type: field.field_type, when: when?, value: value?, place })
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
        Some(AggregatePlan { name: Arc::from(name), kind: kind?, when: when?, fields: fields?, columns, stored })
    }
}

impl Plan {
    /// Top-level fields of the event that the plan reads; `None`: all of them. For readers to project.
    pub fn source_fields(&self) -> Option<Vec<Arc<str>>> {
        let mut names: Vec<Arc<str>> = Vec::new();
        for program in self.event_programs() {
            names.extend(program.source_fields(scopes::SOURCE)?);
        }
        names.sort();
        names.dedup();
        Some(names)
    }

    pub fn has_window(&self) -> bool {
        self.window.is_some()
    }

    /// Every program that sees an event.
    fn event_programs(&self) -> Vec<&Program> {
        let mut programs = vec![&self.identity, &self.time];
        programs.extend(&self.event_id);
        programs.extend(self.when.iter().map(|when| &when.program));
        for aggregate in &self.aggregates {
            programs.extend(aggregate.when.iter().map(|when| &when.program));
            let dimensions: &[FieldPlan] = match &aggregate.kind {
                KindPlan::Keyed { dimensions, .. } => dimensions,
                KindPlan::Session { split } => {
                    programs.extend(split.iter().map(|split| &split.program));
                    &[]
                }
                _ => &[],
            };
            for field in aggregate.fields.iter().chain(dimensions) {
                programs.push(&field.value);
                programs.extend(field.when.iter().map(|when| &when.program));
            }
        }
        programs
    }
}
