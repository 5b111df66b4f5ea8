//! One part of the report: its drawing by the studio, its table, and both as files.

use ::charts::{Chart, Hit};
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{DrawPart, Drawing, PartFormat, PartInfo, ReportId, ReportPart, ReportView, RunSource};

use super::Looking;
use super::controls::take;
use super::journeys::Drill;
use super::part_table::PartTableView;
use crate::backend;
use crate::charts::chart_view::ChartView;
use crate::pages::chart_card::{NARROWEST, follow_width};
use crate::state::use_studio;

/// Parts that share a row with another where there is room.
const HALVES: [ReportPart; 6] = [
    ReportPart::Removal,
    ReportPart::Order,
    ReportPart::Touches,
    ReportPart::Days,
    ReportPart::DropOff,
    ReportPart::Agreement,
];

#[component]
pub fn PartCard(info: PartInfo) -> impl IntoView {
    let studio = use_studio();
    let Looking { look, .. } = expect_context();
    let PartInfo { part, slug, title, words, has_chart, .. } = info;
    // The credits' table belongs to the first look.
    let table = RwSignal::new(!has_chart || part == ReportPart::Credit);
    let wide = !HALVES.contains(&part);
    let formats: &[(PartFormat, &str)] = match has_chart {
        true => &[(PartFormat::Svg, "SVG"), (PartFormat::Png, "PNG"), (PartFormat::Csv, "CSV")],
        false => &[(PartFormat::Csv, "CSV")],
    };
    let files = formats.iter().map(|(format, name)| {
        let testid = format!("take-{slug}-{}", name.to_lowercase());
        let label = format!("Download {title} as {name}");
        view! { <button class="link" data-testid=testid aria-label=label on:click=move |_| take(studio, look, Some((part, *format)))>{*name}</button> }
    });
    let files = files.collect_view();
    let toggle = has_chart.then(|| {
        view! {
            <button
                class="link"
                data-testid=format!("toggle-{slug}")
                aria-expanded=move || table.get().to_string()
                on:click=move |_| table.update(|table| *table = !*table)
            >{move || if table.get() { "Hide table" } else { "Table" }}</button>
        }
    });
    let table_slug = slug.clone();
    let chart = has_chart.then(|| view! { <PartChart part slug=slug.clone() title=title.clone() /> });
    view! {
        <section class="part" class:wide=wide data-testid=format!("part-{slug}") aria-label=title.clone()>
            <header>
                <div>
                    <h2>{title.clone()}</h2>
                    <p>{words}</p>
                </div>
                <div class="part-tools">{toggle}{files}</div>
            </header>
            {chart}
            <Show when=move || table.get()>
                <PartTableView part slug=table_slug.clone() />
            </Show>
        </section>
    }
}

/// What a drawing depends on.
#[derive(Clone, PartialEq)]
struct Wanted {
    report: ShownReport,
    view: ReportView,
    width: u32,
}

#[component]
fn PartChart(part: ReportPart, slug: String, title: String) -> impl IntoView {
    let studio = use_studio();
    let Looking { look, drill, .. } = expect_context();
    let place = NodeRef::<html::Div>::new();
    let width = RwSignal::new(0.0);
    follow_width(place, width);
    let wanted = Memo::new(move |_| {
        let report = shown(studio)?;
        (width.get() >= NARROWEST).then(|| Wanted { report, view: look.get(), width: width.get() as u32 })
    });
    let drawing = RwSignal::new(None::<Drawing>);
    let empty = RwSignal::new(false);
    Effect::new(move |_| {
        let Some(asked) = wanted.get() else { return };
        let request = DrawPart { report: asked.report.id.clone(), part, view: asked.view.clone(), width: asked.width };
        spawn_local(async move {
            let drawn = backend::call(request).await;
            // Something else is wanted by now, or the page was left.
            if wanted.try_get_untracked().flatten().as_ref() != Some(&asked) {
                return;
            }
            match drawn {
                Ok(drawn) => {
                    empty.set(drawn.is_none());
                    drawing.set(drawn);
                }
                Err(error) => studio.complain(error),
            }
        });
    });
    let chart = Memo::new(move |_| drawing.with(|drawing| drawing.as_ref().map(chart_of)));
    let pick = move |mark: usize| {
        let channel = drawing.with_untracked(|drawing| drawing.as_ref()?.marks.get(mark)?.channel.clone());
        if let Some(channel) = channel {
            drill.set(Some(Drill { channel }));
        }
    };
    view! {
        <figure class="part-chart" aria-label=title data-testid=format!("chart-{slug}")>
            <div class="chart-place" node_ref=place>
                <ChartView chart on_pick=Callback::new(pick) />
                <Show when=move || empty.get()>
                    <p class="quiet">"There is nothing to draw for what is picked."</p>
                </Show>
            </div>
        </figure>
    }
}

/// The shown report, and what may come to it later.
#[derive(Clone, PartialEq)]
pub(super) struct ShownReport {
    pub id: ReportId,
    doubted: bool,
    against: Option<RunSource>,
}

/// Reactive.
pub(super) fn shown(studio: crate::state::Studio) -> Option<ShownReport> {
    studio.reports.attribution.good.with(|report| {
        let report = report.as_ref()?;
        let against = report.comparison.as_ref().and_then(|comparison| comparison.source.clone());
        Some(ShownReport { id: report.id.clone(), doubted: report.doubt.is_some(), against })
    })
}

fn chart_of(drawing: &Drawing) -> Chart {
    let hit = |mark: &studio_api::Mark| Hit {
        area: mark.area,
        anchor: mark.anchor,
        title: mark.title.clone(),
        lines: mark.lines.clone(),
    };
    Chart {
        svg: drawing.svg.clone(),
        width: drawing.width,
        height: drawing.height,
        hits: drawing.marks.iter().map(hit).collect(),
    }
}
