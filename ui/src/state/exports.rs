//! Bundles: made while the export page is open, shown file by file, downloaded or saved.

use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{ApiError, BundleTarget, DownloadExport, ExportBundle, ExportId, ExportInfo, SaveExport, SavePlace};

use super::toasts::Tone;
use super::{Page, Studio};
use crate::{backend, page_js};

const MAKE_AFTER: Duration = Duration::from_millis(300);

#[derive(Clone, Copy)]
pub struct Exports {
    pub target: RwSignal<BundleTarget>,
    pub info: RwSignal<Option<ExportInfo>>,
    pub revision: RwSignal<u64>,
    pub error: RwSignal<Option<ApiError>>,
    pub making: RwSignal<bool>,
    /// A download or a save is under way.
    pub busy: RwSignal<bool>,
    /// Path of the file that is shown.
    pub shown: RwSignal<Option<String>>,
    serial: StoredValue<u64>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Exports {
    pub fn new() -> Exports {
        Exports {
            target: RwSignal::new(BundleTarget::Sam),
            info: RwSignal::new(None),
            revision: RwSignal::new(0),
            error: RwSignal::new(None),
            making: RwSignal::new(false),
            busy: RwSignal::new(false),
            shown: RwSignal::new(None),
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

    fn make(self, studio: Studio) {
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

    pub fn download(self, studio: Studio, export: ExportId) {
        self.busy.set(true);
        spawn_local(async move {
            match backend::call(DownloadExport { export }).await {
                Ok(zip) => {
                    page_js::save_base64(&zip.name, "application/zip", &zip.base64);
                    studio.toasts.good(format!("Downloaded {}", zip.name));
                }
                Err(error) => studio.complain(error),
            }
            self.busy.set(false);
        });
    }

    pub fn save(self, studio: Studio, export: ExportId, to: SavePlace) {
        self.busy.set(true);
        spawn_local(async move {
            match backend::call(SaveExport { export, to }).await {
                Ok(Some(saved)) => {
                    let message = format!("Saved {} files to {}", saved.files, saved.location);
                    studio.output.say(Tone::Good, message.clone());
                    studio.toasts.good(message);
                }
                Ok(None) => (),
                Err(error) => studio.complain(error),
            }
            self.busy.set(false);
        });
    }
}
