//! A dialog above the page: keeps the focus inside, closes with Escape or a click beside it, and gives
//! the focus back to where it was.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, MouseEvent};

#[component]
pub fn Modal(
    label: &'static str,
    #[prop(optional)] class: &'static str,
    on_close: Callback<()>,
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    let before = document().active_element().and_then(|element| element.dyn_into::<HtmlElement>().ok());
    let before = StoredValue::new_local(before);
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get()
            && !dialog.open()
        {
            // It is in the page and closed, the two things that showing asks for.
            let _ = dialog.show_modal();
        }
    });
    on_cleanup(move || {
        if let Some(element) = before.try_get_value().flatten()
            && element.is_connected()
        {
            // Once the dialog is gone: until then the page behind it takes no focus.
            request_animation_frame(move || {
                let _ = element.focus();
            });
        }
    });
    let on_click = move |event: MouseEvent| {
        let beside = event
            .target()
            .zip(dialog.get_untracked())
            .is_some_and(|(target, dialog)| target == *dialog.unchecked_ref::<web_sys::EventTarget>());
        if beside {
            on_close.run(());
        }
    };
    view! {
        <dialog class=format!("modal {class}") node_ref=dialog aria-label=label on:close=move |_| on_close.run(()) on:click=on_click>
            {children()}
        </dialog>
    }
}
