//! Keeps the place in the input (line, column, indentation) and finds the way on after a bad record.

use super::fault::{Fault, Reason};
use super::resync::{self, Broken};
use super::{BadRecord, Records};

/// How far a broken record's end is searched for before only line starts are trusted.
const SPAN: usize = 1024 * 1024;
const EXCERPT: usize = 200;

impl Records {
    /// Passes bytes that hold no line end.
    pub(super) fn pass(&mut self, bytes: usize) {
        self.source.consume(bytes);
        self.indent = None;
    }

    pub(super) fn pass_space(&mut self, byte: u8) {
        self.source.consume(1);
        if let Some(indent) = &mut self.indent {
            indent.push(byte);
        }
    }

    pub(super) fn end_line(&mut self) {
        self.source.consume(1);
        self.new_line(1, self.source.offset());
    }

    pub(super) fn pass_comma(&mut self) {
        self.pass(1);
        self.tally.extra_between += u64::from(!self.comma_due);
        self.comma_due = false;
    }

    pub(super) fn pass_record(&mut self, used: usize, newlines: u64, line_start: Option<usize>) {
        let start = self.source.offset();
        self.pass(used);
        if let Some(line_start) = line_start {
            self.new_line(newlines, start + line_start as u64);
            self.indent = None;
        }
    }

    fn new_line(&mut self, count: u64, start: u64) {
        self.line += count;
        self.line_start = start;
        match &mut self.indent {
            Some(indent) => indent.clear(),
            None => self.indent = Some(Vec::new()),
        }
    }

    /// Passes everything up to and with the next line end.
    pub(super) fn skip_line(&mut self) {
        loop {
            if let Some(end) = memchr::memchr(b'\n', self.source.rest()) {
                self.source.consume(end);
                return self.end_line();
            }
            self.source.consume(self.source.rest().len());
            if !self.source.more() {
                return;
            }
        }
    }

    /// Reports a record that cannot be read and moves to where the next one may begin.
    pub(super) fn refuse(&mut self, line: u64, fault: Fault) -> BadRecord {
        let fault = self.within_line(fault);
        let reason = self.reason(&fault);
        let stray = !self.in_array && !matches!(self.source.rest().first(), Some(b'{' | b'['));
        if stray || self.by_line() {
            let rest = self.source.rest();
            let text = excerpt(&rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())]);
            self.skip_line();
            return BadRecord { line, reason, text };
        }
        while self.source.rest().len() < fault.at + SPAN && self.source.more() {}
        let broken = Broken {
            indent: self.indent.as_deref(),
            fault: (fault.at, fault.depth),
            single_quotes: self.python || self.tally.python > 0,
        };
        let rest = self.source.rest();
        let end = resync::next_record(rest, &broken);
        let text = excerpt(&rest[..end.unwrap_or(rest.len())]);
        match end {
            Some(end) => self.pass_broken(end),
            None => self.skip_to_line_start(),
        }
        BadRecord { line, reason, text }
    }

    /// A record that should end with its line and runs on into the next was cut short.
    fn within_line(&self, fault: Fault) -> Fault {
        match memchr::memchr(b'\n', &self.source.rest()[..fault.at]) {
            Some(end) if self.by_line() => Fault { at: end, reason: Reason::End, ..fault },
            _ => fault,
        }
    }

    /// The reason, with its place where that is not the record's first character.
    fn reason(&self, fault: &Fault) -> String {
        let before = &self.source.rest()[..fault.at];
        let what = fault.describe(self.source.rest());
        match memchr::memrchr(b'\n', before) {
            Some(end) => {
                let line = self.line + memchr::memchr_iter(b'\n', before).count() as u64;
                let column = String::from_utf8_lossy(&before[end + 1..]).chars().count() + 1;
                format!("{what} (line {line}, column {column})")
            }
            None if fault.at == 0 && self.indent.is_some() => what,
            None => {
                let lead = self.source.offset() - self.line_start;
                let column = lead + String::from_utf8_lossy(before).chars().count() as u64 + 1;
                format!("{what} (column {column})")
            }
        }
    }

    fn pass_broken(&mut self, end: usize) {
        let broken = &self.source.rest()[..end];
        let newlines = memchr::memchr_iter(b'\n', broken).count() as u64;
        let line_start = memchr::memrchr(b'\n', broken).map(|at| at + 1);
        self.comma_due = !broken.trim_ascii_end().ends_with(b",");
        self.pass_record(end, newlines, line_start);
        if line_start == Some(end) {
            self.indent = Some(Vec::new());
        }
    }

    /// Line after line, until one starts with a brace; nothing is kept of what is passed.
    fn skip_to_line_start(&mut self) {
        let rest = self.source.rest().len();
        self.pass_broken(rest);
        loop {
            self.skip_line();
            while self.source.rest().len() < 2 && self.source.more() {}
            let rest = self.source.rest();
            if rest.is_empty() || rest.trim_ascii_start().starts_with(b"{") {
                self.comma_due = false;
                return;
            }
        }
    }
}

/// The start of a record as text, cut at 200 characters.
pub(super) fn excerpt(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(EXCERPT * 4 + 4)]);
    let text = text.trim_end();
    if text.chars().count() <= EXCERPT {
        return text.to_owned();
    }
    text.chars().take(EXCERPT - 1).chain(['…']).collect()
}
