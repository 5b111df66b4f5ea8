//! Toasts in the corner, read out as they come.

use leptos::prelude::*;

use super::icon::icon;
use crate::state::toasts::{Toast, Tone};
use crate::state::use_studio;

#[component]
pub fn ToastList() -> impl IntoView {
    let toasts = use_studio().toasts;
    view! {
        <div class="toasts" role="region" aria-label="Messages" aria-live="polite">
            <For each=move || toasts.list.get() key=|toast| toast.id let:toast>
                <ToastCard toast />
            </For>
        </div>
    }
}

#[component]
fn ToastCard(toast: Toast) -> impl IntoView {
    let toasts = use_studio().toasts;
    let (class, mark) = match toast.tone {
        Tone::Good => ("toast ok", "good"),
        Tone::Note => ("toast note", "note"),
        Tone::Error => ("toast error", "error"),
    };
    let id = toast.id;
    view! {
        <div class=class role=if toast.tone == Tone::Error { "alert" } else { "status" } data-testid="toast">
            {icon(mark)}
            <p>{toast.message}</p>
            <button class="icon-button" aria-label="Close message" on:click=move |_| toasts.close(id)>{icon("close")}</button>
        </div>
    }
}
