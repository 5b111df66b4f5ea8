//! Files dropped anywhere on the page. Where the host takes drops itself, only its own news count.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::DragEvent;

use super::file_input::is_ours;
use crate::page_js;
use crate::state::projects::{GivenFile, is_document};
use crate::state::{Studio, use_studio};

#[component]
pub fn DropOverlay() -> impl IntoView {
    let studio = use_studio();
    let over = RwSignal::new(false);
    listen("dragover", move |event| {
        if carries_files(&event) {
            event.prevent_default();
            over.set(true);
        }
    });
    listen("dragleave", move |event| {
        // The pointer left the window, not just an element of it.
        if event.related_target().is_none() {
            over.set(false);
        }
    });
    listen("drop", move |event| {
        over.set(false);
        if !carries_files(&event) {
            return;
        }
        event.prevent_default();
        if studio.capabilities.with_untracked(|able| able.native_drop) {
            return;
        }
        if let Some(transfer) = event.data_transfer() {
            let files = page_js::dropped_files(&transfer);
            spawn_local(async move { take(studio, JsFuture::from(files).await).await });
        }
    });
    let words = move || match studio.project.with(|project| project.as_ref().map(|project| project.name.clone())) {
        Some(name) => format!("Drop to add the data to {name}"),
        None => "Drop to start a project with it".to_owned(),
    };
    view! {
        <Show when=move || over.get()>
            <div class="drop-overlay" data-testid="drop-overlay">
                <p>{words}</p>
                <p class="dim">"JSON, JSON Lines, CSV or Parquet, packed with gzip or zstd or not, or a project's folder"</p>
            </div>
        </Show>
    }
}

fn listen(name: &str, act: impl FnMut(DragEvent) + 'static) {
    let listener = Closure::<dyn FnMut(DragEvent)>::new(act);
    // Lives as long as the page, like the app around it.
    if window().add_event_listener_with_callback(name, listener.as_ref().unchecked_ref()).is_ok() {
        listener.forget();
    }
}

fn carries_files(event: &DragEvent) -> bool {
    event
        .data_transfer()
        .is_some_and(|transfer| transfer.types().iter().any(|kind| kind.as_string().as_deref() == Some("Files")))
}

async fn take(studio: Studio, dropped: Result<JsValue, JsValue>) {
    let Ok(dropped) = dropped else {
        studio.toasts.error("The dropped files could not be read. Try “Add data…” instead.");
        return;
    };
    let all: Vec<GivenFile> = js_sys::Array::from(&dropped).iter().filter_map(|given| given_file(&given)).collect();
    let in_project = studio.project.with_untracked(Option::is_some);
    let is_folder = all.iter().any(|given| given.path.contains('/') && is_document(&given.path));
    if in_project && !is_folder {
        let files = all.into_iter().map(|given| given.file).collect();
        studio.uploads.send(studio, files).await;
        return;
    }
    let files: Vec<GivenFile> = all.into_iter().filter(|given| is_ours(&given.path)).collect();
    if files.is_empty() {
        studio.toasts.error(
            "Nothing here can be read: drop data (.json, .jsonl, .csv, .parquet, .gz, .zst) or a project's folder.",
        );
    } else {
        studio.projects.import_after(studio, files);
    }
}

fn given_file(given: &JsValue) -> Option<GivenFile> {
    let path = js_sys::Reflect::get(given, &"path".into()).ok()?.as_string()?;
    let file = js_sys::Reflect::get(given, &"file".into()).ok()?.dyn_into().ok()?;
    Some(GivenFile { path, file })
}
