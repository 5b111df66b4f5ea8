//! The runs of this process: each on a thread of its own, watched through its log, its rows kept until
//! a later run of the same project takes their place.

pub(crate) mod cache;
pub(crate) mod checked;
pub(crate) mod live;
pub(crate) mod log;
pub(crate) mod made;
pub(crate) mod reading;
pub(crate) mod tables;
pub(crate) mod worker;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};

use dtc_engine::Cancel;
use dtc_io::Frame;
use studio_api::{ApiError, RunId};

use crate::error::not_found;
use crate::studio::lock;
use cache::Cache;
use live::LiveRun;
use log::Log;
use made::Made;

#[derive(Default)]
pub(crate) struct Runs {
    state: Mutex<State>,
    pub cache: Cache,
    /// The last run, for an edit to go on from.
    pub live: Mutex<Option<LiveRun>>,
}

#[derive(Default)]
struct State {
    started: u64,
    /// In the order they were started.
    runs: BTreeMap<u64, Arc<Run>>,
}

/// One run: where it belongs, what it told so far, and its rows once it has finished.
pub(crate) struct Run {
    number: u64,
    root: PathBuf,
    pub cancel: Cancel,
    pub log: Log,
    pub frames: OnceLock<BTreeMap<String, Arc<Frame>>>,
    /// Set with the frames.
    pub made: OnceLock<Made>,
}

impl Runs {
    /// A new run of a project. Of the older ones only the last finished one stays, for the page to show.
    pub(crate) fn add(&self, root: &Path) -> Arc<Run> {
        let mut state = lock(&self.state);
        let same = state.runs.values().filter(|run| run.root == root);
        let kept = same.filter(|run| run.frames.get().is_some()).map(|run| run.number).next_back();
        state.runs.retain(|number, run| {
            let stays = run.root != root || Some(*number) == kept;
            if !stays {
                run.cancel.cancel();
            }
            stays
        });
        state.started += 1;
        let run = Arc::new(Run {
            number: state.started,
            root: root.to_path_buf(),
            cancel: Cancel::default(),
            log: Log::default(),
            frames: OnceLock::new(),
            made: OnceLock::new(),
        });
        state.runs.insert(run.number, run.clone());
        run
    }

    pub(crate) fn find(&self, id: &RunId) -> Result<Arc<Run>, ApiError> {
        let number = id.0.strip_prefix('r').and_then(|number| number.parse().ok());
        let run = number.and_then(|number: u64| lock(&self.state).runs.get(&number).cloned());
        run.ok_or_else(|| not_found("The rows of this run were let go. Run again to see them."))
    }

    pub(crate) fn forget(&self, id: &RunId) -> Result<(), ApiError> {
        let run = self.find(id)?;
        run.cancel.cancel();
        lock(&self.state).runs.remove(&run.number);
        Ok(())
    }
}

impl Run {
    pub(crate) fn id(&self) -> RunId {
        RunId(format!("r{}", self.number))
    }
}
