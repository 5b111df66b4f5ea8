//! The page's files, read from one folder and never from outside of it. Packed copies (`NAME.gz` beside
//! `NAME`) go to browsers that take them.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};

use crate::serve::Shared;

const NOT_FOUND: (StatusCode, &str) = (StatusCode::NOT_FOUND, "The studio has no such page.");

pub(crate) async fn page(State(shared): State<Arc<Shared>>, request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, "Pages can only be read.").into_response();
    }
    let path = request.uri().path().to_owned();
    let headers = request.headers().clone();
    let answered = tokio::task::spawn_blocking(move || answer(&shared.ui, &path, &headers)).await;
    answered.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

fn answer(ui: &Path, path: &str, headers: &HeaderMap) -> Response {
    let Some(file) = find(ui, path) else { return NOT_FOUND.into_response() };
    let Some(tag) = tag(&file) else { return NOT_FOUND.into_response() };
    let mut reply = HeaderMap::new();
    let mut set = |name: HeaderName, value: HeaderValue| reply.insert(name, value);
    set(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    set(header::VARY, HeaderValue::from_static("accept-encoding"));
    set(header::CONTENT_TYPE, HeaderValue::from_static(media_type(&file)));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        set(header::ETAG, tag);
    }
    if is_known(headers, &tag) {
        return (StatusCode::NOT_MODIFIED, reply).into_response();
    }
    let packed = with_ending(&file, ".gz");
    let takes_packed =
        headers.get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).is_some_and(accepts_gzip);
    if takes_packed
        && is_fresh(&packed, &file)
        && let Ok(content) = fs::read(&packed)
    {
        reply.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        return (reply, content).into_response();
    }
    match fs::read(&file) {
        Ok(content) => (reply, content).into_response(),
        Err(_) => NOT_FOUND.into_response(),
    }
}

/// The file for a path of the page. Addresses inside the page (no ending) are the page itself.
fn find(ui: &Path, path: &str) -> Option<PathBuf> {
    let name = decode(path)?;
    let name = name.trim_start_matches('/');
    let plain = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '\0', ':']);
    if name.starts_with("api/") || !name.is_empty() && !name.split('/').all(plain) {
        return None;
    }
    let has_ending = name.rsplit('/').next().is_some_and(|last| last.contains('.'));
    let file = if has_ending { ui.join(name) } else { ui.join("index.html") };
    let file = file.canonicalize().ok()?;
    (file.starts_with(ui) && file.is_file()).then_some(file)
}

fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let high = char::from(rest.next()?).to_digit(16)?;
                let low = char::from(rest.next()?).to_digit(16)?;
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

/// Changes when the file does.
fn tag(file: &Path) -> Option<String> {
    let metadata = fs::metadata(file).ok()?;
    let changed = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    Some(format!("\"{:x}-{:x}\"", metadata.len(), changed.as_nanos()))
}

fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    known.is_some_and(|known| known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag))
}

fn accepts_gzip(value: &str) -> bool {
    value.split(',').any(|part| {
        let (name, weight) = part.split_once(';').unwrap_or((part, ""));
        name.trim() == "gzip" && weight.trim() != "q=0"
    })
}

/// A packed copy older than its file is of an earlier build.
fn is_fresh(packed: &Path, file: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|metadata| metadata.modified());
    matches!((changed(packed), changed(file)), (Ok(packed), Ok(file)) if packed >= file)
}

fn with_ending(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|ending| ending.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "ttf" => "font/ttf",
        "woff" => "font/woff",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
