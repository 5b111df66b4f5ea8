//! Rows that were read, by pages, and which of their cells the last run changed. Pure.
//!
//! A new query keeps the old rows until its own arrive, so that the table does not flicker while the
//! user types. Rows are compared by position, and only between runs of one table in one order.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use studio_api::{Page, RunId, Sort};

/// Rows of one request.
pub const PAGE: u64 = 200;
/// Pages that are kept; the farthest from the last one read goes first.
const MOST: usize = 40;

pub type Row = Vec<Option<String>>;
type Read = BTreeMap<u64, Arc<Vec<Row>>>;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub run: RunId,
    pub table: String,
    pub columns: Vec<String>,
    pub sort: Option<Sort>,
    pub filter: Option<String>,
}

impl Query {
    /// Whether rows of both stand in the same order and can be compared by position.
    fn is_comparable(&self, other: &Query) -> bool {
        self.table == other.table
            && self.columns == other.columns
            && self.sort == other.sort
            && self.filter == other.filter
    }
}

#[derive(Debug, Clone, Default)]
pub struct Pages {
    query: Option<Query>,
    total: u64,
    read: Read,
    waiting: BTreeSet<u64>,
    /// Of the query before, until this one's rows are there.
    before: Read,
    comparable: bool,
    changed: BTreeSet<(u64, usize)>,
}

/// A row as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownRow {
    page: Arc<Vec<Row>>,
    place: usize,
    /// Columns whose value the last run changed.
    pub changed: Vec<usize>,
    /// Of the query before: this one's own is still to come.
    pub old: bool,
}

impl ShownRow {
    pub fn cells(&self) -> &[Option<String>] {
        self.page.get(self.place).map_or(&[], Vec::as_slice)
    }
}

impl Pages {
    /// Turns to another query. `rows` is what the table holds without a filter.
    pub fn begin(&mut self, query: Query, rows: u64) {
        let old = self.query.as_ref();
        self.comparable = old.is_some_and(|old| old.is_comparable(&query));
        let same_shape = old.is_some_and(|old| old.table == query.table && old.columns == query.columns);
        if !same_shape {
            self.before.clear();
        } else if !self.read.is_empty() {
            self.before = std::mem::take(&mut self.read);
        }
        if !same_shape || query.filter.is_none() {
            self.total = rows;
        }
        self.read.clear();
        self.waiting.clear();
        self.changed.clear();
        self.query = Some(query);
    }

    /// Rows after the filter, as far as it is known.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Whether the query's first answer is still to come.
    pub fn is_pending(&self) -> bool {
        self.read.is_empty()
    }

    /// Numbers of the pages to ask for, for these rows; they count as asked for from now on.
    pub fn wanted(&mut self, rows: Range<u64>) -> Vec<u64> {
        // Without a row, page 0 still tells how many there are.
        let pages = rows.start / PAGE..rows.end.div_ceil(PAGE).max(rows.start / PAGE + 1);
        let missing: Vec<u64> =
            pages.filter(|page| !self.read.contains_key(page) && !self.waiting.contains(page)).collect();
        self.waiting.extend(&missing);
        missing
    }

    /// Takes an answer; one to an older query is dropped. Says whether a cell changed its value.
    pub fn arrived(&mut self, query: &Query, page: u64, reply: Page) -> bool {
        if self.query.as_ref() != Some(query) {
            return false;
        }
        self.waiting.remove(&page);
        self.total = reply.total;
        if !self.comparable {
            self.before.clear();
        }
        let changes = self.changes(page, &reply.rows);
        self.changed.extend(&changes);
        self.read.insert(page, Arc::new(reply.rows));
        self.evict(page);
        !changes.is_empty()
    }

    fn changes(&self, page: u64, rows: &[Row]) -> Vec<(u64, usize)> {
        let Some(before) = self.before.get(&page).filter(|_| self.comparable) else { return Vec::new() };
        let rows = rows.iter().zip(before.iter()).zip(page * PAGE..);
        rows.flat_map(|((now, then), row)| {
            let differs = now.iter().zip(then).enumerate().filter(|(_, (now, then))| now != then);
            differs.map(move |(column, _)| (row, column))
        })
        .collect()
    }

    fn evict(&mut self, near: u64) {
        while self.read.len() > MOST {
            let ends = [self.read.keys().next().copied(), self.read.keys().next_back().copied()];
            let Some(farthest) = ends.into_iter().flatten().max_by_key(|page| page.abs_diff(near)) else { return };
            self.read.remove(&farthest);
        }
    }

    /// An answer that did not come may be asked for again. Says whether the query is still this one.
    pub fn failed(&mut self, query: &Query, page: u64) -> bool {
        let current = self.query.as_ref() == Some(query);
        if current {
            self.waiting.remove(&page);
        }
        current
    }

    /// The row, or the one at its place before; `None` while it is being read.
    pub fn row(&self, row: u64) -> Option<ShownRow> {
        let (page, place) = (row / PAGE, (row % PAGE) as usize);
        let rows = self.read.get(&page).or_else(|| self.before.get(&page))?;
        rows.get(place)?;
        let changed = self.changed.range((row, 0)..=(row, usize::MAX)).map(|(_, column)| *column).collect();
        Some(ShownRow { page: rows.clone(), place, changed, old: !self.read.contains_key(&page) })
    }

    /// Ends the marking of changes.
    pub fn settle(&mut self) {
        self.changed.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(run: &str, filter: Option<&str>) -> Query {
        Query {
            run: RunId(run.into()),
            table: "t".into(),
            columns: vec!["a".into(), "b".into()],
            sort: None,
            filter: filter.map(str::to_owned),
        }
    }

    fn page(from: u64, total: u64, b: &str) -> Page {
        let rows = (from..total.min(from + PAGE)).map(|row| vec![Some(row.to_string()), Some(b.to_owned())]).collect();
        Page { from, total, rows }
    }

    fn cell(pages: &Pages, row: u64) -> Option<String> {
        pages.row(row).and_then(|row| row.cells()[1].clone())
    }

    #[test]
    fn asks_once_for_what_is_missing() {
        let mut pages = Pages::default();
        pages.begin(query("1", None), 1000);
        assert_eq!(pages.wanted(150..450), [0, 1, 2]);
        assert_eq!(pages.wanted(150..650), [3]);
        pages.arrived(&query("1", None), 1, page(200, 1000, "x"));
        assert!(pages.wanted(200..400).is_empty());
        assert!(pages.failed(&query("1", None), 2));
        assert_eq!(pages.wanted(200..450), [2]);
    }

    #[test]
    fn marks_what_a_run_changed_and_keeps_old_rows_meanwhile() {
        let mut pages = Pages::default();
        pages.begin(query("1", None), 10);
        assert!(!pages.arrived(&query("1", None), 0, page(0, 10, "old")));
        pages.begin(query("2", None), 12);
        assert_eq!((cell(&pages, 3).as_deref(), pages.total()), (Some("old"), 12));
        assert!(!pages.arrived(&query("1", None), 0, page(0, 10, "late")));
        assert!(pages.arrived(&query("2", None), 0, page(0, 12, "new")));
        assert_eq!(pages.row(3).map(|row| row.changed), Some(vec![1]));
        assert_eq!(pages.row(11).map(|row| row.changed), Some(vec![]));
        pages.settle();
        assert_eq!(pages.row(3).map(|row| row.changed), Some(vec![]));
    }

    #[test]
    fn another_filter_is_no_change() {
        let mut pages = Pages::default();
        pages.begin(query("1", None), 10);
        pages.arrived(&query("1", None), 0, page(0, 10, "all"));
        pages.begin(query("1", Some("x")), 10);
        assert_eq!((cell(&pages, 0).as_deref(), pages.is_pending()), (Some("all"), true));
        assert!(pages.row(0).is_some_and(|row| row.old));
        assert!(!pages.arrived(&query("1", Some("x")), 0, page(0, 2, "some")));
        assert_eq!((pages.total(), cell(&pages, 5)), (2, None));
    }

    #[test]
    fn forgets_the_farthest() {
        let mut pages = Pages::default();
        pages.begin(query("1", None), 1_000_000);
        for number in 0..60 {
            pages.arrived(&query("1", None), number, page(number * PAGE, 1_000_000, "x"));
        }
        assert_eq!(pages.read.len(), MOST);
        assert!(cell(&pages, 0).is_none() && cell(&pages, 59 * PAGE).is_some());
    }
}
