//! Toasts in the corner, read out as they come.

use leptos::prelude::*;

use super::icon::icon;
use crate::state::toasts::{Toast, Tone};
use crate::state::{Page, use_studio};

/// Height of the closed panel, in pixels.
const STRIP: f64 = 36.0;

#[component]
pub fn ToastList() -> impl IntoView {
    let studio = use_studio();
    let toasts = studio.toasts;
    // Above the panel at the bottom, whose counts and rows they must not hide.
    let below = move || match studio.page.get() == Page::Author && studio.project.with(Option::is_some) {
        true => studio.layout.sizes.with(|sizes| if sizes.bottom_open { sizes.bottom } else { STRIP }),
        false => 0.0,
    };
    view! {
        <div class="toasts" style:--below=move || format!("{}px", below()) role="region" aria-label="Messages" aria-live="polite">
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
