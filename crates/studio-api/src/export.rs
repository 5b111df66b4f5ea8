//! Bundles: a project's documents as deployable infrastructure, what changed since the last one, and what its looks find.

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
    /// Of this bundle, and those of the last export that are gone.
    pub files: Vec<ExportFile>,
    pub environments: Vec<ExportEnvironment>,
    /// When the last export of this target was taken, in RFC 3339; `None`: this is the first.
    pub last: Option<String>,
    /// What deploying it does to data that the last one left on AWS, the worst first.
    pub warnings: Vec<ExportWarning>,
    pub resources: Vec<ExportResource>,
    /// The resources drawn; boxes carry `data-node`, their place in `resources`.
    pub diagram: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportFile {
    /// Inside the bundle, with `/`.
    pub path: String,
    pub bytes: u64,
    /// The content where it is text; of a file that is gone, the last one.
    pub text: Option<String>,
    pub change: FileChange,
    /// The changed lines as a unified diff; empty where there is none or it is no text.
    pub diff: String,
    pub added: u32,
    pub removed: u32,
}

/// Against the last export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileChange {
    Same,
    New,
    Changed,
    Gone,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportEnvironment {
    pub name: String,
    /// Stack, region and account, ready to read.
    pub about: String,
    /// Shell commands that deploy it, in order.
    pub commands: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportWarning {
    pub message: String,
    /// Data are lost or the deployment fails.
    pub severe: bool,
    /// In the template, from 1; 0: nowhere.
    pub line: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportResource {
    pub id: String,
    /// In words, such as `Kinesis stream`.
    pub kind: String,
    /// Ready to read; may be empty.
    pub about: String,
    pub holds_data: bool,
    /// In the template, from 1; 0: unknown.
    pub line: u32,
    /// Policies, roles and mappings that serve it, ready to read.
    pub parts: Vec<String>,
    /// Places in the list of what flows to it, and of where it flows to.
    pub from: Vec<u32>,
    pub to: Vec<u32>,
    /// Centre of its box in the drawing.
    pub x: u32,
    pub y: u32,
}

/// The bundle as one zip → `ExportZip`. The next export is compared with it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DownloadExport {
    pub export: ExportId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportZip {
    pub name: String,
    pub base64: String,
}

/// Writes the bundle as a folder → `SaveOutcome`. Files that were edited by hand stop it before anything is written.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveExport {
    pub export: ExportId,
    pub to: SavePlace,
    /// What to do with edits that were shown: these paths are overwritten, the others stay. `None`: stop at edits. An edit
    /// made since they were shown stops it again.
    pub overwrite: Option<Vec<String>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SavePlace {
    /// `exports/<target>` in the project's folder.
    Project,
    /// A native dialog asks (`Capabilities::native_dialogs`).
    Ask,
    /// Where this bundle was to be saved last.
    Again,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SaveOutcome {
    /// The user closed the dialog.
    Closed,
    Saved(SavedExport),
    /// Nothing was written.
    Edited {
        location: String,
        files: Vec<EditedFile>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedExport {
    /// Where it is, to read.
    pub location: String,
    pub files: u64,
    /// Edited files that were left as they are.
    pub kept: u64,
}

/// A file in the way of a save.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditedFile {
    pub path: String,
    /// What the diff compares, ready to read.
    pub about: String,
    /// A unified diff; empty where it is no text.
    pub diff: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct VerifyId(pub String);

/// Starts every check of a bundle that this host can make → `VerifyId`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct VerifyExport {
    pub export: ExportId,
}

/// Ends a verification; `WatchVerify` confirms it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CancelVerify {
    pub verify: VerifyId,
}

/// Feed: a verification from its start to its end, each item the whole of what is known.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WatchVerify {
    pub verify: VerifyId,
    /// Items up to this number are known; 0: none.
    pub after: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyState {
    pub seq: u64,
    pub steps: Vec<VerifyStep>,
    pub ended: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyStep {
    pub name: String,
    pub state: StepState,
    /// What was looked at, why it did not run, or how to install what it needs.
    pub words: String,
    pub findings: Vec<VerifyFinding>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Waiting,
    Running,
    Good,
    Found,
    /// Its program is not installed.
    Missing,
    /// It could not be run to its end.
    Failed,
    Cancelled,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VerifyFinding {
    /// Inside the bundle.
    pub path: String,
    /// From 1; 0: the whole file.
    pub line: u32,
    pub message: String,
}
