//! The addresses: intake, the stream of records, what did not join, metrics, documentation.

use std::convert::Infallible;
use std::future::IntoFuture;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc::TrySendError;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bandit::Taken;
use futures::StreamExt;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::{broadcast, oneshot};
use tokio::task::JoinHandle;

use crate::core::{self, Answer, Handle, Message};
use crate::error::ServiceError;
use crate::event::{self, Intake, Refusal};
use crate::openapi;
use crate::options::{Limits, Options};
use crate::sinks;

/// How long open requests may take once the service is asked to stop.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running service.
pub struct Service {
    pub address: SocketAddr,
    handle: Handle,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<std::io::Result<()>>,
    thread: std::thread::JoinHandle<()>,
}

struct Shared {
    handle: Handle,
    limits: Limits,
}

/// Recovers what is on disk, and listens.
pub async fn serve(options: Options) -> Result<Service, ServiceError> {
    let lock = sinks::lock(&options.data)?;
    let listener = TcpListener::bind(&options.listen).await;
    let failed = |cause| ServiceError::Listen { address: options.listen.clone(), cause };
    let listener = listener.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    sinks::start(&options)?;
    let (handle, thread) = core::start(&options)?;
    let shared = Arc::new(Shared { handle: handle.clone(), limits: options.limits });
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = axum::serve(listener, router(&shared)).with_graceful_shutdown(async move {
        // Dropped or sent, it means the same.
        let _ = stopped.await;
        drop(lock);
    });
    Ok(Service { address, handle, stop, serving: tokio::spawn(serving.into_future()), thread })
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
        // Errors say that one or the other has ended already.
        let _ = self.stop.send(());
        if tokio::time::timeout(PATIENCE, &mut self.serving).await.is_err() {
            self.serving.abort();
        }
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
    let take = |intake: Intake| {
        post(move |State(shared): State<Arc<Shared>>, body: Bytes| async move { answer(&shared, intake, &body).await })
    };
    Router::new()
        .route("/", get(|| async { json_response(StatusCode::OK, &json!({"ok": true})) }))
        .route("/log_decision", take(Intake::Decision))
        .route("/log_reward", take(Intake::Reward))
        .route("/override_decision", take(Intake::Override))
        .route("/activate_decision", take(Intake::Activation))
        .route("/records", get(records))
        .route("/lost", get(lost))
        .route("/counters", get(counters))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(|| async { json_response(StatusCode::OK, &openapi::document()) }))
        .route("/docs", get(|| async { ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], openapi::page()) }))
        .layer(DefaultBodyLimit::max(shared.limits.body))
        .with_state(shared.clone())
}

fn json_response(status: StatusCode, value: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], value.to_string()).into_response()
}

async fn answer(shared: &Shared, intake: Intake, body: &[u8]) -> Response {
    let started = Instant::now();
    let metrics = &shared.handle.metrics;
    let events = match event::read(intake, body, &shared.limits) {
        Ok(events) => events,
        Err(refusal) => {
            metrics.refused();
            return refused(&refusal);
        }
    };
    let (sender, receiver) = oneshot::channel();
    let reason = match shared.handle.requests.try_send(Message::Take { events, answer: sender }) {
        Ok(()) => match receiver.await {
            Ok(Answer::Durable(taken)) => {
                metrics.answered(started.elapsed());
                return json_response(StatusCode::OK, &durable(&taken));
            }
            Ok(Answer::Full(reason)) => reason,
            Err(_) => metrics.trouble().unwrap_or_else(|| "the service is stopping".to_owned()),
        },
        Err(TrySendError::Full(_)) => "too many requests wait for the disk; come again".to_owned(),
        Err(TrySendError::Disconnected(_)) => metrics.trouble().unwrap_or_else(|| "the service is stopping".to_owned()),
    };
    metrics.unavailable();
    let mut response = json_response(StatusCode::SERVICE_UNAVAILABLE, &json!({"ok": false, "reason": reason}));
    response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("1"));
    response
}

fn refused(refusal: &Refusal) -> Response {
    let told = json!({"ok": false, "event": refusal.event, "field": refusal.field, "reason": refusal.reason});
    json_response(StatusCode::BAD_REQUEST, &told)
}

/// What became of the events beside being stored, by kind.
fn durable(taken: &[Taken]) -> Value {
    let mut noted = serde_json::Map::new();
    for taken in taken {
        if let Taken::Lost(lost) = taken {
            let before = noted.get(lost.name()).and_then(Value::as_u64).unwrap_or(0);
            noted.insert(lost.name().to_owned(), json!(before + 1));
        }
    }
    json!({"ok": true, "accepted": taken.len(), "noted": noted})
}

/// Records as they leave, as server-sent events. Whoever listens too slowly is told how many it missed.
async fn records(State(shared): State<Arc<Shared>>) -> Response {
    let receiver = shared.handle.records.subscribe();
    let stream = futures::stream::unfold(receiver, |mut receiver| async move {
        let text = match receiver.recv().await {
            Ok(line) => format!("data: {line}\n\n"),
            Err(broadcast::error::RecvError::Lagged(missed)) => {
                format!("event: missed\ndata: {{\"missed\":{missed}}}\n\n")
            }
            Err(broadcast::error::RecvError::Closed) => return None,
        };
        Some((Ok::<_, Infallible>(text), receiver))
    });
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    (headers, Body::from_stream(stream.boxed())).into_response()
}

/// The last of what did not join.
async fn lost(State(shared): State<Arc<Shared>>) -> Response {
    let (sender, receiver) = oneshot::channel();
    let requests = shared.handle.requests.clone();
    let sent = tokio::task::spawn_blocking(move || requests.send(Message::Samples(sender))).await;
    let samples = match sent {
        Ok(Ok(())) => receiver.await.unwrap_or_default(),
        _ => Vec::new(),
    };
    let lines = samples.iter().map(|sample| {
        json!({"lost": sample.lost.name(), "key": sample.key, "time_ms": sample.time_ms, "delay_ms": sample.delay_ms})
    });
    json_response(StatusCode::OK, &lines.collect())
}

async fn counters(State(shared): State<Arc<Shared>>) -> Response {
    let counters = shared.handle.metrics.counters().named();
    let named = counters.into_iter().map(|(name, count)| (name.to_owned(), json!(count)));
    json_response(StatusCode::OK, &Value::Object(named.collect()))
}

async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], shared.handle.metrics.text()).into_response()
}
