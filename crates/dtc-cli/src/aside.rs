//! Events and rows that are more than memory should hold, in a temporary file: while reading, and on the way out.

use std::io;
use std::path::{Path, PathBuf};

use dtc_engine::spill::{Aside, Halted, Held, Ran, RanTable, Spilled, Spot, Wanted, run_spilled};
use dtc_engine::{Cancel, Events, Plan, Taken};
use dtc_io::{IoError, Scratch, Tabular};

use crate::failure::{Failure, Outcome};
use crate::transform::stopped;

/// How much memory events may take, and where they go when they would take more.
#[derive(Debug, Clone)]
pub struct Budget {
    /// Bytes.
    pub memory: usize,
    pub folder: PathBuf,
    /// 0: as many as the machine has cores.
    pub threads: usize,
}

impl Budget {
    /// For what has to be in memory.
    pub fn unlimited(threads: usize) -> Budget {
        Budget { memory: usize::MAX, folder: PathBuf::new(), threads }
    }
}

/// A temporary file.
pub struct TemporaryFile {
    scratch: Scratch,
    folder: PathBuf,
}

impl TemporaryFile {
    fn open(folder: &Path) -> Result<TemporaryFile, IoError> {
        Ok(TemporaryFile { scratch: Scratch::in_folder(folder)?, folder: folder.to_path_buf() })
    }

    /// The engine hands errors through as the system's.
    fn refused(&self, error: io::Error) -> IoError {
        error.downcast::<IoError>().unwrap_or_else(|cause| IoError::Scratch { folder: self.folder.clone(), cause })
    }
}

impl Aside for TemporaryFile {
    fn put(&self, bytes: &[u8]) -> io::Result<Spot> {
        let offset = self.scratch.put(bytes).map_err(io::Error::other)?;
        Ok(Spot { offset, length: bytes.len() as u64 })
    }

    fn get(&self, spot: Spot) -> io::Result<Vec<u8>> {
        self.scratch.get(spot.offset, spot.length).map_err(io::Error::other)
    }
}

/// Takes what is read, in the order of the input.
pub struct Gathering<'p> {
    plan: &'p Plan,
    budget: Budget,
    held: Held,
    spilled: Spilled,
    file: Option<TemporaryFile>,
}

/// What was read.
pub enum Gathered {
    Memory(Events),
    Aside(Spilled, TemporaryFile),
}

impl<'p> Gathering<'p> {
    pub fn new(plan: &'p Plan, budget: Budget) -> Gathering<'p> {
        Gathering { plan, budget, held: Held::default(), spilled: Spilled::default(), file: None }
    }

    pub fn add(&mut self, input: u32, first_line: u64, taken: Taken) -> Result<(), IoError> {
        self.held.add(input, first_line, taken);
        if self.held.is_over(self.budget.memory) { self.put_aside() } else { Ok(()) }
    }

    fn put_aside(&mut self) -> Result<(), IoError> {
        let file = match self.file.take() {
            Some(file) => file,
            None => TemporaryFile::open(&self.budget.folder)?,
        };
        let held = std::mem::take(&mut self.held);
        let put = self.spilled.add(self.plan, held, self.budget.threads, &file);
        let put = put.map_err(|error| file.refused(error));
        self.file = Some(file);
        put
    }

    /// In memory, unless something went aside: then all of it is there.
    pub fn finish(mut self) -> Result<Gathered, IoError> {
        if self.file.is_some() {
            self.put_aside()?;
        }
        Ok(match self.file {
            Some(file) => Gathered::Aside(self.spilled, file),
            None => Gathered::Memory(self.held.into_events(self.plan)),
        })
    }
}

/// Runs what went aside and hands on what it gives.
pub fn run_aside(
    plan: &Plan,
    (spilled, file): (Spilled, &TemporaryFile),
    wanted: Wanted,
    budget: &Budget,
    take: impl FnOnce(&Ran<'_>) -> Outcome,
) -> Outcome {
    // The other half is for what the events become on their way.
    let (memory, threads) = (budget.memory / 2, budget.threads);
    match run_spilled(plan, spilled, wanted, (memory, threads), &Cancel::default(), file) {
        Ok(ran) => take(&ran),
        Err(Halted::Stopped(reason)) => Err(stopped(reason)),
        Err(Halted::Aside(error)) => Err(Failure::from(file.refused(error))),
    }
}

/// A table of rows that lie aside.
pub struct TableAside<'r> {
    pub table: RanTable<'r>,
    pub file: &'r TemporaryFile,
}

impl Tabular for TableAside<'_> {
    fn name(&self) -> &str {
        self.table.name()
    }

    fn each(&self, most: usize, take: dtc_io::write::TakeRows<'_>) -> Result<(), IoError> {
        let refused = |error| self.file.refused(error);
        let mut parts = self.table.parts().map_err(refused)?;
        let mut any = false;
        while let Some(part) = parts.next(most).map_err(refused)? {
            any = true;
            take(&part, 0..part.rows())?;
        }
        if any { Ok(()) } else { take(&parts.empty(), 0..0) }
    }
}
