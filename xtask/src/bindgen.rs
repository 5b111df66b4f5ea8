//! wasm-bindgen as a library: no tool to install, no version that could differ from the page's.

use std::path::Path;

use anyhow::Result;
use wasm_bindgen_cli_support::Bindgen;

/// Writes `ui.js` and `ui_bg.wasm` for the web into this folder.
pub fn generate(wasm: &Path, out: &Path, keep_names: bool) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(false)
        .remove_name_section(!keep_names)
        .remove_producers_section(true);
    bindgen.generate(out)
}

/// Writes `NAME.js` and `NAME_bg.wasm` for node into this folder.
pub fn generate_for_node(wasm: &Path, out: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(wasm).nodejs(true)?.typescript(false);
    bindgen.generate(out)
}
