//! The root: makes the state, joins it to Monaco and the window, and lays out the page's frame.

use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;

use crate::components::bottom_panel::BottomPanel;
use crate::components::dialogs::Dialogs;
use crate::components::drop_overlay::DropOverlay;
use crate::components::offline_banner::OfflineBanner;
use crate::components::status_bar::StatusBar;
use crate::components::toast_list::ToastList;
use crate::components::top_bar::TopBar;
use crate::editor::bridge;
use crate::keys;
use crate::pages::attribution::AttributionPage;
use crate::pages::author::AuthorPage;
use crate::pages::bandit::BanditPage;
use crate::pages::export::ExportPage;
use crate::pages::start::StartPage;
use crate::state::{Page, Studio, assisting};

#[component]
pub fn App() -> impl IntoView {
    let studio = Studio::new();
    provide_context(studio);
    connect(studio);
    let is_open = Memo::new(move |_| studio.project.with(Option::is_some));
    view! {
        <TopBar />
        <OfflineBanner />
        <Show when=move || is_open.get() fallback=StartPage>
            <ProjectPages />
            <BottomPanel />
            <StatusBar />
        </Show>
        <DropOverlay />
        <Dialogs />
        <ToastList />
    }
}

/// The author page stays while others are shown, so that the editor keeps its place.
#[component]
fn ProjectPages() -> impl IntoView {
    let studio = crate::state::use_studio();
    let page = studio.page;
    view! {
        <AuthorPage />
        {move || match page.get() {
            Page::Author => ().into_any(),
            Page::Attribution => AttributionPage().into_any(),
            Page::Bandit => BanditPage().into_any(),
            Page::Export => ExportPage().into_any(),
        }}
    }
}

/// The browser asks before unsaved texts are lost with the page.
fn ask_before_leaving(studio: Studio) {
    let on_leave = Closure::<dyn FnMut(web_sys::Event)>::new(move |event: web_sys::Event| {
        if !studio.documents.drafts().is_empty() {
            event.prevent_default();
        }
    });
    if window().add_event_listener_with_callback("beforeunload", on_leave.as_ref().unchecked_ref()).is_ok() {
        on_leave.forget();
    }
}

/// Listeners that live as long as the page.
fn connect(studio: Studio) {
    let on_change = Closure::<dyn FnMut(String, String)>::new(move |name: String, text| {
        studio.documents.edited(studio, &name, text)
    });
    let on_cursor =
        Closure::<dyn FnMut(u32, u32)>::new(move |line, column| studio.documents.cursor.set((line, column)));
    let on_open = Closure::<dyn FnMut(String, u32, u32)>::new(move |name: String, line, column| {
        studio.documents.reveal(studio, &name, line, column)
    });
    let on_ask =
        Closure::<dyn FnMut(String) -> String>::new(move |question: String| assisting::answer(studio, &question));
    bridge::connect(&on_change, &on_cursor, &on_open, &on_ask);
    on_change.forget();
    on_cursor.forget();
    on_open.forget();
    on_ask.forget();
    keys::listen(studio);
    studio.theme.follow_system();
    Effect::new(move |_| bridge::set_theme(studio.theme.apply()));
    Effect::new(move |_| {
        let name = studio.project.with(|project| project.as_ref().map(|project| project.name.clone()));
        document().set_title(&name.map_or("DTC Studio".to_owned(), |name| format!("{name} · DTC Studio")));
    });
    ask_before_leaving(studio);
    studio.reports.follow(studio);
    studio.looked_at.follow(studio);
    studio.told.follow(studio);
    studio.exports.follow(studio);
    spawn_local(studio.start());
}
