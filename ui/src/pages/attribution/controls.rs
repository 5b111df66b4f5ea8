//! Which models and which numbers are looked at, and the report as a file.

use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{PartFormat, ReportPart, ReportView, TakeReport};

use super::Looking;
use crate::backend;
use crate::components::roving::rove;
use crate::state::taking::{asks, taken};
use crate::state::{Studio, use_studio};

#[component]
pub fn Controls() -> impl IntoView {
    let Looking { look, choosing, .. } = expect_context();
    let studio = use_studio();
    let report = studio.reports.attribution.good;
    let models = Memo::new(move |_| {
        let names = |report: &studio_api::AttributionReport| -> Vec<String> {
            report.models.iter().map(|model| model.model.clone()).collect()
        };
        report.with(|report| report.as_ref().map(names).unwrap_or_default())
    });
    let has_value = Memo::new(move |_| report.with(|report| report.as_ref().is_some_and(|it| it.totals.value != 0.0)));
    let model = move |name: String| {
        let (own, toggled) = (name.clone(), name.clone());
        let picked = Memo::new(move |_| look.with(|look| look.models.contains(&own)));
        view! {
            <button
                class="chip"
                data-item=""
                data-testid="model"
                aria-pressed=move || picked.get().to_string()
                on:click=move |_| toggle(look, &toggled)
            >{name}</button>
        }
    };
    view! {
        <div class="controls">
            <div class="chips" role="group" aria-label="Models" data-testid="models" on:keydown=move |event| rove(&event)>
                <For each=move || models.get() key=Clone::clone children=model />
            </div>
            <Show when=move || has_value.get()>
                {switch("Conversions", "Value", "measure", move || look.with(|look| look.value), move |on| look.update(|look| look.value = on))}
            </Show>
            {switch("Counts", "Shares", "scale", move || look.with(|look| look.normalised), move |on| look.update(|look| look.normalised = on))}
            <div class="push">
                <button class="button" data-testid="compare" on:click=move |_| choosing.set(true)>"Compare…"</button>
                <button class="button primary" data-testid="take-report" on:click=move |_| take(studio, look, None)>"Download report"</button>
            </div>
        </div>
    }
}

/// The last picked model stays: there would be nothing to look at.
fn toggle(look: RwSignal<ReportView>, name: &str) {
    look.update(|look| match look.models.iter().position(|picked| picked == name) {
        Some(place) if look.models.len() > 1 => {
            look.models.remove(place);
        }
        Some(_) => {}
        None => look.models.push(name.to_owned()),
    });
}

/// One of two, the second being on.
fn switch(
    off: &'static str,
    on: &'static str,
    testid: &'static str,
    is_on: impl Fn() -> bool + Copy + Send + Sync + 'static,
    set: impl Fn(bool) + Copy + 'static,
) -> impl IntoView {
    let choice = move |label: &'static str, value: bool| {
        view! {
            <button
                class="choice"
                class:active=move || is_on() == value
                aria-pressed=move || (is_on() == value).to_string()
                data-item=""
                on:click=move |_| set(value)
            >{label}</button>
        }
    };
    view! {
        <div class="choices" role="group" data-testid=testid on:keydown=move |event| rove(&event)>
            {choice(off, false)}
            {choice(on, true)}
        </div>
    }
}

/// Downloads the report, or a part of it; a host with dialogs asks where to.
pub fn take(studio: Studio, look: RwSignal<ReportView>, part: Option<(ReportPart, PartFormat)>) {
    let Some(report) = studio.reports.attribution.good.with_untracked(|report| report.as_ref().map(|it| it.id.clone()))
    else {
        return;
    };
    let request = TakeReport {
        report,
        part,
        view: look.get_untracked(),
        dark: studio.theme.shown_dark.get_untracked(),
        ask: asks(studio),
    };
    spawn_local(async move { taken(studio, backend::call(request).await) });
}
