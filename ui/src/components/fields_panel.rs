//! Fields of the ticked samples: type, how many records have them, examples on hover.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{SampleField, SampleReport};
use wasm_bindgen_futures::JsFuture;

use super::roving::rove;
use crate::page_js;
use crate::state::format::percent;
use crate::state::use_studio;

#[component]
pub fn FieldsPanel() -> impl IntoView {
    let studio = use_studio();
    let fields = Memo::new(move |_| {
        let list = studio.samples.list.get();
        studio.samples.reports.with(|reports| {
            let ticked = list.iter().filter(|sample| sample.selected);
            merge(ticked.filter_map(|sample| reports.get(&sample.id.0)?.as_ref().ok()))
        })
    });
    view! {
        <Show when=move || fields.with(|fields| !fields.is_empty())>
            <section class="fields" data-testid="fields" on:keydown=|event| rove(&event)>
                <header>
                    <h2>"Fields"</h2>
                    <span class="row-note">"share of records"</span>
                </header>
                <For each=move || fields.get() key=|field| (field.path.clone(), field.types.clone()) let:field>
                    <FieldRow field />
                </For>
            </section>
        </Show>
    }
}

#[component]
fn FieldRow(field: SampleField) -> impl IntoView {
    let studio = use_studio();
    let name = format!("source.{}", field.path);
    let copied = name.clone();
    let copy = move |_| {
        let (name, copying) = (copied.clone(), JsFuture::from(page_js::copy_text(&copied)));
        spawn_local(async move {
            match copying.await.is_ok_and(|done| done.is_truthy()) {
                true => studio.toasts.note(format!("Copied {name}")),
                false => studio.toasts.error("The browser keeps its clipboard to itself; select the name by hand."),
            }
        });
    };
    let examples = field.examples.join("\n");
    let title = format!(
        "{name}\n{}\nin {} of the records\n\n{examples}\n\nClick to copy the name",
        field.types.join(", "),
        percent(field.share)
    );
    view! {
        <button class="row field" data-item data-testid="field" title=title on:click=copy>
            <span class="row-name"><span class="dim">"source."</span>{field.path}</span>
            <span class="row-note type">{field.types.first().cloned()}</span>
            <span class="row-note share">{percent(field.share)}</span>
        </button>
    }
}

/// Fields of several samples as one list, by path; shares weighted by the records that were looked at.
fn merge<'a>(reports: impl Iterator<Item = &'a SampleReport>) -> Vec<SampleField> {
    let mut all: BTreeMap<String, (SampleField, f64)> = BTreeMap::new();
    let mut order: Vec<String> = Vec::new();
    let mut records = 0.0;
    for report in reports {
        let weight = report.records as f64;
        records += weight;
        for field in &report.fields {
            let entry = all.entry(field.path.clone()).or_insert_with(|| {
                order.push(field.path.clone());
                (SampleField { types: Vec::new(), examples: Vec::new(), ..field.clone() }, 0.0)
            });
            entry.1 += field.share * weight;
            extend(&mut entry.0.types, &field.types, usize::MAX);
            extend(&mut entry.0.examples, &field.examples, 3);
        }
    }
    let finished = order.into_iter().filter_map(|path| all.remove(&path));
    finished
        .map(|(field, sum)| SampleField { share: if records > 0.0 { sum / records } else { 0.0 }, ..field })
        .collect()
}

fn extend(all: &mut Vec<String>, more: &[String], most: usize) {
    for text in more {
        if all.len() < most && !all.contains(text) {
            all.push(text.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(records: u64, share: f64) -> SampleReport {
        let field = SampleField {
            path: "a".to_owned(),
            types: vec!["text".to_owned()],
            share,
            examples: vec!["\"x\"".to_owned()],
        };
        SampleReport { format: "JSON Lines".to_owned(), notices: Vec::new(), records, fields: vec![field] }
    }

    #[test]
    fn shares_are_weighted_by_records() {
        let (one, two) = (report(100, 1.0), report(300, 0.0));
        let merged = merge([&one, &two].into_iter());
        assert_eq!(merged.len(), 1);
        assert!((merged[0].share - 0.25).abs() < 1e-9);
        assert_eq!(merged[0].examples.len(), 1);
    }

    #[test]
    fn no_records_give_no_share() {
        assert_eq!(merge([&report(0, 0.0)].into_iter())[0].share, 0.0);
    }
}
