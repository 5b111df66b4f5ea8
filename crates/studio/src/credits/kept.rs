//! Reports that are looked at, with the journeys that they were made of. The last few are kept; older ones are made anew
//! when somebody asks.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use attribution::doubt::Options;
use attribution::markov::order::Choice;
use attribution::models::Answer;
use attribution::{Journeys, Model, Unable, run_all};
use studio_api::{ApiError, AttributionReport, ReportId};

use super::journeys::Traced;
use super::report::{Computed, Doubts, report};
use crate::error::not_found;
use crate::studio::lock;

/// Each holds its journeys.
const KEPT: usize = 3;

/// Journeys and what the models said of them.
pub(crate) struct Analysis {
    pub root: PathBuf,
    name: String,
    pub models: Vec<Model>,
    pub answers: Vec<Result<Answer, Unable>>,
    pub journeys: Journeys,
    unusable: u64,
    pub doubt: Options,
}

impl Analysis {
    pub fn new(
        root: PathBuf,
        name: String,
        models: Vec<Model>,
        journeys: Journeys,
        unusable: u64,
        doubt: Options,
    ) -> Analysis {
        let answers = run_all(journeys.paths.sample(), &models, 0);
        Analysis { root, name, models, answers, journeys, unusable, doubt }
    }

    pub fn traced(&self) -> Traced<'_> {
        Traced { journeys: &self.journeys, models: &self.models, answers: &self.answers }
    }

    fn report(&self, doubts: Option<&Doubts>, order: Option<&Choice>) -> AttributionReport {
        let wants_doubts = self.doubt.replicates > 0 || self.doubt.splits > 0;
        let computed = Computed {
            name: &self.name,
            paths: &self.journeys.paths,
            costs: &self.journeys.costs,
            unusable: self.unusable,
            models: &self.models,
            answers: &self.answers,
            doubts,
            order,
        };
        let made = report(&computed);
        let can_doubt = wants_doubts && doubts.is_none() && !made.models.is_empty();
        AttributionReport { can_doubt, has_journeys: true, ..made }
    }
}

#[derive(Default)]
pub(crate) struct Analyses(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    count: u64,
    reports: BTreeMap<u64, (Arc<Analysis>, Arc<AttributionReport>)>,
}

impl Analyses {
    /// Keeps it under a new id.
    pub fn keep(&self, analysis: Analysis) -> AttributionReport {
        let mut made = analysis.report(None, None);
        let mut kept = lock(&self.0);
        kept.count += 1;
        let number = kept.count;
        made.id = ReportId(format!("a{number}"));
        kept.reports.insert(number, (Arc::new(analysis), Arc::new(made.clone())));
        while kept.reports.len() > KEPT {
            kept.reports.pop_first();
        }
        made
    }

    /// The report with its doubts, from now on.
    pub fn doubted(
        &self,
        id: &ReportId,
        analysis: &Arc<Analysis>,
        doubts: Doubts,
        order: Option<Choice>,
    ) -> AttributionReport {
        let made = AttributionReport { id: id.clone(), ..analysis.report(Some(&doubts), order.as_ref()) };
        if let Some(number) = number_of(id)
            && let Some(kept) = lock(&self.0).reports.get_mut(&number)
        {
            kept.1 = Arc::new(made.clone());
        }
        made
    }

    pub fn find(&self, id: &ReportId) -> Result<Arc<Analysis>, ApiError> {
        self.both(id).map(|(analysis, _)| analysis)
    }

    pub fn report(&self, id: &ReportId) -> Result<Arc<AttributionReport>, ApiError> {
        self.both(id).map(|(_, report)| report)
    }

    fn both(&self, id: &ReportId) -> Result<(Arc<Analysis>, Arc<AttributionReport>), ApiError> {
        let found = number_of(id).and_then(|number| lock(&self.0).reports.get(&number).cloned());
        found.ok_or_else(|| not_found("This report was let go. Compute it again."))
    }
}

fn number_of(id: &ReportId) -> Option<u64> {
    id.0.strip_prefix('a')?.parse().ok()
}
