//! The end of the file that is written: frames over zeros that were put down before them, so that a sync has no length or
//! place of the file to note and costs the disk one write.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

/// Bytes of zeros that are put down together.
const ROOM: u64 = 1 << 20;

pub struct Preallocated {
    file: File,
    /// Bytes of frames.
    end: u64,
    /// Bytes of the file: frames, then zeros.
    room: u64,
    most: u64,
}

impl Preallocated {
    /// Goes on behind so many bytes of frames; what stands behind them is zeros. A file of at most `most` bytes needs no
    /// more room.
    pub fn open(path: &Path, end: u64, most: u64) -> io::Result<Preallocated> {
        let file = OpenOptions::new().write(true).create(true).truncate(false).open(path)?;
        let room = file.metadata()?.len();
        Ok(Preallocated { file, end, room, most })
    }

    /// What could not be written leaves no trace.
    ///
    /// # Errors
    /// The outer error leaves the file as nobody knows it.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<Result<(), io::Error>> {
        if let Err(cause) = self.put(bytes) {
            // The next frames must not follow half of one.
            self.file.set_len(self.end)?;
            self.room = self.end;
            return Ok(Err(cause));
        }
        self.end += bytes.len() as u64;
        Ok(Ok(()))
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        let after = self.end + bytes.len() as u64;
        if after > self.room {
            let room = after + ROOM.min(self.most);
            let start = self.room.max(self.end);
            self.file.seek(SeekFrom::Start(start))?;
            self.file.write_all(&vec![0; (room - start) as usize])?;
            self.room = room;
        }
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(bytes)
    }

    /// Until the disk has what was written.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_data()
    }
}

impl Drop for Preallocated {
    /// A closed file holds its frames alone. Where it keeps zeros they are read as none.
    fn drop(&mut self) {
        let _ = self.file.set_len(self.end);
    }
}

/// How many bytes stand before the room.
pub fn without_room(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1)
}
