//! What the studio did, newest last and in sight.

use leptos::html;
use leptos::prelude::*;

use crate::state::toasts::Tone;
use crate::state::use_studio;

#[component]
pub fn OutputList() -> impl IntoView {
    let output = use_studio().output;
    let list = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        output.lines.track();
        if let Some(list) = list.get() {
            request_animation_frame(move || list.set_scroll_top(list.scroll_height()));
        }
    });
    view! {
        <div class="output" role="log" aria-label="Output" tabindex="0" node_ref=list data-testid="output">
            <For each=move || output.lines.get() key=|line| line.number let:line>
                <p class=match line.tone {
                    Tone::Good => "line",
                    Tone::Note => "line note",
                    Tone::Error => "line error",
                }>
                    <time>{line.time}</time>
                    {line.text}
                </p>
            </For>
        </div>
    }
}
