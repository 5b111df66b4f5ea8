//! The table's state: what is asked for, what came, where the user is. Reading and scrolling go through
//! here; the parts of the view only look.

use std::ops::Range;
use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{ApiError, ColumnInfo, Explain, Page, ReadRows, RunId, Sort, TableInfo};

use super::columns::{self, Widths};
use super::extent::{Extent, HEAD, with_margin};
use super::pages::{PAGE, Pages, Query, ShownRow};
use crate::backend;
use crate::state::story::Told;

/// Rows drawn beyond the visible ones, above and below.
const MARGIN: u64 = 12;
/// How long a changed cell is tinted.
const TINTED: Duration = Duration::from_millis(1600);

/// A cell, or a head (`row: None`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub row: Option<u64>,
    pub column: usize,
}

#[derive(Clone, Copy)]
pub struct Grid {
    pub table: Signal<TableInfo>,
    pub query: Memo<Query>,
    pub sort: RwSignal<Option<Sort>>,
    pub filter: RwSignal<String>,
    pub pages: RwSignal<Pages>,
    pub error: RwSignal<Option<ApiError>>,
    pub widths: RwSignal<Widths>,
    pub selected: RwSignal<Option<Place>>,
    /// Height of the scrolled element as it is laid out.
    pub height: RwSignal<f64>,
    pub extent: Memo<Extent>,
    pub scroll_top: RwSignal<f64>,
    /// Pixels above the first shown row; exact where `scroll_top` is too coarse.
    pub offset: RwSignal<f64>,
    pub scroller: NodeRef<html::Div>,
    /// Where the story of a cell is told, if the table's cells have one.
    pub told: Option<Told>,
    tint_serial: StoredValue<u64>,
}

impl Grid {
    pub fn new(table: Signal<TableInfo>, run: Signal<RunId>, told: Option<Told>) -> Grid {
        let (sort, filter) = (RwSignal::new(None::<Sort>), RwSignal::new(String::new()));
        let (pages, height) = (RwSignal::new(Pages::default()), RwSignal::new(0.0));
        let query = Memo::new(move |_| table.with(|table| make_query(table, run.get(), sort.get(), &filter.get())));
        let extent =
            Memo::new(move |_| Extent { rows: pages.with(Pages::total), view: (height.get() - HEAD).max(0.0) });
        let grid = Grid {
            table,
            query,
            sort,
            filter,
            pages,
            error: RwSignal::new(None),
            widths: RwSignal::new(Widths::new()),
            selected: RwSignal::new(None),
            height,
            extent,
            scroll_top: RwSignal::new(0.0),
            offset: RwSignal::new(0.0),
            scroller: NodeRef::new(),
            told,
            tint_serial: StoredValue::new(0),
        };
        grid.follow();
        grid
    }

    /// Reads what shows: anew for another query, further while scrolling.
    fn follow(self) {
        let drawn = Memo::new(move |_| {
            let rows = self.drawn();
            // By whole pages, so that scrolling within one asks for nothing.
            rows.start / PAGE * PAGE..rows.end.div_ceil(PAGE) * PAGE
        });
        Effect::new(move |before: Option<Query>| {
            let query = self.query.get();
            if before.as_ref() != Some(&query) {
                let rows = self.table.with_untracked(|table| table.rows.parse().unwrap_or(0));
                let reordered = before.is_some_and(|before| before.sort != query.sort || before.filter != query.filter);
                self.pages.update(|pages| pages.begin(query.clone(), rows));
                self.error.set(None);
                if reordered {
                    self.scroll_to(0.0);
                }
            }
            self.read(&query, drawn.get());
            query
        });
    }

    /// Asks for the rows that are drawn and not there.
    fn read(self, query: &Query, rows: Range<u64>) {
        // Not a change that anybody draws: the rows are as missing as before.
        let missing = self.pages.try_update_untracked(|pages| pages.wanted(rows)).unwrap_or_default();
        for page in missing {
            let query = query.clone();
            spawn_local(async move {
                let request = ReadRows {
                    run: query.run.clone(),
                    table: query.table.clone(),
                    from: page * PAGE,
                    count: PAGE as u32,
                    sort: query.sort.clone(),
                    filter: query.filter.clone(),
                };
                self.answered(&query, page, backend::call(request).await);
            });
        }
    }

    /// The table may be gone by the time an answer comes, hence the `try`.
    fn answered(self, query: &Query, page: u64, answer: Result<Page, ApiError>) {
        match answer {
            Ok(reply) => {
                let changed = self.pages.try_update(|pages| pages.arrived(query, page, reply));
                if changed == Some(true) {
                    self.end_tint_later();
                }
                if changed.is_some() {
                    self.fit_new_columns();
                }
            }
            Err(error) => {
                if self.pages.try_update_untracked(|pages| pages.failed(query, page)) == Some(true) {
                    self.error.try_set(Some(error));
                }
            }
        }
    }

    fn end_tint_later(self) {
        let Some(serial) = self.tint_serial.try_update_value(|serial| {
            *serial += 1;
            *serial
        }) else {
            return;
        };
        let end = move || {
            if self.tint_serial.try_get_value() == Some(serial) {
                self.pages.try_update(Pages::settle);
            }
        };
        set_timeout(end, TINTED);
    }

    pub fn retry(self) {
        self.error.set(None);
        let query = self.query.get_untracked();
        self.read(&query, untrack(|| self.drawn()));
    }

    /// Rows that are in the page: the visible ones and a margin. Reactive.
    pub fn drawn(self) -> Range<u64> {
        let extent = self.extent.get();
        with_margin(&extent.visible(self.offset.get()), MARGIN, extent.rows)
    }

    /// The browser scrolled. Where the position is one that we set, the exact offset stays.
    pub fn scrolled(self, scroll_top: f64) {
        if (scroll_top - self.scroll_top.get_untracked()).abs() < 1.0 {
            return;
        }
        self.scroll_top.set(scroll_top);
        self.offset.set(self.extent.get_untracked().offset(scroll_top));
    }

    /// Shows the rows from an offset on.
    pub fn scroll_to(self, offset: f64) {
        let extent = self.extent.get_untracked();
        let offset = extent.hold(offset);
        let scroll_top = extent.scroll_top(offset);
        self.offset.set(offset);
        self.scroll_top.set(scroll_top);
        if let Some(element) = self.scroller.get_untracked() {
            element.set_scroll_top(scroll_top.round() as i32);
        }
    }

    /// Selects a cell and brings it into view.
    pub fn select(self, place: Place) {
        self.selected.set(Some(place));
        if let Some(row) = place.row {
            let (extent, offset) = (self.extent.get_untracked(), self.offset.get_untracked());
            let wanted = extent.reveal(offset, row);
            if wanted != offset {
                self.scroll_to(wanted);
            }
        }
        let Some(element) = self.scroller.get_untracked() else { return };
        let (left, width) = self.table.with_untracked(|table| {
            self.widths.with_untracked(|widths| columns::span(&table.columns, widths, place.column))
        });
        let (from, room) = (f64::from(element.scroll_left()), f64::from(element.client_width()));
        let wanted = from.min(left).max(left + width - room);
        // A column wider than the room shows its beginning.
        let wanted = if width > room { left } else { wanted };
        if wanted != from {
            element.set_scroll_left(wanted.round() as i32);
        }
    }

    pub fn column(self, place: usize) -> Option<ColumnInfo> {
        self.table.with_untracked(|table| table.columns.get(place).cloned())
    }

    pub fn toggle_sort(self, column: &str) {
        self.sort.update(|sort| *sort = columns::toggled(sort.take(), column));
    }

    pub fn resize(self, column: &str, width: f64) {
        self.widths.update(|widths| {
            widths.insert(column.to_owned(), columns::hold(width));
        });
    }

    /// The drawn rows that are there.
    fn shown(self) -> Vec<ShownRow> {
        let rows = untrack(|| self.drawn());
        self.pages.with_untracked(|pages| rows.filter_map(|row| pages.row(row)).collect())
    }

    /// As wide as the drawn values need.
    pub fn fit(self, place: usize) {
        let Some(column) = self.column(place) else { return };
        let shown = self.shown();
        let values = shown.iter().filter_map(|row| row.cells().get(place)?.as_deref());
        self.resize(&column.name, columns::fitting(&column, values));
    }

    /// Columns without a width get one that fits the rows that are there, once.
    fn fit_new_columns(self) {
        let is_new = |column: &ColumnInfo| self.widths.with_untracked(|widths| !widths.contains_key(&column.name));
        let Some(columns) = self.table.try_with_untracked(|table| table.columns.clone()) else { return };
        if !columns.iter().any(is_new) {
            return;
        }
        let shown = self.shown();
        let room = self.scroller.get_untracked().map_or(0.0, |scroller| f64::from(scroller.client_width()));
        let fit = |(place, column): (usize, &ColumnInfo)| {
            let values = shown.iter().filter_map(|row| row.cells().get(place)?.as_deref());
            (column.name.clone(), columns::fitting_at_first(column, values, room))
        };
        let new: Vec<_> = columns.iter().enumerate().filter(|(_, column)| is_new(column)).map(fit).collect();
        if !shown.is_empty() {
            self.widths.update(|widths| widths.extend(new));
        }
    }

    /// The selected cell's whole value.
    pub fn selected_value(self) -> Option<String> {
        self.selected_cell(self.selected.get_untracked()?.column)
    }

    /// Opens the story of the selected cell.
    pub fn explain(self, by_key: bool) -> bool {
        let Some((told, place)) = self.told.zip(self.selected.get_untracked()) else { return false };
        let (Some(row), Some(column)) = (place.row, self.column(place.column)) else { return false };
        let Query { run, table, sort, filter, .. } = self.query.get_untracked();
        told.open(Explain { run, table, row, field: column.name, sort, filter }, by_key);
        true
    }

    /// Whom the selected row is about.
    pub fn selected_identity(self) -> Option<String> {
        let is_identity = |column: &ColumnInfo| column.name == "_identity" || column.name == "identity";
        let column = self.table.with_untracked(|table| table.columns.iter().position(is_identity))?;
        self.selected_cell(column)
    }

    fn selected_cell(self, column: usize) -> Option<String> {
        let place = self.selected.get_untracked()?;
        let row = self.pages.with_untracked(|pages| pages.row(place.row?))?;
        row.cells().get(column).cloned().flatten()
    }
}

/// A sort by a column that an edit took away is no sort.
fn make_query(table: &TableInfo, run: RunId, sort: Option<Sort>, filter: &str) -> Query {
    let columns: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let sort = sort.filter(|sort| columns.contains(&sort.column));
    let filter = Some(filter.trim()).filter(|filter| !filter.is_empty()).map(str::to_owned);
    Query { run, table: table.name.clone(), columns, sort, filter }
}
