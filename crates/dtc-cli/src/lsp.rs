//! `dtc lsp`: the language for every editor that speaks the Language Server Protocol (3.17), over standard
//! input and output. The same answers as in the studio; refuses to know any editor.

mod convert;
mod documents;

use lsp_server::{Connection, ErrorCode, Message, Notification, ProtocolError, Request, Response};
use lsp_types::notification::{
    DidChangeTextDocument, DidCloseTextDocument, DidOpenTextDocument, Notification as _, PublishDiagnostics,
};
use lsp_types::request::{CodeActionRequest, Completion, HoverRequest, Request as _};
use lsp_types::{
    CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CompletionOptions, HoverProviderCapability,
    PublishDiagnosticsParams, ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind, Url,
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
        hover_provider: Some(HoverProviderCapability::Simple(true)),
        code_action_provider: Some(CodeActionProviderCapability::Options(CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, CodeActionKind::SOURCE_FIX_ALL]),
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
    connection.initialize(capabilities).map_err(broken)?;
    let mut documents = Documents::default();
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
        CodeActionRequest::METHOD => with(request, |params: lsp_types::CodeActionParams| {
            documents.code_actions(&params.text_document.uri, params.range)
        }),
        method => Response::new_err(request.id, ErrorCode::MethodNotFound as i32, format!("no answer to {method}")),
    }
}

fn with<P: DeserializeOwned, R: Serialize>(request: Request, answer: impl FnOnce(P) -> R) -> Response {
    match serde_json::from_value(request.params) {
        Ok(params) => Response::new_ok(request.id, answer(params)),
        Err(error) => Response::new_err(request.id, ErrorCode::InvalidParams as i32, error.to_string()),
    }
}

/// A notification that cannot be read has nobody to answer.
fn read<P: DeserializeOwned>(params: serde_json::Value) -> Option<P> {
    serde_json::from_value(params).ok()
}
