//! Fields evaluated again along the trail of a run: which event enters which record is known, so that only events
//! that may change the fields are looked at, and nothing else of the records.

use std::collections::BTreeSet;
use std::hint::black_box;

use dtc_expr::{Program, Value};
use dtc_lang::scopes::TIME;

use super::edit::{At, programs, reads};
use super::patch::{Part, PastPart};
use super::trail::{Kinds, MOST, Trail};
use crate::events::EventRef;
use crate::identity::Worker;
use crate::past::Past;
use crate::plan::{KindPlan, Plan};
use crate::run::Stopped;

/// What is evaluated again.
pub(super) struct Rerun {
    /// The plan with nothing but the fields that are needed.
    pub(super) cut: Plan,
    slots: Vec<(usize, Vec<usize>)>,
    /// By active aggregate.
    active: Vec<Active>,
    /// Whether only events that may change a field have to be looked at.
    skips: bool,
    with_variables: bool,
    /// Whether anything asks when an event was, or for the event as a whole.
    asks_time: bool,
}

/// An aggregate that is run.
struct Active {
    index: usize,
    /// Slots whose values go from event to event.
    kept: Vec<usize>,
    /// Its place among the remembered ones, and its affected slots, if windows look back at those.
    remembered: Option<(usize, Vec<usize>)>,
    is_variable: bool,
}

/// Where one identity stands in an aggregate.
#[derive(Default)]
struct Lives {
    /// The one at hand, in the frame.
    life: u32,
    /// The latest so far.
    latest: u32,
    /// The kept values of the others.
    values: Vec<Value>,
    series: Past,
}

impl Rerun {
    /// `None`: it needs more than a trail tells.
    pub(super) fn of(plan: &Plan, affected: &BTreeSet<At>, slots: &[(usize, Vec<usize>)]) -> Option<Rerun> {
        let needed = needed(plan, affected);
        let mut active: Vec<Active> = Vec::new();
        for index in 0..plan.aggregates.len() {
            let aggregate = &plan.aggregates[index];
            let kept: Vec<usize> = needed.iter().filter(|(own, _)| *own == index).map(|(_, slot)| *slot).collect();
            if kept.is_empty() {
                continue;
            }
            let remembered = plan.window.as_ref().and_then(|window| {
                let place = window.remembered.iter().position(|remembered| *remembered == index)?;
                let (_, slots) = slots.iter().find(|(affected, _)| *affected == index)?;
                Some((place, slots.clone()))
            });
            let is_variable = matches!(aggregate.kind, KindPlan::Variable);
            active.push(Active { index, kept, remembered, is_variable });
        }
        let with_variables = active.iter().any(|active| active.is_variable);
        let tells = |active: &Active| {
            let aggregate = &plan.aggregates[active.index];
            let dimensions = match &aggregate.kind {
                KindPlan::Keyed { dimensions, .. } => &dimensions[..],
                _ => &[],
            };
            !dimensions.iter().any(|dimension| active.kept.contains(&dimension.slot))
        };
        if !active.iter().all(tells) {
            return None;
        }
        let skips = match &active[..] {
            [only] => !only.is_variable && skips(plan, only),
            _ => false,
        };
        let mut cut = plan.clone();
        for (index, aggregate) in cut.aggregates.iter_mut().enumerate() {
            aggregate.fields.retain(|field| needed.contains(&(index, field.slot)));
        }
        let fields = cut.aggregates.iter().flat_map(|aggregate| &aggregate.fields);
        let asks = |program: &Program| program.variable_reads().contains(&TIME);
        let asks_time = cut.columns().whole
            || active.iter().any(|active| active.remembered.is_some())
            || fields.flat_map(programs).any(asks);
        Some(Rerun { cut, slots: slots.to_vec(), active, skips, with_variables, asks_time })
    }

    /// One identity's events along its trail.
    pub(super) fn identity<'p>(
        &'p self,
        worker: &mut Worker<'p>,
        trail: &Trail,
        events: &[EventRef],
        pasts: &[Past],
    ) -> Result<Part, Stopped> {
        let mut lives: Vec<Lives> = self.active.iter().map(|_| Lives::default()).collect();
        for active in &self.active {
            let defaults = &worker.defaults[active.index];
            worker.frame.groups[active.index].clone_from(defaults);
        }
        match (&self.active[..], &mut lives[..]) {
            ([active], [lives]) if self.skips => self.skipping(worker, trail, events, active, lives)?,
            (_, lives) => self.each(worker, trail, events, lives)?,
        }
        let mut part = Part::default();
        for (active, lives) in self.active.iter().zip(&mut lives) {
            self.put_away(worker, active, lives);
        }
        for (aggregate, slots) in &self.slots {
            let known = self.active.iter().zip(&mut lives).find(|(active, _)| active.index == *aggregate);
            let Some((active, lives)) = known else { continue };
            part.values.push(self.found(worker, trail, active, lives, slots));
            if let Some((place, slots)) = &active.remembered {
                let defaults: Vec<Value> = slots.iter().map(|slot| self.default_of(active.index, *slot)).collect();
                part.pasts.push((*place, PastPart::of(&pasts[*place], slots, &lives.series, &defaults)));
            }
        }
        Ok(part)
    }

    /// Only events that may change a field.
    fn skipping<'p>(
        &'p self,
        worker: &mut Worker<'p>,
        trail: &Trail,
        events: &[EventRef],
        active: &Active,
        lives: &mut Lives,
    ) -> Result<(), Stopped> {
        let plan = &self.cut.aggregates[active.index];
        let slot = self.cut.guards.first_slot().filter(|_| self.cut.guards.one_slot());
        let Some(Kinds { kinds, samples, family, .. }) = trail.kinds(slot) else {
            for (place, event) in events.iter().enumerate() {
                let (life, entered) = trail.step(place, active.index);
                if entered {
                    worker.look_at(*event);
                    if worker.touches(active.index, plan) {
                        self.enter(worker, active, lives, (*event, life))?;
                    }
                }
            }
            return Ok(());
        };
        let mut answers = [None; MOST];
        for (kind, sample) in samples {
            answers[usize::from(*kind)] = worker.kinds.known(*family, *kind).unwrap_or_else(|| {
                worker.look_at(events[*sample as usize]);
                let found = worker.touches(active.index, plan).then(|| worker.seen());
                worker.kinds.learn(*kind, found);
                found
            });
        }
        // Rows lie far apart: asked for all at once they arrive together, not one after the other.
        let wanted = events.iter().zip(kinds).filter(|(_, kind)| answers[usize::from(**kind)].is_some());
        black_box(wanted.fold(0, |seen, (event, _)| seen ^ worker.first_cell(*event)));
        for (place, kind) in kinds.iter().enumerate() {
            let Some(answers) = answers[usize::from(*kind)] else { continue };
            let (life, entered) = trail.step(place, active.index);
            if entered {
                worker.know(events[place], answers);
                worker.touches(active.index, plan);
                self.enter(worker, active, lives, (events[place], life))?;
            }
        }
        Ok(())
    }

    #[inline]
    fn enter<'p>(
        &'p self,
        worker: &mut Worker<'p>,
        active: &Active,
        lives: &mut Lives,
        (event, life): (EventRef, u32),
    ) -> Result<(), Stopped> {
        if self.asks_time {
            worker.settle(event);
        }
        self.switch(worker, active, lives, life);
        worker.fields_alone(active.index, &self.cut.aggregates[active.index])?;
        note(worker, active, lives);
        Ok(())
    }

    /// Every event, aggregates in document order.
    fn each<'p>(
        &'p self,
        worker: &mut Worker<'p>,
        trail: &Trail,
        events: &[EventRef],
        lives: &mut [Lives],
    ) -> Result<(), Stopped> {
        for (place, event) in events.iter().enumerate() {
            worker.look_at(*event);
            worker.settle(*event);
            let passes = self.with_variables && worker.holds(self.cut.when.as_ref())?;
            if passes {
                worker.reset_variables();
            }
            for (active, lives) in self.active.iter().zip(&mut *lives) {
                let plan = &self.cut.aggregates[active.index];
                if active.is_variable {
                    if passes {
                        worker.variable(active.index, plan)?;
                    }
                    continue;
                }
                let (life, entered) = trail.step(place, active.index);
                let reopened = life != lives.life && life <= lives.latest;
                self.switch(worker, active, lives, life);
                if entered {
                    worker.fields(active.index, plan)?;
                }
                if entered || reopened {
                    note(worker, active, lives);
                }
            }
        }
        Ok(())
    }

    /// Makes another life the one at hand.
    fn switch(&self, worker: &mut Worker<'_>, active: &Active, lives: &mut Lives, life: u32) {
        if life == lives.life {
            return;
        }
        self.put_away(worker, active, lives);
        let width = active.kept.len();
        let saved = lives.values.get_mut(life as usize * width..(life as usize + 1) * width);
        let group = &mut worker.frame.groups[active.index];
        let defaults = &worker.defaults[active.index];
        match saved {
            Some(saved) => {
                active.kept.iter().zip(saved).for_each(|(slot, value)| group[*slot] = std::mem::take(value));
            }
            None => active.kept.iter().for_each(|slot| group[*slot].clone_from(&defaults[*slot])),
        }
        lives.life = life;
        lives.latest = lives.latest.max(life);
    }

    /// Keeps the values of the life at hand.
    fn put_away(&self, worker: &mut Worker<'_>, active: &Active, lives: &mut Lives) {
        if active.is_variable {
            return;
        }
        let (width, life) = (active.kept.len(), lives.life as usize);
        let defaults = &worker.defaults[active.index];
        while lives.values.len() < (life + 1) * width {
            lives.values.extend(active.kept.iter().map(|slot| defaults[*slot].clone()));
        }
        let group = &mut worker.frame.groups[active.index];
        let saved = &mut lives.values[life * width..];
        active.kept.iter().zip(saved).for_each(|(slot, value)| std::mem::swap(&mut group[*slot], value));
    }

    /// The new values of an aggregate's records.
    fn found(
        &self,
        worker: &Worker<'_>,
        trail: &Trail,
        active: &Active,
        lives: &mut Lives,
        slots: &[usize],
    ) -> Vec<Value> {
        let records = trail.records(active.index);
        if !self.cut.aggregates[active.index].stored {
            return Vec::new();
        }
        let mut found = Vec::with_capacity(records.len() * slots.len());
        let places: Vec<usize> =
            slots.iter().filter_map(|slot| active.kept.iter().position(|kept| kept == slot)).collect();
        for life in records {
            for (slot, place) in slots.iter().zip(&places) {
                let saved = lives.values.get_mut(*life as usize * active.kept.len() + place);
                found.push(match saved {
                    _ if active.is_variable => worker.frame.groups[active.index][*slot].clone(),
                    Some(value) => std::mem::take(value),
                    None => self.default_of(active.index, *slot),
                });
            }
        }
        found
    }

    fn default_of(&self, aggregate: usize, slot: usize) -> Value {
        self.cut.aggregates[aggregate].defaults[slot].clone()
    }
}

/// What the aggregate shows from now on, for windows that look back at it.
fn note(worker: &Worker<'_>, active: &Active, lives: &mut Lives) {
    if let Some((_, slots)) = &active.remembered {
        let group = &worker.frame.groups[active.index];
        let values: Vec<Value> = slots.iter().map(|slot| group[*slot].clone()).collect();
        lives.series.note(worker.time.micros, &values);
    }
}

/// The affected fields, and those that have to be known to evaluate them.
fn needed(plan: &Plan, affected: &BTreeSet<At>) -> BTreeSet<At> {
    let mut needed = affected.clone();
    loop {
        let before = needed.len();
        let mut more: BTreeSet<At> = BTreeSet::new();
        for (index, aggregate) in plan.aggregates.iter().enumerate() {
            let own = aggregate.fields.iter().filter(|field| needed.contains(&(index, field.slot)));
            let read: Vec<At> = own.flat_map(programs).flat_map(reads).collect();
            more.extend(read);
            let is_variable = matches!(aggregate.kind, KindPlan::Variable);
            if is_variable && needed.iter().any(|(needed, _)| *needed == index) {
                more.extend(aggregate.when.iter().chain(&plan.when).flat_map(|when| reads(&when.program)));
            }
        }
        needed.extend(more);
        if needed.len() == before {
            return needed;
        }
    }
}

/// Whether events that touch no field of the aggregate leave everything as it is: nothing looks at what the engine
/// itself sets, and windows that look back see one record only.
fn skips(plan: &Plan, active: &Active) -> bool {
    let aggregate = &plan.aggregates[active.index];
    let own = |slot: &usize| aggregate.fields.iter().any(|field| field.slot == *slot);
    let one_record = matches!(&aggregate.kind, KindPlan::Keyed { dimensions, .. } if dimensions.is_empty());
    active.kept.iter().all(own) && (active.remembered.is_none() || one_record)
}
