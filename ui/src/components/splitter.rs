//! The line between two panes: dragged by the pointer, moved by arrow keys.

use leptos::ev;
use leptos::html;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, PointerEvent};

const STEP: f64 = 16.0;

/// `vertical`: the line stands upright and moves sideways.
#[component]
pub fn Splitter(
    label: &'static str,
    vertical: bool,
    /// For readers of the page: 0 to 100.
    #[prop(into)]
    value: Signal<f64>,
    /// Pixels to the right or down.
    on_move: Callback<f64>,
    on_reset: Callback<()>,
) -> impl IntoView {
    let line = NodeRef::<html::Div>::new();
    let held = RwSignal::new(None::<f64>);
    let at = move |event: &PointerEvent| f64::from(if vertical { event.client_x() } else { event.client_y() });
    let on_down = move |event: ev::PointerEvent| {
        event.prevent_default();
        if let Some(line) = line.get_untracked() {
            // A pointer that is already gone moves nothing.
            let _ = line.set_pointer_capture(event.pointer_id());
            let _ = line.focus();
        }
        held.set(Some(at(&event)));
    };
    let on_drag = move |event: ev::PointerEvent| {
        if let Some(last) = held.get_untracked() {
            let now = at(&event);
            held.set(Some(now));
            on_move.run(now - last);
        }
    };
    let on_key = move |event: KeyboardEvent| {
        let step = match (event.key().as_str(), vertical) {
            ("ArrowRight", true) | ("ArrowDown", false) => STEP,
            ("ArrowLeft", true) | ("ArrowUp", false) => -STEP,
            _ => return,
        };
        event.prevent_default();
        on_move.run(step);
    };
    view! {
        <div
            class=if vertical { "splitter upright" } else { "splitter level" }
            class:held=move || held.get().is_some()
            node_ref=line
            role="separator"
            tabindex="0"
            aria-label=label
            aria-orientation=if vertical { "vertical" } else { "horizontal" }
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=move || format!("{:.0}", value.get())
            on:pointerdown=on_down
            on:pointermove=on_drag
            on:pointerup=move |_| held.set(None)
            on:pointercancel=move |_| held.set(None)
            on:dblclick=move |_| on_reset.run(())
            on:keydown=on_key
        ></div>
    }
}
