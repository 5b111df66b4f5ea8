//! A bundle's folder as the layers see it. Refuses a folder without a template.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::files;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sam,
    CloudFormation,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Sam => "AWS SAM",
            Kind::CloudFormation => "CloudFormation",
        }
    }
}

pub struct Bundle {
    pub folder: PathBuf,
    pub name: String,
    pub kind: Kind,
    /// The template's text, for lines.
    text: String,
}

pub const TEMPLATE: &str = "template.yaml";

impl Bundle {
    pub fn read(folder: &Path) -> Result<Bundle> {
        let folder = folder.canonicalize().with_context(|| format!("there is no folder {}", folder.display()))?;
        let template = folder.join(TEMPLATE);
        if !template.is_file() {
            bail!("{} is no bundle: it has no {TEMPLATE}; `dtc export` makes one", folder.display());
        }
        let text = fs::read_to_string(&template).with_context(|| format!("cannot read {}", template.display()))?;
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let kind =
            if text.lines().any(|line| line.starts_with("Transform:")) { Kind::Sam } else { Kind::CloudFormation };
        Ok(Bundle { folder, name, kind, text })
    }

    pub fn template(&self) -> PathBuf {
        self.folder.join(TEMPLATE)
    }

    /// Line of a logical id. SAM names what it makes after what it made it of, so the longest id that begins the name counts.
    pub fn line_of(&self, logical_id: &str) -> Option<usize> {
        let ids = self.text.lines().enumerate().filter_map(|(index, line)| {
            let id = line.strip_prefix("  ").filter(|rest| !rest.starts_with(' '))?.strip_suffix(':')?;
            logical_id.starts_with(id).then_some((id.len(), index + 1))
        });
        ids.max_by_key(|(length, index)| (*length, *index)).map(|(_, line)| line)
    }

    /// Every state machine that lies beside the template, sorted.
    pub fn machines(&self) -> Result<Vec<PathBuf>> {
        let mut found = files::below(&self.folder)?;
        found.retain(|file| file.to_string_lossy().ends_with(".asl.json"));
        Ok(found)
    }

    /// A file's name inside the bundle.
    pub fn inside(&self, file: &Path) -> String {
        file.strip_prefix(&self.folder).unwrap_or(file).to_string_lossy().into_owned()
    }
}

/// A JSON file's value.
pub fn json(file: &Path) -> Result<Value> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is no JSON", file.display()))
}

#[cfg(test)]
mod tests {
    use super::{Bundle, Kind};

    #[test]
    fn lines_of_ids_and_of_what_sam_made_of_them() {
        let text = "Resources:\n  Fn:\n    Type: x\n  FnRole:\n    Type: y\n".to_owned();
        let bundle = Bundle { folder: "/".into(), name: String::new(), kind: Kind::Sam, text };
        assert_eq!(bundle.line_of("Fn"), Some(2));
        assert_eq!(bundle.line_of("FnRole"), Some(4));
        assert_eq!(bundle.line_of("FnEvents"), Some(2));
        assert_eq!(bundle.line_of("Other"), None);
    }
}
