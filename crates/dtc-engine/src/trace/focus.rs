//! One field under watch: its evaluations, and the other expressions that may change it in place.

use dtc_expr::{FieldId, Frame, GroupId, Program, Value};

use super::reads::asked;
use super::story::{Asked, Evaluation, Outcome};
use crate::faults::Place;
use crate::plan::{AggregatePlan, Condition, FieldPlan, KindPlan, Plan};

/// A slot of the frame and the expressions that matter to it.
pub(super) struct Focus<'p> {
    pub plan: &'p Plan,
    pub group: usize,
    pub slot: usize,
    /// `None`: the engine itself gives the value.
    pub field: Option<&'p FieldPlan>,
    /// Places of other expressions that may change the collection that the slot holds.
    pub changers: Vec<u32>,
}

impl<'p> Focus<'p> {
    pub(super) fn new(plan: &'p Plan, group: usize, slot: usize) -> Focus<'p> {
        let field = fields_of(plan, group).find(|field| field.slot == slot);
        let own = field.map(|field| field.place);
        let changes = |program: &Program| {
            let wanted = (GroupId(group as u16), FieldId(slot as u16));
            program.field_changes().contains(&wanted)
        };
        let places = programs(plan).filter(|(place, program)| Some(*place) != own && changes(program));
        Focus { plan, group, slot, field, changers: places.map(|(place, _)| place).collect() }
    }

    pub(super) fn value(&self, frame: &Frame) -> Value {
        frame.groups.get(self.group).and_then(|values| values.get(self.slot)).cloned().unwrap_or_default()
    }

    pub(super) fn place(&self, place: u32) -> Place {
        self.plan.places[place as usize].clone()
    }

    pub(super) fn is_dimension(&self) -> bool {
        let Some(KindPlan::Keyed { dimensions, .. }) =
            self.plan.aggregates.get(self.group).map(|aggregate| &aggregate.kind)
        else {
            return false;
        };
        dimensions.iter().any(|dimension| dimension.slot == self.slot)
    }

    /// Whether the place is the field's own condition or expression.
    pub(super) fn owns(&self, place: u32) -> bool {
        self.field.is_some_and(|field| {
            field.place == place || field.when.as_ref().is_some_and(|condition| condition.place == place)
        })
    }

    /// The field's own condition or expression is about to be evaluated. Only `with_reads` keeps what it reads.
    pub(super) fn asks(&self, frame: &Frame, place: u32, with_reads: bool, evaluation: &mut Evaluation) {
        let Some(field) = self.field else { return };
        let bare = |place: u32| Asked { place: self.place(place), held: false, reads: Vec::new(), fault: None };
        let told = |program: &Program| match with_reads {
            true => asked(self.plan, frame, place, program),
            false => bare(place),
        };
        if field.place == place {
            evaluation.value = Some(told(&field.value));
            evaluation.outcome = Outcome::Nothing;
        } else if let Some(condition) = field.when.as_ref().filter(|condition| condition.place == place) {
            evaluation.when = Some(told(&condition.program));
        }
    }

    pub(super) fn condition(&self, place: u32, held: bool, evaluation: &mut Evaluation) {
        let Some(when) = &mut evaluation.when else { return };
        if self.when_place() == Some(place) {
            when.held = held;
            if !held && when.fault.is_none() {
                evaluation.outcome = Outcome::Refused;
            }
        }
    }

    pub(super) fn fault(&self, place: u32, cause: &str, evaluation: &mut Evaluation) {
        let failed = match place {
            place if self.when_place() == Some(place) => &mut evaluation.when,
            place if self.owns(place) => &mut evaluation.value,
            _ => return,
        };
        if let Some(failed) = failed {
            failed.fault = Some(cause.to_owned());
            evaluation.outcome = Outcome::Failed;
        }
    }

    fn when_place(&self) -> Option<u32> {
        self.field.and_then(|field| field.when.as_ref()).map(|condition| condition.place)
    }

    pub(super) fn value_place(&self) -> Option<Place> {
        self.field.map(|field| self.place(field.place))
    }

    pub(super) fn condition_place(&self) -> Option<Place> {
        self.when_place().map(|place| self.place(place))
    }
}

/// Every field of a group that has an expression.
pub(super) fn fields_of(plan: &Plan, group: usize) -> Box<dyn Iterator<Item = &FieldPlan> + '_> {
    match plan.aggregates.get(group) {
        Some(aggregate) => Box::new(aggregate.fields.iter().chain(dimensions(aggregate))),
        None => {
            let place = group - plan.aggregates.len();
            let aggregate = plan.window.as_ref().and_then(|window| window.aggregates.get(place));
            Box::new(aggregate.into_iter().flat_map(|aggregate| &aggregate.fields))
        }
    }
}

fn dimensions(aggregate: &AggregatePlan) -> &[FieldPlan] {
    match &aggregate.kind {
        KindPlan::Keyed { dimensions, .. } => dimensions,
        _ => &[],
    }
}

/// Every expression that is evaluated for an event or an anchor, with its place.
pub(super) fn programs(plan: &Plan) -> impl Iterator<Item = (u32, &Program)> {
    let mut programs: Vec<(u32, &Program)> = Vec::new();
    let mut conditions: Vec<&Condition> = plan.when.iter().collect();
    for aggregate in &plan.aggregates {
        conditions.extend(&aggregate.when);
        if let KindPlan::Session { split: Some(split) } = &aggregate.kind {
            conditions.push(split);
        }
    }
    if let Some(window) = &plan.window {
        conditions.push(&window.condition);
        conditions.extend(&window.when);
        conditions.extend(window.aggregates.iter().filter_map(|aggregate| aggregate.when.as_ref()));
    }
    let groups = plan.aggregates.len() + plan.window.as_ref().map_or(0, |window| window.aggregates.len());
    for field in (0..groups).flat_map(|group| fields_of(plan, group)) {
        conditions.extend(&field.when);
        programs.push((field.place, &field.value));
    }
    programs.extend(conditions.into_iter().map(|condition| (condition.place, &condition.program)));
    programs.into_iter()
}
