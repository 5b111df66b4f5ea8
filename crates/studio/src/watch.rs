//! What changes in a project outside of the page. Files are looked at once a second, and only from within
//! `next`: when nobody listens, nobody looks.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant, SystemTime};

use studio_api::{ApiError, DocumentInfo, DropEvent, ProjectEvent, Sample, WatchProject};

use crate::dispatch::Open;
use crate::feed::{Feed, Next, frame};
use crate::studio::{Studio, lock};
use crate::{documents, samples};

const INTERVAL: Duration = Duration::from_secs(1);

/// Who listens to what, in the order they came.
#[derive(Default)]
pub(crate) struct Watchers(Mutex<Listeners>);

#[derive(Default)]
struct Listeners {
    added: u64,
    present: Vec<(u64, Watcher)>,
}

/// A listener, and what it listens to.
#[derive(Clone)]
pub(crate) enum Watcher {
    Project(PathBuf, Sender<ProjectEvent>),
    Drops(Sender<DropEvent>),
}

impl Watchers {
    /// Answers with the number to take the listener away by.
    pub(crate) fn add(&self, watcher: Watcher) -> u64 {
        let mut listeners = lock(&self.0);
        listeners.added += 1;
        let number = listeners.added;
        listeners.present.push((number, watcher));
        number
    }

    pub(crate) fn remove(&self, number: u64) {
        lock(&self.0).present.retain(|(known, _)| *known != number);
    }

    /// Tells everyone who watches the folder.
    pub(crate) fn tell(&self, root: &Path, event: &ProjectEvent) {
        for (_, watcher) in &lock(&self.0).present {
            if let Watcher::Project(watched, sender) = watcher
                && watched == root
            {
                // A listener that is just going away needs no news.
                let _ = sender.send(event.clone());
            }
        }
    }

    /// Who came last: what the window shows.
    pub(crate) fn last(&self) -> Option<Watcher> {
        lock(&self.0).present.last().map(|(_, watcher)| watcher.clone())
    }
}

impl Open<WatchProject> for Studio {
    fn open(&self, request: WatchProject) -> Result<Box<dyn Feed>, ApiError> {
        let root = self.root(&request.project)?;
        let seen = Seen::look(&root).unwrap_or_default();
        let (sender, events) = channel();
        let number = self.watchers.add(Watcher::Project(root.clone(), sender));
        Ok(Box::new(ProjectFeed { studio: self.clone(), number, root, events, seen, looked: Instant::now() }))
    }
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
