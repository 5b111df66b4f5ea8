//! The order of a flow's steps: from the first one every step is reached, an end is reached from every step,
//! and a model is made before it is used. Going back is what `EverySeconds` of a check is for.

use std::collections::BTreeSet;

use crate::codes;
use crate::diagnostic::{Diagnostic, quote};
use crate::pipeline::{Record, Value};
use crate::read::Reader;
use crate::rules::parts::ENDS;

pub fn check(reader: &mut Reader, root: &Record) {
    for flow in root.list("Flows") {
        let steps = flow.list("Steps");
        circles(reader, steps);
        unreached(reader, steps);
        models(reader, steps);
    }
}

fn place(steps: &[Record], name: &str) -> Option<usize> {
    steps.iter().position(|step| step.name().is_some_and(|own| own.value == name))
}

/// Where a step leads; nothing for an end. Unknown names lead on, they have been reported.
fn after(steps: &[Record], at: usize) -> Vec<usize> {
    let below = (at + 1 < steps.len()).then_some(at + 1);
    let mut found = Vec::new();
    for attribute in ["Next", "Else"] {
        match steps[at].text(attribute) {
            Some(name) if ENDS.contains(&name.value.as_str()) => {}
            Some(name) => found.extend(place(steps, &name.value).or(below)),
            None if attribute == "Next" => found.extend(below),
            None => {}
        }
    }
    found
}

/// A step that leads back to one above it would run for ever.
fn circles(reader: &mut Reader, steps: &[Record]) {
    for (at, step) in steps.iter().enumerate() {
        for attribute in ["Next", "Else"] {
            let Some(name) = step.text(attribute) else { continue };
            let Some(to) = place(steps, &name.value).filter(|to| *to <= at) else { continue };
            let Some(first) = steps[to].name() else { continue };
            let message = format!("{} leads back to {}", quote(&own_name(step)), quote(&name.value));
            let fault = Diagnostic::error(codes::CIRCULAR_STEPS, message, name.span, "the flow would never end");
            let fault = fault.other(first.span, "it is further up");
            reader.report(fault.help(
                "Name a step further down, `stop` or `fail`; to wait for something, give a check `EverySeconds`",
            ));
        }
    }
}

fn unreached(reader: &mut Reader, steps: &[Record]) {
    let mut reached = BTreeSet::new();
    let mut open: Vec<usize> = if steps.is_empty() { Vec::new() } else { vec![0] };
    while let Some(at) = open.pop() {
        if reached.insert(at) {
            open.extend(after(steps, at));
        }
    }
    for (at, step) in steps.iter().enumerate().filter(|(at, _)| !reached.contains(at)) {
        let Some(name) = step.name() else { continue };
        // One message for a row of them.
        if at > 0 && !reached.contains(&(at - 1)) {
            continue;
        }
        let message = format!("Nothing leads to the step {}", quote(&name.value));
        let mut fault = Diagnostic::error(codes::UNREACHED_STEP, message, name.span, "it never runs");
        if let Some(before) = at.checked_sub(1).and_then(|before| steps[before].text("Next")) {
            fault = fault.other(before.span, "the step above leads elsewhere");
        }
        reader.report(fault.help("Name it in `Next` or `Else` of a step above, or delete it"));
    }
}

/// A model that no step above makes.
fn models(reader: &mut Reader, steps: &[Record]) {
    for (at, step) in steps.iter().enumerate() {
        for attribute in ["From", "Model"] {
            let Some(Value::Text(name)) = step.get(attribute) else { continue };
            let Some(maker) = place(steps, &name.value).filter(|maker| *maker >= at) else { continue };
            let Some(made) = steps[maker].name() else { continue };
            let message = format!("{} is not yet made when it is used", quote(&name.value));
            let fault = Diagnostic::error(codes::CIRCULAR_STEPS, message, name.span, "this comes first");
            let label = if maker == at { "this is the step itself" } else { "it is made here" };
            reader.report(fault.other(made.span, label).help("Put the step that makes it above"));
        }
    }
}

fn own_name(step: &Record) -> String {
    step.name().map(|name| name.value.clone()).unwrap_or_default()
}
