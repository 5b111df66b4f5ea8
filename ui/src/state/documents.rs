//! The project's documents as they stand in the editor: texts, what is saved, tabs, problems.
//! Monaco's models hold the text that is typed; each change arrives here once.

use std::collections::BTreeMap;
use std::time::Duration;

use dtc_lang::{LineIndex, Span};
use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{
    CreateDocument, DocumentInfo, DocumentKind, Draft, ErrorCode, ProjectId, ReadDocument, WriteDocument,
};

use super::checking::{Problem, check_project, project_of};
use super::dialogs::Dialog;
use super::format::counted;
use super::toasts::Tone;
use super::{Page, Studio};
use crate::backend;
use crate::editor::{bridge, keep_focus};

const CHECK_AFTER: Duration = Duration::from_millis(150);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    pub now: String,
    pub saved: String,
    pub version: String,
}

/// What the language said, and about which state of the project.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Checked {
    pub revision: u64,
    pub problems: Vec<Problem>,
}

#[derive(Clone, Copy)]
pub struct Documents {
    pub list: RwSignal<Vec<DocumentInfo>>,
    pub texts: RwSignal<BTreeMap<String, Text>>,
    /// Names of the tabs.
    pub open: RwSignal<Vec<String>>,
    pub active: RwSignal<Option<String>>,
    pub cursor: RwSignal<(u32, u32)>,
    pub checked: RwSignal<Checked>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Documents {
    pub fn new() -> Documents {
        Documents {
            list: RwSignal::new(Vec::new()),
            texts: RwSignal::new(BTreeMap::new()),
            open: RwSignal::new(Vec::new()),
            active: RwSignal::new(None),
            cursor: RwSignal::new((1, 1)),
            checked: RwSignal::default(),
            timer: StoredValue::new(None),
        }
    }

    /// Forgets the last project's documents and Monaco's models of them.
    pub fn clear(self) {
        self.list.with_untracked(|list| list.iter().for_each(|info| bridge::close_document(&info.name)));
        self.open.set(Vec::new());
        self.active.set(None);
        self.list.set(Vec::new());
        self.texts.set(BTreeMap::new());
        self.checked.set(Checked::default());
    }

    /// Reads one document of the list from the host and gives it to Monaco.
    pub async fn read(self, studio: Studio, project: &ProjectId, info: &DocumentInfo) {
        let request = ReadDocument { project: project.clone(), document: info.name.clone() };
        match backend::call(request).await {
            Ok(read) => {
                let text = Text { now: read.text.clone(), saved: read.text, version: read.version };
                bridge::open_document(&info.name, &text.now, language(info.kind));
                self.texts.update(|texts| {
                    texts.insert(info.name.clone(), text);
                });
            }
            Err(error) => studio.complain(error),
        }
    }

    /// Monaco reports the text after each change.
    pub fn edited(self, studio: Studio, name: &str, now: String) {
        let changed = self.texts.try_update(|texts| match texts.get_mut(name) {
            Some(text) if text.now != now => {
                text.now = now;
                true
            }
            _ => false,
        });
        if changed == Some(true) {
            studio.changed();
        }
    }

    pub fn kind(self, name: &str) -> Option<DocumentKind> {
        self.list.with(|list| list.iter().find(|info| info.name == name).map(|info| info.kind))
    }

    pub fn first(self, kind: DocumentKind) -> Option<String> {
        self.list.with(|list| list.iter().find(|info| info.kind == kind).map(|info| info.name.clone()))
    }

    pub fn is_dirty(self, name: &str) -> bool {
        self.texts.with(|texts| texts.get(name).is_some_and(|text| text.now != text.saved))
    }

    /// The documents that differ from their files.
    pub fn drafts(self) -> Vec<Draft> {
        self.texts.with_untracked(|texts| {
            let changed = texts.iter().filter(|(_, text)| text.now != text.saved);
            changed.map(|(name, text)| Draft { document: name.clone(), text: text.now.clone() }).collect()
        })
    }

    /// Shows a document on the author page.
    pub fn show(self, studio: Studio, name: &str) {
        if !self.texts.with_untracked(|texts| texts.contains_key(name)) {
            return;
        }
        self.open.update(|open| {
            if !open.iter().any(|tab| tab == name) {
                open.push(name.to_owned());
            }
        });
        self.active.set(Some(name.to_owned()));
        studio.page.set(Page::Author);
        keep_focus();
    }

    /// Shows a place in a document and puts the cursor there.
    pub fn reveal(self, studio: Studio, name: &str, line: u32, column: u32) {
        self.show(studio, name);
        // The page and the model are switched by effects, which run before the next frame.
        request_animation_frame(move || bridge::reveal(line, column));
    }

    /// The same for bytes of the document's text, which may have changed since they were counted.
    pub fn reveal_span(self, studio: Studio, name: &str, span: Span) {
        let place = self.texts.with_untracked(|texts| {
            texts.get(name).map(|text| LineIndex::new(&text.now).utf16_position(&text.now, span.start))
        });
        if let Some((line, column)) = place {
            self.reveal(studio, name, line, column);
        }
    }

    /// Closes the tab; the text stays, saved or not.
    pub fn close_tab(self, name: &str) {
        let place = self.open.with_untracked(|open| open.iter().position(|tab| tab == name));
        let Some(place) = place else { return };
        self.open.update(|open| {
            open.remove(place);
        });
        if self.active.get_untracked().as_deref() == Some(name) {
            let next = self.open.with_untracked(|open| open.get(place).or(open.last()).cloned());
            self.active.set(next);
        }
        keep_focus();
    }

    /// Checks the whole project a moment after the last edit.
    pub fn check_soon(self, studio: Studio) {
        let handle = set_timeout_with_handle(move || self.check(studio), CHECK_AFTER).ok();
        if let Some(old) = self.timer.try_update_value(|timer| std::mem::replace(timer, handle)).flatten() {
            old.clear();
        }
    }

    fn check(self, studio: Studio) {
        self.mark(studio);
        studio.preview.start_soon(studio);
    }

    /// Finds the problems anew and marks them; the preview has no part in it.
    pub fn mark(self, studio: Studio) {
        let revision = studio.revision.get_untracked();
        let documents = self.all();
        let problems = check_project(&documents, untrack(|| studio.samples.fields()));
        for (info, _) in &documents {
            let own = problems.iter().filter(|problem| problem.document == info.name);
            let shown: Vec<Problem> =
                own.map(|problem| Problem { message: problem.whole_message(), ..problem.clone() }).collect();
            let json = serde_json::to_string(&shown).expect("problems are plain strings and numbers");
            bridge::set_problems(&info.name, &json);
        }
        self.checked.set(Checked { revision, problems });
    }

    /// Every document with its text as it stands in the editor.
    pub fn all(self) -> Vec<(DocumentInfo, String)> {
        let list = self.list.get_untracked();
        self.texts.with_untracked(|texts| {
            let known = list.into_iter().filter_map(|info| texts.get(&info.name).map(|text| (info, text.now.clone())));
            known.collect()
        })
    }

    /// Applies the cure of every problem of a document that has one, as one edit that can be undone.
    pub fn fix_all(self, studio: Studio, name: &str) {
        let documents = self.all();
        let (project, _) = project_of(&documents, untrack(|| studio.samples.fields()));
        let Some((_, text)) = documents.iter().find(|(info, _)| info.name == name) else { return };
        let fixed = dtc_lang::fix_all(text, &project);
        for title in &fixed.titles {
            studio.output.say(Tone::Good, format!("{name}: {title}"));
        }
        if fixed.titles.is_empty() {
            studio.toasts.note(format!("No problem of {name} has a cure that a machine can know."));
        } else {
            let fixes = counted(&fixed.titles.len().to_string(), "fix", "fixes");
            studio.toasts.good(format!("Applied {fixes} to {name}. Undo takes them back."));
        }
        bridge::set_text(name, &fixed.text);
    }

    /// Writes the text to its file. `overwrite`: whatever the file holds now.
    pub fn save(self, studio: Studio, name: String, overwrite: bool) {
        let Some(project) = studio.project.get_untracked() else { return };
        let Some(text) = self.texts.with_untracked(|texts| texts.get(&name).cloned()) else { return };
        spawn_local(async move {
            let version = (!overwrite).then_some(text.version);
            let request = WriteDocument { project: project.id, document: name.clone(), text: text.now, version };
            match backend::call(request).await {
                Ok(written) => {
                    self.texts.update(|texts| {
                        if let Some(text) = texts.get_mut(&name) {
                            text.saved = written.text;
                            text.version = written.version;
                        }
                    });
                    studio.output.say(Tone::Good, format!("Saved {name}"));
                }
                Err(error) if error.code == ErrorCode::Conflict => {
                    studio.dialog.set(Some(Dialog::Conflict { document: name }))
                }
                Err(error) => studio.complain(error),
            }
        });
    }

    pub fn save_all(self, studio: Studio) {
        for draft in self.drafts() {
            self.save(studio, draft.document, false);
        }
    }

    /// Takes the file's text into the editor (one edit: undo brings the own text back).
    pub fn take_file(self, studio: Studio, name: String) {
        let Some(project) = studio.project.get_untracked() else { return };
        spawn_local(async move {
            match backend::call(ReadDocument { project: project.id, document: name.clone() }).await {
                Ok(read) => self.accept_file(studio, &name, read.text, read.version),
                Err(error) => studio.complain(error),
            }
        });
    }

    fn accept_file(self, studio: Studio, name: &str, text: String, version: String) {
        self.texts.update(|texts| {
            if let Some(known) = texts.get_mut(name) {
                known.saved = text.clone();
                known.version = version;
            }
        });
        bridge::set_text(name, &text);
        studio.output.say(Tone::Note, format!("Read {name} again"));
    }

    /// The files changed outside: new ones are read, ones without own edits are read again. Own edits stay;
    /// saving them asks.
    pub async fn refresh(self, studio: Studio, documents: Vec<DocumentInfo>) {
        let Some(project) = studio.project.get_untracked() else { return };
        let stays = |name: &str| documents.iter().any(|info| info.name == name);
        let gone = self.list.get_untracked().into_iter().filter(|info| !stays(&info.name));
        for info in gone {
            self.close_tab(&info.name);
            bridge::close_document(&info.name);
            self.texts.update(|texts| {
                texts.remove(&info.name);
            });
        }
        self.list.set(documents.clone());
        for info in &documents {
            let known = self.texts.with_untracked(|texts| texts.get(&info.name).cloned());
            match known {
                None => self.read(studio, &project.id, info).await,
                Some(text) if text.now == text.saved => self.reread(studio, &project.id, info, &text).await,
                Some(_) => (),
            }
        }
        studio.changed();
    }

    async fn reread(self, studio: Studio, project: &ProjectId, info: &DocumentInfo, known: &Text) {
        let request = ReadDocument { project: project.clone(), document: info.name.clone() };
        match backend::call(request).await {
            Ok(read) if read.version != known.version || read.text != known.saved => {
                self.accept_file(studio, &info.name, read.text, read.version);
            }
            Ok(_) => (),
            Err(error) => studio.complain(error),
        }
    }

    /// Makes a document of this kind and shows it.
    pub fn create(self, studio: Studio, name: String, kind: DocumentKind) {
        let Some(project) = studio.project.get_untracked() else { return };
        spawn_local(async move {
            match backend::call(CreateDocument { project: project.id.clone(), name, kind }).await {
                Ok(info) => {
                    self.list.update(|list| {
                        if !list.iter().any(|known| known.name == info.name) {
                            list.push(info.clone());
                        }
                    });
                    self.read(studio, &project.id, &info).await;
                    self.show(studio, &info.name);
                    studio.output.say(Tone::Good, format!("Created {}", info.name));
                    studio.changed();
                }
                Err(error) => studio.complain(error),
            }
        });
    }
}

/// Monaco's language of a document.
pub fn language(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Function => "rust",
        _ => "dtc",
    }
}
