//! Reading the selected samples: records by `dtc-io`, events by the plan's intake. What cannot be used is
//! kept with its place and reason; a file that cannot be read at all does not stop the others.

use std::path::PathBuf;

use dtc_engine::{Cancel, Events, Intake, Plan, Taken};
use dtc_expr::{Mode, Value};
use dtc_io::{FileRows, Input, Projection, RowReading, Taker};

use crate::error::sample_fault;

/// Unusable records beyond these are only counted.
const MOST_KEPT: usize = 100_000;
/// Records between two looks at the cancel flag.
const CHECK_EVERY: u64 = 4_096;
const EXCERPT: usize = 200;

/// What a reading gave.
#[derive(Debug, Default)]
pub(crate) struct Parsed {
    pub events: Events,
    pub unusable: Vec<UnusableRecord>,
    pub unusable_count: u64,
    pub notices: Vec<String>,
}

#[derive(Debug, Clone)]
pub(crate) struct UnusableRecord {
    pub file: u32,
    pub line: u64,
    pub reason: String,
    pub text: String,
}

/// A sample to read: its name for the user and its place.
#[derive(Debug, Clone)]
pub(crate) struct DataFile {
    pub name: String,
    pub path: PathBuf,
}

pub(crate) struct Reading<'a> {
    pub files: &'a [DataFile],
    pub projection: &'a Projection,
    pub mode: Mode,
    /// Stop after so many records.
    pub limit: Option<u64>,
    pub cancel: &'a Cancel,
    /// Told the share of bytes read and the records so far.
    pub progress: &'a (dyn Fn(Option<f64>, u64) + Sync),
}

pub(crate) enum Item {
    Record {
        file: u32,
        line: u64,
        value: Value,
    },
    /// What is no record, with its place and reason; nothing for a file that cannot be read, of which a notice tells.
    Bad(Option<String>),
}

/// The reading was cancelled.
pub(crate) struct Cancelled;

impl Reading<'_> {
    /// Hands every record over, file by file; gives the notices.
    pub(crate) fn each(&self, mut take: impl FnMut(Item)) -> Result<Vec<String>, Cancelled> {
        let mut notices = Vec::new();
        let mut seen = 0;
        for (index, file) in self.files.iter().enumerate() {
            let number = u32::try_from(index).unwrap_or(u32::MAX);
            let mut records = match Input::open(&file.path, self.projection, self.mode) {
                Ok(records) => records,
                Err(error) => {
                    let reason = sample_fault(&error, &file.path, &file.name);
                    notices.push(format!("{reason} The file was left out."));
                    take(Item::Bad(None));
                    continue;
                }
            };
            while let Some(record) = records.next().filter(|_| self.limit.is_none_or(|limit| seen < limit)) {
                seen += 1;
                if seen % CHECK_EVERY == 0 {
                    if self.cancel.is_cancelled() {
                        return Err(Cancelled);
                    }
                    (self.progress)(self.share(index, &records), seen);
                }
                take(match record {
                    Ok(record) => Item::Record { file: number, line: record.line, value: record.value },
                    Err(bad) => Item::Bad(Some(format!("{}:{}: {}", file.name, bad.line, bad.reason))),
                });
            }
            notices.extend(records.notices().into_iter().map(|notice| format!("{}: {notice}", file.name)));
        }
        if self.cancel.is_cancelled() { Err(Cancelled) } else { Ok(notices) }
    }

    /// Files count alike: their sizes say little where some are packed.
    fn share(&self, index: usize, records: &Input) -> Option<f64> {
        let total = records.total_bytes().filter(|total| *total > 0)?;
        let within = (records.bytes_read() as f64 / total as f64).min(1.0);
        Some((index as f64 + within) / self.files.len() as f64)
    }
}

impl Parsed {
    /// Reads the files into rows of the plan's columns.
    pub(crate) fn read(reading: &Reading<'_>, plan: &Plan) -> Result<Parsed, Cancelled> {
        let mut parsed = Parsed::default();
        let taker = || -> Taker<'_, Taken> {
            let mut intake = Intake::new(plan);
            Box::new(move |rows, lines| intake.part(rows, lines))
        };
        let mut parts = Vec::new();
        let mut before = 0;
        for (index, file) in reading.files.iter().enumerate() {
            let number = u32::try_from(index).unwrap_or(u32::MAX);
            let watch = |share: Option<f64>, seen: u64| {
                let share = share.map(|share| (index as f64 + share) / reading.files.len() as f64);
                (reading.progress)(share, before + seen);
                !reading.cancel.is_cancelled()
            };
            let limit = reading.limit.map(|limit| limit.saturating_sub(before));
            let columns = plan.columns();
            let rows = RowReading { columns, mode: reading.mode, processor: None, limit, threads: 0, watch: &watch };
            let read = match rows.file(&file.path, &taker) {
                Ok(read) => read,
                Err(error) => {
                    let reason = sample_fault(&error, &file.path, &file.name);
                    parsed.notices.push(format!("{reason} The file was left out."));
                    parsed.reject(UnusableRecord { file: number, line: 0, reason, text: String::new() });
                    continue;
                }
            };
            if read.stopped || reading.cancel.is_cancelled() {
                return Err(Cancelled);
            }
            let told = parsed.notices.len();
            before += parsed.add(number, read, &mut parts);
            parsed.notices[told..].iter_mut().for_each(|notice| *notice = format!("{}: {notice}", file.name));
        }
        parsed.unusable.truncate(MOST_KEPT);
        parsed.events = Events::collect(plan, parts);
        Ok(parsed)
    }

    /// Takes over what a file gave; the number of its records.
    fn add(&mut self, file: u32, read: FileRows<Taken>, parts: &mut Vec<(u32, u64, Taken)>) -> u64 {
        let from = self.unusable.len();
        let mut records = read.bad.len() as u64;
        for bad in read.bad {
            self.reject(UnusableRecord { file, line: bad.line, reason: bad.reason, text: bad.text });
        }
        for (first, mut taken) in read.blocks {
            records += taken.len() as u64;
            for refused in std::mem::take(&mut taken.unusable) {
                let line = first + u64::from(refused.line);
                let text = excerpt(&refused.event);
                self.reject(UnusableRecord { file, line, reason: refused.reason, text });
            }
            parts.push((file, first, taken));
        }
        self.unusable[from..].sort_by_key(|record| record.line);
        self.notices.extend(read.notices);
        records
    }

    fn reject(&mut self, record: UnusableRecord) {
        self.unusable_count += 1;
        if self.unusable.len() < 2 * MOST_KEPT {
            self.unusable.push(record);
        }
    }
}

fn excerpt(value: &Value) -> String {
    let text = dtc_io::json::json_text(value);
    match text.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
