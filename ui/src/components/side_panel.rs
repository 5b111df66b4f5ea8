//! The project at the left: documents, functions, data, and the fields of the data.

use leptos::prelude::*;
use studio_api::{DocumentInfo, DocumentKind};

use super::data_panel::DataPanel;
use super::fields_panel::FieldsPanel;
use super::icon::icon;
use super::roving::rove;
use crate::state::dialogs::Dialog;
use crate::state::use_studio;

#[component]
pub fn SidePanel() -> impl IntoView {
    let studio = use_studio();
    let documents = studio.documents;
    let of = move |functions: bool| {
        documents.list.with(|list| {
            list.iter().filter(|info| (info.kind == DocumentKind::Function) == functions).cloned().collect::<Vec<_>>()
        })
    };
    view! {
        <nav class="side-panel" aria-label="Project" data-testid="project-tree">
            <section on:keydown=|event| rove(&event)>
                <header>
                    <h2>"Documents"</h2>
                    <button
                        class="icon-button"
                        aria-label="New document"
                        title="New document"
                        data-testid="new-document"
                        on:click=move |_| studio.dialog.set(Some(Dialog::NewDocument { kind: DocumentKind::Streaming }))
                    >
                        {icon("plus")}
                    </button>
                </header>
                <For each=move || of(false) key=|info| (info.name.clone(), info.kind as u8) let:info>
                    <DocumentRow info />
                </For>
            </section>
            <Show when=move || !of(true).is_empty()>
                <section on:keydown=|event| rove(&event)>
                    <header><h2>"Functions"</h2></header>
                    <For each=move || of(true) key=|info| (info.name.clone(), info.kind as u8) let:info>
                        <DocumentRow info />
                    </For>
                </section>
            </Show>
            <DataPanel />
            <FieldsPanel />
        </nav>
    }
}

fn kind_word(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Streaming => "streaming",
        DocumentKind::Window => "window",
        DocumentKind::Attribution => "attribution",
        DocumentKind::Join => "join",
        DocumentKind::Pipeline => "pipeline",
        DocumentKind::Function => "Rhai",
        DocumentKind::Unknown => "",
    }
}

fn badge(errors: usize) -> &'static str {
    if errors > 0 { "badge error" } else { "badge warning" }
}

#[component]
fn DocumentRow(info: DocumentInfo) -> impl IntoView {
    let studio = use_studio();
    let documents = studio.documents;
    let name = StoredValue::new(info.name);
    let kind = info.kind;
    let problems = Memo::new(move |_| {
        documents.checked.with(|checked| {
            let own = checked.problems.iter().filter(|problem| problem.document == name.get_value());
            own.fold((0usize, 0usize), |(errors, all), problem| (errors + usize::from(problem.is_error()), all + 1))
        })
    });
    let active = move || documents.active.with(|active| active.as_deref() == Some(name.get_value().as_str()));
    let dirty = Memo::new(move |_| documents.is_dirty(&name.get_value()));
    let shown = name.get_value().trim_start_matches("functions/").to_owned();
    view! {
        <button
            class="row"
            class:active=active
            class:faulty=move || { problems.get().0 > 0 }
            data-item
            data-testid=format!("document-{}", name.get_value())
            aria-current=move || active().then_some("true")
            title=name.get_value()
            on:click=move |_| documents.show(studio, &name.get_value())
        >
            {icon(if kind == DocumentKind::Function { "function" } else { "file" })}
            <span class="row-name">{shown}</span>
            <Show when=move || dirty.get()><span class="dot" role="img" aria-label="not saved"></span></Show>
            {move || match problems.get() {
                (_, 0) => view! { <span class="row-note">{kind_word(kind)}</span> }.into_any(),
                (errors, all) => view! { <span class=badge(errors)>{all}</span> }.into_any(),
            }}
        </button>
    }
}
