//! Which projects there are, opening one, and what its host says about it while it is open.

use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{
    ApiError, DocumentKind, Draft, DropEvent, Feed, ImportProject, ListProjects, ListTemplates, OpenProject,
    OpenTemplate, PickFolder, Project, ProjectEvent, ProjectId, RecentProject, Template, WatchDrops, WatchProject,
};
use wasm_bindgen_futures::JsFuture;
use web_sys::File;

use super::dialogs::Dialog;
use super::format::project_name;
use super::{Page, Studio};
use crate::backend::{self, Heard, Subscription};
use crate::page_js;

/// The document that data alone gets.
const FIRST_DOCUMENT: &str = "streaming.dtc.yaml";

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedProject {
    pub id: ProjectId,
    pub name: String,
    pub location: String,
}

/// Where to go from an open project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    Start,
    Project(ProjectId),
    /// The host's own dialog asks.
    Folder,
    /// A new project of the files that wait (`Projects::import_after`).
    Import,
}

/// A file that the user dropped or chose, with its place below what was dropped.
#[derive(Debug, Clone)]
pub struct GivenFile {
    pub path: String,
    pub file: File,
}

#[derive(Clone, Copy)]
pub struct Projects {
    pub templates: RwSignal<Vec<Template>>,
    pub recent: RwSignal<Vec<RecentProject>>,
    /// The lists have come.
    pub loaded: RwSignal<bool>,
    /// A project is on its way.
    pub opening: RwSignal<bool>,
    watching: StoredValue<Option<Subscription>, LocalStorage>,
    waiting: StoredValue<Vec<GivenFile>, LocalStorage>,
}

impl Projects {
    pub fn new() -> Projects {
        Projects {
            templates: RwSignal::new(Vec::new()),
            recent: RwSignal::new(Vec::new()),
            loaded: RwSignal::new(false),
            opening: RwSignal::new(false),
            watching: StoredValue::new_local(None),
            waiting: StoredValue::new_local(Vec::new()),
        }
    }

    pub async fn load(self, studio: Studio) {
        match backend::call(ListTemplates {}).await {
            Ok(templates) => self.templates.set(templates),
            Err(error) => studio.complain(error),
        }
        match backend::call(ListProjects {}).await {
            Ok(recent) => self.recent.set(recent),
            Err(error) => studio.complain(error),
        }
        self.loaded.set(true);
    }

    pub fn open_template(self, studio: Studio, template: String) {
        spawn_local(async move {
            self.opening.set(true);
            match backend::call(OpenTemplate { template }).await {
                Ok(project) => studio.show_project(project).await,
                Err(error) => studio.complain(error),
            }
            self.opening.set(false);
        });
    }

    pub fn open(self, studio: Studio, project: ProjectId) {
        spawn_local(async move { self.open_now(studio, project).await });
    }

    async fn open_now(self, studio: Studio, project: ProjectId) {
        self.opening.set(true);
        match backend::call(OpenProject { project }).await {
            Ok(project) => studio.show_project(project).await,
            Err(error) => studio.complain(error),
        }
        self.opening.set(false);
    }

    /// The host's own dialog.
    pub fn pick(self, studio: Studio) {
        spawn_local(async move {
            match backend::call(PickFolder {}).await {
                Ok(Some(project)) => studio.show_project(project).await,
                Ok(None) => (),
                Err(error) => studio.complain(error),
            }
        });
    }

    /// Leaves the open project for a new one of these files; asks first where texts are not saved.
    pub fn import_after(self, studio: Studio, files: Vec<GivenFile>) {
        self.waiting.set_value(files);
        studio.leave_for(Destination::Import);
    }

    /// A folder or files that the browser gave: documents and functions make the project, the rest is its
    /// data. Data alone gets a first streaming document.
    pub async fn import(self, studio: Studio, files: Vec<GivenFile>) {
        let (documents, data): (Vec<GivenFile>, Vec<GivenFile>) =
            files.into_iter().partition(|given| is_document(&given.path));
        let first = documents.first().or(data.first()).map(|given| given.path.clone()).unwrap_or_default();
        let name = project_name(first.split_once('/').map_or(first.as_str(), |(folder, _)| folder));
        let bare = !documents.iter().any(|given| given.path.ends_with(".yaml") || given.path.ends_with(".yml"));
        self.opening.set(true);
        match self.import_documents(studio, name, documents).await {
            Ok(()) => {
                studio.uploads.send(studio, data.into_iter().map(|given| given.file).collect()).await;
                // After the data, which its first text is fitted to.
                if bare {
                    studio.documents.create(studio, FIRST_DOCUMENT.to_owned(), DocumentKind::Streaming);
                }
            }
            Err(error) => studio.complain(error),
        }
        self.opening.set(false);
    }

    async fn import_documents(self, studio: Studio, name: String, given: Vec<GivenFile>) -> Result<(), ApiError> {
        let mut files = Vec::new();
        for GivenFile { path, file } in given {
            let text = JsFuture::from(page_js::read_text(&file)).await.ok().and_then(|text| text.as_string());
            if let Some(text) = text {
                files.push(Draft { document: below_folder(&path), text });
            }
        }
        let project = backend::call(ImportProject { name, files }).await?;
        studio.show_project(project).await;
        Ok(())
    }

    fn watch(self, studio: Studio, project: ProjectId) {
        self.listen(studio, &WatchProject { project }, move |event| match event {
            ProjectEvent::DocumentsChanged { documents } => {
                spawn_local(async move { studio.documents.refresh(studio, documents).await });
            }
            ProjectEvent::SamplesChanged { samples } => studio.samples.accept(studio, samples),
            ProjectEvent::DropRefused { message } => studio.toasts.error(message),
        });
    }

    /// While no project is shown, a drop on the window may open one, where the host takes drops itself.
    pub fn watch_drops(self, studio: Studio) {
        let taken_by_host = studio.capabilities.with_untracked(|able| able.native_drop);
        if !taken_by_host || studio.project.with_untracked(Option::is_some) {
            return;
        }
        self.listen(studio, &WatchDrops {}, move |event| match event {
            DropEvent::Opened { project } => spawn_local(async move { studio.show_project(project).await }),
            DropEvent::Refused { message } => studio.toasts.error(message),
        });
    }

    /// Listens to what the shown place is told, until another one is shown.
    fn listen<F: Feed>(self, studio: Studio, feed: &F, mut take: impl FnMut(F::Item) + 'static) {
        let listening = backend::feed(feed, move |heard| match heard {
            Heard::Item(item) => take(item),
            Heard::Refused(error) => studio.complain(error),
            Heard::Lost => studio.online.set(false),
            Heard::Open => studio.online.set(true),
            Heard::End => (),
        });
        match listening {
            Ok(subscription) => self.watching.set_value(Some(subscription)),
            Err(error) => studio.complain(error),
        }
    }
}

impl Studio {
    /// Puts a project on the page in place of the last one.
    pub async fn show_project(self, project: Project) {
        self.leave_project();
        let opened = OpenedProject { id: project.id.clone(), name: project.name, location: project.location };
        self.project.set(Some(opened));
        self.documents.list.set(project.documents.clone());
        for info in &project.documents {
            self.documents.read(self, &project.id, info).await;
        }
        let kinds = [DocumentKind::Window, DocumentKind::Streaming];
        let shown: Vec<String> = kinds.into_iter().filter_map(|kind| untrack(|| self.documents.first(kind))).collect();
        for name in shown.iter().rev().chain(shown.last()) {
            self.documents.show(self, name);
        }
        self.samples.accept(self, project.samples);
        self.projects.watch(self, project.id.clone());
        self.changed();
        self.write_address();
    }

    /// Leaves the open project; asks first where texts are not saved.
    pub fn leave_for(self, to: Destination) {
        if self.documents.drafts().is_empty() {
            self.go_to(to);
        } else {
            self.dialog.set(Some(Dialog::Leave { to }));
        }
    }

    pub fn go_to(self, to: Destination) {
        match to {
            Destination::Start => self.close_project(),
            Destination::Project(project) => self.projects.open(self, project),
            Destination::Folder => self.projects.pick(self),
            Destination::Import => {
                let files = self.projects.waiting.try_update_value(std::mem::take).unwrap_or_default();
                spawn_local(self.projects.import(self, files));
            }
        }
    }

    /// Back to the start page.
    fn close_project(self) {
        self.leave_project();
        self.project.set(None);
        self.projects.watch_drops(self);
        self.write_address();
        spawn_local(async move { self.projects.load(self).await });
    }

    fn leave_project(self) {
        self.projects.watching.set_value(None);
        self.preview.clear(self);
        self.looked_at.identity.set(None);
        self.documents.clear();
        self.samples.clear();
        self.reports.clear();
        self.exports.clear();
        self.page.set(Page::Author);
    }

    pub fn go(self, page: Page) {
        self.page.set(page);
        self.write_address();
    }

    /// `#/PROJECT/PAGE`, so that a reload comes back to where it was.
    fn write_address(self) {
        let hash = self.project.with_untracked(|project| match project {
            Some(project) => {
                let id = String::from(js_sys::encode_uri_component(&project.id.0));
                format!("#/{id}/{}", self.page.get_untracked().slug())
            }
            None => "#/".to_owned(),
        });
        if location().hash().as_deref() != Ok(hash.as_str()) {
            // A page that cannot write its address only loses its place on a reload.
            let _ = location().set_hash(&hash);
        }
    }

    pub async fn open_from_address(self) {
        let hash = location().hash().unwrap_or_default();
        let mut parts = hash.trim_start_matches("#/").split('/');
        let id =
            parts.next().and_then(|id| js_sys::decode_uri_component(id).ok()).map(String::from).unwrap_or_default();
        let page = parts.next().and_then(Page::from_slug);
        let known = self.projects.recent.with_untracked(|recent| recent.iter().any(|project| project.id.0 == id));
        if known {
            self.projects.open_now(self, ProjectId(id)).await;
            if let Some(page) = page {
                self.go(page);
            }
        }
    }
}

pub fn is_document(path: &str) -> bool {
    [".yaml", ".yml", ".rhai"].iter().any(|end| path.to_ascii_lowercase().ends_with(end))
}

/// A folder's own name is not part of its documents' names.
fn below_folder(path: &str) -> String {
    path.split_once('/').map_or(path, |(_, rest)| rest).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_known_by_their_ending() {
        assert!(is_document("offer/streaming.dtc.yaml"));
        assert!(is_document("functions/price.RHAI"));
        assert!(!is_document("data/events.json.gz"));
    }

    #[test]
    fn the_folder_is_not_part_of_the_name() {
        assert_eq!(below_folder("offer/functions/price.rhai"), "functions/price.rhai");
        assert_eq!(below_folder("streaming.dtc.yaml"), "streaming.dtc.yaml");
    }
}
