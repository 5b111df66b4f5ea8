//! A policy's statistics by bins, as they are kept in a file: those of several logs become one without a row being read
//! again, and answer what all rows together would, but for what looks at single rows.

use serde::{Deserialize, Serialize};

use super::report::report_binned;
use super::{Bins, Evidence, Question, Report, of_name};

/// Grows with each change that an older reader would misread.
const VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Kept {
    version: u32,
    pub policy: String,
    /// One for each log, told by its decisions: none counts twice.
    pub logs: Vec<String>,
    /// Whether bins are of time, in milliseconds since 1970, and not of so many decisions.
    pub is_timed: bool,
    /// Those that the bins were made of.
    pub estimators: Vec<KeptEstimator>,
    /// So many decisions a row stands for on average; rows are weighed against that.
    pub stands_for: f64,
    pub bins: Bins,
    pub evidence: Evidence,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KeptEstimator {
    pub name: String,
    /// Why the rows could not answer.
    pub missing: Option<String>,
}

impl Kept {
    pub fn new(
        policy: &str,
        log: String,
        estimators: Vec<KeptEstimator>,
        (bins, is_timed): (Bins, bool),
        stands_for: f64,
        evidence: Evidence,
    ) -> Kept {
        let policy = policy.to_owned();
        let mut kept =
            Kept { version: VERSION, policy, logs: vec![log], is_timed, estimators, stands_for, bins, evidence };
        kept.forget_missing();
        kept
    }

    fn forget_missing(&mut self) {
        let missing = self.estimators.iter().enumerate().filter(|(_, one)| one.missing.is_some());
        missing.for_each(|(place, _)| self.bins.forget(place));
    }

    /// What is wrong with one that was read, in a sentence with its cure.
    pub fn check(&self) -> Result<(), String> {
        if self.version != VERSION {
            return Err(format!("it is of version {}, and this reads version {VERSION}; make it anew", self.version));
        }
        if let Some(unknown) = self.estimators.iter().find(|one| of_name(&one.name).is_none()) {
            return Err(format!("there is no estimator `{}`; make it anew", unknown.name));
        }
        let stands_for = self.stands_for.is_finite() && self.stands_for > 0.0;
        if !(stands_for && self.bins.suits(self.estimators.len()) && self.evidence.is_sound()) {
            return Err("its numbers do not fit together; make it anew".to_owned());
        }
        Ok(())
    }

    /// Adds another log's bins. Both were checked. The error says in a sentence why they cannot be one.
    pub fn merge(&mut self, mut other: Kept) -> Result<(), String> {
        if let Some(known) = other.logs.iter().find(|log| self.logs.contains(log)) {
            return Err(format!("the log {known} is among them already, and counts once"));
        }
        if self.policy != other.policy {
            return Err(format!("it is of policy {} where the others are of {}", other.policy, self.policy));
        }
        if !(self.is_timed && other.is_timed) {
            return Err("its decisions have no time, and bins without time have no common order".to_owned());
        }
        if self.bins.width() != other.bins.width() {
            let (own, width) = (other.bins.width(), self.bins.width());
            return Err(format!("its bins are {own} ms wide where the others' are {width} ms; make them alike"));
        }
        if !self.estimators.iter().map(|one| &one.name).eq(other.estimators.iter().map(|one| &one.name)) {
            return Err("it has other estimators; make them alike".to_owned());
        }
        let (ours, theirs) = (self.rows() as f64, other.rows() as f64);
        let all = (self.stands_for * ours + other.stands_for * theirs) / (ours + theirs);
        self.scale_to(all);
        other.scale_to(all);
        self.bins.merge(&other.bins);
        self.evidence.merge(other.evidence);
        for (own, other) in self.estimators.iter_mut().zip(other.estimators) {
            own.missing = own.missing.take().or(other.missing);
        }
        self.forget_missing();
        self.logs.extend(other.logs);
        Ok(())
    }

    /// Weighs rows against another average. Logs that leave nothing out stay as they are.
    fn scale_to(&mut self, stands_for: f64) {
        let factor = self.stands_for / stands_for;
        if (factor - 1.0).abs() > 1e-12 {
            self.bins.scale(factor);
            self.evidence.calibration.scale(factor);
        }
        self.stands_for = stands_for;
    }

    pub fn rows(&self) -> u64 {
        self.bins.total().weights.count
    }

    /// What the bins can be asked.
    pub fn question(&self) -> Question {
        let estimators = self.estimators.iter().filter_map(|one| of_name(&one.name)).collect();
        Question { estimators, resamples: 0, ..Question::default() }
    }

    /// `question` is of the kept estimators.
    pub fn report(&self, question: &Question) -> Report {
        let missing: Vec<Option<String>> = self.estimators.iter().map(|one| one.missing.clone()).collect();
        report_binned(&self.bins.total(), &missing, question, self.evidence.guards(&self.policy))
    }
}
