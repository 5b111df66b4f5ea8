//! The documents that are open in the editor, and the language's answers about them. A document is
//! checked against the open ones of its folder before those on disk.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use dtc_lang::assist::{Surroundings, hover, suggestions};
use dtc_lang::{DataField, Diagnostic, LineIndex, Project, Severity, Span, check, check_data, fix_all};
use lsp_types::{
    CodeAction, CodeActionKind, CompletionItem, Hover, HoverContents, Position, Range, TextEdit, Url, WorkspaceEdit,
};

use super::convert::{self, markdown, offset, range};
use crate::checking::Checker;
use crate::project::{Text, folder_of};

/// Records of the sample that are looked at for its fields.
const RECORDS: u64 = 500;

#[derive(Default)]
pub struct Documents {
    open: BTreeMap<Url, Text>,
    /// Fields of a data file, and when the file was changed before they were read.
    data: HashMap<PathBuf, (Option<SystemTime>, Vec<DataField>)>,
}

type Told = Vec<(Url, Vec<lsp_types::Diagnostic>)>;

impl Documents {
    /// A text as it stands in the editor; answers with the diagnostics of every open one of its folder.
    pub fn set(&mut self, uri: Url, text: String) -> Told {
        let path = uri.to_file_path().unwrap_or_else(|()| PathBuf::from(uri.path()));
        let folder = folder_of(&path);
        self.open.insert(uri, Text { path, text });
        self.check(&folder)
    }

    /// A closed document has no problems to show.
    pub fn close(&mut self, uri: &Url) -> Told {
        let Some(text) = self.open.remove(uri) else { return Vec::new() };
        let mut told = self.check(&folder_of(&text.path));
        told.push((uri.clone(), Vec::new()));
        told
    }

    fn check(&mut self, folder: &Path) -> Told {
        let beside = self.open.iter().filter(|(_, text)| folder_of(&text.path) == folder);
        let beside: Vec<(Url, Text)> = beside.map(|(uri, text)| (uri.clone(), text.clone())).collect();
        beside.into_iter().map(|(uri, text)| (uri.clone(), self.diagnostics(&uri, &text))).collect()
    }

    /// What the document is checked against.
    fn project(&self, text: &Text) -> Project {
        let folder = folder_of(&text.path);
        let beside: Vec<Text> = self.open.values().filter(|other| folder_of(&other.path) == folder).cloned().collect();
        let mut checker = Checker::new(false);
        let known = checker.learn(&beside).and_then(|()| checker.project_of(&text.path));
        known.unwrap_or_else(|failure| {
            // The editor shows standard error in its log; the document is checked by itself then.
            eprintln!("{}: {failure:?}", folder.display());
            Project::default()
        })
    }

    fn found(&mut self, text: &Text) -> Vec<Diagnostic> {
        let (document, mut found) = check(&text.text, &self.project(text));
        let data = self.data_beside(&text.path);
        found.extend(document.iter().flat_map(|document| check_data(document, &data)));
        found
    }

    fn diagnostics(&mut self, uri: &Url, text: &Text) -> Vec<lsp_types::Diagnostic> {
        let index = LineIndex::new(&text.text);
        self.found(text).iter().map(|found| convert::diagnostic(uri, &text.text, &index, found)).collect()
    }

    pub fn completion(&mut self, uri: &Url, position: Position) -> Vec<CompletionItem> {
        let Some(text) = self.open.get(uri).cloned() else { return Vec::new() };
        let data = self.data_beside(&text.path);
        let (project, index) = (self.project(&text), LineIndex::new(&text.text));
        let at = offset(&text.text, &index, position);
        let Some(offered) = suggestions(&text.text, at, &Surroundings { project: &project, data: &data }) else {
            return Vec::new();
        };
        let place = range(&text.text, &index, offered.replace);
        let items = offered.items.into_iter().enumerate();
        items.map(|(number, item)| convert::completion(number, place, item)).collect()
    }

    pub fn hover(&mut self, uri: &Url, position: Position) -> Option<Hover> {
        let text = self.open.get(uri).cloned()?;
        let data = self.data_beside(&text.path);
        let (project, index) = (self.project(&text), LineIndex::new(&text.text));
        let at = offset(&text.text, &index, position);
        let told = hover(&text.text, at, &Surroundings { project: &project, data: &data })?;
        let contents = HoverContents::Markup(markdown(told.text.join("\n\n")));
        Some(Hover { contents, range: Some(range(&text.text, &index, told.span)) })
    }

    /// The cures of the problems in a range, and all cures of the document as one.
    pub fn code_actions(&mut self, uri: &Url, wanted: Range) -> Vec<CodeAction> {
        let Some(text) = &self.open.get(uri).cloned() else { return Vec::new() };
        let index = LineIndex::new(&text.text);
        let (from, to) = (offset(&text.text, &index, wanted.start), offset(&text.text, &index, wanted.end));
        let found = self.found(text);
        let here = |found: &&Diagnostic| found.primary.span.start <= to && from <= found.primary.span.end;
        let edit =
            |span: Span, new: &str| TextEdit { range: range(&text.text, &index, span), new_text: new.to_owned() };
        let mut actions: Vec<CodeAction> = Vec::new();
        for found in found.iter().filter(here) {
            let Some(fix) = &found.fix else { continue };
            actions.push(CodeAction {
                title: fix.title.clone(),
                kind: Some(CodeActionKind::QUICKFIX),
                diagnostics: Some(vec![convert::diagnostic(uri, &text.text, &index, found)]),
                edit: Some(change(uri, fix.edits.iter().map(|(span, new)| edit(*span, new)).collect())),
                is_preferred: Some(true),
                ..CodeAction::default()
            });
        }
        if found.iter().any(|found| found.fix.is_some() && found.severity != Severity::Note) {
            let data = self.data_beside(&text.path);
            let fixed = fix_all(&text.text, &self.project(text), &data);
            let whole = Span::new(0, text.text.len());
            actions.push(CodeAction {
                title: "Fix all problems of this document".to_owned(),
                kind: Some(CodeActionKind::SOURCE_FIX_ALL),
                edit: Some(change(uri, vec![edit(whole, &fixed.text)])),
                ..CodeAction::default()
            });
        }
        actions
    }

    /// The fields of the first file in `data/` beside a document, read anew when it changes.
    fn data_beside(&mut self, document: &Path) -> Vec<DataField> {
        let folder = folder_of(document).join("data");
        let Some(file) =
            dtc_io::data_files(std::slice::from_ref(&folder)).ok().and_then(|files| files.into_iter().next())
        else {
            return Vec::new();
        };
        let state = file.metadata().and_then(|about| about.modified()).ok();
        if let Some((known, fields)) = self.data.get(&file)
            && *known == state
        {
            return fields.clone();
        }
        let fields: Vec<DataField> = dtc_io::profile(&file, RECORDS)
            .map(|profile| profile.fields)
            .unwrap_or_default()
            .into_iter()
            .map(|field| DataField {
                path: field.path,
                types: field.types,
                share: field.share,
                examples: field.examples,
            })
            .collect();
        self.data.insert(file, (state, fields.clone()));
        fields
    }
}

fn change(uri: &Url, edits: Vec<TextEdit>) -> WorkspaceEdit {
    WorkspaceEdit { changes: Some(HashMap::from([(uri.clone(), edits)])), ..WorkspaceEdit::default() }
}
