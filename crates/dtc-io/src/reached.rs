//! How far an input has been read, and reading on from there: a plain file of lines from its byte, anything
//! else by passing over the records that counted already.
//!
//! What grows at its end is the same input; what begins differently is a new one; what became shorter is
//! refused, because nobody can know what its records are.

use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dtc_expr::Mode;
use serde::{Deserialize, Serialize};

use crate::error::IoError;
use crate::origin::Origin;
use crate::projection::Projection;
use crate::reader::{BadRecord, Input, Processor, RawRecord, Records};

/// Bytes at an input's start that tell it from another one of the same name.
const HEAD: u64 = 4096;
/// Bytes at its end that are looked through for the last line break; a longer line is read as it is.
const TAIL: u64 = 1 << 20;

/// How far an input has been read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// How many of its first bytes `head` is of.
    pub head_bytes: u64,
    /// FNV-1a of its first bytes.
    pub head: u64,
    /// Bytes of it that were read, as stored.
    pub bytes: u64,
    /// Line breaks in them, where it is plain lines and reading goes on from that byte.
    pub lines: Option<u64>,
    /// Records in them, the unusable ones among them.
    pub records: u64,
}

impl Reached {
    pub fn to_text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// `None` for what `to_text` did not write.
    pub fn from_text(text: &str) -> Option<Reached> {
        serde_json::from_str(text).ok()
    }
}

/// Reading an input on from where an earlier batch stopped.
pub struct Reading {
    /// `None`: nothing is new.
    records: Option<Input>,
    /// Records still to pass over.
    pass: u64,
    lines_before: u64,
    lines: Option<Arc<AtomicU64>>,
    reached: Reached,
    notes: Vec<String>,
}

impl Reading {
    /// `earlier`: what the last batch left of an input of this name.
    pub fn start(
        input: &dyn Origin,
        earlier: Option<&Reached>,
        projection: &Projection,
        mode: Mode,
        processor: Option<Processor>,
    ) -> Result<Reading, IoError> {
        let Some(size) = input.size()? else {
            let mut reading = Reading::nothing_yet(Reached::nothing());
            reading.records = Some(processed(input, input.open(projection, mode)?, processor, projection)?);
            reading.notes.push("a stream has no offsets; given again, its events count again".to_owned());
            return Ok(reading);
        };
        let mut notes = Vec::new();
        let earlier = match earlier {
            Some(earlier) if size < earlier.head_bytes || hash(input, earlier.head_bytes)? != earlier.head => {
                notes.push("it begins differently than when it was read before; it is read as a new one".to_owned());
                None
            }
            Some(earlier) if size < earlier.bytes => {
                return Err(IoError::InputCut { name: input.shown(), then: earlier.bytes, now: size });
            }
            earlier => earlier,
        };
        let head_bytes = size.min(HEAD);
        let about = Reached { head_bytes, head: hash(input, head_bytes)?, ..Reached::nothing() };
        let mut reading = match earlier {
            Some(earlier) if earlier.bytes == size => Reading::nothing_yet(earlier.clone()),
            Some(Reached { lines: Some(lines), bytes, records, .. }) => {
                let about = Reached { records: *records, ..about };
                Reading::lines(input, about, (*bytes, *lines), size, projection, mode)?
            }
            _ => {
                let records = input.open(projection, mode)?;
                if records.is_plain_lines() {
                    Reading::lines(input, about, (0, 0), size, projection, mode)?
                } else {
                    // The end of an array moves when it grows.
                    let head_bytes = HEAD.min(size / 2);
                    let head = hash(input, head_bytes)?;
                    let mut reading = Reading::nothing_yet(Reached { head_bytes, head, bytes: size, ..about });
                    reading.records = Some(records);
                    reading.pass = earlier.map_or(0, |earlier| earlier.records);
                    reading
                }
            }
        };
        let records = reading.records.take();
        reading.records = records.map(|records| processed(input, records, processor, projection)).transpose()?;
        if let Some(earlier) = earlier {
            notes.push(format!("{} records of it counted already", earlier.records));
        }
        reading.notes = [notes, std::mem::take(&mut reading.notes)].concat();
        Ok(reading)
    }

    fn nothing_yet(reached: Reached) -> Reading {
        Reading { records: None, pass: 0, lines_before: 0, lines: None, reached, notes: Vec::new() }
    }

    /// Whole lines only: the last one of a file that is being written may be half.
    fn lines(
        input: &dyn Origin,
        about: Reached,
        (from, lines_before): (u64, u64),
        size: u64,
        projection: &Projection,
        mode: Mode,
    ) -> Result<Reading, IoError> {
        let end = whole_lines(input, from, size, projection, mode)?;
        let mut reading = Reading::nothing_yet(Reached { bytes: end, lines: Some(lines_before), ..about });
        if end < size {
            reading.notes.push("its last line is not complete yet and is left to the next batch".to_owned());
        }
        if end > from {
            let breaks = Arc::new(AtomicU64::new(0));
            let counted = CountedLines { input: input.bytes(from, end - from)?, breaks: breaks.clone() };
            let records = Records::from_reader(&input.shown(), Box::new(counted), Some(end - from), projection, mode)?;
            reading.records = Some(Input::json(records));
            reading.lines_before = lines_before;
            reading.lines = Some(breaks);
        }
        Ok(reading)
    }

    /// How far it has been read; complete after the last record.
    pub fn reached(&self) -> Reached {
        let counted = self.lines.as_ref().map_or(0, |breaks| breaks.load(Ordering::Relaxed));
        Reached { lines: self.reached.lines.map(|before| before + counted), ..self.reached.clone() }
    }

    /// What was done, in sentences; complete after the last record.
    pub fn notices(&self) -> Vec<String> {
        let of_records = self.records.iter().flat_map(Input::notices);
        self.notes.iter().cloned().chain(of_records).collect()
    }
}

impl Iterator for Reading {
    type Item = Result<RawRecord, BadRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        let records = self.records.as_mut()?;
        while self.pass > 0 {
            self.pass -= 1;
            self.reached.records += 1;
            records.next()?.ok();
        }
        let next = records.next()?;
        self.reached.records += 1;
        let before = self.lines_before;
        Some(match next {
            Ok(record) => Ok(RawRecord { line: record.line + before, ..record }),
            Err(bad) => Err(BadRecord { line: bad.line + before, ..bad }),
        })
    }
}

impl Reached {
    fn nothing() -> Reached {
        Reached { head_bytes: 0, head: 0, bytes: 0, lines: None, records: 0 }
    }
}

fn processed(
    input: &dyn Origin,
    records: Input,
    processor: Option<Processor>,
    projection: &Projection,
) -> Result<Input, IoError> {
    match processor {
        Some(processor) => records.processed(&input.shown(), processor, projection),
        None => Ok(records),
    }
}

/// The end of the last complete line; the last one needs no line break when it is a record as it is.
fn whole_lines(input: &dyn Origin, from: u64, size: u64, projection: &Projection, mode: Mode) -> Result<u64, IoError> {
    let start = from.max(size.saturating_sub(TAIL));
    let tail = taken(input, start, size - start)?;
    let rest = match tail.iter().rposition(|byte| *byte == b'\n') {
        Some(place) => place + 1,
        None if start == from => 0,
        None => return Ok(size),
    };
    let last = tail[rest..].to_vec();
    if last.trim_ascii().is_empty() {
        return Ok(size);
    }
    let complete = Records::from_reader("", Box::new(Cursor::new(last)), None, projection, mode)
        .is_ok_and(|mut records| records.all(|record| record.is_ok()));
    Ok(if complete { size } else { start + rest as u64 })
}

fn hash(input: &dyn Origin, bytes: u64) -> Result<u64, IoError> {
    let head = taken(input, 0, bytes)?;
    Ok(head.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)))
}

fn taken(input: &dyn Origin, from: u64, count: u64) -> Result<Vec<u8>, IoError> {
    let mut bytes = Vec::new();
    let read = if count == 0 { Ok(0) } else { input.bytes(from, count)?.read_to_end(&mut bytes) };
    read.map_err(|cause| IoError::system(input.shown().as_ref(), "read", cause))?;
    Ok(bytes)
}

struct CountedLines {
    input: Box<dyn Read + Send>,
    breaks: Arc<AtomicU64>,
}

impl Read for CountedLines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        let breaks = memchr::memchr_iter(b'\n', &buffer[..count]).count();
        self.breaks.fetch_add(breaks as u64, Ordering::Relaxed);
        Ok(count)
    }
}
