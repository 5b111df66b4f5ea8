//! Parquet as records: row group by row group, only the columns that are wanted, nested ones too.
//!
//! Memory is one row group of those columns. Refuses bytes that are no text.

mod columns;
mod values;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use dtc_expr::{Dict, Value};
use polars_arrow::array::Array;
use polars_buffer::Buffer;
use polars_parquet::read::{
    BasicDecompressor, ColumnChunkMetadata, FileMetadata, PageReader, RowGroupMetadata, column_iter_to_arrays,
    read_metadata,
};

use self::columns::Wanted;
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
    metadata: FileMetadata,
    wanted: Vec<Wanted>,
    interner: Interner,
    /// Row groups taken so far, and bytes of them.
    groups: usize,
    read: u64,
    group: Group,
    ready: VecDeque<RawRecord>,
    /// Rows given or passed.
    rows: u64,
    notices: Vec<String>,
}

/// What is left of a row group.
#[derive(Default)]
struct Group {
    rows: usize,
    /// For each wanted column its pieces, and how much of the first is used up.
    columns: Vec<(VecDeque<Box<dyn Array>>, usize)>,
}

impl ParquetRecords {
    pub(super) fn open(mut file: File, name: &str, projection: &Projection) -> Result<ParquetRecords, IoError> {
        let damaged = |reason: String| IoError::DamagedParquet { name: name.to_owned(), reason };
        let size = file.seek(SeekFrom::End(0)).map_err(|cause| IoError::system(Path::new(name), "read", cause))?;
        let metadata = guarded(|| read_metadata(&mut file)).and_then(|read| read.map_err(|cause| cause.to_string()));
        let metadata = metadata.map_err(damaged)?;
        let (wanted, notices) = columns::wanted(&metadata, name, projection)?;
        Ok(ParquetRecords {
            file,
            size,
            metadata,
            wanted,
            interner: Interner::new(Projection::All),
            groups: 0,
            read: 0,
            group: Group::default(),
            ready: VecDeque::new(),
            rows: 0,
            notices,
        })
    }

    /// Of the row groups so far, whether read or passed as not wanted.
    pub(super) fn bytes_read(&self) -> u64 {
        self.read.min(self.size)
    }

    pub(super) fn total_bytes(&self) -> u64 {
        self.size
    }

    pub(super) fn notices(&self) -> Vec<String> {
        self.notices.clone()
    }

    pub(super) fn next(&mut self) -> Option<Result<RawRecord, BadRecord>> {
        loop {
            if let Some(record) = self.ready.pop_front() {
                return Some(Ok(record));
            }
            let given = if self.group.rows > 0 { self.next_block() } else { self.next_group()? };
            if let Err(reason) = given {
                return Some(Err(self.refuse(&reason)));
            }
        }
    }

    /// Passes the rest of the group at hand.
    fn refuse(&mut self, reason: &str) -> BadRecord {
        let line = self.rows + 1;
        let lost = self.group.rows;
        self.rows += lost as u64;
        self.group = Group::default();
        let reason = format!(
            "damaged Parquet: the {lost} rows from here to the end of row group {} cannot be read ({reason}); \
             copy or download the file again",
            self.groups
        );
        BadRecord { line, reason, text: String::new() }
    }

    /// Reads the wanted columns of the next row group; `None` after the last.
    fn next_group(&mut self) -> Option<Result<(), String>> {
        let about = self.metadata.row_groups.get(self.groups)?;
        self.groups += 1;
        self.read += about.compressed_size() as u64;
        self.group = Group { rows: about.num_rows(), columns: Vec::new() };
        let mut columns = Vec::with_capacity(self.wanted.len());
        for wanted in &self.wanted {
            let read = guarded(|| read_column(&self.file, self.size, about, wanted)).and_then(|read| read);
            match read {
                Ok(pieces) if pieces.iter().map(|piece| piece.len()).sum::<usize>() == self.group.rows => {
                    columns.push((VecDeque::from(pieces), 0));
                }
                Ok(_) => return Some(Err(format!("column `{}` has another number of rows", wanted.field.name))),
                Err(reason) => return Some(Err(format!("column `{}`: {reason}", wanted.field.name))),
            }
        }
        self.group.columns = columns;
        Some(Ok(()))
    }

    /// Makes records of the next rows of the group.
    fn next_block(&mut self) -> Result<(), String> {
        let mut rows = self.group.rows.min(BLOCK);
        for (pieces, used) in &mut self.group.columns {
            while pieces.front().is_some_and(|piece| piece.len() == *used) {
                pieces.pop_front();
                *used = 0;
            }
            rows = rows.min(pieces.front().map_or(rows, |piece| piece.len() - *used));
        }
        let mut columns = Vec::with_capacity(self.wanted.len());
        for (pieces, used) in &mut self.group.columns {
            let Some(piece) = pieces.front() else { continue };
            let interner = &mut self.interner;
            let range = *used..*used + rows;
            columns
                .push(guarded(|| values::values(piece.as_ref(), range, interner)).and_then(|read| read)?.into_iter());
            *used += rows;
        }
        self.group.rows -= rows;
        for _ in 0..rows {
            self.rows += 1;
            let mut fields = Dict::with_capacity_and_hasher(self.wanted.len(), Default::default());
            for (wanted, values) in self.wanted.iter().zip(&mut columns) {
                fields.insert(wanted.key.clone(), values.next().unwrap_or_default());
            }
            self.ready.push_back(RawRecord { line: self.rows, value: Value::record(fields) });
        }
        Ok(())
    }
}

fn read_column(
    file: &File,
    size: u64,
    group: &RowGroupMetadata,
    wanted: &Wanted,
) -> Result<Vec<Box<dyn Array>>, String> {
    let leaves = group.columns_under_root_iter(&wanted.field.name).ok_or("it is not in this row group")?;
    let mut pages = Vec::new();
    let mut types = Vec::new();
    for leaf in leaves {
        let chunk = read_chunk(file, size, leaf).map_err(|cause| cause.to_string())?;
        let reader = PageReader::new(io::Cursor::new(Buffer::from(chunk)), leaf, Vec::new(), usize::MAX);
        pages.push(BasicDecompressor::new(reader, Vec::new()));
        types.push(&leaf.descriptor().descriptor.primitive_type);
    }
    let (arrays, _) =
        column_iter_to_arrays(pages, types, wanted.field.clone(), None).map_err(|cause| cause.to_string())?;
    Ok(arrays)
}

/// The stored bytes of one column in one row group.
fn read_chunk(mut file: &File, size: u64, leaf: &ColumnChunkMetadata) -> io::Result<Vec<u8>> {
    let range = leaf.byte_range();
    if range.end > size || range.start > range.end {
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it lies beyond the end of the file"));
    }
    let mut chunk = vec![0; (range.end - range.start) as usize];
    file.seek(SeekFrom::Start(range.start))?;
    file.read_exact(&mut chunk)?;
    Ok(chunk)
}
