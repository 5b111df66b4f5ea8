//! Until 2018-04 the implicit times of blocks were called `start_time` and `end_time`; documents of
//! those days keep their meaning: their expressions are read with today's names.

use crate::document::{Aggregate, AggregateKind, Expression, Field, Streaming, Window};
use crate::rules::names::is_identifier;
use crate::scopes::has_times;

const OLD: [&str; 2] = ["start_time", "end_time"];

pub fn streaming(document: &mut Streaming) {
    for old in OLD {
        let owners = owners(&document.aggregates, old);
        document.header.when.iter_mut().for_each(|expression| rewrite(expression, old, &owners));
        for aggregate in &mut document.aggregates {
            aggregate.when.iter_mut().for_each(|expression| rewrite(expression, old, &owners));
            fields(&mut aggregate.fields, old, &owners);
            match &mut aggregate.kind {
                AggregateKind::Session { split } => {
                    split.iter_mut().for_each(|expression| rewrite(expression, old, &owners))
                }
                AggregateKind::Identity { dimensions } | AggregateKind::Block { dimensions } => {
                    fields(dimensions, old, &owners)
                }
                AggregateKind::Activity { .. } | AggregateKind::Variable => {}
            }
        }
    }
}

/// Blocks that have no field of their own by the old name.
fn owners(aggregates: &[Aggregate], old: &str) -> Vec<String> {
    let names_it = |aggregate: &Aggregate| {
        aggregate.fields.iter().chain(aggregate.dimensions()).any(|field| field.name.value == old)
    };
    let blocks = aggregates.iter().filter(|aggregate| has_times(&aggregate.kind) && !names_it(aggregate));
    blocks.map(|aggregate| aggregate.name.value.clone()).collect()
}

pub fn window(document: &mut Window) {
    let mut owners = vec!["source".to_owned(), "anchor".to_owned()];
    for spec in document.aggregates.iter().filter_map(|aggregate| aggregate.window.as_ref()) {
        owners.extend(spec.list_name.iter().map(|name| name.value.clone()));
        owners.extend(spec.source.value.rsplit('.').next().map(str::to_owned));
    }
    for old in OLD {
        document.header.when.iter_mut().for_each(|expression| rewrite(expression, old, &owners));
        rewrite(&mut document.anchor.condition, old, &owners);
        for aggregate in &mut document.aggregates {
            aggregate.when.iter_mut().for_each(|expression| rewrite(expression, old, &owners));
            fields(&mut aggregate.fields, old, &owners);
        }
    }
}

fn fields(fields: &mut [Field], old: &str, owners: &[String]) {
    for field in fields {
        rewrite(&mut field.value, old, owners);
        field.when.iter_mut().for_each(|expression| rewrite(expression, old, owners));
    }
}

/// `owner.start_time` becomes `owner._start_time`; the new byte stands where the name stands.
fn rewrite(expression: &mut Expression, old: &str, owners: &[String]) {
    while let Some(at) = find(&expression.text, old, owners) {
        let start = expression.span.start;
        let offsets = expression.offsets.get_or_insert_with(|| (start..).take(expression.text.len()).collect());
        let place = offsets.get(at).copied().unwrap_or(start);
        offsets.insert(at, place);
        expression.text.insert(at, '_');
    }
}

/// Where the name stands as an attribute of one of the owners, outside of string literals.
fn find(text: &str, old: &str, owners: &[String]) -> Option<usize> {
    text.match_indices(old).map(|(at, _)| at).find(|at| {
        let (before, after) = (&text[..*at], &text[at + old.len()..]);
        let Some(before) = before.strip_suffix('.') else { return false };
        let start = before
            .rfind(|c: char| !(c.is_alphanumeric() || c == '_'))
            .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
        let owner = &before[start..];
        let in_literal = before.matches('\'').count() % 2 == 1 || before.matches('"').count() % 2 == 1;
        is_identifier(owner)
            && owners.iter().any(|name| name == owner)
            && !after.starts_with(|c: char| c.is_alphanumeric() || c == '_')
            && !in_literal
    })
}
