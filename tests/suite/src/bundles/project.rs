//! A case's documents, checked: what an export and a replay start from.

use std::path::{Path, PathBuf};

use bundle::{Bundle, Input, Proof, Target};
use dtc_engine::{Options, plan};
use dtc_expr::{Functions, Mode};
use dtc_io::{Projection, Records};
use dtc_lang::{Diagnostic, Document, Pipeline, Severity, Streaming, Window, check};
use libtest_mimic::Failed;

pub struct Project {
    pub name: String,
    pub files: Vec<(String, String)>,
    pub functions: Functions,
    pub streaming: Streaming,
    pub window: Option<Window>,
    pub pipeline: Option<Pipeline>,
    /// Sample events; empty where the case has none.
    pub events: String,
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("bundles")
}

/// Every folder with a streaming document.
pub fn cases() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder()).into_iter().flatten().flatten();
    let mut cases: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.join("streaming.dtc.yaml").is_file()).collect();
    cases.sort();
    cases
}

impl Project {
    pub fn read(folder: &Path) -> Result<Project, Failed> {
        let mut files = Vec::new();
        let mut scripts = Vec::new();
        for entry in std::fs::read_dir(folder.join("functions")).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let script = std::fs::read_to_string(entry.path())?;
            scripts.push((name.trim_end_matches(".rhai").to_owned(), script.clone()));
            files.push((format!("functions/{name}"), script));
        }
        let (functions, _) = Functions::compile(&scripts);
        let mut around = dtc_lang::Project { functions: functions.clone(), ..dtc_lang::Project::default() };
        let text = std::fs::read_to_string(folder.join("streaming.dtc.yaml"))?;
        let streaming = match sound(check(&text, &around))? {
            Document::Streaming(streaming) => streaming,
            _ => return Err("streaming.dtc.yaml is of another kind".into()),
        };
        files.push(("streaming.dtc.yaml".to_owned(), text));
        around.streaming.push(streaming.clone());
        let window = match std::fs::read_to_string(folder.join("window.dtc.yaml")) {
            Err(_) => None,
            Ok(text) => {
                let document = sound(check(&text, &around))?;
                files.push(("window.dtc.yaml".to_owned(), text));
                match document {
                    Document::Window(window) => Some(window),
                    _ => return Err("window.dtc.yaml is of another kind".into()),
                }
            }
        };
        let pipeline = match std::fs::read_to_string(folder.join("pipeline.dtc.yaml")) {
            Err(_) => None,
            Ok(text) => {
                let document = sound(check(&text, &around))?;
                files.push(("pipeline.dtc.yaml".to_owned(), text));
                match document {
                    Document::Pipeline(pipeline) => Some(*pipeline),
                    _ => return Err("pipeline.dtc.yaml is of another kind".into()),
                }
            }
        };
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        files.sort();
        let events = std::fs::read_to_string(folder.join("events.jsonl")).unwrap_or_default();
        Ok(Project { name, files, functions, streaming, window, pipeline, events })
    }

    pub fn export(&self, target: Target, bootstrap: &[u8]) -> Result<Bundle, Failed> {
        let proof = self.proof()?;
        let input = Input {
            project: &self.name,
            streaming: &self.streaming,
            window: self.window.as_ref(),
            pipeline: self.pipeline.as_ref(),
            files: &self.files,
            bootstrap,
            proof: proof.as_ref(),
        };
        bundle::export(&input, target).map_err(|refusals| format!("refused: {refusals:#?}").into())
    }

    pub fn proof(&self) -> Result<Option<Proof>, Failed> {
        let plan = plan(&self.streaming, self.window.as_ref(), &self.functions, &Options::default())
            .map_err(|found| format!("{found:?}"))?;
        let input = Box::new(std::io::Cursor::new(self.events.clone().into_bytes()));
        let records = Records::from_reader("events", input, None, &Projection::All, Mode::Studio)?;
        let records = records.filter_map(|record| Some(record.ok()?.value));
        Ok(bundle::proof(&plan, &self.streaming, self.pipeline.as_ref(), records))
    }
}

fn sound((document, diagnostics): (Option<Document>, Vec<Diagnostic>)) -> Result<Document, Failed> {
    if let Some(error) = diagnostics.iter().find(|found| found.severity == Severity::Error) {
        return Err(format!("the case has an error: {error:#?}").into());
    }
    document.ok_or_else(|| "the case is no document".into())
}
