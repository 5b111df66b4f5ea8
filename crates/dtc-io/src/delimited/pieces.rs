//! The bytes of a table in pieces of whole records, so that records can be looked at by several threads. Unpacks gzip
//! and takes a byte order mark off; knows of quotes only where records end.

use std::io::{self, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use memchr::{memchr, memchr2_iter, memrchr};

use crate::error::IoError;

/// What one refill asks for, and about what a piece holds.
pub(super) const CHUNK: usize = 256 * 1024;
/// A longer record is an open quote or no table at all.
const LONGEST: usize = 64 << 20;

/// Some records that follow each other.
pub(super) struct Piece {
    /// From 0, in the order of the input.
    pub(super) number: usize,
    pub(super) bytes: Vec<u8>,
    pub(super) end: End,
}

/// What a piece ends with.
pub(super) enum End {
    /// A whole record.
    Record,
    /// A record that never ends, which is all there is in the piece.
    Never,
    /// The input failed behind it.
    Failed(IoError),
}

pub(super) struct Pieces<'n> {
    name: &'n str,
    input: Box<dyn Read + Send>,
    /// What was read of the next piece.
    rest: Vec<u8>,
    number: usize,
    ended: bool,
    packed: bool,
}

impl<'n> Pieces<'n> {
    /// Errors: the system's about the first bytes.
    pub(super) fn open(name: &'n str, input: impl Read + Send + 'static) -> Result<Pieces<'n>, IoError> {
        let input: Box<dyn Read + Send> = Box::new(input);
        let mut pieces = Pieces { name, input, rest: Vec::new(), number: 0, ended: false, packed: false };
        let mut head = Vec::new();
        pieces.read(&mut head)?;
        if head.starts_with(&[0x1f, 0x8b]) {
            let packed = io::Cursor::new(head);
            let rest = std::mem::replace(&mut pieces.input, Box::new(io::empty()));
            pieces.input = Box::new(MultiGzDecoder::new(BufReader::with_capacity(CHUNK, packed.chain(rest))));
            pieces.packed = true;
            head = Vec::new();
            pieces.read(&mut head)?;
        }
        if head.starts_with(b"\xef\xbb\xbf") {
            head.drain(..3);
        }
        pieces.rest = head;
        Ok(pieces)
    }

    /// How many pieces there were.
    pub(super) fn given(&self) -> usize {
        self.number
    }

    /// Adds up to a chunk; whether there was anything.
    fn read(&mut self, bytes: &mut Vec<u8>) -> Result<bool, IoError> {
        let before = bytes.len();
        let taken = self.input.by_ref().take(CHUNK as u64).read_to_end(bytes);
        taken.map_err(|cause| match self.packed {
            true => IoError::Damaged { name: self.name.to_owned(), packing: "gzip", cause },
            false => IoError::system(Path::new(self.name), "read", cause),
        })?;
        Ok(bytes.len() > before)
    }

    /// The next piece, in the memory of one that is done with. Nothing follows one that does not end with a record.
    pub(super) fn next(&mut self, mut memory: Vec<u8>) -> Option<Piece> {
        if self.ended {
            return None;
        }
        memory.clear();
        memory.append(&mut self.rest);
        let mut seen = 0;
        let mut cut = Cut::default();
        let (length, end) = loop {
            let more = match self.read(&mut memory) {
                Ok(more) => more,
                Err(error) => break (cut.last(&memory), End::Failed(error)),
            };
            cut.look(&memory, seen);
            seen = memory.len();
            match cut.last {
                _ if !more => {
                    self.ended = true;
                    break (seen, End::Record);
                }
                Some(last) => break (last, End::Record),
                None if seen > LONGEST => break (seen, End::Never),
                None => {}
            }
        };
        if self.ended && memory.is_empty() {
            return None;
        }
        self.ended |= !matches!(end, End::Record);
        self.rest.extend_from_slice(&memory[length..]);
        memory.truncate(length);
        self.number += 1;
        Some(Piece { number: self.number - 1, bytes: memory, end })
    }
}

/// Where the last record ends that is whole.
#[derive(Default)]
struct Cut {
    /// Whether the next byte stands within quotes.
    open: bool,
    /// Behind its line feed.
    last: Option<usize>,
}

impl Cut {
    /// Looks at the bytes from `seen` on.
    fn look(&mut self, bytes: &[u8], seen: usize) {
        let new = &bytes[seen..];
        if !self.open && memchr(b'"', new).is_none() {
            self.last = memrchr(b'\n', new).map(|at| seen + at + 1).or(self.last);
            return;
        }
        for at in memchr2_iter(b'"', b'\n', new) {
            match new[at] {
                b'"' => self.open = !self.open,
                _ if !self.open => self.last = Some(seen + at + 1),
                _ => {}
            }
        }
    }

    fn last(&mut self, bytes: &[u8]) -> usize {
        self.open = false;
        self.last = None;
        self.look(bytes, 0);
        self.last.unwrap_or(0)
    }
}
