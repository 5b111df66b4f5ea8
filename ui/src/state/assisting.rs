//! Completion and hover for the editor: the language's answers with places as Monaco counts them.

use dtc_lang::assist::{SuggestionKind, hover, suggestions};
use dtc_lang::{LineIndex, Project};
use leptos::prelude::*;
use serde::Serialize;

use super::Studio;
use super::checking::{Place, exact_place, project_of};

/// `kind` is a word that the editor has an icon for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    label: String,
    insert: String,
    kind: &'static str,
    detail: String,
    documentation: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Offered {
    place: Place,
    items: Vec<Item>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Told {
    place: Place,
    text: Vec<String>,
}

/// What can stand at a place of a document, as JSON; an empty text where nothing can.
pub fn offered(studio: Studio, name: &str, line: u32, column: u32) -> String {
    ask(studio, name, line, column, |text, index, offset, project| {
        let found = suggestions(text, offset, project)?;
        let item = |found: dtc_lang::assist::Suggestion| Item {
            label: found.label,
            insert: found.insert,
            kind: icon(found.kind),
            detail: found.detail,
            documentation: found.documentation,
        };
        let items = found.items.into_iter().map(item).collect();
        Some(Offered { place: exact_place(text, index, found.replace), items })
    })
}

/// What stands at a place means, as JSON; an empty text where there is nothing to say.
pub fn told(studio: Studio, name: &str, line: u32, column: u32) -> String {
    ask(studio, name, line, column, |text, index, offset, project| {
        let found = hover(text, offset, project)?;
        Some(Told { place: exact_place(text, index, found.span), text: found.text })
    })
}

fn ask<T: Serialize>(
    studio: Studio,
    name: &str,
    line: u32,
    column: u32,
    answer: impl Fn(&str, &LineIndex, u32, &Project) -> Option<T>,
) -> String {
    let documents = studio.documents.all();
    let Some((_, text)) = documents.iter().find(|(info, _)| info.name == name) else { return String::new() };
    let (project, _) = project_of(&documents, untrack(|| studio.samples.fields()));
    let index = LineIndex::new(text);
    let found = answer(text, &index, index.utf16_offset(text, line, column), &project);
    found.map_or_else(String::new, |found| serde_json::to_string(&found).expect("plain strings and numbers"))
}

fn icon(kind: SuggestionKind) -> &'static str {
    use dtc_expr::OfferKind;
    match kind {
        SuggestionKind::Attribute => "Property",
        SuggestionKind::Choice => "EnumMember",
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
