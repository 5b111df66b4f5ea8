//! The sticky head: name, type under it, sort toggle, and an edge to pull for the column's width.

use leptos::prelude::*;
use studio_api::ColumnInfo;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

use super::columns;
use super::grid::{Grid, Place};

#[component]
pub fn Head(grid: Grid, id: StoredValue<String>) -> impl IntoView {
    let heads = move || grid.table.with(|table| table.columns.iter().cloned().enumerate().collect::<Vec<_>>());
    view! {
        <div class="table-head" role="rowgroup">
            <div class="table-columns" role="row" aria-rowindex="1">
                <For each=heads key=|(place, column)| (*place, column.name.clone(), column.field_type.clone()) let:head>
                    <HeadCell grid id place=head.0 column=head.1 />
                </For>
            </div>
        </div>
    }
}

#[component]
fn HeadCell(grid: Grid, id: StoredValue<String>, place: usize, column: ColumnInfo) -> impl IntoView {
    let number = columns::is_number(&column);
    let (heading, field_type) = (column.name.clone(), column.field_type.clone());
    let name = StoredValue::new(column.name.clone());
    let sorted = Memo::new(move |_| {
        grid.sort.with(|sort| {
            sort.as_ref().filter(|sort| name.with_value(|name| sort.column == *name)).map(|sort| sort.descending)
        })
    });
    let title = format!("{}: {}. Click to sort.", column.name, column.field_type);
    let aria_sort = move || match sorted.get() {
        Some(false) => "ascending",
        Some(true) => "descending",
        None => "none",
    };
    let arrow = move || match sorted.get() {
        Some(false) => "▲",
        Some(true) => "▼",
        None => "",
    };
    let click = move |_| {
        grid.selected.set(Some(Place { row: None, column: place }));
        name.with_value(|name| grid.toggle_sort(name));
    };
    view! {
        <div
            class="table-name"
            class:number=number
            class:sorted=move || sorted.get().is_some()
            class:selected=move || grid.selected.get() == Some(Place { row: None, column: place })
            id=move || id.with_value(|id| format!("{id}-h-{place}"))
            role="columnheader"
            aria-colindex=place + 1
            aria-sort=aria_sort
            title=title
            data-testid="column"
            on:click=click
        >
            <span class="name">{heading}<span class="arrow" aria-hidden="true">{arrow}</span></span>
            <span class="type">{field_type}</span>
            <Edge grid place column />
        </div>
    }
}

/// Pulled by the pointer, double-clicked to fit. Keys do the same from the head itself.
#[component]
fn Edge(grid: Grid, place: usize, column: ColumnInfo) -> impl IntoView {
    let name = column.name.clone();
    // Pointer position and width at the moment of the press.
    let held = StoredValue::new(None::<(f64, f64)>);
    let press = move |event: PointerEvent| {
        event.prevent_default();
        event.stop_propagation();
        let width = grid.widths.with_untracked(|widths| columns::width(&column, widths));
        held.set_value(Some((f64::from(event.client_x()), width)));
        if let Some(edge) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
            // Without capture the pull ends at the edge of the head; nothing worse.
            let _ = edge.set_pointer_capture(event.pointer_id());
        }
    };
    let pull = move |event: PointerEvent| {
        if let Some((from, width)) = held.get_value() {
            grid.resize(&name, width + f64::from(event.client_x()) - from);
        }
    };
    view! {
        <span
            class="edge"
            aria-hidden="true"
            on:pointerdown=press
            on:pointermove=pull
            on:pointerup=move |_| held.set_value(None)
            on:pointercancel=move |_| held.set_value(None)
            on:click=|event| event.stop_propagation()
            on:dblclick=move |event| {
                event.stop_propagation();
                grid.fit(place);
            }
        ></span>
    }
}
