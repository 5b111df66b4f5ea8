//! The addresses, and what those that take events say. What the others show is `shown`'s.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::TrySendError;
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use bandit::Taken;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use crate::answers::Answer;
use crate::core::{self, Handle, Message, Started};
use crate::error::ServiceError;
use crate::event::{self, Event, Refusal};
use crate::metrics::Address;
use crate::options::Options;
use crate::rate::Rate;
use crate::sources::SourceState;
use crate::{connections, live, lock, openapi, shown};

/// How long open requests may take once the service is asked to stop.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running service.
pub struct Service {
    pub address: SocketAddr,
    handle: Handle,
    /// Dropped, it asks to stop.
    stop: watch::Sender<()>,
    serving: JoinHandle<()>,
    thread: std::thread::JoinHandle<()>,
}

pub(crate) struct Shared {
    pub handle: Handle,
    pub sources: Vec<Arc<SourceState>>,
    pub options: Options,
    rate: Rate,
}

/// Recovers what is on disk, and listens.
pub async fn serve(options: Options) -> Result<Service, ServiceError> {
    let lock = lock::lock(&options.data)?;
    let listener = TcpListener::bind(&options.listen).await;
    let failed = |cause| ServiceError::Listen { address: options.listen.clone(), cause };
    let listener = listener.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let Started { handle, sources, thread } = core::start(&options)?;
    let rate = Rate::new(options.limits.rate);
    let shared = Arc::new(Shared { handle: handle.clone(), sources, options, rate });
    let (stop, stopped) = watch::channel(());
    let router = router(&shared);
    let serving = tokio::spawn(async move {
        connections::serve(listener, shared, router, stopped).await;
        drop(lock);
    });
    Ok(Service { address, handle, stop, serving, thread })
}

impl Service {
    /// Until it fails; the process's signals end it otherwise, which loses nothing.
    pub async fn wait(self) -> Result<(), ServiceError> {
        let mut look = tokio::time::interval(Duration::from_millis(200));
        while !self.thread.is_finished() {
            look.tick().await;
        }
        Err(ServiceError::Stopped(self.handle.metrics.trouble().unwrap_or_default()))
    }

    /// Answers what is open, writes what left, ends.
    pub async fn shutdown(mut self) -> Result<(), ServiceError> {
        drop(self.stop);
        if tokio::time::timeout(PATIENCE, &mut self.serving).await.is_err() {
            self.serving.abort();
        }
        // An error says that it has ended already.
        let _ = self.handle.requests.send(Message::Stop);
        drop(self.handle);
        let joined = tokio::task::spawn_blocking(move || self.thread.join()).await;
        match joined {
            Ok(Ok(())) => Ok(()),
            _ => Err(ServiceError::Stopped("its thread panicked".to_owned())),
        }
    }
}

fn router(shared: &Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(|| async { json_response(StatusCode::OK, &json!({"ok": true})) }))
        .route("/records", get(shown::records))
        .route("/lost", get(shown::lost))
        .route("/counters", get(shown::counters))
        .route("/state", get(shown::state))
        .route("/policies", get(shown::policies))
        .route("/metrics", get(shown::metrics))
        .route("/live", get(|| async { live::page() }))
        .route("/live.css", get(|| async { live::style() }))
        .route("/live.js", get(|| async { live::script() }))
        .route("/live-policies.js", get(|| async { live::policies() }))
        .route("/openapi.json", get(|| async { json_response(StatusCode::OK, &openapi::document()) }))
        .route("/docs", get(|| async { live::html(openapi::page()) }))
        .fallback(|uri: Uri| async move { elsewhere(uri.path()) })
        .with_state(shared.clone())
}

fn elsewhere(path: &str) -> Response {
    match Address::of_path(path) {
        Some(_) => {
            let told = json!({"ok": false, "reason": "events come here with POST"});
            let mut response = json_response(StatusCode::METHOD_NOT_ALLOWED, &told);
            response.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("POST"));
            response
        }
        None => {
            json_response(StatusCode::NOT_FOUND, &json!({"ok": false, "reason": "there is no such address; see /docs"}))
        }
    }
}

/// Takes the events of a request's body.
pub(crate) async fn take(shared: &Shared, address: Address, body: &[u8]) -> Response {
    let events = match address {
        Address::Of(intake) => event::read(intake, body, &shared.options.limits),
        Address::Raw => read_raw(shared, body),
    };
    answer(shared, address, events).await
}

pub(crate) fn too_long(most: usize) -> Response {
    let told = json!({"ok": false, "reason": format!("the body is longer than {most} bytes; send several requests")});
    json_response(StatusCode::PAYLOAD_TOO_LARGE, &told)
}

pub(crate) fn unread(reason: &str) -> Response {
    json_response(
        StatusCode::BAD_REQUEST,
        &json!({"ok": false, "reason": format!("the body cannot be read: {reason}")}),
    )
}

pub(crate) fn json_response(status: StatusCode, value: &Value) -> Response {
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (status, headers, value.to_string()).into_response()
}

/// Raw events, one a line, by the expressions of the document that the service was started with.
fn read_raw(shared: &Shared, body: &[u8]) -> Result<Vec<Event>, Refusal> {
    let refused = |event: usize, field: &str, reason: String| Refusal { event, field: field.to_owned(), reason };
    let limits = &shared.options.limits;
    let reading = shared.options.reading.as_ref().ok_or_else(|| {
        refused(1, "", "raw events are read by a document's expressions; start the service with a document".to_owned())
    })?;
    let mut events = Vec::new();
    let lines = body.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    for (place, line) in lines.enumerate() {
        if place == limits.events {
            return Err(refused(place + 1, "", format!("there are more than {} events", limits.events)));
        }
        for (intake, fields) in reading(line).map_err(|reason| refused(place + 1, "", reason))? {
            let event = event::lenient(intake, fields, limits);
            events.push(event.map_err(|(field, reason)| refused(place + 1, &field, reason))?);
        }
    }
    Ok(events)
}

async fn answer(shared: &Shared, address: Address, events: Result<Vec<Event>, Refusal>) -> Response {
    let started = Instant::now();
    let metrics = &shared.handle.metrics;
    let events = match events {
        Ok(events) => events,
        Err(refusal) => {
            metrics.answered(address, 400, started.elapsed());
            return refused(&refusal);
        }
    };
    if !shared.rate.takes(events.len()) {
        metrics.answered(address, 429, started.elapsed());
        let most = shared.options.limits.rate;
        return later(StatusCode::TOO_MANY_REQUESTS, &format!("more than {most} events a second; come again"));
    }
    let (sender, receiver) = oneshot::channel();
    let reason = match shared.handle.requests.try_send(Message::Take { events, position: None, answer: sender }) {
        Ok(()) => match receiver.await {
            Ok(Answer::Durable(taken)) => {
                metrics.answered(address, 200, started.elapsed());
                return durable(&taken);
            }
            Ok(Answer::Full(reason)) => reason,
            Err(_) => metrics.trouble().unwrap_or_else(|| "the service is stopping".to_owned()),
        },
        Err(TrySendError::Full(_)) => "too many requests wait for the disk; come again".to_owned(),
        Err(TrySendError::Disconnected(_)) => metrics.trouble().unwrap_or_else(|| "the service is stopping".to_owned()),
    };
    metrics.answered(address, 503, started.elapsed());
    later(StatusCode::SERVICE_UNAVAILABLE, &reason)
}

fn later(status: StatusCode, reason: &str) -> Response {
    let mut response = json_response(status, &json!({"ok": false, "reason": reason}));
    response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
    response
}

fn refused(refusal: &Refusal) -> Response {
    let told = json!({"ok": false, "event": refusal.event, "field": refusal.field, "reason": refusal.reason});
    json_response(StatusCode::BAD_REQUEST, &told)
}

/// What became of the events beside being stored, by kind.
fn durable(taken: &[Taken]) -> Response {
    let mut noted = serde_json::Map::new();
    for taken in taken {
        if let Taken::Lost(lost) = taken {
            let before = noted.get(lost.name()).and_then(Value::as_u64).unwrap_or(0);
            noted.insert(lost.name().to_owned(), json!(before + 1));
        }
    }
    json_response(StatusCode::OK, &json!({"ok": true, "accepted": taken.len(), "noted": noted}))
}
