//! What the page knows: one struct of signals, handed down by context. Plain logic (formats, checks,
//! layout) stands apart from signals, so that it is tested without a browser.

pub mod assisting;
pub mod checking;
pub mod data_fields;
pub mod dialogs;
pub mod documents;
pub mod exports;
pub mod format;
pub mod layout;
pub mod looked_at;
pub mod output;
pub mod preview;
pub mod projects;
pub mod reports;
pub mod samples;
pub mod story;
pub mod taking;
pub mod theme;
pub mod toasts;
pub mod uploads;

use leptos::prelude::*;
use studio_api::{ApiError, Capabilities, GetCapabilities};

use crate::backend;
use dialogs::Dialog;
use documents::Documents;
use exports::Exports;
use layout::Layout;
use looked_at::LookedAt;
use output::Output;
use preview::Preview;
use projects::{OpenedProject, Projects};
use reports::Reports;
use samples::Samples;
use story::Told;
use theme::Theme;
use toasts::Toasts;
use uploads::Uploads;

/// The pages of an open project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Page {
    Author,
    Attribution,
    Bandit,
    Export,
}

impl Page {
    pub const ALL: [Page; 4] = [Page::Author, Page::Attribution, Page::Bandit, Page::Export];

    pub fn title(self) -> &'static str {
        match self {
            Page::Author => "Author",
            Page::Attribution => "Attribution",
            Page::Bandit => "Bandit",
            Page::Export => "Export",
        }
    }

    pub fn slug(self) -> &'static str {
        match self {
            Page::Author => "author",
            Page::Attribution => "attribution",
            Page::Bandit => "bandit",
            Page::Export => "export",
        }
    }

    pub fn from_slug(slug: &str) -> Option<Page> {
        Page::ALL.into_iter().find(|page| page.slug() == slug)
    }
}

/// Everything, by handle: cheap to copy into closures.
#[derive(Clone, Copy)]
pub struct Studio {
    pub capabilities: RwSignal<Capabilities>,
    /// False while the host does not answer.
    pub online: RwSignal<bool>,
    pub page: RwSignal<Page>,
    pub project: RwSignal<Option<OpenedProject>>,
    /// Counts what changes results: edits and the choice of samples.
    pub revision: RwSignal<u64>,
    pub projects: Projects,
    pub documents: Documents,
    pub samples: Samples,
    pub uploads: Uploads,
    pub preview: Preview,
    pub looked_at: LookedAt,
    pub told: Told,
    pub reports: Reports,
    pub exports: Exports,
    pub output: Output,
    pub layout: Layout,
    pub theme: Theme,
    pub toasts: Toasts,
    pub dialog: RwSignal<Option<Dialog>>,
}

impl Studio {
    pub fn new() -> Studio {
        Studio {
            capabilities: RwSignal::default(),
            online: RwSignal::new(true),
            page: RwSignal::new(Page::Author),
            project: RwSignal::new(None),
            revision: RwSignal::new(0),
            projects: Projects::new(),
            documents: Documents::new(),
            samples: Samples::new(),
            uploads: Uploads::new(),
            preview: Preview::new(),
            looked_at: LookedAt::new(),
            told: Told::new(),
            reports: Reports::new(),
            exports: Exports::new(),
            output: Output::new(),
            layout: Layout::load(),
            theme: Theme::load(),
            toasts: Toasts::new(),
            dialog: RwSignal::new(None),
        }
    }

    /// First words with the host: what it can do, what there is to open, what the address asks for.
    pub async fn start(self) {
        match backend::call(GetCapabilities {}).await {
            Ok(capabilities) => self.capabilities.set(capabilities),
            Err(error) => self.complain(error),
        }
        self.projects.load(self).await;
        self.open_from_address().await;
        self.projects.watch_drops(self);
    }

    /// Tells the user what went wrong. A host that does not answer gets the banner, not a toast each.
    pub fn complain(self, error: ApiError) {
        if backend::is_unreachable(&error) {
            self.online.set(false);
        } else {
            self.toasts.error(error.message);
        }
    }

    /// Asks again after the host went away.
    pub async fn reconnect(self) {
        match backend::call(GetCapabilities {}).await {
            Ok(capabilities) => {
                self.capabilities.set(capabilities);
                self.online.set(true);
                self.projects.load(self).await;
                match self.project.get_untracked() {
                    Some(_) => self.changed(),
                    None => self.open_from_address().await,
                }
            }
            Err(error) => self.complain(error),
        }
    }

    /// Something changed that results depend on.
    pub fn changed(self) {
        self.revision.update(|revision| *revision += 1);
        self.preview.supersede(self);
        self.documents.check_soon(self);
    }
}

/// The page's state; every component is below the one that provides it.
pub fn use_studio() -> Studio {
    expect_context::<Studio>()
}
