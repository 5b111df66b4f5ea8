//! `dtc bandit evaluate --keep` and `--bins`: what logs say about policies as sums by bins of time, kept in files, which
//! answer together without the logs.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use ::bandit::evaluate::{Kept, Question};
use bandit_log::Evaluation;
use dtc_io::IoError;
use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Outcome};

/// Milliseconds of a bin where nobody says otherwise.
pub const DAY: i64 = 86_400_000;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bins {
    policies: Vec<Kept>,
}

/// Errors: a place that cannot be written.
pub fn keep(path: &Path, found: &[Evaluation]) -> Outcome {
    let bins = Bins { policies: found.iter().map(|one| one.kept.clone()).collect() };
    let failed = |cause| Failure::from(IoError::system(path, "write", cause));
    let mut file = BufWriter::new(File::create(path).map_err(failed)?);
    serde_json::to_writer(&mut file, &bins).map_err(|error| failed(error.into()))?;
    file.write_all(b"\n").and_then(|()| file.flush()).map_err(failed)
}

/// The files' bins as one, policy by policy, and what they answer.
pub fn evaluate(paths: &[PathBuf], asked: Question) -> Outcome<(Vec<Evaluation>, Question)> {
    let mut all: Vec<Kept> = Vec::new();
    for path in paths {
        let told = |what: String| Failure::Message(format!("{}: {what}", path.display()));
        for kept in read(path)? {
            match all.iter_mut().find(|known| known.policy == kept.policy) {
                Some(known) => known.merge(kept).map_err(told)?,
                None if path == &paths[0] => all.push(kept),
                None => return Err(told(format!("{} holds no policy {}", paths[0].display(), kept.policy))),
            }
        }
    }
    if let Some(lacking) = all.iter().find(|one| one.logs.len() != all[0].logs.len()) {
        return Err(Failure::Message(format!("not every file holds the policy {}", lacking.policy)));
    }
    let Some(first) = all.first() else {
        return Err(Failure::Message(format!("{} holds no policy", paths[0].display())));
    };
    let question = Question { estimators: first.question().estimators, ..asked };
    Ok((all.into_iter().map(|kept| Evaluation::of_bins(kept, &question)).collect(), question))
}

fn read(path: &Path) -> Outcome<Vec<Kept>> {
    // Whole: reading from a slice is several times as fast.
    let content = fs::read(path).map_err(|cause| IoError::system(path, "open", cause))?;
    let told = |what: String| Failure::Message(format!("{}: {what}", path.display()));
    let cure = "it is to be a file that `dtc bandit evaluate --keep` wrote";
    let read = serde_json::from_slice(&content);
    let bins: Bins = read.map_err(|error| told(format!("{error}; {cure}")))?;
    bins.policies.iter().try_for_each(Kept::check).map_err(told)?;
    let first = bins.policies.first().map(Kept::question);
    let alike = |kept: &Kept| first.as_ref().is_some_and(|one| one.estimators.len() == kept.estimators.len());
    match bins.policies.iter().all(alike) {
        true => Ok(bins.policies),
        false => Err(told("its policies have other estimators each; make it anew".to_owned())),
    }
}
