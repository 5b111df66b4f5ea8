//! The language's answers to the editor: what can stand at a place, what it means, where names lead, how a
//! document is laid out. Questions and answers are JSON, places as Monaco counts them.

use dtc_lang::assist::{SuggestionKind, hover, signature_help, suggestions};
use dtc_lang::navigate::{self, File, Part, PartKind};
use dtc_lang::{LineIndex, Project, Span};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use studio_api::DocumentInfo;

use super::Studio;
use super::checking::{FixEdit, Place, exact_place, project_of};
use super::looked_at::LookedAt;

#[derive(Deserialize)]
struct Question {
    about: About,
    document: String,
    line: u32,
    column: u32,
    /// The new name, where one is asked for.
    #[serde(default)]
    name: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
enum About {
    Offer,
    Hover,
    Signature,
    Definition,
    Uses,
    /// The name that would be changed.
    Renamed,
    Rename,
    Outline,
    Folds,
    Layout,
    /// Today's names for older ones.
    Modern,
}

/// `kind` is a word that the editor has an icon for.
#[derive(Serialize)]
struct Item {
    label: String,
    insert: String,
    snippet: bool,
    kind: &'static str,
    detail: String,
    documentation: String,
}

#[derive(Serialize)]
struct Offered {
    place: Place,
    items: Vec<Item>,
}

#[derive(Serialize)]
struct Told {
    place: Place,
    text: Vec<String>,
}

/// `parameters`: places in the label, in UTF-16 units.
#[derive(Serialize)]
struct Form {
    label: String,
    parameters: Vec<[usize; 2]>,
    active: Option<usize>,
}

#[derive(Serialize)]
struct Signature {
    forms: Vec<Form>,
    active: usize,
    documentation: String,
}

/// A place in a document of the project.
#[derive(Serialize)]
struct Location {
    document: String,
    place: Place,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Renaming {
    Refused { refused: String },
    Name { place: Place },
    Everywhere { places: Vec<Location> },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Symbol {
    name: String,
    detail: String,
    kind: &'static str,
    place: Place,
    name_place: Place,
    parts: Vec<Symbol>,
}

/// An empty text where there is nothing to say.
pub fn answer(studio: Studio, question: &str) -> String {
    let Ok(question) = serde_json::from_str::<Question>(question) else { return String::new() };
    let documents = studio.documents.all();
    let Some(file) = documents.iter().position(|(info, _)| info.name == question.document) else {
        return String::new();
    };
    let (project, _) = project_of(&documents, untrack(|| studio.samples.fields()));
    let text = documents[file].1.as_str();
    let index = LineIndex::new(text);
    let offset = index.utf16_offset(text, question.line, question.column);
    let asked = Asked { documents: &documents, project: &project, file, text, index: &index, offset };
    match question.about {
        About::Offer => json(asked.offered()),
        About::Hover => json(asked.told(studio.looked_at)),
        About::Signature => json(asked.signature()),
        About::Definition => json(asked.definition()),
        About::Uses => json(Some(asked.uses())),
        About::Renamed => json(Some(asked.renamed())),
        About::Rename => json(Some(asked.rename(&question.name))),
        About::Outline => json(navigate::outline(text).map(|part| asked.symbol(part))),
        About::Modern => {
            let edit = |(span, text): (Span, String)| FixEdit { place: exact_place(asked.text, &index, span), text };
            let edits: Vec<FixEdit> = dtc_lang::modernize(text).into_iter().map(edit).collect();
            json(Some(edits).filter(|edits| !edits.is_empty()))
        }
        About::Folds => json(Some(navigate::folds(text))),
        About::Layout => match dtc_lang::format(text) {
            Ok(laid_out) => json(Some(laid_out)),
            Err(problems) => {
                let why = problems.first().map_or("it is empty", |problem| problem.message.as_str());
                studio.toasts.error(format!("The document cannot be laid out before it can be read: {why}"));
                String::new()
            }
        },
    }
}

fn json(answer: Option<impl Serialize>) -> String {
    answer.map_or_else(String::new, |answer| serde_json::to_string(&answer).expect("plain strings and numbers"))
}

/// A place in a document of the project.
struct Asked<'a> {
    documents: &'a [(DocumentInfo, String)],
    project: &'a Project,
    file: usize,
    text: &'a str,
    index: &'a LineIndex,
    offset: u32,
}

impl Asked<'_> {
    fn offered(&self) -> Option<Offered> {
        let found = suggestions(self.text, self.offset, self.project)?;
        let item = |found: dtc_lang::assist::Suggestion| Item {
            label: found.label,
            insert: found.insert,
            snippet: found.snippet,
            kind: icon(found.kind),
            detail: found.detail,
            documentation: found.documentation,
        };
        let items = found.items.into_iter().map(item).collect();
        Some(Offered { place: exact_place(self.text, self.index, found.replace), items })
    }

    fn told(&self, looked_at: LookedAt) -> Option<Told> {
        let mut found = hover(self.text, self.offset, self.project)?;
        // The whole project is read to know the field.
        if looked_at.identity.with_untracked(Option::is_some)
            && let Some((navigate::Symbol::Field(document, aggregate, field), _)) =
                navigate::symbol_at(&self.files(), self.file, self.offset, self.project)
        {
            found.text.extend(looked_at.value(&document, &aggregate, &field));
        }
        Some(Told { place: exact_place(self.text, self.index, found.span), text: found.text })
    }

    fn signature(&self) -> Option<Signature> {
        let found = signature_help(self.text, self.offset, self.project)?;
        let form = |form: dtc_lang::assist::Form| {
            let units = |offset: u32| form.label[..offset as usize].encode_utf16().count();
            let parameters = form.parameters.iter().map(|span| [units(span.start), units(span.end)]).collect();
            Form { parameters, active: form.active, label: form.label }
        };
        let forms = found.forms.into_iter().map(form).collect();
        Some(Signature { forms, active: found.active, documentation: found.documentation })
    }

    fn files(&self) -> Vec<File<'_>> {
        self.documents.iter().map(|(info, text)| File { name: &info.name, text }).collect()
    }

    fn location(&self, found: &navigate::Location) -> Location {
        let (info, text) = &self.documents[found.file];
        Location { document: info.name.clone(), place: exact_place(text, &LineIndex::new(text), found.span) }
    }

    fn definition(&self) -> Option<Location> {
        let found = navigate::definition(&self.files(), self.file, self.offset, self.project)?;
        Some(self.location(&found))
    }

    fn uses(&self) -> Vec<Location> {
        let found = navigate::uses_of(&self.files(), self.file, self.offset, self.project);
        found.iter().map(|found| self.location(found)).collect()
    }

    fn renamed(&self) -> Renaming {
        match navigate::renamed_span(&self.files(), self.file, self.offset, self.project) {
            Ok(span) => Renaming::Name { place: exact_place(self.text, self.index, span) },
            Err(error) => Renaming::Refused { refused: error.to_string() },
        }
    }

    fn rename(&self, name: &str) -> Renaming {
        match navigate::rename(&self.files(), self.file, self.offset, name, self.project) {
            Ok(found) => Renaming::Everywhere { places: found.iter().map(|found| self.location(found)).collect() },
            Err(error) => Renaming::Refused { refused: error.to_string() },
        }
    }

    fn symbol(&self, part: Part) -> Symbol {
        Symbol {
            name: part.name,
            detail: part.detail,
            kind: match part.kind {
                PartKind::Document => "Module",
                PartKind::Store => "Package",
                PartKind::Aggregate => "Struct",
                PartKind::Field => "Field",
                PartKind::Section => "Namespace",
            },
            place: exact_place(self.text, self.index, part.span),
            name_place: exact_place(self.text, self.index, part.name_span),
            parts: part.parts.into_iter().map(|inner| self.symbol(inner)).collect(),
        }
    }
}

fn icon(kind: SuggestionKind) -> &'static str {
    use dtc_expr::OfferKind;
    match kind {
        SuggestionKind::Attribute => "Property",
        SuggestionKind::Choice => "EnumMember",
        SuggestionKind::Part => "Snippet",
        SuggestionKind::Data | SuggestionKind::Name(OfferKind::Field(_)) => "Field",
        SuggestionKind::Name(OfferKind::Variable) => "Variable",
        SuggestionKind::Name(OfferKind::Aggregate) => "Struct",
        SuggestionKind::Name(OfferKind::Document | OfferKind::Module) => "Module",
        SuggestionKind::Name(OfferKind::Function) => "Function",
        SuggestionKind::Name(OfferKind::Method) => "Method",
        SuggestionKind::Name(OfferKind::Type) => "Class",
        SuggestionKind::Name(OfferKind::Constant) => "Constant",
    }
}
