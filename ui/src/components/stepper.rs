//! One event of an identity: the raw event, and every aggregate before and after it.

use leptos::html;
use leptos::prelude::*;
use studio_api::{Step, StepRecord};
use web_sys::KeyboardEvent;

use super::icon::icon;
use super::story::{change, class_of, said};
use crate::state::format::{moment, thousands};
use crate::state::story::Told;

#[component]
pub fn Stepper(told: Told) -> impl IntoView {
    let place = NodeRef::<html::Div>::new();
    Effect::new(move |_| {
        if let Some(place) = place.get() {
            // It is in the page: it takes the focus, and with it the arrow keys.
            let _ = place.focus();
        }
    });
    let on_key = move |event: KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            _ => return,
        };
        event.prevent_default();
        told.move_by(by);
    };
    let total = move || told.steps.with(|steps| steps.as_ref()?.as_ref().ok().map(|(total, _)| *total)).unwrap_or(0);
    let nth = move || told.step.get().unwrap_or(0);
    let (is_first, is_last) = (move || nth() == 0, move || nth() + 1 >= total());
    let words = move || format!("Event {} of {}", thousands(&(nth() + 1).to_string()), thousands(&total().to_string()));
    view! {
        <div class="stepper" node_ref=place tabindex="0" role="group" aria-label="Events of this identity" data-testid="stepper" on:keydown=on_key>
            <div class="stepper-bar">
                <button class="icon-button back" aria-label="Event before (left arrow)" title="Event before (left arrow)" data-testid="step-back" prop:disabled=is_first on:click=move |_| told.move_by(-1)>{icon("chevron")}</button>
                <button class="icon-button on" aria-label="Next event (right arrow)" title="Next event (right arrow)" data-testid="step-on" prop:disabled=is_last on:click=move |_| told.move_by(1)>{icon("chevron")}</button>
                <span class="numbers" role="status" data-testid="step-place">{words}</span>
            </div>
            {move || match told.steps.get() {
                None => view! { <p class="quiet">"Reading the event…"</p> }.into_any(),
                Some(Ok((_, Some(step)))) => step_view(&step),
                Some(Ok((_, None))) => view! { <p class="quiet">"There is no such event."</p> }.into_any(),
                Some(Err(error)) => view! { <p class="story-fault" role="alert">{error.message}</p> }.into_any(),
            }}
        </div>
    }
}

fn step_view(step: &Step) -> AnyView {
    let at = format!("{} · {}:{}", moment(&step.event.time), step.event.sample, step.event.line);
    let refused = step.refused.clone().map(|words| view! { <p class="step-note">{words}</p> });
    view! {
        <div class="step">
            <div class="step-event">
                <h3>{at}</h3>
                <pre tabindex="0" aria-label="The raw event" data-testid="step-raw">{step.raw.clone()}</pre>
            </div>
            <div class="step-state" data-testid="step-state">
                {refused}
                {step.records.iter().map(record).collect_view()}
            </div>
        </div>
    }
    .into_any()
}

fn record(record: &StepRecord) -> AnyView {
    let fields = record.fields.iter().filter(|field| field.name != "_identity");
    let rows = fields.map(|field| {
        view! {
            <tr class=class_of(field) data-testid="step-field">
                <th>{field.name.clone()}</th>
                <td>{change(field)}</td>
                <td>{said(field)}</td>
            </tr>
        }
    });
    view! {
        <h3>{record.aggregate.clone()}</h3>
        {record.note.clone().map(|words| view! { <p class="step-note">{words}</p> })}
        <table><tbody>{rows.collect_view()}</tbody></table>
    }
    .into_any()
}
