//! Records taken by several threads, a piece of the file each, and put together in the order of the file: what comes of
//! it, errors included, does not depend on how many threads there are.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use super::pieces::{End, Piece, Pieces};
use super::records::Reading;
use super::{Record, each_of, opened};
use crate::error::IoError;

/// What records are gathered into.
pub trait Gather: Send + Sync + Sized {
    /// An empty one, for records that are not the first.
    fn fresh(&self) -> Self;

    /// Takes a record. Errors: what is wrong with it.
    fn take(&mut self, record: &Record<'_>) -> Result<(), String>;

    /// Takes what the records that follow came to, as if it had taken each. `false`: it is as it was, and wants them one
    /// by one.
    fn append(&mut self, next: Self) -> bool;
}

/// Gives the header of a file to `start`, and every other record to what that made. `None` where the file has no line.
/// `threads` 0: one a core. Errors: as of `each_record`, always those of the first record that is refused.
pub fn gather<T: Gather>(
    path: &Path,
    threads: usize,
    start: impl FnOnce(&Record<'_>) -> Result<T, String>,
) -> Result<Option<T>, IoError> {
    let (name, file) = opened(path)?;
    let mut pieces = Pieces::open(&name, file)?;
    let Some((whole, separator)) = begin(&name, &mut pieces, start)? else { return Ok(None) };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let threads = if threads == 0 { cores } else { threads };
    let template = whole.whole.fresh();
    let shared = Shared { pieces: Mutex::new(pieces), joined: Mutex::new(whole), separator };
    if threads == 1 {
        shared.alone();
    } else {
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| shared.work(&template));
            }
        });
    }
    let joined = shared.joined.into_inner().unwrap_or_else(PoisonError::into_inner);
    match joined.failed {
        Some(error) => Err(error),
        None => Ok(Some(joined.whole)),
    }
}

/// Takes the pieces up to the header's, and what separates cells.
fn begin<'n, T: Gather>(
    name: &'n str,
    pieces: &mut Pieces<'n>,
    start: impl FnOnce(&Record<'_>) -> Result<T, String>,
) -> Result<Option<(Joined<'n, T>, u8)>, IoError> {
    let (mut start, mut whole) = (Some(start), None::<T>);
    let (mut reading, mut lines) = (Reading::default(), 0);
    while whole.is_none() {
        let Some(piece) = pieces.next(Vec::new()) else { return Ok(None) };
        lines += each_of(name, &piece, lines, &mut reading, |record| match (&mut whole, start.take()) {
            (Some(whole), _) => whole.take(record),
            (None, Some(start)) => start(record).map(|started| whole = Some(started)),
            (None, None) => Ok(()),
        })?;
        if let End::Failed(error) = piece.end {
            return Err(error);
        }
    }
    let next = pieces.given();
    let joined = whole.map(|whole| Joined {
        name,
        whole,
        next,
        lines,
        waiting: BTreeMap::new(),
        spare: Vec::new(),
        failed: None,
    });
    Ok(joined.zip(reading.separator))
}

struct Shared<'n, T> {
    pieces: Mutex<Pieces<'n>>,
    joined: Mutex<Joined<'n, T>>,
    separator: u8,
}

/// What the pieces came to so far.
struct Joined<'n, T> {
    name: &'n str,
    whole: T,
    /// The piece that comes next.
    next: usize,
    /// Lines before it.
    lines: u64,
    /// Pieces that were looked at before their turn.
    waiting: BTreeMap<usize, Part<T>>,
    spare: Vec<Vec<u8>>,
    failed: Option<IoError>,
}

struct Part<T> {
    piece: Piece,
    /// What its records came to, and its lines; `None` where one was refused.
    taken: Option<(T, u64)>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T: Gather> Shared<'_, T> {
    /// One thread alone takes every record into the whole.
    fn alone(&self) {
        let (mut pieces, mut joined) = (lock(&self.pieces), lock(&self.joined));
        let mut reading = Reading::of(self.separator);
        while joined.failed.is_none() {
            let Some(piece) = pieces.next(joined.spare.pop().unwrap_or_default()) else { return };
            joined.one_by_one(piece, &mut reading);
        }
    }

    fn work(&self, template: &T) {
        let mut reading = Reading::of(self.separator);
        loop {
            let spare = lock(&self.joined).spare.pop().unwrap_or_default();
            let Some(piece) = lock(&self.pieces).next(spare) else { return };
            let mut part = template.fresh();
            let lines = reading.each(&piece.bytes, 0, |record| part.take(record)).ok();
            let mut joined = lock(&self.joined);
            joined.waiting.insert(piece.number, Part { piece, taken: lines.map(|lines| (part, lines)) });
            while joined.failed.is_none() {
                let next = joined.next;
                let Some(part) = joined.waiting.remove(&next) else { break };
                joined.join(part, &mut reading);
            }
            if joined.failed.is_some() {
                return;
            }
        }
    }
}

impl<T: Gather> Joined<'_, T> {
    fn join(&mut self, part: Part<T>, reading: &mut Reading) {
        let Part { piece, taken } = part;
        if let (Some((taken, lines)), End::Record) = (taken, &piece.end)
            && self.whole.append(taken)
        {
            self.lines += lines;
            self.next += 1;
            self.spare.push(piece.bytes);
            return;
        }
        self.one_by_one(piece, reading);
    }

    fn one_by_one(&mut self, piece: Piece, reading: &mut Reading) {
        let taken = each_of(self.name, &piece, self.lines, reading, |record| self.whole.take(record));
        match (taken, piece.end) {
            (Err(error), _) | (_, End::Failed(error)) => self.failed = Some(error),
            (Ok(lines), _) => {
                self.lines += lines;
                self.next += 1;
                self.spare.push(piece.bytes);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    /// Records as text; refuses `bad`, and to append where a record says so.
    #[derive(Debug, Default)]
    struct Lines(Vec<String>);

    impl Gather for Lines {
        fn fresh(&self) -> Lines {
            Lines::default()
        }

        fn take(&mut self, record: &Record<'_>) -> Result<(), String> {
            if record.cell(0) == "bad" {
                return Err(format!("bad after {}", self.0.len()));
            }
            self.0.push(format!("{:?}", record.cells().collect::<Vec<_>>()));
            Ok(())
        }

        fn append(&mut self, next: Lines) -> bool {
            let alone = next.0.iter().any(|line| line.contains("alone"));
            if !alone {
                self.0.extend(next.0);
            }
            !alone
        }
    }

    fn gathered(text: &[u8], threads: usize) -> Result<Option<Vec<String>>, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(text).unwrap();
        let start = |header: &Record<'_>| Ok(Lines(vec![header.cell(0).to_owned()]));
        let name = file.path().display().to_string();
        let lines = gather(file.path(), threads, start).map_err(|error| error.to_string().replace(&name, "t"));
        lines.map(|lines| lines.map(|lines| lines.0))
    }

    /// Lines of several pieces; some cells hold line feeds and separators.
    fn table() -> String {
        let line = |number: usize| match number % 7 {
            0 => format!("{number};\"a;\nb\"\"{number}\"\r\n"),
            1 if number > 40_000 => format!("{number};alone\n"),
            2 => "\n".to_owned(),
            _ => format!("{number};é {}\n", "x".repeat(number % 50)),
        };
        "n;text\n".to_owned() + &(0..60_000).map(line).collect::<String>()
    }

    #[test]
    fn any_number_of_threads_gives_the_same() {
        let text = table();
        let one = gathered(text.as_bytes(), 1).unwrap();
        assert_eq!(one.as_ref().map(Vec::len), Some(60_000 - 60_000 / 7));
        for threads in [0, 2, 5] {
            assert!(gathered(text.as_bytes(), threads).unwrap() == one, "{threads} threads");
        }
        assert_eq!(gathered(b"", 2), Ok(None));
        assert_eq!(gathered(b"\n \n", 2), Ok(None));
        assert_eq!(gathered(b"\na,b;c,d\n1,2\n", 2).unwrap().unwrap(), ["a", "[\"1\", \"2\"]"]);
    }

    #[test]
    fn the_first_refusal_counts() {
        let text = table();
        let at = text.find("\n30000;").unwrap() + 1;
        let later = text.find("\n55000;").unwrap() + 1;
        for fault in ["bad;1\n", "\u{e9};2\n"] {
            let mut bytes = text.clone().into_bytes();
            bytes.splice(later..later, *b"bad;x\n");
            bytes.splice(at..at, fault.bytes());
            if !fault.is_ascii() {
                bytes[at] = 0xff;
            }
            let one = gathered(&bytes, 1).unwrap_err();
            assert!(one.contains("bad after 25715") || one.contains("no UTF-8"), "{one}");
            assert!(one.starts_with(&format!("t:{}: ", text[..at].lines().count() + 1)), "{one}");
            assert_eq!(gathered(&bytes, 3).unwrap_err(), one);
        }
    }

    #[test]
    fn a_quote_that_never_closes_is_told_with_its_line() {
        let mut bytes = b"a;b\n1;2\n\"".to_vec();
        bytes.resize(bytes.len() + (65 << 20), b'x');
        for threads in [1, 2] {
            let error = gathered(&bytes, threads).unwrap_err();
            assert_eq!(error, "t:3: the record does not end; a quote may be open");
        }
    }

    #[test]
    fn a_damaged_archive_is_an_error() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(table().as_bytes()).unwrap();
        let whole = packed.finish().unwrap();
        assert_eq!(gathered(&whole, 2), gathered(table().as_bytes(), 1));
        let error = gathered(&whole[..whole.len() / 2], 2).unwrap_err();
        assert_eq!(gathered(&whole[..whole.len() / 2], 1).unwrap_err(), error);
    }
}
