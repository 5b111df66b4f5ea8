//! Moving about in a project's documents: where a name is defined, where it is used, another name for it,
//! the outline of a text and the parts of it that fold. Refuses to guess: what cannot be known is not told.

mod folding;
mod outline;
mod rename;
mod symbol;
mod uses;

use crate::check::{Project, read};
use crate::document::Document;
use crate::text::Span;

pub use folding::folds;
pub use outline::{Part, PartKind, outline};
pub use rename::{RenameError, rename, renamed_span};
pub use symbol::Symbol;

/// A document of the project as it stands in the editor.
#[derive(Debug, Clone, Copy)]
pub struct File<'t> {
    pub name: &'t str,
    pub text: &'t str,
}

impl<'t> File<'t> {
    /// The module of a script, which is called `functions/NAME.rhai`.
    fn script(&self) -> Option<&'t str> {
        self.name.rsplit('/').next()?.strip_suffix(".rhai")
    }
}

/// A place in one of the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Location {
    /// The file's number in the list that was given.
    pub file: usize,
    pub span: Span,
}

/// What each file says, scripts left out, and the project with the streaming documents among them.
fn read_all(files: &[File], project: &Project) -> (Vec<Option<Document>>, Project) {
    let document = |file: &File| if file.script().is_some() { None } else { read(file.text, project) };
    let documents: Vec<Option<Document>> = files.iter().map(document).collect();
    let streaming = documents.iter().flatten().filter_map(|document| match document {
        Document::Streaming(streaming) => Some(streaming.clone()),
        _ => None,
    });
    let streaming = streaming.collect();
    (documents, Project { streaming, ..project.clone() })
}

/// What the name at `offset` of a file stands for, and where it stands.
pub fn symbol_at(files: &[File], file: usize, offset: u32, project: &Project) -> Option<(Symbol, Span)> {
    uses::Index::of(files, project).at(file, offset).map(|(symbol, span)| (symbol.clone(), span))
}

/// Where the name at `offset` of a file is defined. Nothing for the data's fields and Python's names, which
/// no document defines.
pub fn definition(files: &[File], file: usize, offset: u32, project: &Project) -> Option<Location> {
    let index = uses::Index::of(files, project);
    let (symbol, _) = index.at(file, offset)?;
    index.definition(symbol)
}

/// Every place that names what the name at `offset` names, its definition too, in the order of the files.
pub fn uses_of(files: &[File], file: usize, offset: u32, project: &Project) -> Vec<Location> {
    let index = uses::Index::of(files, project);
    index.at(file, offset).map_or_else(Vec::new, |(symbol, _)| index.places(symbol))
}
