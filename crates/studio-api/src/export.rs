//! Bundles: a project's documents as deployable infrastructure.

use serde::{Deserialize, Serialize};

use crate::project::{Draft, ProjectId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BundleTarget {
    Sam,
    Cloudformation,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ExportId(pub String);

/// Makes the bundle in memory → `ExportInfo`. Documents with errors are refused with their diagnostics.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExportBundle {
    pub project: ProjectId,
    pub target: BundleTarget,
    pub drafts: Vec<Draft>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportInfo {
    pub export: ExportId,
    pub target: BundleTarget,
    pub files: Vec<ExportFile>,
    /// Shell commands that deploy it, in order.
    pub commands: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportFile {
    /// Inside the bundle, with `/`.
    pub path: String,
    pub bytes: u64,
    /// The content where it is text.
    pub text: Option<String>,
}

/// The bundle as one zip → `ExportZip`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DownloadExport {
    pub export: ExportId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportZip {
    pub name: String,
    pub base64: String,
}

/// Writes the bundle as a folder → `Option<SavedExport>` (`None`: the user closed the dialog).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveExport {
    pub export: ExportId,
    pub to: SavePlace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SavePlace {
    /// `exports/<target>` in the project's folder.
    Project,
    /// A native dialog asks (`Capabilities::native_dialogs`).
    Ask,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedExport {
    /// Where it is, to read.
    pub location: String,
    pub files: u64,
}
