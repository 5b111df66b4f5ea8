//! Reading as Blurr reads: each line by itself, JSON only, nothing forgiven.

use super::fault::{Fault, MAX_RECORD, Reason};
use super::parse::{Parsed, Rules, parse};
use super::{BadRecord, RawRecord, Records, recover};

impl Records {
    pub(super) fn next_line(&mut self) -> Option<Result<RawRecord, BadRecord>> {
        let mut seen = 0;
        let end = loop {
            let rest = self.source.rest();
            if let Some(end) = memchr::memchr(b'\n', &rest[seen..]) {
                break seen + end;
            }
            seen = rest.len();
            if seen >= MAX_RECORD {
                return Some(Err(self.refuse_line(Fault { at: 0, depth: 0, reason: Reason::TooLong })));
            }
            if !self.source.more() {
                break seen;
            }
        };
        if end == 0 && self.source.rest().is_empty() {
            return self.finish();
        }
        Some(self.line_record(end))
    }

    fn line_record(&mut self, end: usize) -> Result<RawRecord, BadRecord> {
        let line = &self.source.rest()[..end];
        let lead = line.len() - line.trim_ascii_start().len();
        let text = &line[lead..];
        if text.is_empty() {
            let bad = BadRecord { line: self.line, reason: "blank line".to_owned(), text: String::new() };
            self.skip_line();
            return Err(bad);
        }
        let rules = Rules { tolerant: false, by_line: true };
        let parsed = match parse(text, true, rules, &mut self.interner) {
            Ok(parsed) if text[parsed.used..].trim_ascii().is_empty() => parsed,
            Ok(Parsed { used, .. }) => {
                let space = text[used..].len() - text[used..].trim_ascii_start().len();
                let fault = Fault {
                    at: lead + used + space,
                    depth: 0,
                    reason: Reason::Expected("the end of the line after the record"),
                };
                return Err(self.refuse_line(fault));
            }
            Err(fault) => return Err(self.refuse_line(Fault { at: lead + fault.at, ..fault })),
        };
        let number = self.line;
        self.source.consume(lead);
        let record = self.accept(number, parsed);
        self.skip_line();
        record
    }

    fn refuse_line(&mut self, fault: Fault) -> BadRecord {
        let rest = self.source.rest();
        let line = &rest[..memchr::memchr(b'\n', rest).unwrap_or(rest.len())];
        let bad = BadRecord { line: self.line, reason: fault.describe(line), text: recover::excerpt(line) };
        self.skip_line();
        bad
    }
}
