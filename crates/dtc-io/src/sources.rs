//! From the paths a user names to the data files to read: a folder stands for the data in it, sorted.

use std::fs;
use std::path::{Path, PathBuf};

use crate::error::IoError;

const DATA_ENDINGS: [&str; 5] = ["json", "jsonl", "ndjson", "log", "gz"];

/// Files stay as they are; a folder gives every data file directly in it, by name.
pub fn data_files<P: AsRef<Path>>(paths: &[P]) -> Result<Vec<PathBuf>, IoError> {
    let mut files = Vec::new();
    for path in paths {
        let path = path.as_ref();
        let about = fs::metadata(path).map_err(|cause| IoError::system(path, "read", cause))?;
        if about.is_dir() {
            files.extend(files_of_folder(path)?);
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

fn files_of_folder(folder: &Path) -> Result<Vec<PathBuf>, IoError> {
    let refused = |cause| IoError::system(folder, "read", cause);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(refused)? {
        let path = entry.map_err(refused)?.path();
        if is_data_file(&path) && path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(IoError::NoData { path: folder.to_path_buf() });
    }
    files.sort();
    Ok(files)
}
