//! The author page: project tree, editor, results, with lines between them that move.

use leptos::html;
use leptos::prelude::*;

use crate::components::results::Results;
use crate::components::side_panel::SidePanel;
use crate::components::splitter::Splitter;
use crate::editor::pane::EditorPane;
use crate::state::layout::Sizes;
use crate::state::{Page, use_studio};

#[component]
pub fn AuthorPage() -> impl IntoView {
    let studio = use_studio();
    let layout = studio.layout;
    let side_open = move || layout.sizes.with(|sizes| sizes.side_open);
    let side = Signal::derive(move || (layout.sizes.with(|sizes| sizes.side) - 160.0) / 3.2);
    let hidden = move || studio.page.get() != Page::Author;
    view! {
        <main class="author" class:away=hidden aria-hidden=move || hidden().then_some("true")>
            <Show when=side_open>
                <div class="side" style:width=move || format!("{}px", layout.sizes.with(|sizes| sizes.side))>
                    <SidePanel />
                </div>
                <Splitter
                    label="Width of the side panel"
                    vertical=true
                    value=side
                    on_move=Callback::new(move |by| layout.change(|sizes| sizes.side += by))
                    on_reset=Callback::new(move |()| layout.change(|sizes| sizes.side = Sizes::default().side))
                />
            </Show>
            <Work />
        </main>
    }
}

/// Editor and results, sharing the width.
#[component]
fn Work() -> impl IntoView {
    let layout = use_studio().layout;
    let work = NodeRef::<html::Div>::new();
    let share = Signal::derive(move || layout.sizes.with(|sizes| (1.0 - sizes.results) * 100.0));
    let on_move = move |by: f64| {
        let width = work.get_untracked().map_or(0, |work| work.client_width());
        if width > 0 {
            layout.change(|sizes| sizes.results -= by / f64::from(width));
        }
    };
    view! {
        <div class="work" node_ref=work>
            <div class="work-editor" style:flex-grow=move || format!("{}", 1.0 - layout.sizes.with(|sizes| sizes.results))>
                <EditorPane />
            </div>
            <Splitter
                label="Width of the results"
                vertical=true
                value=share
                on_move=Callback::new(on_move)
                on_reset=Callback::new(move |()| layout.change(|sizes| sizes.results = Sizes::default().results))
            />
            <div class="work-results" style:flex-grow=move || format!("{}", layout.sizes.with(|sizes| sizes.results))>
                <Results />
            </div>
        </div>
    }
}
