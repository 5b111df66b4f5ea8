//! Attribution: which touch points brought the conversions, by each model of the document.

use leptos::prelude::*;
use studio_api::{AttributionReport, DocumentKind};

use super::chart_card::ChartCard;
use super::report_notice::ReportNotice;
use crate::components::document_bar::DocumentBar;
use crate::components::empty::Empty;
use crate::components::figures::Figures;
use crate::components::file_input::AddData;
use crate::components::new_document::free_name;
use crate::state::format::{decimal, thousands};
use crate::state::use_studio;

#[component]
pub fn AttributionPage() -> impl IntoView {
    let studio = use_studio();
    let report = studio.reports.attribution;
    let has_document = Memo::new(move |_| studio.documents.first(DocumentKind::Attribution).is_some());
    let has_data = Memo::new(move |_| studio.samples.any_selected());
    view! {
        <main class="page" data-testid="attribution">
            <Show when=move || has_document.get() fallback=NoDocument>
                <DocumentBar title="Attribution" kind=DocumentKind::Attribution chosen=report.document />
                <Show when=move || has_data.get() fallback=NoData>
                    <ReportNotice
                        kind=DocumentKind::Attribution
                        document=report.document
                        error=report.error
                        asking=report.asking
                        old=Signal::derive(move || report.is_old(studio))
                    />
                    <Shown />
                </Show>
            </Show>
        </main>
    }
}

#[component]
fn NoDocument() -> impl IntoView {
    let studio = use_studio();
    let create = move |_| {
        studio.documents.create(studio, free_name(DocumentKind::Attribution, |_| false), DocumentKind::Attribution)
    };
    view! {
        <Empty
            title="Attribution"
            text="Shows which touch points brought the conversions in your data, by first and last touch. A document says what a touch and a conversion are."
        >
            <button class="button primary" data-testid="create-attribution" on:click=create>"Create attribution document"</button>
        </Empty>
    }
}

#[component]
fn NoData() -> impl IntoView {
    view! {
        <Empty title="No data" text="Credit is counted over the ticked samples. Drop raw JSON anywhere, or choose files.">
            <AddData class="button primary" testid="add-data-page">"Add data…"</AddData>
        </Empty>
    }
}

#[component]
fn Shown() -> impl IntoView {
    let studio = use_studio();
    let report = studio.reports.attribution;
    let good = Memo::new(move |_| report.good.get());
    let old = Memo::new(move |_| report.is_old(studio));
    let draw = move |(style, width, height): (::charts::Style, u32, u32)| {
        let report = good.get()?;
        let touch_points = report.touch_points.into_iter().map(|touch| (touch.name, touch.credit)).collect();
        ::charts::credit(&::charts::CreditChart { models: report.models, touch_points }, &style, width, height)
    };
    view! {
        <Show when=move || good.with(Option::is_some) fallback=move || view! { <Waiting asking=report.asking /> }>
            <div class="report" class:old=move || old.get()>
                {move || good.get().map(|report| view! { <Counts report /> })}
                <Show
                    when=move || good.with(|report| report.as_ref().is_some_and(|report| !report.touch_points.is_empty()))
                    fallback=|| view! { <p class="quiet">"No touch was found in the data. Look at the document's Touch and the Fields of your data."</p> }
                >
                    <ChartCard label="Conversions credited per touch point" testid="chart-credit" draw=Callback::new(draw) />
                    {move || good.get().map(|report| view! { <CreditTable report /> })}
                </Show>
            </div>
        </Show>
    }
}

#[component]
pub fn Waiting(asking: RwSignal<bool>) -> impl IntoView {
    view! {
        <Show when=move || asking.get()>
            <p class="quiet" role="status">"Computing…"</p>
        </Show>
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
                        {models.into_iter().map(|model| view! { <th scope="col" class="number">{model} " touch"</th> }).collect_view()}
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
