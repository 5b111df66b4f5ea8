//! Parquet as records: row group by row group, only the columns that are wanted, nested ones too.
//!
//! Memory is a page of each of those columns. Refuses bytes that are no text.

mod columns;
mod values;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use arrow_array::{Array, RecordBatch};
use dtc_expr::{Dict, Value};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use self::columns::Columns;
use super::interner::Interner;
use super::source::Source;
use super::{BadRecord, RawRecord};
use crate::error::IoError;
use crate::guard::guarded;
use crate::projection::Projection;

/// What a file starts with, and ends with.
const MAGIC: &[u8] = b"PAR1";
/// Rows turned into records at once.
const BLOCK: usize = 1024;

/// Whether a file starts as Parquet does; it is left at its start.
pub(super) fn is_file(mut file: &File) -> bool {
    let mut head = Vec::with_capacity(5);
    file.metadata().is_ok_and(|about| about.is_file())
        && file.take(5).read_to_end(&mut head).is_ok()
        && file.rewind().is_ok()
        && is_head(&head)
}

/// After the magic comes no text, so that a CSV whose first name is PAR1 is none.
pub(super) fn is_head(head: &[u8]) -> bool {
    head.strip_prefix(MAGIC)
        .is_some_and(|rest| rest.first().is_some_and(|byte| *byte < 0x20 && !byte.is_ascii_whitespace()))
}

/// Writes what is read in one go to a temporary file, because Parquet is read from its end.
pub(super) fn spooled(mut source: Source, name: &str, projection: &Projection) -> Result<ParquetRecords, IoError> {
    let refused = |cause| IoError::system(Path::new(name), "copy", cause);
    let mut file = tempfile::tempfile().map_err(refused)?;
    loop {
        file.write_all(source.rest()).map_err(refused)?;
        source.consume(source.rest().len());
        if !source.more() {
            break;
        }
    }
    if let Some(reason) = source.end_reason() {
        return Err(IoError::DamagedParquet { name: name.to_owned(), reason });
    }
    ParquetRecords::open(file, name, projection)
}

/// Records of one Parquet file, pulled one at a time.
pub(super) struct ParquetRecords {
    file: File,
    size: u64,
    metadata: ArrowReaderMetadata,
    columns: Columns,
    interner: Interner,
    /// Row groups begun, and bytes of them.
    groups: usize,
    read: u64,
    /// The row group at hand, and its rows that are still to come.
    group: Option<ParquetRecordBatchReader>,
    left: u64,
    ready: VecDeque<RawRecord>,
    /// Rows given or passed.
    rows: u64,
}

impl ParquetRecords {
    pub(super) fn open(mut file: File, name: &str, projection: &Projection) -> Result<ParquetRecords, IoError> {
        let size = file.seek(SeekFrom::End(0)).map_err(|cause| IoError::system(Path::new(name), "read", cause))?;
        let (metadata, columns) = columns::open(&file, name, projection)?;
        Ok(ParquetRecords {
            file,
            size,
            metadata,
            columns,
            interner: Interner::new(Projection::All),
            groups: 0,
            read: 0,
            group: None,
            left: 0,
            ready: VecDeque::new(),
            rows: 0,
        })
    }

    /// Of the row groups begun, whether their columns are wanted or not.
    pub(super) fn bytes_read(&self) -> u64 {
        self.read.min(self.size)
    }

    pub(super) fn total_bytes(&self) -> u64 {
        self.size
    }

    pub(super) fn notices(&self) -> Vec<String> {
        self.columns.notices.clone()
    }

    pub(super) fn next(&mut self) -> Option<Result<RawRecord, BadRecord>> {
        loop {
            if let Some(record) = self.ready.pop_front() {
                return Some(Ok(record));
            }
            let given = if self.left > 0 { self.next_block() } else { self.next_group()? };
            if let Err(reason) = given {
                return Some(Err(self.refuse(&reason)));
            }
        }
    }

    /// Passes the rest of the group at hand.
    fn refuse(&mut self, reason: &str) -> BadRecord {
        let line = self.rows + 1;
        let lost = std::mem::take(&mut self.left);
        self.rows += lost;
        self.group = None;
        let rows = if lost == 1 { "row".to_owned() } else { format!("{lost} rows") };
        let reason = format!(
            "damaged Parquet: the {rows} from here to the end of row group {} cannot be read ({reason}); \
             copy or download the file again",
            self.groups
        );
        BadRecord { line, reason, text: String::new() }
    }

    /// Begins the next row group that has rows; `None` after the last.
    fn next_group(&mut self) -> Option<Result<(), String>> {
        let about = self.metadata.metadata().row_groups().get(self.groups)?;
        let place = self.groups;
        self.groups += 1;
        self.read += u64::try_from(about.compressed_size()).unwrap_or(0);
        self.left = u64::try_from(about.num_rows()).unwrap_or(0);
        if self.left == 0 || self.columns.keys.is_empty() {
            return Some(Ok(()));
        }
        let mask = ProjectionMask::roots(self.metadata.parquet_schema(), self.columns.places.iter().copied());
        let built = guarded(|| {
            let file = self.file.try_clone().map_err(|cause| cause.to_string())?;
            ParquetRecordBatchReaderBuilder::new_with_metadata(file, self.metadata.clone())
                .with_row_groups(vec![place])
                .with_projection(mask)
                .with_batch_size(BLOCK)
                .build()
                .map_err(|cause| columns::words(&cause))
        });
        Some(built.and_then(|built| built).map(|group| self.group = Some(group)))
    }

    /// Makes records of the next rows of the group.
    fn next_block(&mut self) -> Result<(), String> {
        let Some(group) = &mut self.group else {
            // No column is wanted: the rows are empty records.
            let rows = self.left.min(BLOCK as u64) as usize;
            self.give(rows, Vec::new());
            return Ok(());
        };
        let batch =
            guarded(|| group.next()).map(|batch| batch.map(|batch| batch.map_err(|cause| columns::words(&cause))))?;
        let batch = batch.ok_or("rows are missing")??;
        let columns = guarded(|| values_of(&batch, &mut self.interner)).and_then(|columns| columns)?;
        if batch.num_rows() as u64 > self.left || columns.len() != self.columns.keys.len() {
            return Err("it holds more than its footer says".to_owned());
        }
        self.give(batch.num_rows(), columns);
        Ok(())
    }

    fn give(&mut self, rows: usize, columns: Vec<Vec<Value>>) {
        self.left -= rows as u64;
        let mut columns: Vec<_> = columns.into_iter().map(Vec::into_iter).collect();
        for _ in 0..rows {
            self.rows += 1;
            let mut fields = Dict::with_capacity_and_hasher(columns.len(), Default::default());
            for (key, values) in self.columns.keys.iter().zip(&mut columns) {
                fields.insert(key.clone(), values.next().unwrap_or_default());
            }
            self.ready.push_back(RawRecord { line: self.rows, value: Value::record(fields) });
        }
    }
}

fn values_of(batch: &RecordBatch, interner: &mut Interner) -> Result<Vec<Vec<Value>>, String> {
    batch.columns().iter().map(|column| values::values(column.as_ref(), 0..column.len(), interner)).collect()
}
