//! Answers about bundles: made in memory, told beside the last one, taken as a zip or written as a folder, verified.

mod last;
mod programs;
mod saving;
mod told;
mod verifying;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bundle::{Bundle, Environment, Input, Proof, Target};
use dtc_expr::Functions;
use dtc_lang::Pipeline;
use dtc_lang::document::{Streaming, Window};
use studio_api::*;

use crate::config::{locate, variable};
use crate::dispatch::Answer;
use crate::error::{external, not_found, refused};
use crate::runs::checked::{Texts, errors_of, refusal};
use crate::samples;
use crate::studio::{Studio, lock};
use saving::Shown;
use verifying::Verifications;

/// Exports that stay at hand; each holds the function's binary.
const KEPT: usize = 4;

#[derive(Default)]
pub(crate) struct Exports {
    made: Mutex<Made>,
    verifications: Verifications,
}

#[derive(Default)]
struct Made {
    count: u64,
    exports: BTreeMap<u64, Arc<Export>>,
}

struct Export {
    root: PathBuf,
    target: BundleTarget,
    bundle: Bundle,
    environments: Vec<Environment>,
    /// Edits that a save stopped at, until the user has chosen.
    shown: Mutex<Option<Shown>>,
}

impl Export {
    fn files(&self) -> Vec<(&str, &[u8])> {
        self.bundle.files.iter().map(|file| (file.path.as_str(), file.content.as_slice())).collect()
    }
}

impl Exports {
    fn add(&self, export: Export) -> (ExportId, Arc<Export>) {
        let mut made = lock(&self.made);
        made.count += 1;
        let number = made.count;
        let export = Arc::new(export);
        made.exports.insert(number, export.clone());
        while made.exports.len() > KEPT {
            made.exports.pop_first();
        }
        (ExportId(format!("e{number}")), export)
    }

    fn find(&self, id: &ExportId) -> Result<Arc<Export>, ApiError> {
        let number = id.0.strip_prefix('e').and_then(|number| number.parse().ok());
        let export = number.and_then(|number: u64| lock(&self.made).exports.get(&number).cloned());
        export.ok_or_else(|| not_found("This bundle was let go. Make it again."))
    }
}

impl Answer<ExportBundle> for Studio {
    fn answer(&self, command: ExportBundle) -> Result<ExportInfo, ApiError> {
        let root = self.root(&command.project)?;
        let texts = Texts::load(&root, &command.drafts)?;
        let pair = texts.pair(None)?;
        let mut names = vec![pair.streaming.0.as_str()];
        names.extend(pair.window.iter().map(|(name, _)| name.as_str()));
        let pipeline = texts.pipeline()?;
        names.extend(pipeline.iter().map(|(name, _)| name.as_str()));
        let files = texts.files(&names);
        let bootstrap = read_bootstrap(self.config.bootstrap.as_deref())?;
        let window = pair.window.as_ref().map(|(_, window)| window);
        let described = pipeline.as_ref().map(|(_, document)| document);
        let proof = proof(&root, &pair.streaming.1, window, described, &texts.functions)?;
        let input = Input {
            project: &project_name(&root),
            streaming: &pair.streaming.1,
            window,
            pipeline: described,
            files: &files,
            bootstrap: &bootstrap,
            proof: proof.as_ref(),
        };
        let target = match command.target {
            BundleTarget::Sam => Target::Sam,
            BundleTarget::Cloudformation => Target::CloudFormation,
        };
        let bundle = bundle::export(&input, target).map_err(|found| {
            let (own, others): (Vec<_>, Vec<_>) = found.into_iter().partition(bundle::is_about_pipeline);
            let mut errors = errors_of(&pair.streaming.0, others);
            errors.extend(pipeline.iter().flat_map(|(name, _)| errors_of(name, own.clone())));
            refusal(errors)
        })?;
        let environments = bundle::environments(&input, target, &bundle);
        let export = Export { root, target: command.target, bundle, environments, shown: Mutex::default() };
        let (id, export) = self.exports.add(export);
        Ok(told::info(id, &export))
    }
}

/// By the samples that are selected. What cannot be read is left out here: a run tells about it.
fn proof(
    root: &Path,
    streaming: &Streaming,
    window: Option<&Window>,
    pipeline: Option<&Pipeline>,
    functions: &Functions,
) -> Result<Option<Proof>, ApiError> {
    let Ok(plan) = dtc_engine::plan(streaming, window, functions, &dtc_engine::Options::default()) else {
        return Ok(None);
    };
    let mode = streaming.header.mode;
    let open = |place: samples::Place| dtc_io::Input::open(&place.path, &dtc_io::Projection::All, mode).ok();
    let selected = samples::places(root)?.into_iter().filter(|place| place.sample.selected);
    let records = selected.filter_map(open).flatten().filter_map(|record| Some(record.ok()?.value));
    Ok(bundle::proof(&plan, streaming, pipeline, records))
}

impl Answer<DownloadExport> for Studio {
    fn answer(&self, command: DownloadExport) -> Result<ExportZip, ApiError> {
        let export = self.exports.find(&command.export)?;
        let name = format!("{}-{}.zip", project_name(&export.root), target_name(export.target));
        let base64 = STANDARD.encode(bundle::zip(&export.bundle));
        last::remember(&export)?;
        Ok(ExportZip { name, base64 })
    }
}

fn target_name(target: BundleTarget) -> &'static str {
    match target {
        BundleTarget::Sam => "sam",
        BundleTarget::Cloudformation => "cloudformation",
    }
}

fn project_name(root: &Path) -> String {
    root.file_name().map_or_else(|| "project".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The function that a bundle runs: named, beside the executable, or built in the checkout.
fn read_bootstrap(given: Option<&Path>) -> Result<Vec<u8>, ApiError> {
    let given = given.map(Path::to_path_buf).or_else(|| variable("DTC_LAMBDA_BOOTSTRAP"));
    let beside = || Some(std::env::current_exe().ok()?.parent()?.join("bootstrap")).filter(|path| path.is_file());
    let built = || locate("lambda-dist/bootstrap").or_else(|| locate("target/lambda-dist/bootstrap"));
    let path = given.or_else(beside).or_else(built).ok_or_else(|| {
        external("The function that a bundle runs is not built yet. Run `cargo xtask lambda`, then export again.")
    })?;
    fs::read(&path).map_err(|error| refused("read", &path, &error))
}
