//! What stands between the documents and the shown rows: a run under way, errors, a failure. Lies over
//! the foot of the rows, so that nothing moves while the user types.

use leptos::prelude::*;
use studio_api::{RunPhase, RunProgress};

use crate::state::format::{counted, percent};
use crate::state::layout::BottomTab;
use crate::state::preview::{RunState, Standing};
use crate::state::use_studio;

/// Nothing while the rows are up to date.
#[component]
pub fn RunNotice() -> impl IntoView {
    let studio = use_studio();
    let standing = Memo::new(move |_| studio.preview.standing(studio));
    let old = Memo::new(move |_| studio.preview.is_old(studio));
    let words = move || match standing.get() {
        Standing::Errors(count) => Some(format!("{} in the documents", counted(&count.to_string(), "error", "errors"))),
        Standing::Stopped => Some("Stopped. Ctrl-Enter runs again".to_owned()),
        Standing::Failed => Some("The last run failed".to_owned()),
        Standing::NoData => Some("No sample is ticked".to_owned()),
        Standing::NoDocument => Some("There is no streaming document".to_owned()),
        Standing::Running | Standing::Pending | Standing::UpToDate => None,
    };
    let has_rows = move || studio.preview.good.with(Option::is_some);
    view! {
        <div class="notices">
            <RunBar />
            <Show when=move || has_rows() && old.get()>
                <div class="old-notice" data-testid="old">
                    <strong>"From before the last change"</strong>
                    <span>{words}</span>
                    <Show when=move || matches!(standing.get(), Standing::Errors(_))>
                        <button class="link" on:click=move |_| studio.layout.show_bottom(BottomTab::Problems)>"Show problems"</button>
                    </Show>
                    <Show when=move || matches!(standing.get(), Standing::Failed | Standing::Stopped)>
                        <button class="link" on:click=move |_| studio.preview.start(studio)>"Run again"</button>
                    </Show>
                </div>
            </Show>
        </div>
    }
}

fn phase_words(progress: &RunProgress) -> String {
    let phase = match progress.phase {
        RunPhase::Reading => "Reading",
        RunPhase::Transforming => "Transforming",
        RunPhase::Windowing => "Making windows",
        RunPhase::Preparing => "Preparing tables",
    };
    let share = progress.share.map(percent).map_or(String::new(), |share| format!(" · {share}"));
    format!("{phase} · {}{share}", counted(&progress.events, "event", "events"))
}

/// Progress of a run that takes its time, and the way to stop it.
#[component]
fn RunBar() -> impl IntoView {
    let studio = use_studio();
    let shown = move || match studio.preview.state.get() {
        RunState::Running { slow: true, progress } => Some((progress, false)),
        RunState::Cancelling => Some((None, true)),
        _ => None,
    };
    let words = move || match shown() {
        Some((_, true)) => "Cancelling…".to_owned(),
        Some((Some(progress), false)) => phase_words(&progress),
        _ => "Starting…".to_owned(),
    };
    let share = move || shown().and_then(|(progress, _)| progress?.share);
    view! {
        <Show when=move || shown().is_some()>
            <div class="run-bar" data-testid="run-progress">
                <progress max="1" value=move || share().map(|share| share.to_string()) aria-label="Progress of the run"></progress>
                <span class="run-words">{words}</span>
                <button
                    class="button small"
                    data-testid="run-cancel"
                    disabled=move || shown().is_some_and(|(_, cancelling)| cancelling)
                    on:click=move |_| studio.preview.cancel(studio)
                >
                    "Cancel"
                </button>
            </div>
        </Show>
    }
}
