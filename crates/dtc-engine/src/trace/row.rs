//! Listens to the window document for one cell of one anchor's row.

use dtc_expr::{Frame, Value};
use dtc_lang::document::WindowKind;

use super::focus::Focus;
use super::reads::asked;
use super::story::{Asked, BlockAt, Evaluation, Limits, Member, Outcome, RowStory, WindowCell, WindowStory};
use crate::plan::Plan;
use crate::plan_window::{Bounds, WindowAggregatePlan, WindowPlan};
use crate::record::{Note, Recorder};
use crate::window::{Block, edges};

/// Which blocks gave rows, in the order of the store.
#[derive(Default)]
pub(super) struct RowsTeller {
    tried: usize,
    pub rows: Vec<usize>,
}

impl Recorder for RowsTeller {
    fn note(&mut self, _frame: &Frame, note: Note<'_>) {
        match note {
            Note::Tried { block } => self.tried = block.nth as usize,
            Note::Row => {
                let place = self.rows.partition_point(|nth| *nth < self.tried);
                self.rows.insert(place, self.tried);
            }
            _ => {}
        }
    }
}

pub(super) struct RowTeller<'p> {
    plan: &'p Plan,
    window: &'p WindowPlan,
    /// `None`: the columns `identity` and `anchor`.
    focus: Option<Focus<'p>>,
    /// The anchor block, by its place in the store.
    nth: usize,
    limits: Limits,
    here: bool,
    anchor: Option<BlockAt>,
    condition: Option<Asked>,
    members: Option<WindowStory>,
    when: Option<Asked>,
    before: Value,
    evaluation: Evaluation,
    pub story: Option<RowStory>,
}

impl<'p> RowTeller<'p> {
    pub(super) fn new(
        plan: &'p Plan,
        window: &'p WindowPlan,
        focus: Option<Focus<'p>>,
        nth: usize,
        limits: Limits,
    ) -> Self {
        RowTeller {
            plan,
            window,
            focus,
            nth,
            limits,
            here: false,
            anchor: None,
            condition: None,
            members: None,
            when: None,
            before: Value::None,
            evaluation: Evaluation::default(),
            story: None,
        }
    }

    fn aggregate(&self) -> Option<&'p WindowAggregatePlan> {
        let group = self.focus.as_ref()?.group;
        self.window.aggregates.get(group - self.plan.aggregates.len())
    }

    fn tried(&mut self, block: &Block) {
        self.here = block.nth as usize == self.nth;
        if self.here {
            self.anchor = Some(block_at(self.window.anchor, block));
        }
    }

    fn asks(&mut self, frame: &Frame, place: u32) {
        if place == self.window.condition.place {
            self.condition = Some(asked(self.plan, frame, place, &self.window.condition.program));
        }
        if let Some(when) = self.aggregate().and_then(|aggregate| aggregate.when.as_ref())
            && when.place == place
        {
            self.when = Some(asked(self.plan, frame, place, &when.program));
        }
        if let Some(focus) = &self.focus {
            if focus.owns(place) && self.evaluation.when.is_none() && self.evaluation.value.is_none() {
                self.before = focus.value(frame);
            }
            focus.asks(frame, place, true, &mut self.evaluation);
        }
    }

    fn fault(&mut self, place: u32, cause: &str) {
        for asked in [&mut self.condition, &mut self.when].into_iter().flatten() {
            if asked.place == self.plan.places[place as usize] {
                asked.fault = Some(cause.to_owned());
            }
        }
        if let Some(focus) = &self.focus {
            focus.fault(place, cause, &mut self.evaluation);
        }
    }

    fn condition(&mut self, place: u32, held: bool) {
        for asked in [&mut self.condition, &mut self.when].into_iter().flatten() {
            if asked.place == self.plan.places[place as usize] {
                asked.held = held;
            }
        }
        if let Some(focus) = &self.focus {
            focus.condition(place, held, &mut self.evaluation);
        }
    }

    fn window(&mut self, aggregate: usize, story: impl FnOnce(&Self) -> WindowStory) {
        if self.focus.as_ref().is_some_and(|focus| focus.group == aggregate) {
            self.members = Some(story(self));
        }
    }

    fn row(&mut self, frame: &Frame) {
        let (Some(anchor), Some(condition)) = (self.anchor.take(), self.condition.take()) else { return };
        let cell = self.focus.as_ref().zip(self.aggregate()).map(|(focus, aggregate)| WindowCell {
            aggregate: aggregate.name.clone(),
            window: self.members.clone(),
            when: self.when.clone(),
            before: self.before.clone(),
            after: focus.value(frame),
            evaluation: self.evaluation.clone(),
            value: focus.value_place(),
        });
        self.story = Some(RowStory { anchor, condition, cell });
    }
}

impl Recorder for RowTeller<'_> {
    fn note(&mut self, frame: &Frame, note: Note<'_>) {
        match note {
            Note::Tried { block } => self.tried(block),
            _ if !self.here => {}
            Note::Asked { place } => self.asks(frame, place),
            Note::Fault { place, cause } => self.fault(place, cause),
            Note::Condition { place, held } => self.condition(place, held),
            Note::Members { aggregate, bounds, anchor, members } => {
                self.window(aggregate, |teller| window_story(teller.plan, bounds, anchor, members, teller.limits));
            }
            Note::Missing { aggregate, bounds, anchor, reason } => self.window(aggregate, |teller| WindowStory {
                missing: Some(reason.to_owned()),
                ..window_story(teller.plan, bounds, anchor, &[], teller.limits)
            }),
            Note::Set { aggregate, slot }
                if self.focus.as_ref().is_some_and(|focus| (focus.group, focus.slot) == (aggregate, slot)) =>
            {
                self.evaluation.outcome = Outcome::Set;
            }
            Note::Row => self.row(frame),
            _ => {}
        }
    }
}

fn block_at(aggregate: usize, block: &Block) -> BlockAt {
    BlockAt { aggregate, nth: block.nth as usize, start: block.start, end: block.end }
}

fn window_story(
    plan: &Plan,
    bounds: &Bounds,
    anchor: &Block,
    members: &[(&Block, &[Value])],
    limits: Limits,
) -> WindowStory {
    let [lower, upper] = edges(bounds, anchor).unwrap_or_default();
    let left_out = members.len().saturating_sub(2 * limits.each_end);
    let (first, last) = members.split_at(if left_out == 0 { members.len() } else { limits.each_end });
    let told = first.iter().chain(last.iter().skip(left_out));
    WindowStory {
        words: words(plan, bounds),
        lower: lower.start.map(|start| (start, bounds.include_lower)),
        upper: upper.start.map(|start| (start, bounds.include_upper)),
        columns: bounds.lists.iter().map(|(_, name)| name.clone()).collect(),
        members: told
            .map(|(block, values)| Member {
                block: block_at(bounds.source, block),
                values: bounds.lists.iter().map(|(slot, _)| values[*slot].clone()).collect(),
            })
            .collect(),
        member_count: members.len() as u64,
        missing: None,
    }
}

/// E.g. `the blocks of session in the 7 days before the anchor`.
fn words(plan: &Plan, bounds: &Bounds) -> String {
    let name = &plan.aggregates[bounds.source].name;
    let side = if bounds.value < 0 { "before" } else { "after" };
    let count = bounds.value.unsigned_abs();
    let plural = if count == 1 { "" } else { "s" };
    match (bounds.kind, &bounds.calendar) {
        (WindowKind::Count, _) => format!("the {count} block{plural} of {name} nearest {side} the anchor"),
        (kind, calendar) => {
            let unit = if kind == WindowKind::Day { "day" } else { "hour" };
            let whole = if calendar.is_some() { "calendar " } else { "" };
            format!("the blocks of {name} in the {count} {whole}{unit}{plural} {side} the anchor")
        }
    }
}
