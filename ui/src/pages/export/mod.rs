//! Export: the documents as infrastructure, read before they are taken away: what changed since the last time, what that
//! does to data, what there is and how it hangs together, whether it holds.

mod checks;
mod edits;
mod files;
mod graph;

use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{BundleTarget, DocumentKind, ExportEnvironment, ExportInfo, FileChange, SavePlace};
use wasm_bindgen_futures::JsFuture;

use self::checks::Checks;
use self::edits::Edits;
use self::files::ExportFiles;
use self::graph::Graph;
use super::report_notice::problems_of;
use crate::components::empty::Empty;
use crate::components::icon::icon;
use crate::components::problem_list::ProblemRow;
use crate::components::roving::rove;
use crate::page_js;
use crate::state::dialogs::Dialog;
use crate::state::exports::Tab;
use crate::state::format::moment;
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
                    <Show when=move || info.with(Option::is_some)>
                        <Actions />
                    </Show>
                </header>
                <Refusal />
                {move || info.get().map(|info| view! {
                    <div class="report" class:old=move || old.get()>
                        <Warnings info=info.clone() />
                        <Deploy environments=info.environments.clone() />
                        <Tabs info />
                    </div>
                })}
                <Edits />
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
fn Actions() -> impl IntoView {
    let studio = use_studio();
    let exports = studio.exports;
    let held = Memo::new(move |_| exports.busy.get() || exports.making.get() || exports.is_old(studio));
    let native = move || studio.capabilities.with(|able| able.native_dialogs);
    let button = move |testid: &'static str,
                       class: &'static str,
                       sign: &'static str,
                       words: &'static str,
                       act: fn(crate::state::Studio)| {
        view! {
            <button class=class data-testid=testid disabled=move || held.get() on:click=move |_| act(studio)>
                {icon(sign)}
                {words}
            </button>
        }
    };
    view! {
        <div class="actions">
            {button("export-verify", "button", "good", "Verify", |studio| studio.exports.check(studio))}
            {button("export-save", "button", "folder", "Save to project folder", |studio| studio.exports.save(studio, SavePlace::Project, None))}
            <Show
                when=native
                fallback=move || button("export-download", "button primary", "download", "Download zip", |studio| {
                    if let Some(info) = studio.exports.info.get_untracked() {
                        studio.exports.download(studio, info.export);
                    }
                })
            >
                {button("export-save-to", "button primary", "folder", "Save to…", |studio| studio.exports.save(studio, SavePlace::Ask, None))}
            </Show>
        </div>
    }
}

/// What changed since the last export, and what deploying that does to data.
#[component]
fn Warnings(info: ExportInfo) -> impl IntoView {
    let exports = use_studio().exports;
    let count = |change| info.files.iter().filter(|file| file.change == change).count();
    let changes = [(FileChange::Changed, "changed"), (FileChange::New, "new"), (FileChange::Gone, "gone")];
    let told: Vec<String> = changes
        .into_iter()
        .filter_map(|(change, word)| match count(change) {
            0 => None,
            count => Some(format!("{count} {word}")),
        })
        .collect();
    let words = match &info.last {
        None => "The first export: there is no earlier one to compare with.".to_owned(),
        Some(last) if told.is_empty() => format!("No file changed since the export of {}.", moment(last)),
        Some(last) => format!("Since the export of {}: {}.", moment(last), told.join(", ")),
    };
    let warning = |warning: studio_api::ExportWarning| {
        let line = warning.line;
        let link = (line > 0).then(|| view! {
            " "
            <button class="link" on:click=move |_| exports.go_to("template.yaml", line)>{format!("template.yaml:{line}")}</button>
        });
        view! { <li class="guard" class:refuses=warning.severe data-testid="export-warning">{warning.message}{link}</li> }
    };
    let warnings = info.warnings.into_iter().map(warning).collect_view();
    view! {
        <p class="quiet-inline" data-testid="export-since">{words}</p>
        <ul class="guards" aria-label="What this does to data">{warnings}</ul>
    }
}

/// The commands of one environment.
#[component]
fn Deploy(environments: Vec<ExportEnvironment>) -> impl IntoView {
    let studio = use_studio();
    let chosen = studio.exports.environment;
    let names: Vec<String> = environments.iter().map(|one| one.name.clone()).collect();
    let environments = StoredValue::new(environments);
    let current = Memo::new(move |_| {
        let wanted = chosen.get();
        environments.with_value(|all| {
            let named = all.iter().find(|one| Some(&one.name) == wanted.as_ref());
            named
                .or(all.first())
                .map(|one| (one.name.clone(), one.about.clone(), one.commands.join("\n")))
                .unwrap_or_default()
        })
    });
    let choices = names.into_iter().map(|name| {
        let (own, picked) = (name.clone(), name.clone());
        let active = Memo::new(move |_| current.with(|(name, ..)| *name == own));
        view! {
            <button class="choice" class:active=move || active.get() aria-pressed=move || active.get().to_string() data-item=""
                data-testid=format!("environment-{name}") on:click=move |_| chosen.set(Some(picked.clone()))>{name.clone()}</button>
        }
    });
    let copy = move |_| {
        let copying = page_js::copy_text(&current.get_untracked().2);
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
                <div class="choices" role="group" aria-label="Environment" on:keydown=|event| rove(&event)>{choices.collect_view()}</div>
                <span class="quiet-inline" data-testid="environment-about">{move || current.get().1}</span>
                <button class="button small" on:click=copy>{icon("copy")}"Copy"</button>
            </header>
            <pre tabindex="0" data-testid="export-commands">{move || current.get().2}</pre>
        </section>
    }
}

#[component]
fn Tabs(info: ExportInfo) -> impl IntoView {
    let exports = use_studio().exports;
    let tab = exports.tab;
    let findings = move || {
        exports.verified.with(|verified| {
            verified.as_ref().map_or(0, |(_, state)| state.steps.iter().map(|step| step.findings.len()).sum::<usize>())
        })
    };
    let files = info.files.len();
    let resources = info.resources.len();
    let head = move |value: Tab, slug: &'static str, words: &'static str, count: Signal<usize>| {
        view! {
            <button role="tab" class="tab" class:active=move || tab.get() == value aria-selected=move || (tab.get() == value).to_string()
                data-item="" data-testid=format!("export-tab-{slug}") on:click=move |_| tab.set(value)>
                {words}" "<span class="quiet-inline">{move || count.get()}</span>
            </button>
        }
    };
    let info = StoredValue::new(info);
    view! {
        <section class="bundle-tabs" aria-label="The bundle">
            <div role="tablist" class="tabs" on:keydown=|event| rove(&event)>
                {head(Tab::Files, "files", "Files", Signal::stored(files))}
                {head(Tab::Resources, "resources", "Resources", Signal::stored(resources))}
                {head(Tab::Checks, "checks", "Findings", Signal::derive(findings))}
            </div>
            {move || match tab.get() {
                Tab::Files => view! { <ExportFiles files=info.with_value(|info| info.files.clone()) /> }.into_any(),
                Tab::Resources => {
                    let (resources, drawing) = info.with_value(|info| (info.resources.clone(), info.diagram.clone()));
                    view! { <Graph resources drawing /> }.into_any()
                }
                Tab::Checks => view! { <Checks export=info.with_value(|info| info.export.clone()) /> }.into_any(),
            }}
        </section>
    }
}
