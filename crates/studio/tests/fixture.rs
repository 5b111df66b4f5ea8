//! A workspace in a temporary folder, templates from the checkout, and commands that go through JSON.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde::de::DeserializeOwned;
use studio::{Config, Feed, Native, Next, Studio};
use studio_api::*;
use tempfile::TempDir;

/// What the user will choose in the next dialogs.
#[derive(Clone, Default)]
pub struct Choices(pub Arc<Mutex<Vec<PathBuf>>>);

impl Native for Choices {
    fn pick_folder(&self) -> Option<PathBuf> {
        self.0.lock().unwrap().pop()
    }
    fn pick_files(&self) -> Vec<PathBuf> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
    fn pick_save_folder(&self) -> Option<PathBuf> {
        self.0.lock().unwrap().pop()
    }
}

pub struct Fixture {
    pub folder: TempDir,
    pub studio: Studio,
    pub choices: Choices,
}

impl Fixture {
    pub fn new() -> Fixture {
        Fixture::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut Config)) -> Fixture {
        let folder = TempDir::new().unwrap();
        let choices = Choices::default();
        let mut config = Config {
            workspace: folder.path().join("workspace"),
            templates: Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dtc-templates")),
            folder: None,
            native: Some(Box::new(choices.clone())),
            bootstrap: None,
        };
        change(&mut config);
        Fixture { folder, studio: Studio::new(config), choices }
    }

    pub fn call<C: Command>(&self, command: C) -> Result<C::Reply, ApiError> {
        let json = serde_json::to_string(&command).unwrap();
        let reply = studio::dispatch(&self.studio, C::NAME, &json)?;
        Ok(serde_json::from_str(&reply).unwrap())
    }

    /// A folder with these files, opened.
    pub fn project(&self, files: &[(&str, &str)]) -> (Project, PathBuf) {
        let root = self.folder.path().join("mine");
        for (name, text) in files {
            let path = root.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        fs::create_dir_all(&root).unwrap();
        self.choices.0.lock().unwrap().push(root.clone());
        let project = self.call(PickFolder {}).unwrap().unwrap();
        (project, root.canonicalize().unwrap())
    }

    pub fn feed<F: studio_api::Feed>(&self, request: F) -> Box<dyn Feed> {
        studio::subscribe(&self.studio, F::NAME, &serde_json::to_string(&request).unwrap()).unwrap()
    }

    /// Runs to the end; the events in order.
    pub fn run(&self, project: &ProjectId, drafts: Vec<Draft>) -> Result<(RunId, Vec<RunEvent>), ApiError> {
        let run = self.call(StartRun { project: project.clone(), streaming: None, drafts, limit: None })?;
        let mut feed = self.feed(WatchRun { run: run.clone(), after: 0 });
        let mut events = Vec::new();
        while let Some(event) = next::<RunEvent>(feed.as_mut()) {
            events.push(event);
        }
        Ok((run, events))
    }
}

/// The next item of a feed; `None` at its end.
pub fn next<T: DeserializeOwned>(feed: &mut dyn Feed) -> Option<T> {
    let until = Instant::now() + Duration::from_secs(60);
    while Instant::now() < until {
        match feed.next(Duration::from_millis(100)) {
            Next::Frame { json, .. } => match serde_json::from_str(&json).unwrap() {
                FeedFrame::Item { item } => return Some(item),
                _ => panic!("feeds give items only: {json}"),
            },
            Next::Quiet => {}
            Next::Ended => return None,
        }
    }
    panic!("nothing came for a minute");
}

pub const STREAMING: &str = "\
Type: ProductML:DTC:Streaming
Version: '2018-03-01'
Name: play
Identity: source.user
Time: parse_time(source.at)
Stores:
  - Type: ProductML:DTC:Store:MemoryStore
    Name: memory
Aggregates:
  - Type: Blurr:Aggregate:Identity
    Name: player
    Store: memory
    Fields:
      - Name: games
        Type: integer
        Value: player.games + 1
";

pub const EVENTS: &str = "\
{\"user\": \"ada\", \"at\": \"2018-03-07T22:35:31+00:00\"}
{\"user\": \"bob\", \"at\": \"2018-03-07T22:36:31+00:00\"}
not json
{\"user\": \"ada\", \"at\": \"2018-03-07T22:37:31+00:00\"}
{\"user\": \"\", \"at\": \"2018-03-07T22:37:31+00:00\"}
";
