//! The report as files: one page of HTML, and each chart and table by itself. The same that the studio shows.

use std::fs;
use std::path::Path;

use dtc_io::IoError;
use studio::{attribution_report, compared_report, report_files, report_page};

use super::Said;
use crate::args::Attribute;
use crate::failure::Outcome;

/// Errors: a place that cannot be written.
pub fn write(said: &Said<'_>, arguments: &Attribute) -> Outcome {
    if arguments.report.is_none() && arguments.charts.is_none() {
        return Ok(());
    }
    // Of a table its file's name: where it lies is nobody's business.
    let table = arguments.paths.as_ref().or(arguments.journeys.as_ref()).and_then(|path| path.file_name());
    let title = table.map_or_else(|| said.given.dataset.clone(), |name| name.to_string_lossy().into_owned());
    let parted = said.parted();
    let report = compared_report(attribution_report(&said.computed(&title, &parted)), said.compared.clone());
    if let Some(path) = &arguments.report {
        put(path, report_page(&report).as_bytes())?;
    }
    if let Some(folder) = &arguments.charts {
        fs::create_dir_all(folder).map_err(|cause| IoError::system(folder, "create", cause))?;
        for file in report_files(&report) {
            put(&folder.join(&file.name), &file.content)?;
        }
    }
    Ok(())
}

fn put(path: &Path, content: &[u8]) -> Outcome {
    Ok(fs::write(path, content).map_err(|cause| IoError::system(path, "write", cause))?)
}
