//! One tab per open document: a dot while it is not saved, a cross to close it.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use crate::components::icon::icon;
use crate::components::roving::rove;
use crate::state::use_studio;

#[component]
pub fn DocumentTabs() -> impl IntoView {
    let studio = use_studio();
    view! {
        <div class="tabs document-tabs" role="tablist" aria-label="Open documents" on:keydown=|event| rove(&event)>
            <For each=move || studio.documents.open.get() key=|name| name.clone() let:name>
                <DocumentTab name />
            </For>
        </div>
    }
}

#[component]
fn DocumentTab(name: String) -> impl IntoView {
    let studio = use_studio();
    let documents = studio.documents;
    let name = StoredValue::new(name);
    let active =
        Memo::new(move |_| documents.active.with(|active| active.as_deref() == Some(name.get_value().as_str())));
    let dirty = Memo::new(move |_| documents.is_dirty(&name.get_value()));
    let errors = Memo::new(move |_| {
        documents.checked.with(|checked| {
            checked.problems.iter().any(|problem| problem.is_error() && problem.document == name.get_value())
        })
    });
    let close = move || documents.close_tab(&name.get_value());
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Delete" {
            close();
        }
    };
    view! {
        <div class="tab document-tab" class:active=move || active.get() class:dirty=move || dirty.get() class:faulty=move || errors.get()>
            <button
                role="tab"
                class="tab-name"
                data-item
                data-testid=format!("document-tab-{}", name.get_value())
                tabindex=move || if active.get() { "0" } else { "-1" }
                aria-selected=move || active.get().to_string()
                title=move || if dirty.get() { "Not saved: Ctrl-S writes it to its file" } else { "" }
                on:click=move |_| documents.show(studio, &name.get_value())
                on:auxclick=move |event| if event.button() == 1 { close() }
                on:keydown=on_key
            >
                {name.get_value()}
                <Show when=move || dirty.get()>
                    <span class="dot" role="img" aria-label="not saved"></span>
                </Show>
            </button>
            <button class="tab-close" tabindex="-1" aria-label=format!("Close {}", name.get_value()) on:click=move |_| close()>
                {icon("close")}
            </button>
        </div>
    }
}
