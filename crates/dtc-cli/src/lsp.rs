//! `dtc lsp`: the language for every editor that speaks the Language Server Protocol (3.17), over standard
//! input and output. The same answers as in the studio; refuses to know any editor.

mod convert;
mod documents;
mod navigation;

use lsp_server::{Connection, ErrorCode, Message, Notification, ProtocolError, Request, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidCloseTextDocument, DidOpenTextDocument, Notification as _, PublishDiagnostics,
};
use lsp_types::request::{
    CodeActionRequest, Completion, DocumentSymbolRequest, FoldingRangeRequest, Formatting, GotoDefinition,
    HoverRequest, PrepareRenameRequest, References, Rename, Request as _, SignatureHelpRequest,
};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CompletionOptions, FoldingRangeProviderCapability,
    HoverProviderCapability, OneOf, PublishDiagnosticsParams, RenameOptions, ServerCapabilities, SignatureHelpOptions,
    TextDocumentSyncCapability, TextDocumentSyncKind, Url, WorkDoneProgressOptions,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::failure::{Failure, Outcome};
use documents::Documents;

/// Until the client says `exit`.
pub fn run() -> Outcome {
    let (connection, threads) = Connection::stdio();
    let served = serve(&connection);
    drop(connection);
    threads.join().map_err(|error| Failure::Message(format!("the editor's connection broke: {error}")))?;
    served
}

fn capabilities() -> ServerCapabilities {
    ServerCapabilities {
        text_document_sync: Some(TextDocumentSyncCapability::Kind(TextDocumentSyncKind::FULL)),
        completion_provider: Some(CompletionOptions {
            trigger_characters: Some(vec![".".to_owned(), " ".to_owned()]),
            ..CompletionOptions::default()
        }),
        signature_help_provider: Some(SignatureHelpOptions {
            trigger_characters: Some(vec!["(".to_owned(), ",".to_owned()]),
            ..SignatureHelpOptions::default()
        }),
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        definition_provider: Some(OneOf::Left(true)),
        references_provider: Some(OneOf::Left(true)),
        rename_provider: Some(OneOf::Right(RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: WorkDoneProgressOptions::default(),
        })),
        document_symbol_provider: Some(OneOf::Left(true)),
        folding_range_provider: Some(FoldingRangeProviderCapability::Simple(true)),
        document_formatting_provider: Some(OneOf::Left(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![
                CodeActionKind::QUICKFIX,
                CodeActionKind::SOURCE_FIX_ALL,
                CodeActionKind::REFACTOR_REWRITE,
            ]),
            ..CodeActionOptions::default()
        })),
        ..ServerCapabilities::default()
    }
}

fn broken(error: ProtocolError) -> Failure {
    Failure::Message(format!("the editor does not keep to the protocol: {error}"))
}

fn serve(connection: &Connection) -> Outcome {
    let capabilities = serde_json::to_value(capabilities())
        .map_err(|error| Failure::Message(format!("the capabilities could not be written: {error}")))?;
    let client = connection.initialize(capabilities).map_err(broken)?;
    let snippets = client.pointer("/capabilities/textDocument/completion/completionItem/snippetSupport");
    let snippets = snippets.and_then(serde_json::Value::as_bool).unwrap_or_default();
    let mut documents = Documents::new(snippets);
    for message in &connection.receiver {
        match message {
            Message::Request(request) => {
                if connection.handle_shutdown(&request).map_err(broken)? {
                    return Ok(());
                }
                send(connection, Message::Response(answer(&mut documents, request)))?;
            }
            Message::Notification(notification) => {
                for (uri, diagnostics) in heard(&mut documents, notification) {
                    let params = PublishDiagnosticsParams { uri, diagnostics, version: None };
                    let told = Notification::new(PublishDiagnostics::METHOD.to_owned(), params);
                    send(connection, Message::Notification(told))?;
                }
            }
            // We ask the client nothing.
            Message::Response(_) => {}
        }
    }
    Ok(())
}

fn send(connection: &Connection, message: Message) -> Outcome {
    let sent = connection.sender.send(message);
    sent.map_err(|_| Failure::Message("the editor went away".to_owned()))
}

/// What changed about the diagnostics of open documents.
fn heard(documents: &mut Documents, notification: Notification) -> Vec<(Url, Vec<lsp_types::Diagnostic>)> {
    match notification.method.as_str() {
        DidOpenTextDocument::METHOD => {
            let Some(params) = read::<lsp_types::DidOpenTextDocumentParams>(notification.params) else { return vec![] };
            documents.set(params.text_document.uri, params.text_document.text)
        }
        DidChangeTextDocument::METHOD => {
            let Some(params) = read::<lsp_types::DidChangeTextDocumentParams>(notification.params) else {
                return vec![];
            };
            // Whole texts, as our capabilities ask for.
            let Some(change) = params.content_changes.into_iter().last() else { return vec![] };
            documents.set(params.text_document.uri, change.text)
        }
        DidCloseTextDocument::METHOD => {
            let Some(params) = read::<lsp_types::DidCloseTextDocumentParams>(notification.params) else {
                return vec![];
            };
            documents.close(&params.text_document.uri)
        }
        _ => vec![],
    }
}

fn answer(documents: &mut Documents, request: Request) -> Response {
    match request.method.as_str() {
        Completion::METHOD => with(request, |params: lsp_types::CompletionParams| {
            let at = params.text_document_position;
            documents.completion(&at.text_document.uri, at.position)
        }),
        HoverRequest::METHOD => with(request, |params: lsp_types::HoverParams| {
            let at = params.text_document_position_params;
            documents.hover(&at.text_document.uri, at.position)
        }),
        SignatureHelpRequest::METHOD => with(request, |params: lsp_types::SignatureHelpParams| {
            let at = params.text_document_position_params;
            documents.signature_help(&at.text_document.uri, at.position)
        }),
        CodeActionRequest::METHOD => with(request, |params: lsp_types::CodeActionParams| {
            documents.code_actions(&params.text_document.uri, params.range)
        }),
        GotoDefinition::METHOD => with(request, |params: lsp_types::GotoDefinitionParams| {
            let at = params.text_document_position_params;
            documents.definition(&at.text_document.uri, at.position)
        }),
        References::METHOD => with(request, |params: lsp_types::ReferenceParams| {
            let at = params.text_document_position;
            documents.references(&at.text_document.uri, at.position, params.context.include_declaration)
        }),
        PrepareRenameRequest::METHOD => try_with(request, |at: lsp_types::TextDocumentPositionParams| {
            documents.prepare_rename(&at.text_document.uri, at.position)
        }),
        Rename::METHOD => try_with(request, |params: lsp_types::RenameParams| {
            let at = params.text_document_position;
            documents.rename(&at.text_document.uri, at.position, &params.new_name)
        }),
        DocumentSymbolRequest::METHOD => {
            with(request, |params: lsp_types::DocumentSymbolParams| documents.outline(&params.text_document.uri))
        }
        FoldingRangeRequest::METHOD => {
            with(request, |params: lsp_types::FoldingRangeParams| documents.folds(&params.text_document.uri))
        }
        Formatting::METHOD => {
            try_with(request, |params: lsp_types::DocumentFormattingParams| documents.format(&params.text_document.uri))
        }
        method => Response::new_err(request.id, ErrorCode::MethodNotFound as i32, format!("no answer to {method}")),
    }
}

fn with<P: DeserializeOwned, R: Serialize>(request: Request, answer: impl FnOnce(P) -> R) -> Response {
    match serde_json::from_value(request.params) {
        Ok(params) => Response::new_ok(request.id, answer(params)),
        Err(error) => Response::new_err(request.id, ErrorCode::InvalidParams as i32, error.to_string()),
    }
}

/// As [`with`], for what can be refused: the editor shows the reason.
fn try_with<P: DeserializeOwned, R: Serialize, E: std::fmt::Display>(
    request: Request,
    answer: impl FnOnce(P) -> Result<R, E>,
) -> Response {
    let id = request.id.clone();
    match serde_json::from_value(request.params).map(answer) {
        Ok(Ok(answer)) => Response::new_ok(id, answer),
        Ok(Err(reason)) => Response::new_err(id, ErrorCode::RequestFailed as i32, reason.to_string()),
        Err(error) => Response::new_err(id, ErrorCode::InvalidParams as i32, error.to_string()),
    }
}

/// A notification that cannot be read has nobody to answer.
fn read<P: DeserializeOwned>(params: serde_json::Value) -> Option<P> {
    serde_json::from_value(params).ok()
}
