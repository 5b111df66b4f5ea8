//! Monaco's place on the page. Makes the editor when it is mounted and disposes of it after.

use leptos::html;
use leptos::prelude::*;

use super::bridge;
use super::tabs::DocumentTabs;
use crate::state::use_studio;

#[component]
pub fn EditorPane() -> impl IntoView {
    let studio = use_studio();
    let place = NodeRef::<html::Div>::new();
    let made = RwSignal::new(false);
    Effect::new(move |_| {
        if let Some(element) = place.get() {
            bridge::create_editor(&element);
            made.set(true);
        }
    });
    Effect::new(move |_| {
        if made.get()
            && let Some(name) = studio.documents.active.get()
        {
            bridge::show_document(&name);
        }
    });
    on_cleanup(bridge::dispose_editor);
    let nothing = move || studio.documents.active.with(Option::is_none);
    view! {
        <section class="editor-pane" aria-label="Documents">
            <DocumentTabs />
            <div class="editor-body">
                <div class="monaco" node_ref=place data-testid="editor" class:covered=nothing></div>
                <Show when=nothing>
                    <div class="empty">
                        <p>"No document is open. Choose one in the project tree, or press Ctrl-P."</p>
                    </div>
                </Show>
            </div>
        </section>
    }
}
