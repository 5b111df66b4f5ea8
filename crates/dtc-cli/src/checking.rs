//! Checks documents against what lies around them: the streaming documents and the functions of their
//! folder, and the other documents that were given.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use dtc_lang::document::Streaming;
use dtc_lang::{Diagnostic, Document, Project, Severity, script_diagnostic};

use crate::failure::{Failure, Outcome};
use crate::project::{self, Scripts, Text};
use crate::render::human;

/// A text, what it says, and what is wrong with it.
#[derive(Debug)]
pub struct Checked {
    pub text: Text,
    pub document: Option<Document>,
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Reads each folder once.
pub struct Checker {
    blurr: bool,
    scripts: HashMap<PathBuf, Scripts>,
    streams: HashMap<PathBuf, Vec<Streaming>>,
    /// Streaming documents among the given ones: they come before those of the folder.
    given: Vec<Streaming>,
}

impl Checker {
    pub fn new(blurr: bool) -> Checker {
        Checker { blurr, scripts: HashMap::new(), streams: HashMap::new(), given: Vec::new() }
    }

    /// Makes the streaming documents among `texts` known to the window documents.
    pub fn learn(&mut self, texts: &[Text]) -> Outcome {
        for text in texts {
            let project = self.project(&text.path, Vec::new())?;
            if let Some(Document::Streaming(streaming)) = dtc_lang::read_document(&text.text, &project) {
                self.given.push(streaming);
            }
        }
        Ok(())
    }

    /// What a document is checked against.
    pub fn project_of(&mut self, path: &Path) -> Outcome<Project> {
        let streams = self.streams_for(path)?;
        self.project(path, streams)
    }

    pub fn check(&mut self, text: Text) -> Outcome<Checked> {
        let project = self.project_of(&text.path)?;
        let (document, diagnostics) = dtc_lang::check(&text.text, &project);
        Ok(Checked { text, document, diagnostics })
    }

    /// The functions beside a document.
    pub fn scripts(&mut self, file: &Path) -> Outcome<&Scripts> {
        let folder = project::folder_of(file);
        if !self.scripts.contains_key(&folder) {
            let scripts = Scripts::of(&folder)?;
            self.scripts.insert(folder.clone(), scripts);
        }
        Ok(&self.scripts[&folder])
    }

    /// Scripts that do not compile, in the folders that were looked at.
    pub fn script_faults(&self) -> Vec<Checked> {
        let mut folders: Vec<_> = self.scripts.iter().collect();
        folders.sort_by_key(|(folder, _)| *folder);
        let mut found = Vec::new();
        for (_, scripts) in folders {
            for fault in &scripts.faults {
                let Some(text) = scripts.text(fault) else { continue };
                let diagnostics = vec![script_diagnostic(&text.text, fault)];
                found.push(Checked { text: text.clone(), document: None, diagnostics });
            }
        }
        found
    }

    fn project(&mut self, file: &Path, streaming: Vec<Streaming>) -> Outcome<Project> {
        let functions = self.scripts(file)?.functions.clone();
        Ok(Project { streaming, functions, blurr: self.blurr, ..Project::default() })
    }

    /// The given streaming documents, then those of the file's folder with other names.
    fn streams_for(&mut self, file: &Path) -> Outcome<Vec<Streaming>> {
        let folder = project::folder_of(file);
        if !self.streams.contains_key(&folder) {
            let found = self.streams_in(&folder, file)?;
            self.streams.insert(folder.clone(), found);
        }
        let mut streams = self.given.clone();
        for stream in &self.streams[&folder] {
            if !streams.iter().any(|known| known.header.name.value == stream.header.name.value) {
                streams.push(stream.clone());
            }
        }
        Ok(streams)
    }

    fn streams_in(&mut self, folder: &Path, file: &Path) -> Outcome<Vec<Streaming>> {
        let project = self.project(file, Vec::new())?;
        let mut found = Vec::new();
        for path in project::yaml_files(folder)? {
            // What cannot be read beside the document is not what was asked about.
            let Ok(text) = project::read(&path) else { continue };
            if let Some(Document::Streaming(streaming)) = dtc_lang::read_document(&text.text, &project) {
                found.push(streaming);
            }
        }
        Ok(found)
    }
}

/// Prints the errors of documents that are to run, and ends the command when there are any.
pub fn refuse_errors(checked: &[&Checked], scripts: &[Checked]) -> Outcome {
    let mut wrong = false;
    for one in checked.iter().copied().chain(scripts) {
        for diagnostic in one.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error) {
            eprintln!("{}\n", human(&one.text, diagnostic, human_stderr()));
            wrong = true;
        }
    }
    if wrong { Err(Failure::Reported) } else { Ok(()) }
}

fn human_stderr() -> bool {
    crate::render::in_colour(&std::io::stderr())
}
