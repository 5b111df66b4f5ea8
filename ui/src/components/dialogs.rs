//! The dialog that is open, if any.

use leptos::prelude::*;
use studio_api::Sample;

use super::modal::Modal;
use super::new_document::NewDocument;
use super::palette::Palette;
use crate::state::dialogs::Dialog;
use crate::state::projects::Destination;
use crate::state::use_studio;

#[component]
pub fn Dialogs() -> impl IntoView {
    let studio = use_studio();
    move || match studio.dialog.get() {
        None => ().into_any(),
        Some(Dialog::Palette { documents }) => view! { <Palette only_documents=documents /> }.into_any(),
        Some(Dialog::NewDocument { kind }) => view! { <NewDocument kind /> }.into_any(),
        Some(Dialog::Conflict { document }) => view! { <Conflict document /> }.into_any(),
        Some(Dialog::RemoveSample { sample }) => view! { <RemoveSampleDialog sample /> }.into_any(),
        Some(Dialog::Leave { to }) => view! { <LeaveDialog to /> }.into_any(),
        Some(Dialog::Keys) => Keys().into_any(),
    }
}

#[component]
fn Conflict(document: String) -> impl IntoView {
    let studio = use_studio();
    let (mine, file) = (document.clone(), document.clone());
    let close = move || studio.dialog.set(None);
    view! {
        <Modal label="The file changed" on_close=Callback::new(move |()| close())>
            <h2>"The file changed outside of the studio"</h2>
            <p><code>{document}</code> " is no longer what was read here. Which text shall stay?"</p>
            <div class="actions">
                <button class="button" on:click=move |_| close()>"Decide later"</button>
                <button
                    class="button"
                    data-testid="conflict-take"
                    title="Undo in the editor brings your text back"
                    on:click=move |_| { close(); studio.documents.take_file(studio, file.clone()) }
                >
                    "Load the file's text"
                </button>
                <button class="button primary" data-testid="conflict-overwrite" on:click=move |_| { close(); studio.documents.save(studio, mine.clone(), true) }>
                    "Save mine over it"
                </button>
            </div>
        </Modal>
    }
}

#[component]
fn LeaveDialog(to: Destination) -> impl IntoView {
    let studio = use_studio();
    let close = move || studio.dialog.set(None);
    let unsaved = studio.documents.drafts().into_iter().map(|draft| draft.document).collect::<Vec<_>>().join(", ");
    view! {
        <Modal label="Unsaved documents" on_close=Callback::new(move |()| close())>
            <h2>"Leave without saving?"</h2>
            <p>"Not saved: " <code>{unsaved}</code></p>
            <div class="actions">
                <button class="button danger" data-testid="leave-anyway" on:click=move |_| { close(); studio.go_to(to.clone()) }>
                    "Leave and lose the edits"
                </button>
                <button class="button" on:click=move |_| { close(); studio.documents.save_all(studio) }>"Stay and save all"</button>
                <button class="button primary" on:click=move |_| close()>"Stay"</button>
            </div>
        </Modal>
    }
}

#[component]
fn RemoveSampleDialog(sample: Sample) -> impl IntoView {
    let studio = use_studio();
    let close = move || studio.dialog.set(None);
    let name = sample.name.clone();
    view! {
        <Modal label="Remove data" on_close=Callback::new(move |()| close())>
            <h2>"Remove this data?"</h2>
            <p><code>{name}</code> " leaves the project. A copy that the studio made is deleted; a file of your own stays where it is."</p>
            <div class="actions">
                <button class="button" on:click=move |_| close()>"Keep it"</button>
                <button class="button danger" data-testid="remove-sample" on:click=move |_| { close(); studio.samples.remove(studio, sample.clone()) }>
                    "Remove data"
                </button>
            </div>
        </Modal>
    }
}

const KEYS: [(&str, &str); 9] = [
    ("Ctrl K, F1", "Search or run"),
    ("Ctrl P", "Open a document"),
    ("Ctrl Enter", "Run"),
    ("Ctrl S", "Save the document"),
    ("F8", "Next problem"),
    ("Ctrl J", "Bottom panel"),
    ("Ctrl B", "Side panel"),
    ("Arrows, Enter", "Move in lists, tables and tabs; act"),
    ("Escape", "One step back"),
];

#[component]
fn Keys() -> impl IntoView {
    let studio = use_studio();
    let close = move || studio.dialog.set(None);
    view! {
        <Modal label="Keys" on_close=Callback::new(move |()| close())>
            <h2>"Keys"</h2>
            <dl class="keys">{KEYS.map(|(key, what)| view! { <dt><kbd>{key}</kbd></dt><dd>{what}</dd> })}</dl>
            <p class="dim">"On a Mac, ⌘ stands for Ctrl."</p>
            <div class="actions">
                <button class="button primary" on:click=move |_| close()>"Close"</button>
            </div>
        </Modal>
    }
}
