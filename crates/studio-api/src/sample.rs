//! Sample data: raw events that the user dropped, uploaded or picked.

use dtc_lang::DataField;
use serde::{Deserialize, Serialize};

use crate::project::ProjectId;

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SampleId(pub String);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    pub id: SampleId,
    /// File name as the user knows it.
    pub name: String,
    /// Bytes on disk, as text (can pass 2^53).
    pub bytes: String,
    /// Whether runs read it.
    pub selected: bool,
}

/// What the first records of a sample look like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SampleReport {
    /// E.g. "JSON Lines, gzip".
    pub format: String,
    /// Things the reader did for the user, e.g. single quotes read as JSON strings.
    pub notices: Vec<String>,
    /// Records looked at.
    pub records: u64,
    pub fields: Vec<DataField>,
}

/// Native dialog, then adds the files → `Vec<Sample>` (all of the project).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PickSamples {
    pub project: ProjectId,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct UploadId(pub String);

/// Starts an upload in chunks → `UploadId`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BeginUpload {
    pub project: ProjectId,
    /// The file's own name; the host takes no folder from it.
    pub name: String,
    pub bytes: String,
}

/// One chunk in order (4 MiB or less) → `()`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct UploadChunk {
    pub upload: UploadId,
    /// Byte offset, as text.
    pub offset: String,
    pub base64: String,
}

/// → `Vec<Sample>` (all of the project)
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FinishUpload {
    pub upload: UploadId,
}

/// → `()`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CancelUpload {
    pub upload: UploadId,
}

/// Takes the sample into runs or out of them → `Vec<Sample>`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SelectSample {
    pub project: ProjectId,
    pub sample: SampleId,
    pub selected: bool,
}

/// Removes a sample from the project. Its file is deleted only where the studio made the copy → `Vec<Sample>`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RemoveSample {
    pub project: ProjectId,
    pub sample: SampleId,
}

/// Reads at most the first 2,000 records → `SampleReport`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DescribeSample {
    pub project: ProjectId,
    pub sample: SampleId,
}
