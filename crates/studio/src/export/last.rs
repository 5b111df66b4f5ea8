//! What was taken last of a project: noted beside its exports, so that the next one can be compared.

use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use dtc_expr::DateTime;
use dtc_io::Exported;
use dtc_io::bundle_folder::MANIFEST;
use studio_api::ApiError;

use super::{Export, target_name};
use crate::error::external;

/// The last export of a target.
pub(super) struct Last {
    pub exported: Exported,
    /// RFC 3339.
    pub taken: String,
}

/// The note of zips and of folders elsewhere; `exports` is also where bundles are saved to.
fn note(export: &Export) -> PathBuf {
    export.root.join("exports").join(format!(".last-{}.json", target_name(export.target)))
}

/// The note, or what the command line wrote into the project's own folder, whichever is newer.
pub(super) fn last(export: &Export) -> Option<Last> {
    let folder = export.root.join("exports").join(target_name(export.target)).join(MANIFEST);
    let found = [note(export), folder].into_iter().filter_map(|path| {
        let taken = std::fs::metadata(&path).and_then(|metadata| metadata.modified()).ok()?;
        Some((taken, Exported::read(&path)?))
    });
    let (taken, exported) = found.max_by_key(|(taken, _)| *taken)?;
    Some(Last { exported, taken: moment(taken) })
}

/// From now on, this is the last export.
pub(super) fn remember(export: &Export) -> Result<(), ApiError> {
    let exported = Exported::of(&export.files());
    exported.write(&note(export)).map_err(|error| external(format!("{error}.")))
}

fn moment(time: SystemTime) -> String {
    let micros = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    DateTime { micros: i64::try_from(micros).unwrap_or(i64::MAX), offset: Some(0) }.isoformat()
}
