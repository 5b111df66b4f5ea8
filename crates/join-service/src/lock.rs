//! One service a folder.

use std::fs::{self, File};
use std::path::Path;

use crate::error::ServiceError;

/// Keeps another service out of the folder for as long as it lives.
pub fn lock(data: &Path) -> Result<File, ServiceError> {
    fs::create_dir_all(data).map_err(|cause| ServiceError::disk(data, "made", cause))?;
    let path = data.join("lock");
    let file = File::create(&path).map_err(|cause| ServiceError::disk(&path, "made", cause))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(ServiceError::InUse(data.to_path_buf())),
        Err(fs::TryLockError::Error(cause)) => Err(ServiceError::disk(&path, "locked", cause)),
    }
}
