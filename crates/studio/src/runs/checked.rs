//! A project's documents ready to run: texts from the files and the editor, checked, without errors.

use std::path::Path;

use dtc_expr::Functions;
use dtc_lang::document::{Attribution, Join, Streaming, Window};
use dtc_lang::{Diagnostic, Document, Pipeline, Project, Severity, script_diagnostic};
use studio_api::{ApiError, DocumentKind, Draft, ErrorCode, FileDiagnostic};

use crate::documents;
use crate::error::{invalid, not_found};

/// The texts of a project as the user sees them: drafts before files.
pub(crate) struct Texts {
    texts: Vec<Text>,
    pub functions: Functions,
}

struct Text {
    name: String,
    kind: DocumentKind,
    text: String,
}

/// A streaming document and the window document on it.
pub(crate) struct Pair {
    pub streaming: (String, Streaming),
    pub window: Option<(String, Window)>,
}

impl Texts {
    /// Reads what is not in the drafts and compiles the project's functions.
    pub(crate) fn load(root: &Path, drafts: &[Draft]) -> Result<Texts, ApiError> {
        let listed = documents::list(root)?;
        if let Some(unknown) = drafts.iter().find(|draft| !listed.iter().any(|known| known.name == draft.document)) {
            return Err(not_found(format!("This project has no document {:?}.", unknown.document)));
        }
        let mut texts = Vec::new();
        for document in listed {
            let draft = drafts.iter().find(|draft| draft.document == document.name);
            let text = match draft {
                Some(draft) => draft.text.clone(),
                // YAML of other programs may lie in the folder, of any size and shape.
                None if document.kind == DocumentKind::Unknown => continue,
                None => documents::read(root, &document.name)?.text,
            };
            let kind = match document.kind {
                DocumentKind::Function => DocumentKind::Function,
                _ => documents::kind_of_text(&text),
            };
            texts.push(Text { name: document.name, kind, text });
        }
        let functions = compile_functions(&texts)?;
        Ok(Texts { texts, functions })
    }

    /// The streaming document to run (the named or the first one) and its window document.
    pub(crate) fn pair(&self, wanted: Option<&str>) -> Result<Pair, ApiError> {
        let alone = self.project(Vec::new());
        let mut streams = Vec::new();
        let mut chosen = None;
        for text in self.of(DocumentKind::Streaming) {
            let (document, diagnostics) = dtc_lang::check(&text.text, &alone);
            let is_chosen = wanted.map_or(chosen.is_none(), |wanted| wanted == text.name);
            let streaming = match document {
                Some(Document::Streaming(streaming)) => Some(streaming),
                _ => None,
            };
            streams.extend(streaming.clone());
            if is_chosen {
                let errors = errors_of(&text.name, diagnostics);
                chosen = Some((text, streaming, errors));
            }
        }
        let (text, streaming, mut errors) = chosen.ok_or_else(|| match wanted {
            Some(name) => not_found(format!("This project has no streaming document {name:?}.")),
            None => invalid("This project has no streaming document. Add one, or open a template."),
        })?;
        let stream_name = streaming.as_ref().map(|streaming| streaming.header.name.value.clone());
        let window = self.window_of(stream_name.as_deref(), streams, &mut errors);
        match streaming {
            Some(streaming) if errors.is_empty() => Ok(Pair { streaming: (text.name.clone(), streaming), window }),
            _ => Err(refusal(errors)),
        }
    }

    /// The window document that names the stream; the only one may name none.
    fn window_of(
        &self,
        stream: Option<&str>,
        streams: Vec<Streaming>,
        errors: &mut Vec<FileDiagnostic>,
    ) -> Option<(String, Window)> {
        let project = self.project(streams);
        let only = self.of(DocumentKind::Window).count() == 1;
        for text in self.of(DocumentKind::Window) {
            let (document, diagnostics) = dtc_lang::check(&text.text, &project);
            let window = match document {
                Some(Document::Window(window)) => Some(window),
                _ => None,
            };
            let source = window.as_ref().and_then(|window| window.source.as_ref());
            let belongs = match (source, stream) {
                (Some(source), Some(stream)) => source.value == stream,
                _ => only,
            };
            if belongs {
                errors.extend(errors_of(&text.name, diagnostics));
                return window.map(|window| (text.name.clone(), window));
            }
        }
        None
    }

    pub(crate) fn attribution(&self, wanted: Option<&str>) -> Result<(String, Attribution), ApiError> {
        match self.single(DocumentKind::Attribution, wanted, "attribution")? {
            (name, Document::Attribution(document)) => Ok((name, document)),
            (name, _) => Err(invalid(format!("{name} is not an attribution document."))),
        }
    }

    pub(crate) fn join(&self, wanted: Option<&str>) -> Result<(String, Join), ApiError> {
        match self.single(DocumentKind::Join, wanted, "join")? {
            (name, Document::Join(document)) => Ok((name, document)),
            (name, _) => Err(invalid(format!("{name} is not a join document."))),
        }
    }

    /// How the project becomes infrastructure; nothing where no document says so.
    pub(crate) fn pipeline(&self) -> Result<Option<(String, Pipeline)>, ApiError> {
        if self.of(DocumentKind::Pipeline).next().is_none() {
            return Ok(None);
        }
        match self.single(DocumentKind::Pipeline, None, "pipeline")? {
            (name, Document::Pipeline(document)) => Ok(Some((name, *document))),
            (name, _) => Err(invalid(format!("{name} is not a pipeline document."))),
        }
    }

    fn single(&self, kind: DocumentKind, wanted: Option<&str>, called: &str) -> Result<(String, Document), ApiError> {
        let text = self.of(kind).find(|text| wanted.is_none_or(|wanted| wanted == text.name));
        let text = text
            .ok_or_else(|| not_found(format!("This project has no {called} document. Add one to see this chart.")))?;
        let (document, diagnostics) = dtc_lang::check(&text.text, &self.project(self.streams()));
        let errors = errors_of(&text.name, diagnostics);
        match document {
            Some(document) if errors.is_empty() => Ok((text.name.clone(), document)),
            _ => Err(refusal(errors)),
        }
    }

    /// The streaming documents, whatever is wrong with them.
    pub(crate) fn streams(&self) -> Vec<Streaming> {
        let alone = self.project(Vec::new());
        let read = |text: &Text| match dtc_lang::read_document(&text.text, &alone) {
            Some(Document::Streaming(streaming)) => Some(streaming),
            _ => None,
        };
        self.of(DocumentKind::Streaming).filter_map(read).collect()
    }

    /// A document's text as it is run.
    pub(crate) fn text(&self, name: &str) -> String {
        self.texts.iter().find(|text| text.name == name).map(|text| text.text.clone()).unwrap_or_default()
    }

    /// The texts a bundle needs: these documents and every function.
    pub(crate) fn files(&self, names: &[&str]) -> Vec<(String, String)> {
        let needed = |text: &&Text| names.contains(&text.name.as_str()) || text.kind == DocumentKind::Function;
        self.texts.iter().filter(needed).map(|text| (text.name.clone(), text.text.clone())).collect()
    }

    fn of(&self, kind: DocumentKind) -> impl Iterator<Item = &Text> {
        self.texts.iter().filter(move |text| text.kind == kind)
    }

    fn project(&self, streaming: Vec<Streaming>) -> Project {
        Project { streaming, functions: self.functions.clone(), ..Project::default() }
    }
}

/// Documents with errors cannot run; this says so and carries the errors.
pub(crate) fn refusal(diagnostics: Vec<FileDiagnostic>) -> ApiError {
    let mut names: Vec<&str> = diagnostics.iter().map(|found| found.document.as_str()).collect();
    names.dedup();
    let message = match (diagnostics.len(), names.as_slice()) {
        (0, _) => "The document could not be read. Look at its problems.".to_owned(),
        (1, [name]) => format!("{name} has an error: {}.", diagnostics[0].diagnostic.message),
        (count, names) => {
            format!("{count} errors in {} stand in the way. Mend them and run again.", names.join(" and "))
        }
    };
    ApiError { code: ErrorCode::Invalid, message, diagnostics }
}

pub(crate) fn errors_of(document: &str, diagnostics: Vec<Diagnostic>) -> Vec<FileDiagnostic> {
    let errors = diagnostics.into_iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    errors.map(|diagnostic| FileDiagnostic { document: document.to_owned(), diagnostic }).collect()
}

fn compile_functions(texts: &[Text]) -> Result<Functions, ApiError> {
    let scripts: Vec<(String, String)> =
        texts.iter().filter_map(|text| Some((module_of(&text.name)?.to_owned(), text.text.clone()))).collect();
    let (functions, faults) = Functions::compile(&scripts);
    if faults.is_empty() {
        return Ok(functions);
    }
    let errors = faults.into_iter().map(|fault| {
        let text = texts.iter().find(|text| module_of(&text.name) == Some(&fault.module));
        let text = text.map_or("", |text| text.text.as_str());
        let document = format!("functions/{}.rhai", fault.module);
        FileDiagnostic { document, diagnostic: script_diagnostic(text, &fault) }
    });
    Err(refusal(errors.collect()))
}

/// The module that a function's file is: `price` for `functions/price.rhai`.
fn module_of(name: &str) -> Option<&str> {
    name.strip_prefix("functions/")?.strip_suffix(".rhai")
}
