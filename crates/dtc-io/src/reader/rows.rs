//! Whole files into rows of cells, block by block: plain files of lines on all threads, others from front
//! to back. The blocks, and so everything made of them, are the same for any number of threads.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dtc_expr::{Columns, Mode, Rows, RowsBuilder};

use super::fast;
use super::in_order::in_order;
use super::interner::Interner;
use super::keys::Keys;
use super::notices::Tally;
use super::source::Source;
use super::{BadRecord, Input, Layout, Processor, Records, sniff};
use crate::error::IoError;
use crate::projection::Projection;
use crate::sources::DataSource;

/// Bytes of a plain file that one thread takes at a time.
const BLOCK: u64 = 4 << 20;
/// Records of a block where the file is read from front to back.
const RECORDS: usize = 1 << 15;
/// How much is looked at at a time for a line that begins an object.
const NEAR: usize = 64 << 10;
/// Records between two looks at the watcher.
const WATCHED: u64 = 4_096;

/// What somebody makes of the rows of a block; their lines count from the block's first, 0. What is left of the
/// rows is used for the next block.
pub type Taker<'t, T> = Box<dyn FnMut(&mut Rows, Vec<u32>) -> T + 't>;

/// How a file is read into rows.
pub struct RowReading<'r> {
    pub columns: &'r Columns,
    pub mode: Mode,
    pub processor: Option<Processor>,
    /// Stop after so many records.
    pub limit: Option<u64>,
    /// 0: as many as the machine has cores.
    pub threads: usize,
    /// Told the share of the file read, where its size is known, and the records so far; says whether to go on.
    pub watch: &'r (dyn Fn(Option<f64>, u64) -> bool + Sync),
}

/// What a file gave.
#[derive(Debug)]
pub struct FileRows<T> {
    /// In the order of the file, each with its first line, from 1.
    pub blocks: Vec<(u64, T)>,
    pub bad: Vec<BadRecord>,
    pub notices: Vec<String>,
    /// Whether the watcher wanted no more.
    pub stopped: bool,
}

/// What a piece of a file gave.
#[derive(Debug)]
pub struct Piece<T> {
    /// In the order of the file, each with its first line, from 1.
    pub blocks: Vec<(u64, T)>,
    pub bad: Vec<BadRecord>,
}

/// What is known at the end of a file.
#[derive(Debug, Default)]
pub struct Ended {
    pub notices: Vec<String>,
    /// Whether the watcher wanted no more.
    pub stopped: bool,
}

/// Takes pieces in the order of the file; an error ends the reading and is its error.
pub type Give<'g, T> = &'g mut dyn FnMut(Piece<T>) -> Result<(), IoError>;

/// What a thread fills rows with, block after block.
struct Filling {
    keys: Keys,
    row: RowsBuilder,
}

impl Filling {
    fn of(columns: &Columns) -> Filling {
        Filling { keys: Keys::new(Arc::new(columns.clone())), row: RowsBuilder::new(columns) }
    }
}

struct Block<T> {
    piece: Piece<T>,
    tally: Tally,
    /// Line ends.
    lines: u64,
    /// Records, bad ones too.
    seen: u64,
    stopped: bool,
}

/// How far the reading of rows is.
struct Progress {
    /// Records so far, bad ones too.
    seen: u64,
    more: bool,
    stopped: bool,
    /// Of a block: its share of the file, and the records known elsewhere.
    part: Option<(f64, u64)>,
}

impl Progress {
    fn of(part: Option<(f64, u64)>) -> Progress {
        Progress { seen: 0, more: true, stopped: false, part }
    }
}

impl<T> FileRows<T> {
    /// All of what `read` gives piece by piece.
    fn all(read: impl FnOnce(Give<'_, T>) -> Result<Ended, IoError>) -> Result<FileRows<T>, IoError> {
        let mut all = FileRows { blocks: Vec::new(), bad: Vec::new(), notices: Vec::new(), stopped: false };
        let Ended { notices, stopped } = read(&mut |piece| {
            all.blocks.extend(piece.blocks);
            all.bad.extend(piece.bad);
            Ok(())
        })?;
        Ok(FileRows { notices, stopped, ..all })
    }
}

impl RowReading<'_> {
    /// Reads a file; `taker` makes one for each thread.
    pub fn file<'t, T: Send>(
        &self,
        path: &Path,
        taker: &(dyn Fn() -> Taker<'t, T> + Sync),
    ) -> Result<FileRows<T>, IoError> {
        FileRows::all(|give| self.file_pieces(path, taker, give))
    }

    /// Reads an input of this machine.
    pub fn source<'t, T: Send>(
        &self,
        source: &DataSource,
        taker: &(dyn Fn() -> Taker<'t, T> + Sync),
    ) -> Result<FileRows<T>, IoError> {
        FileRows::all(|give| self.source_pieces(source, taker, give))
    }

    /// Reads records of JSON from front to back.
    pub fn records<T>(&self, mut records: Records, taker: &mut Taker<'_, T>) -> FileRows<T> {
        let (mut blocks, mut bad) = (Vec::new(), Vec::new());
        let mut filling = Filling::of(self.columns);
        let mut progress = Progress::of(None);
        while progress.more {
            let piece = self.piece(&mut records, &mut filling, taker, &mut progress);
            blocks.extend(piece.blocks);
            bad.extend(piece.bad);
        }
        FileRows { blocks, bad, notices: records.notices(), stopped: progress.stopped }
    }

    /// Reads a file piece by piece: what was given need not be kept. `taker` makes one for each thread.
    pub fn file_pieces<'t, T: Send>(
        &self,
        path: &Path,
        taker: &(dyn Fn() -> Taker<'t, T> + Sync),
        give: Give<'_, T>,
    ) -> Result<Ended, IoError> {
        let projection = self.projection();
        let mut input = Input::open(path, &projection, self.mode)?;
        if let Some(processor) = self.processor {
            input = input.processed(&path.display().to_string(), processor, &projection)?;
        }
        let records = match input.into_json() {
            Ok(records) => records,
            Err(other) => return self.others(other, &mut taker(), give),
        };
        match records.total_bytes() {
            Some(total) if total > BLOCK && self.limit.is_none() && records.is_divisible() => {
                self.divided(path, total, records.tally, taker, give)
            }
            _ => self.record_pieces(records, &mut taker(), give),
        }
    }

    /// Reads an input of this machine piece by piece.
    pub fn source_pieces<'t, T: Send>(
        &self,
        source: &DataSource,
        taker: &(dyn Fn() -> Taker<'t, T> + Sync),
        give: Give<'_, T>,
    ) -> Result<Ended, IoError> {
        if let DataSource::File(path) = source {
            return self.file_pieces(path, taker, give);
        }
        self.input_pieces(&source.to_string(), source.open(&self.projection(), self.mode)?, taker, give)
    }

    /// Reads what was opened elsewhere, with this reading's projection; `name` stands for it in errors.
    pub fn input_pieces<'t, T: Send>(
        &self,
        name: &str,
        mut input: Input,
        taker: &(dyn Fn() -> Taker<'t, T> + Sync),
        give: Give<'_, T>,
    ) -> Result<Ended, IoError> {
        if let Some(processor) = self.processor {
            input = input.processed(name, processor, &self.projection())?;
        }
        match input.into_json() {
            Ok(records) => self.record_pieces(records, &mut taker(), give),
            Err(other) => self.others(other, &mut taker(), give),
        }
    }

    /// Reads what is not JSON, from front to back.
    fn others<T>(&self, mut input: Input, taker: &mut Taker<'_, T>, give: Give<'_, T>) -> Result<Ended, IoError> {
        let mut ended = Ended::default();
        let mut row = RowsBuilder::new(self.columns);
        let mut seen = 0;
        let mut more = true;
        while more {
            row.restart();
            let mut first = 0;
            let mut lines = Vec::new();
            let mut piece = Piece { blocks: Vec::new(), bad: Vec::new() };
            while more && lines.len() < RECORDS && !row.is_full() {
                match input.next().filter(|_| self.limit.is_none_or(|limit| seen < limit)) {
                    None => more = false,
                    Some(Err(bad)) => piece.bad.push(bad),
                    Some(Ok(record)) => {
                        if lines.is_empty() {
                            first = record.line;
                        }
                        row.set_event(&record.value, self.columns);
                        row.push();
                        lines.push(u32::try_from(record.line - first).unwrap_or(u32::MAX));
                    }
                }
                seen += u64::from(more);
                if seen.is_multiple_of(WATCHED) {
                    let total = input.total_bytes().filter(|total| *total > 0);
                    let share = total.map(|total| (input.bytes_read() as f64 / total as f64).min(1.0));
                    ended.stopped = !(self.watch)(share, seen);
                    more &= !ended.stopped;
                }
            }
            if !lines.is_empty() {
                piece.blocks.push((first, taker(row.rows(), lines)));
            }
            give(piece)?;
        }
        ended.notices = input.notices();
        Ok(ended)
    }

    /// Reads records of JSON from front to back.
    fn record_pieces<T>(
        &self,
        mut records: Records,
        taker: &mut Taker<'_, T>,
        give: Give<'_, T>,
    ) -> Result<Ended, IoError> {
        let mut filling = Filling::of(self.columns);
        let mut progress = Progress::of(None);
        while progress.more {
            give(self.piece(&mut records, &mut filling, taker, &mut progress))?;
        }
        Ok(Ended { notices: records.notices(), stopped: progress.stopped })
    }

    pub fn projection(&self) -> Projection {
        if self.columns.whole {
            return Projection::All;
        }
        Projection::Fields([&self.columns.kept[..], &self.columns.passing[..]].concat())
    }

    /// A plain file of lines: blocks begin at line starts, and any thread may read any of them.
    fn divided<'t, T: Send>(
        &self,
        path: &Path,
        total: u64,
        mut tally: Tally,
        taker: &(dyn Fn() -> Taker<'t, T> + Sync),
        give: Give<'_, T>,
    ) -> Result<Ended, IoError> {
        let projection = self.projection();
        let starts = block_starts(path, total)?;
        let count = starts.len() - 1;
        let seen = AtomicU64::new(0);
        let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
        let threads = if self.threads == 0 { cores } else { self.threads }.min(count).max(1);
        let maker = || {
            let (mut taker, mut filling, mut buffer) = (taker(), Filling::of(self.columns), Vec::new());
            let (starts, projection, seen) = (&starts, &projection, &seen);
            move |index: usize| -> Result<Block<T>, IoError> {
                let range = (starts[index], starts[index + 1]);
                let mut records = block_records(path, range, std::mem::take(&mut buffer), projection, self.mode)?;
                let known = seen.load(Ordering::Relaxed);
                let block = self.block(&mut records, &mut filling, &mut taker, (index as f64 / count as f64, known));
                seen.fetch_add(block.seen, Ordering::Relaxed);
                buffer = records.source.into_buffer();
                Ok(block)
            }
        };
        let (mut line, mut stopped) = (1, false);
        in_order(count, threads, maker, |block| {
            let Block { mut piece, tally: more, lines, stopped: ends, .. } = block?;
            piece.blocks.iter_mut().for_each(|(first, _)| *first += line - 1);
            piece.bad.iter_mut().for_each(|bad| bad.line += line - 1);
            give(piece)?;
            tally.merge(&more);
            line += lines;
            stopped = ends;
            Ok::<bool, IoError>(!ends)
        })?;
        Ok(Ended { notices: tally.sentences(), stopped })
    }

    fn block<T>(
        &self,
        records: &mut Records,
        filling: &mut Filling,
        taker: &mut Taker<'_, T>,
        part: (f64, u64),
    ) -> Block<T> {
        let mut progress = Progress::of(Some(part));
        let piece = self.piece(records, filling, taker, &mut progress);
        let (tally, lines) = (records.tally.clone(), records.line - 1);
        Block { piece, tally, lines, seen: progress.seen, stopped: progress.stopped }
    }

    /// The next records: all of a block, else so many.
    fn piece<T>(
        &self,
        records: &mut Records,
        Filling { keys, row }: &mut Filling,
        taker: &mut Taker<'_, T>,
        progress: &mut Progress,
    ) -> Piece<T> {
        let first = records.line;
        row.restart();
        let mut lines = Vec::new();
        let mut piece = Piece { blocks: Vec::new(), bad: Vec::new() };
        while progress.more && (progress.part.is_some() || lines.len() < RECORDS && !row.is_full()) {
            if self.limit.is_some_and(|limit| progress.seen >= limit) {
                progress.more = false;
                break;
            }
            match records.next_row(keys, row) {
                None => progress.more = false,
                Some(Ok(line)) => {
                    progress.seen += 1;
                    lines.push(u32::try_from(line - first).unwrap_or(u32::MAX));
                }
                Some(Err(bad)) => {
                    progress.seen += 1;
                    piece.bad.push(bad);
                }
            }
            if progress.seen.is_multiple_of(WATCHED) && !self.goes_on(records, progress) {
                (progress.stopped, progress.more) = (true, false);
            }
        }
        if !lines.is_empty() {
            piece.blocks.push((first, taker(row.rows(), lines)));
        }
        piece
    }

    fn goes_on(&self, records: &Records, progress: &Progress) -> bool {
        match progress.part {
            Some((share, known)) => (self.watch)(Some(share), known + progress.seen),
            None => {
                let share = records.total_bytes().filter(|total| *total > 0);
                let share = share.map(|total| (records.bytes_read() as f64 / total as f64).min(1.0));
                (self.watch)(share, progress.seen)
            }
        }
    }
}

/// Where the blocks of a plain file of lines begin, and its end.
fn block_starts(path: &Path, total: u64) -> Result<Vec<u64>, IoError> {
    let find = || -> io::Result<Vec<u64>> {
        let mut file = File::open(path)?;
        let mut starts = vec![0];
        let mut start = 0;
        for offset in (1..total.div_ceil(BLOCK)).map(|index| index * BLOCK) {
            // A line longer than a block reaches into the next ones.
            if offset > start {
                start = line_start(&mut file, offset, total)?;
                starts.push(start);
            }
        }
        starts.push(total);
        starts.dedup();
        Ok(starts)
    };
    find().map_err(|cause| IoError::system(path, "read", cause))
}

/// Where the first line at or after an offset begins; better one that begins an object, if one is near: a
/// record over several lines then stays whole.
fn line_start(file: &mut File, offset: u64, total: u64) -> io::Result<u64> {
    // From one byte earlier: a line that begins right there has its line end before it.
    file.seek(SeekFrom::Start(offset - 1))?;
    let mut at = offset - 1;
    let mut bytes = Vec::with_capacity(NEAR);
    while at < total {
        bytes.clear();
        if file.take(NEAR as u64).read_to_end(&mut bytes)? == 0 {
            break;
        }
        let starts = memchr::memchr_iter(b'\n', &bytes).map(|end| end + 1);
        let mut object = starts.clone().filter(|start| bytes.get(*start) == Some(&b'{'));
        let mut any = starts;
        if let Some(start) = object.next().or_else(|| any.next()) {
            return Ok(at + start as u64);
        }
        at += bytes.len() as u64;
    }
    Ok(total)
}

/// A block's records: of bytes at hand, in memory that is used again; of longer ones as they come.
fn block_records(
    path: &Path,
    (start, end): (u64, u64),
    mut bytes: Vec<u8>,
    projection: &Projection,
    mode: Mode,
) -> Result<Records, IoError> {
    let open = || -> io::Result<Source> {
        let mut file = File::open(path)?;
        file.seek(SeekFrom::Start(start))?;
        let mut block = file.take(end - start);
        if end - start > 2 * BLOCK {
            return Source::of_reader(Box::new(block), Some(end - start));
        }
        bytes.clear();
        // Blocks end with a line: this is room for most of them.
        bytes.reserve((end - start).max(BLOCK + NEAR as u64) as usize);
        block.read_to_end(&mut bytes)?;
        Ok(Source::of_bytes(bytes))
    };
    let source = open().map_err(|cause| IoError::system(path, "read", cause))?;
    Ok(Records::of_block(source, start == 0, projection, mode))
}

impl Records {
    /// Whether blocks of lines can be read apart: nothing goes from one line to the next.
    fn is_divisible(&self) -> bool {
        self.layout == Layout::Lines && self.source.packing.is_none() && self.ipfix.is_none() && !self.python
    }

    /// A block of a file of lines.
    fn of_block(mut source: Source, first: bool, projection: &Projection, mode: Mode) -> Records {
        if source.rest().is_empty() {
            source.more();
        }
        if first && source.rest().starts_with(sniff::BOM) {
            source.consume(sniff::BOM.len());
        }
        Records {
            line_start: source.offset(),
            source,
            interner: Interner::new(projection.clone()),
            mode,
            layout: Layout::Lines,
            python: false,
            tally: Tally::default(),
            ipfix: None,
            line: 1,
            indent: Some(Vec::new()),
            in_array: false,
            comma_due: false,
            done: false,
        }
    }

    /// The next record into the row at hand, which becomes the next row; its line.
    fn next_row(&mut self, keys: &mut Keys, row: &mut RowsBuilder) -> Option<Result<u64, BadRecord>> {
        if self.ipfix.is_none() && !self.done && !keys.columns.whole && self.pass_to_next() {
            let line = self.line;
            if let Some(used) = self.plain_record(keys, row) {
                row.push();
                self.pass_plain(used);
                return Some(Ok(line));
            }
        }
        let record = match self.next()? {
            Ok(record) => record,
            Err(bad) => return Some(Err(bad)),
        };
        row.set_event(&record.value, &keys.columns);
        row.push();
        Some(Ok(record.line))
    }

    /// To the next record by the mode's rules; `false` where there may be none.
    fn pass_to_next(&mut self) -> bool {
        match self.mode {
            Mode::Studio => self.pass_to_record(),
            Mode::Blurr => !self.source.rest().is_empty() || self.source.more(),
        }
    }

    fn plain_record(&mut self, keys: &mut Keys, row: &mut RowsBuilder) -> Option<usize> {
        let rest = self.source.rest();
        if rest.first() != Some(&b'{') {
            return None;
        }
        let used = fast::object(rest, self.source.ended(), keys, &mut self.interner, row)?;
        // Blurr wants nothing else on the line.
        let ends = || match rest[used..].iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r')) {
            Some(byte) => *byte == b'\n',
            None => self.source.ended(),
        };
        (self.mode == Mode::Studio || ends()).then_some(used)
    }

    fn pass_plain(&mut self, used: usize) {
        if self.in_array {
            self.tally.missing_between += u64::from(self.comma_due);
            self.comma_due = true;
        }
        self.pass(used);
        if self.mode == Mode::Blurr {
            self.skip_line();
        }
    }
}
