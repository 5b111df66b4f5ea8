//! Errors in words for the user: what happened, to which file, and what to do about it.

use std::fmt::Display;
use std::io;
use std::path::Path;

use dtc_io::IoError;
use studio_api::{ApiError, ErrorCode};

pub(crate) fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::Invalid, message)
}

pub(crate) fn not_found(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::NotFound, message)
}

pub(crate) fn conflict(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::Conflict, message)
}

pub(crate) fn unsupported(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::Unsupported, message)
}

pub(crate) fn external(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::External, message)
}

pub(crate) fn internal(message: impl Into<String>) -> ApiError {
    ApiError::new(ErrorCode::Internal, message)
}

/// The file system said no to `what` (a verb, e.g. "read").
pub(crate) fn refused(what: &str, path: &Path, error: &io::Error) -> ApiError {
    let cure = match error.kind() {
        io::ErrorKind::PermissionDenied => "Give your user the right to it, or choose another place.",
        io::ErrorKind::NotFound => "It may have been moved or deleted; open its folder again.",
        io::ErrorKind::StorageFull => "Make room on the disk and try again.",
        io::ErrorKind::ReadOnlyFilesystem => "The place is read-only; choose another one.",
        _ => "Check the place and try again.",
    };
    external(format!("Cannot {what} {}: {}. {cure}", path.display(), plain(error)))
}

/// What keeps a sample from being read, by the name that the user knows it by.
pub(crate) fn sample_fault(error: &IoError, path: &Path, name: &str) -> String {
    format!("{}.", error.to_string().replace(&path.display().to_string(), name))
}

/// A settings file does not say what it should.
pub(crate) fn broken_settings(path: &Path, error: &dyn Display) -> ApiError {
    external(format!("{} cannot be read as settings: {error}. Mend the file or delete it.", path.display()))
}

fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_lowercase(),
        None => text,
    }
}
