//! A table of a run's rows at any size: only what shows is in the page and read from the host.
//!
//! Refuses to hold rows of its own beyond the pages it read; the host sorts and filters.

mod columns;
mod extent;
mod grid;
mod head;
mod keys;
mod pages;
mod rows;

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use studio_api::{RunId, TableInfo};
use wasm_bindgen::prelude::*;
use web_sys::WheelEvent;

use crate::page_js;
use crate::state::format::{counted, thousands};
use crate::state::use_studio;
use extent::ROW;
use grid::{Grid, Place};
use head::Head;
use pages::Pages;
use rows::Rows;

/// Typing in the filter box asks the host when it pauses this long.
const FILTER_AFTER: Duration = Duration::from_millis(180);

#[component]
pub fn DataTable(
    #[prop(into)] table: Signal<TableInfo>,
    #[prop(into)] run: Signal<RunId>,
    /// Whether documents computed its cells, so that they have a story.
    #[prop(optional)]
    explained: bool,
) -> impl IntoView {
    let studio = use_studio();
    let grid = Grid::new(table, run, explained.then_some(studio.told));
    Effect::new(move |_| {
        if let Some(identity) = grid.selected.get().and_then(|_| grid.selected_identity()) {
            studio.looked_at.identity.set(Some(identity));
        }
    });
    view! {
        <div class="data-table" data-testid="data-table">
            <Bar grid />
            <Scroller grid />
            <Notice grid />
        </div>
    }
}

/// The filter box, and how many rows it left.
#[component]
fn Bar(grid: Grid) -> impl IntoView {
    let apply = debounced(move |text: String| {
        grid.filter.try_set(text);
    });
    let count = move || {
        let total = grid.pages.with(Pages::total).to_string();
        if grid.filter.with(|filter| filter.trim().is_empty()) {
            return counted(&total, "row", "rows");
        }
        let all = grid.table.with(|table| table.rows.clone());
        format!("{} of {}", thousands(&total), counted(&all, "row", "rows"))
    };
    view! {
        <div class="table-bar">
            <input
                type="search"
                class="field table-filter"
                placeholder="Filter rows"
                aria-label="Filter rows"
                data-testid="filter"
                prop:value=move || grid.filter.get()
                on:input=move |event| apply(event_target_value(&event))
            />
            <span class="table-count" role="status" data-testid="row-count">{count}</span>
        </div>
    }
}

fn debounced(act: impl Fn(String) + Copy + 'static) -> impl Fn(String) {
    let timer = StoredValue::new(None::<TimeoutHandle>);
    move |text: String| {
        let handle = set_timeout_with_handle(move || act(text), FILTER_AFTER).ok();
        if let Some(old) = timer.try_update_value(|timer| std::mem::replace(timer, handle)).flatten() {
            old.clear();
        }
    }
}

/// One focusable grid; the selected cell is its active descendant.
#[component]
fn Scroller(grid: Grid) -> impl IntoView {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let id = StoredValue::new(format!("table-{}", NEXT.fetch_add(1, Ordering::Relaxed)));
    follow_height(grid.scroller, grid.height);
    let active = move || {
        let place = grid.selected.get()?;
        let row = place.row.map_or("h".to_owned(), |row| row.to_string());
        Some(id.with_value(|id| format!("{id}-{row}-{}", place.column)))
    };
    let columns = move || grid.table.with(|table| grid.widths.with(|widths| columns::template(&table.columns, widths)));
    let scroll = move |_| {
        if let Some(element) = grid.scroller.get_untracked() {
            grid.scrolled(f64::from(element.scroll_top()));
        }
    };
    view! {
        <div
            class="table-scroll"
            node_ref=grid.scroller
            role="grid"
            tabindex="0"
            aria-label=move || grid.table.with(|table| table.name.clone())
            aria-rowcount=move || grid.extent.get().rows + 1
            aria-colcount=move || grid.table.with(|table| table.columns.len())
            aria-activedescendant=active
            style:--columns=columns
            on:scroll=scroll
            on:wheel=move |event| on_wheel(grid, &event)
            on:keydown=move |event| keys::on_key(grid, &event)
            on:focus=move |_| select_first(grid)
        >
            <Head grid id />
            <Rows grid id />
        </div>
    }
}

/// Tab into the table lands on a cell, so that the focus is seen.
fn select_first(grid: Grid) {
    let visible = grid.extent.get_untracked().visible(grid.offset.get_untracked());
    if grid.selected.get_untracked().is_none() && !visible.is_empty() {
        grid.selected.set(Some(Place { row: Some(visible.start), column: 0 }));
    }
}

/// A scaled table would leap by the wheel: there the rows are moved by the wheel's own pixels.
fn on_wheel(grid: Grid, event: &WheelEvent) {
    let scaled = grid.extent.get_untracked().scale() != 1.0;
    if !scaled || event.ctrl_key() || event.shift_key() || event.delta_y() == 0.0 {
        return;
    }
    event.prevent_default();
    let unit = match event.delta_mode() {
        WheelEvent::DOM_DELTA_LINE => ROW,
        WheelEvent::DOM_DELTA_PAGE => grid.extent.get_untracked().view,
        _ => 1.0,
    };
    grid.scroll_to(grid.offset.get_untracked() + event.delta_y() * unit);
}

/// What stands in the place of rows: a fault, or that there are none.
#[component]
fn Notice(grid: Grid) -> impl IntoView {
    let empty = Memo::new(move |_| grid.pages.with(|pages| pages.total() == 0 && !pages.is_pending()));
    let filtered = Memo::new(move |_| grid.filter.with(|filter| !filter.trim().is_empty()));
    move || match grid.error.get() {
        Some(error) => view! {
            <div class="table-notice" role="alert">
                <p>{format!("The rows could not be read. {}", error.message)}</p>
                <button class="button" on:click=move |_| grid.retry()>"Try again"</button>
            </div>
        }
        .into_any(),
        None if empty.get() && filtered.get() => view! {
            <div class="table-notice">
                <p>"No row contains this text."</p>
                <button class="button" on:click=move |_| grid.filter.set(String::new())>"Clear filter"</button>
            </div>
        }
        .into_any(),
        None if empty.get() => {
            view! { <div class="table-notice"><p>"No rows: no event of the data leads here."</p></div> }.into_any()
        }
        None => ().into_any(),
    }
}

/// Keeps the element's height while it lives.
fn follow_height(element: NodeRef<html::Div>, height: RwSignal<f64>) {
    let stop = StoredValue::new_local(None::<(js_sys::Function, Closure<dyn FnMut(f64, f64)>)>);
    Effect::new(move |_| {
        if let Some(element) = element.get() {
            let on_size = Closure::<dyn FnMut(f64, f64)>::new(move |_, high: f64| {
                height.try_set(high);
            });
            let ending = page_js::watch_size(&element, &on_size);
            stop.set_value(Some((ending, on_size)));
        }
    });
    on_cleanup(move || {
        if let Some((ending, on_size)) = stop.try_update_value(Option::take).flatten() {
            // Stopping cannot fail in a way that the page could mend.
            let _ = ending.call0(&JsValue::NULL);
            drop(on_size);
        }
    });
}
