//! Attribution: which touch points brought the conversions, by each model of the document.

use leptos::prelude::*;
use studio_api::{AttributionReport, DocumentKind};

use super::chart_card::ChartCard;
use super::report_page::{ReportPage, Words};
use crate::components::figures::Figures;
use crate::state::format::{decimal, thousands};
use crate::state::use_studio;

/// Pixels of the chart.
const LOWEST: u32 = 260;

const WORDS: Words = Words {
    title: "Attribution",
    purpose: "Shows which touch points brought the conversions in your data, by first and last touch. A document says what a touch and a conversion are.",
    create: "Create attribution document",
    no_data: "Credit is counted over the ticked samples. Drop raw data anywhere, or choose files.",
};

#[component]
pub fn AttributionPage() -> impl IntoView {
    let report = use_studio().reports.attribution;
    let good = Memo::new(move |_| report.good.get());
    let draw = move |(style, width): (::charts::Style, u32)| {
        let report = good.get()?;
        let touch_points = report.touch_points.into_iter().map(|touch| (touch.name, touch.credit)).collect();
        let data = ::charts::CreditChart { models: report.models, touch_points };
        let height = ::charts::credit_height(&data, &style).max(LOWEST);
        ::charts::credit(&data, &style, width, height)
    };
    view! {
        <ReportPage kind=DocumentKind::Attribution words=WORDS report testid="attribution">
            {move || good.get().map(|report| view! { <Counts report /> })}
            <Show
                when=move || good.with(|report| report.as_ref().is_some_and(|report| !report.touch_points.is_empty()))
                fallback=|| view! { <p class="quiet">"No touch was found in the data. Look at the document's Touch and the Fields of your data."</p> }
            >
                <ChartCard label="Conversions credited per touch point" testid="chart-credit" draw=Callback::new(draw) />
                {move || good.get().map(|report| view! { <CreditTable report /> })}
                {move || good.get().map(|report| view! { <Unable report /> })}
            </Show>
        </ReportPage>
    }
}

#[component]
fn Counts(report: AttributionReport) -> impl IntoView {
    let figures = vec![
        ("Journeys", thousands(&report.journeys), "People with at least one touch or conversion"),
        ("Conversions", thousands(&report.conversions), "Conversions in the data"),
        ("Credited to nobody", thousands(&report.unattributed), "Conversions without any touch before them"),
        (
            "Unusable events",
            thousands(&report.unusable),
            "Records without a time, an identity or a shape that can be read",
        ),
    ];
    view! { <Figures figures /> }
}

/// Models that gave nothing, and why.
#[component]
fn Unable(report: AttributionReport) -> impl IntoView {
    let lines = report.unable.into_iter().map(|unable| {
        view! { <p class="quiet" data-testid="unable-model">{format!("{} gives nothing: {}.", unable.model, unable.reason)}</p> }
    });
    lines.collect_view()
}

/// `first` and `last` alone would say too little.
fn heading(model: &str) -> String {
    if matches!(model, "first" | "last") { format!("{model} touch") } else { model.replace('_', " ") }
}

#[component]
fn CreditTable(report: AttributionReport) -> impl IntoView {
    let models = report.models.clone();
    let rows = report.touch_points.into_iter().map(|touch| {
        let credit =
            touch.credit.into_iter().map(|credit| view! { <td class="number">{decimal(credit)}</td> }).collect_view();
        view! {
            <tr data-testid="credit-row">
                <th scope="row">{touch.name}</th>
                <td class="number">{thousands(&touch.journeys)}</td>
                {credit}
            </tr>
        }
    });
    view! {
        <div class="table-card">
            <table class="plain" data-testid="credit-table">
                <thead>
                    <tr>
                        <th scope="col">"Touch point"</th>
                        <th scope="col" class="number">"Journeys"</th>
                        {models.into_iter().map(|model| view! { <th scope="col" class="number">{heading(&model)}</th> }).collect_view()}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
