//! The bundle's files beside the last export's: the changes of the chosen one, or its text in the editor's colours.

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{ExportFile, FileChange};
use wasm_bindgen_futures::JsFuture;

use crate::components::roving::rove;
use crate::editor::bridge;
use crate::state::format::bytes;
use crate::state::use_studio;

/// Longer texts are shown without colours, at once.
const COLOURED: usize = 200_000;
/// Height of a line of text, in pixels, as the style sheet has it.
const LINE: i32 = 19;

#[component]
pub fn ExportFiles(files: Vec<ExportFile>) -> impl IntoView {
    let shown = use_studio().exports.shown;
    let files = StoredValue::new(files);
    let current = Memo::new(move |_| {
        let path = shown.get();
        files.with_value(|files| files.iter().find(|file| Some(&file.path) == path.as_ref()).cloned())
    });
    view! {
        <section class="bundle" aria-label="Files of the bundle">
            <div class="bundle-list" role="listbox" aria-label="Files" on:keydown=|event| rove(&event)>
                {files.get_value().into_iter().map(|file| view! { <FileRow file /> }).collect_view()}
            </div>
            <div class="bundle-text">
                {move || current.get().map(|file| view! { <FileText file /> })}
            </div>
        </section>
    }
}

#[component]
fn FileRow(file: ExportFile) -> impl IntoView {
    let exports = use_studio().exports;
    let path = StoredValue::new(file.path.clone());
    let active = move || exports.shown.with(|shown| shown.as_deref() == Some(path.get_value().as_str()));
    let show = move |_| {
        exports.line.set(None);
        exports.whole.set(false);
        exports.shown.set(Some(path.get_value()));
    };
    let (class, word) = match file.change {
        FileChange::Same => ("", String::new()),
        FileChange::New => ("new", "new".to_owned()),
        FileChange::Gone => ("gone", "gone".to_owned()),
        FileChange::Changed if file.diff.is_empty() => ("changed", "changed".to_owned()),
        FileChange::Changed => ("changed", format!("+{} −{}", file.added, file.removed)),
    };
    view! {
        <button
            class=format!("row {class}")
            class:active=active
            role="option"
            aria-selected=move || active().to_string()
            data-item
            data-testid="export-file"
            on:click=show
        >
            <span class="row-name" title=path.get_value()>{path.get_value()}</span>
            <span class="row-change">{word}</span>
            <span class="row-note">{(file.change != FileChange::Gone).then(|| bytes(&file.bytes.to_string()))}</span>
        </button>
    }
}

/// A unified diff as lines that carry their sign and its colour.
pub fn diff_html(diff: &str) -> String {
    let line = |line: &str| {
        let class = match line.as_bytes().first() {
            Some(b'+') => "added",
            Some(b'-') => "removed",
            Some(b'@') => "hunk",
            _ => "kept",
        };
        let text = line.replace('&', "&amp;").replace('<', "&lt;");
        format!("<div class=\"{class}\">{text}</div>")
    };
    diff.lines().map(line).collect()
}

fn language(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "yaml" | "yml" if path.contains(".dtc.") => "dtc",
        "yaml" | "yml" => "yaml",
        "md" => "markdown",
        "sh" => "shell",
        "py" => "python",
        "rhai" => "rust",
        _ => "plaintext",
    }
}

#[component]
fn FileText(file: ExportFile) -> impl IntoView {
    let exports = use_studio().exports;
    let Some(text) = file.text else {
        let size = bytes(&file.bytes.to_string());
        return view! { <p class="quiet">{format!("{} is not text, or too long to show ({size}).", file.path)}</p> }
            .into_any();
    };
    let has_diff = !file.diff.is_empty();
    let diff = StoredValue::new(file.diff);
    let whole = Memo::new(move |_| !has_diff || exports.whole.get());
    let coloured = RwSignal::new(None::<String>);
    if text.len() <= COLOURED {
        let colours = bridge::colorize(&text, language(&file.path));
        spawn_local(async move {
            let html = JsFuture::from(colours).await.ok().and_then(|html| html.as_string());
            // The file may have been left meanwhile.
            let _ = coloured.try_set(html);
        });
    }
    let place = NodeRef::<html::Pre>::new();
    Effect::new(move |_| {
        coloured.track();
        if let (Some(pre), Some(line)) = (place.get(), exports.line.get()) {
            request_animation_frame(move || pre.set_scroll_top((line as i32 - 8).max(0) * LINE));
        }
    });
    let toggle = has_diff.then(|| {
        view! {
            <div class="choices">
                <button class="choice" class:active=move || !whole.get() aria-pressed=move || (!whole.get()).to_string() on:click=move |_| exports.whole.set(false)>"Changes"</button>
                <button class="choice" class:active=move || whole.get() aria-pressed=move || whole.get().to_string() data-testid="export-whole" on:click=move |_| exports.whole.set(true)>"Whole file"</button>
            </div>
        }
    });
    let escaped = text.replace('&', "&amp;").replace('<', "&lt;");
    let gone = (file.change == FileChange::Gone)
        .then(|| view! { <p class="quiet">"Gone since the last export. This is what it held."</p> });
    let style = move || exports.line.get().map(|line| format!("--at:{line}")).unwrap_or_default();
    view! {
        {toggle}
        {gone}
        <Show
            when=move || whole.get()
            fallback=move || view! { <pre class="code diff" tabindex="0" data-testid="export-diff" inner_html=diff.with_value(|diff| diff_html(diff))></pre> }
        >
            <pre
                class="code"
                class:led=move || exports.line.get().is_some()
                style=style
                tabindex="0"
                node_ref=place
                data-testid="export-text"
                inner_html={
                    let escaped = escaped.clone();
                    move || coloured.get().unwrap_or_else(|| escaped.clone())
                }
            ></pre>
        </Show>
    }
    .into_any()
}
