//! Short names computed from content: opaque ids and versions. Not for secrets.

use std::hash::{DefaultHasher, Hash, Hasher};

/// Sixteen hex digits that change when the value does.
pub(crate) fn fingerprint(value: &(impl Hash + ?Sized)) -> String {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
