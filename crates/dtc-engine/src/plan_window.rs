//! The window document's part of a plan.

use std::sync::Arc;

use dtc_expr::{FieldType, Functions, Mode, Program, Value};
use dtc_lang::document::{AsOf, MaxPer, Name, Pick, Streaming, Window, WindowAggregate, WindowKind, WindowSpec};
use dtc_lang::{Code, Diagnostic, Label, Severity, scopes};
use jiff::tz::TimeZone;

use crate::output::RowColumns;
use crate::plan::{AggregatePlan, Condition, FieldPlan, KindPlan, Planner};
use crate::shape;
use crate::window::{Looks, Sight};

#[derive(Debug, Clone)]
pub(crate) struct WindowPlan {
    /// The document as text, but for the expressions of its aggregates.
    pub(crate) shape: String,
    pub(crate) name: Arc<str>,
    pub(crate) when: Option<Condition>,
    pub(crate) condition: Condition,
    /// Whether the condition reads `anchor`.
    pub(crate) asks_anchor: bool,
    pub(crate) max: Option<i64>,
    pub(crate) max_per: MaxPer,
    pub(crate) pick: Pick,
    pub(crate) as_of: AsOf,
    /// Aggregate whose blocks are tested.
    pub(crate) anchor: usize,
    pub(crate) aggregates: Vec<WindowAggregatePlan>,
    /// Identity aggregates that the document reads; their past is kept while events run.
    pub(crate) remembered: Vec<usize>,
    /// Aggregates whose blocks are looked at.
    pub(crate) sources: Vec<usize>,
    /// What all expressions look at, what the anchor's condition does, and what only the others do.
    pub(crate) looks: Looks,
    pub(crate) condition_looks: Looks,
    pub(crate) row_looks: Looks,
    /// Whether `source` and `anchor` are read by names alone, so that they can be filled again.
    pub(crate) reuses: bool,
    /// Whether the anchor's condition looks at fields of the window document, which then are the last row's.
    pub(crate) asks_rows: bool,
    pub(crate) columns: RowColumns,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct WindowAggregatePlan {
    pub(crate) window: Option<Bounds>,
    pub(crate) when: Option<Condition>,
    /// Its condition, to see whether it was edited.
    pub(crate) when_text: Arc<str>,
    pub(crate) fields: Vec<FieldPlan>,
    pub(crate) columns: Vec<(Arc<str>, FieldType)>,
    /// `aggregate.field` for each slot.
    pub(crate) titles: Vec<Arc<str>>,
    pub(crate) name: Arc<str>,
}

#[derive(Debug, Clone)]
pub(crate) struct Bounds {
    pub(crate) kind: WindowKind,
    pub(crate) value: i64,
    /// Aggregate whose blocks are members.
    pub(crate) source: usize,
    /// Slots of the source that the fields read, with their names.
    pub(crate) lists: Vec<(usize, Arc<str>)>,
    pub(crate) keep_missing: bool,
    pub(crate) include_lower: bool,
    pub(crate) include_upper: bool,
    /// Whole days or hours of this zone, beside the anchor's own.
    pub(crate) calendar: Option<TimeZone>,
}

impl WindowPlan {
    /// What decides where its expressions find a value.
    pub(crate) fn sight<'a>(&'a self, aggregates: &'a [AggregatePlan], mode: Mode) -> Sight<'a> {
        let (anchor, as_of, with_past) = (self.anchor, self.as_of, mode == Mode::Studio);
        Sight { aggregates, anchor, remembered: &self.remembered, as_of, with_past }
    }

    fn programs(&self) -> impl Iterator<Item = &Program> {
        let conditions = [&self.condition].into_iter().chain(&self.when);
        let conditions = conditions.chain(self.aggregates.iter().flat_map(|aggregate| &aggregate.when));
        let fields = self.aggregates.iter().flat_map(|aggregate| &aggregate.fields);
        let of_fields = fields.flat_map(|field| [Some(&field.value), field.when.as_ref().map(|when| &when.program)]);
        conditions.map(|condition| &condition.program).chain(of_fields.flatten())
    }

    /// Finds out what the programs look at.
    fn look(mut self, aggregates: &[AggregatePlan], mode: Mode) -> WindowPlan {
        let sight = self.sight(aggregates, mode);
        let looks = Looks::of(self.programs(), sight);
        let condition_looks = Looks::of([&self.condition.program], sight);
        let row_looks = looks.clone().without(&condition_looks);
        let by_name = |variable| self.programs().all(|program| program.source_fields(variable).is_some());
        let reuses = mode == Mode::Studio && by_name(scopes::SOURCE) && by_name(scopes::ANCHOR);
        let windows = self.aggregates.iter().filter_map(|aggregate| aggregate.window.as_ref());
        let mut sources: Vec<usize> = windows.map(|bounds| bounds.source).chain([self.anchor]).collect();
        sources.sort_unstable();
        sources.dedup();
        let mut reads = self.condition.program.field_reads().into_iter();
        self.asks_rows = reads.any(|(group, _)| usize::from(group.0) >= aggregates.len());
        self.columns = RowColumns::of(&self.aggregates, mode);
        WindowPlan { sources, looks, condition_looks, row_looks, reuses, ..self }
    }
}

impl WindowAggregatePlan {
    pub(crate) fn defaults(&self) -> Vec<Value> {
        self.columns.iter().map(|(_, field_type)| field_type.default_value()).collect()
    }
}

/// Compiles a window document; `None` when something is wrong, which the planner's diagnostics tell.
pub(crate) fn plan_window(
    planner: &mut Planner,
    window: &Window,
    streaming: &Streaming,
    aggregates: &[AggregatePlan],
    functions: &Functions,
    mode: Mode,
) -> Option<WindowPlan> {
    let header = scopes::window(window, streaming, functions, None);
    let when = planner.condition(window.header.when.as_ref(), &header, "window When");
    let condition = planner.program(&window.anchor.condition, &header);
    let plans: Vec<Option<WindowAggregatePlan>> = window
        .aggregates
        .iter()
        .enumerate()
        .map(|(index, aggregate)| {
            let scope = scopes::window(window, streaming, functions, Some(index));
            aggregate_plan(planner, aggregate, streaming, aggregates, &scope)
        })
        .collect();
    let anchor = anchor_source(planner, window, streaming, aggregates);
    let plans: Vec<WindowAggregatePlan> = plans.into_iter().collect::<Option<_>>()?;
    let (when, condition, anchor) = (when?, condition?, anchor?);
    let place = planner.place("Anchor", &window.anchor.condition);
    let remembered = remembered(&plans, &condition, when.as_ref(), aggregates);
    let plan = WindowPlan {
        shape: shape::window(window),
        name: Arc::from(window.header.name.value.as_str()),
        when,
        asks_anchor: condition.variable_reads().contains(&scopes::ANCHOR),
        condition: Condition { program: condition, place, memo: None, guard: None },
        max: window.anchor.max,
        max_per: window.anchor.max_per,
        pick: window.anchor.pick,
        as_of: window.anchor.as_of,
        anchor,
        aggregates: plans,
        remembered,
        sources: Vec::new(),
        looks: Looks::default(),
        condition_looks: Looks::default(),
        row_looks: Looks::default(),
        reuses: false,
        asks_rows: false,
        columns: RowColumns::default(),
    };
    Some(plan.look(aggregates, mode))
}

fn aggregate_plan(
    planner: &mut Planner,
    aggregate: &WindowAggregate,
    streaming: &Streaming,
    aggregates: &[AggregatePlan],
    scope: &dtc_expr::Scope,
) -> Option<WindowAggregatePlan> {
    let name = aggregate.name.value.as_str();
    let columns = scopes::window_group_fields(aggregate);
    let when = planner.condition(aggregate.when.as_ref(), scope, &format!("{name} (When)"));
    let fields = planner.fields(&aggregate.fields, 1, name, scope);
    let source = match &aggregate.window {
        Some(spec) => Some(timed_aggregate(planner, &spec.source, streaming, aggregates)?),
        None => None,
    };
    let (when, fields) = (when?, fields?);
    let window = match (&aggregate.window, source) {
        (Some(spec), Some(source)) => Some(bounds(spec, source, &aggregates[source], &fields, when.as_ref())),
        _ => None,
    };
    let titles = columns.iter().map(|(field, _)| Arc::from(format!("{name}.{field}"))).collect();
    let when_text = shape::condition(aggregate.when.as_ref()).into();
    Some(WindowAggregatePlan { window, when, when_text, fields, columns, titles, name: Arc::from(name) })
}

fn bounds(
    spec: &WindowSpec,
    source: usize,
    aggregate: &AggregatePlan,
    fields: &[FieldPlan],
    when: Option<&Condition>,
) -> Bounds {
    Bounds {
        kind: spec.kind,
        value: spec.value,
        source,
        lists: lists(aggregate, fields, when),
        keep_missing: spec.keep_missing,
        include_lower: spec.include_lower,
        include_upper: spec.include_upper,
        calendar: spec.calendar.as_deref().and_then(|zone| TimeZone::get(zone).ok()),
    }
}

/// The columns of the members that the aggregate's programs read; all when one reads `source` as a whole.
fn lists(aggregate: &AggregatePlan, fields: &[FieldPlan], when: Option<&Condition>) -> Vec<(usize, Arc<str>)> {
    let programs = fields.iter().flat_map(|field| field.when.iter().map(|when| &when.program).chain([&field.value]));
    let mut wanted: Option<Vec<Arc<str>>> = Some(Vec::new());
    for program in programs.chain(when.map(|when| &when.program)) {
        wanted = match (wanted, program.source_fields(scopes::SOURCE)) {
            (Some(mut names), Some(more)) => {
                names.extend(more);
                Some(names)
            }
            _ => None,
        };
    }
    let columns = aggregate.columns.iter().enumerate();
    columns
        .filter(|(_, (name, _))| wanted.as_ref().is_none_or(|wanted| wanted.contains(name)))
        .map(|(slot, (name, _))| (slot, name.clone()))
        .collect()
}

/// The aggregate that `stream.aggregate` names, if it has blocks in time.
fn timed_aggregate(
    planner: &mut Planner,
    source: &Name,
    streaming: &Streaming,
    aggregates: &[AggregatePlan],
) -> Option<usize> {
    let found =
        source.value.split_once('.').filter(|(document, _)| *document == streaming.header.name.value).and_then(
            |(_, name)| aggregates.iter().position(|aggregate| &*aggregate.name == name && aggregate.is_timed()),
        );
    if found.is_none() {
        planner
            .diagnostics
            .push(source_fault(source, format!("`{}` is not an aggregate with blocks in time", source.value)));
    }
    found
}

fn source_fault(source: &Name, message: String) -> Diagnostic {
    Diagnostic {
        code: Code("DTC0501".to_string()),
        severity: Severity::Error,
        message,
        primary: Label { span: source.span, text: "no such source of blocks".to_string() },
        others: Vec::new(),
        help: Some("name a Block, Session or Activity aggregate as `document.aggregate`".to_string()),
        fix: None,
    }
}

/// The anchor's `Source`, or the only aggregate with blocks, or the one that all windows share.
fn anchor_source(
    planner: &mut Planner,
    window: &Window,
    streaming: &Streaming,
    aggregates: &[AggregatePlan],
) -> Option<usize> {
    if let Some(source) = &window.anchor.source {
        return timed_aggregate(planner, source, streaming, aggregates);
    }
    let timed: Vec<usize> = (0..aggregates.len()).filter(|index| aggregates[*index].is_timed()).collect();
    if let [only] = timed[..] {
        return Some(only);
    }
    let mut sources =
        window.aggregates.iter().filter_map(|aggregate| aggregate.window.as_ref()).map(|spec| &spec.source);
    let first = sources.next();
    match first {
        Some(first) if sources.all(|other| other.value == first.value) => {
            timed_aggregate(planner, first, streaming, aggregates)
        }
        _ => {
            let condition = Name { value: String::new(), span: window.anchor.condition.span };
            planner
                .diagnostics
                .push(source_fault(&condition, "the anchor does not say whose blocks it tests".to_string()));
            None
        }
    }
}

/// Identity aggregates that any program of the window document reads.
fn remembered(
    plans: &[WindowAggregatePlan],
    condition: &Program,
    when: Option<&Condition>,
    aggregates: &[AggregatePlan],
) -> Vec<usize> {
    let mut programs: Vec<&Program> = vec![condition];
    programs.extend(when.map(|when| &when.program));
    for plan in plans {
        programs.extend(plan.when.iter().map(|when| &when.program));
        for field in &plan.fields {
            programs.push(&field.value);
            programs.extend(field.when.iter().map(|when| &when.program));
        }
    }
    let read: Vec<usize> =
        programs.iter().flat_map(|program| program.field_reads()).map(|(group, _)| group.0 as usize).collect();
    (0..aggregates.len())
        .filter(|index| matches!(aggregates[*index].kind, KindPlan::Keyed { timed: false, .. }) && read.contains(index))
        .collect()
}
