//! What changes in a project outside of the page. Files are looked at once a second, and only from within
//! `next`: when nobody listens, nobody looks.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime};

use studio_api::{ApiError, DocumentInfo, ProjectEvent, Sample, WatchProject};

use crate::dispatch::Open;
use crate::feed::{Feed, Next, frame};
use crate::studio::{Studio, lock};
use crate::{documents, samples};

const INTERVAL: Duration = Duration::from_secs(1);

/// Who listens to which project, in the order they came.
#[derive(Default)]
pub(crate) struct Watchers(Mutex<Listeners>);

#[derive(Default)]
struct Listeners {
    added: u64,
    present: Vec<Watcher>,
}

struct Watcher {
    number: u64,
    root: PathBuf,
    sender: Sender<ProjectEvent>,
}

impl Watchers {
    fn add(&self, root: &Path) -> (u64, Receiver<ProjectEvent>) {
        let (sender, receiver) = channel();
        let mut listeners = lock(&self.0);
        listeners.added += 1;
        let number = listeners.added;
        listeners.present.push(Watcher { number, root: root.to_path_buf(), sender });
        (number, receiver)
    }

    fn remove(&self, number: u64) {
        lock(&self.0).present.retain(|watcher| watcher.number != number);
    }

    /// Tells everyone who watches the folder.
    pub(crate) fn tell(&self, root: &Path, event: &ProjectEvent) {
        lock(&self.0).present.retain(|watcher| watcher.root != root || watcher.sender.send(event.clone()).is_ok());
    }

    fn last_watched(&self) -> Option<PathBuf> {
        lock(&self.0).present.last().map(|watcher| watcher.root.clone())
    }
}

impl Open<WatchProject> for Studio {
    fn open(&self, request: WatchProject) -> Result<Box<dyn Feed>, ApiError> {
        let root = self.root(&request.project)?;
        let seen = Seen::look(&root).unwrap_or_default();
        let (number, events) = self.watchers.add(&root);
        Ok(Box::new(ProjectFeed { studio: self.clone(), number, root, events, seen, looked: Instant::now() }))
    }
}

/// Adds dropped files to the project that was opened last, and tells its watchers either way.
pub(crate) fn drop_files(studio: &Studio, paths: &[PathBuf]) {
    let Some(root) = studio.watchers.last_watched() else { return };
    let added = {
        let _writing = studio.writing();
        samples::add(&root, paths).and_then(|()| samples::list(&root))
    };
    let event = match added {
        Ok(samples) => ProjectEvent::SamplesChanged { samples },
        Err(error) => ProjectEvent::DropRefused { message: error.message },
    };
    studio.watchers.tell(&root, &event);
}

struct ProjectFeed {
    studio: Studio,
    number: u64,
    root: PathBuf,
    events: Receiver<ProjectEvent>,
    seen: Seen,
    looked: Instant,
}

impl Feed for ProjectFeed {
    fn next(&mut self, wait: Duration) -> Next {
        let until_look = INTERVAL.saturating_sub(self.looked.elapsed());
        match self.events.recv_timeout(wait.min(until_look)) {
            Ok(event) => return frame(None, event),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Next::Ended,
        }
        if self.looked.elapsed() < INTERVAL {
            return Next::Quiet;
        }
        self.looked = Instant::now();
        let now = Seen::look(&self.root);
        let event = self.seen.change(now);
        event.map_or(Next::Quiet, |event| frame(None, event))
    }
}

impl Drop for ProjectFeed {
    fn drop(&mut self) {
        self.studio.watchers.remove(self.number);
    }
}

/// What the last look saw. Where the folder cannot be read it keeps the former view.
#[derive(Default)]
struct Seen {
    documents: Vec<(DocumentInfo, Option<(SystemTime, u64)>)>,
    samples: Vec<Sample>,
}

impl Seen {
    fn look(root: &Path) -> Option<Seen> {
        let documents = documents::list(root).ok()?;
        let stamp = |name: &str| {
            let metadata = root.join(name).metadata().ok()?;
            Some((metadata.modified().ok()?, metadata.len()))
        };
        let documents = documents.into_iter().map(|document| (stamp(&document.name), document));
        let documents = documents.map(|(stamp, document)| (document, stamp)).collect();
        Some(Seen { documents, samples: samples::list(root).ok()? })
    }

    /// Takes over one change of `now`; a second one shows at the next look.
    fn change(&mut self, now: Option<Seen>) -> Option<ProjectEvent> {
        let now = now?;
        if now.documents != self.documents {
            self.documents = now.documents;
            let documents = self.documents.iter().map(|(document, _)| document.clone()).collect();
            return Some(ProjectEvent::DocumentsChanged { documents });
        }
        if now.samples != self.samples {
            self.samples = now.samples;
            return Some(ProjectEvent::SamplesChanged { samples: self.samples.clone() });
        }
        None
    }
}
