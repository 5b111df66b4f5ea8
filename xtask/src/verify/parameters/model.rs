//! The services' models as botocore carries them: one packed JSON file a service and date. Refuses to interpret them.

use std::collections::HashMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::files;
use crate::project::Project;
use crate::setup;

pub struct Models {
    folder: PathBuf,
    read: HashMap<String, Option<Model>>,
}

pub struct Model(Value);

impl Models {
    pub fn find(project: &Project) -> Result<Models> {
        let libraries = setup::judges(project).join("lib");
        let versions = fs::read_dir(&libraries).into_iter().flatten().flatten();
        let mut folders = versions.map(|version| version.path().join("site-packages/botocore/data"));
        let folder = folders.find(|folder| folder.is_dir()).with_context(|| {
            format!("botocore is not in {}: `cargo xtask setup --for test` installs it", libraries.display())
        })?;
        Ok(Models { folder, read: HashMap::new() })
    }

    /// The newest model of a service.
    pub fn of(&mut self, service: &str) -> Result<Option<&Model>> {
        if !self.read.contains_key(service) {
            let plain = service.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
            let model = if plain { read(&self.folder.join(service))? } else { None };
            self.read.insert(service.to_owned(), model);
        }
        Ok(self.read.get(service).and_then(Option::as_ref))
    }
}

fn read(folder: &Path) -> Result<Option<Model>> {
    let mut files = files::below(folder)?;
    files.retain(|file| file.file_name().is_some_and(|name| name == "service-2.json.gz" || name == "service-2.json"));
    let Some(file) = files.last() else { return Ok(None) };
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut text = Vec::new();
    if file.extension().is_some_and(|kind| kind == "gz") {
        flate2::read::GzDecoder::new(bytes.as_slice()).read_to_end(&mut text)?;
    } else {
        text = bytes;
    }
    Ok(Some(Model(serde_json::from_slice(&text).with_context(|| format!("{} is no JSON", file.display()))?)))
}

impl Model {
    #[cfg(test)]
    pub fn new(value: Value) -> Model {
        Model(value)
    }

    /// Shape of what an action takes; actions are written with a small letter first. `None`: there is no such action.
    pub fn input(&self, action: &str) -> Option<&str> {
        let operations = self.0["operations"].as_object()?;
        let (_, operation) = operations.iter().find(|(name, _)| lower_first(name) == action)?;
        Some(operation["input"]["shape"].as_str().unwrap_or_default())
    }

    /// `Null` for a name that nothing has: it checks nothing.
    pub fn shape(&self, name: &str) -> &Value {
        &self.0["shapes"][name]
    }
}

pub fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
