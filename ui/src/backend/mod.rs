//! The one door to the host. Strings inside (one copy of the transport in the wasm), types in the thin
//! shell around it. Chosen once at start-up; nothing else of the page knows which host it has.

mod http;
mod tauri;

use std::cell::OnceCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;

use serde::de::DeserializeOwned;
use studio_api::{ApiError, Command, ErrorCode, Feed, FeedFrame};

pub type Reply = Pin<Box<dyn Future<Output = Result<String, TransportError>>>>;

/// What a transport reports when it has no reply.
pub enum TransportError {
    /// The host refused; the text is an `ApiError`.
    Refused(String),
    /// There was no host to answer.
    Unreachable,
}

/// What a feed gives: a frame's text, or that the host went away and came back.
pub enum FeedNews {
    Frame(String),
    Lost,
    Open,
}

pub trait Backend {
    fn call(&self, name: &'static str, body: String) -> Reply;
    fn feed(&self, name: &'static str, body: String, on_news: Box<dyn FnMut(FeedNews)>) -> Subscription;
}

/// Stops listening when dropped. Stopping to listen is not cancelling.
pub struct Subscription {
    stop: Option<Box<dyn FnOnce()>>,
}

impl Subscription {
    pub fn new(stop: impl FnOnce() + 'static) -> Subscription {
        Subscription { stop: Some(Box::new(stop)) }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            stop();
        }
    }
}

thread_local! {
    static CHOSEN: OnceCell<Rc<dyn Backend>> = const { OnceCell::new() };
}

fn chosen() -> Rc<dyn Backend> {
    CHOSEN.with(|cell| {
        let choose = || -> Rc<dyn Backend> {
            if tauri::present() { Rc::new(tauri::TauriBackend) } else { Rc::new(http::HttpBackend) }
        };
        cell.get_or_init(choose).clone()
    })
}

/// Asks the host and waits for its answer.
pub async fn call<C: Command>(command: C) -> Result<C::Reply, ApiError> {
    let body = encode(&command)?;
    match chosen().call(C::NAME, body).await {
        Ok(reply) => decode(&reply),
        Err(TransportError::Refused(text)) => Err(refusal(text)),
        Err(TransportError::Unreachable) => Err(unreachable_host()),
    }
}

/// What a listener of a feed hears.
pub enum Heard<T> {
    Item(T),
    /// Nothing follows.
    End,
    Refused(ApiError),
    /// The host went away; more may follow when it comes back.
    Lost,
    /// The host is there (again).
    Open,
}

/// Listens to a feed until the subscription is dropped.
pub fn feed<F: Feed>(request: &F, mut on_item: impl FnMut(Heard<F::Item>) + 'static) -> Result<Subscription, ApiError> {
    let body = encode(request)?;
    let on_news = move |news: FeedNews| match news {
        FeedNews::Lost => on_item(Heard::Lost),
        FeedNews::Open => on_item(Heard::Open),
        FeedNews::Frame(text) => on_item(match decode::<FeedFrame<F::Item>>(&text) {
            Ok(FeedFrame::Item { item }) => Heard::Item(item),
            Ok(FeedFrame::End) => Heard::End,
            Ok(FeedFrame::Refused { error }) | Err(error) => Heard::Refused(error),
        }),
    };
    Ok(chosen().feed(F::NAME, body, Box::new(on_news)))
}

/// Whether a feed's frame is its last.
fn is_last(frame: &str) -> bool {
    frame.starts_with(r#"{"type":"end""#) || frame.starts_with(r#"{"type":"refused""#)
}

/// Whether this error says that there was no host.
pub fn is_unreachable(error: &ApiError) -> bool {
    error.code == ErrorCode::External && error.message == UNREACHABLE
}

const UNREACHABLE: &str = "The studio does not answer. Its process may have ended; start it again, then retry.";

fn unreachable_host() -> ApiError {
    ApiError::new(ErrorCode::External, UNREACHABLE)
}

/// A host that does not know this page answers in plain words.
fn refusal(text: String) -> ApiError {
    serde_json::from_str(&text).unwrap_or_else(|_| ApiError::new(ErrorCode::External, text))
}

fn encode<T: serde::Serialize>(value: &T) -> Result<String, ApiError> {
    serde_json::to_string(value)
        .map_err(|error| ApiError::new(ErrorCode::Internal, format!("The request could not be written: {error}")))
}

fn decode<T: DeserializeOwned>(text: &str) -> Result<T, ApiError> {
    serde_json::from_str(text).map_err(|error| {
        let message =
            format!("The studio's answer was not understood ({error}). Reload the page: it may be of another version.");
        ApiError::new(ErrorCode::Internal, message)
    })
}
