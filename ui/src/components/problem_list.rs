//! Problems of all documents, and failures inside expressions while running. Enter goes to the place.

use dtc_lang::Severity;
use leptos::prelude::*;
use studio_api::ExpressionFaultCount;

use super::icon::icon;
use super::roving::rove;
use crate::state::checking::Problem;
use crate::state::format::{counted, thousands};
use crate::state::use_studio;

#[component]
pub fn ProblemList() -> impl IntoView {
    let studio = use_studio();
    let problems = move || studio.documents.checked.with(|checked| checked.problems.clone());
    let faults = move || {
        studio.preview.good.with(|good| good.as_ref().map_or_else(Vec::new, |good| good.summary.faults.clone()))
    };
    let none = move || studio.documents.checked.with(|checked| checked.problems.is_empty()) && faults().is_empty();
    // The first document with cures: after it the next one has its turn.
    let curable = Memo::new(move |_| {
        studio.documents.checked.with(|checked| {
            let first = checked.problems.iter().find(|problem| problem.is_curable())?.document.clone();
            let count =
                checked.problems.iter().filter(|problem| problem.is_curable() && problem.document == first).count();
            Some((first, count))
        })
    });
    let fix_all = move |(name, count): (String, usize)| {
        let words = format!("Fix {} in {name}", counted(&count.to_string(), "problem", "problems"));
        view! {
            <button class="button small fix-all" data-testid="fix-all" on:click=move |_| studio.documents.fix_all(studio, &name)>{words}</button>
        }
    };
    view! {
        {move || curable.get().map(fix_all)}
        <div class="problem-list" role="list" aria-label="Problems" on:keydown=|event| rove(&event)>
            {move || problems().into_iter().map(|problem| view! { <ProblemRow problem /> }).collect_view()}
            {move || faults().into_iter().map(|fault| view! { <FaultRow fault /> }).collect_view()}
        </div>
        <Show when=none>
            <p class="quiet">"No problems."</p>
        </Show>
    }
}

pub fn severity_mark(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => ("error", "error"),
        Severity::Warning => ("warning", "warning"),
        Severity::Note => ("note", "note"),
    }
}

#[component]
pub fn ProblemRow(problem: Problem) -> impl IntoView {
    let studio = use_studio();
    let (class, mark) = severity_mark(problem.severity);
    let place = problem.place;
    let document = problem.document.clone();
    let show = move |_| studio.documents.reveal(studio, &document, place.start_line, place.start_column);
    let cure = problem.help.clone().or_else(|| (problem.label != problem.message).then(|| problem.label.clone()));
    view! {
        <div role="listitem">
            <button class=format!("problem {class}") data-item data-testid="problem" on:click=show>
                {icon(mark)}
                <span class="problem-text">{problem.message}</span>
                <span class="problem-help">{cure}</span>
                <span class="problem-code">{problem.code}</span>
                <span class="problem-place">{format!("{}:{}:{}", problem.document, place.start_line, place.start_column)}</span>
            </button>
        </div>
    }
}

#[component]
fn FaultRow(fault: ExpressionFaultCount) -> impl IntoView {
    let studio = use_studio();
    let times = counted(&fault.count, "time", "times");
    let (document, span) = (fault.document, fault.span);
    let show = move |_| studio.documents.reveal_span(studio, &document, span);
    view! {
        <div role="listitem">
            <button class="problem warning" data-item data-testid="fault" on:click=show>
                {icon("warning")}
                <span class="problem-text">{format!("{}: {}", fault.place, fault.cause)}</span>
                <span class="problem-help">{format!("{times} while running; the old value was kept")}</span>
                <span class="problem-place">{format!("first at {}:{}", fault.sample, thousands(&fault.line))}</span>
            </button>
        </div>
    }
}
