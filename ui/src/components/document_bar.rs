//! The head of a report page: which document it is of, and the way to edit it.

use leptos::prelude::*;
use studio_api::DocumentKind;

use super::icon::icon;
use crate::state::use_studio;

#[component]
pub fn DocumentBar(title: &'static str, kind: DocumentKind, chosen: RwSignal<Option<String>>) -> impl IntoView {
    let studio = use_studio();
    let documents = studio.documents;
    let names = Memo::new(move |_| {
        documents
            .list
            .with(|list| list.iter().filter(|info| info.kind == kind).map(|info| info.name.clone()).collect::<Vec<_>>())
    });
    let current = move || chosen.get().or_else(|| documents.first(kind)).unwrap_or_default();
    let choose = move |event| {
        chosen.set(Some(event_target_value(&event)));
        studio.changed();
    };
    view! {
        <header class="page-head">
            <h1>{title}</h1>
            <Show
                when=move || { names.with(Vec::len) > 1 }
                fallback=move || view! { <code>{current}</code> }
            >
                <select aria-label="Document" on:change=choose>
                    {move || names.get().into_iter().map(|name| {
                        let selected = name == current();
                        view! { <option selected=selected value=name.clone()>{name.clone()}</option> }
                    }).collect_view()}
                </select>
            </Show>
            <button class="button small" data-testid="edit-document" on:click=move |_| documents.show(studio, &current())>
                {icon("edit")}
                "Edit document"
            </button>
        </header>
    }
}
