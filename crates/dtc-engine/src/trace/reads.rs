//! What an expression reads, with the values at the moment.

use dtc_expr::{Frame, Program, Value, VariableId};
use dtc_lang::scopes::{ANCHOR, SOURCE, TIME};

use super::story::{Asked, Read};
use crate::plan::Plan;

/// About to be evaluated: nothing is known of the result.
pub(super) fn asked(plan: &Plan, frame: &Frame, place: u32, program: &Program) -> Asked {
    let reads = reads(plan, frame, program);
    Asked { place: plan.places[place as usize].clone(), held: false, reads, fault: None }
}

fn reads(plan: &Plan, frame: &Frame, program: &Program) -> Vec<Read> {
    let mut reads = Vec::new();
    if program.variable_reads().contains(&TIME) {
        let value = frame.variables[TIME.0 as usize].clone().unwrap_or_default();
        reads.push(Read { name: "time".to_owned(), value });
    }
    for (variable, name) in [(SOURCE, "source"), (ANCHOR, "anchor")] {
        let members = program.source_fields(variable).unwrap_or_default();
        reads.extend(
            members.iter().map(|member| Read {
                name: format!("{name}.{member}"),
                value: member_of(plan, frame, variable, member),
            }),
        );
    }
    for (group, field) in program.field_reads() {
        let (group, field) = (usize::from(group.0), usize::from(field.0));
        let value = frame.groups.get(group).and_then(|values| values.get(field)).cloned().unwrap_or_default();
        reads.extend(field_name(plan, group, field).map(|name| Read { name, value }));
    }
    reads
}

/// What `source.name` gives.
fn member_of(plan: &Plan, frame: &Frame, variable: VariableId, name: &str) -> Value {
    match &frame.variables[variable.0 as usize] {
        Some(Value::Dict(_, members)) => members.get(name).cloned().unwrap_or_default(),
        Some(_) => Value::None,
        None => {
            let columns = plan.columns();
            columns.slot(name).map_or(Value::None, |slot| frame.row.field(slot, columns))
        }
    }
}

/// `aggregate.field` of a slot in the frame.
fn field_name(plan: &Plan, group: usize, slot: usize) -> Option<String> {
    if let Some(aggregate) = plan.aggregates.get(group) {
        return Some(format!("{}.{}", aggregate.name, aggregate.columns.get(slot)?.0));
    }
    let aggregate = plan.window.as_ref()?.aggregates.get(group - plan.aggregates.len())?;
    aggregate.titles.get(slot).map(|title| title.to_string())
}
