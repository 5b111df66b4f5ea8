//! Result tables to files: one a table, in a folder, each complete or not there at all.

#[cfg(feature = "frames")]
mod arrow;
mod csv;
mod json_files;
#[cfg(feature = "frames")]
mod parquet;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use dtc_expr::Table;

use crate::error::IoError;

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
pub fn write_tables<'t>(
    folder: &Path,
    tables: impl IntoIterator<Item = &'t Table>,
    format: Format,
) -> Result<Vec<PathBuf>, IoError> {
    fs::create_dir_all(folder).map_err(|cause| made_folder(folder, cause))?;
    let mut written: Vec<PathBuf> = Vec::new();
    for table in tables {
        let file = format!("{}.{}", file_name(&table.name), format.ending());
        let path = folder.join(&file);
        if written.contains(&path) {
            return Err(IoError::SameFile { file });
        }
        write_table(&path, table, format)?;
        written.push(path);
    }
    Ok(written)
}

fn write_table(path: &Path, table: &Table, format: Format) -> Result<(), IoError> {
    match format {
        Format::Json => replace_file(path, |out| json_files::array(table, out)),
        Format::JsonLines => replace_file(path, |out| json_files::lines(table, out)),
        Format::Csv => replace_file(path, |out| csv::write(table, out)),
        #[cfg(feature = "frames")]
        Format::Parquet => {
            let mut frame = crate::frame::typed(table)?;
            replace_file(path, |out| parquet::write(&mut frame, out))
        }
        #[cfg(feature = "frames")]
        Format::Arrow => {
            let mut frame = crate::frame::typed(table)?;
            replace_file(path, |out| arrow::write(&mut frame, out))
        }
    }
}

/// Writes beside the file and takes its place at the end, so that no reader sees half of it.
pub(crate) fn replace_file(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), IoError> {
    let refused = |cause| IoError::system(path, "write", cause);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let result = File::create(&part).and_then(|file| {
        let mut out = BufWriter::with_capacity(1 << 16, file);
        write(&mut out)?;
        out.flush()?;
        drop(out);
        fs::rename(&part, path)
    });
    if result.is_err() {
        // The first error is the one to tell; the part may not even exist.
        let _ = fs::remove_file(&part);
    }
    result.map_err(refused)
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
