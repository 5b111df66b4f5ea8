//! The records that left, as files of JSON Lines: the sink that is always there, and what the others read from.
//!
//! After a crash the last whole line says how far emission came; the log gives the rest again, line for line.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::error::ServiceError;
use crate::record::Place;

/// A line is never longer than a decision and its frame.
const LONGEST_LINE: u64 = 1 << 20;

pub struct Outbox {
    folder: PathBuf,
    file: File,
    number: u64,
    bytes: u64,
    most: u64,
    /// Of the last record.
    last: Option<Place>,
}

impl Outbox {
    pub fn open(folder: &Path, most: u64) -> Result<Outbox, ServiceError> {
        fs::create_dir_all(folder).map_err(|cause| ServiceError::disk(folder, "made", cause))?;
        let numbers = numbers(folder)?;
        let number = numbers.last().copied().unwrap_or(0);
        let path = path_of(folder, number);
        let file = OpenOptions::new().read(true).append(true).create(true).open(&path);
        let file = file.map_err(|cause| ServiceError::disk(&path, "opened", cause))?;
        let mut outbox = Outbox { folder: folder.to_path_buf(), file, number, bytes: 0, most, last: None };
        for older in numbers.iter().rev() {
            let path = path_of(folder, *older);
            let (place, whole) = last_line(&path).map_err(|cause| ServiceError::disk(&path, "read", cause))?;
            if *older == number {
                outbox.file.set_len(whole).map_err(|cause| ServiceError::disk(&path, "cut", cause))?;
                outbox.bytes = whole;
            }
            if place.is_some() {
                outbox.last = place;
                break;
            }
        }
        outbox.last = outbox.last.max(remembered(folder));
        Ok(outbox)
    }

    /// Place of the last record that left; what is not beyond it has left already.
    pub fn last(&self) -> Option<Place> {
        self.last
    }

    /// Adds whole lines, the last of which has this place.
    pub fn append(&mut self, lines: &[u8], last: Place) -> Result<(), ServiceError> {
        let path = path_of(&self.folder, self.number);
        if let Err(cause) = self.file.write_all(lines) {
            self.file.set_len(self.bytes).map_err(|cause| ServiceError::disk(&path, "cut", cause))?;
            return Err(ServiceError::disk(&path, "written", cause));
        }
        self.bytes += lines.len() as u64;
        self.last = Some(last);
        if self.bytes >= self.most {
            self.sync()?;
            self.number += 1;
            let path = path_of(&self.folder, self.number);
            let file = OpenOptions::new().append(true).create(true).open(&path);
            self.file = file.map_err(|cause| ServiceError::disk(&path, "opened", cause))?;
            self.bytes = 0;
        }
        Ok(())
    }

    /// Makes what left durable, so that the log need not hold it any longer.
    pub fn sync(&mut self) -> Result<(), ServiceError> {
        let path = path_of(&self.folder, self.number);
        self.file.sync_data().map_err(|cause| ServiceError::disk(&path, "synced", cause))?;
        if let Some(last) = self.last {
            remember(&self.folder, last).map_err(|cause| ServiceError::disk(&self.folder, "written", cause))?;
        }
        Ok(())
    }

    /// Removes files before the one of this name, but for the newest.
    pub fn give_up_before(&self, name: &str) -> Result<(), ServiceError> {
        for number in numbers(&self.folder)?.into_iter().filter(|number| *number < self.number) {
            let path = path_of(&self.folder, number);
            if path.file_name().and_then(|own| own.to_str()).is_some_and(|own| own < name) {
                fs::remove_file(&path).map_err(|cause| ServiceError::disk(&path, "removed", cause))?;
            }
        }
        Ok(())
    }

    /// Bytes of all files; whoever reads them may remove all but the newest.
    pub fn total_bytes(&self) -> u64 {
        let sizes = fs::read_dir(&self.folder).into_iter().flatten().flatten();
        sizes.filter_map(|entry| entry.metadata().ok()).map(|about| about.len()).sum()
    }
}

/// The files' numbers in order.
fn numbers(folder: &Path) -> Result<Vec<u64>, ServiceError> {
    let failed = |cause| ServiceError::disk(folder, "read", cause);
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let number = name.to_str().and_then(|name| name.strip_prefix("records-")?.strip_suffix(".jsonl"));
        numbers.extend(number.and_then(|number| number.parse::<u64>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}

fn path_of(folder: &Path, number: u64) -> PathBuf {
    folder.join(format!("records-{number:08}.jsonl"))
}

/// Place of the last whole line, and the length up to its end.
fn last_line(path: &Path) -> std::io::Result<(Option<Place>, u64)> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    let from = length.saturating_sub(2 * LONGEST_LINE);
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(from))?;
    file.read_to_end(&mut tail)?;
    let Some(end) = tail.iter().rposition(|byte| *byte == b'\n') else { return Ok((None, 0)) };
    let start = tail[..end].iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    Ok((Place::of_line(&tail[start..end]), from + end as u64 + 1))
}

/// The place beside the files, for those who take all files away.
fn remembered(folder: &Path) -> Option<Place> {
    let text = fs::read_to_string(folder.join("last")).ok()?;
    let mut parts = text.split_whitespace();
    let mut next = || parts.next();
    let (emitted, arrival, part) = (next()?, next()?, next()?);
    Some(Place { emitted_ms: emitted.parse().ok()?, arrival: arrival.parse().ok()?, part: part.parse().ok()? })
}

fn remember(folder: &Path, last: Place) -> std::io::Result<()> {
    let beside = folder.join("last.new");
    let mut file = File::create(&beside)?;
    writeln!(file, "{} {} {}", last.emitted_ms, last.arrival, last.part)?;
    file.sync_data()?;
    fs::rename(beside, folder.join("last"))
}
