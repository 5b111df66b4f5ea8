//! The live page: four files of this program, and nothing from the network.

use axum::http::header;
use axum::response::{Html, IntoResponse, Response};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub fn page() -> Response {
    html(include_str!("live/page.html").to_owned())
}

pub fn style() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("live/style.css")).into_response()
}

pub fn script() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("live/script.js")).into_response()
}

pub fn policies() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("live/policies.js")).into_response()
}

pub fn html(text: String) -> Response {
    ([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(text)).into_response()
}
