//! Answers about runs and their rows.

use std::path::Path;

use dtc_engine::{Options, Plan};
use dtc_expr::Functions;
use studio_api::*;

use crate::dispatch::{Answer, Open};
use crate::error::{invalid, not_found};
use crate::feed::Feed;
use crate::fingerprint::fingerprint;
use crate::runs::cache::Key;
use crate::runs::checked::{Pair, Texts, errors_of, refusal};
use crate::runs::log::RunFeed;
use crate::runs::reading::DataFile;
use crate::runs::tables;
use crate::runs::worker::{Job, start};
use crate::samples;
use crate::studio::Studio;

impl Answer<StartRun> for Studio {
    fn answer(&self, command: StartRun) -> Result<RunId, ApiError> {
        let root = self.root(&command.project)?;
        let limit = match &command.limit {
            Some(text) => {
                Some(text.parse().map_err(|_| invalid(format!("limit must be a whole number, not {text:?}.")))?)
            }
            None => None,
        };
        let texts = Texts::load(&root, &command.drafts)?;
        let pair = texts.pair(command.streaming.as_deref())?;
        let plan = plan(&pair, &texts.functions)?;
        let files = selected(&root)?;
        let key = Key { files: stamps(&files), intake: intake(&pair, &texts), limit };
        let run = self.runs.add(&root);
        let id = run.id();
        let mode = pair.streaming.1.header.mode;
        let named = |name: String| (name.clone(), texts.text(&name));
        let (streaming, window) = (named(pair.streaming.0), pair.window.map(|(name, _)| named(name)));
        start(Job { runs: self.runs.clone(), run, plan, mode, streaming, window, files, key })?;
        Ok(id)
    }
}

impl Answer<CancelRun> for Studio {
    fn answer(&self, command: CancelRun) -> Result<(), ApiError> {
        self.runs.find(&command.run)?.cancel.cancel();
        Ok(())
    }
}

impl Answer<ForgetRun> for Studio {
    fn answer(&self, command: ForgetRun) -> Result<(), ApiError> {
        self.runs.forget(&command.run)
    }
}

impl Answer<ReadRows> for Studio {
    fn answer(&self, command: ReadRows) -> Result<Page, ApiError> {
        let run = self.runs.find(&command.run)?;
        let frames = run.frames.get().ok_or_else(|| invalid("This run has no rows: it has not finished."))?;
        let frame = frames.get(&command.table);
        let frame = frame.ok_or_else(|| not_found(format!("This run has no table {:?}.", command.table)))?;
        tables::page(frame, &command)
    }
}

impl Answer<ReadIdentity> for Studio {
    fn answer(&self, command: ReadIdentity) -> Result<Vec<IdentityRow>, ApiError> {
        let run = self.runs.find(&command.run)?;
        let frames = run.frames.get().ok_or_else(|| invalid("This run has no rows: it has not finished."))?;
        tables::rows_of(frames, &command.identity)
    }
}

impl Open<WatchRun> for Studio {
    fn open(&self, request: WatchRun) -> Result<Box<dyn Feed>, ApiError> {
        let run = self.runs.find(&request.run)?;
        Ok(Box::new(RunFeed { run, after: request.after }))
    }
}

/// The selected samples of a project.
pub(crate) fn selected(root: &Path) -> Result<Vec<DataFile>, ApiError> {
    let places = samples::places(root)?.into_iter().filter(|place| place.sample.selected);
    Ok(places.map(|place| DataFile { name: place.sample.name, path: place.path }).collect())
}

fn plan(pair: &Pair, functions: &Functions) -> Result<Plan, ApiError> {
    let window = pair.window.as_ref().map(|(_, window)| window);
    dtc_engine::plan(&pair.streaming.1, window, functions, &Options::default()).map_err(|(streaming, windowing)| {
        let mut errors = errors_of(&pair.streaming.0, streaming);
        if let Some((name, _)) = &pair.window {
            errors.extend(errors_of(name, windowing));
        }
        refusal(errors)
    })
}

pub(crate) fn stamps(files: &[DataFile]) -> Vec<(std::path::PathBuf, u64, Option<std::time::SystemTime>)> {
    let stamp = |file: &DataFile| {
        let metadata = std::fs::metadata(&file.path).ok();
        let length = metadata.as_ref().map_or(0, std::fs::Metadata::len);
        (file.path.clone(), length, metadata.and_then(|metadata| metadata.modified().ok()))
    };
    files.iter().map(stamp).collect()
}

/// What the intake of events depends on: header expressions, imports, the user's functions.
fn intake(pair: &Pair, texts: &Texts) -> String {
    let streaming = &pair.streaming.1;
    let header = &streaming.header;
    let imports: Vec<_> = header
        .imports
        .iter()
        .map(|import| (&import.module.value, import.identifiers.iter().map(|name| &name.value).collect::<Vec<_>>()))
        .collect();
    let event_id = streaming.event_id.as_ref().map(|expression| &expression.text);
    let mode = format!("{:?}", header.mode);
    fingerprint(&(&streaming.identity.text, &streaming.time.text, event_id, imports, mode, texts.files(&[])))
}
