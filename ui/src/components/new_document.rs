//! Asks for a new document's kind and name.

use leptos::html;
use leptos::prelude::*;
use studio_api::DocumentKind;

use super::modal::Modal;
use crate::state::use_studio;

const KINDS: [(DocumentKind, &str, &str, &str); 6] = [
    (DocumentKind::Streaming, "streaming", "Streaming: events to identities and sessions", "streaming.dtc.yaml"),
    (DocumentKind::Window, "window", "Window: features around an anchor", "window.dtc.yaml"),
    (DocumentKind::Attribution, "attribution", "Attribution: credit per touch point", "attribution.dtc.yaml"),
    (DocumentKind::Join, "join", "Join: decisions and their rewards", "join.dtc.yaml"),
    (DocumentKind::Pipeline, "pipeline", "Pipeline: how it is deployed", "pipeline.dtc.yaml"),
    (DocumentKind::Function, "function", "Function: a Rhai script for expressions", "functions/my_functions.rhai"),
];

/// A name of this kind that is still free.
pub fn free_name(kind: DocumentKind, taken: impl Fn(&str) -> bool) -> String {
    let first = KINDS.iter().find(|(known, ..)| *known == kind).map_or("document.dtc.yaml", |(_, _, _, name)| name);
    let (stem, end) = first.split_once('.').unwrap_or((first, "yaml"));
    let numbered = (2..).map(|number| format!("{stem}{number}.{end}"));
    std::iter::once(first.to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
}

#[component]
pub fn NewDocument(kind: DocumentKind) -> impl IntoView {
    let studio = use_studio();
    let free = move |kind| {
        let list = studio.documents.list.get_untracked();
        free_name(kind, |name| list.iter().any(|info| info.name == name))
    };
    let kind = RwSignal::new(kind);
    let name = RwSignal::new(free(kind.get_untracked()));
    let input = NodeRef::<html::Input>::new();
    let choose = move |event| {
        let slug = event_target_value(&event);
        if let Some((chosen, ..)) = KINDS.iter().find(|(_, known, ..)| *known == slug) {
            kind.set(*chosen);
            name.set(free(*chosen));
        }
    };
    let close = move || studio.dialog.set(None);
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        close();
        studio.documents.create(studio, name.get_untracked().trim().to_owned(), kind.get_untracked());
    };
    view! {
        <Modal label="New document" on_close=Callback::new(move |()| close())>
            <form on:submit=submit>
                <h2>"New document"</h2>
                <label>
                    "Kind"
                    <select on:change=choose data-testid="new-kind">
                        {KINDS.map(|(known, slug, words, _)| view! { <option value=slug selected=move || kind.get() == known>{words}</option> })}
                    </select>
                </label>
                <label>
                    "Name"
                    <input type="text" node_ref=input spellcheck="false" required prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event)) data-testid="new-name" />
                </label>
                <div class="actions">
                    <button type="button" class="button" on:click=move |_| close()>"Cancel"</button>
                    <button type="submit" class="button primary" data-testid="new-create">"Create document"</button>
                </div>
            </form>
        </Modal>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_the_first_free_name() {
        assert_eq!(free_name(DocumentKind::Window, |_| false), "window.dtc.yaml");
        assert_eq!(free_name(DocumentKind::Window, |name| name == "window.dtc.yaml"), "window2.dtc.yaml");
    }
}
