//! A row of counted figures, each with its meaning on hover.

use leptos::prelude::*;

#[component]
pub fn Figures(figures: Vec<(&'static str, String, &'static str)>) -> impl IntoView {
    let shown = figures.into_iter().map(|(name, value, meaning)| {
        view! {
            <div class="figure" title=meaning>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    });
    view! { <dl class="figures" data-testid="figures">{shown.collect_view()}</dl> }
}
