//! What can be looked at while the service runs: records as they leave, what did not join, numbers.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use serde_json::{Value, json};
use tokio::sync::{broadcast, oneshot};

use crate::core::Message;
use crate::http::{Shared, json_response};

/// Records as they leave, as server-sent events. Whoever listens too slowly is told how many it missed; `?most=N` asks for
/// N a second at most.
pub async fn records(State(shared): State<Arc<Shared>>, Query(asked): Query<HashMap<String, String>>) -> Response {
    let most = asked.get("most").and_then(|most| most.parse::<u64>().ok()).unwrap_or(u64::MAX);
    let receiver = shared.handle.records.subscribe();
    let stream = futures::stream::unfold(
        (receiver, Instant::now(), 0),
        move |(mut receiver, mut since, mut given)| async move {
            loop {
                let text = match receiver.recv().await {
                    Ok(line) => format!("data: {line}\n\n"),
                    Err(broadcast::error::RecvError::Lagged(missed)) => {
                        format!("event: missed\ndata: {{\"missed\":{missed}}}\n\n")
                    }
                    Err(broadcast::error::RecvError::Closed) => return None,
                };
                if since.elapsed() >= Duration::from_secs(1) {
                    (since, given) = (Instant::now(), 0);
                }
                given += 1;
                if given <= most {
                    return Some((Ok::<_, Infallible>(text), (receiver, since, given)));
                }
            }
        },
    );
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    (headers, Body::from_stream(stream.boxed())).into_response()
}

/// The last of what did not join; `?kind=late_reward` asks for one kind.
pub async fn lost(State(shared): State<Arc<Shared>>, Query(asked): Query<HashMap<String, String>>) -> Response {
    let (sender, receiver) = oneshot::channel();
    let requests = shared.handle.requests.clone();
    let sent = tokio::task::spawn_blocking(move || requests.send(Message::Samples(sender))).await;
    let samples = match sent {
        Ok(Ok(())) => receiver.await.unwrap_or_default(),
        _ => Vec::new(),
    };
    let kind = asked.get("kind");
    let wanted = samples.iter().filter(|sample| kind.is_none_or(|kind| kind == sample.lost.name()));
    let lines = wanted.map(|sample| {
        json!({"lost": sample.lost.name(), "key": sample.key, "time_ms": sample.time_ms, "delay_ms": sample.delay_ms})
    });
    json_response(StatusCode::OK, &lines.collect())
}

pub async fn counters(State(shared): State<Arc<Shared>>) -> Response {
    json_response(StatusCode::OK, &named_counters(&shared))
}

fn named_counters(shared: &Shared) -> Value {
    let counters = shared.handle.metrics.counters().named();
    Value::Object(counters.into_iter().map(|(name, count)| (name.to_owned(), json!(count))).collect())
}

/// Everything that the live page shows, in one object.
pub async fn state(State(shared): State<Arc<Shared>>) -> Response {
    let (options, rule) = (&shared.options, &shared.options.rule);
    let mut state = shared.handle.metrics.json();
    state["counters"] = named_counters(&shared);
    state["disk_budget"] = json!(options.limits.disk);
    state["rule"] = json!({
        "window_ms": rule.window_ms, "aggregation": rule.aggregation.name(), "default_reward": rule.default_reward,
        "early_ms": rule.early_ms, "remember_ms": rule.remember_ms, "activation": rule.activation,
    });
    state["judges"] = json!(shared.handle.worth.is_some());
    state["sinks"] = shared.handle.sinks.iter().map(|sink| sink.json()).collect();
    state["sources"] = shared.sources.iter().map(|source| source.json()).collect();
    json_response(StatusCode::OK, &state)
}

/// What policies are worth so far; nothing where none are judged.
pub async fn policies(State(shared): State<Arc<Shared>>) -> Response {
    match &shared.handle.worth {
        Some(worth) => json_response(StatusCode::OK, &worth.json()),
        None => {
            let reason = "no policies are judged; start the service by `dtc join serve`, with a document that has some";
            json_response(StatusCode::NOT_FOUND, &json!({"ok": false, "reason": reason}))
        }
    }
}

pub async fn metrics(State(shared): State<Arc<Shared>>) -> Response {
    let mut text = shared.handle.metrics.text(&shared.handle.sinks, &shared.sources, shared.options.limits.disk);
    if let Some(worth) = &shared.handle.worth {
        worth.text(&mut text);
    }
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], text).into_response()
}
