//! Commands over HTTP: `POST /api/rpc/NAME`, JSON in, JSON out; errors carry a status that fits.

use std::sync::Arc;

use axum::extract::rejection::StringRejection;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use studio_api::{ApiError, ErrorCode};

use crate::serve::Shared;

pub(crate) async fn rpc(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    body: Result<String, StringRejection>,
) -> Response {
    let body = match body {
        Ok(body) => body,
        Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            return failure(&ApiError::new(ErrorCode::Invalid, "The request is larger than 8 MiB."));
        }
        Err(rejection) => {
            return failure(&ApiError::new(ErrorCode::Invalid, format!("The request is not text: {rejection}.")));
        }
    };
    let studio = shared.studio.clone();
    let answered = tokio::task::spawn_blocking(move || studio::dispatch(&studio, &name, &body)).await;
    match answered {
        Ok(Ok(reply)) => json(StatusCode::OK, reply),
        Ok(Err(error)) => failure(&error),
        Err(_) => failure(&ApiError::new(ErrorCode::Internal, "The studio is stopping.")),
    }
}

fn failure(error: &ApiError) -> Response {
    let status = match error.code {
        ErrorCode::Invalid => StatusCode::BAD_REQUEST,
        ErrorCode::NotFound => StatusCode::NOT_FOUND,
        ErrorCode::Conflict | ErrorCode::Cancelled => StatusCode::CONFLICT,
        ErrorCode::Unsupported => StatusCode::NOT_IMPLEMENTED,
        ErrorCode::External => StatusCode::BAD_GATEWAY,
        ErrorCode::Internal => StatusCode::INTERNAL_SERVER_ERROR,
    };
    json(status, serde_json::to_string(error).unwrap_or_default())
}

fn json(status: StatusCode, body: String) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, body).into_response()
}
