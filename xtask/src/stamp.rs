//! "Nothing changed, so nothing is done": a step's inputs hashed into a file beside its result.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::files;

/// Collects what a step depends on.
pub struct Inputs(DefaultHasher);

impl Inputs {
    /// `rule` names the step's own settings, so that a change of them counts too.
    pub fn of(rule: &str) -> Self {
        let mut hasher = DefaultHasher::new();
        rule.hash(&mut hasher);
        Self(hasher)
    }

    pub fn text(mut self, text: &str) -> Self {
        text.hash(&mut self.0);
        self
    }

    pub fn file(mut self, file: &Path) -> Result<Self> {
        file.file_name().hash(&mut self.0);
        fs::read(file).with_context(|| format!("cannot read {}", file.display()))?.hash(&mut self.0);
        Ok(self)
    }

    pub fn folder(mut self, folder: &Path) -> Result<Self> {
        for file in files::below(folder)? {
            file.strip_prefix(folder).unwrap_or(&file).hash(&mut self.0);
            self = self.file(&file)?;
        }
        Ok(self)
    }

    pub fn finish(self) -> String {
        format!("{:016x}", self.0.finish())
    }
}

/// Where the last run of a step wrote what it had read.
pub struct Stamp {
    file: PathBuf,
    now: String,
}

impl Stamp {
    pub fn new(file: PathBuf, inputs: Inputs) -> Self {
        Self { file, now: inputs.finish() }
    }

    pub fn is_current(&self) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|then| then == self.now)
    }

    /// The inputs' hash, as one more input of a later step.
    pub fn value(&self) -> &str {
        &self.now
    }

    pub fn write(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, &self.now).with_context(|| format!("cannot write {}", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::{Inputs, Stamp};

    #[test]
    fn a_changed_file_is_seen() {
        let folder = std::env::temp_dir().join(format!("xtask-stamp-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let input = folder.join("a.txt");
        let stamp = |text: &str| {
            std::fs::write(&input, text).unwrap();
            Stamp::new(folder.join("stamp"), Inputs::of("t").file(&input).unwrap())
        };
        stamp("one").write().unwrap();
        assert!(stamp("one").is_current());
        assert!(!stamp("two").is_current());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
