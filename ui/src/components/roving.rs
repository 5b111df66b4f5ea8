//! Arrow keys in lists and tab rows: they move the focus among the elements marked `data-item`.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

/// Handles arrows, Home and End; call from the list's `keydown`.
pub fn rove(event: &KeyboardEvent) {
    let Some(list) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) else { return };
    let Ok(found) = list.query_selector_all("[data-item]") else { return };
    let items: Vec<HtmlElement> = (0..found.length()).filter_map(|index| found.item(index)?.dyn_into().ok()).collect();
    let active = leptos::prelude::document().active_element();
    let here = items.iter().position(|item| active.as_ref().is_some_and(|active| item.is_same_node(Some(active))));
    let last = items.len().saturating_sub(1);
    let next = match (event.key().as_str(), here) {
        ("ArrowDown" | "ArrowRight", Some(here)) => (here + 1).min(last),
        ("ArrowUp" | "ArrowLeft", Some(here)) => here.saturating_sub(1),
        ("Home", Some(_)) => 0,
        ("End", Some(_)) => last,
        _ => return,
    };
    if let Some(item) = items.get(next) {
        event.prevent_default();
        // An element of the page can always be asked to take the focus.
        let _ = item.focus();
    }
}
