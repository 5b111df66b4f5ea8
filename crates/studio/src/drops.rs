//! Files and folders dropped on the window: data for the project it shows, or a project where it shows none.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use studio_api::{ApiError, DocumentKind, DropEvent, Project, ProjectEvent, WatchDrops};

use crate::dispatch::Open;
use crate::error::refused;
use crate::feed::{Feed, Next, frame};
use crate::studio::Studio;
use crate::watch::Watcher;
use crate::{document_texts, documents, samples, workspace};

/// The document that data alone gets, made after the data, which it is fitted to.
const FIRST_DOCUMENT: &str = "streaming.dtc.yaml";

/// Takes a drop and tells whoever came last to listen.
pub(crate) fn take(studio: &Studio, paths: &[PathBuf]) {
    match studio.watchers.last() {
        Some(Watcher::Project(root, _)) => {
            let event = match add(studio, &root, paths) {
                Ok(event) => event,
                Err(error) => ProjectEvent::DropRefused { message: error.message },
            };
            studio.watchers.tell(&root, &event);
        }
        Some(Watcher::Drops(sender)) => {
            let event = match open(studio, paths) {
                Ok(project) => DropEvent::Opened { project },
                Err(error) => DropEvent::Refused { message: error.message },
            };
            // A listener that is just going away needs no news.
            let _ = sender.send(event);
        }
        None => {}
    }
}

fn add(studio: &Studio, root: &Path, paths: &[PathBuf]) -> Result<ProjectEvent, ApiError> {
    let _writing = studio.writing();
    samples::add(root, paths)?;
    Ok(ProjectEvent::SamplesChanged { samples: samples::list(root)? })
}

/// One folder is opened where it is. Files make a project: documents are copied, data is read where it is.
fn open(studio: &Studio, paths: &[PathBuf]) -> Result<Project, ApiError> {
    if let [folder] = paths
        && folder.is_dir()
    {
        return workspace::open(studio, folder);
    }
    let (given, data): (Vec<&PathBuf>, Vec<&PathBuf>) = paths.iter().partition(|path| is_document(path));
    let mut texts = Vec::new();
    for path in given {
        let text = fs::read_to_string(path).map_err(|error| refused("read", path, &error))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let folder = if name.ends_with(".rhai") { "functions/" } else { "" };
        texts.push((format!("{folder}{name}"), text));
    }
    // Looked at before anything is made: a refused drop leaves nothing behind.
    let data: Vec<PathBuf> = data.into_iter().cloned().collect();
    samples::check(&data)?;
    let stem = paths.first().and_then(|path| path.file_name()).unwrap_or_default().to_string_lossy().into_owned();
    let name = stem.split('.').next().unwrap_or_default();
    let project = workspace::import(studio, name, &texts)?;
    let root = studio.root(&project.id)?;
    add(studio, &root, &data)?;
    if !texts.iter().any(|(name, _)| documents::is_yaml(name)) {
        let text = document_texts::first_text(&root, FIRST_DOCUMENT, DocumentKind::Streaming)?;
        documents::create(&root, FIRST_DOCUMENT, &text)?;
    }
    workspace::open(studio, &root)
}

fn is_document(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    !path.is_dir() && (documents::is_yaml(name) || name.ends_with(".rhai"))
}

impl Open<WatchDrops> for Studio {
    fn open(&self, _: WatchDrops) -> Result<Box<dyn Feed>, ApiError> {
        let (sender, events) = channel();
        let number = self.watchers.add(Watcher::Drops(sender));
        Ok(Box::new(DropFeed { studio: self.clone(), number, events }))
    }
}

struct DropFeed {
    studio: Studio,
    number: u64,
    events: Receiver<DropEvent>,
}

impl Feed for DropFeed {
    fn next(&mut self, wait: Duration) -> Next {
        match self.events.recv_timeout(wait) {
            Ok(event) => frame(None, event),
            Err(RecvTimeoutError::Timeout) => Next::Quiet,
            Err(RecvTimeoutError::Disconnected) => Next::Ended,
        }
    }
}

impl Drop for DropFeed {
    fn drop(&mut self) {
        self.studio.watchers.remove(self.number);
    }
}
