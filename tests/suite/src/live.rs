//! A run that follows edits gives what a run from the start gives: each field of each case is edited in turn,
//! and taken back.

use dtc_engine::{Cancel, Events, Live, Options, Output, Plan, Silent};
use dtc_expr::{FieldType, Functions, Mode};
use dtc_lang::document::{Expression, Field, Streaming, Window};
use libtest_mimic::{Failed, Trial};

use crate::runs::{Job, cases, folder};

pub fn trials() -> Vec<Trial> {
    let in_order = |(_, path): &(String, std::path::PathBuf)| path.join("events.jsonl").exists();
    cases(&folder("runs"))
        .into_iter()
        .filter(in_order)
        .map(|(name, path)| Trial::test(format!("live::{name}"), move || case(&path)))
        .collect()
}

fn case(path: &std::path::Path) -> Result<(), Failed> {
    let streaming = path.join("streaming.yaml");
    let window = Some(path.join("window.yaml")).filter(|window| window.exists());
    let data = vec![path.join("events.jsonl")];
    let job = Job { window: window.as_deref(), ..Job::new(&streaming, &data) };
    let (streaming, window) = job.documents()?;
    let first = plan(&streaming, window.as_ref())?;
    let events = job.rows(&first)?;
    let mut live = going(Live::start(first.clone(), &events, 2, &Cancel::default(), &Silent))?;
    for edited in edits(&streaming, window.as_ref()) {
        let Ok(planned) = plan(&edited.streaming, edited.window.as_ref()) else { continue };
        // An edit may read what was not read before; the studio then reads anew.
        if !events.cover(&planned) {
            continue;
        }
        for (plan, what) in [(&planned, "after"), (&first, "taking back")] {
            same(&mut live, plan, &events).map_err(|fault| format!("{what} {}: {fault}", edited.what))?;
        }
    }
    Ok(())
}

fn same(live: &mut Live, plan: &Plan, events: &Events) -> Result<(), String> {
    let changed = going(live.update(plan.clone(), events, 2, &Cancel::default(), &Silent))?;
    let anew =
        dtc_engine::run(plan, events, 1, &Cancel::default(), &Silent).map_err(|stopped| format!("{stopped:?}"))?;
    let told = |output: &Output| {
        let dropped: Vec<_> = output.identities.iter().map(|identity| &identity.dropped).collect();
        format!("{:#?}\n{:#?}\n{dropped:#?}", output.tables(plan), output.faults)
    };
    let (found, expected) = (told(live.output()), told(&anew));
    match found.lines().zip(expected.lines()).find(|(found, expected)| found != expected) {
        Some((found, expected)) => Err(format!("{found} instead of {expected}, where the edit changed {changed:?}")),
        None if found.len() != expected.len() => Err("there is more or less than in a run from the start".to_owned()),
        None => Ok(()),
    }
}

struct Edited {
    what: String,
    streaming: Streaming,
    window: Option<Window>,
}

/// Each field with another value, and with another condition.
fn edits(streaming: &Streaming, window: Option<&Window>) -> Vec<Edited> {
    let mut all = Vec::new();
    for (place, aggregate) in streaming.aggregates.iter().enumerate() {
        for (nth, field) in aggregate.fields.iter().enumerate() {
            for edit in [other_value, other_condition] {
                let mut streaming = streaming.clone();
                edit(&mut streaming.aggregates[place].fields[nth]);
                let what = format!("{}.{}", aggregate.name.value, field.name.value);
                all.push(Edited { what, streaming, window: window.cloned() });
            }
        }
    }
    for (place, aggregate) in window.iter().flat_map(|window| window.aggregates.iter().enumerate()) {
        for (nth, field) in aggregate.fields.iter().enumerate() {
            let mut window = window.cloned();
            window.iter_mut().for_each(|window| other_value(&mut window.aggregates[place].fields[nth]));
            let what = format!("{}.{} of the window document", aggregate.name.value, field.name.value);
            all.push(Edited { what, streaming: streaming.clone(), window });
        }
    }
    all
}

fn other_value(field: &mut Field) {
    let text = &field.value.text;
    let other = match field.field_type {
        FieldType::Integer | FieldType::Float => format!("({text}) + 1"),
        FieldType::String => format!("str({text}) + '!'"),
        FieldType::Boolean => format!("not ({text})"),
        _ => format!("({text}) if True else None"),
    };
    field.value = Expression { text: other, offsets: None, ..field.value.clone() };
}

fn other_condition(field: &mut Field) {
    let span = field.value.span;
    let text = match &field.when {
        Some(when) => format!("not ({})", when.text),
        None => "time.minute < 30".to_owned(),
    };
    field.when = Some(Expression { text, span, offsets: None });
}

fn plan(streaming: &Streaming, window: Option<&Window>) -> Result<Plan, Failed> {
    let planned = dtc_engine::plan(streaming, window, &Functions::default(), &Options { mode: None::<Mode> });
    planned.map_err(|diagnostics| format!("{diagnostics:?}").into())
}

fn going<T>(ran: Result<T, dtc_engine::Stopped>) -> Result<T, String> {
    ran.map_err(|stopped| format!("{stopped:?}"))
}
