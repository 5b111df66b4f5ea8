//! A chart as wide as the page lets it be, drawn anew when size, theme or data change.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;

use crate::charts::chart_view::ChartView;
use crate::charts::style;
use crate::page_js;
use crate::state::use_studio;

pub(super) const NARROWEST: f64 = 280.0;

/// `draw` gets the style and the width in pixels.
#[component]
pub fn ChartCard(
    label: &'static str,
    testid: &'static str,
    draw: Callback<(::charts::Style, u32), Option<::charts::Chart>>,
) -> impl IntoView {
    let studio = use_studio();
    let place = NodeRef::<html::Div>::new();
    let width = RwSignal::new(0.0);
    follow_width(place, width);
    let chart = Memo::new(move |_| {
        let width = width.get();
        // The style comes from the tokens, which the theme switches.
        studio.theme.shown_dark.track();
        (width >= NARROWEST).then(|| draw.run((style::from_tokens(), width as u32))).flatten()
    });
    view! {
        <figure class="chart-card" aria-label=label data-testid=testid>
            <figcaption>{label}</figcaption>
            <div class="chart-place" node_ref=place>
                <ChartView chart />
            </div>
        </figure>
    }
}

/// The width of the place, now and whenever it changes.
pub(super) fn follow_width(place: NodeRef<html::Div>, width: RwSignal<f64>) {
    let stop = StoredValue::new_local(None::<(js_sys::Function, Closure<dyn FnMut(f64, f64)>)>);
    Effect::new(move |_| {
        if let Some(element) = place.get() {
            let on_size = Closure::<dyn FnMut(f64, f64)>::new(move |wide: f64, _| width.set(wide.floor()));
            let ending = page_js::watch_size(&element, &on_size);
            stop.set_value(Some((ending, on_size)));
        }
    });
    on_cleanup(move || {
        if let Some((ending, on_size)) = stop.try_update_value(Option::take).flatten() {
            let _ = ending.call0(&JsValue::NULL);
            drop(on_size);
        }
    });
}
