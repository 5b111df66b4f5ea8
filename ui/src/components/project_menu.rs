//! The project's name, and the way to another one.

use leptos::html;
use leptos::prelude::*;
use studio_api::RecentProject;

use super::icon::icon;
use super::roving::rove;
use crate::state::projects::Destination;
use crate::state::use_studio;

#[component]
pub fn ProjectMenu() -> impl IntoView {
    let studio = use_studio();
    let menu = NodeRef::<html::Div>::new();
    let name = move || {
        studio.project.with(|project| project.as_ref().map_or("DTC Studio".to_owned(), |project| project.name.clone()))
    };
    let is_open = move || studio.project.with(Option::is_some);
    view! {
        <Show
            when=is_open
            fallback=|| view! { <span class="brand"><Mark />"DTC Studio"</span> }
        >
            <button class="brand project-button" popovertarget="project-menu" data-testid="project-menu" aria-haspopup="menu">
                <Mark />
                {name}
                {icon("chevron")}
            </button>
            <div id="project-menu" class="menu" popover="auto" role="menu" aria-label="Projects" node_ref=menu on:keydown=|event| rove(&event)>
                <ProjectItems menu />
            </div>
        </Show>
    }
}

#[component]
fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d="M8 1.5L14.5 8 8 14.5 1.5 8z"></path>
        </svg>
    }
}

#[component]
fn ProjectItems(menu: NodeRef<html::Div>) -> impl IntoView {
    let studio = use_studio();
    let hide = move || {
        if let Some(menu) = menu.get_untracked() {
            // A menu that is already closed stays so.
            let _ = menu.hide_popover();
        }
    };
    let location = move || studio.project.with(|project| project.as_ref().map(|project| project.location.clone()));
    let others = move || {
        let current = studio.project.with(|project| project.as_ref().map(|project| project.id.clone()));
        studio
            .projects
            .recent
            .get()
            .into_iter()
            .filter(|project| Some(&project.id) != current.as_ref())
            .take(8)
            .collect::<Vec<_>>()
    };
    view! {
        <p class="menu-note" title="Where this project is">{location}</p>
        <For each=others key=|project| project.id.clone() let:project>
            <RecentItem project on_open=Callback::new(move |_| hide()) />
        </For>
        <Show when=move || studio.capabilities.with(|able| able.native_dialogs)>
            <button class="menu-item" role="menuitem" data-item on:click=move |_| { hide(); studio.leave_for(Destination::Folder) }>
                {icon("folder")}
                "Open folder…"
            </button>
        </Show>
        <button
            class="menu-item"
            role="menuitem"
            data-item
            data-testid="close-project"
            on:click=move |_| { hide(); studio.leave_for(Destination::Start) }
        >
            {icon("system")}
            "All projects and templates"
        </button>
    }
}

#[component]
fn RecentItem(project: RecentProject, on_open: Callback<()>) -> impl IntoView {
    let studio = use_studio();
    let id = project.id.clone();
    let open = move |_| {
        on_open.run(());
        studio.leave_for(Destination::Project(id.clone()));
    };
    view! {
        <button class="menu-item" role="menuitem" data-item title=project.location on:click=open>
            {icon("folder")}
            {project.name}
        </button>
    }
}
