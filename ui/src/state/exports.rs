//! Bundles: made while the export page is open, shown file by file beside the last one, taken away, verified.

use std::collections::BTreeSet;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{
    ApiError, BundleTarget, CancelVerify, DownloadExport, EditedFile, ExportBundle, ExportId, ExportInfo, SaveExport,
    SaveOutcome, SavePlace, VerifyExport, VerifyId, VerifyState, WatchVerify,
};

use super::format::counted;
use super::toasts::Tone;
use super::{Page, Studio};
use crate::backend::{self, Heard, Subscription};
use crate::page_js;

const MAKE_AFTER: Duration = Duration::from_millis(300);

/// What of the bundle is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tab {
    Files,
    Resources,
    Checks,
}

/// A save that stopped at edited files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stopped {
    pub location: String,
    pub files: Vec<EditedFile>,
}

#[derive(Clone, Copy)]
pub struct Exports {
    pub target: RwSignal<BundleTarget>,
    /// Its commands are shown; `None`: the first.
    pub environment: RwSignal<Option<String>>,
    pub info: RwSignal<Option<ExportInfo>>,
    pub revision: RwSignal<u64>,
    pub error: RwSignal<Option<ApiError>>,
    pub making: RwSignal<bool>,
    /// A download or a save is under way.
    pub busy: RwSignal<bool>,
    pub tab: RwSignal<Tab>,
    /// Path of the file that is shown, and the line that something led to.
    pub shown: RwSignal<Option<String>>,
    pub line: RwSignal<Option<u32>>,
    /// A changed file as a whole, not its changes.
    pub whole: RwSignal<bool>,
    pub stopped: RwSignal<Option<Stopped>>,
    pub overwrite: RwSignal<BTreeSet<String>>,
    /// What the last verification told, and which bundle it is of.
    pub verified: RwSignal<Option<(ExportId, VerifyState)>>,
    verify: StoredValue<Option<VerifyId>>,
    listening: StoredValue<Option<Subscription>, LocalStorage>,
    serial: StoredValue<u64>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Exports {
    pub fn new() -> Exports {
        Exports {
            target: RwSignal::new(BundleTarget::Sam),
            environment: RwSignal::new(None),
            info: RwSignal::new(None),
            revision: RwSignal::new(0),
            error: RwSignal::new(None),
            making: RwSignal::new(false),
            busy: RwSignal::new(false),
            tab: RwSignal::new(Tab::Files),
            shown: RwSignal::new(None),
            line: RwSignal::new(None),
            whole: RwSignal::new(false),
            stopped: RwSignal::new(None),
            overwrite: RwSignal::new(BTreeSet::new()),
            verified: RwSignal::new(None),
            verify: StoredValue::new(None),
            listening: StoredValue::new_local(None),
            serial: StoredValue::new(0),
            timer: StoredValue::new(None),
        }
    }

    pub fn clear(self) {
        self.serial.update_value(|serial| *serial += 1);
        self.info.set(None);
        self.error.set(None);
        self.shown.set(None);
        self.making.set(false);
        self.stopped.set(None);
        self.verified.set(None);
        self.listening.set_value(None);
        self.tab.set(Tab::Files);
    }

    /// Makes the bundle anew while its page is open; call once, inside the app's owner.
    pub fn follow(self, studio: Studio) {
        Effect::new(move |_| {
            studio.revision.track();
            self.target.track();
            if studio.page.get() == Page::Export && studio.project.with(Option::is_some) {
                let handle = set_timeout_with_handle(move || self.make(studio), MAKE_AFTER).ok();
                if let Some(old) = self.timer.try_update_value(|timer| std::mem::replace(timer, handle)).flatten() {
                    old.clear();
                }
            }
        });
    }

    /// Reactive: what is shown is not what the documents or the chosen target say now.
    pub fn is_old(self, studio: Studio) -> bool {
        let target = self.target.get();
        self.info.with(|info| info.as_ref().is_some_and(|info| info.target != target))
            || self.revision.get() != studio.revision.get()
    }

    pub fn make(self, studio: Studio) {
        let Some(project) = studio.project.get_untracked() else { return };
        let serial = self.serial.get_value() + 1;
        self.serial.set_value(serial);
        let revision = studio.revision.get_untracked();
        let request = ExportBundle {
            project: project.id,
            target: self.target.get_untracked(),
            drafts: studio.documents.drafts(),
        };
        self.making.set(true);
        spawn_local(async move {
            let made = backend::call(request).await;
            if self.serial.get_value() != serial {
                return;
            }
            self.making.set(false);
            match made {
                Ok(info) => self.accept(info, revision),
                Err(error) => {
                    if backend::is_unreachable(&error) {
                        studio.complain(error.clone());
                    }
                    self.error.set(Some(error));
                }
            }
        });
    }

    fn accept(self, info: ExportInfo, revision: u64) {
        let still = self.shown.with_untracked(|shown| {
            shown.as_ref().is_some_and(|path| info.files.iter().any(|file| file.path == *path))
        });
        if !still {
            let first = info.files.iter().find(|file| file.path.starts_with("template")).or(info.files.first());
            self.shown.set(first.map(|file| file.path.clone()));
        }
        self.error.set(None);
        self.revision.set(revision);
        self.info.set(Some(info));
    }

    /// Shows a file as a whole; from 1, 0 is no line.
    pub fn go_to(self, path: &str, line: u32) {
        self.shown.set(Some(path.to_owned()));
        self.whole.set(true);
        self.line.set((line > 0).then_some(line));
        self.tab.set(Tab::Files);
    }

    pub fn download(self, studio: Studio, export: ExportId) {
        self.busy.set(true);
        spawn_local(async move {
            match backend::call(DownloadExport { export }).await {
                Ok(zip) => {
                    page_js::save_base64(&zip.name, "application/zip", &zip.base64);
                    studio.toasts.good(format!("Downloaded {}", zip.name));
                    self.make(studio);
                }
                Err(error) => studio.complain(error),
            }
            self.busy.set(false);
        });
    }

    pub fn save(self, studio: Studio, to: SavePlace, overwrite: Option<Vec<String>>) {
        let Some(export) = self.info.with_untracked(|info| info.as_ref().map(|info| info.export.clone())) else {
            return;
        };
        self.busy.set(true);
        spawn_local(async move {
            match backend::call(SaveExport { export, to, overwrite }).await {
                Ok(SaveOutcome::Saved(saved)) => {
                    let files = counted(&saved.files.to_string(), "file", "files");
                    let kept = match saved.kept {
                        0 => String::new(),
                        kept => format!("; {} left as edited", counted(&kept.to_string(), "file", "files")),
                    };
                    let message = format!("Saved {files} to {}{kept}", saved.location);
                    studio.output.say(Tone::Good, message.clone());
                    studio.toasts.good(message);
                    self.make(studio);
                }
                Ok(SaveOutcome::Edited { location, files }) => {
                    self.overwrite.set(BTreeSet::new());
                    self.stopped.set(Some(Stopped { location, files }));
                }
                Ok(SaveOutcome::Closed) => (),
                Err(error) => studio.complain(error),
            }
            self.busy.set(false);
        });
    }

    /// Starts every check of the shown bundle and listens to it.
    pub fn check(self, studio: Studio) {
        let Some(export) = self.info.with_untracked(|info| info.as_ref().map(|info| info.export.clone())) else {
            return;
        };
        self.tab.set(Tab::Checks);
        spawn_local(async move {
            match backend::call(VerifyExport { export: export.clone() }).await {
                Ok(verify) => self.listen(studio, export, verify),
                Err(error) => studio.complain(error),
            }
        });
    }

    fn listen(self, studio: Studio, export: ExportId, verify: VerifyId) {
        self.verify.set_value(Some(verify.clone()));
        let hear = move |heard| match heard {
            Heard::Item(state) => self.verified.set(Some((export.clone(), state))),
            Heard::Refused(error) => studio.complain(error),
            Heard::End | Heard::Lost | Heard::Open => (),
        };
        match backend::feed(&WatchVerify { verify, after: 0 }, hear) {
            Ok(listening) => self.listening.set_value(Some(listening)),
            Err(error) => studio.complain(error),
        }
    }

    pub fn stop_checks(self, studio: Studio) {
        let Some(verify) = self.verify.get_value() else { return };
        spawn_local(async move {
            if let Err(error) = backend::call(CancelVerify { verify }).await {
                studio.complain(error);
            }
        });
    }
}
