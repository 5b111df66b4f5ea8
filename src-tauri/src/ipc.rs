//! The page's two entries. Texts in, texts out, as `studio_api::wire` says; blocking work on other threads.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use studio::{Feed, Next, Studio};
use studio_api::{ApiError, ErrorCode, FeedFrame};
use tauri::State;
use tauri::ipc::Channel;

/// How long a quiet feed takes to notice that the page is gone.
const LOOK: Duration = Duration::from_millis(250);
/// Feeds about what the page shows: the start or one project, so that a new one ends the one before.
const PLACE_FEEDS: [&str; 2] = ["WatchDrops", "WatchProject"];

/// Who still listens: a window has one page, and a page shows one place at a time.
#[derive(Default)]
pub struct Listeners {
    page: Arc<AtomicU64>,
    place: Arc<AtomicU64>,
}

impl Listeners {
    /// The page is left or loaded anew: its feeds have no listener any more.
    pub fn page_left(&self) {
        self.page.fetch_add(1, Ordering::Relaxed);
    }
}

#[tauri::command]
pub async fn rpc(studio: State<'_, Studio>, name: String, body: String) -> Result<String, String> {
    let studio = studio.inner().clone();
    let answered = tauri::async_runtime::spawn_blocking(move || studio::dispatch(&studio, &name, &body)).await;
    answered
        .unwrap_or_else(|_| Err(ApiError::new(ErrorCode::Internal, "The studio is stopping.")))
        .map_err(|error| text(&error))
}

#[tauri::command]
pub async fn feed(
    studio: State<'_, Studio>,
    listeners: State<'_, Listeners>,
    name: String,
    body: String,
    channel: Channel<String>,
) -> Result<(), String> {
    let mut turns = vec![turn(&listeners.page, 0)];
    if PLACE_FEEDS.contains(&name.as_str()) {
        turns.push(turn(&listeners.place, 1));
    }
    let is_heard = move || turns.iter().all(|(now, mine)| now.load(Ordering::Relaxed) == *mine);
    let studio = studio.inner().clone();
    tauri::async_runtime::spawn_blocking(move || match studio::subscribe(&studio, &name, &body) {
        Ok(feed) => pump(feed, &channel, is_heard),
        Err(error) => send(&channel, text(&FeedFrame::<()>::Refused { error })),
    });
    Ok(())
}

/// A counter and its value for this listener, `step` further than before.
fn turn(counter: &Arc<AtomicU64>, step: u64) -> (Arc<AtomicU64>, u64) {
    (counter.clone(), counter.fetch_add(step, Ordering::Relaxed) + step)
}

fn pump(mut feed: Box<dyn Feed>, channel: &Channel<String>, is_heard: impl Fn() -> bool) {
    while is_heard() {
        match feed.next(LOOK) {
            Next::Quiet => {}
            Next::Frame { json, .. } => send(channel, json),
            Next::Ended => return send(channel, text(&FeedFrame::<()>::End)),
        }
    }
}

/// A window that is already closed misses nothing.
fn send(channel: &Channel<String>, frame: String) {
    let _ = channel.send(frame);
}

fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}
