//! Result tables to files: one a table, in a folder, each complete or not there at all.

#[cfg(feature = "frames")]
mod arrow;
mod csv;
mod json_files;
#[cfg(feature = "frames")]
mod parquet;
mod tabular;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::error::IoError;

pub use tabular::{Tabular, TakeRows};

/// Rows at a time of formats that need no batches.
const ROWS: usize = 8_192;
/// Rows of a row group or record batch: the same however the rows come, so that the file is.
#[cfg(feature = "frames")]
const BATCH: usize = 65_536;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One array of objects.
    Json,
    JsonLines,
    /// RFC 4180 with a header; a missing value is nothing, an empty text `""`.
    Csv,
    /// Datetimes are instants in UTC; collections are JSON texts.
    #[cfg(feature = "frames")]
    Parquet,
    /// An Arrow IPC file with the same types.
    #[cfg(feature = "frames")]
    Arrow,
}

impl Format {
    fn ending(self) -> &'static str {
        match self {
            Format::Json => "json",
            Format::JsonLines => "jsonl",
            Format::Csv => "csv",
            #[cfg(feature = "frames")]
            Format::Parquet => "parquet",
            #[cfg(feature = "frames")]
            Format::Arrow => "arrow",
        }
    }
}

/// Writes each table as `NAME.ENDING` into `folder`, which is made where it is missing.
pub fn write_tables<'t, T: Tabular + ?Sized + 't>(
    folder: &Path,
    tables: impl IntoIterator<Item = &'t T>,
    format: Format,
) -> Result<Vec<PathBuf>, IoError> {
    fs::create_dir_all(folder).map_err(|cause| made_folder(folder, cause))?;
    let mut written: Vec<PathBuf> = Vec::new();
    for table in tables {
        let file = format!("{}.{}", file_name(table.name()), format.ending());
        let path = folder.join(&file);
        if written.contains(&path) {
            return Err(IoError::SameFile { file });
        }
        write_table(&path, table, format)?;
        written.push(path);
    }
    Ok(written)
}

fn write_table<T: Tabular + ?Sized>(path: &Path, table: &T, format: Format) -> Result<(), IoError> {
    let refused = |cause| IoError::system(path, "write", cause);
    match format {
        Format::Json => replaced(path, |out| {
            let mut array = json_files::Array::default();
            table.each(ROWS, &mut |part, rows| array.rows(part, rows, out).map_err(refused))?;
            array.end(out).map_err(refused)
        }),
        Format::JsonLines => replaced(path, |out| {
            table.each(ROWS, &mut |part, rows| json_files::lines(part, rows, out).map_err(refused))
        }),
        Format::Csv => replaced(path, |out| {
            let mut begun = false;
            table.each(ROWS, &mut |part, rows| {
                if !std::mem::replace(&mut begun, true) {
                    csv::header(part, out).map_err(refused)?;
                }
                csv::rows(part, rows, out).map_err(refused)
            })
        }),
        #[cfg(feature = "frames")]
        Format::Parquet => {
            let typing = crate::frame::Typing::of(table)?;
            replaced(path, |out| {
                let mut writer = parquet::Writer::new(&typing.empty()?, out).map_err(refused)?;
                table.each(BATCH, &mut |part, rows| writer.rows(&typing.frame(part, rows)?).map_err(refused))?;
                writer.end().map_err(refused)
            })
        }
        #[cfg(feature = "frames")]
        Format::Arrow => {
            let typing = crate::frame::Typing::of(table)?;
            replaced(path, |out| {
                let mut writer = arrow::Writer::new(&typing.empty()?, out).map_err(refused)?;
                table.each(BATCH, &mut |part, rows| writer.rows(&typing.frame(part, rows)?).map_err(refused))?;
                writer.end().map_err(refused)
            })
        }
    }
}

/// Writes beside the file and takes its place at the end, so that no reader sees half of it.
fn replaced(path: &Path, write: impl FnOnce(&mut BufWriter<File>) -> Result<(), IoError>) -> Result<(), IoError> {
    let refused = |cause| IoError::system(path, "write", cause);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let result = File::create(&part).map_err(refused).and_then(|file| {
        let mut out = BufWriter::with_capacity(1 << 16, file);
        write(&mut out)?;
        out.flush().map_err(refused)?;
        drop(out);
        fs::rename(&part, path).map_err(refused)
    });
    if result.is_err() {
        // The first error is the one to tell; the part may not even exist.
        let _ = fs::remove_file(&part);
    }
    result
}

pub(crate) fn replace_file(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), IoError> {
    replaced(path, |out| write(out).map_err(|cause| IoError::system(path, "write", cause)))
}

/// Writes a file as a whole or not at all.
pub fn replace_with(path: &Path, content: &[u8]) -> Result<(), IoError> {
    replace_file(path, |out| out.write_all(content))
}

pub(crate) fn made_folder(folder: &Path, cause: io::Error) -> IoError {
    match cause.kind() {
        io::ErrorKind::AlreadyExists => IoError::IsFile { path: folder.to_path_buf() },
        _ => IoError::system(folder, "make", cause),
    }
}

/// The table's name as a file name: letters, digits, `_`, `-` and dots inside.
fn file_name(table: &str) -> String {
    let name: String =
        table.chars().map(|c| if c.is_alphanumeric() || matches!(c, '_' | '-' | '.') { c } else { '_' }).collect();
    let name = name.trim_matches('.');
    if name.is_empty() { "table".to_owned() } else { name.to_owned() }
}
