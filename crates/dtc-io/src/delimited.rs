//! Tables of text record by record, as cells of bytes and nothing more: for tables of one known shape that are too long
//! for values and objects. Quotes, CRLF, a byte order mark and gzip are understood (RFC 4180, RFC 1952).
//!
//! Refuses to guess types: cells are text. Events of any format are the reader's (`Input`).

use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::ops::Range;
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use memchr::{memchr, memchr_iter, memchr2_iter};

use crate::error::IoError;

/// What one refill asks for.
const CHUNK: usize = 256 * 1024;
/// A longer record is an open quote or no table at all.
const LONGEST: usize = 64 << 20;
const SEPARATORS: [u8; 3] = [b';', b',', b'\t'];

/// A line of a table.
pub struct Record<'a> {
    /// From 1, where the record begins.
    pub line: u64,
    text: &'a str,
    cells: &'a [Range<usize>],
}

impl<'a> Record<'a> {
    pub fn len(&self) -> usize {
        self.cells.len()
    }

    pub fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Without its quotes; empty beyond the last.
    pub fn cell(&self, column: usize) -> &'a str {
        self.cells.get(column).map_or("", |range| &self.text[range.clone()])
    }

    pub fn cells(&self) -> impl Iterator<Item = &'a str> + '_ {
        (0..self.cells.len()).map(|column| self.cell(column))
    }
}

/// Gives every record of a file to `take`, the header first. Cells are separated by `;`, `,` or tabs, whichever the
/// header has most. Errors: what `take` says against a record, with file and line; `NotText` in bytes that are no UTF-8.
pub fn each_record(path: &Path, take: impl FnMut(&Record<'_>) -> Result<(), String>) -> Result<(), IoError> {
    let refused = |cause| IoError::system(path, "read", cause);
    if fs::metadata(path).map_err(refused)?.is_dir() {
        return Err(IoError::IsFolder { path: path.to_path_buf() });
    }
    let file = File::open(path).map_err(refused)?;
    each_record_of(&path.display().to_string(), file, take)
}

/// The same of any bytes; `name` stands for them in errors.
pub fn each_record_of(
    name: &str,
    input: impl Read + 'static,
    mut take: impl FnMut(&Record<'_>) -> Result<(), String>,
) -> Result<(), IoError> {
    let mut records = Records::open(name, input)?;
    while records.next(&mut take)? {}
    Ok(())
}

struct Records<'n> {
    name: &'n str,
    input: Box<dyn Read>,
    buffer: Vec<u8>,
    start: usize,
    ended: bool,
    /// Lines before `start`.
    lines: u64,
    separator: Option<u8>,
    cells: Vec<Range<usize>>,
    /// Cells without their quotes, of a record that has some.
    unquoted: String,
}

impl<'n> Records<'n> {
    fn open(name: &'n str, input: impl Read + 'static) -> Result<Records<'n>, IoError> {
        let input: Box<dyn Read> = Box::new(input);
        let mut records = Records {
            name,
            input,
            buffer: Vec::new(),
            start: 0,
            ended: false,
            lines: 0,
            separator: None,
            cells: Vec::new(),
            unquoted: String::new(),
        };
        records.fill()?;
        if records.buffer.starts_with(&[0x1f, 0x8b]) {
            let head = io::Cursor::new(std::mem::take(&mut records.buffer));
            let rest = std::mem::replace(&mut records.input, Box::new(io::empty()));
            records.input = Box::new(MultiGzDecoder::new(BufReader::with_capacity(CHUNK, head.chain(rest))));
            records.ended = false;
            records.fill()?;
        }
        if records.buffer.starts_with(b"\xef\xbb\xbf") {
            records.start = 3;
        }
        Ok(records)
    }

    /// Reads on behind what is there.
    fn fill(&mut self) -> Result<(), IoError> {
        self.buffer.drain(..self.start);
        self.start = 0;
        if self.buffer.len() > LONGEST {
            return Err(self.at_fault("the record does not end; a quote may be open".to_owned()));
        }
        let before = self.buffer.len();
        let taken = self.input.by_ref().take(CHUNK as u64).read_to_end(&mut self.buffer);
        taken.map_err(|cause| IoError::system(Path::new(self.name), "read", cause))?;
        self.ended = self.buffer.len() == before;
        Ok(())
    }

    fn at_fault(&self, reason: String) -> IoError {
        IoError::Line { name: self.name.to_owned(), line: self.lines + 1, reason }
    }

    /// Takes one record; false at the end of the input.
    fn next(&mut self, take: &mut impl FnMut(&Record<'_>) -> Result<(), String>) -> Result<bool, IoError> {
        let (end, next) = loop {
            match record_end(&self.buffer[self.start..]) {
                Some(end) => break (self.start + end, self.start + end + 1),
                None if self.ended && self.start == self.buffer.len() => return Ok(false),
                None if self.ended => break (self.buffer.len(), self.buffer.len()),
                None => self.fill()?,
            }
        };
        let bytes = &self.buffer[self.start..end];
        let bytes = bytes.strip_suffix(b"\r").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes)
            .map_err(|_| self.at_fault("the line is no UTF-8 text; save the file as UTF-8".to_owned()))?;
        let separator = *self.separator.get_or_insert_with(|| separator_of(bytes));
        let inner = memchr_iter(b'\n', bytes).count() as u64;
        if !text.trim().is_empty() {
            self.cells.clear();
            let text = if memchr(b'"', bytes).is_some() {
                unquote(text, separator, &mut self.unquoted, &mut self.cells);
                &self.unquoted
            } else {
                split(bytes, separator, &mut self.cells);
                text
            };
            let record = Record { line: self.lines + 1, text, cells: &self.cells };
            take(&record).map_err(|reason| self.at_fault(reason))?;
        }
        self.lines += inner + 1;
        self.start = next;
        Ok(true)
    }
}

/// Where the line feed is that ends the first record: the first one outside quotes.
fn record_end(bytes: &[u8]) -> Option<usize> {
    let first = memchr(b'\n', bytes)?;
    if memchr(b'"', &bytes[..first]).is_none() {
        return Some(first);
    }
    let mut open = false;
    for at in memchr2_iter(b'"', b'\n', bytes) {
        match bytes[at] {
            b'"' => open = !open,
            _ if !open => return Some(at),
            _ => {}
        }
    }
    None
}

fn separator_of(header: &[u8]) -> u8 {
    let count = |separator: &&u8| memchr_iter(**separator, header).count();
    // Of equals the last counts: the order of preference is turned.
    SEPARATORS.iter().rev().max_by_key(count).copied().unwrap_or(b',')
}

fn split(bytes: &[u8], separator: u8, cells: &mut Vec<Range<usize>>) {
    let mut start = 0;
    for at in memchr_iter(separator, bytes) {
        cells.push(start..at);
        start = at + 1;
    }
    cells.push(start..bytes.len());
}

/// Cells with quotes taken off: `"a;b"` is one cell, `""` in it one quote.
fn unquote(text: &str, separator: u8, unquoted: &mut String, cells: &mut Vec<Range<usize>>) {
    unquoted.clear();
    let (mut start, mut open) = (0, false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if open && letters.peek() == Some(&'"') => {
                letters.next();
                unquoted.push('"');
            }
            '"' if open || unquoted.len() == start => open = !open,
            letter if letter == separator as char && !open => {
                cells.push(start..unquoted.len());
                start = unquoted.len();
            }
            letter => unquoted.push(letter),
        }
    }
    cells.push(start..unquoted.len());
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, IoError> {
        let mut lines = Vec::new();
        each_record_of("t.csv", io::Cursor::new(bytes.to_vec()), |record| {
            lines.push((record.line, record.cells().map(str::to_owned).collect()));
            Ok(())
        })?;
        Ok(lines)
    }

    fn cells(line: &[&str]) -> Vec<String> {
        line.iter().map(|cell| (*cell).to_owned()).collect()
    }

    #[test]
    fn quotes_line_ends_and_blank_lines() {
        let text = "\u{feff}a;b\r\n\r\n\"x;\n\"\"y\"\"\";2\n3;";
        let lines = read(text.as_bytes()).unwrap();
        assert_eq!(lines, [(1, cells(&["a", "b"])), (3, cells(&["x;\n\"y\"", "2"])), (5, cells(&["3", ""]))]);
        assert_eq!(read(b"").unwrap(), []);
        assert_eq!(read(b"path,x\n1;2,3").unwrap()[1].1, cells(&["1;2", "3"]));
    }

    #[test]
    fn records_longer_than_a_refill_and_gzip() {
        let long = "c > ".repeat(CHUNK);
        let text = format!("path,n\n{long},1\n{long},2\n");
        let lines = read(text.as_bytes()).unwrap();
        assert!(lines.len() == 3 && lines[2].1[0] == long && lines[2].0 == 3);
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(text.as_bytes()).unwrap();
        assert_eq!(read(&packed.finish().unwrap()).unwrap(), lines);
    }

    #[test]
    fn faults_name_the_line() {
        let error = read(b"a,b\n1,2\n\xff,3\n").unwrap_err();
        assert!(error.to_string().starts_with("t.csv:3: the line is no UTF-8"), "{error}");
        let refused = each_record_of("t.csv", io::Cursor::new(b"a\n\"x\ny\"\nz\n"), |record| {
            if record.cell(0) == "z" { Err("no z".to_owned()) } else { Ok(()) }
        });
        assert_eq!(refused.unwrap_err().to_string(), "t.csv:4: no z");
    }
}
