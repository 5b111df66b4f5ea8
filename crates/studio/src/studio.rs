//! The service's shared state: which projects are open, what is uploaded, what runs.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use studio_api::{ApiError, ProjectId};

use crate::charts::asked::Asked;
use crate::config::{Config, Native};
use crate::credits::Analyses;
use crate::error::{not_found, unsupported};
use crate::export::Exports;
use crate::fingerprint::fingerprint;
use crate::runs::Runs;
use crate::uploads::Uploads;
use crate::watch::Watchers;

/// The service. Clones share everything.
#[derive(Clone)]
pub struct Studio {
    pub(crate) config: Arc<Config>,
    /// Folders by id, since this process began.
    projects: Arc<Mutex<HashMap<ProjectId, PathBuf>>>,
    /// Held while a settings file or a document is read, changed and written.
    writing: Arc<Mutex<()>>,
    pub(crate) uploads: Arc<Uploads>,
    pub(crate) watchers: Arc<Watchers>,
    pub(crate) runs: Arc<Runs>,
    pub(crate) asked: Arc<Asked>,
    pub(crate) analyses: Arc<Analyses>,
    pub(crate) exports: Arc<Exports>,
}

impl Studio {
    pub fn new(config: Config) -> Studio {
        Studio {
            config: Arc::new(config),
            projects: Arc::default(),
            writing: Arc::default(),
            uploads: Arc::default(),
            watchers: Arc::default(),
            runs: Arc::default(),
            asked: Arc::default(),
            analyses: Arc::default(),
            exports: Arc::default(),
        }
    }

    /// A drop on the window: data for the project that the page watches, or a new project.
    pub fn drop_files(&self, paths: &[PathBuf]) {
        crate::drops::take(self, paths);
    }

    pub(crate) fn native(&self) -> Result<&dyn Native, ApiError> {
        let native = self.config.native.as_deref();
        native.ok_or_else(|| unsupported("This host has no native dialogs; use the page's own file input."))
    }

    /// Remembers a folder under its id. `root` is canonical.
    pub(crate) fn register(&self, root: &Path) -> ProjectId {
        let id = ProjectId(format!("p{}", fingerprint(root)));
        lock(&self.projects).insert(id.clone(), root.to_path_buf());
        id
    }

    /// The folder of a project that this process knows.
    pub(crate) fn root(&self, id: &ProjectId) -> Result<PathBuf, ApiError> {
        if let Some(root) = lock(&self.projects).get(id) {
            return Ok(root.clone());
        }
        crate::workspace::known_folders(self)?
            .into_iter()
            .find(|root| self.register(root) == *id)
            .ok_or_else(|| not_found("This project is not known any more. Open its folder again."))
    }

    pub(crate) fn writing(&self) -> MutexGuard<'_, ()> {
        lock(&self.writing)
    }
}

/// Locks, also after a panic elsewhere: every holder leaves whole values behind.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
