//! The functions of `/page.js`: what the browser does for the page beyond elements and events.

use wasm_bindgen::prelude::*;
use web_sys::{DataTransfer, Element, File};

#[wasm_bindgen(raw_module = "/page.js")]
extern "C" {
    /// Resolves to base64.
    #[wasm_bindgen(js_name = readSlice)]
    pub fn read_slice(file: &File, from: f64, to: f64) -> js_sys::Promise;
    #[wasm_bindgen(js_name = readText)]
    pub fn read_text(file: &File) -> js_sys::Promise;
    #[wasm_bindgen(js_name = saveBase64)]
    pub fn save_base64(name: &str, kind: &str, base64: &str);
    /// Resolves to whether it was copied.
    #[wasm_bindgen(js_name = copyText)]
    pub fn copy_text(text: &str) -> js_sys::Promise;
    #[wasm_bindgen(js_name = watchSize)]
    pub fn watch_size(element: &Element, on_size: &Closure<dyn FnMut(f64, f64)>) -> js_sys::Function;
    /// In a drawn graph: the chosen box alone takes Tab.
    #[wasm_bindgen(js_name = chooseNode)]
    pub fn choose_node(root: &Element, node: u32, focus: bool);
    /// A CSS custom property of the page's root.
    pub fn token(name: &str) -> String;
    /// Resolves to a list of `{ path, file }`. Must be called while the drop is handled.
    #[wasm_bindgen(js_name = droppedFiles)]
    pub fn dropped_files(transfer: &DataTransfer) -> js_sys::Promise;
}
