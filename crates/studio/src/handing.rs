//! Files that the page takes away: bytes for a browser to save, or written where a dialog of the desktop says.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use studio_api::{ApiError, TakenFile};

use crate::error::external;
use crate::studio::Studio;

/// `None`: the user closed the dialog.
pub(crate) fn hand_over(
    studio: &Studio,
    name: String,
    content: Vec<u8>,
    ask: bool,
) -> Result<Option<TakenFile>, ApiError> {
    let media = media_of(&name).to_owned();
    if !ask {
        return Ok(Some(TakenFile { name, media, base64: Some(STANDARD.encode(content)), location: None }));
    }
    let Some(folder) = studio.native()?.pick_save_folder() else { return Ok(None) };
    let path = folder.join(&name);
    std::fs::write(&path, content)
        .map_err(|error| external(format!("Cannot write {}: {error}. Choose another folder.", path.display())))?;
    Ok(Some(TakenFile { name, media, base64: None, location: Some(path.display().to_string()) }))
}

fn media_of(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "text/csv",
    }
}

/// Letters, digits, `-` and `_` of a name.
pub(crate) fn file_name(name: &str) -> String {
    let safe = |letter: char| if letter.is_alphanumeric() || letter == '_' { letter } else { '-' };
    let name: String = name.chars().map(safe).take(60).collect();
    let name = name.trim_matches('-');
    if name.is_empty() { "report".to_owned() } else { name.to_owned() }
}
