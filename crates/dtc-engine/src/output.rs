//! What a run gives: stored records, window rows, what was dropped, what failed inside expressions.

use std::borrow::Cow;
use std::sync::Arc;

use dtc_expr::{DateTime, Mode, Value};

use crate::faults::Fault;
use crate::plan_window::WindowAggregatePlan;

/// One stored record of an aggregate.
#[derive(Debug, Clone)]
pub struct Record {
    /// Index of the aggregate in the streaming document.
    pub aggregate: usize,
    /// The rest of the key after identity and aggregate.
    pub key: RecordKey,
    /// In the order of `dtc_lang::scopes::group_fields`.
    pub values: Vec<Value>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RecordKey {
    /// Texts of the dimension values; empty without dimensions.
    Dimensions(Vec<Arc<str>>),
    /// Start of the block; `None` for Blurr's record of a block that no event entered.
    Time(Option<DateTime>),
}

impl RecordKey {
    /// `aggregate/dim:dim/` or `aggregate//time`: what tells the records of an identity apart in a table. `/`, `:` and `%`
    /// inside dimensions are escaped.
    pub fn range_key(&self, aggregate: &str) -> String {
        match self {
            RecordKey::Dimensions(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| escape(text)).collect();
                format!("{aggregate}/{}/", texts.join(":"))
            }
            RecordKey::Time(time) => format!("{aggregate}//{}", time.map(DateTime::isoformat).unwrap_or_default()),
        }
    }
}

/// Percent-encodes what a key is split by (LANGUAGE.md A.15).
pub fn escape(text: &str) -> String {
    text.replace('%', "%25").replace('/', "%2F").replace(':', "%3A")
}

/// A row of the window document.
#[derive(Debug, Clone)]
pub struct WindowRow {
    /// Start of the anchor block.
    pub anchor: Option<DateTime>,
    /// The anchor block's place among its aggregate's records.
    pub(crate) nth: u32,
    pub(crate) columns: Arc<RowColumns>,
    /// Every slot of every aggregate of the document.
    pub(crate) values: Vec<Value>,
}

/// How the values of a row are called.
#[derive(Debug, Clone, Default)]
pub(crate) struct RowColumns {
    /// The title of a column, and what stands before the keys of a map.
    pub(crate) names: Vec<(Arc<str>, Arc<str>)>,
    /// Places of `_identity`.
    identities: Vec<usize>,
}

impl RowColumns {
    pub(crate) fn of(aggregates: &[WindowAggregatePlan], mode: Mode) -> RowColumns {
        let mut columns = RowColumns::default();
        for aggregate in aggregates {
            columns.identities.push(columns.names.len());
            let named = aggregate.titles.iter().zip(&aggregate.columns);
            // Blurr drops the aggregate's name from the columns of a map (LANGUAGE.md B.10).
            let prefix =
                |title: &Arc<str>, name: &Arc<str>| if mode == Mode::Blurr { name.clone() } else { title.clone() };
            columns.names.extend(named.map(|(title, (name, _))| (title.clone(), prefix(title, name))));
        }
        columns
    }
}

impl WindowRow {
    /// Column and value in the order of the document; a map gives a cell for each of its keys.
    pub fn cells(&self) -> impl Iterator<Item = (Cow<'_, str>, &Value)> {
        self.columns.names.iter().zip(&self.values).flat_map(|((title, prefix), value)| match value {
            Value::Dict(_, entries) => Cells::Map(
                entries.iter().map(move |(key, value)| (Cow::Owned(format!("{prefix}.{}", key.to_text())), value)),
            ),
            value => Cells::One(std::iter::once((Cow::Borrowed(&**title), value))),
        })
    }

    /// Says whose row it is, where that was not known when it was made.
    pub fn set_identity(&mut self, identity: &Arc<str>) {
        for place in &self.columns.identities {
            self.values[*place] = Value::Str(identity.clone());
        }
    }
}

/// The cells of one value.
enum Cells<One, Map> {
    One(One),
    Map(Map),
}

impl<Cell, One: Iterator<Item = Cell>, Map: Iterator<Item = Cell>> Iterator for Cells<One, Map> {
    type Item = Cell;

    fn next(&mut self) -> Option<Cell> {
        match self {
            Cells::One(one) => one.next(),
            Cells::Map(map) => map.next(),
        }
    }
}

/// An anchor that gave no row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DroppedRow {
    pub anchor: Option<DateTime>,
    pub reason: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKind {
    Identity,
    Session,
    Variable,
    Window,
}

/// The result of a run; identities in order of first appearance.
#[derive(Debug, Clone, Default)]
pub struct Output {
    pub identities: Vec<IdentityOutput>,
    /// Most frequent first.
    pub faults: Vec<Fault>,
    /// Events that were given.
    pub events: u64,
    /// Those of them whose `EventId` another one had before.
    pub repeated: u64,
}

/// Everything about one identity.
#[derive(Debug, Clone, Default)]
pub struct IdentityOutput {
    pub identity: Arc<str>,
    /// In the order of the store: a key keeps the place of its first store.
    pub records: Vec<Record>,
    pub rows: Vec<WindowRow>,
    pub dropped: Vec<DroppedRow>,
}
