//! A result table held in polars: paged, sorted and filtered without copying it, cell by cell as text.

mod build;
mod cells;
mod typed;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use dtc_expr::Table;
use polars::prelude::{
    BooleanChunked, ChunkFilter, ChunkTake, Column, DataFrame, IdxCa, IdxSize, PolarsError, SortOptions,
};

use self::build::Kind;
pub(crate) use self::typed::Typing;
use crate::error::IoError;

/// Orders kept for paging on: going back to the one before costs nothing.
const VIEWS: usize = 4;

/// Cells of a page: a row each, a cell a column.
pub type Rows = Vec<Row>;
pub type Row = Vec<Option<String>>;

pub struct Frame {
    table: String,
    names: Vec<String>,
    kinds: Vec<Kind>,
    /// Column `i` is named `i`; a datetime has its offset beside it as `i+`.
    data: DataFrame,
    /// The whole row as lower-case text, made when a filter is first used.
    texts: OnceLock<Column>,
    views: Mutex<VecDeque<(View, Arc<IdxCa>)>>,
}

/// Which rows in which order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct View {
    sort: Option<(usize, bool)>,
    filter: String,
}

impl Frame {
    pub fn new(table: &Table) -> Result<Frame, IoError> {
        let mut kinds = Vec::new();
        let mut columns = Vec::new();
        for (place, column) in table.columns.iter().enumerate() {
            let built = build::column(place, column);
            kinds.push(built.kind);
            columns.push(built.data);
            columns.extend(built.offsets);
        }
        let data = DataFrame::new(table.rows(), columns).map_err(|cause| refused(&table.name, "", &cause))?;
        let names = table.columns.iter().map(|column| column.name.clone()).collect();
        Ok(Frame { table: table.name.clone(), names, kinds, data, texts: OnceLock::new(), views: Mutex::default() })
    }

    pub fn name(&self) -> &str {
        &self.table
    }

    pub fn columns(&self) -> &[String] {
        &self.names
    }

    pub fn rows(&self) -> usize {
        self.data.height()
    }

    /// How many rows have exactly this text in a column, and the cells of the last of them.
    pub fn last_with(&self, column: &str, text: &str) -> Result<Option<(u64, Row)>, IoError> {
        let Some(place) = self.names.iter().position(|name| name == column) else { return Ok(None) };
        if self.kinds[place] != Kind::Text {
            return Ok(None);
        }
        let refused = |cause| refused(&self.table, column, &cause);
        let values = self.data.column(&build::value_name(place)).and_then(|values| values.str()).map_err(refused)?;
        let mut found = values.iter().enumerate().filter(|(_, value)| *value == Some(text)).map(|(row, _)| row);
        let Some(mut last) = found.next() else { return Ok(None) };
        let mut count = 1;
        for row in found {
            (last, count) = (row, count + 1);
        }
        let cells = cells::rows(&self.data.slice(last as i64, 1), &self.kinds).pop().unwrap_or_default();
        Ok(Some((count, cells)))
    }

    /// Rows `from .. from + count` after filter and sort, and how many there are in all.
    ///
    /// `sort`: a column and whether it descends; numbers as numbers, datetimes as instants, missing
    /// values last, equal ones in table order. `filter` keeps rows with a cell whose text contains it,
    /// without regard to case.
    pub fn page(
        &self,
        from: u64,
        count: usize,
        sort: Option<(&str, bool)>,
        filter: Option<&str>,
    ) -> Result<(u64, Rows), IoError> {
        let order = self.order(self.view(sort, filter)?)?;
        let total = order.len();
        let from = usize::try_from(from).unwrap_or(usize::MAX).min(total);
        let wanted = order.slice(from as i64, count.min(total - from));
        let part = self.data.take(&wanted).map_err(|cause| refused(&self.table, "", &cause))?;
        Ok((total as u64, cells::rows(&part, &self.kinds)))
    }

    /// The place in the table of a row of this view; `None` where it has fewer.
    pub fn place(&self, row: u64, sort: Option<(&str, bool)>, filter: Option<&str>) -> Result<Option<u64>, IoError> {
        let order = self.order(self.view(sort, filter)?)?;
        let row = usize::try_from(row).ok().filter(|row| *row < order.len());
        Ok(row.and_then(|row| order.get(row)).map(u64::from))
    }

    fn view(&self, sort: Option<(&str, bool)>, filter: Option<&str>) -> Result<View, IoError> {
        let sort = match sort {
            None => None,
            Some((name, descending)) => {
                let place = self.names.iter().position(|known| known == name);
                let unknown = || IoError::Table {
                    table: self.table.clone(),
                    column: name.to_owned(),
                    reason: "there is no such column".to_owned(),
                };
                Some((place.ok_or_else(unknown)?, descending))
            }
        };
        Ok(View { sort, filter: filter.unwrap_or_default().to_lowercase() })
    }

    /// The rows of a view by their places in the table; remembered for the next page.
    fn order(&self, view: View) -> Result<Arc<IdxCa>, IoError> {
        let views = || self.views.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, order)) = views().iter().find(|(known, _)| *known == view) {
            return Ok(order.clone());
        }
        let order = self.sorted(view.sort).and_then(|order| self.filtered(order, &view.filter));
        let order = Arc::new(order.map_err(|cause| refused(&self.table, "", &cause))?);
        let mut views = views();
        views.push_front((view, order.clone()));
        views.truncate(VIEWS);
        Ok(order)
    }

    fn sorted(&self, sort: Option<(usize, bool)>) -> Result<IdxCa, PolarsError> {
        let Some((place, descending)) = sort else {
            let rows = (0..self.rows() as IdxSize).collect();
            return Ok(IdxCa::from_vec("rows".into(), rows));
        };
        let options = SortOptions { descending, nulls_last: true, maintain_order: true, ..SortOptions::default() };
        Ok(self.data.column(&build::value_name(place))?.arg_sort(options))
    }

    fn filtered(&self, order: IdxCa, filter: &str) -> Result<IdxCa, PolarsError> {
        if filter.is_empty() {
            return Ok(order);
        }
        let texts = self.texts.get_or_init(|| cells::row_texts(&self.data, &self.kinds));
        let mask: BooleanChunked =
            texts.str()?.iter().map(|text| text.is_some_and(|text| text.contains(filter))).collect();
        order.filter(&mask.take(&order)?)
    }
}

impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frame").field("table", &self.table).field("rows", &self.rows()).finish_non_exhaustive()
    }
}

fn refused(table: &str, column: &str, cause: &PolarsError) -> IoError {
    IoError::Table { table: table.to_owned(), column: column.to_owned(), reason: cause.to_string() }
}
