//! An output as tables: one per stored aggregate, then one for the window document.

use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use dtc_expr::{Column, FieldType, Table, Value};

use crate::output::{Output, TableKind};
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
        let mut columns: IndexMap<Arc<str>, Column, FxBuildHasher> = IndexMap::default();
        let [mut identities, mut anchors] = leading();
        for (title, field_type) in declared(window) {
            columns.insert(title.clone(), Column { name: title.to_string(), field_type, values: Vec::new() });
        }
        for identity in &self.identities {
            for row in &identity.rows {
                let before = identities.values.len();
                identities.values.push(Value::Str(identity.identity.clone()));
                anchors.values.push(row.anchor.map_or(Value::None, Value::DateTime));
                for (title, value) in row.cells.iter().filter(|(title, _)| is_shown(title)) {
                    let column = columns.entry(title.clone()).or_insert_with(|| Column {
                        name: title.to_string(),
                        field_type: type_of(value),
                        values: vec![Value::None; before],
                    });
                    column.values.truncate(before);
                    column.values.push(value.clone());
                }
                for column in columns.values_mut() {
                    column.values.resize(before + 1, Value::None);
                }
            }
        }
        let columns = [identities, anchors].into_iter().chain(columns.into_values()).collect();
        Table { name: window.name.to_string(), columns }
    }
}

/// The two columns that every window table begins with: whose row it is, and the start of its anchor block.
pub(crate) fn leading() -> [Column; 2] {
    [("identity", FieldType::String), ("anchor", FieldType::DateTime)].map(|(name, field_type)| Column {
        name: name.to_string(),
        field_type,
        values: Vec::new(),
    })
}

/// Whether a cell of a row has a column.
pub(crate) fn is_shown(title: &str) -> bool {
    !title.ends_with("._identity")
}

/// Columns known before any row: all fields but maps, whose keys are data.
pub(crate) fn declared(window: &WindowPlan) -> impl Iterator<Item = (&Arc<str>, FieldType)> {
    window.aggregates.iter().flat_map(|aggregate| {
        let columns = aggregate.titles.iter().zip(&aggregate.columns).skip(1);
        columns
            .filter(|(_, (_, field_type))| *field_type != FieldType::Map)
            .map(|(title, (_, field_type))| (title, *field_type))
    })
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
pub(crate) fn type_of(value: &Value) -> FieldType {
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
