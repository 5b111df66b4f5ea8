//! The functions of `/monaco.js`, as they are: strings, numbers and JSON.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(raw_module = "/monaco.js")]
extern "C" {
    /// `on_change(name, text)` for every document, `on_cursor(line, column)`, `on_open(name, line, column)`;
    /// `on_ask` answers a question in JSON with JSON, or with an empty text.
    pub fn connect(
        on_change: &Closure<dyn FnMut(String, String)>,
        on_cursor: &Closure<dyn FnMut(u32, u32)>,
        on_open: &Closure<dyn FnMut(String, u32, u32)>,
        on_ask: &Closure<dyn FnMut(String) -> String>,
    );
    #[wasm_bindgen(js_name = createEditor)]
    pub fn create_editor(element: &web_sys::HtmlElement);
    #[wasm_bindgen(js_name = disposeEditor)]
    pub fn dispose_editor();
    #[wasm_bindgen(js_name = openDocument)]
    pub fn open_document(name: &str, text: &str, language: &str);
    #[wasm_bindgen(js_name = closeDocument)]
    pub fn close_document(name: &str);
    #[wasm_bindgen(js_name = showDocument)]
    pub fn show_document(name: &str);
    #[wasm_bindgen(js_name = setText)]
    pub fn set_text(name: &str, text: &str);
    #[wasm_bindgen(js_name = setProblems)]
    pub fn set_problems(name: &str, json: &str);
    pub fn reveal(line: u32, column: u32);
    #[wasm_bindgen(js_name = focusEditor)]
    pub fn focus_editor();
    /// One of Monaco's own commands, by its id.
    pub fn act(id: &str);
    #[wasm_bindgen(js_name = setTheme)]
    pub fn set_theme(dark: bool);
    /// Resolves to HTML.
    pub fn colorize(text: &str, language: &str) -> js_sys::Promise;
}
