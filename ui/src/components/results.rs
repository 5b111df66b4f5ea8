//! The run's tables at the right: a tab each, rows below. Before there are any: what is missing.

use leptos::prelude::*;
use studio_api::{DocumentKind, RunId, TableInfo, TableKind};

use super::data_table::DataTable;
use super::empty::Empty;
use super::file_input::AddData;
use super::roving::rove;
use super::run_notice::RunNotice;
use super::story::StoryPanel;
use crate::state::dialogs::Dialog;
use crate::state::format::{counted, thousands};
use crate::state::layout::BottomTab;
use crate::state::preview::{RunState, Standing};
use crate::state::use_studio;

/// Tables of rows; unusable events and dropped rows have their place below.
fn is_result(table: &TableInfo) -> bool {
    !matches!(table.kind, TableKind::Unusable | TableKind::Dropped)
}

#[component]
pub fn Results() -> impl IntoView {
    let studio = use_studio();
    let chosen = RwSignal::new(None::<String>);
    let names = Memo::new(move |_| {
        studio.preview.good.with(|good| {
            let tables = good.iter().flat_map(|good| good.summary.tables.iter()).filter(|table| is_result(table));
            tables.map(|table| table.name.clone()).collect::<Vec<_>>()
        })
    });
    let name = Memo::new(move |_| {
        let chosen = chosen.get();
        names.with(|names| chosen.filter(|chosen| names.contains(chosen)).or_else(|| names.first().cloned()))
    });
    let old = Memo::new(move |_| studio.preview.is_old(studio));
    view! {
        <section class="results" aria-label="Results" class:old=move || old.get()>
            <div class="tabs" role="tablist" aria-label="Tables" on:keydown=|event| rove(&event)>
                <For each=move || names.get() key=|name| name.clone() let:table>
                    <TableTab table current=name chosen />
                </For>
            </div>
            <div class="results-body" role="tabpanel">
                {move || match name.get() {
                    Some(name) => view! { <ResultTable name explained=true /> }.into_any(),
                    None => view! { <NoResults /> }.into_any(),
                }}
                <RunNotice />
            </div>
            <Show when=move || studio.told.is_open()><StoryPanel /></Show>
        </section>
    }
}

#[component]
fn TableTab(table: String, current: Memo<Option<String>>, chosen: RwSignal<Option<String>>) -> impl IntoView {
    let studio = use_studio();
    let name = StoredValue::new(table);
    let active = move || current.with(|current| current.as_deref() == Some(name.get_value().as_str()));
    let rows = move || studio.preview.table(|table| table.name == name.get_value()).map(|table| thousands(&table.rows));
    view! {
        <button
            class="tab"
            class:active=active
            role="tab"
            data-item
            data-testid=format!("tab-{}", name.get_value())
            aria-selected=move || active().to_string()
            tabindex=move || if active() { "0" } else { "-1" }
            on:click=move |_| chosen.set(Some(name.get_value()))
        >
            {name.get_value()}
            <span class="count" data-testid=format!("rows-{}", name.get_value())>{rows}</span>
        </button>
    }
}

/// The rows of one of the last good run's tables, followed from run to run.
#[component]
pub fn ResultTable(name: String, #[prop(optional)] explained: bool) -> impl IntoView {
    let studio = use_studio();
    let missing = TableInfo { name: name.clone(), kind: TableKind::Session, columns: Vec::new(), rows: "0".to_owned() };
    let table = Memo::new(move |_| studio.preview.table(|table| table.name == name).unwrap_or_else(|| missing.clone()));
    let run = Memo::new(move |_| {
        studio.preview.good.with(|good| good.as_ref().map_or(RunId(String::new()), |good| good.run.clone()))
    });
    view! { <DataTable table=table run=run explained=explained /> }
}

/// Nothing ran yet: the one thing to do about it.
#[component]
fn NoResults() -> impl IntoView {
    let studio = use_studio();
    let standing = Memo::new(move |_| studio.preview.standing(studio));
    move || {
        match standing.get() {
        Standing::NoDocument => view! {
            <Empty title="Results" text="Rows of identities, sessions and windows appear here, made by a streaming document.">
                <button class="button primary" on:click=move |_| studio.dialog.set(Some(Dialog::NewDocument { kind: DocumentKind::Streaming }))>
                    "New streaming document…"
                </button>
            </Empty>
        }
        .into_any(),
        Standing::NoData => view! {
            <Empty title="Results" text="Rows appear here as soon as there is data. Drop raw data anywhere on this window, or choose files.">
                <AddData class="button primary" testid="add-data-empty">"Add data…"</AddData>
            </Empty>
        }
        .into_any(),
        Standing::Errors(count) => {
            let text = format!("Rows appear here once {} in the documents {} mended.", counted(&count.to_string(), "error", "errors"), if count == 1 { "is" } else { "are" });
            view! {
                <Empty title="Results" text=text>
                    <button class="button primary" on:click=move |_| studio.layout.show_bottom(BottomTab::Problems)>"Show problems"</button>
                </Empty>
            }
            .into_any()
        }
        Standing::Failed | Standing::Stopped => view! { <NoRun /> }.into_any(),
        Standing::Running | Standing::Pending | Standing::UpToDate => view! { <div class="empty"><p>"Running…"</p></div> }.into_any(),
    }
    }
}

#[component]
fn NoRun() -> impl IntoView {
    let studio = use_studio();
    let text = Signal::derive(move || match studio.preview.state.get() {
        RunState::Failed(error) => error.message,
        _ => "The run was stopped before it had rows.".to_owned(),
    });
    view! {
        <Empty title="No rows" text=text>
            <button class="button primary" on:click=move |_| studio.preview.start(studio)>"Run again"</button>
        </Empty>
    }
}
