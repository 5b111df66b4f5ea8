//! Bandit: decisions joined with their rewards, and how the average reward goes.

use ::charts::{Axis, Drawing, Figure, Line, LineChart, LinePoint};
use leptos::prelude::*;
use studio_api::{DocumentKind, RewardPart, RewardPoint, RewardReport};

use super::chart_card::ChartCard;
use super::report_page::{ReportPage, Words};
use super::worth::WorthView;
use crate::components::figures::Figures;
use crate::state::format::{decimal, moment, thousands};
use crate::state::taking::take_rewards;
use crate::state::use_studio;

const WORDS: Words = Words {
    title: "Bandit",
    purpose: "Joins each decision with the reward that came in time, and shows how the average reward goes. A document says what a decision and a reward are.",
    create: "Create join document",
    no_data: "Decisions are joined over the ticked samples. Drop raw data anywhere, or choose files.",
};

#[component]
pub fn BanditPage() -> impl IntoView {
    let studio = use_studio();
    let report = studio.reports.rewards;
    let good = Memo::new(move |_| report.good.get());
    let figure = Memo::new(move |_| good.with(|report| report.as_ref().map(course)));
    let draw = move |(style, width): (::charts::Style, u32)| figure.with(|figure| figure.as_ref()?.draw(&style, width));
    view! {
        <ReportPage kind=DocumentKind::Join words=WORDS report testid="bandit">
            {move || good.get().map(|report| view! { <Counts report /> })}
            <Show when=move || figure.with(Option::is_some)>
                <div class="report-tools">
                    <button class="link" data-testid="take-report" on:click=move |_| {
                        if let Some((report, course)) = good.get_untracked().zip(figure.get_untracked()) {
                            take_rewards(studio, RewardPart::Whole(Box::new(report), course));
                        }
                    }>"Download the report as HTML"</button>
                </div>
            </Show>
            <Show
                when=move || good.with(|report| report.as_ref().is_some_and(|report| !report.points.is_empty()))
                fallback=|| view! { <p class="quiet">"No decision was found in the data. Look at the document's Decision and the Fields of your data."</p> }
            >
                <ChartCard
                    label="Cumulative average reward, with its 95 % interval"
                    testid="chart-reward"
                    draw=Callback::new(draw)
                    figure=Callback::new(move |()| figure.get())
                />
                {move || good.get().map(|report| view! { <ActionTable report /> })}
                <WorthView report=good />
            </Show>
        </ReportPage>
    }
}

/// The average reward over decisions.
fn course(report: &RewardReport) -> Figure {
    let point = |point: &RewardPoint| {
        let decisions = thousands(&point.decisions.to_string());
        let noun = if point.decisions == 1 { "decision" } else { "decisions" };
        LinePoint {
            x: point.decisions as f64,
            y: point.mean,
            low: point.low,
            high: point.high,
            title: format!("{decisions} {noun}, until {}", moment(&point.time)),
            n: point.decisions,
        }
    };
    let line = Line { name: "mean".into(), color: 0, points: report.points.iter().map(point).collect() };
    Figure {
        id: "reward".into(),
        title: String::new(),
        note: String::new(),
        drawing: Drawing::Lines(LineChart {
            label: "average reward so far, 95 % interval".into(),
            axis: Axis::Count("decisions".into()),
            lines: vec![line],
        }),
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
        <ul class="guards" data-testid="unread">
            {report.unread.into_iter().map(|text| view! { <li class="guard">{text}</li> }).collect_view()}
        </ul>
    }
}

#[component]
fn ActionTable(report: RewardReport) -> impl IntoView {
    let studio = use_studio();
    let taken = report.actions.clone();
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
            <div class="chart-tools">
                <button class="link" data-testid="take-actions" on:click=move |_| take_rewards(studio, RewardPart::Actions(taken.clone()))>"CSV"</button>
            </div>
        </div>
    }
}
