//! The frame of a report's page: which document it is of, what stands in its way, the report. Where the
//! document or the data is missing, the one thing to do about it.

use leptos::prelude::*;
use studio_api::DocumentKind;

use super::report_notice::ReportNotice;
use crate::components::document_bar::DocumentBar;
use crate::components::empty::Empty;
use crate::components::file_input::AddData;
use crate::components::new_document::free_name;
use crate::state::reports::Report;
use crate::state::use_studio;

/// What the page says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    pub title: &'static str,
    /// What the page shows, for who has no document of its kind yet.
    pub purpose: &'static str,
    /// The button that makes the document.
    pub create: &'static str,
    /// For who has the document and no data.
    pub no_data: &'static str,
}

#[component]
pub fn ReportPage<T: Send + Sync + 'static>(
    kind: DocumentKind,
    words: Words,
    report: Report<T>,
    testid: &'static str,
    children: ChildrenFn,
) -> impl IntoView {
    let studio = use_studio();
    let children = StoredValue::new(children);
    let has_document = Memo::new(move |_| studio.documents.first(kind).is_some());
    let has_data = Memo::new(move |_| studio.samples.any_selected());
    let has_report = Memo::new(move |_| report.good.with(Option::is_some));
    let old = Memo::new(move |_| report.is_old(studio));
    view! {
        <main class="page" data-testid=testid>
            <Show when=move || has_document.get() fallback=move || view! { <NoDocument kind words /> }>
                <DocumentBar title=words.title kind chosen=report.document />
                <Show when=move || has_data.get() fallback=move || view! { <NoData text=words.no_data /> }>
                    <ReportNotice kind document=report.document error=report.error slow=report.slow old />
                    <Show when=move || has_report.get()>
                        <div class="report" class:old=move || old.get()>{children.with_value(|children| children())}</div>
                    </Show>
                </Show>
            </Show>
        </main>
    }
}

#[component]
fn NoDocument(kind: DocumentKind, words: Words) -> impl IntoView {
    let studio = use_studio();
    let create = move |_| studio.documents.create(studio, free_name(kind, |_| false), kind);
    view! {
        <Empty title=words.title text=words.purpose>
            <button class="button primary" data-testid="create-document" on:click=create>{words.create}</button>
        </Empty>
    }
}

#[component]
fn NoData(text: &'static str) -> impl IntoView {
    view! {
        <Empty title="No data" text>
            <AddData class="button primary" testid="add-data-page">"Add data…"</AddData>
        </Empty>
    }
}
