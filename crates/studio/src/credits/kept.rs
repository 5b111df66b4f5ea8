//! Reports that are looked at, with the journeys that they were made of. The last few are kept; older ones are made anew
//! when somebody asks. Of more of them the scores are remembered, so that what stands now can be compared with what stood
//! before a change.

use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use attribution::doubt::Options;
use attribution::markov::order::Choice;
use attribution::models::Answer;
use attribution::{Journeys, Model, Unable};
use studio_api::{ApiError, AttributionReport, KnownRun, ReportId, RunSource};

use super::changes::comparison;
use super::journeys::Traced;
use super::keys;
use super::object::object;
use super::report::{Computed, Doubts, compared, report};
use super::scores::RunScores;
use crate::error::not_found;
use crate::studio::lock;

/// Each holds its journeys.
const KEPT: usize = 3;
/// Each holds a number for each model and touch point.
const REMEMBERED: usize = 12;

/// Journeys and what the models said of them.
pub(crate) struct Analysis {
    pub root: PathBuf,
    /// The document's file.
    pub document: String,
    pub name: String,
    pub models: Vec<Model>,
    pub answers: Vec<Result<Answer, Unable>>,
    pub journeys: Journeys,
    pub unusable: u64,
    pub doubt: Options,
}

/// What takes its time, and comes after the credits.
#[derive(Clone, Default)]
struct Later {
    doubts: Option<Doubts>,
    order: Option<Choice>,
}

impl Analysis {
    pub fn traced(&self) -> Traced<'_> {
        Traced { journeys: &self.journeys, models: &self.models, answers: &self.answers }
    }

    fn computed<'a>(&'a self, later: &'a Later) -> Computed<'a> {
        Computed {
            name: &self.name,
            paths: &self.journeys.paths,
            costs: &self.journeys.costs,
            unusable: self.unusable,
            models: &self.models,
            answers: &self.answers,
            doubts: later.doubts.as_ref(),
            order: later.order.as_ref(),
        }
    }

    /// Without doubts.
    pub fn scores(&self) -> RunScores {
        RunScores::of(&self.computed(&Later::default()))
    }

    fn report(&self, later: &Later) -> AttributionReport {
        let wants_doubts = self.doubt.replicates > 0 || self.doubt.splits > 0;
        let made = report(&self.computed(later));
        let can_doubt = wants_doubts && later.doubts.is_none() && !made.models.is_empty();
        AttributionReport { can_doubt, has_journeys: true, ..made }
    }
}

#[derive(Default)]
pub(crate) struct Analyses(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    count: u64,
    reports: BTreeMap<u64, Entry>,
    /// Oldest first.
    shown: VecDeque<Shown>,
}

#[derive(Clone)]
struct Entry {
    analysis: Arc<Analysis>,
    later: Arc<Later>,
    scores: Arc<RunScores>,
    report: Arc<AttributionReport>,
}

/// A run that a report is compared with.
pub struct Other {
    pub source: RunSource,
    pub name: String,
    /// RFC 3339.
    pub made: Option<String>,
    pub scores: Arc<RunScores>,
}

/// A report as it was shown.
#[derive(Clone)]
struct Shown {
    run: KnownRun,
    root: PathBuf,
    scores: Arc<RunScores>,
}

impl Analyses {
    /// Keeps it under a new id. `now`: RFC 3339.
    pub fn keep(&self, analysis: Analysis, now: String) -> AttributionReport {
        let later = Later::default();
        let (mut made, scores) = (analysis.report(&later), Arc::new(analysis.scores()));
        let mut kept = lock(&self.0);
        kept.count += 1;
        let number = kept.count;
        made.id = ReportId(format!("a{number}"));
        kept.remember(&analysis, &made, &scores, now);
        let (analysis, later) = (Arc::new(analysis), Arc::new(later));
        kept.reports.insert(number, Entry { analysis, later, scores, report: Arc::new(made.clone()) });
        while kept.reports.len() > KEPT {
            kept.reports.pop_first();
        }
        made
    }

    /// The report with its doubts, from now on.
    pub fn doubted(&self, id: &ReportId, doubts: Doubts, order: Option<Choice>) -> Result<AttributionReport, ApiError> {
        let analysis = self.find(id)?;
        let later = Later { doubts: Some(doubts), order };
        let made = AttributionReport { id: id.clone(), ..analysis.report(&later) };
        let scores = Arc::new(RunScores::of(&analysis.computed(&later)));
        let mut kept = lock(&self.0);
        if let Some(shown) = kept.shown.iter_mut().find(|shown| shown.run.source == RunSource::Shown(id.clone())) {
            shown.scores = scores.clone();
        }
        let Some(entry) = entry_mut(&mut kept, id) else { return Ok(made) };
        let made = compared(made, entry.report.comparison.clone());
        *entry = Entry { analysis, later: Arc::new(later), scores, report: Arc::new(made.clone()) };
        Ok(made)
    }

    /// The report with this run beside it, or with none.
    pub fn compared(&self, id: &ReportId, with: Option<Other>) -> Result<AttributionReport, ApiError> {
        let mut kept = lock(&self.0);
        let entry = entry_mut(&mut kept, id).ok_or_else(let_go)?;
        let channels: Vec<String> = entry.report.channels.iter().map(|channel| channel.name.clone()).collect();
        let found = with.map(|other| {
            let found = comparison(&other.name, &other.scores, &entry.scores, &channels);
            studio_api::RunComparison { source: Some(other.source), made: other.made, ..found }
        });
        let made = compared((*entry.report).clone(), found);
        entry.report = Arc::new(made.clone());
        Ok(made)
    }

    /// What was shown of the same project before this report, newest first.
    pub fn shown_before(&self, id: &ReportId) -> Result<Vec<KnownRun>, ApiError> {
        let root = self.find(id)?.root.clone();
        let own = RunSource::Shown(id.clone());
        let kept = lock(&self.0);
        let others = kept.shown.iter().rev().filter(|shown| shown.root == root && shown.run.source != own);
        Ok(others.map(|shown| shown.run.clone()).collect())
    }

    /// A report that was shown.
    pub fn shown(&self, id: &ReportId) -> Result<Other, ApiError> {
        let wanted = RunSource::Shown(id.clone());
        let kept = lock(&self.0);
        let found = kept.shown.iter().find(|shown| shown.run.source == wanted);
        let other =
            |Shown { run, scores, .. }: Shown| Other { source: run.source, name: run.name, made: run.made, scores };
        found.cloned().map(other).ok_or_else(let_go)
    }

    /// The run as JSON.
    pub fn object(&self, id: &ReportId) -> Result<serde_json::Value, ApiError> {
        let entry = self.entry(id)?;
        let keys: Vec<String> = entry.analysis.models.iter().map(keys::key).collect();
        Ok(object(&entry.analysis.computed(&entry.later), &keys))
    }

    pub fn find(&self, id: &ReportId) -> Result<Arc<Analysis>, ApiError> {
        self.entry(id).map(|entry| entry.analysis)
    }

    pub fn report(&self, id: &ReportId) -> Result<Arc<AttributionReport>, ApiError> {
        self.entry(id).map(|entry| entry.report)
    }

    fn entry(&self, id: &ReportId) -> Result<Entry, ApiError> {
        let found = number_of(id).and_then(|number| lock(&self.0).reports.get(&number).cloned());
        found.ok_or_else(let_go)
    }
}

impl Kept {
    /// The same numbers twice in a row are one run, the later.
    fn remember(&mut self, analysis: &Analysis, report: &AttributionReport, scores: &Arc<RunScores>, now: String) {
        if report.models.is_empty() {
            return;
        }
        let same = |shown: &Shown| shown.root == analysis.root && same_numbers(&shown.scores, scores);
        self.shown.retain(|shown| !same(shown));
        let run = KnownRun {
            source: RunSource::Shown(report.id.clone()),
            name: analysis.name.clone(),
            counts: Some((report.totals.journeys, report.totals.conversions)),
            made: Some(now),
        };
        self.shown.push_back(Shown { run, root: analysis.root.clone(), scores: scores.clone() });
        while self.shown.len() > REMEMBERED {
            self.shown.pop_front();
        }
    }
}

/// Without regard to how sure they are.
fn same_numbers(one: &RunScores, other: &RunScores) -> bool {
    let plain = |run: &RunScores| {
        let mut run = run.clone();
        for score in run.models.iter_mut().flat_map(|model| &mut model.channels) {
            (score.conversions_error, score.share_error, score.value_error) = (None, None, None);
        }
        run
    };
    plain(one) == plain(other)
}

fn entry_mut<'k>(kept: &'k mut MutexGuard<'_, Kept>, id: &ReportId) -> Option<&'k mut Entry> {
    kept.reports.get_mut(&number_of(id)?)
}

fn let_go() -> ApiError {
    not_found("This report was let go. Compute it again.")
}

fn number_of(id: &ReportId) -> Option<u64> {
    id.0.strip_prefix('a')?.parse().ok()
}
