//! JSON Lines files in a folder of the user's, a new one after so many bytes. Its last line says what it has, so each
//! record is there once.

use std::io;
use std::path::{Path, PathBuf};

use super::Sink;
use crate::error::ServiceError;
use crate::outbox::Outbox;
use crate::record::Place;

pub struct Files {
    folder: PathBuf,
    most: u64,
    open: Option<Outbox>,
}

impl Files {
    pub fn new(folder: &Path, most: u64) -> Files {
        Files { folder: folder.to_path_buf(), most, open: None }
    }
}

impl Sink for Files {
    fn open(&mut self) -> io::Result<()> {
        self.open = Some(Outbox::open(&self.folder, self.most).map_err(failed)?);
        Ok(())
    }

    fn take(&mut self, lines: &[u8]) -> io::Result<()> {
        let Some(files) = &mut self.open else { return Err(io::Error::other("it is not open")) };
        let (mut fresh, mut last) = (Vec::with_capacity(lines.len()), None);
        for line in lines.split_inclusive(|byte| *byte == b'\n') {
            let place = Place::of_line(line).ok_or_else(|| io::Error::other("a line is no record"))?;
            if files.last().is_none_or(|left| place > left) {
                fresh.extend(line);
                last = Some(place);
            }
        }
        let Some(last) = last else { return Ok(()) };
        files.append(&fresh, last).and_then(|()| files.sync()).map_err(failed)
    }
}

fn failed(error: ServiceError) -> io::Error {
    io::Error::other(error.to_string())
}
