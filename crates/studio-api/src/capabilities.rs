//! What this host can do. The page asks this, never for the platform's name.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Capabilities {
    /// Native dialogs to pick a folder and files (`PickFolder`, `PickSamples`, `SaveExport { ask: true }`).
    pub native_dialogs: bool,
    /// Files dropped on the window reach the host itself and arrive as `ProjectEvent::SamplesChanged`;
    /// where false the page reads the drop and uploads it.
    pub native_drop: bool,
    /// Version of the studio, e.g. "0.1.0".
    pub version: String,
}

/// → `Capabilities`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetCapabilities {}
