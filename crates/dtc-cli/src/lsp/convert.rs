//! Between the language's places and words and the protocol's: lines and UTF-16 units from 0.

use dtc_expr::OfferKind;
use dtc_lang::assist::{Form, Suggestion, SuggestionKind};
use dtc_lang::{Diagnostic, LineIndex, Severity, Span};
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionTextEdit, DiagnosticRelatedInformation, DiagnosticSeverity,
    Documentation, InsertTextFormat, Location, MarkupContent, MarkupKind, NumberOrString, ParameterInformation,
    ParameterLabel, Position, Range, SignatureHelp, SignatureInformation, TextEdit, Url,
};

pub fn range(text: &str, index: &LineIndex, span: Span) -> Range {
    let position = |offset| {
        let (line, column) = index.utf16_position(text, offset);
        Position { line: line - 1, character: column - 1 }
    };
    Range { start: position(span.start), end: position(span.end) }
}

pub fn offset(text: &str, index: &LineIndex, position: Position) -> u32 {
    index.utf16_offset(text, position.line.saturating_add(1), position.character.saturating_add(1))
}

pub fn markdown(value: String) -> MarkupContent {
    MarkupContent { kind: MarkupKind::Markdown, value }
}

pub fn diagnostic(uri: &Url, text: &str, index: &LineIndex, found: &Diagnostic) -> lsp_types::Diagnostic {
    let mut message = found.message.clone();
    if !found.primary.text.is_empty() && found.primary.text != message {
        message += &format!("\n{}", found.primary.text);
    }
    if let Some(help) = &found.help {
        message += &format!("\nHelp: {help}");
    }
    let related = found.others.iter().map(|label| DiagnosticRelatedInformation {
        location: Location { uri: uri.clone(), range: range(text, index, label.span) },
        message: label.text.clone(),
    });
    lsp_types::Diagnostic {
        range: range(text, index, found.primary.span),
        severity: Some(match found.severity {
            Severity::Error => DiagnosticSeverity::ERROR,
            Severity::Warning => DiagnosticSeverity::WARNING,
            Severity::Note => DiagnosticSeverity::INFORMATION,
        }),
        code: Some(NumberOrString::String(found.code.0.clone())),
        source: Some("dtc".to_owned()),
        message,
        related_information: Some(related.collect()),
        ..lsp_types::Diagnostic::default()
    }
}

/// `place`: its number in the list, which is the order to keep. `None`: it has places to fill in, and the
/// editor knows none.
pub fn completion(place: usize, range: Range, found: Suggestion, snippets: bool) -> Option<CompletionItem> {
    let snippet = found.snippet && snippets;
    if found.kind == SuggestionKind::Part && !snippets {
        return None;
    }
    let new_text = if found.snippet && !snippets { found.label.clone() } else { found.insert };
    Some(CompletionItem {
        label: found.label,
        kind: Some(kind(found.kind)),
        detail: Some(found.detail).filter(|detail| !detail.is_empty()),
        documentation: Some(found.documentation)
            .filter(|words| !words.is_empty())
            .map(|words| Documentation::MarkupContent(markdown(words))),
        sort_text: Some(format!("{place:05}")),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text })),
        insert_text_format: snippet.then_some(InsertTextFormat::SNIPPET),
        ..CompletionItem::default()
    })
}

pub fn signature_help(found: dtc_lang::assist::SignatureHelp) -> SignatureHelp {
    let count = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    let form = |form: Form| {
        let units = |offset: u32| count(form.label[..offset as usize].encode_utf16().count());
        let parameter = |span: &Span| ParameterInformation {
            label: ParameterLabel::LabelOffsets([units(span.start), units(span.end)]),
            documentation: None,
        };
        SignatureInformation {
            parameters: Some(form.parameters.iter().map(parameter).collect()),
            documentation: Some(Documentation::MarkupContent(markdown(found.documentation.clone()))),
            // Behind the last one: none is marked.
            active_parameter: Some(count(form.active.unwrap_or(form.parameters.len()))),
            label: form.label,
        }
    };
    let active = count(found.active);
    SignatureHelp {
        signatures: found.forms.into_iter().map(form).collect(),
        active_signature: Some(active),
        active_parameter: None,
    }
}

fn kind(kind: SuggestionKind) -> CompletionItemKind {
    match kind {
        SuggestionKind::Attribute => CompletionItemKind::PROPERTY,
        SuggestionKind::Part => CompletionItemKind::SNIPPET,
        SuggestionKind::Choice => CompletionItemKind::ENUM_MEMBER,
        SuggestionKind::Data | SuggestionKind::Name(OfferKind::Field(_)) => CompletionItemKind::FIELD,
        SuggestionKind::Name(OfferKind::Variable) => CompletionItemKind::VARIABLE,
        SuggestionKind::Name(OfferKind::Aggregate) => CompletionItemKind::STRUCT,
        SuggestionKind::Name(OfferKind::Document | OfferKind::Module) => CompletionItemKind::MODULE,
        SuggestionKind::Name(OfferKind::Function) => CompletionItemKind::FUNCTION,
        SuggestionKind::Name(OfferKind::Method) => CompletionItemKind::METHOD,
        SuggestionKind::Name(OfferKind::Type) => CompletionItemKind::CLASS,
        SuggestionKind::Name(OfferKind::Constant) => CompletionItemKind::CONSTANT,
    }
}
