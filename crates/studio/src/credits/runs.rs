//! Runs to compare a report with: those that were shown before, those that lie in the project's folder `runs`, and its
//! other attribution documents.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use studio_api::*;

use super::kept::Other;
use super::scores::RunScores;
use super::stopped;
use crate::charts::asked::Chart;
use crate::dispatch::Answer;
use crate::error::{conflict, external, invalid, not_found, refused};
use crate::runs::checked::Texts;
use crate::studio::Studio;
use crate::{documents, settings};

const FOLDER: &str = "runs";
/// More than any run; a bigger file is something else.
const LARGEST: u64 = 64 << 20;
/// Files that a list reads.
const MOST_FILES: usize = 50;

impl Answer<ListRuns> for Studio {
    fn answer(&self, command: ListRuns) -> Result<Vec<KnownRun>, ApiError> {
        let analysis = self.analyses.find(&command.report)?;
        let mut runs = self.analyses.shown_before(&command.report)?;
        runs.extend(saved(&analysis.root));
        let others = documents::list(&analysis.root)?.into_iter();
        let others = others.filter(|info| info.kind == DocumentKind::Attribution && info.name != analysis.document);
        runs.extend(others.map(|info| KnownRun {
            source: RunSource::Document(info.name.clone()),
            name: info.name,
            counts: None,
            made: None,
        }));
        Ok(runs)
    }
}

impl Answer<SaveRun> for Studio {
    fn answer(&self, command: SaveRun) -> Result<KnownRun, ApiError> {
        let root = self.analyses.find(&command.report)?.root.clone();
        let object = self.analyses.object(&command.report)?;
        let name = file_name(&command.name)?;
        let path = root.join(FOLDER).join(&name);
        let _writing = self.writing();
        if path.exists() {
            return Err(conflict(format!(
                "There is a run called {} already. Give this one another name.",
                command.name
            )));
        }
        settings::replace(&path, format!("{object:#}\n").as_bytes())
            .map_err(|error| refused("write", &path, &error))?;
        known(&path).ok_or_else(|| external(format!("{} cannot be read again. Check its folder.", path.display())))
    }
}

impl Answer<CompareRuns> for Studio {
    fn answer(&self, command: CompareRuns) -> Result<AttributionReport, ApiError> {
        let Some(source) = command.with else { return self.analyses.compared(&command.report, None) };
        let other = match &source {
            RunSource::Shown(id) => self.analyses.shown(id)?,
            RunSource::Saved(name) => {
                let root = self.analyses.find(&command.report)?.root.clone();
                let scores = Arc::new(read(&root, name)?);
                Other { name: display_name(name), made: made(&root.join(FOLDER).join(name)), scores, source }
            }
            RunSource::Document(name) => {
                let root = self.analyses.find(&command.report)?.root.clone();
                let texts = Texts::load(&root, &command.drafts)?;
                let cancel = self.asked.begin(&root, Chart::Changes);
                let other = self.analysis(root, &texts, Some(name), &cancel)?.ok_or_else(stopped)?;
                Other { name: name.clone(), made: None, scores: Arc::new(other.scores()), source }
            }
        };
        self.analyses.compared(&command.report, Some(other))
    }
}

/// The newest first.
fn saved(root: &Path) -> Vec<KnownRun> {
    let entries = fs::read_dir(root.join(FOLDER)).into_iter().flatten().flatten();
    let json = entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|kind| kind == "json"));
    let mut files: Vec<(SystemTime, PathBuf)> = json
        .map(|path| (path.metadata().and_then(|about| about.modified()).unwrap_or(SystemTime::UNIX_EPOCH), path))
        .collect();
    files.sort_by(|a, b| b.cmp(a));
    files.iter().take(MOST_FILES).filter_map(|(_, path)| known(path)).collect()
}

fn known(path: &Path) -> Option<KnownRun> {
    let file = path.file_name()?.to_str()?.to_owned();
    let scores = read_file(path).ok()?;
    Some(KnownRun {
        name: display_name(&file),
        source: RunSource::Saved(file),
        counts: Some((scores.journeys.unwrap_or_default(), scores.conversions.unwrap_or_default())),
        made: made(path),
    })
}

/// When a file was written.
fn made(path: &Path) -> Option<String> {
    let modified = path.metadata().and_then(|about| about.modified());
    modified.ok().map(|modified| super::journeys::moment(millis(modified)))
}

/// Errors: a name that is none of a file in the folder, a file that is no run.
fn read(root: &Path, name: &str) -> Result<RunScores, ApiError> {
    let is_plain = Path::new(name).file_name().is_some_and(|file| file == name) && name.ends_with(".json");
    let path = root.join(FOLDER).join(name);
    if !is_plain || !path.is_file() {
        return Err(not_found(format!("There is no run {name:?} in the project's folder {FOLDER}.")));
    }
    read_file(&path)
}

fn read_file(path: &Path) -> Result<RunScores, ApiError> {
    let length = path.metadata().map_err(|error| refused("read", path, &error))?.len();
    let text = if length > LARGEST {
        String::new()
    } else {
        fs::read_to_string(path).map_err(|error| refused("read", path, &error))?
    };
    RunScores::read(&text).map_err(|why| {
        invalid(format!("{}: {why}; compare with what `dtc attribute --format json` printed.", path.display()))
    })
}

/// `march 2025` lies in `march 2025.json`. Errors: a name that no file can have.
fn file_name(name: &str) -> Result<String, ApiError> {
    let name = name.trim().trim_end_matches(".json");
    let fits = !name.is_empty() && name.len() <= 80 && !name.starts_with('.');
    let allowed = |letter: char| letter.is_alphanumeric() || " -_.()".contains(letter);
    if !fits || !name.chars().all(allowed) {
        return Err(invalid("Name the run by letters, digits, blanks, - and _, at most 80 of them."));
    }
    Ok(format!("{name}.json"))
}

fn display_name(file: &str) -> String {
    file.strip_suffix(".json").unwrap_or(file).to_owned()
}

pub(super) fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
