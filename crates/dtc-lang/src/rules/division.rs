//! Divisors that can be zero: numbers start at 0, and a division by zero counts as an error.

use std::collections::HashMap;

use dtc_expr::infer::Division;
use dtc_expr::{FieldId, FieldType, GroupId};

use crate::check::Project;
use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::document::{Document, Expression, Field, Streaming};
use crate::expressions::{Place, Role};
use crate::parts::Part;
use crate::rules::cures;
use crate::rules::streamed;

type Slot = (GroupId, FieldId);

/// How a field comes to its value.
struct Producer<'d> {
    field: &'d Field,
    /// Whether it is not 0 once its value has been evaluated, as far as can be told: it grows, or takes
    /// a value that does not go back to itself.
    sets: bool,
    /// Whether its aggregate has a condition.
    conditional: bool,
}

pub(crate) fn check(
    text: &str,
    document: &Document,
    project: &Project,
    parts: &[Part],
    diagnostics: &mut Vec<Diagnostic>,
) {
    if parts.iter().all(|part| part.inferred.divisions.is_empty()) {
        return;
    }
    let own = own_producers(document, parts);
    let conditions = conditions(parts);
    let stream = streamed::stream(document, project);
    for part in parts {
        for division in &part.inferred.divisions {
            let below = stream.and_then(|stream| producer_below(stream, project, division.field));
            let Some(producer) = own.get(&division.field).or(below.as_ref()) else { continue };
            let number = matches!(producer.field.field_type, FieldType::Integer | FieldType::Float);
            if number && !is_guarded(part, division, &conditions) && !is_set_by_then(part, division, producer) {
                diagnostics.push(diagnostic(text, part, division, producer));
            }
        }
    }
}

/// The fields of the document's own aggregates.
fn own_producers<'d>(document: &'d Document, parts: &[Part<'d>]) -> HashMap<Slot, Producer<'d>> {
    let conditional = |group: GroupId| {
        let asks = |part: &Part| matches!(part.role, Role::AggregateWhen(known) if known == group);
        // An aggregate whose own condition does not compile has one nevertheless.
        parts.iter().any(asks) || has_condition(document, group)
    };
    let values = parts.iter().filter_map(|part| match part.role {
        Role::FieldValue(place) => Some((place, part)),
        _ => None,
    });
    let producer = |(place, part): (Place<'d>, &Part<'d>)| {
        let slot = (place.group, place.slot);
        let reads_itself = part.inferred.field_reads.iter().any(|read| read.field == slot);
        let sets = !reads_itself || part.inferred.program.grown_field() == Some(slot);
        (slot, Producer { field: place.field, sets, conditional: conditional(place.group) })
    };
    values.map(producer).collect()
}

fn has_condition(document: &Document, group: GroupId) -> bool {
    match document {
        Document::Streaming(streaming) => {
            streaming.aggregates.get(usize::from(group.0)).is_some_and(|aggregate| aggregate.when.is_some())
        }
        _ => false,
    }
}

/// A field of the streaming document that a window document reads.
fn producer_below<'s>(stream: &'s Streaming, project: &Project, slot: Slot) -> Option<Producer<'s>> {
    let (aggregate, field, program) = streamed::field(stream, project, slot)?;
    let sets = !program.field_reads().contains(&slot) || program.grown_field() == Some(slot);
    Some(Producer { field, sets, conditional: aggregate.when.is_some() })
}

/// The fields that the conditions above each aggregate and field ask for.
struct Conditions {
    of_document: Vec<Slot>,
    of_groups: HashMap<GroupId, Vec<Slot>>,
    of_fields: HashMap<Slot, Vec<Slot>>,
}

fn conditions(parts: &[Part]) -> Conditions {
    let mut all = Conditions { of_document: Vec::new(), of_groups: HashMap::new(), of_fields: HashMap::new() };
    for part in parts {
        let reads = || part.inferred.field_reads.iter().map(|read| read.field);
        match part.role {
            Role::DocumentWhen | Role::RowWhen | Role::Anchor => all.of_document.extend(reads()),
            Role::AggregateWhen(group) => all.of_groups.entry(group).or_default().extend(reads()),
            Role::FieldWhen(place) => {
                all.of_fields.entry((place.group, place.slot)).or_default().extend(reads());
            }
            _ => {}
        }
    }
    all
}

/// Whether a condition above the expression asks for the divisor.
fn is_guarded(part: &Part, division: &Division, conditions: &Conditions) -> bool {
    let asked = |slots: Option<&Vec<Slot>>| slots.is_some_and(|slots| slots.contains(&division.field));
    let by_group = |group: &GroupId| asked(conditions.of_groups.get(group));
    match part.role {
        Role::DocumentWhen | Role::RowWhen | Role::Anchor => false,
        Role::AggregateWhen(_) | Role::Split(_) => conditions.of_document.contains(&division.field),
        Role::FieldWhen(place) => conditions.of_document.contains(&division.field) || by_group(&place.group),
        Role::FieldValue(place) => {
            conditions.of_document.contains(&division.field)
                || by_group(&place.group)
                || asked(conditions.of_fields.get(&(place.group, place.slot)))
        }
        Role::Value | Role::Condition => false,
    }
}

/// Whether the divisor has had a value other than 0 whenever the expression is evaluated.
fn is_set_by_then(part: &Part, division: &Division, producer: &Producer) -> bool {
    if !producer.sets {
        return false;
    }
    let always = producer.field.when.is_none();
    let (group, slot) = division.field;
    match part.role {
        Role::FieldValue(place) | Role::FieldWhen(place) if place.group == group => {
            let together = place.field.when.as_ref().map(trimmed) == producer.field.when.as_ref().map(trimmed);
            let value = matches!(part.role, Role::FieldValue(_));
            slot < place.slot && !place.dimension && (always || (value && together))
        }
        // A block that can be split has had an event.
        Role::Split(own) if own == group => always && !producer.conditional,
        Role::AggregateWhen(own) if own == group => false,
        role => role.group().is_none_or(|own| group < own) && always && !producer.conditional,
    }
}

fn trimmed(expression: &Expression) -> &str {
    expression.text.trim()
}

fn diagnostic(text: &str, part: &Part, division: &Division, producer: &Producer) -> Diagnostic {
    let written = &part.expression.text;
    let divisor = written.get(division.divisor.clone()).unwrap_or_default();
    let effect = match part.role {
        role if role.is_condition() => "counts as false",
        _ => "the field keeps its old value",
    };
    let default = producer.field.field_type.default_value().repr();
    let label = format!("starts at {default}, and division by zero is an error: {effect}");
    let span = part.expression.place(division.divisor.clone());
    let message = format!("{} can be zero here", quote(divisor));
    let mut diagnostic = Diagnostic::warning(codes::ZERO_DIVISION, message, span, label)
        .help(format!("Say what holds then: `… if {divisor} else 0`, or ask in a `When`"));
    let whole = written.trim() == written.get(division.span.clone()).unwrap_or_default();
    let end = format!(" if {divisor} else 0{}", if whole { "" } else { ")" });
    let mut edits = vec![(division.span.end..division.span.end, end)];
    if !whole {
        edits.insert(0, (division.span.start..division.span.start, "(".to_owned()));
    }
    let cure = dtc_expr::infer::Cure { title: "Give 0 where the divisor is 0".to_owned(), edits };
    diagnostic.fix = cures::fix(text, part.expression, &cure);
    diagnostic
}
