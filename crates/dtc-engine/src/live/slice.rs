//! A plan cut down to the fields that an edit needs, run over all events: what is left where a trail tells too
//! little.

use dtc_expr::Value;

use super::edit::Edit;
use super::patch::{Part, PastPart};
use crate::output::Record;
use crate::past::Past;
use crate::plan::Plan;

/// What a cut-down run gives of one identity.
pub(super) type Sliced = (Vec<Record>, Vec<Past>);

pub(super) fn cut(plan: &Plan, edit: &Edit) -> Plan {
    let mut cut = plan.clone();
    cut.active = edit.active.iter().copied().collect();
    for (index, aggregate) in cut.aggregates.iter_mut().enumerate() {
        aggregate.fields.retain(|field| edit.needed.contains(&(index, field.slot)));
    }
    cut
}

/// The new values of the affected slots; `None` where a new record has no old one.
pub(super) fn part(
    plan: &Plan,
    slots: &[(usize, Vec<usize>)],
    (new, pasts): Sliced,
    (old, old_pasts): (&[Record], &[Past]),
) -> Option<Part> {
    let mut part = Part::default();
    for (aggregate, slots) in slots {
        let own = |record: &&Record| record.aggregate == *aggregate;
        if !new.iter().filter(own).map(|record| &record.key).eq(old.iter().filter(own).map(|record| &record.key)) {
            return None;
        }
        let values = new.iter().filter(own).flat_map(|record| slots.iter().map(|slot| record.values[*slot].clone()));
        part.values.push(values.collect());
        let remembered = plan.window.as_ref().map_or(&[][..], |window| &window.remembered);
        let Some(place) = remembered.iter().position(|remembered| remembered == aggregate) else { continue };
        let mut series = Past::default();
        for (from, values) in pasts[place].entries() {
            let own: Vec<Value> = slots.iter().map(|slot| values[*slot].clone()).collect();
            series.note(from, &own);
        }
        let defaults: Vec<Value> =
            slots.iter().map(|slot| plan.aggregates[*aggregate].defaults[*slot].clone()).collect();
        part.pasts.push((place, PastPart::of(&old_pasts[place], slots, &series, &defaults)));
    }
    Some(part)
}
