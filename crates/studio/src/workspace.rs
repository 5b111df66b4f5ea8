//! The workspace: templates and their copies, recent projects, `studio.yaml`. Opening a folder as a
//! project ends here, whatever way it was named.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use studio_api::{ApiError, Project, RecentProject, Template};

use crate::error::{external, invalid, not_found, refused};
use crate::settings::{self, StudioSettings};
use crate::studio::Studio;
use crate::{documents, samples};

const RECENT: usize = 12;
const ABOUT: &str = "template.yaml";

#[derive(Deserialize)]
struct About {
    title: String,
    summary: String,
}

/// The templates of this installation, by id.
pub(crate) fn templates(studio: &Studio) -> Result<Vec<Template>, ApiError> {
    let Some(folder) = &studio.config.templates else { return Ok(Vec::new()) };
    let mut templates = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| refused("read", folder, &error))?.flatten() {
        let about = entry.path().join(ABOUT);
        let (Ok(id), true) = (entry.file_name().into_string(), about.is_file()) else { continue };
        let text = fs::read_to_string(&about).map_err(|error| refused("read", &about, &error))?;
        let About { title, summary } = serde_yaml::from_str(&text)
            .map_err(|error| external(format!("{} is not a template's description: {error}.", about.display())))?;
        templates.push(Template { id, title, summary: summary.trim().to_owned() });
    }
    templates.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(templates)
}

/// Copies a template into the workspace, once, and opens the copy.
pub(crate) fn open_template(studio: &Studio, id: &str) -> Result<Project, ApiError> {
    let known = templates(studio)?.into_iter().any(|template| template.id == id);
    let folder = studio.config.templates.as_ref().filter(|_| known);
    let from = folder.ok_or_else(|| not_found(format!("There is no template {id:?}.")))?.join(id);
    let to = studio.config.workspace.join(id);
    {
        let _writing = studio.writing();
        if !to.exists() {
            let draft = studio.config.workspace.join(format!(".{id}-{}.tmp", std::process::id()));
            let copied = copy_folder(&from, &draft, true)
                .and_then(|()| fs::rename(&draft, &to).map_err(|error| refused("write", &to, &error)));
            if copied.is_err() {
                // The first failure is the one to tell; a draft that stays is hidden and overwritten next time.
                let _ = fs::remove_dir_all(&draft);
            }
            copied?;
        }
    }
    open(studio, &to)
}

/// Makes a project in the workspace from texts and opens it.
pub(crate) fn import(studio: &Studio, name: &str, files: &[(String, String)]) -> Result<Project, ApiError> {
    if let Some((name, _)) = files.iter().find(|(name, _)| !documents::is_document_name(name)) {
        return Err(invalid(format!(
            "{name:?} is not a document. A project holds *.yaml files and functions/*.rhai; add data as samples."
        )));
    }
    let root = new_folder(&studio.config.workspace, &folder_name(name))?;
    for (name, text) in files {
        let path = root.join(name);
        settings::replace(&path, text.as_bytes()).map_err(|error| refused("write", &path, &error))?;
    }
    open(studio, &root)
}

/// Opens a folder as a project and remembers it.
pub(crate) fn open(studio: &Studio, folder: &Path) -> Result<Project, ApiError> {
    let root = folder.canonicalize().map_err(|error| refused("open the folder", folder, &error))?;
    if !root.is_dir() {
        return Err(invalid(format!("{} is a file. Open the folder that it lies in.", root.display())));
    }
    let documents = documents::list(&root)?;
    let samples = samples::list(&root)?;
    let id = studio.register(&root);
    crate::uploads::clear_leftovers(&root);
    remember(studio, &root)?;
    Ok(Project { id, name: display_name(&root), location: root.display().to_string(), documents, samples })
}

/// Projects to offer: the folder of the command line, then the last opened ones that are still there.
pub(crate) fn recent(studio: &Studio) -> Result<Vec<RecentProject>, ApiError> {
    let folders = known_folders(studio)?.into_iter().filter(|root| root.is_dir());
    Ok(folders
        .map(|root| RecentProject {
            id: studio.register(&root),
            name: display_name(&root),
            location: root.display().to_string(),
        })
        .collect())
}

/// Canonical folders that may be opened by id.
pub(crate) fn known_folders(studio: &Studio) -> Result<Vec<PathBuf>, ApiError> {
    let settings: StudioSettings = settings::read(&settings_file(studio))?;
    let mut folders: Vec<PathBuf> = Vec::new();
    let given = studio.config.folder.iter().map(|folder| folder.canonicalize().unwrap_or_else(|_| folder.clone()));
    for folder in given.chain(settings.recent) {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    Ok(folders)
}

fn remember(studio: &Studio, root: &Path) -> Result<(), ApiError> {
    let _writing = studio.writing();
    let file = settings_file(studio);
    let mut settings: StudioSettings = settings::read(&file)?;
    if settings.recent.first().is_some_and(|first| first == root) {
        return Ok(());
    }
    settings.recent.retain(|folder| folder != root);
    settings.recent.insert(0, root.to_path_buf());
    settings.recent.truncate(RECENT);
    settings::write(&file, &settings)
}

fn settings_file(studio: &Studio) -> PathBuf {
    studio.config.workspace.join("studio.yaml")
}

fn display_name(root: &Path) -> String {
    root.file_name().unwrap_or(root.as_os_str()).to_string_lossy().into_owned()
}

/// Copies files and folders; leaves out links, and the template's description at the top.
fn copy_folder(from: &Path, to: &Path, top: bool) -> Result<(), ApiError> {
    fs::create_dir_all(to).map_err(|error| refused("make the folder", to, &error))?;
    for entry in fs::read_dir(from).map_err(|error| refused("read", from, &error))? {
        let entry = entry.map_err(|error| refused("read", from, &error))?;
        let kind = entry.file_type().map_err(|error| refused("read", &entry.path(), &error))?;
        let target = to.join(entry.file_name());
        if kind.is_dir() {
            copy_folder(&entry.path(), &target, false)?;
        } else if kind.is_file() && !(top && entry.file_name() == OsStr::new(ABOUT)) {
            fs::copy(entry.path(), &target).map_err(|error| refused("copy", &entry.path(), &error))?;
        }
    }
    Ok(())
}

/// A new folder in `parent` with this name, or the name and a number.
fn new_folder(parent: &Path, name: &str) -> Result<PathBuf, ApiError> {
    fs::create_dir_all(parent).map_err(|error| refused("make the folder", parent, &error))?;
    for number in 1..10_000 {
        let folder = parent.join(if number == 1 { name.to_owned() } else { format!("{name}-{number}") });
        match fs::create_dir(&folder) {
            Ok(()) => return Ok(folder),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(refused("make the folder", &folder, &error)),
        }
    }
    Err(invalid(format!("There are too many projects named {name:?} in the workspace; choose another name.")))
}

/// A folder's name from what the user calls the project: letters, digits, `-`, `_` and `.` within.
fn folder_name(name: &str) -> String {
    let kept: String = name
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' })
        .take(60)
        .collect();
    let kept = kept.trim_matches(['-', '.']);
    if kept.is_empty() { "project".to_owned() } else { kept.to_owned() }
}
