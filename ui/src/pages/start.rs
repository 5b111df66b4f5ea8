//! The start page: templates, recent projects, a folder of one's own, or just data.

use leptos::prelude::*;
use studio_api::{RecentProject, Template};

use crate::components::file_input::OpenFolder;
use crate::components::icon::icon;
use crate::components::roving::rove;
use crate::state::use_studio;

#[component]
pub fn StartPage() -> impl IntoView {
    let studio = use_studio();
    let version = move || studio.capabilities.with(|able| able.version.clone());
    view! {
        <main class="start" aria-busy=move || studio.projects.opening.get().to_string()>
            <div class="start-inner">
                <h1>"From raw events to features you can deploy"</h1>
                <p class="lead">
                    "Write what sessions and windows mean, see every row while you type, export the same engine as infrastructure."
                </p>
                <Templates />
                <Recent />
                <section class="start-drop">
                    <h2>"Your own"</h2>
                    <div class="drop-hint">
                        <p>"Drop raw data or a project's folder anywhere on this window."</p>
                        <OpenFolder />
                    </div>
                </section>
                <p class="dim version">"DTC Studio " {version}</p>
            </div>
            <Show when=move || studio.projects.opening.get()>
                <p class="opening" role="status">"Opening…"</p>
            </Show>
        </main>
    }
}

#[component]
fn Templates() -> impl IntoView {
    let studio = use_studio();
    let projects = studio.projects;
    view! {
        <section on:keydown=|event| rove(&event)>
            <h2>"Templates"</h2>
            <div class="cards">
                <For each=move || projects.templates.get() key=|template| template.id.clone() let:template>
                    <TemplateCard template />
                </For>
            </div>
            <Show when=move || projects.loaded.get() && projects.templates.with(Vec::is_empty)>
                <p class="quiet">"This studio ships without templates. Open a folder, or drop data."</p>
            </Show>
        </section>
    }
}

#[component]
fn TemplateCard(template: Template) -> impl IntoView {
    let studio = use_studio();
    let id = template.id.clone();
    view! {
        <button
            class="card"
            data-item
            data-testid=format!("template-{}", template.id)
            disabled=move || studio.projects.opening.get()
            on:click=move |_| studio.projects.open_template(studio, id.clone())
        >
            <span class="card-title">{template.title}</span>
            <span class="card-text">{template.summary}</span>
            <span class="card-action">"Open template"{icon("go")}</span>
        </button>
    }
}

#[component]
fn Recent() -> impl IntoView {
    let projects = use_studio().projects;
    view! {
        <Show when=move || projects.recent.with(|recent| !recent.is_empty())>
            <section on:keydown=|event| rove(&event)>
                <h2>"Recent projects"</h2>
                <ul class="recent">
                    <For each=move || projects.recent.get() key=|project| project.id.clone() let:project>
                        <RecentRow project />
                    </For>
                </ul>
            </section>
        </Show>
    }
}

#[component]
fn RecentRow(project: RecentProject) -> impl IntoView {
    let studio = use_studio();
    let id = project.id.clone();
    view! {
        <li>
            <button
                class="recent-row"
                data-item
                data-testid="recent"
                disabled=move || studio.projects.opening.get()
                on:click=move |_| studio.projects.open(studio, id.clone())
            >
                {icon("folder")}
                <span>{project.name}</span>
                <span class="row-note">{project.location}</span>
            </button>
        </li>
    }
}
