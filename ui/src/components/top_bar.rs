//! The bar at the top: project, pages, search, whether the preview is live, theme.

use leptos::prelude::*;

use super::icon::icon;
use super::project_menu::ProjectMenu;
use super::roving::rove;
use crate::state::dialogs::Dialog;
use crate::state::preview::Standing;
use crate::state::theme::ThemeChoice;
use crate::state::{Page, use_studio};

#[component]
pub fn TopBar() -> impl IntoView {
    let studio = use_studio();
    let is_open = move || studio.project.with(Option::is_some);
    view! {
        <header class="top-bar">
            <ProjectMenu />
            <Show when=is_open>
                <nav class="pages" aria-label="Pages" on:keydown=|event| rove(&event)>
                    {Page::ALL.map(|page| view! { <PageTab page /> })}
                </nav>
            </Show>
            <span class="grow"></span>
            <button
                class="search-button"
                data-testid="palette-button"
                aria-haspopup="dialog"
                on:click=move |_| studio.dialog.set(Some(Dialog::Palette { documents: false }))
            >
                <kbd>"Ctrl K"</kbd>
                <span>"Search or run…"</span>
            </button>
            <Show when=is_open>
                <LiveMark />
            </Show>
            <ThemeSwitch />
        </header>
    }
}

#[component]
fn PageTab(page: Page) -> impl IntoView {
    let studio = use_studio();
    let current = move || studio.page.get() == page;
    view! {
        <button
            class="page-tab"
            class:active=current
            data-item
            data-testid=format!("page-{}", page.slug())
            aria-current=move || current().then_some("page")
            on:click=move |_| studio.go(page)
        >
            {page.title()}
        </button>
    }
}

/// The preview's state in one word.
#[component]
fn LiveMark() -> impl IntoView {
    let studio = use_studio();
    let standing = Memo::new(move |_| studio.preview.standing(studio));
    let word = move || match standing.get() {
        _ if !studio.online.get() => ("offline", "error"),
        Standing::UpToDate => ("live", "ok"),
        Standing::Running | Standing::Pending => ("running", "busy"),
        Standing::Errors(_) => ("held by problems", "error"),
        Standing::Failed => ("failed", "error"),
        Standing::Stopped => ("stopped", "idle"),
        Standing::NoData => ("no data", "idle"),
        Standing::NoDocument => ("no document", "idle"),
    };
    view! {
        <span class=move || format!("live {}", word().1) data-testid="live" role="status">
            <span class="live-dot" aria-hidden="true"></span>
            {move || word().0}
        </span>
    }
}

#[component]
fn ThemeSwitch() -> impl IntoView {
    let theme = use_studio().theme;
    let words = move || match theme.choice.get() {
        ThemeChoice::System => ("system", "Theme: as the system. Switch to light"),
        ThemeChoice::Light => ("sun", "Theme: light. Switch to dark"),
        ThemeChoice::Dark => ("moon", "Theme: dark. Follow the system"),
    };
    view! {
        <button
            class="icon-button"
            data-testid="theme"
            aria-label=move || words().1
            title=move || words().1
            on:click=move |_| theme.choose(theme.choice.get_untracked().next())
        >
            {move || icon(words().0)}
        </button>
    }
}
