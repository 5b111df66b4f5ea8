//! The panel at the bottom: problems, events that could not be used, dropped rows, output. Closed, only
//! its tabs stand, with their counts.

use leptos::prelude::*;
use studio_api::TableKind;

use super::icon::icon;
use super::output_list::OutputList;
use super::problem_list::ProblemList;
use super::results::ResultTable;
use super::roving::rove;
use super::splitter::Splitter;
use crate::state::format::thousands;
use crate::state::layout::{BottomTab, Sizes};
use crate::state::{Page, use_studio};

#[component]
pub fn BottomPanel() -> impl IntoView {
    let studio = use_studio();
    let layout = studio.layout;
    let shown = move || studio.page.get() == Page::Author;
    let open = Memo::new(move |_| layout.sizes.with(|sizes| sizes.bottom_open));
    let height = move || open.get().then(|| format!("{}px", layout.sizes.with(|sizes| sizes.bottom)));
    let share = Signal::derive(move || layout.sizes.with(|sizes| sizes.bottom / 6.0));
    view! {
        <Show when=shown>
            <Show when=move || open.get()>
                <Splitter
                    label="Height of the bottom panel"
                    vertical=false
                    value=share
                    on_move=Callback::new(move |by| layout.change(|sizes| sizes.bottom -= by))
                    on_reset=Callback::new(move |()| layout.change(|sizes| sizes.bottom = Sizes::default().bottom))
                />
            </Show>
            <section class="bottom-panel" class:closed=move || !open.get() aria-label="Problems and output" style:height=height>
                <BottomTabs open />
                <Show when=move || open.get()><BottomBody /></Show>
            </section>
        </Show>
    }
}

#[component]
fn BottomBody() -> impl IntoView {
    let studio = use_studio();
    let rows = move |kind| rows_of(studio.preview.table_of_kind(kind).map(|table| table.name));
    view! {
        <div class="bottom-body" role="tabpanel">
            {move || match studio.layout.bottom_tab.get() {
                BottomTab::Problems => ProblemList().into_any(),
                BottomTab::Unusable => rows(TableKind::Unusable),
                BottomTab::Dropped => rows(TableKind::Dropped),
                BottomTab::Output => OutputList().into_any(),
            }}
        </div>
    }
}

fn rows_of(table: Option<String>) -> AnyView {
    match table {
        Some(name) => view! { <ResultTable name /> }.into_any(),
        None => view! { <p class="quiet">"None in the last run."</p> }.into_any(),
    }
}

#[component]
fn BottomTabs(open: Memo<bool>) -> impl IntoView {
    let studio = use_studio();
    let faults = move || studio.preview.good.with(|good| good.as_ref().map_or(0, |good| good.summary.faults.len()));
    let problems = Signal::derive(move || {
        let count = studio.documents.checked.with(|checked| checked.problems.len()) + faults();
        count.to_string()
    });
    let rows = move |kind| studio.preview.table_of_kind(kind).map_or("0".to_owned(), |table| thousands(&table.rows));
    let unusable = Signal::derive(move || rows(TableKind::Unusable));
    let dropped = Signal::derive(move || rows(TableKind::Dropped));
    let none = Signal::derive(String::new);
    view! {
        <div class="tabs" role="tablist" aria-label="Bottom panel" on:keydown=|event| rove(&event)>
            <BottomTabButton tab=BottomTab::Problems title="Problems" testid="bottom-problems" count=problems />
            <BottomTabButton tab=BottomTab::Unusable title="Unusable events" testid="bottom-unusable" count=unusable />
            <Show when=move || studio.preview.table_of_kind(TableKind::Dropped).is_some()>
                <BottomTabButton tab=BottomTab::Dropped title="Dropped rows" testid="bottom-dropped" count=dropped />
            </Show>
            <BottomTabButton tab=BottomTab::Output title="Output" testid="bottom-output" count=none />
            <span class="grow"></span>
            <button
                class="icon-button"
                class:up=move || !open.get()
                aria-label="Open or close the panel (Ctrl-J)"
                title="Open or close the panel (Ctrl-J)"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| studio.layout.change(|sizes| sizes.bottom_open = !sizes.bottom_open)
            >
                {icon("chevron")}
            </button>
        </div>
    }
}

#[component]
fn BottomTabButton(tab: BottomTab, title: &'static str, testid: &'static str, count: Signal<String>) -> impl IntoView {
    let layout = use_studio().layout;
    let active = move || layout.sizes.with(|sizes| sizes.bottom_open) && layout.bottom_tab.get() == tab;
    let reachable = move || layout.bottom_tab.get() == tab;
    let toggle = move |_| match active() {
        true => layout.change(|sizes| sizes.bottom_open = false),
        false => layout.show_bottom(tab),
    };
    view! {
        <button
            class="tab"
            class:active=active
            class:zero=move || count.get() == "0"
            role="tab"
            data-item
            data-testid=testid
            aria-selected=move || active().to_string()
            tabindex=move || if reachable() { "0" } else { "-1" }
            on:click=toggle
        >
            {title}
            <Show when=move || !count.get().is_empty()><span class="count">{move || count.get()}</span></Show>
        </button>
    }
}
