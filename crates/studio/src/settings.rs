//! Settings as YAML files: `studio.yaml` of the workspace, `.studio.yaml` of a project. A file that cannot
//! be understood is never overwritten.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use studio_api::ApiError;

use crate::error::{broken_settings, refused};

pub(crate) const PROJECT_FILE: &str = ".studio.yaml";

/// `studio.yaml` in the workspace.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct StudioSettings {
    /// Projects by folder, the last opened first.
    pub recent: Vec<PathBuf>,
}

/// `.studio.yaml` in a project: what the folder itself does not say about its samples.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ProjectSettings {
    /// Files elsewhere that were picked or dropped.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outside: Vec<PathBuf>,
    /// Names in `data/` that the studio wrote and may delete.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub copies: BTreeSet<String>,
    /// Names in `data/` that the user took out of the project.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub removed: BTreeSet<String>,
    /// Samples that runs do not read, by `data/NAME` or full path.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub unselected: BTreeSet<String>,
}

/// Reads settings; a file that is not there holds the defaults.
pub(crate) fn read<T: DeserializeOwned + Default>(path: &Path) -> Result<T, ApiError> {
    match fs::read_to_string(path) {
        Ok(text) if text.trim().is_empty() => Ok(T::default()),
        Ok(text) => serde_yaml::from_str(&text).map_err(|error| broken_settings(path, &error)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(T::default()),
        Err(error) => Err(refused("read", path, &error)),
    }
}

pub(crate) fn write<T: Serialize>(path: &Path, settings: &T) -> Result<(), ApiError> {
    let text = serde_yaml::to_string(settings).map_err(|error| broken_settings(path, &error))?;
    replace(path, text.as_bytes()).map_err(|error| refused("write", path, &error))
}

/// Replaces a file as a whole: a reader sees the old content or the new, never a part.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let draft = folder.join(format!(".studio-{}-{number}.tmp", std::process::id()));
    let written = write_through(&draft, content, path).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // What counts is the first failure; a draft that stays is hidden and harmless.
        let _ = fs::remove_file(&draft);
    }
    written
}

fn write_through(draft: &Path, content: &[u8], original: &Path) -> io::Result<()> {
    let mut file = fs::File::create_new(draft)?;
    file.write_all(content)?;
    if let Ok(metadata) = fs::metadata(original) {
        file.set_permissions(metadata.permissions())?;
    }
    file.sync_all()
}
