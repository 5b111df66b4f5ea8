//! Attribution: which touch points brought the conversions, by each model, how far that can be trusted, and the journeys
//! behind it. Drawings, tables and files are the studio's; the page lays them out.

mod compare;
mod controls;
mod journeys;
mod part_card;
mod part_table;

use leptos::prelude::*;
use studio_api::{AttributionReport, DocumentKind, DoubtAttribution, ReportView, RunSource};

use self::compare::{Beside, ChooseRun};
use self::controls::Controls;
use self::journeys::{Drill, Journeys};
use self::part_card::PartCard;
use super::report_page::{ReportPage, Words};
use crate::components::figures::Figures;
use crate::state::format::decimal;
use crate::state::use_studio;

const WORDS: Words = Words {
    title: "Attribution",
    purpose: "Shows which touch points brought the conversions in your data, by every model that you name, and how sure that is. A document says what a touch and a conversion are.",
    create: "Create attribution document",
    no_data: "Credit is counted over the ticked samples. Drop raw data anywhere, or choose files.",
};

/// What the page looks at; handles, cheap to copy.
#[derive(Clone, Copy)]
struct Looking {
    look: RwSignal<ReportView>,
    /// The channel whose journeys are shown.
    drill: RwSignal<Option<Drill>>,
    /// The run that the report is compared with.
    against: RwSignal<Option<RunSource>>,
    comparing: RwSignal<bool>,
    /// Whether somebody is choosing that run.
    choosing: RwSignal<bool>,
}

#[component]
pub fn AttributionPage() -> impl IntoView {
    let report = use_studio().reports.attribution;
    let looking = Looking {
        look: RwSignal::new(ReportView::default()),
        drill: RwSignal::new(None),
        against: RwSignal::new(None),
        comparing: RwSignal::new(false),
        choosing: RwSignal::new(false),
    };
    provide_context(looking);
    compare::follow(use_studio(), looking);
    // Picked models stay picked while the document still has one of them; who picked none sees the usual ones.
    Effect::new(move |usual: Option<Vec<String>>| {
        report.good.with(|report| {
            let Some(report) = report else { return usual.unwrap_or_default() };
            let has = |name: &String| report.models.iter().any(|model| model.model == *name);
            let stays =
                looking.look.with_untracked(|look| Some(&look.models) != usual.as_ref() && look.models.iter().any(has));
            if !stays && looking.look.with_untracked(|look| look.models != report.usual_models) {
                looking.look.update(|look| look.models.clone_from(&report.usual_models));
            }
            report.usual_models.clone()
        })
    });
    let parts =
        Memo::new(move |_| report.good.with(|report| report.as_ref().map(|it| it.parts.clone()).unwrap_or_default()));
    let has_touches = Memo::new(move |_| {
        report.good.with(|report| report.as_ref().is_some_and(|report| !report.channels.is_empty()))
    });
    view! {
        <ReportPage kind=DocumentKind::Attribution words=WORDS report testid="attribution">
            {move || report.good.get().map(|report| view! { <Counts report /> })}
            <Warnings />
            <Show
                when=move || has_touches.get()
                fallback=|| view! { <p class="quiet">"No touch was found in the data. Look at the document's Touch and the Fields of your data."</p> }
            >
                <Controls />
                <Doubting />
                <Beside />
                <div class="parts">
                    <For each=move || parts.get() key=|info| info.part children=|info| view! { <PartCard info /> } />
                </div>
            </Show>
            <Show when=move || looking.choosing.get()>
                <ChooseRun />
            </Show>
            {move || looking.drill.get().map(|drill| view! { <Journeys drill /> })}
        </ReportPage>
    }
}

#[component]
fn Counts(report: AttributionReport) -> impl IntoView {
    let totals = report.totals;
    let mut figures = vec![
        ("Journeys", decimal(totals.journeys), "People with at least one touch or conversion"),
        ("Conversions", decimal(totals.conversions), "Conversions in the data"),
        ("Value", decimal(totals.value), "Sum of the conversions' values"),
        ("Credited to nobody", decimal(totals.unattributed), "Conversions without any touch before them"),
    ];
    figures.extend(totals.cost.map(|cost| ("Cost", decimal(cost), "What all touches cost")));
    figures.push((
        "Unusable events",
        decimal(totals.unusable as f64),
        "Records without a time, an identity or a shape that can be read",
    ));
    view! { <Figures figures /> }
}

/// Models that gave nothing, and sums that do not add up.
#[component]
fn Warnings() -> impl IntoView {
    let report = use_studio().reports.attribution.good;
    let lines = move || {
        report.with(|report| {
            let Some(report) = report else { return Vec::new() };
            let unable = report.unable.iter().map(|it| format!("{} gives nothing: {}.", it.model, it.reason));
            let unsound =
                report.models.iter().filter(|model| model.reconciled.as_ref().is_some_and(|found| !found.holds)).map(
                    |model| format!("{} does not reconcile: its credits do not sum to what there was.", model.model),
                );
            unable.chain(unsound).collect::<Vec<String>>()
        })
    };
    let line = |text: String| view! { <p class="warning-line" role="status" data-testid="unable-model">{text}</p> };
    move || lines().into_iter().map(line).collect_view()
}

/// Intervals take their time; they can be stopped, and asked for again.
#[component]
fn Doubting() -> impl IntoView {
    let studio = use_studio();
    let good = studio.reports.attribution.good;
    let left_out = move || good.with(|report| report.as_ref().is_some_and(|report| report.can_doubt));
    let again = move |_| {
        if let Some(report) = good.with_untracked(|report| report.as_ref().map(|report| report.id.clone())) {
            studio.reports.doubt(studio, DoubtAttribution { report });
        }
    };
    view! {
        <Show when=move || left_out()>
            <div class="old-notice" role="status" data-testid="doubting">
                <Show
                    when=move || studio.reports.doubting.get()
                    fallback=move || view! {
                        <span>"Without intervals: they were stopped."</span>
                        <button class="link" on:click=again>"Compute them"</button>
                    }
                >
                    <progress aria-label="Computing intervals"></progress>
                    <span>"Drawing journeys anew for intervals and ranks…"</span>
                    <button class="button small" data-testid="doubt-cancel" on:click=move |_| studio.reports.stop(studio)>"Cancel"</button>
                </Show>
            </div>
        </Show>
    }
}
