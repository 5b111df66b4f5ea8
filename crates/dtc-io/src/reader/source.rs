//! Bytes in, as a window that slides over the input: plain, gzip or zstd, counted, of any length.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use flate2::bufread::MultiGzDecoder;

use crate::error::IoError;

/// What one refill asks for. Small enough to stay in the processor's cache.
const CHUNK: usize = 256 * 1024;

pub(super) struct Source {
    input: Box<dyn Read + Send>,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
    /// Bytes of the unpacked input before `buffer[0]`.
    before: u64,
    ended: bool,
    failure: Option<io::Error>,
    taken: Arc<AtomicU64>,
    pub(super) total: Option<u64>,
    pub(super) packing: Option<Packing>,
}

/// How the input is packed, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    #[cfg(feature = "frames")]
    Zstd,
}

impl Packing {
    fn of(magic: &[u8]) -> Option<Packing> {
        match magic {
            [0x1f, 0x8b, ..] => Some(Packing::Gzip),
            // A frame, or what pzstd puts before its frames.
            #[cfg(feature = "frames")]
            [0x28, 0xb5, 0x2f, 0xfd] | [0x50..=0x5f, 0x2a, 0x4d, 0x18] => Some(Packing::Zstd),
            _ => None,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Packing::Gzip => "gzip",
            #[cfg(feature = "frames")]
            Packing::Zstd => "zstd",
        }
    }

    /// Unpacks every member or frame, one after the other.
    fn unpack(self, packed: impl Read + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
        let packed = io::BufReader::with_capacity(64 * 1024, packed);
        Ok(match self {
            Packing::Gzip => Box::new(MultiGzDecoder::new(packed)),
            #[cfg(feature = "frames")]
            Packing::Zstd => Box::new(zstd::stream::read::Decoder::with_buffer(packed)?),
        })
    }
}

impl Source {
    pub(super) fn of_file(file: File) -> io::Result<Source> {
        let about = file.metadata()?;
        let total = about.is_file().then_some(about.len());
        Source::of_reader(Box::new(file), total)
    }

    pub(super) fn of_reader(input: Box<dyn Read + Send>, total: Option<u64>) -> io::Result<Source> {
        let taken = Arc::new(AtomicU64::new(0));
        let mut counted = Counted { input, taken: taken.clone() };
        let mut magic = Vec::with_capacity(4);
        (&mut counted).take(4).read_to_end(&mut magic)?;
        let packing = Packing::of(&magic);
        let whole = io::Cursor::new(magic).chain(counted);
        let input: Box<dyn Read + Send> = match packing {
            Some(packing) => packing.unpack(whole)?,
            None => Box::new(whole),
        };
        Ok(Source {
            input,
            buffer: vec![0; CHUNK],
            start: 0,
            end: 0,
            before: 0,
            ended: false,
            failure: None,
            taken,
            total,
            packing,
        })
    }

    /// All of the input, at hand already.
    pub(super) fn of_bytes(bytes: Vec<u8>) -> Source {
        let end = bytes.len();
        Source {
            input: Box::new(io::empty()),
            buffer: bytes,
            start: 0,
            end,
            before: 0,
            ended: true,
            failure: None,
            taken: Arc::default(),
            total: None,
            packing: None,
        }
    }

    /// The memory, to be used again.
    pub(super) fn into_buffer(self) -> Vec<u8> {
        self.buffer
    }

    /// What has been read and not yet consumed.
    pub(super) fn rest(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    /// Whether `rest` reaches the end of the input.
    pub(super) fn ended(&self) -> bool {
        self.ended
    }

    /// Offset of `rest()[0]` in the unpacked input.
    pub(super) fn offset(&self) -> u64 {
        self.before + self.start as u64
    }

    pub(super) fn consume(&mut self, bytes: usize) {
        self.start = (self.start + bytes).min(self.end);
    }

    /// Bytes taken from the input as it is stored (packed, where it is packed).
    pub(super) fn bytes_read(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }

    /// Why the input ended early, told once.
    pub(super) fn take_failure(&mut self) -> Option<io::Error> {
        self.failure.take()
    }

    /// Whether the input ended early, which was not told yet.
    pub(super) fn has_failed(&self) -> bool {
        self.ended && self.failure.is_some()
    }

    /// The same in the user's words, for the record after the last one.
    pub(super) fn end_reason(&mut self) -> Option<String> {
        let cause = self.take_failure()?;
        let what = match self.packing {
            Some(packing) => format!("damaged {}; copy or download the file again", packing.name()),
            None => "the file could not be read on".to_owned(),
        };
        Some(format!("reading stopped here: {what} ({cause})"))
    }

    /// Reads the first `bytes`, or all there are; the error where nothing at all can be read of `name`.
    pub(super) fn fill(&mut self, bytes: usize, name: &str) -> Result<(), IoError> {
        while self.rest().len() < bytes && self.more() {}
        match self.take_failure_of_nothing() {
            None => Ok(()),
            Some(cause) => Err(match self.packing {
                Some(packing) => IoError::Damaged { name: name.to_owned(), packing: packing.name(), cause },
                None => IoError::system(Path::new(name), "read", cause),
            }),
        }
    }

    fn take_failure_of_nothing(&mut self) -> Option<io::Error> {
        if self.rest().is_empty() { self.take_failure() } else { None }
    }

    /// E.g. ", gzip"; nothing where the input is not packed.
    pub(super) fn packing_suffix(&self) -> String {
        self.packing.map_or_else(String::new, |packing| format!(", {}", packing.name()))
    }

    /// Makes `rest` longer, or says that the input has ended.
    pub(super) fn more(&mut self) -> bool {
        if self.ended {
            return false;
        }
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.before += self.start as u64;
            self.end -= self.start;
            self.start = 0;
        }
        // Doubling keeps the repeated parsing of a long record linear in its size.
        if self.buffer.len() - self.end < self.buffer.len() / 2 {
            self.buffer.resize(self.buffer.len() * 2, 0);
        } else if self.end == 0 && self.buffer.len() > 4 * CHUNK {
            self.buffer = vec![0; CHUNK];
        }
        self.read_once()
    }

    fn read_once(&mut self) -> bool {
        loop {
            match self.input.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.ended = true,
                Ok(count) => {
                    self.end += count;
                    return true;
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.failure = Some(error);
                    self.ended = true;
                }
            }
            return false;
        }
    }
}

/// Counts what is read through it, for progress.
struct Counted {
    input: Box<dyn Read + Send>,
    taken: Arc<AtomicU64>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.taken.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
