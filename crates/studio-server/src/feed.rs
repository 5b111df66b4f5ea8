//! Feeds over HTTP: `GET /api/feed/NAME?body=REQUEST` as server-sent events, one `FeedFrame` a message.
//! A browser that comes back says which number it saw last, and goes on from there.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use studio::{Feed, Next};
use studio_api::FeedFrame;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::serve::Shared;

/// How long a quiet feed takes to notice that its listener is gone.
const LOOK: Duration = Duration::from_millis(250);

#[derive(Deserialize)]
pub(crate) struct Asked {
    body: String,
}

pub(crate) async fn feed(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let (sender, receiver) = channel(64);
    let body = resumed(asked.body, &headers);
    tokio::task::spawn_blocking(move || match studio::subscribe(&shared.studio, &name, &body) {
        Ok(feed) => pump(feed, &sender, &shared),
        Err(error) => {
            let refused = message(None, &text(&FeedFrame::<()>::Refused { error }));
            // A listener that is already gone misses nothing.
            let _ = sender.blocking_send(refused);
        }
    });
    Sse::new(messages(receiver)).keep_alive(KeepAlive::default()).into_response()
}

/// Carries the feed until it ends, its listener goes, or the server stops.
fn pump(mut feed: Box<dyn Feed>, sender: &Sender<Event>, shared: &Shared) {
    while !sender.is_closed() && !shared.is_stopping() {
        let event = match feed.next(LOOK) {
            Next::Quiet => continue,
            Next::Frame { seq, json } => message(seq, &json),
            Next::Ended => {
                // As above: the end is for those who still listen.
                let _ = sender.blocking_send(message(None, &text(&FeedFrame::<()>::End)));
                return;
            }
        };
        if sender.blocking_send(event).is_err() {
            return;
        }
    }
}

fn messages(receiver: Receiver<Event>) -> impl futures::Stream<Item = Result<Event, Infallible>> {
    futures::stream::unfold(receiver, async |mut receiver| {
        let event = receiver.recv().await?;
        Some((Ok(event), receiver))
    })
}

fn message(seq: Option<u64>, json: &str) -> Event {
    let event = Event::default().data(json);
    match seq {
        Some(seq) => event.id(seq.to_string()),
        None => event,
    }
}

fn text(frame: &FeedFrame<()>) -> String {
    serde_json::to_string(frame).unwrap_or_default()
}

/// The request, going on after the last number that the browser saw.
fn resumed(body: String, headers: &HeaderMap) -> String {
    let last = headers.get("last-event-id").and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    let request = serde_json::from_str(&body).ok();
    let (Some(last), Some(Value::Object(mut request))) = (last, request) else { return body };
    if let Some(after) = request.get_mut("after") {
        *after = last.into();
    }
    Value::Object(request).to_string()
}
