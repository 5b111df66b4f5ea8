//! Bandit: decisions joined with their rewards, and how the average reward goes.

use leptos::prelude::*;
use studio_api::{DocumentKind, RewardReport};

use super::attribution::Waiting;
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
pub fn BanditPage() -> impl IntoView {
    let studio = use_studio();
    let report = studio.reports.rewards;
    let has_document = Memo::new(move |_| studio.documents.first(DocumentKind::Join).is_some());
    let has_data = Memo::new(move |_| studio.samples.any_selected());
    view! {
        <main class="page" data-testid="bandit">
            <Show when=move || has_document.get() fallback=NoDocument>
                <DocumentBar title="Bandit" kind=DocumentKind::Join chosen=report.document />
                <Show when=move || has_data.get() fallback=NoData>
                    <ReportNotice
                        kind=DocumentKind::Join
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
    let create = move |_| studio.documents.create(studio, free_name(DocumentKind::Join, |_| false), DocumentKind::Join);
    view! {
        <Empty
            title="Bandit"
            text="Joins each decision with the reward that came in time, and shows how the average reward goes. A document says what a decision and a reward are."
        >
            <button class="button primary" data-testid="create-join" on:click=create>"Create join document"</button>
        </Empty>
    }
}

#[component]
fn NoData() -> impl IntoView {
    view! {
        <Empty title="No data" text="Decisions are joined over the ticked samples. Drop raw JSON anywhere, or choose files.">
            <AddData class="button primary" testid="add-data-page">"Add data…"</AddData>
        </Empty>
    }
}

#[component]
fn Shown() -> impl IntoView {
    let studio = use_studio();
    let report = studio.reports.rewards;
    let good = Memo::new(move |_| report.good.get());
    let old = Memo::new(move |_| report.is_old(studio));
    let draw = move |(style, width, height): (::charts::Style, u32, u32)| {
        let points = good.get()?.points.into_iter().map(|point| ::charts::RewardPoint {
            decisions: point.decisions,
            time: point.time,
            mean: point.mean,
            low: point.low,
            high: point.high,
        });
        ::charts::reward(&::charts::RewardChart { points: points.collect() }, &style, width, height)
    };
    view! {
        <Show when=move || good.with(Option::is_some) fallback=move || view! { <Waiting asking=report.asking /> }>
            <div class="report" class:old=move || old.get()>
                {move || good.get().map(|report| view! { <Counts report /> })}
                <Show
                    when=move || good.with(|report| report.as_ref().is_some_and(|report| !report.points.is_empty()))
                    fallback=|| view! { <p class="quiet">"No decision was found in the data. Look at the document's Decision and the Fields of your data."</p> }
                >
                    <ChartCard label="Cumulative average reward, with its 95 % interval" testid="chart-reward" draw=Callback::new(draw) />
                    {move || good.get().map(|report| view! { <ActionTable report /> })}
                </Show>
            </div>
        </Show>
    }
}

#[component]
fn Counts(report: RewardReport) -> impl IntoView {
    let count = |number: u64| thousands(&number.to_string());
    let counters = report.counters;
    let figures = vec![
        ("Decisions", count(counters.decisions), "Decisions in the data, each counted once"),
        ("With a reward", count(counters.joined), "Decisions whose reward came within the window"),
        ("By default", count(counters.defaulted), "Decisions without a reward in time: the default counts"),
        ("Overridden", count(counters.overridden), "Decisions that somebody overrode"),
        ("Late rewards", count(counters.late_rewards), "Rewards that came after their decision's window"),
        ("Early rewards", count(counters.early_rewards), "Rewards that came before their decision"),
        ("Rewards of nobody", count(counters.orphan_rewards), "Rewards whose decision is not in the data"),
        ("Duplicates", count(counters.duplicates), "Decisions that came again"),
        ("Unusable", count(counters.unusable), "Records without a time, a key or a shape that can be read"),
    ];
    view! {
        <Figures figures />
        <p class="rule">"Rule: " {report.rule}</p>
    }
}

#[component]
fn ActionTable(report: RewardReport) -> impl IntoView {
    let rows = report.actions.into_iter().map(|action| {
        view! {
            <tr data-testid="action-row">
                <th scope="row">{action.action}</th>
                <td class="number">{thousands(&action.decisions.to_string())}</td>
                <td class="number">{decimal(action.mean)}</td>
            </tr>
        }
    });
    view! {
        <div class="table-card">
            <table class="plain" data-testid="action-table">
                <thead>
                    <tr>
                        <th scope="col">"Action"</th>
                        <th scope="col" class="number">"Decisions"</th>
                        <th scope="col" class="number">"Average reward"</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
}
