//! What there is to credit: a project's events, or the tables that `--paths` and `--journeys` name, which are read
//! without an object for each line.

use std::path::Path;

use attribution::Paths;
use attribution::doubt::Options;
use attribution::table::{Shape, Table};
use dtc_io::IoError;
use dtc_io::delimited::each_record;

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
        paths: read_table(shape, file)?,
        costs: Vec::new(),
        unusable: 0,
        models: None,
        doubt: Options { replicates: 0, splits: 0, ..Options::default() },
        stores: Vec::new(),
    })
}

fn read_table(shape: Shape, file: &Path) -> Outcome<Paths> {
    let mut table = None;
    each_record(file, |record| match &mut table {
        None => Table::new(shape, record.cells()).map(|started| table = Some(started)),
        Some(table) => table.take(record.len(), |column| record.cell(column)),
    })?;
    let Some(table) = table else {
        let reason = "the file is empty; its first line names the columns".to_owned();
        return Err(IoError::Line { name: file.display().to_string(), line: 1, reason }.into());
    };
    Ok(table.finish())
}
