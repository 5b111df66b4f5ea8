//! A plan cut down to the fields that an edit needs, run over all events; its values take the places of the
//! old ones.

use dtc_expr::Value;

use super::Follow;
use super::edit::Edit;
use crate::faults::Fault;
use crate::groups::Groups;
use crate::identity::Past;
use crate::output::{IdentityOutput, Record};
use crate::plan::Plan;
use crate::run::{Input, Stopped, collect};

/// New values of the affected fields.
pub(super) struct Slice {
    /// Slots by aggregate.
    affected: Vec<(usize, Vec<usize>)>,
    /// By identity: the records of the aggregates that ran, and the past of those that windows look back at.
    parts: Vec<(Vec<Record>, Vec<Past>)>,
    /// Aggregates whose past is kept.
    remembered: Vec<usize>,
    pub faults: Vec<Fault>,
}

impl Slice {
    pub(super) fn run(plan: &Plan, edit: &Edit, groups: &Groups, follow: Follow<'_>) -> Result<Slice, Stopped> {
        let cut = cut(plan, edit);
        let input = Input { plan: &cut, events: follow.events, groups };
        let parts = input.sharded(follow.threads, follow.cancel, follow.progress, |worker, identity, own| {
            worker.start(identity.clone(), Vec::new());
            for event in own {
                worker.event(*event)?;
            }
            let records = worker.after_events().close();
            Ok((records, std::mem::take(&mut worker.past)))
        })?;
        let (parts, faults) = collect(parts);
        let mut affected: Vec<(usize, Vec<usize>)> = Vec::new();
        for (aggregate, slot) in &edit.affected {
            match affected.last_mut() {
                Some((last, slots)) if last == aggregate => slots.push(*slot),
                _ => affected.push((*aggregate, vec![*slot])),
            }
        }
        let remembered = plan.window.as_ref().map_or_else(Vec::new, |window| window.remembered.clone());
        Ok(Slice { affected, parts, remembered, faults: faults.into_list(&plan.places) })
    }

    /// Whether every new value has an old one to replace.
    pub(super) fn fits(&self, identities: &[IdentityOutput], pasts: &[Vec<Past>]) -> bool {
        identities.len() == self.parts.len()
            && identities.iter().zip(pasts).zip(&self.parts).all(|((old, old_past), (new, new_past))| {
                self.affected.iter().all(|(aggregate, _)| {
                    let key = |record: &&Record| record.aggregate == *aggregate;
                    let mut pairs = old.records.iter().filter(key).zip(new.iter().filter(key));
                    old.records.iter().filter(key).count() == new.iter().filter(key).count()
                        && pairs.all(|(old, new)| old.key == new.key)
                }) && self.places().all(|(place, _)| {
                    let (old, new) = (old_past.get(place), new_past.get(place));
                    old.zip(new).is_some_and(|(old, new)| {
                        old.len() == new.len() && old.iter().zip(new).all(|(old, new)| old.0 == new.0)
                    })
                })
            })
    }

    /// Exchanges old and new values; a second time undoes it.
    pub(super) fn swap(&mut self, identities: &mut [IdentityOutput], pasts: &mut [Vec<Past>]) {
        let places: Vec<(usize, usize)> = self.places().collect();
        for ((old, old_past), (new, new_past)) in identities.iter_mut().zip(pasts).zip(&mut self.parts) {
            for (aggregate, slots) in &self.affected {
                let key = |record: &&mut Record| record.aggregate == *aggregate;
                let pairs = old.records.iter_mut().filter(key).zip(new.iter_mut().filter(key));
                pairs.for_each(|(old, new)| swap_slots(&mut old.values, &mut new.values, slots));
            }
            for (place, affected) in &places {
                let pairs = old_past[*place].iter_mut().zip(&mut new_past[*place]);
                pairs.for_each(|(old, new)| swap_slots(&mut old.1, &mut new.1, &self.affected[*affected].1));
            }
        }
    }

    /// Places among the remembered aggregates, and among the affected ones.
    fn places(&self) -> impl Iterator<Item = (usize, usize)> {
        self.remembered.iter().enumerate().filter_map(|(place, aggregate)| {
            Some((place, self.affected.iter().position(|(affected, _)| affected == aggregate)?))
        })
    }
}

fn swap_slots(old: &mut [Value], new: &mut [Value], slots: &[usize]) {
    for slot in slots {
        std::mem::swap(&mut old[*slot], &mut new[*slot]);
    }
}

fn cut(plan: &Plan, edit: &Edit) -> Plan {
    let mut cut = plan.clone();
    cut.active = edit.active.iter().copied().collect();
    for (index, aggregate) in cut.aggregates.iter_mut().enumerate() {
        aggregate.fields.retain(|field| edit.needed.contains(&(index, field.slot)));
    }
    cut
}
