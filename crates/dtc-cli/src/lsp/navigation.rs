//! Moving about: definitions, uses, renaming, outline, folding and layout, over the documents and scripts of a
//! folder; those that are open in the editor stand before those on disk.

use std::collections::HashMap;
use std::path::Path;

use dtc_lang::navigate::{self, File, Location, Part, PartKind, RenameError};
use dtc_lang::{LineIndex, Project, Span};
use lsp_types::{
    DocumentSymbol, DocumentSymbolResponse, FoldingRange, GotoDefinitionResponse, Position, PrepareRenameResponse,
    SymbolKind, TextEdit, Url, WorkspaceEdit,
};

use super::convert::{offset, range};
use super::documents::Documents;
use crate::project::{self, Text, folder_of};

/// The documents and scripts of a folder with what they are checked against.
struct Folder {
    texts: Vec<(Url, Text)>,
    names: Vec<String>,
    project: Project,
}

impl Folder {
    fn files(&self) -> Vec<File<'_>> {
        self.texts.iter().zip(&self.names).map(|((_, text), name)| File { name, text: &text.text }).collect()
    }

    fn at(&self, uri: &Url, position: Position) -> Option<(usize, u32)> {
        let file = self.texts.iter().position(|(known, _)| known == uri)?;
        let text = &self.texts[file].1.text;
        Some((file, offset(text, &LineIndex::new(text), position)))
    }

    fn location(&self, place: &Location) -> lsp_types::Location {
        let (uri, text) = &self.texts[place.file];
        lsp_types::Location { uri: uri.clone(), range: range(&text.text, &LineIndex::new(&text.text), place.span) }
    }
}

fn here(path: &Path) -> Option<Url> {
    Url::from_file_path(std::path::absolute(path).ok()?).ok()
}

impl Documents {
    fn folder(&mut self, uri: &Url) -> Option<Folder> {
        let own = self.text(uri)?.clone();
        let folder = folder_of(&own.path);
        let mut texts = self.beside(&folder);
        let on_disk = project::yaml_files(&folder).unwrap_or_default();
        let scripts = project::scripts_in(&folder).unwrap_or_default();
        for path in on_disk.into_iter().chain(scripts) {
            let known = texts.iter().any(|(_, text)| text.path == path);
            if let (Some(uri), false, Ok(text)) = (here(&path), known, project::read(&path)) {
                texts.push((uri, text));
            }
        }
        let name = |text: &Text| {
            let path = text.path.strip_prefix(&folder).unwrap_or(&text.path);
            path.to_string_lossy().into_owned()
        };
        let names = texts.iter().map(|(_, text)| name(text)).collect();
        Some(Folder { texts, names, project: self.project(&own) })
    }

    pub fn definition(&mut self, uri: &Url, position: Position) -> Option<GotoDefinitionResponse> {
        let folder = self.folder(uri)?;
        let (file, at) = folder.at(uri, position)?;
        let found = navigate::definition(&folder.files(), file, at, &folder.project)?;
        Some(GotoDefinitionResponse::Scalar(folder.location(&found)))
    }

    pub fn references(&mut self, uri: &Url, position: Position, with_definition: bool) -> Vec<lsp_types::Location> {
        let Some(folder) = self.folder(uri) else { return Vec::new() };
        let Some((file, at)) = folder.at(uri, position) else { return Vec::new() };
        let files = folder.files();
        let mut found = navigate::uses_of(&files, file, at, &folder.project);
        if !with_definition {
            let definition = navigate::definition(&files, file, at, &folder.project);
            found.retain(|place| Some(*place) != definition);
        }
        found.iter().map(|place| folder.location(place)).collect()
    }

    pub fn prepare_rename(&mut self, uri: &Url, position: Position) -> Result<PrepareRenameResponse, RenameError> {
        let closed = || RenameError("This document is not open".to_owned());
        let folder = self.folder(uri).ok_or_else(closed)?;
        let (file, at) = folder.at(uri, position).ok_or_else(closed)?;
        let span = navigate::renamed_span(&folder.files(), file, at, &folder.project)?;
        Ok(PrepareRenameResponse::Range(folder.location(&Location { file, span }).range))
    }

    pub fn rename(&mut self, uri: &Url, position: Position, name: &str) -> Result<WorkspaceEdit, RenameError> {
        let closed = || RenameError("This document is not open".to_owned());
        let folder = self.folder(uri).ok_or_else(closed)?;
        let (file, at) = folder.at(uri, position).ok_or_else(closed)?;
        let mut changes: HashMap<Url, Vec<TextEdit>> = HashMap::new();
        for place in navigate::rename(&folder.files(), file, at, name, &folder.project)? {
            let place = folder.location(&place);
            changes.entry(place.uri).or_default().push(TextEdit { range: place.range, new_text: name.to_owned() });
        }
        Ok(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() })
    }

    pub fn outline(&self, uri: &Url) -> Option<DocumentSymbolResponse> {
        let text = &self.text(uri)?.text;
        let part = navigate::outline(text)?;
        Some(DocumentSymbolResponse::Nested(vec![symbol(text, &LineIndex::new(text), part)]))
    }

    pub fn folds(&self, uri: &Url) -> Vec<FoldingRange> {
        let Some(text) = self.text(uri) else { return Vec::new() };
        let fold = |(first, last): (u32, u32)| FoldingRange {
            start_line: first - 1,
            end_line: last - 1,
            ..FoldingRange::default()
        };
        navigate::folds(&text.text).into_iter().map(fold).collect()
    }

    /// One edit of the whole text, or none where it is laid out already.
    pub fn format(&self, uri: &Url) -> Result<Vec<TextEdit>, String> {
        let Some(text) = self.text(uri) else { return Ok(Vec::new()) };
        let text = &text.text;
        let laid_out = dtc_lang::format(text).map_err(|problems| match problems.first() {
            Some(problem) => format!("The text cannot be laid out before it can be read: {}", problem.message),
            None => "There is nothing to lay out".to_owned(),
        })?;
        if laid_out == *text {
            return Ok(Vec::new());
        }
        let whole = range(text, &LineIndex::new(text), Span::new(0, text.len()));
        Ok(vec![TextEdit { range: whole, new_text: laid_out }])
    }
}

#[expect(deprecated, reason = "the protocol's type has a field that nobody may fill any more")]
fn symbol(text: &str, index: &LineIndex, part: Part) -> DocumentSymbol {
    DocumentSymbol {
        name: if part.name.is_empty() { "(no name)".to_owned() } else { part.name },
        detail: Some(part.detail).filter(|detail| !detail.is_empty()),
        kind: match part.kind {
            PartKind::Document => SymbolKind::MODULE,
            PartKind::Store => SymbolKind::PACKAGE,
            PartKind::Aggregate => SymbolKind::STRUCT,
            PartKind::Field => SymbolKind::FIELD,
            PartKind::Section => SymbolKind::NAMESPACE,
        },
        range: range(text, index, part.span),
        selection_range: range(text, index, part.name_span),
        children: Some(part.parts.into_iter().map(|inner| symbol(text, index, inner)).collect()),
        tags: None,
        deprecated: None,
    }
}
