//! The live preview: a run after each edit without errors, the last good one kept. A result is only
//! ever called new for the revision that it was started for.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{
    ApiError, CancelRun, DocumentKind, ErrorCode, ForgetRun, RunEvent, RunId, RunProgress, RunStep, RunSummary,
    StartRun, TableInfo, TableKind, WatchRun,
};

use super::Studio;
use super::format::{counted, milliseconds};
use super::toasts::Tone;
use crate::backend::{self, Heard, Subscription};

/// After the check, so that an edit runs 300 ms after the last key.
const RUN_AFTER: Duration = Duration::from_millis(150);
/// Shorter runs show no progress: it would only flicker.
const SLOW_AFTER: Duration = Duration::from_millis(200);

#[derive(Debug, Clone, PartialEq)]
pub enum RunState {
    /// No run is under way.
    Idle,
    Running {
        progress: Option<RunProgress>,
        slow: bool,
    },
    /// Asked to stop; the last event confirms.
    Cancelling,
    /// The user stopped it; the next edit or Ctrl-Enter starts anew.
    Stopped,
    Failed(ApiError),
}

/// The last run that finished.
#[derive(Debug, Clone, PartialEq)]
pub struct Good {
    pub run: RunId,
    pub revision: u64,
    pub summary: RunSummary,
}

/// Why what is shown is or is not what the documents say now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    NoDocument,
    NoData,
    /// So many errors stand in the way.
    Errors(usize),
    Running,
    Stopped,
    Failed,
    UpToDate,
    /// An edit that was not yet checked.
    Pending,
}

#[derive(Clone, Copy)]
pub struct Preview {
    pub state: RwSignal<RunState>,
    pub good: RwSignal<Option<Good>>,
    /// The run under way and the number of its start.
    run: StoredValue<Option<RunId>>,
    serial: StoredValue<u64>,
    timer: StoredValue<Option<TimeoutHandle>>,
    listening: StoredValue<Option<Subscription>, LocalStorage>,
}

impl Preview {
    pub fn new() -> Preview {
        Preview {
            state: RwSignal::new(RunState::Idle),
            good: RwSignal::new(None),
            run: StoredValue::new(None),
            serial: StoredValue::new(0),
            timer: StoredValue::new(None),
            listening: StoredValue::new_local(None),
        }
    }

    /// Another project: nothing of the last one is shown or kept by the host.
    pub fn clear(self, studio: Studio) {
        self.supersede(studio);
        self.state.set(RunState::Idle);
        if let Some(good) = self.good.try_update(Option::take).flatten() {
            forget(good.run);
        }
    }

    /// The documents or the data changed: whatever runs is of yesterday.
    pub fn supersede(self, studio: Studio) {
        self.serial.update_value(|serial| *serial += 1);
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
        self.listening.set_value(None);
        if let Some(run) = self.run.try_update_value(Option::take).flatten() {
            abandon(studio, run);
        }
        if !matches!(self.state.get_untracked(), RunState::Idle) {
            self.state.set(RunState::Idle);
        }
    }

    /// Starts a run a moment after the check, unless something stands in its way.
    pub fn start_soon(self, studio: Studio) {
        let handle = set_timeout_with_handle(move || self.start(studio), RUN_AFTER).ok();
        if let Some(old) = self.timer.try_update_value(|timer| std::mem::replace(timer, handle)).flatten() {
            old.clear();
        }
    }

    /// Starts a run of what stands in the editor.
    pub fn start(self, studio: Studio) {
        self.supersede(studio);
        let Some(project) = studio.project.get_untracked() else { return };
        if untrack(|| obstacle(studio)).is_some() {
            return;
        }
        let serial = self.serial.get_value();
        let revision = studio.revision.get_untracked();
        let request = StartRun { project: project.id, streaming: None, drafts: studio.documents.drafts(), limit: None };
        self.state.set(RunState::Running { progress: None, slow: false });
        set_timeout(move || self.grow_slow(serial), SLOW_AFTER);
        spawn_local(async move {
            match backend::call(request).await {
                Ok(run) if self.serial.get_value() == serial => self.watch(studio, run, revision, serial),
                Ok(run) => abandon(studio, run),
                Err(error) if self.serial.get_value() == serial => self.fail(studio, error),
                Err(_) => (),
            }
        });
    }

    fn grow_slow(self, serial: u64) {
        if self.serial.get_value() == serial {
            let running = self.state.get_untracked();
            if let RunState::Running { progress, slow: false } = running {
                self.state.set(RunState::Running { progress, slow: true });
            }
        }
    }

    fn watch(self, studio: Studio, run: RunId, revision: u64, serial: u64) {
        self.run.set_value(Some(run.clone()));
        let watched = run.clone();
        let listening = backend::feed(&WatchRun { run, after: 0 }, move |heard| {
            if self.serial.get_value() != serial {
                return;
            }
            match heard {
                Heard::Item(event) => self.follow(studio, &watched, revision, event),
                Heard::Refused(error) => self.fail(studio, error),
                Heard::End | Heard::Lost | Heard::Open => (),
            }
        });
        match listening {
            Ok(subscription) => self.listening.set_value(Some(subscription)),
            Err(error) => self.fail(studio, error),
        }
    }

    fn follow(self, studio: Studio, run: &RunId, revision: u64, event: RunEvent) {
        match event.what {
            RunStep::Started => (),
            RunStep::Progress(progress) => self.state.update(|state| {
                if let RunState::Running { progress: shown, .. } = state {
                    *shown = Some(progress);
                }
            }),
            RunStep::Finished { summary } => self.finish(studio, run.clone(), revision, summary),
            RunStep::Cancelled => {
                self.ended();
                self.state.set(RunState::Stopped);
            }
            RunStep::Failed { error } => self.fail(studio, error),
        }
    }

    fn finish(self, studio: Studio, run: RunId, revision: u64, summary: RunSummary) {
        self.ended();
        let events = counted(&summary.events, "event", "events");
        studio.output.say(Tone::Good, format!("Ran {events} in {}", milliseconds(summary.milliseconds.total)));
        for notice in &summary.notices {
            studio.output.say(Tone::Note, notice.clone());
        }
        self.good.set(Some(Good { run, revision, summary }));
        self.state.set(RunState::Idle);
    }

    fn fail(self, studio: Studio, error: ApiError) {
        self.ended();
        if backend::is_unreachable(&error) {
            studio.complain(error.clone());
        }
        studio.output.say(Tone::Error, error.message.clone());
        self.state.set(RunState::Failed(error));
    }

    fn ended(self) {
        self.run.set_value(None);
        self.listening.set_value(None);
    }

    /// The user's wish to stop. The run's last event confirms it.
    pub fn cancel(self, studio: Studio) {
        let Some(run) = self.run.get_value() else { return };
        self.state.set(RunState::Cancelling);
        spawn_local(async move {
            if let Err(error) = backend::call(CancelRun { run }).await {
                studio.complain(error);
            }
        });
    }

    /// Reactive: how the shown results stand to the documents.
    pub fn standing(self, studio: Studio) -> Standing {
        if let Some(obstacle) = obstacle(studio) {
            return obstacle;
        }
        match self.state.get() {
            RunState::Running { .. } | RunState::Cancelling => return Standing::Running,
            RunState::Failed(_) => return Standing::Failed,
            RunState::Stopped => return Standing::Stopped,
            RunState::Idle => (),
        }
        let current = studio.revision.get();
        match self.good.with(|good| good.as_ref().map(|good| good.revision)) {
            Some(revision) if revision == current => Standing::UpToDate,
            _ => Standing::Pending,
        }
    }

    /// Reactive: whether the shown rows are of an older state than the documents.
    pub fn is_old(self, studio: Studio) -> bool {
        let current = studio.revision.get();
        self.good.with(|good| good.as_ref().is_some_and(|good| good.revision != current))
    }

    /// Reactive: the last good run's table of this name, or the first of a kind.
    pub fn table(self, wanted: impl Fn(&TableInfo) -> bool) -> Option<TableInfo> {
        self.good.with(|good| good.as_ref()?.summary.tables.iter().find(|table| wanted(table)).cloned())
    }

    pub fn table_of_kind(self, kind: TableKind) -> Option<TableInfo> {
        self.table(|table| table.kind == kind)
    }
}

/// What keeps the documents from being run, if anything. Errors in documents that a run does not read
/// are no obstacle.
fn obstacle(studio: Studio) -> Option<Standing> {
    let documents = studio.documents;
    if documents.first(DocumentKind::Streaming).is_none() {
        return Some(Standing::NoDocument);
    }
    let errors = documents.checked.with(|checked| {
        let read = |name: &str| {
            matches!(
                documents.kind(name),
                Some(DocumentKind::Streaming | DocumentKind::Window | DocumentKind::Function)
            )
        };
        checked.problems.iter().filter(|problem| problem.is_error() && read(&problem.document)).count()
    });
    if errors > 0 {
        return Some(Standing::Errors(errors));
    }
    (!studio.samples.any_selected()).then_some(Standing::NoData)
}

/// A run that nobody waits for any more. The host lets go of its rows when the next one starts.
fn abandon(studio: Studio, run: RunId) {
    spawn_local(async move {
        match backend::call(CancelRun { run }).await {
            Err(error) if error.code != ErrorCode::NotFound => studio.complain(error),
            _ => (),
        }
    });
}

fn forget(run: RunId) {
    spawn_local(async move {
        // The host forgets old runs by itself; this only makes it sooner.
        let _ = backend::call(ForgetRun { run }).await;
    });
}
