//! One line at the bottom: events to sessions to rows, time, how live it is, where the cursor is.

use leptos::prelude::*;
use studio_api::{RunSummary, TableKind};

use crate::state::format::{counted, milliseconds};
use crate::state::layout::BottomTab;
use crate::state::preview::Standing;
use crate::state::{Page, use_studio};

#[component]
pub fn StatusBar() -> impl IntoView {
    let studio = use_studio();
    let standing = Memo::new(move |_| studio.preview.standing(studio));
    let words = move || match standing.get() {
        Standing::UpToDate => "up to date".to_owned(),
        Standing::Running => "running…".to_owned(),
        Standing::Pending => "checking…".to_owned(),
        Standing::Errors(count) => format!("waits for {} to be mended", counted(&count.to_string(), "error", "errors")),
        Standing::Failed => "failed".to_owned(),
        Standing::Stopped => "stopped".to_owned(),
        Standing::NoData => "waits for data".to_owned(),
        Standing::NoDocument => "waits for a streaming document".to_owned(),
    };
    let old = Memo::new(move |_| studio.preview.is_old(studio));
    view! {
        <footer class="status-bar" class:old=move || old.get()>
            <Counts />
            <span class="status-item" role="status" data-testid="status-live">"Preview: " {words}</span>
            <span class="grow"></span>
            <LookedAt />
            <ProblemCount />
            <Show when=move || studio.page.get() == Page::Author && studio.documents.active.with(Option::is_some)>
                <span class="status-item numbers" data-testid="status-cursor">
                    {move || {
                        let (line, column) = studio.documents.cursor.get();
                        format!("Ln {line}, Col {column}")
                    }}
                </span>
            </Show>
        </footer>
    }
}

/// Rows of all tables of a kind.
fn rows(summary: &RunSummary, kind: TableKind) -> Option<String> {
    let mut tables = summary.tables.iter().filter(|table| table.kind == kind).peekable();
    tables.peek()?;
    let sum: u64 = tables.filter_map(|table| table.rows.parse::<u64>().ok()).sum();
    Some(sum.to_string())
}

#[component]
fn Counts() -> impl IntoView {
    let studio = use_studio();
    let summary = Memo::new(move |_| studio.preview.good.with(|good| good.as_ref().map(|good| good.summary.clone())));
    let counts = move |summary: RunSummary| {
        let sessions = rows(&summary, TableKind::Session);
        let windows = rows(&summary, TableKind::Window);
        view! {
            <span class="status-item numbers">
                <span data-testid="status-events">{counted(&summary.events, "event", "events")}</span>
                {sessions.map(|count| view! { " → " <span data-testid="status-sessions">{counted(&count, "session", "sessions")}</span> })}
                {windows.map(|count| view! { " → " <span data-testid="status-rows">{counted(&count, "row", "rows")}</span> })}
            </span>
            <span class="status-item numbers" data-testid="status-time">{milliseconds(summary.milliseconds.total)}</span>
        }
    };
    move || summary.get().map(counts)
}

/// Whose values the editor tells of fields.
#[component]
fn LookedAt() -> impl IntoView {
    let studio = use_studio();
    let identity = studio.looked_at.identity;
    let shown = move || studio.page.get() == Page::Author && identity.with(Option::is_some);
    view! {
        <Show when=shown>
            <button
                class="status-item status-button looked-at"
                data-testid="status-identity"
                title="Point at a field in a document to see its value for this identity. Press to forget it."
                on:click=move |_| identity.set(None)
            >
                "Identity "
                {move || identity.get()}
                " ×"
            </button>
        </Show>
    }
}

#[component]
fn ProblemCount() -> impl IntoView {
    let studio = use_studio();
    let count = Memo::new(move |_| studio.documents.checked.with(|checked| checked.problems.len()));
    view! {
        <button
            class="status-item status-button"
            class:faulty=move || { count.get() > 0 }
            data-testid="status-problems"
            title="Problems (Ctrl-J opens and closes the panel)"
            on:click=move |_| {
                studio.page.set(Page::Author);
                studio.layout.show_bottom(BottomTab::Problems);
            }
        >
            {move || counted(&count.get().to_string(), "problem", "problems")}
        </button>
    }
}
