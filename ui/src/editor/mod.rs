//! The editor: Monaco behind plain functions, its pane, its tabs.

pub mod bridge;
pub mod pane;
pub mod tabs;

/// Gives the focus to the editor when what had it has gone from the page.
pub fn keep_focus() {
    leptos::prelude::request_animation_frame(|| {
        let document = leptos::prelude::document();
        let lost = document.active_element().is_none_or(|element| element.tag_name() == "BODY");
        if lost {
            bridge::focus_editor();
        }
    });
}
