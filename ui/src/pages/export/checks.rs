//! What the checks of a bundle found, step by step while they run.

use leptos::prelude::*;
use studio_api::{ExportId, StepState, VerifyFinding, VerifyStep};

use crate::components::icon::icon;
use crate::state::use_studio;

#[component]
pub fn Checks(export: ExportId) -> impl IntoView {
    let studio = use_studio();
    let exports = studio.exports;
    let verified = exports.verified;
    let running = Memo::new(move |_| verified.with(|it| it.as_ref().is_some_and(|(_, state)| !state.ended)));
    let old = move || verified.with(|it| it.as_ref().is_some_and(|(of, _)| *of != export));
    let steps = move || verified.with(|it| it.as_ref().map(|(_, state)| state.steps.clone()).unwrap_or_default());
    view! {
        <div class="checks" data-testid="export-checks">
            <Show when=move || running.get()>
                <div class="run-bar" role="status">
                    <progress aria-label="Verifying"></progress>
                    <span class="run-words">"Verifying…"</span>
                    <button class="button small" data-testid="verify-cancel" on:click=move |_| exports.stop_checks(studio)>"Cancel"</button>
                </div>
            </Show>
            <Show when=old>
                <div class="old-notice" role="status"><strong>"Of an earlier bundle"</strong></div>
            </Show>
            <Show when=move || verified.with(Option::is_none)>
                <p class="quiet">
                    "Verify looks at every file of the bundle: names, permissions, safety of data, settings, the function's zip; and runs cfn-lint, sam and checkov where they are installed. Nothing is sent anywhere."
                </p>
            </Show>
            <ul class="looks">{move || steps().into_iter().map(|step| view! { <Step step /> }).collect_view()}</ul>
            <p class="quiet">"The same by hand, in a saved bundle: " <code>"make verify"</code></p>
        </div>
    }
}

#[component]
fn Step(step: VerifyStep) -> impl IntoView {
    let exports = use_studio().exports;
    let (class, sign, word) = match step.state {
        StepState::Waiting => ("", "more", "waits"),
        StepState::Running => ("note", "more", "runs…"),
        StepState::Good => ("ok", "good", "nothing found"),
        StepState::Found => ("error", "error", "found"),
        StepState::Missing => ("warning", "note", "not run"),
        StepState::Failed => ("warning", "warning", "not run"),
        StepState::Cancelled => ("", "close", "cancelled"),
    };
    let row = move |finding: VerifyFinding| {
        let place = match finding.line {
            0 => finding.path.clone(),
            line => format!("{}:{line}", finding.path),
        };
        let VerifyFinding { path, line, message } = finding;
        view! {
            <button class="problem error" data-testid="check-finding" on:click=move |_| exports.go_to(&path, line)>
                <span class="problem-text">{message}</span>
                <span class="problem-place">{place}</span>
            </button>
        }
    };
    let findings = step.findings.into_iter().map(row).collect_view();
    view! {
        <li class=format!("look {class}") data-testid="check-step">
            <div>{icon(sign)}<strong>{step.name}</strong><span class="look-word">{word}</span><span class="quiet-inline">{step.words}</span></div>
            {findings}
        </li>
    }
}
