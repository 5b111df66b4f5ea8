//! What both hosts must agree on.

use std::path::Path;

use studio_server::CONTENT_SECURITY_POLICY;

#[test]
fn the_desktop_window_has_the_same_policy_and_no_global_bridge() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src-tauri/tauri.conf.json");
    let text = std::fs::read_to_string(path).unwrap();
    let config: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(config["app"]["security"]["csp"], CONTENT_SECURITY_POLICY);
    assert_eq!(config["app"]["security"]["freezePrototype"], false);
    assert_eq!(config["app"]["withGlobalTauri"], false);
}
