//! Sample data: what is there, what runs read, what is on its way.

use leptos::prelude::*;
use studio_api::{Sample, SampleReport};

use super::file_input::AddData;
use super::icon::icon;
use super::roving::rove;
use crate::state::dialogs::Dialog;
use crate::state::format::{bytes, counted, percent, thousands};
use crate::state::layout::BottomTab;
use crate::state::uploads::Upload;
use crate::state::use_studio;

#[component]
pub fn DataPanel() -> impl IntoView {
    let studio = use_studio();
    let none = move || studio.samples.list.with(Vec::is_empty) && studio.uploads.list.with(Vec::is_empty);
    view! {
        <section data-testid="data" on:keydown=|event| rove(&event)>
            <header>
                <h2>"Data"</h2>
                <AddData class="icon-button" testid="add-data">{icon("plus")}</AddData>
            </header>
            <For each=move || studio.samples.list.get() key=|sample| sample.id.clone() let:sample>
                <SampleRow sample />
            </For>
            <For each=move || studio.uploads.list.get() key=|upload| upload.clone().number let:upload>
                <UploadRow number=upload.number />
            </For>
            <RunCounts />
            <Show when=none>
                <p class="hint">"Drop raw data anywhere: JSON, CSV or Parquet; gzip and zstd too."</p>
            </Show>
        </section>
    }
}

/// What the last run made of the data, and the way to what it could not use.
#[component]
fn RunCounts() -> impl IntoView {
    let studio = use_studio();
    let counts = Memo::new(move |_| {
        studio
            .preview
            .good
            .with(|good| good.as_ref().map(|good| (good.summary.events.clone(), good.summary.unusable.clone())))
    });
    let line = move |(events, unusable): (String, String)| {
        let words = format!("{} · {} unusable", counted(&events, "event", "events"), thousands(&unusable));
        view! {
            <button
                class="row run-counts"
                class:faulty=unusable != "0"
                data-item
                data-testid="data-counts"
                title="Show the events that could not be used"
                on:click=move |_| studio.layout.show_bottom(BottomTab::Unusable)
            >
                <span class="row-note">{words}</span>
            </button>
        }
    };
    view! {
        <Show when=move || !studio.samples.list.with(Vec::is_empty)>{move || counts.get().map(line)}</Show>
    }
}

#[component]
fn SampleRow(sample: Sample) -> impl IntoView {
    let studio = use_studio();
    let id = sample.id.0.clone();
    let report = Memo::new(move |_| studio.samples.reports.with(|reports| reports.get(&id).cloned()));
    let size = bytes(&sample.bytes);
    let note = move || match report.get() {
        Some(Ok(report)) => format!("{} · {size}", report.format),
        Some(Err(_)) => size.clone(),
        None => "reading…".to_owned(),
    };
    let own = sample.id.clone();
    let selected = Memo::new(move |_| {
        studio.samples.list.with(|list| list.iter().any(|sample| sample.id == own && sample.selected))
    });
    let (chosen, removed) = (sample.clone(), sample.clone());
    let select = move |event| studio.samples.select(studio, chosen.clone(), event_target_checked(&event));
    let remove = move |_| studio.dialog.set(Some(Dialog::RemoveSample { sample: removed.clone() }));
    view! {
        <div class="row sample" class:off=move || !selected.get() data-testid="sample">
            <label title="Runs read the samples that are ticked">
                <input type="checkbox" data-item prop:checked=selected on:change=select />
                <span class="row-name">{sample.name.clone()}</span>
            </label>
            <button class="icon-button on-hover" aria-label=format!("Remove {}", sample.name) on:click=remove>{icon("trash")}</button>
            <span class="row-note wide">{note}</span>
            {move || report.get().map(|report| match report {
                Ok(report) => Notices(NoticesProps { report }).into_any(),
                Err(error) => view! { <span class="row-note wide fault" data-testid="sample-fault">{error.message}</span> }.into_any(),
            })}
        </div>
    }
}

#[component]
fn Notices(report: SampleReport) -> impl IntoView {
    report
        .notices
        .into_iter()
        .map(|notice| view! { <span class="row-note wide notice" data-testid="sample-notice">{notice}</span> })
        .collect_view()
}

#[component]
fn UploadRow(number: u64) -> impl IntoView {
    let studio = use_studio();
    let upload = move || studio.uploads.list.with(|list| list.iter().find(|upload| upload.number == number).cloned());
    let share = move || upload().map_or(0.0, |Upload { sent, bytes, .. }| if bytes > 0.0 { sent / bytes } else { 0.0 });
    let words = move || match upload() {
        Some(upload) if upload.cancelled => "stopping…".to_owned(),
        _ => percent(share()),
    };
    view! {
        <div class="row upload" data-testid="upload">
            {icon("data")}
            <span class="row-name">{move || upload().map(|upload| upload.name)}</span>
            <span class="row-note">{words}</span>
            <button class="icon-button" data-item data-testid="upload-stop" aria-label="Stop this upload" on:click=move |_| studio.uploads.cancel(number)>{icon("close")}</button>
            <progress class="wide" max="1" prop:value=share aria-label="Uploaded"></progress>
        </div>
    }
}
