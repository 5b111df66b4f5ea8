//! What the attribution and bandit pages show: asked anew while their page is open and something
//! changed, the last good answer kept.

use std::future::Future;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{
    ApiError, Attribute, AttributionReport, DocumentKind, DoubtAttribution, ErrorCode, JoinRewards, RewardReport,
    StopReports,
};

use super::{Page, Studio};
use crate::backend;

const ASK_AFTER: Duration = Duration::from_millis(300);
/// Quicker answers show no progress: it would only flicker.
const SLOW_AFTER: Duration = Duration::from_millis(200);

/// A report, and whether it is of the documents as they are now.
pub struct Report<T: Send + Sync + 'static> {
    pub good: RwSignal<Option<T>>,
    pub revision: RwSignal<u64>,
    pub error: RwSignal<Option<ApiError>>,
    /// The answer takes its time: worth a word, and a way to stop it.
    pub slow: RwSignal<bool>,
    /// Which document; `None`: the first of its kind.
    pub document: RwSignal<Option<String>>,
    serial: StoredValue<u64>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

// Handles copy whatever they point to; a derive would ask the same of `T`.
impl<T: Send + Sync + 'static> Clone for Report<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Report<T> {}

impl<T: Send + Sync + 'static> Report<T> {
    fn new() -> Report<T> {
        Report {
            good: RwSignal::new(None),
            revision: RwSignal::new(0),
            error: RwSignal::new(None),
            slow: RwSignal::new(false),
            document: RwSignal::new(None),
            serial: StoredValue::new(0),
            timer: StoredValue::new(None),
        }
    }

    fn clear(self) {
        self.serial.update_value(|serial| *serial += 1);
        self.good.set(None);
        self.error.set(None);
        self.slow.set(false);
        self.document.set(None);
    }

    /// Reactive: the shown report is of an older state.
    pub fn is_old(self, studio: Studio) -> bool {
        self.good.with(Option::is_some) && self.revision.get() != studio.revision.get()
    }

    fn ask_soon(self, ask: impl FnOnce() + 'static) {
        let handle = set_timeout_with_handle(ask, ASK_AFTER).ok();
        if let Some(old) = self.timer.try_update_value(|timer| std::mem::replace(timer, handle)).flatten() {
            old.clear();
        }
    }

    /// Once the answer is there, its number is no longer the current one.
    fn grow_slow(self, serial: u64) {
        if self.serial.get_value() == serial {
            self.slow.set(true);
        }
    }

    fn ask(self, studio: Studio, answer: impl Future<Output = Result<T, ApiError>> + 'static) {
        let serial = self.serial.get_value() + 1;
        self.serial.set_value(serial);
        let revision = studio.revision.get_untracked();
        set_timeout(move || self.grow_slow(serial), SLOW_AFTER);
        spawn_local(async move {
            let answer = answer.await;
            if self.serial.get_value() != serial {
                return;
            }
            self.serial.set_value(serial + 1);
            self.slow.set(false);
            match answer {
                Ok(report) => {
                    self.good.set(Some(report));
                    self.revision.set(revision);
                    self.error.set(None);
                }
                Err(error) => {
                    if backend::is_unreachable(&error) {
                        studio.complain(error.clone());
                    }
                    self.error.set(Some(error));
                }
            }
        });
    }
}

#[derive(Clone, Copy)]
pub struct Reports {
    pub attribution: Report<AttributionReport>,
    /// Intervals, ranks and halves of the shown credits are on their way.
    pub doubting: RwSignal<bool>,
    pub rewards: Report<RewardReport>,
}

impl Reports {
    pub fn new() -> Reports {
        Reports { attribution: Report::new(), doubting: RwSignal::new(false), rewards: Report::new() }
    }

    pub fn clear(self) {
        self.attribution.clear();
        self.rewards.clear();
    }

    /// Asks while a page is open; call once, inside the app's owner.
    pub fn follow(self, studio: Studio) {
        Effect::new(move |_| {
            studio.revision.track();
            if studio.page.get() == Page::Attribution
                && ready(studio, DocumentKind::Attribution, self.attribution.document.get())
            {
                self.attribution.ask_soon(move || self.attribute(studio));
            }
        });
        // Once for each report: a comparison changes the report, and not its doubts.
        let wants = Memo::new(move |_| {
            self.attribution.good.with(|report| report.as_ref().filter(|it| it.can_doubt).map(|it| it.id.clone()))
        });
        Effect::new(move |_| {
            if let Some(report) = wants.get() {
                self.doubt(studio, DoubtAttribution { report });
            }
        });
        Effect::new(move |_| {
            studio.revision.track();
            if studio.page.get() == Page::Bandit && ready(studio, DocumentKind::Join, self.rewards.document.get()) {
                self.rewards.ask_soon(move || self.join(studio));
            }
        });
    }

    /// Ends what is being asked; the answers say so.
    pub fn stop(self, studio: Studio) {
        let Some(project) = studio.project.get_untracked() else { return };
        spawn_local(async move {
            if let Err(error) = backend::call(StopReports { project: project.id }).await {
                studio.complain(error);
            }
        });
    }

    /// Asks again after an error or a stop.
    pub fn ask(self, studio: Studio, kind: DocumentKind) {
        match kind {
            DocumentKind::Join => self.join(studio),
            _ => self.attribute(studio),
        }
    }

    fn attribute(self, studio: Studio) {
        let Some(project) = studio.project.get_untracked() else { return };
        let document = self.attribution.document.get_untracked();
        let request = Attribute { project: project.id, document, drafts: studio.documents.drafts() };
        self.attribution.ask(studio, backend::call(request));
    }

    /// Credits are shown at once, their doubts when they are there.
    pub fn doubt(self, studio: Studio, request: DoubtAttribution) {
        self.doubting.set(true);
        spawn_local(async move {
            let id = request.report.clone();
            let answer = backend::call(request).await;
            let is_shown =
                self.attribution.good.with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.id == id));
            if !is_shown {
                return;
            }
            self.doubting.set(false);
            match answer {
                Ok(report) => self.attribution.good.set(Some(report)),
                Err(error) if error.code == ErrorCode::Cancelled => {}
                Err(error) => studio.complain(error),
            }
        });
    }

    fn join(self, studio: Studio) {
        let Some(project) = studio.project.get_untracked() else { return };
        let document = self.rewards.document.get_untracked();
        let request = JoinRewards { project: project.id, document, drafts: studio.documents.drafts() };
        self.rewards.ask(studio, backend::call(request));
    }
}

/// Whether the document stands without errors and there is data.
fn ready(studio: Studio, kind: DocumentKind, document: Option<String>) -> bool {
    let Some(name) = document.or_else(|| studio.documents.first(kind)) else { return false };
    let sound = studio
        .documents
        .checked
        .with(|checked| !checked.problems.iter().any(|problem| problem.is_error() && problem.document == name));
    sound && studio.samples.any_selected()
}
