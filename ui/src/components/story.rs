//! Why a cell has its value: the story below the table, with the way to each event and expression.

use leptos::html;
use leptos::prelude::*;
use studio_api::{Evaluation, Explain, Outcome, Story, StoryBlock, StoryWindow, Written};
use web_sys::KeyboardEvent;

use super::icon::icon;
use super::roving::rove;
use super::stepper::Stepper;
use crate::state::format::{counted, moment, thousands};
use crate::state::story::Told;
use crate::state::use_studio;

#[component]
pub fn StoryPanel() -> impl IntoView {
    let told = use_studio().told;
    let panel = NodeRef::<html::Section>::new();
    Effect::new(move |_| {
        // Enter in the table leads here; a click leaves the focus where it is.
        if let (Some(panel), true) = (panel.get(), told.takes_focus.get()) {
            let _ = panel.focus();
        }
    });
    // The stepper stays while it goes from event to event.
    let stepping = Memo::new(move |_| told.step.with(Option::is_some));
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            event.prevent_default();
            event.stop_propagation();
            told.back();
            if let Some(panel) = panel.get_untracked().filter(|_| told.asked.with_untracked(Option::is_some)) {
                let _ = panel.focus();
            }
        }
    };
    view! {
        <section class="story" node_ref=panel tabindex="-1" aria-label="Why this value" data-testid="story" on:keydown=on_key>
            <Head told />
            {move || match (told.story.get(), stepping.get()) {
                (_, true) => view! { <Stepper told /> }.into_any(),
                (None, _) => view! { <p class="quiet" role="status">"Reading the events…"</p> }.into_any(),
                (Some(Ok(story)), _) => body(told, &story),
                (Some(Err(error)), _) => view! {
                    <div class="story-fault" role="alert" data-testid="story-fault">
                        <p>{error.message}</p>
                        <button class="button small" on:click=move |_| told.ask_again()>"Try again"</button>
                    </div>
                }
                .into_any(),
            }}
        </section>
    }
}

#[component]
fn Head(told: Told) -> impl IntoView {
    let name = move || told.asked.with(|asked| asked.as_ref().map(|asked| asked.field.clone()));
    let value =
        move || told.story.with(|story| story.as_ref()?.as_ref().ok().map(|story| shown(story.value.as_deref())));
    let whose = move || told.story.with(|story| story.as_ref()?.as_ref().ok().map(|story| story.identity.clone()));
    let in_story = move || told.step.get().is_none();
    view! {
        <header class="story-head">
            <Show when=move || told.came_by_link() || !in_story()>
                <button class="icon-button back" aria-label="Back (Escape)" title="Back (Escape)" data-testid="story-back" on:click=move |_| told.back()>{icon("chevron")}</button>
            </Show>
            <h2>{name}" = "<span data-testid="story-value">{value}</span></h2>
            <span class="dim story-whose" title=whose>{whose}</span>
            <span class="grow"></span>
            <Show when=move || in_story() && matches!(told.story.get(), Some(Ok(_)))>
                <button class="button small" data-testid="step-through" on:click=move |_| told.look_at(first_event(told))>"Step through events"</button>
            </Show>
            <button class="icon-button" aria-label="Close (Escape)" title="Close (Escape)" data-testid="story-close" on:click=move |_| told.close()>{icon("close")}</button>
        </header>
    }
}

/// Where stepping begins: at the first event that the story tells.
fn first_event(told: Told) -> u64 {
    told.story.with_untracked(|story| match story {
        Some(Ok(story)) => story.evaluations.iter().find_map(|told| told.event.as_ref()).map_or(0, |event| event.nth),
        _ => 0,
    })
}

fn body(told: Told, story: &Story) -> AnyView {
    let gap = (story.left_out > 0).then_some(story.evaluations.len() / 2);
    let left_out = story.left_out;
    let rows = story.evaluations.iter().enumerate().map(|(place, evaluation)| {
        let between = (gap == Some(place)).then(|| {
            let words = counted(&left_out.to_string(), "evaluation is", "evaluations are");
            view! { <p class="quiet">{format!("{words} left out here.")}</p> }
        });
        view! { {between}{row(told, evaluation)} }
    });
    let rows = rows.collect_view();
    let window = story.window.as_ref().map(|window| members(told, window));
    view! {
        <div class="story-body" on:keydown=|event| rove(&event)>
            <ul class="story-words" data-testid="story-words">
                {story.summary.iter().map(|said| view! { <li>{said.clone()}</li> }).collect_view()}
            </ul>
            {[("Value", &story.expression), ("When", &story.condition)].map(|(name, written)| written.as_ref().map(|written| link(name, written)))}
            {window}
            <div role="list" aria-label="Evaluations">{rows}</div>
        </div>
    }
    .into_any()
}

/// An expression, and the way to its place in the editor.
fn link(name: &'static str, written: &Written) -> AnyView {
    let studio = use_studio();
    let (document, span) = (written.document.clone(), written.span);
    let title = format!("Show in {document}");
    view! {
        <p class="story-code">
            <span class="dim">{name}</span>
            <button data-item title=title data-testid="story-link" on:click=move |_| studio.documents.reveal_span(studio, &document, span)>
                <code>{written.text.clone()}</code>
            </button>
        </p>
    }
    .into_any()
}

fn row(told: Told, evaluation: &Evaluation) -> AnyView {
    let event = evaluation.event.clone();
    let place = event.as_ref().map(|event| {
        let line = format!("{}:{}", event.sample, thousands(&event.line.to_string()));
        view! { <span class="evaluation-place"><span>{moment(&event.time)}</span><span class="dim">{line}</span></span> }
    });
    let reads = evaluation.reads.iter().map(|(name, value)| {
        let value = shown(value.as_deref());
        view! { <code title=value.clone()><span class="dim">{format!("{name} = ")}</span>{value.clone()}</code> }
    });
    let reads = reads.collect_view();
    let inside = view! {
        {place}
        <span class="evaluation-reads">{reads}</span>
        {change(evaluation)}
        {said(evaluation)}
    };
    let class = format!("evaluation {}", class_of(evaluation));
    match event {
        Some(event) => {
            let nth = event.nth;
            view! {
                <div role="listitem">
                    <button class=class data-item data-testid="evaluation" title="Look at this event" on:click=move |_| told.look_at(nth)>{inside}</button>
                </div>
            }
            .into_any()
        }
        None => view! { <div role="listitem" class=class data-testid="evaluation">{inside}</div> }.into_any(),
    }
}

/// What became of the value: `1 → 2`, or why it stayed.
pub fn change(evaluation: &Evaluation) -> AnyView {
    let (before, after) = (shown(evaluation.before.as_deref()), shown(evaluation.after.as_deref()));
    if evaluation.before == evaluation.after {
        return view! { <code class="evaluation-change" title=after.clone()>{after.clone()}</code> }.into_any();
    }
    view! {
        <code class="evaluation-change" title=format!("{before} → {after}")>
            <span class="before">{before.clone()}</span>" → "<span class="after">{after.clone()}</span>
        </code>
    }
    .into_any()
}

/// The condition's result, and what went wrong.
pub fn said(evaluation: &Evaluation) -> AnyView {
    let held = evaluation.held.map(|held| if held { "When true" } else { "When false" });
    let words = match evaluation.outcome {
        Outcome::Nothing => Some("gave nothing"),
        Outcome::Failed => Some("failed"),
        _ => None,
    };
    let words: Vec<&str> =
        held.into_iter().chain(words).chain(evaluation.fault.as_deref()).chain(evaluation.note.as_deref()).collect();
    view! { <span class="evaluation-said">{words.join(" · ")}</span> }.into_any()
}

pub fn class_of(evaluation: &Evaluation) -> &'static str {
    match evaluation.outcome {
        Outcome::Failed => "failed",
        _ if evaluation.before != evaluation.after => "changed",
        Outcome::Set => "",
        _ => "quiet-row",
    }
}

/// A missing value is a dash, as in tables.
pub fn shown(value: Option<&str>) -> String {
    value.unwrap_or("–").to_owned()
}

fn members(told: Told, window: &StoryWindow) -> AnyView {
    let bounds = window.bounds.clone().map(|[lower, upper]| format!("{lower}, {upper}"));
    let columns = window.columns.clone();
    let told_members = window.members.len().saturating_sub(1) as u64;
    let hidden = window.count.saturating_sub(told_members);
    let rows = window.members.iter().enumerate().map(|(place, block)| member(told, place == 0, block, &columns));
    let rows = rows.collect_view();
    let more = (hidden > 0)
        .then(|| format!("{} in the middle are left out.", counted(&hidden.to_string(), "block", "blocks")));
    view! {
        <p class="story-code"><span class="dim">"Window"</span>{bounds.unwrap_or_else(|| window.words.clone())}</p>
        <table class="story-blocks" data-testid="story-blocks">
            <thead><tr><th>"start"</th>{columns.iter().map(|name| view! { <th>{name.clone()}</th> }).collect_view()}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
        {more.map(|words| view! { <p class="quiet">{words}</p> })}
    }
    .into_any()
}

/// A block's start and values, each the way to its own story.
fn member(told: Told, is_anchor: bool, block: &StoryBlock, columns: &[String]) -> AnyView {
    let names = std::iter::once("_start_time").chain(columns.iter().map(String::as_str));
    let start = block.start.as_deref().map(moment);
    let values = std::iter::once(start).chain(block.values.iter().cloned());
    let cells = names.zip(values).map(|(name, value)| {
        let shown = shown(value.as_deref());
        let cell = block.table.clone().map(|table| (table, block.row, name.to_owned()));
        let go = move |_| {
            if let (Some((table, row, field)), Some(asked)) = (cell.clone(), told.asked.get_untracked()) {
                told.go_on(Explain { run: asked.run, table, row, field, sort: None, filter: None });
            }
        };
        let note = (is_anchor && name == "_start_time").then(|| view! { <span class="dim">" anchor"</span> });
        view! { <td><button data-item title="Why this value?" data-testid="block-value" on:click=go>{shown}</button>{note}</td> }
    });
    view! { <tr>{cells.collect_view()}</tr> }.into_any()
}
