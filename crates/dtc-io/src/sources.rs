//! From what a user names to the inputs to read: files, folders, patterns of files, standard input, in an
//! order that does not depend on how they were named.

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use dtc_expr::Mode;
use glob::MatchOptions;

use crate::error::IoError;
use crate::projection::Projection;
use crate::reader::Input;

/// Files of these endings are data, packed or not.
const DATA_ENDINGS: [&str; 13] =
    ["json", "jsonl", "ndjson", "log", "csv", "tsv", "tab", "psv", "parquet", "gz", "gzip", "zst", "zstd"];
/// What stands for standard input.
const STANDARD_INPUT: &str = "-";
/// Folders in folders; beyond, a link leads round in a circle.
const MAX_DEPTH: usize = 64;

/// Something to read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum DataSource {
    StandardInput,
    File(PathBuf),
}

/// In which order several inputs are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By name, each file once: the same rows however they were named.
    ByName,
    /// As named, a file as often as it is named: Blurr's way.
    AsGiven,
}

/// The inputs to read, and what was done about them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DataSources {
    pub list: Vec<DataSource>,
    pub notices: Vec<String>,
}

impl DataSource {
    pub fn open(&self, projection: &Projection, mode: Mode) -> Result<Input, IoError> {
        match self {
            DataSource::StandardInput => Input::standard_input(projection, mode),
            DataSource::File(path) => Input::open(path, projection, mode),
        }
    }
}

impl fmt::Display for DataSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DataSource::StandardInput => f.write_str("standard input"),
            DataSource::File(path) => path.display().fmt(f),
        }
    }
}

/// What the names stand for: `-` is standard input, a file is itself, a folder every data file in it and
/// below it, and a name of no file with `*`, `?` or `[` in it every file that matches.
pub fn data_sources(names: &[String], order: Order) -> Result<DataSources, IoError> {
    let mut list = Vec::new();
    for name in names {
        let path = Path::new(name);
        if name == STANDARD_INPUT {
            list.push(DataSource::StandardInput);
        } else if path.exists() || !is_pattern(name) {
            list.extend(data_files(&[path])?.into_iter().map(DataSource::File));
        } else {
            list.extend(matching(name)?.into_iter().map(DataSource::File));
        }
    }
    let mut found = DataSources { list, notices: Vec::new() };
    if order == Order::ByName {
        found.list.sort();
        found.read_each_once();
    }
    Ok(found)
}

impl DataSources {
    fn read_each_once(&mut self) {
        let mut seen = HashSet::new();
        let mut again: Vec<String> = Vec::new();
        self.list.retain(|source| {
            let file = match source {
                DataSource::StandardInput => None,
                DataSource::File(path) => Some(path.canonicalize().unwrap_or_else(|_| path.clone())),
            };
            let new = seen.insert(file);
            if !new && again.last() != Some(&source.to_string()) {
                again.push(source.to_string());
            }
            new
        });
        self.notices.extend(again.into_iter().map(|name| format!("{name} is named more than once; it is read once")));
    }
}

/// Files stay as they are; a folder gives every data file in it and below it, by name.
pub fn data_files<P: AsRef<Path>>(paths: &[P]) -> Result<Vec<PathBuf>, IoError> {
    let mut files = Vec::new();
    for path in paths {
        let path = path.as_ref();
        let about = fs::metadata(path).map_err(|cause| IoError::system(path, "read", cause))?;
        if about.is_dir() {
            let before = files.len();
            add_folder(path, 0, &mut files)?;
            if files.len() == before {
                return Err(IoError::NoData { path: path.to_path_buf() });
            }
            files[before..].sort();
        } else {
            files.push(path.to_path_buf());
        }
    }
    Ok(files)
}

/// Whether the name says that a file holds events.
pub fn is_data_file(path: &Path) -> bool {
    path.extension()
        .and_then(|ending| ending.to_str())
        .is_some_and(|ending| DATA_ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// The endings of data files in words.
pub fn endings() -> String {
    let [others @ .., last] = DATA_ENDINGS;
    format!(".{} or .{last}", others.join(", ."))
}

/// Partitioned data lies in folders of folders. Hidden names, and those with `_` before them, are the notes of
/// the program that wrote the data.
fn add_folder(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), IoError> {
    let refused = |cause| IoError::system(folder, "read", cause);
    if depth > MAX_DEPTH {
        return Ok(());
    }
    for entry in fs::read_dir(folder).map_err(refused)? {
        let path = entry.map_err(refused)?.path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(['.', '_'])) {
            continue;
        }
        if path.is_dir() {
            add_folder(&path, depth + 1, files)?;
        } else if is_data_file(&path) && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

fn is_pattern(name: &str) -> bool {
    name.contains(['*', '?', '['])
}

/// The files that match and those in folders that match, by name. A pattern does not reach what is hidden, as
/// in a shell.
fn matching(pattern: &str) -> Result<Vec<PathBuf>, IoError> {
    let bad = |reason: &str| IoError::BadPattern { pattern: pattern.to_owned(), reason: reason.to_owned() };
    let options =
        MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };
    let mut files = Vec::new();
    for path in glob::glob_with(pattern, options).map_err(|error| bad(error.msg))? {
        let path = path.map_err(|error| {
            let path = error.path().to_path_buf();
            IoError::system(&path, "read", error.into())
        })?;
        match path.is_dir() {
            true => add_folder(&path, 0, &mut files)?,
            false => files.push(path),
        }
    }
    // `**` gives a folder and those in it.
    files.sort();
    files.dedup();
    if files.is_empty() { Err(IoError::NoMatch { pattern: pattern.to_owned() }) } else { Ok(files) }
}
