//! From a credit to its journeys, and from a journey to its touches with what each model gives them. Escape goes one step
//! back: from the journey to the list, from the list to the page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{JourneyPage, JourneyStory, ReadJourney, ReadJourneys, ReportId};
use web_sys::KeyboardEvent;

use super::Looking;
use super::part_card::shown;
use crate::backend;
use crate::components::modal::Modal;
use crate::state::format::{decimal, moment};
use crate::state::use_studio;

/// Journeys that one step of the list shows.
const STEP: u32 = 100;

/// Whose journeys are looked at.
#[derive(Debug, Clone, PartialEq)]
pub struct Drill {
    pub channel: String,
}

/// What the dialog shows; handles.
#[derive(Clone, Copy)]
struct Shown {
    page: RwSignal<Option<JourneyPage>>,
    story: RwSignal<Option<JourneyStory>>,
}

#[component]
pub fn Journeys(drill: Drill) -> impl IntoView {
    let studio = use_studio();
    let Looking { look, drill: open, .. } = expect_context();
    let shown_now = Shown { page: RwSignal::new(None), story: RwSignal::new(None) };
    let report = untrack(|| shown(studio)).map(|shown| shown.id).unwrap_or_default();
    let channel = StoredValue::new(drill.channel.clone());
    let model = StoredValue::new(look.with_untracked(|look| look.models.first().cloned()));
    let report = StoredValue::new(report);
    let read = move |from: u64| {
        let request = ReadJourneys {
            report: report.get_value(),
            channel: Some(channel.get_value()),
            model: model.get_value(),
            converted: true,
            from,
            count: STEP,
        };
        spawn_local(async move {
            match backend::call(request).await {
                Ok(read) => {
                    let _ = shown_now.page.try_set(Some(read));
                }
                Err(error) => studio.complain(error),
            }
        });
    };
    read(0);
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" && shown_now.story.with_untracked(Option::is_some) {
            event.prevent_default();
            event.stop_propagation();
            shown_now.story.set(None);
        }
    };
    view! {
        <Modal label="Journeys" class="wide" on_close=Callback::new(move |()| open.set(None))>
            <div class="journeys" data-testid="journeys" on:keydown=on_key>
                <header>
                    <h2>{drill.channel}</h2>
                    <button class="button small" data-testid="journeys-close" on:click=move |_| open.set(None)>"Close"</button>
                </header>
                {move || match (shown_now.story.get(), shown_now.page.get()) {
                    (Some(story), _) => story_view(story, shown_now).into_any(),
                    (None, Some(page)) => list(page, report.get_value(), shown_now, read).into_any(),
                    (None, None) => view! { <p class="quiet" role="status">"Looking for journeys…"</p> }.into_any(),
                }}
            </div>
        </Modal>
    }
}

fn list(page: JourneyPage, report: ReportId, shown: Shown, read: impl Fn(u64) + Copy + 'static) -> impl IntoView {
    let studio = use_studio();
    let count = page.journeys.len() as u64;
    let words = match page.is_sum {
        true => format!(
            "{} gives it {} conversions in {} journeys.",
            page.model,
            decimal(page.sum),
            decimal(page.total as f64)
        ),
        false => format!(
            "{} journeys. {} credits all journeys together: a journey is shared out by the effects of its touch points, so the lines do not sum to the credit.",
            decimal(page.total as f64),
            page.model
        ),
    };
    let open = move |journey: u64| {
        let request = ReadJourney { report: report.clone(), journey };
        spawn_local(async move {
            match backend::call(request).await {
                Ok(story) => {
                    let _ = shown.story.try_set(Some(story));
                }
                Err(error) => studio.complain(error),
            }
        });
    };
    let rows = page.journeys.into_iter().map(|line| {
        let (open, journey) = (open.clone(), line.journey);
        view! {
            <tr data-testid="journey-row">
                <th scope="row"><button class="link" on:click=move |_| open(journey)>{line.identity}</button></th>
                <td class="path" title=line.path.clone()>{line.path.clone()}</td>
                <td class="number">{decimal(line.touches as f64)}</td>
                <td>{line.converted.map(|time| moment(&time))}</td>
                <td class="number">{decimal(line.value)}</td>
                <td class="number">{decimal(line.credit)}</td>
            </tr>
        }
    });
    let (from, total) = (page.from, page.total);
    view! {
        <p class="quiet">{words}</p>
        <div class="table-card">
            <table class="plain">
                <thead><tr>
                    <th scope="col">"Identity"</th>
                    <th scope="col">"Path"</th>
                    <th scope="col" class="number">"Touches"</th>
                    <th scope="col">"Converted"</th>
                    <th scope="col" class="number">"Value"</th>
                    <th scope="col" class="number">"Credit"</th>
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        <footer>
            <button class="button small" disabled=from == 0 on:click=move |_| read(from.saturating_sub(u64::from(STEP)))>"Back"</button>
            <span class="quiet-inline">{format!("{} to {} of {}", decimal((from + count.min(1)) as f64), decimal((from + count) as f64), decimal(total as f64))}</span>
            <button class="button small" disabled=from + count >= total on:click=move |_| read(from + u64::from(STEP))>"Next"</button>
        </footer>
    }
}

fn story_view(story: JourneyStory, shown: Shown) -> impl IntoView {
    let end = match &story.converted {
        Some(time) => format!("converted {}, worth {}", moment(time), decimal(story.value)),
        None => "did not convert".to_owned(),
    };
    let heads = story.models.iter().map(|model| {
        let name = if model.is_sum { model.model.clone() } else { format!("{} *", model.model) };
        view! { <th scope="col" class="number">{name}</th> }
    });
    let heads = heads.collect_view();
    let has_stars = story.models.iter().any(|model| !model.is_sum);
    let rows = story.touches.into_iter().map(|touch| {
        let shares = touch.shares.into_iter().map(|share| view! { <td class="number">{decimal(share)}</td> });
        view! {
            <tr data-testid="touch-row">
                <th scope="row">{touch.channel}</th>
                <td>{moment(&touch.time)}</td>
                <td class="number">{decimal(touch.hours_before)}</td>
                {shares.collect_view()}
            </tr>
        }
    });
    view! {
        <p class="quiet">
            <button class="link" data-testid="journey-back" on:click=move |_| shown.story.set(None)>"All journeys"</button>
            {format!(" · {} {end}. Credit of each touch, by model:", story.identity)}
        </p>
        <div class="table-card">
            <table class="plain" data-testid="journey-table">
                <thead><tr>
                    <th scope="col">"Touch point"</th>
                    <th scope="col">"Time"</th>
                    <th scope="col" class="number">"Hours before"</th>
                    {heads}
                </tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
        {has_stars.then(|| view! { <p class="quiet">"* credits all journeys together: shared out by the effects of the journey's touch points."</p> })}
    }
}
