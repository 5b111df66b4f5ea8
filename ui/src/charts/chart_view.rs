//! Placeholder of UI until DATA writes it.
use leptos::prelude::*;
#[component]
pub fn ChartView(#[prop(into)] chart: Signal<Option<::charts::Chart>>) -> impl IntoView {
    view! { <div inner_html=move || chart.get().map(|c| c.svg).unwrap_or_default()></div> }
}
