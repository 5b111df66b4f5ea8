//! Projects: folders of documents. The page holds opaque ids, never paths.

use serde::{Deserialize, Serialize};

use crate::sample::Sample;

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ProjectId(pub String);

/// A template that ships with the studio.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    pub id: String,
    pub title: String,
    /// One or two sentences: what it shows.
    pub summary: String,
}

/// A project that can be opened again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecentProject {
    pub id: ProjectId,
    pub name: String,
    /// Where it is, to read, not to use.
    pub location: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    pub id: ProjectId,
    pub name: String,
    pub location: String,
    pub documents: Vec<DocumentInfo>,
    pub samples: Vec<Sample>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    Streaming,
    Window,
    Attribution,
    Join,
    Pipeline,
    /// A Rhai script under `functions/`.
    Function,
    /// YAML whose `Type` is none of ours (yet).
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentInfo {
    /// Relative to the project with `/`, e.g. `streaming.dtc.yaml`, `functions/price.rhai`. A name, not a path:
    /// the host accepts only names that it has listed.
    pub name: String,
    pub kind: DocumentKind,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentText {
    pub text: String,
    /// Changes when the file does; given back to `WriteDocument`.
    pub version: String,
}

/// A document as it stands in the editor, saved or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub document: String,
    pub text: String,
}

/// → `Vec<Template>`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListTemplates {}

/// → `Vec<RecentProject>`; the folder given on the command line comes first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListProjects {}

/// Copies the template into the workspace (or opens the copy that is there) → `Project`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenTemplate {
    pub template: String,
}

/// → `Project`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OpenProject {
    pub project: ProjectId,
}

/// Native dialog, then opens the folder → `Option<Project>` (`None`: the user closed the dialog).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PickFolder {}

/// Makes a project in the workspace from files that the page was given (a folder input in the browser).
/// Only documents and functions; samples are uploaded after → `Project`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ImportProject {
    pub name: String,
    pub files: Vec<Draft>,
}

/// → `DocumentText`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadDocument {
    pub project: ProjectId,
    pub document: String,
}

/// → `DocumentText` (text as written, new version). `Conflict` when the file changed since `version`;
/// `version: None` overwrites.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WriteDocument {
    pub project: ProjectId,
    pub document: String,
    pub text: String,
    pub version: Option<String>,
}

/// A new document of a kind with a working first text → `DocumentInfo`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CreateDocument {
    pub project: ProjectId,
    pub name: String,
    pub kind: DocumentKind,
}

/// Feed: what changed in the project outside of this page.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WatchProject {
    pub project: ProjectId,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ProjectEvent {
    /// The list of documents, or one's file, changed.
    DocumentsChanged { documents: Vec<DocumentInfo> },
    /// Data came or went (also by a native drop).
    SamplesChanged { samples: Vec<Sample> },
    /// A native drop could not be taken.
    DropRefused { message: String },
}

/// Feed: what a drop on the window opened while this feed was the last one to be opened, so while the page
/// shows no project (`Capabilities::native_drop`). A dropped folder is opened where it is; files become a
/// new project in the workspace, with a first streaming document where they bring none.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WatchDrops {}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum DropEvent {
    Opened { project: Project },
    Refused { message: String },
}
