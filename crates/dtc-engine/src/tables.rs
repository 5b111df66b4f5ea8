//! An output as tables: one per stored aggregate, then one for the window document.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use dtc_expr::{Column, FieldType, Table, Value};

use crate::output::{Output, TableKind, WindowRow};
use crate::plan::{AggregatePlan, KindPlan, Plan};
use crate::plan_window::WindowPlan;

impl Output {
    /// One table per stored aggregate (its name), then one for the window document (its name).
    pub fn tables(&self, plan: &Plan) -> Vec<(TableKind, Table)> {
        let tables = self.tables_but(plan, |_| false).into_iter();
        tables.filter_map(|(kind, table)| Some((kind, table?))).collect()
    }

    /// The same, without making those that the caller has: of an aggregate by its place in the document, or of
    /// the window document.
    pub fn tables_but(&self, plan: &Plan, has: impl Fn(Option<usize>) -> bool) -> Vec<(TableKind, Option<Table>)> {
        let mut tables = Vec::new();
        for (index, aggregate) in plan.aggregates.iter().enumerate().filter(|(_, aggregate)| aggregate.stored) {
            let table = (!has(Some(index))).then(|| self.aggregate_table(index, aggregate));
            tables.push((kind(aggregate), table));
        }
        if let Some(window) = &plan.window {
            tables.push((TableKind::Window, (!has(None)).then(|| self.window_table(window))));
        }
        tables
    }

    fn aggregate_table(&self, index: usize, aggregate: &AggregatePlan) -> Table {
        let mut columns = columns_of(aggregate);
        let records = self.identities.iter().flat_map(|identity| &identity.records);
        for record in records.filter(|record| record.aggregate == index) {
            for (column, value) in columns.iter_mut().zip(&record.values) {
                column.values.push(value.clone());
            }
        }
        Table { name: aggregate.name.to_string(), columns }
    }

    /// `identity`, `anchor` (start of the anchor block), then the document's columns. The columns of a
    /// map field are those of all rows together.
    fn window_table(&self, window: &WindowPlan) -> Table {
        let mut table = WindowTable::new(window);
        for identity in &self.identities {
            for row in &identity.rows {
                table.add(&identity.identity, row);
            }
        }
        table.take(&window.name)
    }
}

/// The window document's table while rows come.
pub(crate) struct WindowTable {
    identity: Vec<Value>,
    anchor: Vec<Value>,
    columns: Vec<Column>,
    by_name: FxHashMap<String, usize>,
    /// By slot of a row: its column, should it have one of its own.
    slots: Vec<Option<usize>>,
}

impl WindowTable {
    pub(crate) fn new(window: &WindowPlan) -> WindowTable {
        let (identity, anchor, columns) = Default::default();
        let mut table = WindowTable { identity, anchor, columns, by_name: FxHashMap::default(), slots: Vec::new() };
        for aggregate in &window.aggregates {
            for (nth, (title, (_, field_type))) in aggregate.titles.iter().zip(&aggregate.columns).enumerate() {
                // The keys of a map are data.
                let own = nth > 0 && *field_type != FieldType::Map;
                let column = own.then(|| table.column(title, || *field_type));
                table.slots.push(column);
            }
        }
        table
    }

    fn column(&mut self, name: &str, field_type: impl FnOnce() -> FieldType) -> usize {
        if let Some(known) = self.by_name.get(name) {
            return *known;
        }
        self.by_name.insert(name.to_owned(), self.columns.len());
        self.columns.push(Column { name: name.to_owned(), field_type: field_type(), values: Vec::new() });
        self.columns.len() - 1
    }

    pub(crate) fn add(&mut self, identity: &Arc<str>, row: &WindowRow) {
        let place = self.identity.len();
        self.identity.push(Value::Str(identity.clone()));
        self.anchor.push(row.anchor.map_or(Value::None, Value::DateTime));
        for (slot, value) in row.values.iter().enumerate() {
            match (value, self.slots.get(slot)) {
                (Value::Dict(_, entries), _) => {
                    let prefix = &row.columns.names[slot].1;
                    for (key, value) in entries.iter() {
                        self.set_named(&format!("{prefix}.{}", key.to_text()), place, value);
                    }
                }
                (value, Some(Some(column))) => set(&mut self.columns[*column], place, value),
                (value, _) => self.set_named(&row.columns.names[slot].0, place, value),
            }
        }
    }

    fn set_named(&mut self, name: &str, place: usize, value: &Value) {
        if !name.ends_with("._identity") {
            let column = self.column(name, || type_of(value));
            set(&mut self.columns[column], place, value);
        }
    }

    /// The rows so far; the columns stay.
    pub(crate) fn take(&mut self, name: &str) -> Table {
        let rows = self.identity.len();
        let taken = |values: &mut Vec<Value>| {
            values.resize(rows, Value::None);
            std::mem::take(values)
        };
        let (identity, anchor) = (taken(&mut self.identity), taken(&mut self.anchor));
        let fixed = [("identity", FieldType::String, identity), ("anchor", FieldType::DateTime, anchor)];
        let fixed = fixed.map(|(name, field_type, values)| Column { name: name.to_string(), field_type, values });
        let own = self.columns.iter_mut().map(|column| Column {
            name: column.name.clone(),
            field_type: column.field_type,
            values: taken(&mut column.values),
        });
        Table { name: name.to_string(), columns: fixed.into_iter().chain(own).collect() }
    }
}

/// The value of a row; of several that share a column the last counts.
fn set(column: &mut Column, row: usize, value: &Value) {
    column.values.resize(row, Value::None);
    column.values.push(value.clone());
}

/// An aggregate's columns, without values.
pub(crate) fn columns_of(aggregate: &AggregatePlan) -> Vec<Column> {
    let column = |(name, field_type): &(Arc<str>, FieldType)| Column {
        name: name.to_string(),
        field_type: *field_type,
        values: Vec::new(),
    };
    aggregate.columns.iter().map(column).collect()
}

fn kind(aggregate: &AggregatePlan) -> TableKind {
    match aggregate.kind {
        KindPlan::Keyed { timed: false, .. } => TableKind::Identity,
        KindPlan::Variable => TableKind::Variable,
        _ => TableKind::Session,
    }
}

/// The type of a column that only its values know.
fn type_of(value: &Value) -> FieldType {
    match value {
        Value::Bool(_) => FieldType::Boolean,
        Value::Int(_) | Value::Big(_) => FieldType::Integer,
        Value::Float(_) => FieldType::Float,
        Value::DateTime(_) => FieldType::DateTime,
        Value::Dict(..) => FieldType::Map,
        Value::List(..) | Value::Tuple(_) => FieldType::List,
        Value::Set(..) => FieldType::Set,
        _ => FieldType::String,
    }
}
