//! What can end or refuse the service.

use std::io;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error("{} could not be {what}: {cause}", path.display())]
    Disk { path: PathBuf, what: &'static str, cause: io::Error },
    #[error("another service uses {}; give each its own --data", .0.display())]
    InUse(PathBuf),
    #[error("{} is damaged at byte {at} though later files follow; restore it from a copy, or move it away to go on without its events", path.display())]
    Damaged { path: PathBuf, at: u64 },
    #[error("cannot listen on {address}: {cause}")]
    Listen { address: String, cause: io::Error },
    #[error("the address {0} is not understood; it is like http://host:port/path")]
    Address(String),
    #[error("the service stopped: {0}")]
    Stopped(String),
}

impl ServiceError {
    pub(crate) fn disk(path: &Path, what: &'static str, cause: io::Error) -> ServiceError {
        ServiceError::Disk { path: path.to_path_buf(), what, cause }
    }
}
