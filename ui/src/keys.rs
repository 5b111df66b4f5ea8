//! Keys that work everywhere on the page. Heard before the editor hears them.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::KeyboardEvent;

use crate::editor::{bridge, keep_focus};
use crate::state::dialogs::Dialog;
use crate::state::layout::BottomTab;
use crate::state::{Page, Studio};

pub fn listen(studio: Studio) {
    let listener = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        if act(studio, &event) {
            event.prevent_default();
            event.stop_propagation();
        }
    });
    let outcome =
        window().add_event_listener_with_callback_and_bool("keydown", listener.as_ref().unchecked_ref(), true);
    if outcome.is_ok() {
        listener.forget();
    }
}

/// Whether the key was ours.
fn act(studio: Studio, event: &KeyboardEvent) -> bool {
    let held = (event.ctrl_key() || event.meta_key()) && !event.alt_key() && !event.shift_key();
    let key = event.key();
    if let Some(open) = studio.dialog.get_untracked() {
        let palette = held && (key == "k" || key == "p") && matches!(open, Dialog::Palette { .. });
        if palette {
            studio.dialog.set(None);
        }
        return palette;
    }
    let in_project = studio.project.with_untracked(Option::is_some);
    match key.as_str() {
        "k" if held => studio.dialog.set(Some(Dialog::Palette { documents: false })),
        "F1" if !event.shift_key() => studio.dialog.set(Some(Dialog::Palette { documents: false })),
        _ if !in_project => return false,
        "p" if held => studio.dialog.set(Some(Dialog::Palette { documents: true })),
        "Enter" if held => studio.preview.start(studio),
        "s" if held => save(studio),
        "j" if held => {
            studio.layout.change(|sizes| sizes.bottom_open = !sizes.bottom_open);
            keep_focus();
        }
        "b" if held => {
            studio.layout.change(|sizes| sizes.side_open = !sizes.side_open);
            keep_focus();
        }
        "F8" if !event.shift_key() => next_problem(studio),
        _ => return false,
    }
    true
}

fn save(studio: Studio) {
    if let Some(name) = studio.documents.active.get_untracked() {
        studio.documents.save(studio, name, false);
    }
}

/// The next problem of the shown document, else the first of another one.
pub fn next_problem(studio: Studio) {
    let shown = studio.documents.active.get_untracked();
    let target = studio.documents.checked.with_untracked(|checked| {
        let here = checked.problems.iter().any(|problem| Some(&problem.document) == shown.as_ref());
        let first = checked.problems.first().map(|problem| (problem.document.clone(), problem.place));
        if here { None } else { Some(first) }
    });
    match target {
        None => {
            studio.page.set(Page::Author);
            // Monaco's own walk through the markers, with the message shown in the text.
            request_animation_frame(|| bridge::act("editor.action.marker.next"));
        }
        Some(Some((document, place))) => {
            studio.documents.reveal(studio, &document, place.start_line, place.start_column)
        }
        Some(None) => studio.layout.show_bottom(BottomTab::Problems),
    }
}
