//! Documents and functions on disk: their texts, and which of them belong together.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use dtc_expr::Functions;
use dtc_expr::functions::FunctionFault;
use dtc_io::IoError;

use crate::failure::{Failure, Outcome};

/// More than any document; a bigger file is data under a wrong name.
const LARGEST: u64 = 8 << 20;

/// A text file of a project.
#[derive(Debug, Clone)]
pub struct Text {
    pub path: PathBuf,
    pub text: String,
}

/// The functions of a folder, and what does not compile.
#[derive(Debug, Clone, Default)]
pub struct Scripts {
    pub texts: Vec<Text>,
    pub functions: Functions,
    pub faults: Vec<FunctionFault>,
}

impl Scripts {
    /// Every `functions/NAME.rhai` in `folder`, for `Import`s of `functions/NAME`.
    pub fn of(folder: &Path) -> Outcome<Scripts> {
        let mut texts = Vec::new();
        for path in scripts_in(folder)? {
            texts.push(read(&path)?);
        }
        let sources: Vec<(String, String)> = texts.iter().map(|text| (module(&text.path), text.text.clone())).collect();
        let (functions, faults) = Functions::compile(&sources);
        Ok(Scripts { texts, functions, faults })
    }

    /// The script of a fault.
    pub fn text(&self, fault: &FunctionFault) -> Option<&Text> {
        self.texts.iter().find(|text| module(&text.path) == fault.module)
    }
}

fn module(path: &Path) -> String {
    path.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The YAML files of a folder, sorted.
pub fn yaml_files(folder: &Path) -> Outcome<Vec<PathBuf>> {
    files_ending(folder, &["yaml", "yml"])
}

/// The scripts of a folder's documents, sorted.
pub fn scripts_in(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let place = folder.join("functions");
    if place.is_dir() { files_ending(&place, &["rhai"]) } else { Ok(Vec::new()) }
}

/// Whether a YAML file means to be a document: it is named so, or says a `Type`.
pub fn means_to_be_document(text: &Text) -> bool {
    let name = text.path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let types = |line: &str| {
        line.split_once(':').is_some_and(|(key, _)| key.trim_matches(['"', '\'', ' ']).eq_ignore_ascii_case("type"))
    };
    name.ends_with(".dtc.yaml")
        || name.ends_with(".dtc.yml")
        || text.text.lines().any(|line| !line.starts_with([' ', '\t', '-']) && types(line))
}

pub fn folder_of(file: &Path) -> PathBuf {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

/// Reads a document or a script as text.
pub fn read(path: &Path) -> Outcome<Text> {
    let shown = path.display();
    let refused = |cause: io::Error| Failure::from(IoError::system(path, "read", cause));
    if fs::metadata(path).map_err(refused)?.is_dir() {
        return Err(IoError::IsFolder { path: path.to_path_buf() }.into());
    }
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(refused)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::Message(format!(
            "{shown} is larger than 8 MiB; a document is text, give data with --source"
        )));
    }
    if bytes.contains(&0) {
        return Err(Failure::Message(format!("{shown} is a binary file; a document is YAML text")));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Text { path: path.to_path_buf(), text }),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            Err(Failure::Message(format!("{shown} is not UTF-8 text (byte {at}); save it as UTF-8")))
        }
    }
}

/// Puts a text in a file's place in one step.
pub fn write(path: &Path, text: &str) -> Outcome {
    let refused = |error: io::Error| Failure::Message(format!("cannot write {}: {error}", path.display()));
    let new = path.with_extension("yaml.new");
    fs::write(&new, text).and_then(|()| fs::rename(&new, path)).map_err(refused)
}

fn files_ending(folder: &Path, endings: &[&str]) -> Outcome<Vec<PathBuf>> {
    let refused = |cause| Failure::from(IoError::system(folder, "read", cause));
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(refused)? {
        let name = entry.map_err(refused)?.file_name();
        let ending = Path::new(&name).extension().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let hidden = name.to_string_lossy().starts_with('.');
        // Files of the current folder are told by their names alone.
        let path = if folder == Path::new(".") { PathBuf::from(&name) } else { folder.join(&name) };
        if endings.contains(&ending.as_str()) && !hidden && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}
