//! A project's documents: which there are, and reading and writing one by its listed name. No name that
//! leaves the folder, by `..`, an absolute path or a link, is ever listed, so none is ever opened.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use studio_api::{ApiError, DocumentInfo, DocumentKind, DocumentText};

use crate::error::{conflict, invalid, not_found, refused};
use crate::fingerprint::fingerprint;
use crate::settings;

/// More than any document; a bigger file is data under a wrong name.
const LARGEST: u64 = 8 << 20;
const FUNCTIONS: &str = "functions";

/// The documents of a folder: streaming first, then by kind and name.
pub(crate) fn list(root: &Path) -> Result<Vec<DocumentInfo>, ApiError> {
    let mut found = Vec::new();
    let entries = fs::read_dir(root).map_err(|error| refused("read the folder", root, &error))?;
    for name in entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()) {
        if is_document_name(&name) && inside(root, &name).is_some() {
            let kind = kind_of(&root.join(&name));
            found.push(DocumentInfo { name, kind });
        }
    }
    if let Ok(entries) = fs::read_dir(root.join(FUNCTIONS)) {
        for name in entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()) {
            let name = format!("{FUNCTIONS}/{name}");
            if is_document_name(&name) && inside(root, &name).is_some() {
                found.push(DocumentInfo { name, kind: DocumentKind::Function });
            }
        }
    }
    found.sort_by(|a, b| (rank(a.kind), &a.name).cmp(&(rank(b.kind), &b.name)));
    Ok(found)
}

/// Whether a document may have this name: `NAME.yaml`, `NAME.yml` or `functions/NAME.rhai`.
pub(crate) fn is_document_name(name: &str) -> bool {
    let plain = |stem: &str| {
        !stem.is_empty() && !stem.starts_with('.') && !stem.contains(['/', '\\']) && !stem.chars().any(char::is_control)
    };
    match name.split_once('/') {
        None => is_yaml(name) && name.rsplit_once('.').is_some_and(|(stem, _)| plain(stem)),
        Some((FUNCTIONS, script)) => script.strip_suffix(".rhai").is_some_and(plain),
        Some(_) => false,
    }
}

pub(crate) fn is_yaml(name: &str) -> bool {
    name.ends_with(".yaml") || name.ends_with(".yml")
}

pub(crate) fn read(root: &Path, name: &str) -> Result<DocumentText, ApiError> {
    let path = locate(root, name)?;
    let text = read_text(&path, name)?;
    Ok(DocumentText { version: fingerprint(&text), text })
}

/// Writes a listed document as a whole. With `version`, only when the file is still that one.
pub(crate) fn write(root: &Path, name: &str, text: String, version: Option<&str>) -> Result<DocumentText, ApiError> {
    let path = locate(root, name)?;
    if text.len() as u64 > LARGEST {
        return Err(invalid(format!("{name} would be larger than 8 MiB; keep data in samples, not in documents.")));
    }
    if let Some(version) = version {
        let now = read_text(&path, name)?;
        if fingerprint(&now) != version {
            return Err(conflict(format!(
                "{name} was changed outside of the studio meanwhile. Load the file's text, or save again to replace it."
            )));
        }
    }
    settings::replace(&path, text.as_bytes()).map_err(|error| refused("write", &path, &error))?;
    Ok(DocumentText { version: fingerprint(&text), text })
}

/// Makes a document that is not there yet.
pub(crate) fn create(root: &Path, name: &str, text: &str) -> Result<(), ApiError> {
    let path = root.join(name);
    if path.symlink_metadata().is_ok() {
        return Err(conflict(format!("{name} exists already; choose another name.")));
    }
    settings::replace(&path, text.as_bytes()).map_err(|error| refused("write", &path, &error))
}

/// The real path of a listed document.
fn locate(root: &Path, name: &str) -> Result<PathBuf, ApiError> {
    let path = is_document_name(name).then(|| inside(root, name)).flatten();
    path.ok_or_else(|| not_found(format!("This project has no document {name:?}.")))
}

/// Where a name of the folder leads, when that is a file within it.
fn inside(root: &Path, name: &str) -> Option<PathBuf> {
    let path = root.join(name).canonicalize().ok()?;
    (path.starts_with(root) && path.is_file()).then_some(path)
}

fn read_text(path: &Path, name: &str) -> Result<String, ApiError> {
    let refuse = |error: std::io::Error| refused("read", path, &error);
    let file = fs::File::open(path).map_err(refuse)?;
    let mut bytes = Vec::new();
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(refuse)?;
    if bytes.len() as u64 > LARGEST {
        return Err(invalid(format!("{name} is larger than 8 MiB. A document is text; move data to the data folder.")));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        invalid(format!("{name} is not UTF-8 text (byte {at}). Save it as UTF-8, or move it out of the project."))
    })
}

fn rank(kind: DocumentKind) -> u8 {
    match kind {
        DocumentKind::Streaming => 0,
        DocumentKind::Window => 1,
        DocumentKind::Attribution => 2,
        DocumentKind::Join => 3,
        DocumentKind::Pipeline => 4,
        DocumentKind::Unknown => 5,
        DocumentKind::Function => 6,
    }
}

/// The kind by the first `Type` at the start of a line: also of a document that has errors below it.
fn kind_of(path: &Path) -> DocumentKind {
    let mut head = Vec::new();
    let read = fs::File::open(path).and_then(|file| file.take(64 << 10).read_to_end(&mut head));
    match read {
        Ok(_) => kind_of_text(&String::from_utf8_lossy(&head)),
        Err(_) => DocumentKind::Unknown,
    }
}

pub(crate) fn kind_of_text(text: &str) -> DocumentKind {
    let value = text.trim_start_matches('\u{feff}').lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        let key = key.trim_end().trim_matches(['"', '\'']);
        key.eq_ignore_ascii_case("type").then(|| value.split(" #").next().unwrap_or_default())
    });
    let value = value.unwrap_or_default().trim().trim_matches(['"', '\'']).to_ascii_lowercase();
    match value.rsplit(':').next().unwrap_or_default() {
        "streaming" => DocumentKind::Streaming,
        "window" => DocumentKind::Window,
        "attribution" => DocumentKind::Attribution,
        "join" => DocumentKind::Join,
        "pipeline" => DocumentKind::Pipeline,
        _ => DocumentKind::Unknown,
    }
}
