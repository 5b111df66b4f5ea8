//! Streams records out of a file of any size in constant memory: JSON Lines, JSON arrays, objects one
//! after the other, gzip of each, and what Python prints for a dict. A record that cannot be read is
//! told with its line and reason, and reading goes on.

mod csv;
mod fast;
mod fault;
mod in_order;
mod input;
mod interner;
mod ipfix;
mod keys;
mod lines;
mod notices;
mod number;
#[cfg(feature = "frames")]
mod parquet;
mod parse;
mod recover;
mod resync;
pub mod rows;
mod scan;
mod sniff;
mod source;
mod text;

use std::io::Read;
use std::path::Path;

use dtc_expr::{Dict, Mode, Value};

use self::fault::{Fault, MAX_RECORD, Reason};
pub use self::input::Input;
use self::interner::Interner;
use self::ipfix::Ipfix;
use self::notices::Tally;
use self::parse::{Parsed, Rules, parse};
pub use self::sniff::Layout;
use self::source::Source;
use crate::error::IoError;
use crate::projection::Projection;

/// How much of a file is looked at before the first record is given.
const HEAD: usize = 64 * 1024;

/// A record as the file has it: an object of `Flavor::Record`; what lies inside is plain.
#[derive(Debug, Clone)]
pub struct RawRecord {
    /// Line on which it starts, from 1.
    pub line: u64,
    pub value: Value,
}

/// Something that is no record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadRecord {
    pub line: u64,
    pub reason: String,
    /// How it starts: at most 200 characters.
    pub text: String,
}

/// What a file's objects are turned into before anybody sees them (LANGUAGE.md B.13).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Processor {
    /// An object is an event.
    Simple,
    /// An object holds flow records of an IPFIX collector, each an event.
    Ipfix,
}

/// Records of one file, pulled one at a time.
pub struct Records {
    source: Source,
    interner: Interner,
    mode: Mode,
    layout: Layout,
    python: bool,
    tally: Tally,
    ipfix: Option<Ipfix>,
    line: u64,
    /// Offset of the current line's first byte in the unpacked input.
    line_start: u64,
    /// White space since the line's start; `None` once something else stood there.
    indent: Option<Vec<u8>>,
    in_array: bool,
    /// Whether a comma is due before the next record of an array.
    comma_due: bool,
    done: bool,
}

impl Records {
    /// Reads from anything; `name` stands for it in errors, `total` is its size where it is known. By
    /// `Mode::Blurr` as Blurr does: JSON only, one value a line, blank lines are bad.
    pub fn from_reader(
        name: &str,
        input: Box<dyn Read + Send>,
        total: Option<u64>,
        projection: &Projection,
        mode: Mode,
    ) -> Result<Records, IoError> {
        let source =
            Source::of_reader(input, total).map_err(|cause| IoError::system(Path::new(name), "read", cause))?;
        Records::start(source, name, projection, mode)
    }

    fn start(mut source: Source, name: &str, projection: &Projection, mode: Mode) -> Result<Records, IoError> {
        source.fill(HEAD, name)?;
        if let Some((what, cure)) = sniff::not_text(source.rest()) {
            return Err(IoError::NotText { name: name.to_owned(), what, cure });
        }
        if source.rest().starts_with(sniff::BOM) {
            source.consume(sniff::BOM.len());
        }
        let sniffed = sniff::layout(source.rest(), source.ended());
        let by_line = mode == Mode::Blurr;
        let tally = Tally {
            empty: source.rest().trim_ascii().is_empty() && source.ended(),
            not_lines: by_line && sniffed.layout != Layout::Lines,
            ..Tally::default()
        };
        // Not where somebody reads `DataSets` itself, and never by Blurr's rules, which know no guess.
        let detected = sniffed.export && !by_line && !names_data_sets(projection);
        let mut records = Records {
            line_start: source.offset(),
            source,
            interner: Interner::new(projection.clone()),
            mode,
            layout: if by_line { Layout::Lines } else { sniffed.layout },
            python: sniffed.python && !by_line,
            tally,
            ipfix: None,
            line: 1,
            indent: Some(Vec::new()),
            in_array: false,
            comma_due: false,
            done: false,
        };
        if detected {
            records.expect_flows(projection, true);
        }
        Ok(records)
    }

    /// Reads as somebody asked for, whatever the file looks like. To be called before the first record.
    pub fn processed(mut self, processor: Processor, projection: &Projection) -> Records {
        match processor {
            Processor::Ipfix => self.expect_flows(projection, false),
            Processor::Simple => {
                self.interner = Interner::new(projection.clone());
                self.ipfix = None;
            }
        }
        self
    }

    fn expect_flows(&mut self, projection: &Projection, detected: bool) {
        self.interner = Interner::new(Projection::Fields(vec![ipfix::DATA_SETS.into()]));
        self.ipfix = Some(Ipfix::new(projection.clone(), detected));
    }

    /// Bytes taken from the file so far, packed where it is packed.
    pub fn bytes_read(&self) -> u64 {
        self.source.bytes_read()
    }

    /// The file's size, where it has one.
    pub fn total_bytes(&self) -> Option<u64> {
        self.source.total
    }

    /// E.g. "JSON Lines, gzip".
    pub fn format(&self) -> String {
        let name = match (self.python, self.layout) {
            (true, Layout::Array) => "Python list of records",
            (true, _) => "Python records",
            (false, Layout::Lines) => "JSON Lines",
            (false, Layout::Array) => "JSON array",
            (false, Layout::Concatenated) => "JSON objects",
        };
        let name = if self.ipfix.is_some() { format!("IPFIX flows in {name}") } else { name.to_owned() };
        format!("{name}{}", self.source.packing_suffix())
    }

    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// What was done for the user so far, in sentences; complete after the last record.
    pub fn notices(&self) -> Vec<String> {
        let mut list = self.tally.sentences();
        if let Some(ipfix) = &self.ipfix {
            list.extend(notices::of_flows(ipfix.detected, ipfix.without_mac));
        }
        list
    }

    fn next_record(&mut self) -> Option<Result<RawRecord, BadRecord>> {
        if self.pass_to_record() { Some(self.record()) } else { self.finish() }
    }

    /// Passes what stands between records; `false` where the input ends before the next one.
    fn pass_to_record(&mut self) -> bool {
        loop {
            let Some(&first) = self.source.rest().first() else {
                if self.source.more() {
                    continue;
                }
                return false;
            };
            match first {
                b'{' => return true,
                b'\n' => self.end_line(),
                b' ' | b'\t' | b'\r' | 0x0c => self.pass_space(first),
                b',' => self.pass_comma(),
                b']' if self.in_array => {
                    self.pass(1);
                    self.in_array = false;
                }
                b'[' if !self.in_array && self.opens_array() => {
                    self.pass(1);
                    self.in_array = true;
                    self.comma_due = false;
                }
                b'`' if self.at_fence() => {
                    self.tally.fences += 1;
                    self.skip_line();
                }
                _ => return true,
            }
        }
    }

    fn record(&mut self) -> Result<RawRecord, BadRecord> {
        let line = self.line;
        if self.in_array {
            self.tally.missing_between += u64::from(self.comma_due);
            self.comma_due = true;
        }
        let rules = Rules { tolerant: true, by_line: self.by_line() };
        loop {
            match parse(self.source.rest(), self.source.ended(), rules, &mut self.interner) {
                Ok(parsed) => return self.accept(line, parsed),
                Err(fault) if fault.reason != Reason::End || self.source.ended() => {
                    return Err(self.refuse(line, fault));
                }
                Err(fault) if self.source.rest().len() >= MAX_RECORD => {
                    return Err(self.refuse(line, Fault { reason: Reason::TooLong, ..fault }));
                }
                Err(_) => self.double(),
            }
        }
    }

    /// Whether a bad record ends with its line.
    fn by_line(&self) -> bool {
        self.layout == Layout::Lines && !self.in_array
    }

    fn accept(&mut self, line: u64, parsed: Parsed) -> Result<RawRecord, BadRecord> {
        let value = match object_of(parsed.value) {
            Ok((value, pairs)) => {
                self.tally.pairs += u64::from(pairs);
                value
            }
            Err(what) => {
                let text = recover::excerpt(&self.source.rest()[..parsed.used]);
                self.pass_record(parsed.used, parsed.newlines, parsed.line_start);
                return Err(BadRecord {
                    line,
                    reason: format!("{what} stands where a record (an object in braces) is expected"),
                    text,
                });
            }
        };
        self.pass_record(parsed.used, parsed.newlines, parsed.line_start);
        self.tally.add(parsed.liberties);
        Ok(RawRecord { line, value })
    }

    /// Reads until twice as much is at hand: parsing anew stays linear in the record's size.
    fn double(&mut self) {
        let goal = self.source.rest().len() * 2;
        while self.source.rest().len() < goal.max(1) && self.source.more() {}
    }

    fn opens_array(&mut self) -> bool {
        while self.source.rest()[1..].iter().all(u8::is_ascii_whitespace)
            && self.source.rest().len() < MAX_RECORD
            && self.source.more()
        {}
        // Among lines a list of other things is one bad record, not many.
        let first = self.source.rest()[1..].iter().find(|byte| !byte.is_ascii_whitespace());
        sniff::opens_array(self.source.rest()) && (self.layout != Layout::Lines || matches!(first, Some(b'{' | b']')))
    }

    fn at_fence(&mut self) -> bool {
        while self.source.rest().len() < 3 && self.source.more() {}
        !self.in_array && self.source.rest().starts_with(b"```")
    }

    /// After the last byte: tells once why the input ended early.
    fn finish(&mut self) -> Option<Result<RawRecord, BadRecord>> {
        self.done = true;
        self.tally.open_array = self.in_array;
        let reason = self.source.end_reason()?;
        Some(Err(BadRecord { line: self.line, reason, text: String::new() }))
    }
}

impl Iterator for Records {
    type Item = Result<RawRecord, BadRecord>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(flow) = self.ipfix.as_mut().and_then(Ipfix::next) {
                return Some(Ok(flow));
            }
            let read = match (self.done, self.mode) {
                (true, _) => None,
                (false, Mode::Studio) => self.next_record(),
                (false, Mode::Blurr) => self.next_line(),
            };
            match (&mut self.ipfix, read) {
                (Some(ipfix), Some(Ok(record))) => {
                    if let Err(bad) = ipfix.take(&record) {
                        return Some(Err(bad));
                    }
                }
                (_, read) => return read,
            }
        }
    }
}

fn names_data_sets(projection: &Projection) -> bool {
    matches!(projection, Projection::Fields(_)) && projection.keeps(ipfix::DATA_SETS)
}

/// The record as an object, and whether it was written as a list of pairs; or what it is instead.
fn object_of(value: Value) -> Result<(Value, bool), &'static str> {
    match value {
        Value::Dict(..) => Ok((value, false)),
        Value::List(_, items) => match pairs(&items) {
            Some(fields) => Ok((Value::record(fields), true)),
            None => Err("a list"),
        },
        Value::Str(_) => Err("a text"),
        Value::Bool(_) => Err("a boolean"),
        Value::None => Err("null"),
        _ => Err("a number"),
    }
}

fn pairs(items: &[Value]) -> Option<Dict> {
    let mut fields = Dict::default();
    for item in items {
        let Value::List(_, pair) = item else { return None };
        let [Value::Str(name), value] = pair.as_slice() else { return None };
        fields.insert(Value::Str(name.clone()), value.clone());
    }
    (!items.is_empty()).then_some(fields)
}
