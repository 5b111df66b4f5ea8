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
    #[error(
        "`{0}` is not understood; there are stdout:, files:DIR, http://HOST/PATH, https://HOST/PATH, kafka://BROKERS/TOPIC \
         (?tls=true&certificates=FILE&mechanism=plain, scram-sha-256 or scram-sha-512&user=NAME&password_variable=NAME) \
         and kinesis://STREAM"
    )]
    Address(String),
    #[error("a password is wanted in the environment's variable {0}; set it")]
    NoSecret(String),
    #[error("{} is the service's own folder of records; give the sink another", .0.display())]
    OwnFolder(PathBuf),
    #[error("this program was built without {0}; build join-service with its feature `{0}`")]
    NotBuilt(&'static str),
    #[error("the service stopped: {0}")]
    Stopped(String),
}

impl ServiceError {
    pub(crate) fn disk(path: &Path, what: &'static str, cause: io::Error) -> ServiceError {
        ServiceError::Disk { path: path.to_path_buf(), what, cause }
    }
}
