//! What there is to credit: a project's events, or the tables that `--paths` and `--journeys` name, which are read
//! without an object for each line.

use std::path::Path;

use attribution::Paths;
use attribution::doubt::Options;
use attribution::table::{Shape, Table};
use dtc_io::IoError;
use dtc_io::delimited::{Gather, Record, gather};

use super::{Given, events};
use crate::args::Attribute;
use crate::failure::Outcome;

/// What the user names: a table, or a project.
pub fn read(arguments: &Attribute) -> Outcome<Given> {
    let (shape, file) = match (&arguments.paths, &arguments.journeys) {
        (Some(file), _) => (Shape::Paths, file),
        (None, Some(file)) => (Shape::Journeys, file),
        (None, None) => return events::read(arguments),
    };
    Ok(Given {
        dataset: file.display().to_string(),
        paths: read_table(shape, file, arguments.threads)?,
        costs: Vec::new(),
        unusable: 0,
        models: None,
        doubt: Options { replicates: 0, splits: 0, ..Options::default() },
        stores: Vec::new(),
    })
}

fn read_table(shape: Shape, file: &Path, threads: usize) -> Outcome<Paths> {
    match gather(file, threads, |header| Table::new(shape, header.cells()).map(Lines))? {
        Some(Lines(table)) => Ok(table.finish()),
        None => {
            let reason = "the file is empty; its first line names the columns".to_owned();
            Err(IoError::Line { name: file.display().to_string(), line: 1, reason }.into())
        }
    }
}

/// The lines of a table, taken by several threads.
struct Lines(Table);

impl Gather for Lines {
    fn fresh(&self) -> Lines {
        Lines(self.0.fresh())
    }

    fn take(&mut self, record: &Record<'_>) -> Result<(), String> {
        self.0.take(record.len(), |column| record.cell(column))
    }

    fn append(&mut self, next: Lines) -> bool {
        self.0.append(&next.0)
    }
}
