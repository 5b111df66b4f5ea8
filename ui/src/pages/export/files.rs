//! The bundle's files and the text of the chosen one, in the editor's colours.

use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::ExportFile;
use wasm_bindgen_futures::JsFuture;

use crate::components::roving::rove;
use crate::editor::bridge;
use crate::state::format::bytes;
use crate::state::use_studio;

/// Longer texts are shown without colours, at once.
const COLOURED: usize = 200_000;

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
    let shown = use_studio().exports.shown;
    let path = StoredValue::new(file.path.clone());
    let active = move || shown.with(|shown| shown.as_deref() == Some(path.get_value().as_str()));
    view! {
        <button
            class="row"
            class:active=active
            role="option"
            aria-selected=move || active().to_string()
            data-item
            data-testid="export-file"
            on:click=move |_| shown.set(Some(path.get_value()))
        >
            <span class="row-name">{file.path}</span>
            <span class="row-note">{bytes(&file.bytes.to_string())}</span>
        </button>
    }
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
    let Some(text) = file.text else {
        return view! { <p class="quiet">{format!("{} is not text ({}).", file.path, bytes(&file.bytes.to_string()))}</p> }.into_any();
    };
    let coloured = RwSignal::new(None::<String>);
    if text.len() <= COLOURED {
        let colours = bridge::colorize(&text, language(&file.path));
        spawn_local(async move {
            let html = JsFuture::from(colours).await.ok().and_then(|html| html.as_string());
            // The file may have been left meanwhile.
            let _ = coloured.try_set(html);
        });
    }
    view! {
        <Show
            when=move || coloured.with(Option::is_some)
            fallback=move || view! { <pre class="code" tabindex="0" data-testid="export-text">{text.clone()}</pre> }
        >
            <pre class="code" tabindex="0" data-testid="export-text" inner_html=move || coloured.get().unwrap_or_default()></pre>
        </Show>
    }
    .into_any()
}
