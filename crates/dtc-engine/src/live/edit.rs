//! What an edit may have changed, found by comparing two plans.

use std::collections::BTreeSet;

use dtc_expr::Program;
use dtc_lang::scopes::ANCHOR;

use crate::faults::{Fault, Part};
use crate::plan::{AggregatePlan, Condition, FieldPlan, KindPlan, Plan};
use crate::plan_window::WindowPlan;
use crate::window::WindowPart;

/// A field: its aggregate's place and its slot.
pub(super) type At = (usize, usize);

/// An edit that left the grouping of events into records as it was.
#[derive(Debug)]
pub(super) struct Edit {
    /// Fields whose values may differ.
    pub affected: BTreeSet<At>,
    /// Fields that have to be evaluated to know those.
    pub needed: BTreeSet<At>,
    /// Aggregates that have to be run for that.
    pub active: BTreeSet<usize>,
    pub windows: Windows,
}

/// What may differ in the rows of the window document.
#[derive(Debug)]
pub(super) enum Windows {
    Nothing,
    Fields(WindowPart),
    Everything,
}

impl Edit {
    /// `None`: everything may differ.
    pub(super) fn between(old: &Plan, new: &Plan) -> Option<Edit> {
        if old.shape != new.shape || reaches_across(new) || reaches_across(old) {
            return None;
        }
        let mut affected = BTreeSet::new();
        for (index, (old, new)) in old.aggregates.iter().zip(&new.aggregates).enumerate() {
            for (old, new) in old.fields.iter().zip(&new.fields) {
                if old.text != new.text {
                    affected.insert((index, new.slot));
                }
            }
        }
        spread(new, &mut affected);
        if new.aggregates.iter().any(|aggregate| structure(aggregate).any(|program| reads_any(program, &affected)))
            || new.when.iter().any(|when| reads_any(&when.program, &affected))
        {
            return None;
        }
        let (mut needed, mut active) = (affected.clone(), BTreeSet::new());
        require(new, &mut needed, &mut active);
        let windows = match (&old.window, &new.window) {
            (None, None) => Windows::Nothing,
            (Some(_), None) => Windows::Everything,
            (Some(from), Some(to)) if from.remembered == to.remembered => {
                match WindowPart::between(old, new, &affected) {
                    Some(part) if part.affected.is_empty() => Windows::Nothing,
                    Some(part) => Windows::Fields(part),
                    None if same(from, to) && !looks_at(to, &affected) => Windows::Nothing,
                    None => Windows::Everything,
                }
            }
            _ => return None,
        };
        Some(Edit { affected, needed, active, windows })
    }

    /// Affected slots by aggregate.
    pub(super) fn slots(&self) -> Vec<(usize, Vec<usize>)> {
        let mut slots: Vec<(usize, Vec<usize>)> = Vec::new();
        for (aggregate, slot) in &self.affected {
            match slots.last_mut() {
                Some((last, slots)) if last == aggregate => slots.push(*slot),
                _ => slots.push((*aggregate, vec![*slot])),
            }
        }
        slots
    }

    /// Whether the failure is of an expression that was evaluated again.
    pub(super) fn owns(&self, plan: &Plan, fault: &Fault) -> bool {
        match (fault.place.part, &self.windows) {
            (Part::Streaming, _) => self.owns_of_streaming(plan, fault),
            (Part::Window, Windows::Nothing) => false,
            (Part::Window, Windows::Everything) => true,
            (Part::Window, Windows::Fields(part)) => {
                part.owned.iter().any(|place| plan.places[*place as usize].name == fault.place.name)
            }
        }
    }

    fn owns_of_streaming(&self, plan: &Plan, fault: &Fault) -> bool {
        let place =
            |place: u32| fault.place.part == Part::Streaming && plan.places[place as usize].name == fault.place.name;
        self.affected.iter().any(|(aggregate, slot)| {
            let field = plan.aggregates[*aggregate].fields.iter().find(|field| field.slot == *slot);
            field.is_some_and(|field| place(field.place) || field.when.as_ref().is_some_and(|when| place(when.place)))
        })
    }
}

/// A method that changes another field's collection ties fields together in ways that reading does not show.
fn reaches_across(plan: &Plan) -> bool {
    let foreign = |program: &Program, own: Option<At>| {
        let changes = program.field_changes();
        changes.iter().any(|(group, field)| Some((usize::from(group.0), usize::from(field.0))) != own)
    };
    plan.when.iter().any(|when| foreign(&when.program, None))
        || plan.aggregates.iter().enumerate().any(|(index, aggregate)| {
            structure(aggregate).any(|program| foreign(program, None))
                || aggregate.fields.iter().any(|field| {
                    foreign(&field.value, Some((index, field.slot)))
                        || field.when.iter().any(|when| foreign(&when.program, None))
                })
        })
}

/// What decides which events enter which record.
fn structure(aggregate: &AggregatePlan) -> impl Iterator<Item = &Program> {
    let (dimensions, split): (&[FieldPlan], Option<&Condition>) = match &aggregate.kind {
        KindPlan::Keyed { dimensions, .. } => (dimensions, None),
        KindPlan::Session { split } => (&[], split.as_ref()),
        _ => (&[], None),
    };
    let conditions = aggregate.when.iter().chain(split).map(|condition| &condition.program);
    conditions.chain(dimensions.iter().flat_map(programs))
}

/// Whether two window documents say the same.
fn same(old: &WindowPlan, new: &WindowPlan) -> bool {
    let text = |window: &WindowPlan| {
        let fields = window.aggregates.iter().flat_map(|aggregate| aggregate.fields.iter().map(|field| &field.text));
        let whens = window.aggregates.iter().map(|aggregate| &aggregate.when_text);
        fields.chain(whens).cloned().collect::<Vec<_>>()
    };
    old.shape == new.shape && text(old) == text(new)
}

pub(super) fn programs(field: &FieldPlan) -> impl Iterator<Item = &Program> {
    field.when.iter().map(|when| &when.program).chain([&field.value])
}

pub(super) fn reads(program: &Program) -> impl Iterator<Item = At> {
    program.field_reads().into_iter().map(|(group, field)| (usize::from(group.0), usize::from(field.0)))
}

fn reads_any(program: &Program, fields: &BTreeSet<At>) -> bool {
    reads(program).any(|at| fields.contains(&at))
}

/// Adds the fields that read affected ones.
fn spread(plan: &Plan, affected: &mut BTreeSet<At>) {
    loop {
        let before = affected.len();
        for (index, aggregate) in plan.aggregates.iter().enumerate() {
            for field in &aggregate.fields {
                if programs(field).any(|program| reads_any(program, affected)) {
                    affected.insert((index, field.slot));
                }
            }
        }
        if affected.len() == before {
            return;
        }
    }
}

/// Adds the fields that the needed ones read, and what decides on the records of their aggregates.
fn require(plan: &Plan, needed: &mut BTreeSet<At>, active: &mut BTreeSet<usize>) {
    loop {
        let before = (needed.len(), active.len());
        active.extend(needed.iter().map(|(aggregate, _)| *aggregate));
        let mut more: BTreeSet<At> = plan.when.iter().flat_map(|when| reads(&when.program)).collect();
        for index in active.iter() {
            let aggregate = &plan.aggregates[*index];
            more.extend(structure(aggregate).flat_map(reads));
            let fields = aggregate.fields.iter().filter(|field| needed.contains(&(*index, field.slot)));
            more.extend(fields.flat_map(programs).flat_map(reads));
        }
        needed.extend(more);
        if (needed.len(), active.len()) == before {
            return;
        }
    }
}

/// Whether the window document looks at one of the fields.
fn looks_at(window: &WindowPlan, fields: &BTreeSet<At>) -> bool {
    let own = window.aggregates.iter().flat_map(|aggregate| {
        aggregate.when.iter().map(|when| &when.program).chain(aggregate.fields.iter().flat_map(programs))
    });
    let mut all = own.chain(window.when.iter().map(|when| &when.program)).chain([&window.condition.program]);
    let by_anchor = |program: &Program| {
        let of_anchor = fields.iter().any(|(aggregate, _)| *aggregate == window.anchor);
        of_anchor && program.variable_reads().contains(&ANCHOR)
    };
    let in_lists = window
        .aggregates
        .iter()
        .filter_map(|aggregate| aggregate.window.as_ref())
        .any(|bounds| bounds.lists.iter().any(|(slot, _)| fields.contains(&(bounds.source, *slot))));
    in_lists || all.any(|program| reads_any(program, fields) || by_anchor(program))
}
