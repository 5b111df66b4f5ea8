//! A project's samples: the files in its `data/` and files elsewhere that the user picked or dropped,
//! which are read where they are. What the page sees of them is an id.

use std::fs;
use std::path::{Path, PathBuf};

use studio_api::{ApiError, Sample, SampleId};

use crate::error::{invalid, not_found, refused};
use crate::fingerprint::fingerprint;
use crate::settings::{self, PROJECT_FILE, ProjectSettings};

pub(crate) const DATA: &str = "data";

/// A sample and where it is.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub sample: Sample,
    pub path: PathBuf,
    /// Its name in `data/`; `None`: elsewhere.
    inner: Option<String>,
}

pub(crate) fn list(root: &Path) -> Result<Vec<Sample>, ApiError> {
    Ok(places(root)?.into_iter().map(|place| place.sample).collect())
}

/// Every sample in the order in which a run reads them: those in `data/` first, by name.
pub(crate) fn places(root: &Path) -> Result<Vec<Place>, ApiError> {
    let settings = read_settings(root)?;
    let mut places = Vec::new();
    for name in data_files(root)? {
        let path = root.join(DATA).join(&name);
        // A link may lead anywhere; only what lies in the project is its data.
        let lies_inside = path.canonicalize().is_ok_and(|path| path.starts_with(root));
        if lies_inside && !settings.removed.contains(&name) {
            places.extend(place(&settings, format!("{DATA}/{name}"), path, Some(name)));
        }
    }
    // By name, not as they were added: the rows of a run do not depend on that.
    let mut outside: Vec<&PathBuf> = settings.outside.iter().collect();
    outside.sort();
    for path in outside {
        places.extend(place(&settings, path.display().to_string(), path.clone(), None));
    }
    Ok(places)
}

pub(crate) fn find(root: &Path, id: &SampleId) -> Result<Place, ApiError> {
    let found = places(root)?.into_iter().find(|place| place.sample.id == *id);
    found.ok_or_else(|| not_found("This sample is not in the project any more."))
}

pub(crate) fn select(root: &Path, id: &SampleId, selected: bool) -> Result<(), ApiError> {
    let place = find(root, id)?;
    let mut settings = read_settings(root)?;
    let key = place.key();
    if selected {
        settings.unselected.remove(&key)
    } else {
        settings.unselected.insert(key)
    };
    write_settings(root, &settings)
}

/// Takes a sample out; deletes its file only where the studio wrote it.
pub(crate) fn remove(root: &Path, id: &SampleId) -> Result<(), ApiError> {
    let place = find(root, id)?;
    let mut settings = read_settings(root)?;
    settings.unselected.remove(&place.key());
    match place.inner {
        Some(name) if settings.copies.remove(&name) => {
            fs::remove_file(&place.path).map_err(|error| refused("delete", &place.path, &error))?;
        }
        Some(name) => {
            settings.removed.insert(name);
        }
        None => settings.outside.retain(|path| *path != place.path),
    }
    write_settings(root, &settings)
}

/// Adds files where they are. All or none: the first that cannot be read is the error.
pub(crate) fn add(root: &Path, paths: &[PathBuf]) -> Result<(), ApiError> {
    let paths = check(paths)?;
    let mut settings = read_settings(root)?;
    let data = root.join(DATA);
    for path in paths {
        match path.strip_prefix(&data).ok().and_then(Path::to_str).filter(|name| is_data_name(name)) {
            Some(name) => {
                settings.removed.remove(name);
            }
            None if settings.outside.contains(&path) => {}
            None => settings.outside.push(path),
        }
    }
    write_settings(root, &settings)
}

/// The full paths of files that can be read; the first that cannot is the error.
pub(crate) fn check(paths: &[PathBuf]) -> Result<Vec<PathBuf>, ApiError> {
    let check = |path: &PathBuf| {
        let path = path.canonicalize().map_err(|error| refused("read", path, &error))?;
        if path.is_dir() {
            return Err(invalid(format!(
                "{} is a folder. Add the files in it, or open it as a project.",
                path.display()
            )));
        }
        fs::File::open(&path).map_err(|error| refused("read", &path, &error))?;
        Ok(path)
    };
    paths.iter().map(check).collect()
}

/// Remembers that the studio wrote `data/NAME`.
pub(crate) fn adopt(root: &Path, name: &str) -> Result<(), ApiError> {
    let mut settings = read_settings(root)?;
    settings.removed.remove(name);
    settings.unselected.remove(&format!("{DATA}/{name}"));
    settings.copies.insert(name.to_owned());
    write_settings(root, &settings)
}

impl Place {
    fn key(&self) -> String {
        match &self.inner {
            Some(name) => format!("{DATA}/{name}"),
            None => self.path.display().to_string(),
        }
    }
}

fn place(settings: &ProjectSettings, key: String, path: PathBuf, inner: Option<String>) -> Option<Place> {
    let metadata = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?;
    let sample = Sample {
        id: SampleId(format!("s{}", fingerprint(&key))),
        name: path.file_name()?.to_string_lossy().into_owned(),
        bytes: metadata.len().to_string(),
        selected: !settings.unselected.contains(&key),
    };
    Some(Place { sample, path, inner })
}

fn data_files(root: &Path) -> Result<Vec<String>, ApiError> {
    let data = root.join(DATA);
    let entries = match fs::read_dir(&data) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(refused("read the folder", &data, &error)),
    };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| is_data_name(name)).collect();
    names.sort();
    Ok(names)
}

/// Hidden files and notes about the data are no data.
fn is_data_name(name: &str) -> bool {
    !name.starts_with('.') && !name.to_ascii_lowercase().ends_with(".md") && !name.contains('/')
}

fn read_settings(root: &Path) -> Result<ProjectSettings, ApiError> {
    settings::read(&root.join(PROJECT_FILE))
}

fn write_settings(root: &Path, settings: &ProjectSettings) -> Result<(), ApiError> {
    settings::write(&root.join(PROJECT_FILE), settings)
}
