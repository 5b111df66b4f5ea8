//! Another name for a part of the project, everywhere at once, or a reason why not.

use super::uses::Index;
use super::{File, Location, Symbol, read_all};
use crate::check::{Project, check};
use crate::diagnostic::Severity;
use crate::rules::names::{is_identifier, is_keyword};
use crate::text::{LineIndex, Span};

/// Why a name cannot be changed, in words for the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenameError(pub String);

impl std::fmt::Display for RenameError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for RenameError {}

fn refuse<T>(words: impl Into<String>) -> Result<T, RenameError> {
    Err(RenameError(words.into()))
}

/// The name at `offset` that [`rename`] would change.
pub fn renamed_span(files: &[File], file: usize, offset: u32, project: &Project) -> Result<Span, RenameError> {
    let index = Index::of(files, project);
    let (_, span) = renamable(&index, file, offset)?;
    Ok(span)
}

fn renamable(index: &Index, file: usize, offset: u32) -> Result<(&Symbol, Span), RenameError> {
    let Some((symbol, span)) = index.at(file, offset) else { return refuse("Nothing here has a name of yours") };
    match symbol {
        Symbol::Data(_) => refuse("This is a field of the data; its name is not ours to change"),
        Symbol::Implicit(..) => refuse("Every record has this field; its name is the language's"),
        Symbol::Import(..) => refuse("This is imported; write `name as other` in the import for another name"),
        Symbol::Function(module, _) => {
            refuse(format!("This is a function of functions/{module}.rhai; rename it there"))
        }
        _ if index.definition(symbol).is_none() => refuse(format!("No document defines this {}", symbol.kind())),
        _ => Ok((symbol, span)),
    }
}

/// The edits that give the part named at `offset` another name in all files. Refuses where the new name
/// cannot be a name, is taken, or would come to mean something else, and where a text cannot be read.
pub fn rename(
    files: &[File],
    file: usize,
    offset: u32,
    name: &str,
    project: &Project,
) -> Result<Vec<Location>, RenameError> {
    let index = Index::of(files, project);
    let (symbol, span) = renamable(&index, file, offset)?;
    if span.of(files[file].text) == name {
        return Ok(Vec::new());
    }
    if !is_identifier(name) || is_keyword(name) {
        return refuse(format!("`{name}` cannot be a name: use letters, digits and `_`, starting with a letter"));
    }
    if let Some(prefix) = ["_", "run_"].into_iter().find(|prefix| name.starts_with(prefix)) {
        return refuse(format!("Names that start with `{prefix}` are reserved"));
    }
    if let Some(at) = index.unreadable.first() {
        let (line, _) = LineIndex::new(files[at.file].text).line_column(files[at.file].text, at.span.start);
        return refuse(format!("Line {line} of {} cannot be read; mend it first", files[at.file].name));
    }
    let renamed = renamed(symbol, name);
    if index.definition(&renamed).is_some() {
        return refuse(format!("There is another {} called `{name}`", symbol.kind()));
    }
    let places = index.places(symbol);
    let texts: Vec<String> =
        files.iter().enumerate().map(|(number, file)| edited(number, file.text, &places, name)).collect();
    let after: Vec<File> = files.iter().zip(&texts).map(|(file, text)| File { name: file.name, text }).collect();
    let kept = Index::of(&after, project).places(&renamed).len() == places.len();
    if !kept || errors(&after, project) > errors(files, project) {
        return refuse(format!("`{name}` means something else in an expression that uses this {}", symbol.kind()));
    }
    Ok(places)
}

fn renamed(symbol: &Symbol, name: &str) -> Symbol {
    let mut symbol = symbol.clone();
    match &mut symbol {
        Symbol::Document(last)
        | Symbol::Aggregate(_, last)
        | Symbol::Field(_, _, last)
        | Symbol::Implicit(_, _, last)
        | Symbol::Store(_, last)
        | Symbol::Import(_, last)
        | Symbol::Function(_, last) => *last = name.to_owned(),
        // The list belongs to its aggregate, whatever it is called.
        Symbol::WindowList(..) | Symbol::Data(_) => {}
    }
    symbol
}

fn edited(file: usize, text: &str, places: &[Location], name: &str) -> String {
    let mut text = text.to_owned();
    for place in places.iter().rev().filter(|place| place.file == file) {
        let range = place.span.start as usize..place.span.end as usize;
        if text.get(range.clone()).is_some() {
            text.replace_range(range, name);
        }
    }
    text
}

fn errors(files: &[File], project: &Project) -> usize {
    let (_, project) = read_all(files, project);
    let documents = files.iter().filter(|file| file.script().is_none());
    let found = documents.flat_map(|file| check(file.text, &project).1);
    found.filter(|found| found.severity == Severity::Error).count()
}
