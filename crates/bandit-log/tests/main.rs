//! Logs of every layout, what is wrong with their lines, policies over them, and figures of what comes out.

// A step that fails is the test's failure.
#![allow(clippy::unwrap_used)]

mod evaluating;
mod policies;
mod reading;

use std::path::PathBuf;

use bandit_log::{Log, ReadOptions, read};
use tempfile::TempDir;

/// A folder with files.
pub struct Place(TempDir);

impl Place {
    pub fn make() -> Place {
        Place(tempfile::tempdir().unwrap())
    }

    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub fn log(&self, name: &str, text: &str) -> Log {
        read(&[self.file(name, text)], &ReadOptions::default()).unwrap()
    }
}
