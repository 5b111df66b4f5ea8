//! The documents that are open in the editor, and the language's answers about them. A document is
//! checked against the open ones of its folder before those on disk.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use dtc_lang::assist::{hover, signature_help, suggestions};
use dtc_lang::{DataField, Diagnostic, LineIndex, Project, Severity, Span, check, fix_all};
use lsp_types::{
    CodeAction, CodeActionKind, CompletionItem, Hover, HoverContents, Position, Range, SignatureHelp, TextEdit, Url,
    WorkspaceEdit,
};

use super::convert::{self, markdown, offset, range};
use crate::checking::Checker;
use crate::failure::Failure;
use crate::project::{Text, folder_of};

/// Records of the sample that are looked at for its fields.
const RECORDS: u64 = 500;

#[derive(Default)]
pub struct Documents {
    /// Whether the editor fills in places of completions.
    snippets: bool,
    open: BTreeMap<Url, Text>,
    /// Fields of a data file, and when the file was changed before they were read.
    data: HashMap<PathBuf, (Option<SystemTime>, Vec<DataField>)>,
}

type Told = Vec<(Url, Vec<lsp_types::Diagnostic>)>;

impl Documents {
    pub fn new(snippets: bool) -> Documents {
        Documents { snippets, ..Documents::default() }
    }

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

    /// Checks every open document of a folder, whose files are read once for all of them.
    fn check(&mut self, folder: &Path) -> Told {
        let beside = self.beside(folder);
        let mut checker = self.checker(folder);
        let mut told = Vec::new();
        for (uri, text) in beside {
            let (_, found) = check(&text.text, &self.project_in(&mut checker, &text));
            let index = LineIndex::new(&text.text);
            let found = found.iter().map(|found| convert::diagnostic(&uri, &text.text, &index, found));
            told.push((uri.clone(), found.collect()));
        }
        told
    }

    pub(super) fn text(&self, uri: &Url) -> Option<&Text> {
        self.open.get(uri)
    }

    pub(super) fn beside(&self, folder: &Path) -> Vec<(Url, Text)> {
        let beside = self.open.iter().filter(|(_, text)| folder_of(&text.path) == folder);
        beside.map(|(uri, text)| (uri.clone(), text.clone())).collect()
    }

    /// Knows the open documents of a folder before those on disk.
    fn checker(&self, folder: &Path) -> Checker {
        let mut checker = Checker::new(false);
        let texts: Vec<Text> = self.beside(folder).into_iter().map(|(_, text)| text).collect();
        if let Err(failure) = checker.learn(&texts) {
            tell(folder, &failure);
        }
        checker
    }

    /// What a document is checked against.
    fn project_in(&mut self, checker: &mut Checker, text: &Text) -> Project {
        let known = checker.project_of(&text.path).unwrap_or_else(|failure| {
            tell(&text.path, &failure);
            Project::default()
        });
        Project { data: self.data_beside(&text.path), ..known }
    }

    pub(super) fn project(&mut self, text: &Text) -> Project {
        let mut checker = self.checker(&folder_of(&text.path));
        self.project_in(&mut checker, text)
    }

    pub fn completion(&mut self, uri: &Url, position: Position) -> Vec<CompletionItem> {
        let Some(text) = self.open.get(uri).cloned() else { return Vec::new() };
        let (project, index) = (self.project(&text), LineIndex::new(&text.text));
        let at = offset(&text.text, &index, position);
        let Some(offered) = suggestions(&text.text, at, &project) else {
            return Vec::new();
        };
        let place = range(&text.text, &index, offered.replace);
        let items = offered.items.into_iter().enumerate();
        items.filter_map(|(number, item)| convert::completion(number, place, item, self.snippets)).collect()
    }

    pub fn hover(&mut self, uri: &Url, position: Position) -> Option<Hover> {
        let text = self.open.get(uri).cloned()?;
        let (project, index) = (self.project(&text), LineIndex::new(&text.text));
        let at = offset(&text.text, &index, position);
        let told = hover(&text.text, at, &project)?;
        let contents = HoverContents::Markup(markdown(told.text.join("\n\n")));
        Some(Hover { contents, range: Some(range(&text.text, &index, told.span)) })
    }

    pub fn signature_help(&mut self, uri: &Url, position: Position) -> Option<SignatureHelp> {
        let text = self.open.get(uri).cloned()?;
        let at = offset(&text.text, &LineIndex::new(&text.text), position);
        Some(convert::signature_help(signature_help(&text.text, at, &self.project(&text))?))
    }

    /// The cures of the problems in a range, and all cures of the document as one.
    pub fn code_actions(&mut self, uri: &Url, wanted: Range) -> Vec<CodeAction> {
        let Some(text) = &self.open.get(uri).cloned() else { return Vec::new() };
        let index = LineIndex::new(&text.text);
        let (from, to) = (offset(&text.text, &index, wanted.start), offset(&text.text, &index, wanted.end));
        let project = self.project(text);
        let (_, found) = check(&text.text, &project);
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
            let fixed = fix_all(&text.text, &project);
            let whole = Span::new(0, text.text.len());
            actions.push(CodeAction {
                title: "Fix all problems of this document".to_owned(),
                kind: Some(CodeActionKind::SOURCE_FIX_ALL),
                edit: Some(change(uri, vec![edit(whole, &fixed.text)])),
                ..CodeAction::default()
            });
        }
        let modern = dtc_lang::modernize(&text.text);
        if !modern.is_empty() {
            actions.push(CodeAction {
                title: "Rewrite this document to today's names".to_owned(),
                kind: Some(CodeActionKind::REFACTOR_REWRITE),
                edit: Some(change(uri, modern.iter().map(|(span, name)| edit(*span, name)).collect())),
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

/// The editor shows standard error in its log; the document is checked without what could not be read.
fn tell(path: &Path, failure: &Failure) {
    eprintln!("{}: {failure:?}", path.display());
}

fn change(uri: &Url, edits: Vec<TextEdit>) -> WorkspaceEdit {
    WorkspaceEdit { changes: Some(HashMap::from([(uri.clone(), edits)])), ..WorkspaceEdit::default() }
}
