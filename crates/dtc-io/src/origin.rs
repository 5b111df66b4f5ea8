//! Where an input's bytes are: a file of this machine or standard input here, an object of a store elsewhere.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};

use dtc_expr::Mode;

use crate::error::IoError;
use crate::projection::Projection;
use crate::reader::Input;
use crate::sources::DataSource;

pub trait Origin {
    /// For messages, as the user wrote it.
    fn shown(&self) -> String;
    /// The same for every way to write it; what a state remembers it by.
    fn name(&self) -> String;
    /// Bytes as stored; `None` where there is no saying (a pipe).
    fn size(&self) -> Result<Option<u64>, IoError>;
    /// Bytes from an offset on, at most so many. Only where there is a size.
    fn bytes(&self, from: u64, count: u64) -> Result<Box<dyn Read + Send>, IoError>;
    /// The input of this machine, which has quicker ways into rows.
    fn local(&self) -> Option<&DataSource> {
        None
    }
    /// All of its records, in whatever form they are.
    fn open(&self, projection: &Projection, mode: Mode) -> Result<Input, IoError>;
}

impl Origin for DataSource {
    fn shown(&self) -> String {
        self.to_string()
    }

    fn name(&self) -> String {
        match self {
            DataSource::StandardInput => "-".to_owned(),
            DataSource::File(path) => {
                let path = fs::canonicalize(path).unwrap_or_else(|_| path.clone());
                path.to_string_lossy().into_owned()
            }
        }
    }

    fn size(&self) -> Result<Option<u64>, IoError> {
        let DataSource::File(path) = self else { return Ok(None) };
        let about = fs::metadata(path).map_err(|cause| IoError::system(path, "read", cause))?;
        Ok(about.is_file().then_some(about.len()))
    }

    fn bytes(&self, from: u64, count: u64) -> Result<Box<dyn Read + Send>, IoError> {
        let DataSource::File(path) = self else { return Ok(Box::new(std::io::empty())) };
        let opened = File::open(path).and_then(|mut file| file.seek(SeekFrom::Start(from)).map(|_| file));
        let file = opened.map_err(|cause| IoError::system(path, "read", cause))?;
        Ok(Box::new(file.take(count)))
    }

    fn local(&self) -> Option<&DataSource> {
        Some(self)
    }

    fn open(&self, projection: &Projection, mode: Mode) -> Result<Input, IoError> {
        DataSource::open(self, projection, mode)
    }
}
