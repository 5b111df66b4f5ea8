//! What stands above a report: slow work can be stopped, an old report is called old, an error is told
//! with its way out.

use leptos::prelude::*;
use studio_api::{ApiError, DocumentKind, ErrorCode, FileDiagnostic};

use crate::components::problem_list::ProblemRow;
use crate::state::checking::Problem;
use crate::state::{Studio, use_studio};

/// Diagnostics of a refusal as problems of the documents in the editor.
pub fn problems_of(studio: Studio, diagnostics: &[FileDiagnostic]) -> Vec<Problem> {
    studio.documents.texts.with(|texts| {
        let placed = diagnostics.iter().map(|file| {
            let text = texts.get(&file.document).map_or("", |text| text.now.as_str());
            Problem::of(&file.document, text, file.diagnostic.clone())
        });
        placed.collect()
    })
}

/// Errors in the editor that keep this document's report from being made anew.
fn own_problems(studio: Studio, document: Option<String>) -> Vec<Problem> {
    studio.documents.checked.with(|checked| {
        let own = checked
            .problems
            .iter()
            .filter(|problem| problem.is_error() && Some(&problem.document) == document.as_ref());
        own.cloned().collect()
    })
}

#[component]
pub fn ReportNotice(
    kind: DocumentKind,
    document: RwSignal<Option<String>>,
    error: RwSignal<Option<ApiError>>,
    slow: RwSignal<bool>,
    #[prop(into)] old: Signal<bool>,
) -> impl IntoView {
    let studio = use_studio();
    let own = move || own_problems(studio, document.get().or_else(|| studio.documents.first(kind)));
    let refused = move || {
        error.with(|error| error.as_ref().map_or_else(Vec::new, |error| problems_of(studio, &error.diagnostics)))
    };
    let stopped = move || error.with(|error| error.as_ref().is_some_and(|error| error.code == ErrorCode::Cancelled));
    let again = move || {
        view! { <button class="link" on:click=move |_| studio.reports.ask(studio, kind)>"Compute again"</button> }
    };
    view! {
        <Show when=move || slow.get()>
            <div class="run-bar" role="status" data-testid="report-progress">
                <progress aria-label="Computing"></progress>
                <span class="run-words">"Computing…"</span>
                <button class="button small" data-testid="report-cancel" on:click=move |_| studio.reports.stop(studio)>"Cancel"</button>
            </div>
        </Show>
        <Show when=move || old.get()>
            <div class="old-notice" role="status" data-testid="old">
                <strong>"From before the last change"</strong>
            </div>
        </Show>
        <Show when=move || stopped() && !slow.get()>
            <div class="old-notice" role="status" data-testid="stopped">
                <span>"Stopped before all of the data was read."</span>
                {again}
            </div>
        </Show>
        <Show when=move || error.with(Option::is_some) && !stopped() && own().is_empty()>
            <div class="refusal" role="alert" data-testid="refusal">
                <p>{move || error.get().map(|error| error.message)}" "{again}</p>
                {move || refused().into_iter().map(|problem| view! { <ProblemRow problem /> }).collect_view()}
            </div>
        </Show>
        <Show when=move || !own().is_empty()>
            <div class="refusal" role="alert" data-testid="refusal">
                <p>"The document has errors; mend them to see this anew."</p>
                {move || own().into_iter().map(|problem| view! { <ProblemRow problem /> }).collect_view()}
            </div>
        </Show>
    }
}
