//! Windows that can never have a block besides the anchor's own (LANGUAGE.md B.10, B.15).

use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::document::{Aggregate, AggregateKind, Streaming, Window, WindowKind, WindowSpec};
use crate::surroundings::{anchor_of, named};

pub(crate) fn check(window: &Window, stream: &Streaming, diagnostics: &mut Vec<Diagnostic>) {
    let anchor = anchor_of(window, stream);
    for aggregate in &window.aggregates {
        let Some(spec) = &aggregate.window else { continue };
        let Some(source) = named(stream, &spec.source.value) else { continue };
        let own = anchor.is_some_and(|anchor| anchor.name.value == source.name.value);
        let Some(reason) = reason(spec, source, own) else { continue };
        let effect = if spec.keep_missing { "its fields keep their defaults" } else { "no row is ever written" };
        let message = format!("The window {} never has its blocks", quote(&aggregate.name.value));
        let help = match &source.kind {
            AggregateKind::Activity { .. } => "Make the window longer than the pause that ends a block",
            _ => "Give the session a `Split`, or read its one block with `anchor.field`",
        };
        let label = format!("{reason}; {effect}");
        diagnostics.push(Diagnostic::warning(codes::NO_HISTORY, message, spec.source.span, label).help(help));
    }
}

/// Why the window is always short of blocks. `own`: its source is what the anchor tests.
fn reason(spec: &WindowSpec, source: &Aggregate, own: bool) -> Option<String> {
    let name = quote(&source.name.value);
    let near_included = if spec.value < 0 { spec.include_upper } else { spec.include_lower };
    // A count never takes the anchor, nor does the calendar; another window does where its near bound belongs to it.
    let leaves_anchor = spec.kind == WindowKind::Count || spec.calendar.is_some() || !near_included;
    if is_one_block(source) {
        if own && leaves_anchor {
            return Some(format!("{name} makes one block for each identity: the anchor itself"));
        }
        let short = spec.kind == WindowKind::Count && spec.value.unsigned_abs() > 1;
        return short.then(|| format!("{name} makes one block for each identity"));
    }
    let AggregateKind::Activity { gap_seconds } = source.kind else { return None };
    let unit: i64 = match spec.kind {
        WindowKind::Count => return None,
        WindowKind::Day => 86_400,
        WindowKind::Hour => 3_600,
    };
    // The calendar's days lie beside the anchor's own, and one may have an hour more.
    let beside = if spec.calendar.is_some() { unit + 3_600 } else { 0 };
    let reach = spec.value.saturating_abs().saturating_mul(unit).saturating_add(beside);
    let short = own && leaves_anchor && reach <= gap_seconds;
    short.then(|| format!("blocks of {name} begin more than {gap_seconds} seconds apart"))
}

fn is_one_block(aggregate: &Aggregate) -> bool {
    matches!(&aggregate.kind, AggregateKind::Session { split: None })
}
