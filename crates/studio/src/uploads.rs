//! Files that the page sends in chunks. They grow under a hidden name in `data/` and appear as samples
//! only when they are whole.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use studio_api::{ApiError, UploadId};

use crate::error::{conflict, invalid, not_found, refused};
use crate::fingerprint::fingerprint;
use crate::samples::DATA;
use crate::studio::lock;

const LARGEST_CHUNK: usize = 4 << 20;
const PREFIX: &str = ".upload-";
/// A part that nobody has written to for so long belongs to a session that is gone.
const LEFTOVER: Duration = Duration::from_secs(24 * 3600);

#[derive(Default)]
pub(crate) struct Uploads(Mutex<Open>);

#[derive(Default)]
struct Open {
    begun: u64,
    uploads: HashMap<UploadId, Arc<Mutex<Upload>>>,
}

struct Upload {
    root: PathBuf,
    name: String,
    bytes: u64,
    written: u64,
    part: PathBuf,
    file: File,
}

impl Uploads {
    pub(crate) fn begin(&self, root: &Path, name: &str, bytes: u64) -> Result<UploadId, ApiError> {
        let data = root.join(DATA);
        fs::create_dir_all(&data).map_err(|error| refused("make the folder", &data, &error))?;
        let mut open = lock(&self.0);
        open.begun += 1;
        let id = UploadId(format!("u{}", fingerprint(&(std::process::id(), open.begun, name))));
        let part = data.join(format!("{PREFIX}{}.part", id.0));
        let file = File::create(&part).map_err(|error| refused("write", &part, &error))?;
        let upload = Upload { root: root.to_path_buf(), name: plain_name(name), bytes, written: 0, part, file };
        open.uploads.insert(id.clone(), Arc::new(Mutex::new(upload)));
        Ok(id)
    }

    pub(crate) fn chunk(&self, id: &UploadId, offset: u64, content: &[u8]) -> Result<(), ApiError> {
        if content.len() > LARGEST_CHUNK {
            return Err(invalid("A chunk of an upload may hold at most 4 MiB."));
        }
        let upload = lock(&self.0).uploads.get(id).cloned().ok_or_else(gone)?;
        let mut upload = lock(&upload);
        if offset != upload.written {
            return Err(conflict(format!(
                "The upload of {} continues at byte {}, not {offset}.",
                upload.name, upload.written
            )));
        }
        if upload.written + content.len() as u64 > upload.bytes {
            return Err(invalid(format!(
                "{} is longer than the {} bytes announced; add it again.",
                upload.name, upload.bytes
            )));
        }
        upload.file.write_all(content).map_err(|error| refused("write", &upload.part, &error))?;
        upload.written += content.len() as u64;
        Ok(())
    }

    /// Gives the file its place. Answers with the project's folder and the name that it got.
    pub(crate) fn finish(&self, id: &UploadId) -> Result<(PathBuf, String), ApiError> {
        let taken = lock(&self.0).uploads.remove(id).ok_or_else(gone)?;
        let upload = lock(&taken);
        let placed = upload.place();
        if placed.is_err() {
            // The failure is what the user hears of; a part that stays is cleared a day later.
            let _ = fs::remove_file(&upload.part);
        }
        placed.map(|name| (upload.root.clone(), name))
    }

    pub(crate) fn cancel(&self, id: &UploadId) -> Result<(), ApiError> {
        let taken = lock(&self.0).uploads.remove(id).ok_or_else(gone)?;
        let upload = lock(&taken);
        fs::remove_file(&upload.part).map_err(|error| refused("delete", &upload.part, &error))
    }
}

impl Upload {
    fn place(&self) -> Result<String, ApiError> {
        if self.written != self.bytes {
            return Err(invalid(format!(
                "Only {} of {} bytes of {} arrived; add it again.",
                self.written, self.bytes, self.name
            )));
        }
        self.file.sync_all().map_err(|error| refused("write", &self.part, &error))?;
        let (stem, ending) = match self.name.split_once('.') {
            Some((stem, ending)) => (stem, format!(".{ending}")),
            None => (self.name.as_str(), String::new()),
        };
        for number in 1..10_000 {
            let name = if number == 1 { self.name.clone() } else { format!("{stem}-{number}{ending}") };
            let target = self.root.join(DATA).join(&name);
            // A hard link fails where the name is taken, a rename would replace the file.
            match fs::hard_link(&self.part, &target) {
                Ok(()) => {
                    fs::remove_file(&self.part).map_err(|error| refused("delete", &self.part, &error))?;
                    return Ok(name);
                }
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(_) if !target.exists() => {
                    fs::rename(&self.part, &target).map_err(|error| refused("write", &target, &error))?;
                    return Ok(name);
                }
                Err(error) => return Err(refused("write", &target, &error)),
            }
        }
        Err(invalid(format!("There are too many samples named {}; rename the file.", self.name)))
    }
}

/// Deletes parts that an earlier session left behind.
pub(crate) fn clear_leftovers(root: &Path) {
    let Ok(entries) = fs::read_dir(root.join(DATA)) else { return };
    for entry in entries.flatten() {
        let is_part =
            entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX) && name.ends_with(".part"));
        let age = entry.metadata().and_then(|metadata| metadata.modified()).ok().and_then(|time| time.elapsed().ok());
        if is_part && age.is_some_and(|age| age > LEFTOVER) {
            // Hidden and without meaning to anyone: a refusal changes nothing for the user.
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn gone() -> ApiError {
    not_found("This upload was finished or cancelled; add the file again.")
}

/// The file's own name without folders, safe as a name in `data/`.
fn plain_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().filter(|c| !c.is_control() && *c != ':').take(120).collect();
    let kept = kept.trim().trim_start_matches('.');
    if kept.is_empty() { "sample".to_owned() } else { kept.to_owned() }
}
