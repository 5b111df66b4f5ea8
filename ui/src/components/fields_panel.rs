//! Fields of the ticked samples: type, how many records have them, examples on hover.

use dtc_lang::DataField;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::roving::rove;
use crate::page_js;
use crate::state::format::percent;
use crate::state::use_studio;

#[component]
pub fn FieldsPanel() -> impl IntoView {
    let studio = use_studio();
    let fields = Memo::new(move |_| studio.samples.fields());
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
fn FieldRow(field: DataField) -> impl IntoView {
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
