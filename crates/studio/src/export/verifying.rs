//! A bundle verified on a thread of its own: our own looks at its files, then every program for templates that is
//! installed here. What is missing is named with the way to get it; nothing is left out in silence.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use dtc_engine::Cancel;
use studio_api::*;

use super::Export;
use super::programs::{PROGRAMS, Program, Verdict};
use crate::dispatch::{Answer, Open};
use crate::error::{external, not_found};
use crate::feed::{Feed, Next, frame};
use crate::studio::{Studio, lock};

/// Verifications that can still be read.
const KEPT: usize = 4;

/// The number that was given last, and those that are at hand by theirs.
type Numbered = (u64, Vec<(u64, Arc<Verification>)>);

#[derive(Default)]
pub(super) struct Verifications(Mutex<Numbered>);

/// One verification and what it told so far.
struct Verification {
    root: PathBuf,
    cancel: Cancel,
    state: Mutex<VerifyState>,
    grown: Condvar,
}

impl Verifications {
    /// A new one of a project ends the one before.
    fn add(&self, verification: Arc<Verification>) -> u64 {
        let mut all = lock(&self.0);
        all.1.iter().filter(|(_, other)| other.root == verification.root).for_each(|(_, other)| other.cancel.cancel());
        all.0 += 1;
        let number = all.0;
        all.1.push((number, verification));
        let extra = all.1.len().saturating_sub(KEPT);
        all.1.drain(..extra);
        number
    }

    fn find(&self, id: &VerifyId) -> Result<Arc<Verification>, ApiError> {
        let number: Option<u64> = id.0.strip_prefix('v').and_then(|number| number.parse().ok());
        let all = lock(&self.0);
        let found = all.1.iter().find(|(own, _)| Some(*own) == number).map(|(_, verification)| verification.clone());
        found.ok_or_else(|| not_found("This verification was let go. Verify again."))
    }
}

impl Answer<VerifyExport> for Studio {
    fn answer(&self, command: VerifyExport) -> Result<VerifyId, ApiError> {
        let export = self.exports.find(&command.export)?;
        let verification = Arc::new(Verification {
            root: export.root.clone(),
            cancel: Cancel::default(),
            state: Mutex::new(VerifyState { seq: 1, steps: waiting(&export), ended: false }),
            grown: Condvar::new(),
        });
        let number = self.exports.verifications.add(verification.clone());
        let started =
            thread::Builder::new().name("verify".to_owned()).spawn(move || run(&export, &verification, number));
        started.map_err(|error| external(format!("No thread can be started ({error}). Close other programs.")))?;
        Ok(VerifyId(format!("v{number}")))
    }
}

impl Answer<CancelVerify> for Studio {
    fn answer(&self, command: CancelVerify) -> Result<(), ApiError> {
        self.exports.verifications.find(&command.verify)?.cancel.cancel();
        Ok(())
    }
}

impl Open<WatchVerify> for Studio {
    fn open(&self, request: WatchVerify) -> Result<Box<dyn Feed>, ApiError> {
        let verification = self.exports.verifications.find(&request.verify)?;
        Ok(Box::new(VerifyFeed { verification, after: request.after }))
    }
}

struct VerifyFeed {
    verification: Arc<Verification>,
    after: u64,
}

impl Feed for VerifyFeed {
    fn next(&mut self, wait: Duration) -> Next {
        let until = Instant::now() + wait;
        let mut state = lock(&self.verification.state);
        loop {
            if state.seq > self.after {
                self.after = state.seq;
                return frame(Some(state.seq), state.clone());
            }
            if state.ended {
                return Next::Ended;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Next::Quiet;
            }
            let waited = self.verification.grown.wait_timeout(state, left);
            state = waited.unwrap_or_else(std::sync::PoisonError::into_inner).0;
        }
    }
}

impl Verification {
    fn tell(&self, change: impl FnOnce(&mut VerifyState)) {
        let mut state = lock(&self.state);
        change(&mut state);
        state.seq += 1;
        self.grown.notify_all();
    }

    fn step(&self, at: usize, change: impl FnOnce(&mut VerifyStep)) {
        self.tell(|state| {
            if let Some(step) = state.steps.get_mut(at) {
                change(step);
            }
        });
    }
}

/// The name of our own looks, before it is known which there are.
const OWN: &str = "Files of the bundle";

fn programs(export: &Export) -> impl Iterator<Item = &'static Program> {
    PROGRAMS.iter().filter(move |program| program.only_for.is_none_or(|target| target == export.target))
}

fn waiting(export: &Export) -> Vec<VerifyStep> {
    let step = |name: &str| VerifyStep {
        name: name.to_owned(),
        state: StepState::Waiting,
        words: String::new(),
        findings: Vec::new(),
    };
    std::iter::once(step(OWN)).chain(programs(export).map(|program| step(program.title))).collect()
}

fn run(export: &Export, verification: &Verification, number: u64) {
    let scratch = std::env::temp_dir().join(format!("dtc-verify-{}-{number}", std::process::id()));
    verification.step(0, |step| step.state = StepState::Running);
    let looks: Vec<VerifyStep> = bundle::review(&export.bundle).into_iter().map(looked).collect();
    let own = looks.len();
    verification.tell(|state| drop(state.steps.splice(0..1, looks)));
    let written = dtc_io::write_bundle(&scratch, &export.files(), true);
    for (at, program) in programs(export).enumerate() {
        let at = own + at;
        if verification.cancel.is_cancelled() {
            verification.step(at, |step| step.state = StepState::Cancelled);
            continue;
        }
        verification.step(at, |step| step.state = StepState::Running);
        let verdict = match &written {
            Ok(_) => program.run(&scratch, &verification.cancel),
            Err(error) => Verdict::Failed(format!("{error}.")),
        };
        verification.step(at, |step| take(step, verdict));
    }
    remove(&scratch);
    verification.tell(|state| state.ended = true);
}

/// A scratch folder that stays is in the system's own, which empties itself.
fn remove(scratch: &Path) {
    let _ = fs::remove_dir_all(scratch);
}

fn looked(look: bundle::Look) -> VerifyStep {
    let findings: Vec<VerifyFinding> = look
        .findings
        .into_iter()
        .map(|one| VerifyFinding { path: one.path, line: one.line as u32, message: one.message })
        .collect();
    let state = if findings.is_empty() { StepState::Good } else { StepState::Found };
    VerifyStep { name: look.name.to_owned(), state, words: look.seen, findings }
}

fn take(step: &mut VerifyStep, verdict: Verdict) {
    let (state, words, findings) = match verdict {
        Verdict::Looked { seen, findings } => {
            (if findings.is_empty() { StepState::Good } else { StepState::Found }, seen, findings)
        }
        Verdict::Missing(cure) => (StepState::Missing, cure, Vec::new()),
        Verdict::Failed(reason) => (StepState::Failed, reason, Vec::new()),
        Verdict::Cancelled => (StepState::Cancelled, String::new(), Vec::new()),
    };
    *step = VerifyStep { name: step.name.clone(), state, words, findings };
}
