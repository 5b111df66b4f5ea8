//! The page: mounts the app where `index.html` waits. Runs in every host that serves `ui/dist`.

mod app;
mod backend;
mod charts;
mod components;
mod editor;
mod fault;
mod keys;
mod page_js;
mod pages;
mod state;

fn main() {
    fault::tell_panics();
    if let Some(boot) = leptos::prelude::document().get_element_by_id("boot") {
        boot.remove();
    }
    leptos::mount::mount_to_body(app::App);
}
