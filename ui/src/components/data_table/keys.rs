//! Keys of the table, as the ARIA grid pattern has them: arrows by cell, Home and End by column (with
//! Ctrl or ⌘ also by row), page keys; the heads are one more row above, where Enter sorts.

use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::grid::{Grid, Place};
use crate::page_js;
use crate::state::story::Told;

/// How much Shift and an arrow widen a column.
const STEP: f64 = 16.0;

pub fn on_key(grid: Grid, event: &KeyboardEvent) {
    if event.alt_key() {
        return;
    }
    let jump = event.ctrl_key() || event.meta_key();
    let key = event.key();
    let handled = match (key.as_str(), grid.selected.try_get_untracked().flatten()) {
        ("c" | "C", Some(_)) if jump => copy(grid),
        ("Enter", Some(Place { row: Some(_), .. })) => grid.explain(true),
        ("Escape", _) if grid.told.is_some_and(Told::is_open_now) => {
            grid.told.into_iter().for_each(Told::close);
            true
        }
        ("Escape", Some(_)) => {
            grid.selected.set(None);
            true
        }
        ("Enter" | " ", Some(Place { row: None, column })) => sort(grid, column),
        ("ArrowLeft" | "ArrowRight", Some(Place { row: None, column })) if event.shift_key() => {
            widen(grid, column, if key == "ArrowRight" { STEP } else { -STEP })
        }
        (_, place) => go(grid, &key, jump, place),
    };
    if handled {
        event.prevent_default();
        event.stop_propagation();
    }
}

fn go(grid: Grid, key: &str, jump: bool, place: Option<Place>) -> bool {
    let extent = grid.extent.try_get_untracked().filter(|extent| extent.rows > 0);
    let columns = grid.table.with_untracked(|table| table.columns.len());
    let (Some(extent), Some(last_column)) = (extent, columns.checked_sub(1)) else { return false };
    let first_visible = extent.visible(grid.offset.get_untracked()).start;
    let Some(place) = place else {
        let moves = matches!(
            key,
            "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight" | "PageUp" | "PageDown" | "Home" | "End"
        );
        if moves {
            grid.select(Place { row: Some(first_visible), column: 0 });
        }
        return moves;
    };
    let last = extent.rows - 1;
    let column = place.column.min(last_column);
    let down = |by: u64| Some(place.row.map_or(by - 1, |row| row.saturating_add(by)).min(last));
    let next = match key {
        "ArrowDown" => Place { row: down(1), column },
        "ArrowUp" => Place { row: place.row.and_then(|row| row.checked_sub(1)), column },
        "ArrowRight" => Place { column: (column + 1).min(last_column), ..place },
        "ArrowLeft" => Place { column: column.saturating_sub(1), ..place },
        "PageDown" => Place { row: down(extent.page()), column },
        "PageUp" => Place { row: place.row.map(|row| row.saturating_sub(extent.page())), column },
        "Home" if jump => Place { row: Some(0), column: 0 },
        "End" if jump => Place { row: Some(last), column: last_column },
        "Home" => Place { column: 0, ..place },
        "End" => Place { column: last_column, ..place },
        _ => return false,
    };
    grid.select(next);
    true
}

fn sort(grid: Grid, column: usize) -> bool {
    let Some(column) = grid.column(column) else { return false };
    grid.toggle_sort(&column.name);
    true
}

fn widen(grid: Grid, place: usize, by: f64) -> bool {
    let Some(column) = grid.column(place) else { return false };
    let width = grid.widths.with_untracked(|widths| super::columns::width(&column, widths));
    grid.resize(&column.name, width + by);
    true
}

fn copy(grid: Grid) -> bool {
    let Some(value) = grid.selected_value() else { return false };
    // Refused by the browser, the selection is still there to be read.
    let _ = page_js::copy_text(&value);
    true
}
