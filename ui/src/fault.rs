//! The last word of a page that broke by our fault: said in the page and in the console, never silence.

use leptos::prelude::document;

const WORDS: &str = "This page stopped by a fault of ours. Copy what you have not saved, then reload.";

/// Call before anything else.
pub fn tell_panics() {
    std::panic::set_hook(Box::new(|info| {
        web_sys::console::error_1(&info.to_string().into());
        show();
    }));
}

/// By plain elements: the state of the page is not to be trusted any more.
fn show() {
    let document = document();
    if document.get_element_by_id("fault").is_some() {
        return;
    }
    let Some(body) = document.body() else { return };
    if let Ok(banner) = document.create_element("div") {
        banner.set_id("fault");
        banner.set_class_name("banner error");
        // A page that cannot even show this still has its console.
        let _ = banner.set_attribute("role", "alert");
        banner.set_text_content(Some(WORDS));
        let _ = body.prepend_with_node_1(&banner);
    }
}
