//! The log of what was accepted: files of checked frames, appended and synced before anybody is answered.
//!
//! An accepted event is in it for as long as its key is remembered; then its file goes.

mod frame;
mod preallocated;

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

pub use frame::{Entry, Position, encode, encode_position};
use frame::{Frame, decode};
use preallocated::Preallocated;

use crate::error::ServiceError;

const ENDING: &str = "log";

/// One file; named after the number of its first event.
struct Segment {
    first: u64,
    bytes: u64,
    /// Of its last event; before that, of the moment it was begun.
    last_ms: i64,
}

pub struct Log {
    folder: PathBuf,
    tail: Preallocated,
    segments: Vec<Segment>,
    most: u64,
    /// How far each source was read.
    positions: BTreeMap<String, String>,
}

/// What the folder held when it was opened.
pub struct Recovered {
    /// Number of the first event that is still there.
    pub first: u64,
    pub entries: u64,
    /// Bytes that a crash had left behind without an answer to anybody; they are beside the log.
    pub torn: u64,
    /// How far each source was read.
    pub positions: BTreeMap<String, String>,
}

impl Log {
    /// Opens the folder and hands every entry to `take`, in the order of arrival.
    pub fn open(
        folder: &Path,
        most: u64,
        mut take: impl FnMut(u64, Entry<'_>),
    ) -> Result<(Log, Recovered), ServiceError> {
        fs::create_dir_all(folder).map_err(|cause| ServiceError::disk(folder, "made", cause))?;
        let mut firsts = numbered(folder)?;
        firsts.sort_unstable();
        let mut recovered = Recovered::from(firsts.first().copied().unwrap_or(0));
        let mut segments = Vec::new();
        for (place, first) in firsts.iter().enumerate() {
            let last = place + 1 == firsts.len();
            let (segment, rest) = replay(folder, *first, last, &mut recovered, &mut take)?;
            if !rest.is_empty() {
                set_aside(&path_of(folder, *first), &rest, segment.bytes)?;
            }
            segments.push(segment);
        }
        if segments.is_empty() {
            segments.push(Segment { first: 0, bytes: 0, last_ms: i64::MIN });
        }
        let (first, bytes) = segments.last().map_or((0, 0), |segment| (segment.first, segment.bytes));
        let tail = open_tail(&path_of(folder, first), bytes, most)?;
        sync_folder(folder)?;
        let positions = recovered.positions.clone();
        Ok((Log { folder: folder.to_path_buf(), tail, segments, most, positions }, recovered))
    }

    /// Hands every entry to `take`, and changes nothing: for a log that a service may be writing.
    pub fn read(folder: &Path, mut take: impl FnMut(u64, Entry<'_>)) -> Result<Recovered, ServiceError> {
        let mut firsts = numbered(folder)?;
        firsts.sort_unstable();
        let mut recovered = Recovered::from(firsts.first().copied().unwrap_or(0));
        for (place, first) in firsts.iter().enumerate() {
            replay(folder, *first, place + 1 == firsts.len(), &mut recovered, &mut take)?;
        }
        Ok(recovered)
    }

    /// How far the source was read with what is on disk.
    pub fn position(&self, source: &str) -> Option<&str> {
        self.positions.get(source).map(String::as_str)
    }

    /// Notes how far a source was read with frames that were appended.
    pub fn read_to(&mut self, source: &str, place: &str) {
        self.positions.insert(source.to_owned(), place.to_owned());
    }

    /// Writes whole frames and waits until the disk has them. What could not be written leaves no trace.
    pub fn append(&mut self, frames: &[u8], next: u64, now_ms: i64) -> Result<(), ServiceError> {
        // A file is named after its first event, so it has one.
        if self.segments.last().is_some_and(|segment| segment.bytes >= self.most && segment.first < next) {
            self.begin(next, now_ms)?;
        }
        self.write(frames, now_ms)
    }

    fn write(&mut self, frames: &[u8], now_ms: i64) -> Result<(), ServiceError> {
        let Some(segment) = self.segments.last_mut() else { return Ok(()) };
        let path = path_of(&self.folder, segment.first);
        let written = self.tail.write(frames).map_err(|cause| ServiceError::disk(&path, "cut", cause))?;
        written.map_err(|cause| ServiceError::disk(&path, "written", cause))?;
        self.tail.sync().map_err(|cause| {
            ServiceError::Stopped(format!(
                "{} could not be synced ({cause}), so nobody knows what of it is on disk",
                path.display()
            ))
        })?;
        segment.bytes += frames.len() as u64;
        segment.last_ms = now_ms;
        Ok(())
    }

    fn begin(&mut self, first: u64, now_ms: i64) -> Result<(), ServiceError> {
        self.tail = open_tail(&path_of(&self.folder, first), 0, self.most)?;
        sync_folder(&self.folder)?;
        self.segments.push(Segment { first, bytes: 0, last_ms: now_ms });
        // Older files will go, and what they say of sources with them.
        let mut frames = Vec::new();
        for (source, place) in &self.positions {
            encode_position(Position { source, place, events: 0 }, &mut frames);
        }
        self.write(&frames, now_ms)
    }

    /// Removes files whose last event is older than this; never the newest.
    pub fn forget(&mut self, before_ms: i64) -> Result<(), ServiceError> {
        while self.segments.len() > 1 && self.segments[0].last_ms < before_ms {
            let path = path_of(&self.folder, self.segments[0].first);
            fs::remove_file(&path).map_err(|cause| ServiceError::disk(&path, "removed", cause))?;
            self.segments.remove(0);
        }
        Ok(())
    }

    /// Whether `forget` would remove something.
    pub fn has_forgettable(&self, before_ms: i64) -> bool {
        self.segments.len() > 1 && self.segments[0].last_ms < before_ms
    }

    pub fn bytes(&self) -> u64 {
        self.segments.iter().map(|segment| segment.bytes).sum()
    }
}

impl Recovered {
    fn from(first: u64) -> Recovered {
        Recovered { first, entries: 0, torn: 0, positions: BTreeMap::new() }
    }
}

/// The file, and what at its end does not read as frames.
fn replay(
    folder: &Path,
    first: u64,
    last: bool,
    recovered: &mut Recovered,
    take: &mut impl FnMut(u64, Entry<'_>),
) -> Result<(Segment, Vec<u8>), ServiceError> {
    let path = path_of(folder, first);
    let mut bytes = Vec::new();
    let read = File::open(&path).and_then(|mut file| file.read_to_end(&mut bytes));
    read.map_err(|cause| ServiceError::disk(&path, "read", cause))?;
    let mut segment = Segment { first, bytes: 0, last_ms: i64::MIN };
    let (mut at, mut number) = (0, first);
    while let Some((frame, used)) = decode(&bytes[at..]) {
        match frame {
            Frame::Event(entry) => {
                segment.last_ms = segment.last_ms.max(entry.time_ms);
                take(number, entry);
                number += 1;
            }
            // The source gives them again, all of them.
            Frame::Position(position) if !holds(&bytes[at + used..], position.events) => break,
            Frame::Position(position) => {
                recovered.positions.insert(position.source.to_owned(), position.place.to_owned());
            }
        }
        at += used;
    }
    recovered.entries += number - first;
    bytes.truncate(preallocated::without_room(&bytes).max(at));
    if at < bytes.len() {
        if !last {
            return Err(ServiceError::Damaged { path, at: at as u64 });
        }
        recovered.torn = (bytes.len() - at) as u64;
    }
    segment.bytes = at as u64;
    Ok((segment, bytes.split_off(at)))
}

/// Whether so many frames are there.
fn holds(bytes: &[u8], frames: u64) -> bool {
    let mut at = 0;
    (0..frames).all(|_| decode(&bytes[at..]).inspect(|(_, used)| at += used).is_some())
}

/// Keeps what does not read as frames beside the file, and cuts it off.
fn set_aside(path: &Path, rest: &[u8], at: u64) -> Result<(), ServiceError> {
    let aside = path.with_extension(format!("torn-{at}"));
    fs::write(&aside, rest).map_err(|cause| ServiceError::disk(&aside, "written", cause))?;
    let cut = OpenOptions::new().write(true).open(path).and_then(|file| {
        file.set_len(at)?;
        file.sync_all()
    });
    cut.map_err(|cause| ServiceError::disk(path, "cut", cause))
}

fn path_of(folder: &Path, first: u64) -> PathBuf {
    folder.join(format!("{first:020}.{ENDING}"))
}

fn numbered(folder: &Path) -> Result<Vec<u64>, ServiceError> {
    let failed = |cause: io::Error| ServiceError::disk(folder, "read", cause);
    let mut numbers = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|ending| ending == ENDING)
            && let Some(number) = path.file_stem().and_then(|stem| stem.to_str()?.parse().ok())
        {
            numbers.push(number);
        }
    }
    Ok(numbers)
}

fn open_tail(path: &Path, end: u64, most: u64) -> Result<Preallocated, ServiceError> {
    Preallocated::open(path, end, most).map_err(|cause| ServiceError::disk(path, "opened", cause))
}

/// A new file is there after a crash only if its folder was synced.
fn sync_folder(folder: &Path) -> Result<(), ServiceError> {
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    synced.map_err(|cause| ServiceError::disk(folder, "synced", cause))
}
