//! Every name of a project's documents, and what each stands for.

use std::collections::BTreeMap;

use dtc_expr::{NameTarget, NameUse, VariableId, name_uses};

use super::{File, Location, Symbol, read_all};
use crate::check::Project;
use crate::diagnostic::Severity;
use crate::document::{Document, Field, Import, Name, Streaming, Window};
use crate::expressions;
use crate::rules::names::is_name_part;
use crate::rules::sources::{blocks_of, stream_of};
use crate::scopes::{ANCHOR, IDENTITY_FIELD, SOURCE, group_fields, window_group_fields};
use crate::surroundings::{anchor_of, named};
use crate::text::Span;
use crate::yaml;

/// A name where it stands.
#[derive(Debug, PartialEq, Eq)]
pub struct Use {
    pub at: Location,
    pub symbol: Symbol,
    pub defines: bool,
}

/// Every use in the project, in the order of the files.
#[derive(Debug, Default)]
pub struct Index {
    uses: Vec<Use>,
    /// Parts that cannot be parsed: names in them are unknown.
    pub unreadable: Vec<Location>,
}

impl Index {
    pub fn of(files: &[File], project: &Project) -> Index {
        let (read, project) = read_all(files, project);
        let mut index = Index::default();
        for (number, document) in read.iter().enumerate() {
            if let Some(module) = files[number].script() {
                index.functions(number, module, files[number].text);
                continue;
            }
            let broken = yaml::parse(files[number].text).1.into_iter().find(|found| found.severity == Severity::Error);
            index.unreadable.extend(broken.map(|found| Location { file: number, span: found.primary.span }));
            if let Some(document) = document {
                let text = files[number].text;
                let imports = BTreeMap::new();
                Walk { file: number, text, project: &project, imports, index: &mut index }.all(document);
            }
        }
        index.uses.sort_by(|a, b| (a.at, &a.symbol, !a.defines).cmp(&(b.at, &b.symbol, !b.defines)));
        // What an alias repeats stands there once.
        index.uses.dedup_by(|a, b| a.at == b.at);
        index
    }

    /// The functions that a script defines.
    fn functions(&mut self, file: usize, module: &str, text: &str) {
        let mut at = 0;
        for line in text.split_inclusive('\n') {
            let rest = line.trim_start();
            if let Some(rest) = rest.strip_prefix("private ").unwrap_or(rest).strip_prefix("fn ") {
                let start = at + line.len() - rest.len();
                let name = &rest[..rest.len() - rest.trim_start_matches(is_name_part).len()];
                let at = Location { file, span: Span::new(start, start + name.len()) };
                self.uses.push(Use { at, symbol: Symbol::Function(module.to_owned(), name.to_owned()), defines: true });
            }
            at += line.len();
        }
    }

    /// The name under the cursor, or the one that ends there.
    pub fn at(&self, file: usize, offset: u32) -> Option<(&Symbol, Span)> {
        let here = |found: &&Use| found.at.file == file && found.at.span.start <= offset && offset <= found.at.span.end;
        let found = self.uses.iter().filter(here).min_by_key(|found| found.at.span.end - found.at.span.start)?;
        Some((&found.symbol, found.at.span))
    }

    pub fn places(&self, symbol: &Symbol) -> Vec<Location> {
        self.uses.iter().filter(|found| found.symbol == *symbol).map(|found| found.at).collect()
    }

    /// The last one where a name is defined twice, as the language has it. What an aggregate brings along is
    /// defined by the aggregate.
    pub fn definition(&self, symbol: &Symbol) -> Option<Location> {
        let aggregate;
        let sought = match symbol {
            Symbol::Implicit(document, name, _) => {
                aggregate = Symbol::Aggregate(document.clone(), name.clone());
                &aggregate
            }
            symbol => symbol,
        };
        self.uses.iter().rev().find(|found| found.defines && found.symbol == *sought).map(|found| found.at)
    }
}

fn split_alias(text: &str) -> (&str, Option<&str>) {
    match text.trim().split_once(" as ") {
        Some((name, alias)) => (name.trim(), Some(alias.trim())),
        None => (text.trim(), None),
    }
}

/// One file's names on their way into the index.
struct Walk<'w> {
    file: usize,
    text: &'w str,
    project: &'w Project,
    /// What the imported names are.
    imports: BTreeMap<String, Symbol>,
    index: &'w mut Index,
}

impl Walk<'_> {
    fn all(&mut self, document: &Document) {
        let header = document.header();
        let own = header.name.value.clone();
        self.name(&header.name, Symbol::Document(own.clone()), true);
        header.imports.iter().for_each(|import| self.import(&own, import));
        match document {
            Document::Streaming(streaming) => self.streaming(streaming),
            Document::Window(window) => self.window(window),
            Document::Attribution(document) => document.source.iter().for_each(|source| self.source(source)),
            Document::Join(_) | Document::Pipeline(_) => {}
        }
        let mut sites = Vec::new();
        expressions::visit(document, self.project, |site| {
            sites.push((site.expression, name_uses(&site.expression.text, site.scope), site.aggregate));
        });
        for (expression, uses, aggregate) in sites {
            match uses {
                Some(uses) => {
                    for found in uses {
                        let span = expression.place(found.span.clone());
                        if let Some(symbol) = self.symbol(document, aggregate, &expression.text, &found) {
                            self.add(span, symbol, false);
                        }
                    }
                }
                None if expression.text.trim().is_empty() => {}
                None => self.index.unreadable.push(Location { file: self.file, span: expression.span }),
            }
        }
    }

    fn import(&mut self, own: &str, import: &Import) {
        let (path, alias) = split_alias(&import.module.value);
        let script = path.strip_prefix("functions/");
        let all = import.identifiers.iter().any(|name| name.value.trim() == "*") || import.identifiers.is_empty();
        if let Some(module) = script.filter(|_| all) {
            for name in self.project.functions.names(module).unwrap_or_default() {
                let symbol = Symbol::Function(module.to_owned(), name.clone());
                self.imports.insert(name, symbol);
            }
        } else if import.identifiers.is_empty() {
            let known = alias.or(path.split('.').next()).unwrap_or_default();
            self.imported(own, import.module.span, known);
        } else {
            for name in &import.identifiers {
                let (original, alias) = split_alias(&name.value);
                let known = alias.unwrap_or(original);
                match script {
                    Some(module) => {
                        let symbol = Symbol::Function(module.to_owned(), original.to_owned());
                        self.imports.insert(known.to_owned(), symbol.clone());
                        self.add(Span { end: name.span.start + original.len() as u32, ..name.span }, symbol, false);
                    }
                    None => self.imported(own, name.span, known),
                }
            }
        }
    }

    fn imported(&mut self, own: &str, span: Span, known: &str) {
        let symbol = Symbol::Import(own.to_owned(), known.to_owned());
        self.imports.insert(known.to_owned(), symbol.clone());
        self.add(span, symbol, true);
    }

    fn streaming(&mut self, document: &Streaming) {
        let own = &document.header.name.value;
        for store in &document.stores {
            self.name(&store.name, Symbol::Store(own.clone(), store.name.value.clone()), true);
        }
        for aggregate in &document.aggregates {
            let name = &aggregate.name.value;
            self.name(&aggregate.name, Symbol::Aggregate(own.clone(), name.clone()), true);
            if let Some(store) = &aggregate.store {
                self.name(store, Symbol::Store(own.clone(), store.value.clone()), false);
            }
            self.fields(own, name, &aggregate.fields);
            self.fields(own, name, aggregate.dimensions());
        }
    }

    fn window(&mut self, document: &Window) {
        let own = &document.header.name.value;
        if let Some(source) = &document.source {
            self.name(source, Symbol::Document(source.value.clone()), false);
        }
        for store in &document.stores {
            self.name(&store.name, Symbol::Store(own.clone(), store.name.value.clone()), true);
        }
        if let Some(source) = &document.anchor.source {
            self.source(source);
        }
        for aggregate in &document.aggregates {
            let name = &aggregate.name.value;
            if let Some(spec) = &aggregate.window {
                self.source(&spec.source);
                if let Some(list) = &spec.list_name {
                    self.name(list, Symbol::WindowList(own.clone(), name.clone()), true);
                }
            }
            self.name(&aggregate.name, Symbol::Aggregate(own.clone(), name.clone()), true);
            self.fields(own, name, &aggregate.fields);
        }
    }

    fn fields(&mut self, document: &str, aggregate: &str, fields: &[Field]) {
        for field in fields {
            let symbol = Symbol::Field(document.to_owned(), aggregate.to_owned(), field.name.value.clone());
            self.name(&field.name, symbol, true);
        }
    }

    /// `stream.aggregate`: two names in one text.
    fn source(&mut self, name: &Name) {
        let Some((stream, aggregate)) = name.value.split_once('.') else { return };
        let start = name.span.start as usize;
        if name.span.of(self.text) != name.value {
            return;
        }
        let stream_span = Span::new(start, start + stream.len());
        self.add(stream_span, Symbol::Document(stream.to_owned()), false);
        let symbol = Symbol::Aggregate(stream.to_owned(), aggregate.to_owned());
        self.add(Span { start: stream_span.end + 1, end: name.span.end }, symbol, false);
    }

    /// A name that is written with escapes has no place that could be replaced.
    fn name(&mut self, name: &Name, symbol: Symbol, defines: bool) {
        if !name.value.is_empty() && name.span.of(self.text) == name.value {
            self.add(name.span, symbol, defines);
        }
    }

    fn add(&mut self, span: Span, symbol: Symbol, defines: bool) {
        self.index.uses.push(Use { at: Location { file: self.file, span }, symbol, defines });
    }

    /// What a name of an expression stands for.
    fn symbol(&self, document: &Document, part: Option<usize>, text: &str, found: &NameUse) -> Option<Symbol> {
        let (stream, window) = match document {
            Document::Streaming(streaming) => (Some(streaming), None),
            Document::Window(window) => (stream_of(window, &self.project.streaming), Some(window)),
            Document::Attribution(document) => {
                // `source` stands for the aggregate, but is not its name.
                if matches!(found.target, NameTarget::Group(_)) {
                    return None;
                }
                let source = document.source.as_ref();
                (source.and_then(|source| blocks_of(&source.value, &self.project.streaming)).map(|found| found.0), None)
            }
            Document::Join(_) | Document::Pipeline(_) => (None, None),
        };
        let own = &document.header().name.value;
        match &found.target {
            NameTarget::Namespace(name) => Some(Symbol::Document(name.to_string())),
            NameTarget::Value(name) => self.imports.get(&**name).cloned(),
            NameTarget::Group(group) => {
                let (document, aggregate) = group_names(stream?, window, usize::from(group.0))?;
                Some(Symbol::Aggregate(document, aggregate))
            }
            NameTarget::Field(group, field) => {
                let number = usize::from(group.0);
                let (document, aggregate) = group_names(stream?, window, number)?;
                let fields = match stream?.aggregates.get(number) {
                    Some(aggregate) => group_fields(aggregate),
                    None => window_group_fields(window?.aggregates.get(number - stream?.aggregates.len())?),
                };
                let (name, _) = fields.get(usize::from(field.0))?;
                let implicit = *field == IDENTITY_FIELD || name.starts_with('_');
                Some(field_symbol(document, aggregate, name, implicit))
            }
            NameTarget::Member(variable, names) => self.member(stream, window, part, *variable, names),
            NameTarget::Variable(variable) => {
                let aggregate = window?.aggregates.get(part?)?;
                let list = aggregate.window.as_ref()?.list_name.as_ref()?;
                let named = *variable == SOURCE && text.get(found.span.clone()) == Some(&list.value);
                named.then(|| Symbol::WindowList(own.clone(), aggregate.name.value.clone()))
            }
        }
    }

    /// A member of `source` or `anchor`: a field of the data, or of the blocks that a window document sees.
    fn member(
        &self,
        stream: Option<&Streaming>,
        window: Option<&Window>,
        part: Option<usize>,
        variable: VariableId,
        names: &[std::sync::Arc<str>],
    ) -> Option<Symbol> {
        let Some(window) = window else {
            let names = names.iter().map(|name| name.to_string()).collect();
            return (variable == SOURCE).then_some(Symbol::Data(names));
        };
        let [name] = names else { return None };
        let stream = stream?;
        let blocks = match (variable, part) {
            (ANCHOR, _) => anchor_of(window, stream)?,
            (SOURCE, Some(number)) => named(stream, &window.aggregates.get(number)?.window.as_ref()?.source.value)?,
            _ => return None,
        };
        let place = group_fields(blocks).iter().position(|(known, _)| known == name)?;
        let implicit = place == 0 || name.starts_with('_');
        Some(field_symbol(stream.header.name.value.clone(), blocks.name.value.clone(), name, implicit))
    }
}

fn field_symbol(document: String, aggregate: String, name: &str, implicit: bool) -> Symbol {
    match implicit {
        true => Symbol::Implicit(document, aggregate, name.to_owned()),
        false => Symbol::Field(document, aggregate, name.to_owned()),
    }
}

/// The document's and the aggregate's name of a group: the streaming document's come first.
fn group_names(stream: &Streaming, window: Option<&Window>, number: usize) -> Option<(String, String)> {
    if let Some(aggregate) = stream.aggregates.get(number) {
        return Some((stream.header.name.value.clone(), aggregate.name.value.clone()));
    }
    let window = window?;
    let aggregate = window.aggregates.get(number - stream.aggregates.len())?;
    Some((window.header.name.value.clone(), aggregate.name.value.clone()))
}
