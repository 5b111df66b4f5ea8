//! Sample data: what is there, what runs read, what is on its way.

use leptos::prelude::*;
use studio_api::{Sample, SampleReport};

use super::file_input::AddData;
use super::icon::icon;
use super::roving::rove;
use crate::state::dialogs::Dialog;
use crate::state::format::{bytes, percent};
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
            <For each=move || studio.samples.list.get() key=|sample| (sample.id.clone(), sample.selected) let:sample>
                <SampleRow sample />
            </For>
            <For each=move || studio.uploads.list.get() key=|upload| upload.clone().number let:upload>
                <UploadRow number=upload.number />
            </For>
            <Show when=none>
                <p class="hint">"Drop raw JSON anywhere: an array or lines, gzip too."</p>
            </Show>
        </section>
    }
}

#[component]
fn SampleRow(sample: Sample) -> impl IntoView {
    let studio = use_studio();
    let id = sample.id.0.clone();
    let report = Memo::new(move |_| studio.samples.reports.with(|reports| reports.get(&id).cloned()));
    let size = bytes(&sample.bytes);
    let note = move || report.get().map_or("reading…".to_owned(), |report| format!("{} · {size}", report.format));
    let (chosen, removed) = (sample.clone(), sample.clone());
    let select = move |event| studio.samples.select(studio, chosen.clone(), event_target_checked(&event));
    let remove = move |_| studio.dialog.set(Some(Dialog::RemoveSample { sample: removed.clone() }));
    view! {
        <div class="row sample" class:off=!sample.selected data-testid="sample">
            <label title="Runs read the samples that are ticked">
                <input type="checkbox" data-item prop:checked=sample.selected on:change=select />
                <span class="row-name">{sample.name.clone()}</span>
            </label>
            <button class="icon-button on-hover" aria-label=format!("Remove {}", sample.name) on:click=remove>{icon("trash")}</button>
            <span class="row-note wide">{note}</span>
            {move || report.get().map(|report| view! { <Notices report /> })}
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
            <button class="icon-button" data-item aria-label="Stop this upload" on:click=move |_| studio.uploads.cancel(number)>{icon("close")}</button>
            <progress class="wide" max="1" prop:value=share aria-label="Uploaded"></progress>
        </div>
    }
}
