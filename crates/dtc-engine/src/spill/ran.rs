//! What a run over spilled events gave: like an `Output`, but read from aside.

use std::io::{self, Write};
use std::sync::Arc;

use dtc_expr::FieldType;

use super::bytes::Objects;
use super::merge::Merged;
use super::streams::{Run, Stream};
use super::tables::RanTable;
use super::{Aside, entries};
use crate::blurr_lines::IdentityLines;
use crate::faults::{Fault, Faults};
use crate::output::{IdentityOutput, RowColumns, WindowRow};
use crate::pick;
use crate::plan::Plan;

/// What is known of all window rows together.
pub(super) struct Rows {
    /// Of `MaxPer: run` by chance: the lot that rows which stay are below.
    pub(super) bound: Option<u64>,
    /// Whether one has a map.
    pub(super) maps: bool,
    /// Anchors that gave none.
    pub(super) dropped: u64,
}

/// Everything is in order of first appearance of identities.
pub struct Ran<'a> {
    pub(super) plan: &'a Plan,
    pub(super) aside: &'a dyn Aside,
    pub(super) objects: Objects,
    streams: Vec<(Stream, Vec<Run>)>,
    rows: Rows,
    /// Most frequent first.
    pub faults: Vec<Fault>,
    /// Events that were given.
    pub events: u64,
    /// Those of them whose `EventId` another one had before.
    pub repeated: u64,
    /// Anchors that gave no row.
    pub dropped: u64,
}

impl<'a> Ran<'a> {
    pub(super) fn new(
        plan: &'a Plan,
        aside: &'a dyn Aside,
        objects: Objects,
        streams: Vec<(Stream, Vec<Run>)>,
        rows: Rows,
        (events, repeated): (u64, u64),
    ) -> io::Result<Ran<'a>> {
        let dropped = rows.dropped;
        let mut ran = Ran { plan, aside, objects, streams, rows, faults: Vec::new(), events, repeated, dropped };
        let mut faults = Faults::default();
        let mut merged = ran.merged(Stream::Faults)?;
        while let Some(entry) = merged.next()? {
            entries::read_faults(entry, &mut faults)?;
        }
        drop(merged);
        ran.faults = faults.into_list(&plan.places);
        Ok(ran)
    }

    pub(super) fn merged(&self, stream: Stream) -> io::Result<Merged<'_>> {
        let found = self.streams.iter().find(|(known, _)| *known == stream);
        Merged::new(found.map_or(&[], |(_, runs)| runs), &self.objects, self.aside)
    }

    /// Writes every line as `BlurrLines` does. For a run that was asked for lines.
    pub fn write_lines(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut lines = IdentityLines { plan: self.plan, line: String::new() };
        if let Some(columns) = self.row_columns() {
            let mut merged = self.merged(Stream::Rows)?;
            let mut limit = self.limit();
            while let Some(entry) = merged.next()? {
                let (identity, mut rows) = entries::read_rows(entry, &columns)?;
                limit.apply(&identity, &mut rows);
                lines.write(&IdentityOutput { identity, rows, ..IdentityOutput::default() }, out)?;
            }
            return Ok(());
        }
        let mut merged = self.merged(Stream::Records)?;
        while let Some(entry) = merged.next()? {
            let identity = entry.text()?;
            let count = entry.number()?;
            let records = (0..count).map(|_| entries::read_record(entry)).collect::<io::Result<_>>()?;
            lines.write(&IdentityOutput { identity, records, ..IdentityOutput::default() }, out)?;
        }
        Ok(())
    }

    /// One table per stored aggregate, then one for the window document. For a run that was asked for tables.
    pub fn tables(&self) -> Vec<RanTable<'_>> {
        let streams = self.streams.iter().map(|(stream, _)| *stream).filter(|stream| *stream != Stream::Faults);
        streams.map(|stream| RanTable::new(self, stream)).collect()
    }

    /// The names of a window row's values.
    pub(super) fn row_columns(&self) -> Option<Arc<RowColumns>> {
        self.plan.window.as_ref().map(|window| Arc::new(window.columns.clone()))
    }

    /// Whether all rows must be known before the columns are.
    pub(super) fn has_map_columns(&self) -> bool {
        let fields = self.plan.window.iter().flat_map(|window| &window.aggregates).flat_map(|own| &own.columns);
        self.rows.maps || fields.into_iter().any(|(_, field_type)| *field_type == FieldType::Map)
    }

    pub(super) fn limit(&self) -> Limit {
        match (self.plan.most_rows(), self.plan.picks_by_chance()) {
            (None, _) => Limit::None,
            (Some(most), None) => Limit::First(most),
            (Some(_), Some(seed)) => self.rows.bound.map_or(Limit::None, |bound| Limit::Below { seed, bound }),
        }
    }
}

/// Which rows `MaxPer: run` leaves, as identities come.
pub(super) enum Limit {
    None,
    /// So many more.
    First(usize),
    /// Those with a smaller lot.
    Below {
        seed: i64,
        bound: u64,
    },
}

impl Limit {
    pub(super) fn apply(&mut self, identity: &str, rows: &mut Vec<WindowRow>) {
        match self {
            Limit::None => {}
            Limit::First(left) => {
                rows.truncate(*left);
                *left -= rows.len();
            }
            Limit::Below { seed, bound } => {
                rows.retain(|row| pick::chance(*seed, identity, row.anchor.map(|time| time.micros)) < *bound);
            }
        }
    }
}
