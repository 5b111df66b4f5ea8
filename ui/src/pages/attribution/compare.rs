//! Two runs beside each other: which one is compared with, what differs as a whole, and keeping this run for later.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use studio_api::{CompareRuns, ErrorCode, KnownRun, ListRuns, ProjectId, ReportId, RunComparison, RunSource, SaveRun};

use super::Looking;
use super::part_card::shown;
use crate::backend;
use crate::components::modal::Modal;
use crate::components::roving::rove;
use crate::state::format::{decimal, moment};
use crate::state::{Studio, use_studio};

/// Keeps the shown report beside the chosen run, whichever of the two is new. Call once.
pub fn follow(studio: Studio, looking: Looking) {
    // A run of one project says nothing in another.
    Effect::new(move |before: Option<Option<ProjectId>>| {
        let now = studio.project.with(|project| project.as_ref().map(|project| project.id.clone()));
        if before.is_some_and(|before| before != now) {
            looking.against.set(None);
        }
        now
    });
    let wanted = Memo::new(move |_| Some((shown(studio)?.id, looking.against.get())));
    Effect::new(move |_| {
        let Some((report, against)) = wanted.get() else { return };
        let beside = studio
            .reports
            .attribution
            .good
            .with_untracked(|report| report.as_ref().and_then(|report| report.comparison.as_ref()?.source.clone()));
        if beside != against {
            ask(studio, looking, report, against);
        }
    });
}

fn ask(studio: Studio, looking: Looking, report: ReportId, with: Option<RunSource>) {
    let request = CompareRuns { report: report.clone(), with: with.clone(), drafts: studio.documents.drafts() };
    looking.comparing.set(true);
    spawn_local(async move {
        let answer = backend::call(request).await;
        let good = studio.reports.attribution.good;
        let is_shown = good.with_untracked(|shown| shown.as_ref().is_some_and(|shown| shown.id == report));
        if looking.against.try_get_untracked().as_ref() != Some(&with) || !is_shown {
            return;
        }
        looking.comparing.set(false);
        match answer {
            Ok(report) => good.set(Some(report)),
            Err(error) => {
                if error.code != ErrorCode::Cancelled {
                    studio.complain(error);
                }
                looking.against.set(None);
            }
        }
    });
}

/// What the report is compared with, above its parts.
#[component]
pub fn Beside() -> impl IntoView {
    let studio = use_studio();
    let looking: Looking = expect_context();
    let comparison = Memo::new(move |_| {
        studio.reports.attribution.good.with(|report| report.as_ref().and_then(|report| report.comparison.clone()))
    });
    view! {
        <Show when=move || looking.comparing.get()>
            <div class="old-notice" role="status" data-testid="comparing">
                <progress aria-label="Computing the other run"></progress>
                <span>"Computing the other run…"</span>
                <button class="button small" data-testid="compare-cancel" on:click=move |_| studio.reports.stop(studio)>"Cancel"</button>
            </div>
        </Show>
        {move || comparison.get().map(|comparison| {
            let lines = words(&comparison);
            let made = comparison.made.as_deref().map(|made| format!(" · {}", moment(made)));
            view! {
                <section class="beside" data-testid="beside" aria-label="Comparison">
                    <div>
                        <h2>"Beside " {comparison.name.clone()}<span class="quiet-inline">{made}</span></h2>
                        {lines.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
                    </div>
                    <button class="button small" data-testid="compare-other" on:click=move |_| looking.choosing.set(true)>"Choose another…"</button>
                    <button class="button small" data-testid="compare-stop" on:click=move |_| looking.against.set(None)>"Stop comparing"</button>
                </section>
            }
        })}
    }
}

/// What differs as a whole, and what cannot be compared.
fn words(comparison: &RunComparison) -> Vec<String> {
    let from_to = |name: &str, (before, now): (f64, f64)| match before == now {
        true => format!("{} {name} in both", decimal(now)),
        false => format!("{} {name} then, {} now", decimal(before), decimal(now)),
    };
    let mut wholes = Vec::new();
    wholes.extend(comparison.journeys.map(|journeys| from_to("journeys", journeys)));
    wholes.extend(comparison.conversions.map(|conversions| from_to("conversions", conversions)));
    wholes.extend(comparison.value.filter(|value| *value != (0.0, 0.0)).map(|value| from_to("of value", value)));
    let mut lines = vec![format!("{}.", wholes.join("; "))];
    let (then, now) = &comparison.alone;
    for (models, which) in [(then, "the other run"), (now, "this run")] {
        if !models.is_empty() {
            lines.push(format!("Only {which} has {}.", models.join(", ")));
        }
    }
    if comparison.models.is_empty() {
        lines.push("The two runs have no model in common, so no credits can be compared.".to_owned());
    }
    lines
}

/// Which run to compare with, and this one's name for later.
#[component]
pub fn ChooseRun() -> impl IntoView {
    let studio = use_studio();
    let looking: Looking = expect_context();
    let runs = RwSignal::new(None::<Vec<KnownRun>>);
    let report = untrack(|| shown(studio)).map(|shown| shown.id).unwrap_or_default();
    let report = StoredValue::new(report);
    let list = move || {
        spawn_local(async move {
            match backend::call(ListRuns { report: report.get_value() }).await {
                Ok(found) => {
                    let _ = runs.try_set(Some(found));
                }
                Err(error) => studio.complain(error),
            }
        });
    };
    list();
    let close = move || looking.choosing.set(false);
    let choose = move |source: RunSource| {
        close();
        looking.against.set(Some(source));
    };
    view! {
        <Modal label="Compare with another run" on_close=Callback::new(move |()| close())>
            <div class="runs" data-testid="choose-run" on:keydown=move |event| rove(&event)>
                <h2>"Compare with another run"</h2>
                {move || match runs.get() {
                    None => view! { <p class="quiet" role="status">"Looking for runs…"</p> }.into_any(),
                    Some(runs) if runs.is_empty() => view! {
                        <p class="quiet">"There is no other run yet. Change the document or the samples, save this run for later, or put what "<code>"dtc attribute --format json"</code>" printed into the project's folder "<code>"runs"</code>"."</p>
                    }.into_any(),
                    Some(runs) => groups(runs, choose).into_any(),
                }}
                <Keep report=report.get_value() on_kept=Callback::new(move |()| list()) />
            </div>
        </Modal>
    }
}

fn groups(runs: Vec<KnownRun>, choose: impl Fn(RunSource) + Copy + 'static) -> impl IntoView {
    let mut groups: BTreeMap<u8, Vec<KnownRun>> = BTreeMap::new();
    for run in runs {
        let group = match run.source {
            RunSource::Shown(_) => 0,
            RunSource::Saved(_) => 1,
            RunSource::Document(_) => 2,
        };
        groups.entry(group).or_default().push(run);
    }
    let title = |group: u8| match group {
        0 => "Shown before, in this session",
        1 => "Saved in the project's folder runs",
        _ => "Other attribution documents, over the same samples",
    };
    let line = move |run: KnownRun| {
        let source = run.source.clone();
        let about = about(&run);
        view! {
            <li>
                <button class="run-line" data-item="" data-testid="run" on:click=move |_| choose(source.clone())>
                    <span>{run.name}</span>
                    <span class="quiet-inline">{about}</span>
                </button>
            </li>
        }
    };
    let group = move |(group, runs): (u8, Vec<KnownRun>)| {
        view! {
            <h3>{title(group)}</h3>
            <ul>{runs.into_iter().map(line).collect_view()}</ul>
        }
    };
    groups.into_iter().map(group).collect_view()
}

fn about(run: &KnownRun) -> String {
    let counts = run
        .counts
        .map(|(journeys, conversions)| format!("{} journeys, {} conversions", decimal(journeys), decimal(conversions)));
    let made = run.made.as_deref().map(moment);
    counts.into_iter().chain(made).collect::<Vec<_>>().join(" · ")
}

/// This run as a file of the project.
#[component]
fn Keep(report: ReportId, on_kept: Callback<()>) -> impl IntoView {
    let studio = use_studio();
    let report = StoredValue::new(report);
    let name = RwSignal::new(String::new());
    let submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let request = SaveRun { report: report.get_value(), name: name.get_untracked() };
        spawn_local(async move {
            match backend::call(request).await {
                Ok(run) => {
                    studio.toasts.good(format!("Saved as runs/{}.json", run.name));
                    let _ = name.try_set(String::new());
                    on_kept.run(());
                }
                Err(error) => studio.complain(error),
            }
        });
    };
    view! {
        <form class="keep" on:submit=submit>
            <label>
                "Save this run as"
                <input type="text" spellcheck="false" required placeholder="march" prop:value=move || name.get() on:input=move |event| name.set(event_target_value(&event)) data-testid="run-name" />
            </label>
            <button type="submit" class="button" data-testid="run-save">"Save run"</button>
        </form>
    }
}
