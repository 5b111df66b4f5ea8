//! JSON Lines files of a folder, read as they grow, in the order of their names.

use std::io;
use std::path::{Path, PathBuf};

use super::{Batch, MOST_TOGETHER, Source};
use crate::tail::{self, Tail};

pub struct Files {
    folder: PathBuf,
    tail: Option<Tail>,
}

impl Files {
    pub fn new(folder: &Path) -> Files {
        Files { folder: folder.to_path_buf(), tail: None }
    }
}

impl Source for Files {
    fn open(&mut self, place: Option<&str>) -> io::Result<()> {
        self.tail = Some(Tail::at(&self.folder, tail::of_text(place.unwrap_or_default())));
        Ok(())
    }

    fn next(&mut self) -> io::Result<Batch> {
        let Some(tail) = &mut self.tail else { return Err(io::Error::other("it is not open")) };
        let lines = tail.next()?;
        if lines.is_empty() {
            return Ok(Batch::default());
        }
        let (mut records, mut used) = (Vec::new(), 0);
        for line in lines.split_inclusive(|byte| *byte == b'\n').take(MOST_TOGETHER) {
            used += line.len();
            if !line.trim_ascii().is_empty() {
                records.push(line.trim_ascii().to_vec());
            }
        }
        tail.advance(used);
        Ok(Batch { records, place: tail::to_text(tail.cursor()) })
    }
}
