//! Says that the host does not answer, and asks it again.

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::state::use_studio;

#[component]
pub fn OfflineBanner() -> impl IntoView {
    let studio = use_studio();
    view! {
        <Show when=move || !studio.online.get()>
            <div class="banner error" role="alert" data-testid="offline">
                <span>"The studio does not answer. Your edits are safe in this page; start the studio again, then retry."</span>
                <button class="button" on:click=move |_| spawn_local(studio.reconnect())>"Retry"</button>
            </div>
        </Show>
    }
}
