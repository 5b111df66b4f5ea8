//! What a host tells the service at its start, and where things lie when the host says nothing.

use std::path::{Path, PathBuf};

/// Dialogs of the desktop. A host without them gives `None` and the commands answer `Unsupported`.
/// Each call blocks its thread until the user has decided; `None` or nothing means that he closed it.
pub trait Native: Send + Sync {
    fn pick_folder(&self) -> Option<PathBuf>;
    fn pick_files(&self) -> Vec<PathBuf>;
    fn pick_save_folder(&self) -> Option<PathBuf>;
}

/// Where the service finds and keeps its things.
pub struct Config {
    /// Copies of templates, imported projects and `studio.yaml` live here.
    pub workspace: PathBuf,
    /// One folder a template; `None`: this installation has none.
    pub templates: Option<PathBuf>,
    /// The folder named on the command line.
    pub folder: Option<PathBuf>,
    pub native: Option<Box<dyn Native>>,
    /// The function's binary for exports; `None`: looked for at each export.
    pub bootstrap: Option<PathBuf>,
}

impl Config {
    /// As the environment says: `DTC_STUDIO_WORKSPACE`, `DTC_STUDIO_TEMPLATES`, else the usual places.
    pub fn from_environment() -> Config {
        Config {
            workspace: variable("DTC_STUDIO_WORKSPACE").unwrap_or_else(default_workspace),
            templates: variable("DTC_STUDIO_TEMPLATES").or_else(|| locate("dtc-templates")),
            folder: None,
            native: None,
            bootstrap: None,
        }
    }
}

/// Finds a file or folder that ships with the program: beside the executable, or in a folder above it
/// (an executable under `target/` finds those of its checkout).
pub fn locate(relative: &str) -> Option<PathBuf> {
    let executable = std::env::current_exe().ok()?;
    let executable = executable.canonicalize().unwrap_or(executable);
    executable.ancestors().skip(1).map(|folder| folder.join(relative)).find(|path| path.exists())
}

pub(crate) fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

fn default_workspace() -> PathBuf {
    let data = variable("XDG_DATA_HOME").filter(|path| path.is_absolute());
    let data = data.or_else(|| variable("HOME").map(|home| home.join(".local/share")));
    data.unwrap_or_else(std::env::temp_dir).join(Path::new("dtc-studio/projects"))
}
