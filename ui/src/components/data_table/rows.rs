//! The rows that are in the page: placed by their number, drawn from the pages that were read.

use leptos::prelude::*;

use super::columns;
use super::extent::ROW;
use super::grid::{Grid, Place};
use super::pages::ShownRow;

/// Letters of a value that a cell and its title hold; a map can be megabytes.
const CELL: usize = 300;
const TITLE: usize = 3000;

#[component]
pub fn Rows(grid: Grid, id: StoredValue<String>) -> impl IntoView {
    let height = move || format!("height:{}px", grid.extent.get().spacer());
    view! {
        <div class="table-body" role="rowgroup" style=height>
            <For each=move || grid.drawn() key=|row| *row let:row>
                <TableRow grid id row />
            </For>
        </div>
    }
}

#[component]
fn TableRow(grid: Grid, id: StoredValue<String>, row: u64) -> impl IntoView {
    let top = move || {
        let place = row as f64 * ROW;
        // A scaled table scrolls over fewer pixels than its rows are high: rows move with the position.
        let moved = if grid.extent.get().scale() == 1.0 { 0.0 } else { grid.scroll_top.get() - grid.offset.get() };
        format!("top:{}px", place + moved)
    };
    let shown = Memo::new(move |_| grid.pages.with(|pages| pages.row(row)));
    let cells = move || match shown.get() {
        Some(shown) => cells(grid, id, row, &shown).into_any(),
        None => view! { <div class="table-cell loading" role="gridcell" aria-label="Loading">"…"</div> }.into_any(),
    };
    view! {
        <div
            class="table-row table-columns"
            class:odd=row % 2 == 1
            class:old=move || shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.old))
            role="row"
            aria-rowindex=row + 2
            style=top
            data-testid="row"
            data-row=row
        >
            {cells}
        </div>
    }
}

fn cells(grid: Grid, id: StoredValue<String>, row: u64, shown: &ShownRow) -> impl IntoView + use<> {
    let numbers: Vec<bool> = grid.table.with(|table| table.columns.iter().map(columns::is_number).collect());
    let cell = |(column, value): (usize, &Option<String>)| {
        let place = Place { row: Some(row), column };
        let number = numbers.get(column).copied().unwrap_or(false);
        let (text, title) = match value {
            Some(value) => (clipped(value, CELL), clipped(value, TITLE)),
            None => ("–".to_owned(), "no value".to_owned()),
        };
        view! {
            <div
                class="table-cell"
                class:number=number
                class:null=value.is_none()
                class:changed=shown.changed.contains(&column)
                class:selected=move || grid.selected.get() == Some(place)
                id=id.with_value(|id| format!("{id}-{row}-{column}"))
                role="gridcell"
                aria-colindex=column + 1
                aria-selected=move || (grid.selected.get() == Some(place)).to_string()
                title=title
                data-testid="cell"
                on:mousedown=move |_| grid.select(place)
                on:click=move |_| {
                    grid.explain(false);
                }
            >
                {text}
            </div>
        }
    };
    shown.cells().iter().enumerate().map(cell).collect_view()
}

fn clipped(value: &str, letters: usize) -> String {
    match value.char_indices().nth(letters) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::clipped;

    #[test]
    fn clips_between_letters() {
        assert_eq!(clipped("äöü", 2), "äö…");
        assert_eq!(clipped("äöü", 3), "äöü");
    }
}
