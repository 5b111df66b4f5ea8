//! Who may come in: requests to our own address, from our own page, with this start's token. Every answer
//! leaves with the headers that keep the page to itself.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{self, HeaderName};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::csp::CONTENT_SECURITY_POLICY;
use crate::serve::Shared;

const HEADERS: [(HeaderName, &str); 5] = [
    (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

pub(crate) async fn guard(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let mut response = match admit(&shared, &request) {
        Admitted::Yes => next.run(request).await,
        Admitted::No(refusal) => *refusal,
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

enum Admitted {
    Yes,
    No(Box<Response>),
}

fn admit(shared: &Shared, request: &Request) -> Admitted {
    let headers = request.headers();
    let port = shared.address.port();
    let own = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    let Some(host) = text(headers, header::HOST).filter(|host| own.iter().any(|own| own == host)) else {
        return refuse(StatusCode::FORBIDDEN, "This address does not belong to the studio.");
    };
    if headers.contains_key(header::ORIGIN) && text(headers, header::ORIGIN) != Some(&format!("http://{host}")) {
        return refuse(StatusCode::FORBIDDEN, "Another site may not call the studio.");
    }
    if let Some(given) = token_in_query(request) {
        return if shared.token.is(given) { enter(shared) } else { unknown(request) };
    }
    let bearer = text(headers, header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
    let known = bearer.into_iter().chain(cookies(headers, &cookie_name(port))).any(|given| shared.token.is(given));
    if known { Admitted::Yes } else { unknown(request) }
}

/// The printed address: the token moves from the address bar into a cookie that scripts cannot read.
fn enter(shared: &Shared) -> Admitted {
    let name = cookie_name(shared.address.port());
    let cookie = format!("{name}={}; HttpOnly; SameSite=Strict; Path=/", shared.token.as_str());
    Admitted::No(Box::new(
        (StatusCode::SEE_OTHER, [(header::LOCATION, "/".to_owned()), (header::SET_COOKIE, cookie)]).into_response(),
    ))
}

fn unknown(request: &Request) -> Admitted {
    if request.uri().path().starts_with("/api/") {
        return refuse(
            StatusCode::UNAUTHORIZED,
            "This call lacks the token of this start. Open the address that the studio printed.",
        );
    }
    let page = (StatusCode::UNAUTHORIZED, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], UNKNOWN_PAGE);
    Admitted::No(Box::new(page.into_response()))
}

fn refuse(status: StatusCode, why: &'static str) -> Admitted {
    Admitted::No(Box::new((status, why).into_response()))
}

fn token_in_query(request: &Request) -> Option<&str> {
    let asks = request.method() == Method::GET && request.uri().path() == "/";
    let query = request.uri().query().filter(|_| asks)?;
    query.split('&').find_map(|pair| pair.strip_prefix("token="))
}

/// Cookies do not know ports: the name does, so that two studios do not sign each other out.
fn cookie_name(port: u16) -> String {
    format!("dtc-studio-{port}")
}

fn cookies<'h>(headers: &'h HeaderMap, name: &'h str) -> impl Iterator<Item = &'h str> {
    let all = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';')).filter_map(move |pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    })
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

const UNKNOWN_PAGE: &str = "<!doctype html>
<html lang=\"en\"><head><meta charset=\"utf-8\"><title>DTC Studio</title></head>
<body style=\"font: 16px/1.5 system-ui, sans-serif; max-width: 36em; margin: 4em auto; padding: 0 1em\">
<h1 style=\"font-size: 1.3em\">DTC Studio is running, but does not know this browser yet</h1>
<p>Open the address that the studio printed in its terminal when it started. It ends in
<code>?token=…</code>, and is new at each start.</p>
<p>Opened from a link in another page? Copy the address and paste it into the address bar.</p>
</body></html>
";
