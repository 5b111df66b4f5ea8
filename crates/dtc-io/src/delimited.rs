//! Tables of text record by record, as cells of bytes and nothing more: for tables of one known shape that are too long
//! for values and objects. Quotes, CRLF, a byte order mark and gzip are understood (RFC 4180, RFC 1952).
//!
//! Refuses to guess types: cells are text. Events of any format are the reader's (`Input`).

mod gather;
mod pieces;
mod records;

use std::fs::{self, File};
use std::io::Read;
use std::ops::Range;
use std::path::Path;

pub use gather::{Gather, gather};

use crate::error::IoError;
use pieces::{End, Piece, Pieces};
use records::Reading;

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
    #[inline]
    pub fn cell(&self, column: usize) -> &'a str {
        self.cells.get(column).map_or("", |range| &self.text[range.clone()])
    }

    pub fn cells(&self) -> impl Iterator<Item = &'a str> + '_ {
        (0..self.cells.len()).map(|column| self.cell(column))
    }
}

/// Gives every record of a file to `take`, the header first. Cells are separated by `;`, `,` or tabs, whichever the
/// header has most. Errors: what `take` says against a record, with file and line; the same for bytes that are no UTF-8.
pub fn each_record(path: &Path, take: impl FnMut(&Record<'_>) -> Result<(), String>) -> Result<(), IoError> {
    let (name, file) = opened(path)?;
    each_record_of(&name, file, take)
}

/// The same of any bytes; `name` stands for them in errors.
pub fn each_record_of(
    name: &str,
    input: impl Read + Send + 'static,
    mut take: impl FnMut(&Record<'_>) -> Result<(), String>,
) -> Result<(), IoError> {
    let mut pieces = Pieces::open(name, input)?;
    let (mut reading, mut lines, mut memory) = (Reading::default(), 0, Vec::new());
    while let Some(piece) = pieces.next(memory) {
        lines += each_of(name, &piece, lines, &mut reading, &mut take)?;
        if let End::Failed(error) = piece.end {
            return Err(error);
        }
        memory = piece.bytes;
    }
    Ok(())
}

/// A file and its name in errors.
fn opened(path: &Path) -> Result<(String, File), IoError> {
    let refused = |cause| IoError::system(path, "read", cause);
    if fs::metadata(path).map_err(refused)?.is_dir() {
        return Err(IoError::IsFolder { path: path.to_path_buf() });
    }
    Ok((path.display().to_string(), File::open(path).map_err(refused)?))
}

/// Gives the records of a piece, which `before` lines come before, to `take`. How many lines they are.
fn each_of(
    name: &str,
    piece: &Piece,
    before: u64,
    reading: &mut Reading,
    take: impl FnMut(&Record<'_>) -> Result<(), String>,
) -> Result<u64, IoError> {
    let at_fault = |line: u64, reason| IoError::Line { name: name.to_owned(), line: before + line + 1, reason };
    if matches!(piece.end, End::Never) {
        return Err(at_fault(0, "the record does not end; a quote may be open".to_owned()));
    }
    reading.each(&piece.bytes, before, take).map_err(|wrong| at_fault(wrong.line, wrong.reason))
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};

    use super::pieces::CHUNK;
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
