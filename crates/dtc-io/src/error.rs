//! What can go wrong with files, in the words of the person who has to mend it.

use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum IoError {
    #[error("{}: no such file or folder; check the spelling", .path.display())]
    Missing { path: PathBuf },
    #[error("{}: no permission to {action} it; change its permissions or choose another place", .path.display())]
    Denied { path: PathBuf, action: &'static str },
    #[error("{} is a folder; name the files in it", .path.display())]
    IsFolder { path: PathBuf },
    #[error("{} is a file; a folder is needed here", .path.display())]
    IsFile { path: PathBuf },
    #[error("{}: the folder holds no data; put files there that end in {}", .path.display(), crate::sources::endings())]
    NoData { path: PathBuf },
    #[error("{name} {what}; {cure}")]
    NotText { name: String, what: String, cure: &'static str },
    #[error("{name}: damaged {packing} ({cause}); copy or download the file again")]
    Damaged { name: String, packing: &'static str, cause: io::Error },
    #[error("{name}:{line}: {reason}")]
    Line { name: String, line: u64, reason: String },
    #[error("{name}: its header cannot be used: {reason}")]
    Header { name: String, reason: String },
    #[error("{name}: damaged Parquet ({reason}); copy or download the file again")]
    DamagedParquet { name: String, reason: String },
    #[error("{name}: the column `{column}` holds {what}, and a document cannot read that; {cure}")]
    UnreadColumn { name: String, column: String, what: String, cure: &'static str },
    #[error("{name} is {format}; flow records of a collector are read from JSON only")]
    NotFlows { name: String, format: String },
    #[error("`{pattern}` matches no file; check the spelling, and quote the pattern so that the shell leaves it alone")]
    NoMatch { pattern: String },
    #[error("`{pattern}` is no pattern of files: {reason}; `*`, `?`, `[a-z]` and `**` between slashes are known")]
    BadPattern { pattern: String, reason: String },
    #[error("{}: could not {action}: {cause}", .path.display())]
    System { path: PathBuf, action: &'static str, cause: io::Error },
    #[error(
        "{}: temporary data could not be kept there ({cause}); make room, or name another folder (`--scratch DIR`) or more memory (`--memory`)", .folder.display()
    )]
    Scratch { folder: PathBuf, cause: io::Error },
    #[error("table `{table}`, column `{column}`: {reason}")]
    Table { table: String, column: String, reason: String },
    #[error("{} already holds files that this export would overwrite: {}; choose another folder or force it", .dir.display(), .files.join(", "))]
    WouldOverwrite { dir: PathBuf, files: Vec<String> },
    #[error("`{path}` leaves the folder it belongs to; use a relative name without `..`")]
    Outside { path: String },
    #[error("DTC0701: {place} is in use by another run; wait for its end, or give this one a state of its own")]
    StateBusy { place: String },
    #[error("DTC0702: {place} is damaged ({cause}); put back a copy, or name another state and run the data again")]
    StateDamaged { place: String, cause: String },
    #[error("DTC0704: another run wrote {place} since this one began, so this batch does not count; run it again")]
    StateOvertaken { place: String },
    #[error(
        "DTC0705: {name} is shorter than what an earlier batch has read of it ({then} bytes then, {now} now); put the whole file back, or give the new data another name"
    )]
    InputCut { name: String, then: u64, now: u64 },
    /// A service of the network: what it said, in our words, and what to do.
    #[error("{place}: {what}; {cure}")]
    Remote { place: String, what: String, cure: String },
    #[error("two tables would be written as `{file}`; rename one of them")]
    SameFile { file: String },
}

impl IoError {
    pub fn damaged_state(path: &Path, cause: impl ToString) -> IoError {
        IoError::StateDamaged { place: path.display().to_string(), cause: cause.to_string() }
    }

    /// Names the usual causes of the system's errors; `action` completes "could not …".
    pub fn system(path: &Path, action: &'static str, cause: io::Error) -> IoError {
        let path = path.to_path_buf();
        match cause.kind() {
            io::ErrorKind::NotFound => IoError::Missing { path },
            io::ErrorKind::PermissionDenied => IoError::Denied { path, action },
            io::ErrorKind::IsADirectory => IoError::IsFolder { path },
            io::ErrorKind::NotADirectory => IoError::IsFile { path },
            _ => IoError::System { path, action, cause },
        }
    }
}
