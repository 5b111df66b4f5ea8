//! Writes generated files into a folder without ever taking a person's work: a manifest remembers what
//! an earlier export wrote, and only files that still are as it left them may change.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::error::IoError;
use crate::write::{made_folder, replace_with};

/// Beside the files: what was written, as hashes and, where it is text, in words.
pub const MANIFEST: &str = ".dtc-export.json";
/// Longer texts are remembered by their hash alone.
const LONGEST_TEXT: usize = 1 << 20;

/// What an export wrote, by path.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exported {
    files: BTreeMap<String, String>,
    #[serde(default)]
    texts: BTreeMap<String, String>,
}

impl Exported {
    pub fn of<P: AsRef<str>, C: AsRef<[u8]>>(files: &[(P, C)]) -> Exported {
        let mut exported = Exported::default();
        files.iter().for_each(|(name, content)| exported.add(name.as_ref(), content.as_ref()));
        exported
    }

    /// What an export noted; `None` where nothing is noted that can be read.
    pub fn read(note: &Path) -> Option<Exported> {
        serde_json::from_slice(&fs::read(note).ok()?).ok()
    }

    pub fn write(&self, note: &Path) -> Result<(), IoError> {
        let text = serde_json::to_vec_pretty(self).unwrap_or_default();
        write_file(note, MANIFEST, &text)
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Whether this is what was written there.
    pub fn is(&self, path: &str, content: &[u8]) -> bool {
        self.files.get(path).is_some_and(|known| *known == hash(content))
    }

    /// What was written there, where it is text.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.texts.get(path).map(String::as_str)
    }

    pub fn texts(&self) -> &BTreeMap<String, String> {
        &self.texts
    }

    fn add(&mut self, path: &str, content: &[u8]) {
        self.files.insert(path.to_owned(), hash(content));
        let text = (content.len() <= LONGEST_TEXT).then(|| std::str::from_utf8(content).ok()).flatten();
        self.texts.extend(text.filter(|text| !text.contains('\0')).map(|text| (path.to_owned(), text.to_owned())));
    }

    fn keep(&mut self, earlier: &Exported, path: &str) {
        let kept = |from: &BTreeMap<String, String>| from.get(path).map(|value| (path.to_owned(), value.clone()));
        self.files.extend(kept(&earlier.files));
        self.texts.extend(kept(&earlier.texts));
    }
}

/// What an export did to a folder.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    pub written: usize,
    /// Were already there with the same content.
    pub unchanged: usize,
    /// Left by an earlier export, not part of this one.
    pub removed: usize,
    /// Edited by hand and left as they are.
    pub kept: usize,
}

/// What is to be done with a file that no export left like this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// Nothing is written at all.
    Stop,
    Keep,
    Overwrite,
}

/// A file that is not as the last export left it, and that this one would write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EditedFile {
    pub path: String,
    /// What is there now.
    pub content: Vec<u8>,
    /// Whether an export wrote it once.
    pub is_ours: bool,
    /// What the last export wrote, where it is text.
    pub written: Option<String>,
}

/// What stands in the way of writing these files into `folder`.
pub fn edited_files<P: AsRef<str>, C: AsRef<[u8]>>(
    folder: &Path,
    files: &[(P, C)],
) -> Result<Vec<EditedFile>, IoError> {
    let earlier = read_manifest(folder);
    let mut edited = Vec::new();
    for (name, content) in files {
        let (path, name) = (inside(folder, name.as_ref())?, name.as_ref());
        if let Standing::Foreign(there) = standing(&path, content.as_ref(), earlier.files.get(name))? {
            let written = earlier.text(name).map(str::to_owned);
            let is_ours = earlier.files.contains_key(name);
            edited.push(EditedFile { path: name.to_owned(), content: there, is_ours, written });
        }
    }
    Ok(edited)
}

/// Writes `(path with /, content)` into `folder`. Refused as a whole, before anything is touched, when a
/// file is there that no export wrote or that was changed since; `force` overwrites those.
pub fn write_bundle<P: AsRef<str>, C: AsRef<[u8]>>(
    folder: &Path,
    files: &[(P, C)],
    force: bool,
) -> Result<Written, IoError> {
    write_bundle_with(folder, files, |_, _| if force { Edited::Overwrite } else { Edited::Stop })
}

/// As `write_bundle`; `decide` gets the path and the present content of each file that an export did not leave like this.
pub fn write_bundle_with<P: AsRef<str>, C: AsRef<[u8]>>(
    folder: &Path,
    files: &[(P, C)],
    decide: impl Fn(&str, &[u8]) -> Edited,
) -> Result<Written, IoError> {
    let earlier = read_manifest(folder);
    let mut manifest = Exported::default();
    let (mut plan, mut strangers, mut kept) = (Vec::new(), Vec::new(), 0);
    for (name, content) in files {
        let (name, content) = (name.as_ref(), content.as_ref());
        let path = inside(folder, name)?;
        let fate = match standing(&path, content, earlier.files.get(name))? {
            Standing::Same => None,
            Standing::Ours | Standing::Absent => Some(Edited::Overwrite),
            Standing::Foreign(there) => Some(decide(name, &there)),
        };
        match fate {
            Some(Edited::Stop) => strangers.push(name.to_owned()),
            Some(Edited::Keep) => {
                kept += 1;
                manifest.keep(&earlier, name);
                continue;
            }
            Some(Edited::Overwrite) => plan.push((path, name, content)),
            None => {}
        }
        manifest.add(name, content);
    }
    if !strangers.is_empty() {
        return Err(IoError::WouldOverwrite { dir: folder.to_path_buf(), files: strangers });
    }
    fs::create_dir_all(folder).map_err(|cause| made_folder(folder, cause))?;
    for (path, name, content) in &plan {
        write_file(path, name, content)?;
    }
    let removed = remove_stale(folder, &earlier, files)?;
    manifest.write(&folder.join(MANIFEST))?;
    Ok(Written { written: plan.len(), unchanged: files.len() - plan.len() - kept, removed, kept })
}

enum Standing {
    Absent,
    /// Has the content that is to be written.
    Same,
    /// As an earlier export left it.
    Ours,
    /// With this content.
    Foreign(Vec<u8>),
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
        _ => Standing::Foreign(there),
    })
}

/// Files of the earlier export that are not in this one and that nobody changed.
fn remove_stale<P: AsRef<str>, C>(folder: &Path, earlier: &Exported, files: &[(P, C)]) -> Result<usize, IoError> {
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
fn read_manifest(folder: &Path) -> Exported {
    Exported::read(&folder.join(MANIFEST)).unwrap_or_default()
}

/// FNV-1a over 128 bits: tells a changed file from an unchanged one; not meant against forgery.
fn hash(content: &[u8]) -> String {
    let mut hash: u128 = 0x6c62272e07bb014262b821756295c58d;
    for byte in content {
        hash = (hash ^ u128::from(*byte)).wrapping_mul(0x0000000001000000000000000000013b);
    }
    format!("{hash:032x}")
}
