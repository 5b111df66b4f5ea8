//! Icons as strokes in the text's colour, 16 by 16. Decoration: the words are the button's.

use leptos::prelude::*;

pub fn icon(name: &'static str) -> impl IntoView {
    let path = match name {
        "close" => "M4.5 4.5l7 7M11.5 4.5l-7 7",
        "chevron" => "M4.5 6.5L8 10l3.5-3.5",
        "plus" => "M8 3.5v9M3.5 8h9",
        "file" => "M4 2.5h5L12.5 6v7.5h-8.5zM9 2.5V6h3.5",
        "folder" => "M2 4.5h4l1.5 1.5H14v7H2z",
        "data" => {
            "M2.5 4.5c0-1.1 2.5-2 5.5-2s5.5.9 5.5 2-2.5 2-5.5 2-5.5-.9-5.5-2zM2.5 4.5v7c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2v-7M2.5 8c0 1.1 2.5 2 5.5 2s5.5-.9 5.5-2"
        }
        "function" => "M10.5 3c-2 0-2.2 1.2-2.5 3l-.9 5c-.3 1.6-.8 2.5-2.6 2.5M5.5 7h5",
        "sun" => {
            "M8 5.2a2.8 2.8 0 100 5.6 2.8 2.8 0 000-5.6zM8 1.5v1.6M8 12.9v1.6M1.5 8h1.6M12.9 8h1.6M3.4 3.4l1.1 1.1M11.5 11.5l1.1 1.1M12.6 3.4l-1.1 1.1M4.5 11.5l-1.1 1.1"
        }
        "moon" => "M13 9.6A5.5 5.5 0 016.4 3 5.5 5.5 0 1013 9.6z",
        "system" => "M2.5 3.5h11v7h-11zM6 13.5h4M8 10.5v3",
        "trash" => "M3.5 4.5h9M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5",
        "copy" => "M5.5 5.5h7v8h-7zM3.5 10.5v-8h7",
        "download" => "M8 2.5v7.5M4.8 7l3.2 3.2L11.2 7M3 13.5h10",
        "warning" => "M8 2.5l6 11H2zM8 6.5v3.2M8 11.4v.4",
        "error" => "M8 2.2a5.8 5.8 0 100 11.6A5.8 5.8 0 008 2.2zM5.9 5.9l4.2 4.2M10.1 5.9l-4.2 4.2",
        "note" => "M8 2.2a5.8 5.8 0 100 11.6A5.8 5.8 0 008 2.2zM8 7.3v3.6M8 5v.4",
        "good" => "M8 2.2a5.8 5.8 0 100 11.6A5.8 5.8 0 008 2.2zM5.4 8.2l1.8 1.8 3.4-3.8",
        "edit" => "M3 13l.6-2.6 7-7 2 2-7 7zM9.4 4.6l2 2",
        "keyboard" => "M1.5 4.5h13v7.5h-13zM4 7h.5M6.5 7H7M9 7h.5M11.5 7h.5M4.5 9.6h7",
        _ => "M3 8h9M8.5 4.5L12 8l-3.5 3.5",
    };
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=path></path>
        </svg>
    }
}
