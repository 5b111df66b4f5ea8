//! A bundle written into a folder. Files that somebody edited stop it, until that somebody has seen them and chosen.

use std::collections::BTreeMap;
use std::path::PathBuf;

use bundle::difference;
use dtc_io::{Edited, IoError};
use studio_api::*;

use super::{Export, last, project_name, target_name, told};
use crate::dispatch::Answer;
use crate::error::{conflict, external};
use crate::studio::{Studio, lock};

/// Where a save stopped, and what it showed there.
pub(super) struct Shown {
    folder: PathBuf,
    /// Content by path, as it was shown.
    files: BTreeMap<String, Vec<u8>>,
}

impl Answer<SaveExport> for Studio {
    fn answer(&self, command: SaveExport) -> Result<SaveOutcome, ApiError> {
        let export = self.exports.find(&command.export)?;
        let Some(folder) = place(self, &export, command.to)? else { return Ok(SaveOutcome::Closed) };
        let _writing = self.writing();
        let decided = command.overwrite.as_deref().and_then(|overwrite| {
            let shown = lock(&export.shown).take().filter(|shown| shown.folder == folder)?;
            Some((shown, overwrite))
        });
        let decide = |path: &str, there: &[u8]| match &decided {
            // What was edited since it was shown has not been seen.
            Some((shown, overwrite)) if shown.files.get(path).is_some_and(|seen| seen == there) => {
                if overwrite.iter().any(|chosen| chosen == path) { Edited::Overwrite } else { Edited::Keep }
            }
            _ => Edited::Stop,
        };
        let files = export.files();
        match dtc_io::write_bundle_with(&folder, &files, decide) {
            Ok(written) => {
                last::remember(&export)?;
                Ok(SaveOutcome::Saved(SavedExport {
                    location: folder.display().to_string(),
                    files: (files.len() - written.kept) as u64,
                    kept: written.kept as u64,
                }))
            }
            Err(IoError::WouldOverwrite { .. }) => stopped(&export, folder),
            Err(error) => Err(external(format!("{error}."))),
        }
    }
}

fn place(studio: &Studio, export: &Export, to: SavePlace) -> Result<Option<PathBuf>, ApiError> {
    let target = target_name(export.target);
    Ok(match to {
        SavePlace::Project => Some(export.root.join("exports").join(target)),
        SavePlace::Ask => {
            let chosen = studio.native()?.pick_save_folder();
            chosen.map(|folder| folder.join(format!("{}-{target}", project_name(&export.root))))
        }
        SavePlace::Again => {
            let shown = lock(&export.shown).as_ref().map(|shown| shown.folder.clone());
            Some(shown.ok_or_else(|| conflict("Choose where to save this bundle first."))?)
        }
    })
}

/// What was edited, to look at; the next save may decide about exactly this.
fn stopped(export: &Export, folder: PathBuf) -> Result<SaveOutcome, ApiError> {
    let edited = dtc_io::edited_files(&folder, &export.files()).map_err(|error| external(format!("{error}.")))?;
    let files = edited.iter().map(|file| described(export, file)).collect();
    let location = folder.display().to_string();
    let content = edited.into_iter().map(|file| (file.path, file.content)).collect();
    *lock(&export.shown) = Some(Shown { folder, files: content });
    Ok(SaveOutcome::Edited { location, files })
}

fn described(export: &Export, file: &dtc_io::EditedFile) -> EditedFile {
    let there = std::str::from_utf8(&file.content).ok().filter(|text| !text.contains('\0'));
    let ours = export.bundle.files.iter().find(|own| own.path == file.path);
    let ours = ours.and_then(|own| std::str::from_utf8(&own.content).ok());
    let (about, diff) = match (there, &file.written, ours) {
        (Some(there), Some(written), _) => ("Your edits since the last export", difference(written, there).hunks),
        (Some(there), None, Some(ours)) if file.is_ours => {
            ("Edited since the last export. Against what would be written now", difference(ours, there).hunks)
        }
        (Some(there), None, Some(ours)) => {
            ("No export wrote this file. Against what would be written now", difference(ours, there).hunks)
        }
        _ if file.is_ours => ("Changed since the last export; it is no text to compare", String::new()),
        _ => ("No export wrote this file; it is no text to compare", String::new()),
    };
    EditedFile { path: file.path.clone(), about: about.to_owned(), diff: told::shown(diff) }
}
