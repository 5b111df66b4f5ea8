//! The documents that a command was given: files, folders, or the current folder.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Outcome};
use crate::project::{self, Text};

/// A file that could not be read, and why.
pub struct Unreadable {
    pub path: PathBuf,
    pub reason: String,
}

/// The texts of the files and folders that were named, or of the current folder.
pub fn gather(named: &[PathBuf]) -> Outcome<(Vec<Text>, Vec<Unreadable>)> {
    let here = [PathBuf::from(".")];
    let paths = if named.is_empty() { &here } else { named };
    let (mut texts, mut unreadable) = (Vec::new(), Vec::new());
    let mut take = |path: &Path, named: bool| match project::read(path) {
        Ok(text) if named || project::means_to_be_document(&text) => texts.push(text),
        Ok(text) => eprintln!("note: {} has no `Type` and was left out", text.path.display()),
        Err(Failure::Message(reason) | Failure::Usage(reason)) => {
            unreadable.push(Unreadable { path: path.to_path_buf(), reason })
        }
        Err(Failure::Reported) => {}
    };
    for path in paths {
        if path.is_dir() {
            for file in project::yaml_files(path)? {
                take(&file, false);
            }
        } else {
            take(path, true);
        }
    }
    if texts.is_empty() && unreadable.is_empty() {
        return Err(Failure::Usage("there are no documents (.yaml, .yml) here; name the files to check".to_owned()));
    }
    Ok((texts, unreadable))
}
