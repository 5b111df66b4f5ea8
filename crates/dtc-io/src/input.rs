//! Something with a name that records are read from: a file here, an object of a store elsewhere.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;

use dtc_expr::Mode;

use crate::error::IoError;
use crate::projection::Projection;
use crate::reader::Records;

pub trait Input {
    /// For messages, as the user wrote it.
    fn shown(&self) -> String;
    /// The same for every way to write it; what a state remembers it by.
    fn name(&self) -> String;
    /// Bytes as stored; `None` where there is no saying (a pipe).
    fn size(&self) -> Result<Option<u64>, IoError>;
    /// Bytes from an offset on, at most so many.
    fn bytes(&self, from: u64, count: u64) -> Result<Box<dyn Read + Send>, IoError>;
    /// All of it, in whatever form it is.
    fn records(&self, projection: &Projection, mode: Mode) -> Result<Records, IoError>;
}

/// A file of this machine.
#[derive(Debug, Clone)]
pub struct FileInput {
    pub path: PathBuf,
}

impl Input for FileInput {
    fn shown(&self) -> String {
        self.path.display().to_string()
    }

    fn name(&self) -> String {
        let path = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        path.to_string_lossy().into_owned()
    }

    fn size(&self) -> Result<Option<u64>, IoError> {
        let about = fs::metadata(&self.path).map_err(|cause| IoError::system(&self.path, "read", cause))?;
        Ok(about.is_file().then_some(about.len()))
    }

    fn bytes(&self, from: u64, count: u64) -> Result<Box<dyn Read + Send>, IoError> {
        let opened = File::open(&self.path).and_then(|mut file| file.seek(SeekFrom::Start(from)).map(|_| file));
        let file = opened.map_err(|cause| IoError::system(&self.path, "read", cause))?;
        Ok(Box::new(file.take(count)))
    }

    fn records(&self, projection: &Projection, mode: Mode) -> Result<Records, IoError> {
        Records::open_as(&self.path, projection, mode)
    }
}
