//! Buttons that ask for files: the host's dialog where it has one, the browser's input where not.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlInputElement};

use crate::state::projects::GivenFile;
use crate::state::use_studio;

const DOCUMENT_KINDS: [&str; 3] = [".yaml", ".yml", ".rhai"];
/// Endings of data; what a file is, the host finds out from its content.
const DATA_KINDS: [&str; 14] = [
    ".json", ".jsonl", ".ndjson", ".log", ".csv", ".tsv", ".tab", ".psv", ".parquet", ".gz", ".gzip", ".zst", ".zstd",
    ".txt",
];

/// "Add data…" in any dress.
#[component]
pub fn AddData(class: &'static str, testid: &'static str, children: Children) -> impl IntoView {
    let studio = use_studio();
    let input = NodeRef::<html::Input>::new();
    let ask = move |_| {
        if studio.capabilities.with_untracked(|able| able.native_dialogs) {
            studio.samples.pick(studio);
        } else if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let take = move |event: web_sys::Event| {
        let files: Vec<File> = chosen(&event).into_iter().map(|given| given.file).collect();
        spawn_local(studio.uploads.send(studio, files));
    };
    view! {
        <button class=class title="Add data…" aria-label="Add data…" data-testid=testid on:click=ask>{children()}</button>
        <input
            type="file"
            class="hidden-input"
            tabindex="-1"
            aria-hidden="true"
            multiple
            accept=DATA_KINDS.join(",")
            data-testid=format!("{testid}-input")
            node_ref=input
            on:change=take
        />
    }
}

/// "Open folder…"
#[component]
pub fn OpenFolder() -> impl IntoView {
    let studio = use_studio();
    let input = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(input) = input.get() {
            input.set_webkitdirectory(true);
        }
    });
    let ask = move |_| {
        if studio.capabilities.with_untracked(|able| able.native_dialogs) {
            studio.projects.pick(studio);
        } else if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    let take = move |event: web_sys::Event| {
        let files: Vec<GivenFile> = chosen(&event).into_iter().filter(|given| is_ours(&given.path)).collect();
        if files.is_empty() {
            studio.toasts.error(
                "This folder holds no documents (.yaml, .rhai) and no data (.json, .jsonl, .csv, .parquet, .gz, .zst).",
            );
        } else {
            spawn_local(studio.projects.import(studio, files));
        }
    };
    view! {
        <button class="button" data-testid="open-folder" on:click=ask>"Open folder…"</button>
        <input
            type="file"
            class="hidden-input"
            tabindex="-1"
            aria-hidden="true"
            multiple
            data-testid="open-folder-input"
            node_ref=input
            on:change=take
        />
    }
}

/// The files that an input holds, which is emptied so that the same ones can be chosen again.
fn chosen(event: &web_sys::Event) -> Vec<GivenFile> {
    let Some(input) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
        return Vec::new();
    };
    let Some(list) = input.files() else { return Vec::new() };
    let files = (0..list.length()).filter_map(|index| list.get(index)).map(|file| {
        let relative = js_sys::Reflect::get(&file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
        let path = relative.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name());
        GivenFile { path, file }
    });
    let files = files.collect();
    input.set_value("");
    files
}

/// What a project is made of, and nothing hidden or built.
pub fn is_ours(path: &str) -> bool {
    let hidden = path
        .split('/')
        .any(|part| part.starts_with('.') || part == "node_modules" || part == "exports" || part == "target");
    let path = path.to_ascii_lowercase();
    !hidden && DOCUMENT_KINDS.iter().chain(&DATA_KINDS).any(|kind| path.ends_with(kind))
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn a_folder_gives_documents_and_data_only() {
        assert!(is_ours("offer/streaming.dtc.yaml"));
        assert!(is_ours("offer/data/events.json.gz"));
        assert!(is_ours("offer/data/Events.CSV"));
        assert!(is_ours("offer/data/day=1/part-0.snappy.parquet"));
        assert!(is_ours("offer/data/events.jsonl.zst"));
        assert!(!is_ours("offer/.git/config.yaml"));
        assert!(!is_ours("offer/exports/sam/template.yaml"));
        assert!(!is_ours("offer/picture.png"));
    }
}
