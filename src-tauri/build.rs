//! Reads `tauri.conf.json` and makes the permissions of the two commands that the page may call.

fn main() {
    let commands = tauri_build::AppManifest::new().commands(&["rpc", "feed"]);
    let attributes = tauri_build::Attributes::new().app_manifest(commands);
    tauri_build::try_build(attributes).expect("tauri.conf.json, the capabilities and ui/dist fit together");
}
