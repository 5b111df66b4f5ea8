//! A drawing with words at the mark under the pointer, or at the one that the arrow keys reached.

use ::charts::{Chart, Hit};
use leptos::html;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, PointerEvent};

use super::pick;

/// Radius of the ring around the mark, in pixels.
const RING: f64 = 5.0;

#[component]
pub fn ChartView(
    #[prop(into)] chart: Signal<Option<Chart>>,
    /// A mark was clicked, or Enter pressed on it.
    #[prop(optional)]
    on_pick: Option<Callback<usize>>,
) -> impl IntoView {
    let element = NodeRef::<html::Div>::new();
    let chosen = RwSignal::new(None::<usize>);
    // A new drawing has other marks.
    Effect::new(move |_| {
        chart.track();
        chosen.set(None);
    });
    let svg = Memo::new(move |_| chart.with(|chart| chart.as_ref().map(|chart| chart.svg.clone()).unwrap_or_default()));
    let move_pointer = move |event: PointerEvent| {
        let Some(element) = element.get_untracked() else { return };
        let frame = element.get_bounding_client_rect();
        let inside = (f64::from(event.client_x()) - frame.left(), f64::from(event.client_y()) - frame.top());
        let found = chart.with_untracked(|chart| {
            let chart = chart.as_ref()?;
            // The drawing may be shown at another size than it was drawn at.
            let scale = f64::from(chart.width) / frame.width().max(1.0);
            pick::at(chart, (inside.0 * scale, inside.1 * scale))
        });
        if chosen.get_untracked() != found {
            chosen.set(found);
        }
    };
    view! {
        <div
            class="chart-view"
            node_ref=element
            tabindex="0"
            role="group"
            aria-roledescription="chart"
            aria-label="Chart. Arrow keys read its values."
            data-testid="chart-view"
            on:pointermove=move_pointer
            on:pointerleave=move |_| chosen.set(None)
            on:blur=move |_| chosen.set(None)
            on:click=move |_| pick(chosen, on_pick)
            on:keydown=move |event| {
                if event.key() == "Enter" {
                    pick(chosen, on_pick);
                }
                on_key(chart, chosen, &event);
            }
        >
            <div class="chart-drawing" inner_html=move || svg.get()></div>
            <div class="chart-marks" role="status">
                {move || {
                    let place = chosen.get()?;
                    chart.with(|chart| chart.as_ref().and_then(|chart| Some(marked(chart, chart.hits.get(place)?))))
                }}
            </div>
        </div>
    }
}

fn pick(chosen: RwSignal<Option<usize>>, on_pick: Option<Callback<usize>>) {
    if let (Some(place), Some(on_pick)) = (chosen.get_untracked(), on_pick) {
        on_pick.run(place);
    }
}

fn on_key(chart: Signal<Option<Chart>>, chosen: RwSignal<Option<usize>>, event: &KeyboardEvent) {
    if event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let from = chosen.get_untracked();
    let count = chart.with_untracked(|chart| chart.as_ref().map_or(0, |chart| chart.hits.len()));
    let to = match event.key().as_str() {
        "Escape" if from.is_some() => None,
        key => match pick::moved(key, from, count) {
            Some(to) => Some(to),
            None => return,
        },
    };
    event.prevent_default();
    event.stop_propagation();
    chosen.set(to);
}

/// The mark's emphasis and its words.
fn marked(chart: &Chart, hit: &Hit) -> impl IntoView + use<> {
    let (x, y) = hit.anchor;
    let emphasis = if pick::is_strip(hit) {
        let line = pick::area_place(chart, (x, hit.area.1, 0.0, hit.area.3));
        let ring = pick::area_place(chart, (x - RING, y - RING, 2.0 * RING, 2.0 * RING));
        view! {
            <span class="chart-line" style=line></span>
            <span class="chart-ring" style=ring></span>
        }
        .into_any()
    } else {
        view! { <span class="chart-row" style=pick::area_place(chart, hit.area)></span> }.into_any()
    };
    let lines = hit.lines.iter().cloned().map(|(label, value)| {
        view! {
            <dt>{label}</dt>
            <dd>{value}</dd>
        }
    });
    let lines = lines.collect_view();
    view! {
        {emphasis}
        <div class="chart-tip" style=pick::tip_place(chart, hit) data-testid="chart-tip">
            <strong>{hit.title.clone()}</strong>
            <dl>{lines}</dl>
        </div>
    }
}
