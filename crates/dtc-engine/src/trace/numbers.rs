//! Which identity and record a row of an output's tables is, and back: the tables themselves have only cells.

use std::ops::Range;
use std::sync::Arc;

use super::RowOf;
use crate::output::Output;
use crate::plan::Plan;

/// Made from an output, in the order of [`Output::tables`]. Holds a few bytes for each identity and window row.
#[derive(Debug, Clone, Default)]
pub struct RowNumbers {
    identities: Vec<Arc<str>>,
    tables: Vec<Numbers>,
    /// Starts of the anchor blocks of the window table.
    anchors: Vec<Option<i64>>,
}

#[derive(Debug, Clone)]
struct Numbers {
    /// `None`: the window document's.
    aggregate: Option<usize>,
    /// By identity: its first row; then the number of all rows.
    firsts: Vec<u64>,
}

impl RowNumbers {
    pub fn new(plan: &Plan, output: &Output) -> RowNumbers {
        let stored = plan.aggregates.iter().enumerate().filter(|(_, aggregate)| aggregate.stored);
        let wanted = stored.map(|(index, _)| Some(index)).chain(plan.window.iter().map(|_| None));
        let tables = wanted.map(|aggregate| {
            let mut firsts = vec![0];
            let mut rows = 0;
            for identity in &output.identities {
                rows += match aggregate {
                    Some(index) => identity.records.iter().filter(|record| record.aggregate == index).count() as u64,
                    None => identity.rows.len() as u64,
                };
                firsts.push(rows);
            }
            Numbers { aggregate, firsts }
        });
        let rows = output.identities.iter().flat_map(|identity| &identity.rows);
        RowNumbers {
            tables: tables.collect(),
            identities: output.identities.iter().map(|identity| identity.identity.clone()).collect(),
            anchors: match plan.window {
                Some(_) => rows.map(|row| row.anchor.map(|anchor| anchor.micros)).collect(),
                None => Vec::new(),
            },
        }
    }

    /// Whose row it is, and which of theirs. `table` counts [`Output::tables`].
    pub fn find(&self, table: usize, row: u64) -> Option<(Arc<str>, RowOf)> {
        let numbers = self.tables.get(table)?;
        let place = numbers.firsts.partition_point(|first| *first <= row).checked_sub(1)?;
        let identity = self.identities.get(place)?.clone();
        let first = numbers.firsts[place];
        let nth = usize::try_from(row - first).ok()?;
        let row_of = match numbers.aggregate {
            Some(aggregate) => RowOf::Record { aggregate, nth },
            None => {
                let anchors = self.anchors.get(usize::try_from(first).ok()?..)?;
                let anchor = *anchors.get(nth)?;
                RowOf::Window { anchor, nth: anchors[..nth].iter().filter(|other| **other == anchor).count() }
            }
        };
        Some((identity, row_of))
    }

    /// The table and row of an identity's record; `None` where the aggregate has no table.
    pub fn row_of(&self, identity: &str, aggregate: usize, nth: usize) -> Option<(usize, u64)> {
        let table = self.tables.iter().position(|numbers| numbers.aggregate == Some(aggregate))?;
        let place = self.identities.iter().position(|known| **known == *identity)?;
        let (first, next) = (self.tables[table].firsts[place], self.tables[table].firsts[place + 1]);
        Some((table, first + nth as u64)).filter(|(_, row)| *row < next)
    }

    /// The rows that an identity has in a table.
    pub fn rows(&self, table: usize, identity: &str) -> Range<u64> {
        let place = self.identities.iter().position(|known| **known == *identity);
        match (place, self.tables.get(table)) {
            (Some(place), Some(numbers)) => numbers.firsts[place]..numbers.firsts[place + 1],
            _ => 0..0,
        }
    }

    /// The identities in order of first appearance.
    pub fn identities(&self) -> &[Arc<str>] {
        &self.identities
    }
}
