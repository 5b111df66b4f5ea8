//! Writes generated files into a folder without ever taking a person's work: a manifest remembers what
//! an earlier export wrote, and only files that still are as it left them may change.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::IoError;
use crate::write::{made_folder, replace_with};

/// Beside the files: path → hash of what was written.
pub const MANIFEST: &str = ".dtc-export.json";

#[derive(Debug, Default, Serialize, Deserialize)]
struct Manifest {
    files: BTreeMap<String, String>,
}

/// What an export did to a folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    pub written: usize,
    /// Were already there with the same content.
    pub unchanged: usize,
    /// Left by an earlier export, not part of this one.
    pub removed: usize,
}

/// Writes `(path with /, content)` into `folder`. Refused as a whole, before anything is touched, when a
/// file is there that no export wrote or that was changed since; `force` overwrites those.
pub fn write_bundle<P: AsRef<str>, C: AsRef<[u8]>>(
    folder: &Path,
    files: &[(P, C)],
    force: bool,
) -> Result<Written, IoError> {
    let earlier = read_manifest(folder);
    let mut plan = Vec::new();
    let mut strangers = Vec::new();
    for (name, content) in files {
        let (name, content) = (name.as_ref(), content.as_ref());
        let path = inside(folder, name)?;
        match standing(&path, content, earlier.files.get(name))? {
            Standing::Same => {}
            Standing::Ours | Standing::Absent => plan.push((path, name, content)),
            Standing::Foreign if force => plan.push((path, name, content)),
            Standing::Foreign => strangers.push(name.to_owned()),
        }
    }
    if !strangers.is_empty() {
        return Err(IoError::WouldOverwrite { dir: folder.to_path_buf(), files: strangers });
    }
    fs::create_dir_all(folder).map_err(|cause| made_folder(folder, cause))?;
    for (path, name, content) in &plan {
        write_file(path, name, content)?;
    }
    let removed = remove_stale(folder, &earlier, files)?;
    let manifest = Manifest {
        files: files.iter().map(|(name, content)| (name.as_ref().to_owned(), hash(content.as_ref()))).collect(),
    };
    let text = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    write_file(&folder.join(MANIFEST), MANIFEST, &text)?;
    Ok(Written { written: plan.len(), unchanged: files.len() - plan.len(), removed })
}

enum Standing {
    Absent,
    /// Has the content that is to be written.
    Same,
    /// As an earlier export left it.
    Ours,
    Foreign,
}

fn standing(path: &Path, content: &[u8], known: Option<&String>) -> Result<Standing, IoError> {
    let there = match fs::read(path) {
        Ok(there) => there,
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Standing::Absent),
        Err(cause) => return Err(IoError::system(path, "read", cause)),
    };
    Ok(match known {
        _ if there == content => Standing::Same,
        Some(known) if *known == hash(&there) => Standing::Ours,
        _ => Standing::Foreign,
    })
}

/// Files of the earlier export that are not in this one and that nobody changed.
fn remove_stale<P: AsRef<str>, C>(folder: &Path, earlier: &Manifest, files: &[(P, C)]) -> Result<usize, IoError> {
    let mut removed = 0;
    for (name, known) in &earlier.files {
        if files.iter().any(|(kept, _)| kept.as_ref() == name) {
            continue;
        }
        let Ok(path) = inside(folder, name) else { continue };
        if fs::read(&path).is_ok_and(|there| hash(&there) == *known) {
            fs::remove_file(&path).map_err(|cause| IoError::system(&path, "remove", cause))?;
            removed += 1;
        }
    }
    Ok(removed)
}

fn write_file(path: &Path, name: &str, content: &[u8]) -> Result<(), IoError> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(|cause| made_folder(parent, cause))?;
    }
    replace_with(path, content)?;
    if name.ends_with(".sh") || name.rsplit('/').next() == Some("bootstrap") {
        make_executable(path)?;
    }
    Ok(())
}

#[cfg(unix)]
fn make_executable(path: &Path) -> Result<(), IoError> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755))
        .map_err(|cause| IoError::system(path, "make executable", cause))
}

#[cfg(not(unix))]
fn make_executable(_path: &Path) -> Result<(), IoError> {
    Ok(())
}

/// The place of a bundle's file; refuses names that would leave the folder.
fn inside(folder: &Path, name: &str) -> Result<PathBuf, IoError> {
    let relative = Path::new(name);
    let safe = !name.is_empty()
        && !name.contains('\\')
        && relative.components().all(|part| matches!(part, Component::Normal(_)));
    if safe { Ok(folder.join(relative)) } else { Err(IoError::Outside { path: name.to_owned() }) }
}

/// A manifest that is missing or not ours knows no files: then everything there is foreign.
fn read_manifest(folder: &Path) -> Manifest {
    fs::read(folder.join(MANIFEST)).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

/// FNV-1a over 128 bits: tells a changed file from an unchanged one; not meant against forgery.
fn hash(content: &[u8]) -> String {
    let mut hash: u128 = 0x6c62272e07bb014262b821756295c58d;
    for byte in content {
        hash = (hash ^ u128::from(*byte)).wrapping_mul(0x0000000001000000000000000000013b);
    }
    format!("{hash:032x}")
}
