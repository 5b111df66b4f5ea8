//! Export: the documents as infrastructure, read before they are taken away.

use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{BundleTarget, DocumentKind, ExportInfo, SavePlace};
use wasm_bindgen_futures::JsFuture;

use super::export_files::ExportFiles;
use super::report_notice::problems_of;
use crate::components::empty::Empty;
use crate::components::icon::icon;
use crate::components::problem_list::ProblemRow;
use crate::page_js;
use crate::state::dialogs::Dialog;
use crate::state::use_studio;

const TARGETS: [(BundleTarget, &str, &str, &str); 2] = [
    (BundleTarget::Sam, "sam", "AWS SAM", "One template and one command: sam deploy"),
    (
        BundleTarget::Cloudformation,
        "cloudformation",
        "CloudFormation",
        "A plain template, deployed with the aws command",
    ),
];

#[component]
pub fn ExportPage() -> impl IntoView {
    let studio = use_studio();
    let has_document = Memo::new(move |_| studio.documents.first(DocumentKind::Streaming).is_some());
    let old = Memo::new(move |_| studio.exports.is_old(studio));
    let info = studio.exports.info;
    view! {
        <main class="page" data-testid="export">
            <Show when=move || has_document.get() fallback=NoDocument>
                <header class="page-head">
                    <h1>"Export"</h1>
                    <Targets />
                    <span class="quiet-inline" role="status">{move || studio.exports.making.get().then_some("Making the bundle…")}</span>
                </header>
                <Refusal />
                {move || info.get().map(|info| view! {
                    <div class="report" class:old=move || old.get()>
                        <Actions info=info.clone() />
                        <Commands commands=info.commands.clone() />
                        <ExportFiles files=info.files />
                    </div>
                })}
            </Show>
        </main>
    }
}

#[component]
fn NoDocument() -> impl IntoView {
    let studio = use_studio();
    view! {
        <Empty title="Export" text="Turns the streaming document into deployable infrastructure. There is none in this project yet.">
            <button class="button primary" on:click=move |_| studio.dialog.set(Some(Dialog::NewDocument { kind: DocumentKind::Streaming }))>
                "New streaming document…"
            </button>
        </Empty>
    }
}

#[component]
fn Targets() -> impl IntoView {
    let target = use_studio().exports.target;
    let choices = TARGETS.map(|(value, slug, title, meaning)| {
        view! {
            <label class="choice" class:active=move || target.get() == value title=meaning>
                <input
                    type="radio"
                    name="target"
                    data-testid=format!("target-{slug}")
                    prop:checked=move || target.get() == value
                    on:change=move |_| target.set(value)
                />
                {title}
            </label>
        }
    });
    view! { <div class="choices" role="radiogroup" aria-label="Target">{choices}</div> }
}

#[component]
fn Refusal() -> impl IntoView {
    let studio = use_studio();
    let error = studio.exports.error;
    let problems = move || {
        error.with(|error| error.as_ref().map_or_else(Vec::new, |error| problems_of(studio, &error.diagnostics)))
    };
    view! {
        <Show when=move || error.with(Option::is_some)>
            <div class="refusal" role="alert" data-testid="refusal">
                <p>{move || error.get().map(|error| error.message)}</p>
                {move || problems().into_iter().map(|problem| view! { <ProblemRow problem /> }).collect_view()}
            </div>
        </Show>
    }
}

/// Taking it away. Refused while what is shown is not what the documents say.
#[component]
fn Actions(info: ExportInfo) -> impl IntoView {
    let studio = use_studio();
    let exports = studio.exports;
    let held = Memo::new(move |_| exports.busy.get() || exports.making.get() || exports.is_old(studio));
    let export = StoredValue::new(info.export);
    let native = move || studio.capabilities.with(|able| able.native_dialogs);
    let save = move |place| exports.save(studio, export.get_value(), place);
    view! {
        <div class="actions left">
            <Show
                when=native
                fallback=move || view! {
                    <button
                        class="button primary"
                        data-testid="export-download"
                        disabled=move || held.get()
                        on:click=move |_| exports.download(studio, export.get_value())
                    >
                        {icon("download")}
                        "Download zip"
                    </button>
                }
            >
                <button class="button primary" data-testid="export-save-to" disabled=move || held.get() on:click=move |_| save(SavePlace::Ask)>
                    {icon("folder")}
                    "Save to…"
                </button>
            </Show>
            <button class="button" data-testid="export-save" disabled=move || held.get() on:click=move |_| save(SavePlace::Project)>
                {icon("folder")}
                "Save to project folder"
            </button>
        </div>
    }
}

#[component]
fn Commands(commands: Vec<String>) -> impl IntoView {
    let studio = use_studio();
    let text = commands.join("\n");
    let copied = text.clone();
    let copy = move |_| {
        let copying = page_js::copy_text(&copied);
        spawn_local(async move {
            let done = JsFuture::from(copying).await.ok().and_then(|done| done.as_bool()).unwrap_or(false);
            if done {
                studio.toasts.good("Copied the commands");
            } else {
                studio.toasts.error("The browser does not allow copying here. Mark the text and copy it with Ctrl-C.");
            }
        });
    };
    view! {
        <section class="commands" aria-label="Deploy">
            <header>
                <h2>"Deploy"</h2>
                <button class="button small" on:click=copy>{icon("copy")}"Copy"</button>
            </header>
            <pre tabindex="0" data-testid="export-commands">{text}</pre>
        </section>
    }
}
