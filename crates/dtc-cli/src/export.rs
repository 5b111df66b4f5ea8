//! `dtc export`: a project's documents as a deployable bundle, in a folder, a zip, or both.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bundle::{Bundle, Input, Proof, Target};
use dtc_expr::{Functions, Mode, Value};
use dtc_io::{IoError, Projection};
use dtc_lang::document::{Streaming, Window};
use dtc_lang::{Document, Pipeline};

use crate::args::{Export, ExportTarget};
use crate::checking::{Checked, Checker, refuse_errors};
use crate::failure::{Failure, Outcome, printing};
use crate::project::{self, Text};

pub fn run(arguments: &Export) -> Outcome {
    let bundle = make(&arguments.project, arguments.target)?;
    let mut said = String::new();
    if let Some(folder) = &arguments.out {
        let files: Vec<(&str, &[u8])> =
            bundle.files.iter().map(|file| (file.path.as_str(), file.content.as_slice())).collect();
        let done = dtc_io::write_bundle(folder, &files, arguments.force).map_err(|error| overwriting(&error))?;
        said += &format!(
            "{}: {} files written, {} unchanged, {} removed\n",
            folder.display(),
            done.written,
            done.unchanged,
            done.removed
        );
    }
    if let Some(file) = &arguments.zip {
        write_zip(file, &bundle, arguments.force)?;
        said += &format!("{} written\n", file.display());
    }
    said += "\nTo deploy it:\n";
    for command in &bundle.commands {
        said += &format!("  {command}\n");
    }
    io::stdout().write_all(said.as_bytes()).map_err(|error| printing(&error))
}

fn overwriting(error: &IoError) -> Failure {
    match error {
        IoError::WouldOverwrite { dir, files } => Failure::Message(format!(
            "{} holds files that no export wrote, or that were changed since: {}; choose another folder, or --force to overwrite them",
            dir.display(),
            files.join(", ")
        )),
        error => Failure::Message(error.to_string()),
    }
}

fn write_zip(file: &Path, bundle: &Bundle, force: bool) -> Outcome {
    let content = bundle::zip(bundle);
    let there = fs::read(file).ok();
    if !force && there.is_some_and(|there| there != content) {
        return Err(Failure::Message(format!(
            "{} is there already and differs; choose another name, or --force to overwrite it",
            file.display()
        )));
    }
    Ok(dtc_io::write::replace_with(file, &content)?)
}

/// A project's streaming document, the window document on it, and how they become infrastructure.
struct Pair {
    streaming: Checked,
    window: Option<Checked>,
    pipeline: Option<Checked>,
}

fn make(folder: &Path, target: ExportTarget) -> Outcome<Bundle> {
    if !folder.is_dir() {
        let cause = fs::metadata(folder).err();
        return Err(match cause {
            Some(cause) => IoError::system(folder, "read", cause).into(),
            None => IoError::IsFile { path: folder.to_path_buf() }.into(),
        });
    }
    let mut checker = Checker::new(false);
    let pair = pair(folder, &mut checker)?;
    let scripts = checker.script_faults();
    let all: Vec<&Checked> = [&pair.streaming].into_iter().chain(&pair.window).chain(&pair.pipeline).collect();
    refuse_errors(&all, &scripts)?;
    let scripts = checker.scripts(&pair.streaming.text.path)?;
    let functions = &scripts.texts;
    let documents = all.iter().map(|checked| &checked.text);
    let files: Vec<(String, String)> =
        documents.chain(functions).map(|text| (name_in(folder, text), text.text.clone())).collect();
    let bootstrap = bootstrap()?;
    let Some(Document::Streaming(streaming)) = &pair.streaming.document else { return Err(no_streaming(folder)) };
    let window = pair.window.as_ref().and_then(window_of);
    let pipeline = pair.pipeline.as_ref().and_then(pipeline_of);
    let proof = proof(folder, streaming, window, pipeline, &scripts.functions);
    if proof.is_none() {
        eprintln!("note: data/ holds no event that these documents can use, so the bundle holds no proof");
    }
    let input = Input {
        project: &project_name(folder),
        streaming,
        window,
        pipeline,
        files: &files,
        bootstrap: &bootstrap,
        proof: proof.as_ref(),
    };
    let target = match target {
        ExportTarget::Sam => Target::Sam,
        ExportTarget::Cloudformation => Target::CloudFormation,
    };
    bundle::export(&input, target).or_else(|diagnostics| {
        let (own, others): (Vec<_>, Vec<_>) = diagnostics.into_iter().partition(bundle::is_about_pipeline);
        let of = |checked: &Checked, diagnostics| Checked { text: checked.text.clone(), document: None, diagnostics };
        let refused = of(&pair.streaming, others);
        let of_pipeline = pair.pipeline.as_ref().map(|checked| of(checked, own));
        refuse_errors(&[&refused].into_iter().chain(&of_pipeline).collect::<Vec<_>>(), &[])?;
        Err(Failure::Message("the bundle could not be made".to_owned()))
    })
}

/// By the project's own samples. What cannot be read is left out here: a run tells about it.
fn proof(
    folder: &Path,
    streaming: &Streaming,
    window: Option<&Window>,
    pipeline: Option<&Pipeline>,
    functions: &Functions,
) -> Option<Proof> {
    let plan = dtc_engine::plan(streaming, window, functions, &dtc_engine::Options::default()).ok()?;
    let data = folder.join("data");
    let files = dtc_io::data_files(&[data.as_path()]).unwrap_or_default();
    bundle::proof(&plan, streaming, pipeline, files.into_iter().flat_map(|file| records(&file, streaming.header.mode)))
}

fn records(file: &Path, mode: Mode) -> impl Iterator<Item = Value> + use<> {
    let input = dtc_io::Input::open(file, &Projection::All, mode).ok();
    input.into_iter().flatten().filter_map(|record| Some(record.ok()?.value))
}

/// The only streaming document of the folder, and the window document that names it (or names none).
fn pair(folder: &Path, checker: &mut Checker) -> Outcome<Pair> {
    let (mut streams, mut windows, mut pipelines, mut broken) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for path in project::yaml_files(folder)? {
        let text = project::read(&path)?;
        if !project::means_to_be_document(&text) {
            continue;
        }
        let checked = checker.check(text)?;
        match &checked.document {
            Some(Document::Streaming(_)) => streams.push(checked),
            Some(Document::Window(_)) => windows.push(checked),
            Some(Document::Pipeline(_)) => pipelines.push(checked),
            Some(_) => {}
            None => broken.push(checked),
        }
    }
    refuse_errors(&broken.iter().collect::<Vec<_>>(), &[])?;
    if streams.len() > 1 {
        let names: Vec<String> = streams.iter().map(|checked| checked.text.path.display().to_string()).collect();
        return Err(Failure::Message(format!(
            "a bundle holds one streaming document, and there are several: {}; move the others away",
            names.join(", ")
        )));
    }
    if pipelines.len() > 1 {
        let names: Vec<String> = pipelines.iter().map(|checked| checked.text.path.display().to_string()).collect();
        return Err(Failure::Message(format!(
            "a bundle is made by one pipeline document, and there are several: {}; move the others away",
            names.join(", ")
        )));
    }
    let streaming = streams.pop().ok_or_else(|| no_streaming(folder))?;
    let name = stream_of(&streaming).map(|streaming| streaming.header.name.value.clone());
    let source = |checked: &Checked| {
        window_of(checked).and_then(|window| window.source.as_ref().map(|source| source.value.clone()))
    };
    let window = windows.into_iter().find(|checked| source(checked).is_none_or(|source| Some(source) == name));
    Ok(Pair { streaming, window, pipeline: pipelines.pop() })
}

fn stream_of(checked: &Checked) -> Option<&Streaming> {
    if let Some(Document::Streaming(streaming)) = &checked.document { Some(streaming) } else { None }
}

fn window_of(checked: &Checked) -> Option<&Window> {
    if let Some(Document::Window(window)) = &checked.document { Some(window) } else { None }
}

fn pipeline_of(checked: &Checked) -> Option<&Pipeline> {
    if let Some(Document::Pipeline(pipeline)) = &checked.document { Some(pipeline) } else { None }
}

fn no_streaming(folder: &Path) -> Failure {
    Failure::Message(format!("{} holds no streaming document; a bundle needs one", folder.display()))
}

fn name_in(folder: &Path, text: &Text) -> String {
    let relative = text.path.strip_prefix(folder).unwrap_or(&text.path);
    let parts: Vec<_> = relative.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    parts.join("/")
}

fn project_name(folder: &Path) -> String {
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_path_buf());
    whole.file_name().map_or_else(|| "project".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The function that a bundle runs: named, beside the executable, or built in the checkout.
fn bootstrap() -> Outcome<Vec<u8>> {
    let named = std::env::var_os("DTC_LAMBDA_BOOTSTRAP").filter(|value| !value.is_empty()).map(PathBuf::from);
    let executable = std::env::current_exe().ok();
    let beside = executable.and_then(|path| Some(path.parent()?.join("bootstrap")));
    let built = || {
        studio::locate("target/lambda-dist/bootstrap").or_else(|| Some(PathBuf::from("target/lambda-dist/bootstrap")))
    };
    let there = |path: &PathBuf| path.is_file();
    let path = named.or_else(|| beside.filter(there)).or_else(|| built().filter(there));
    let path = path.ok_or_else(|| {
        Failure::Message(
            "the function that a bundle runs is not built yet; run `cargo xtask lambda`, then export again".to_owned(),
        )
    })?;
    fs::read(&path).map_err(|cause| IoError::system(&path, "read", cause).into())
}
