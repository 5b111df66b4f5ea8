//! What the policies of a join document are worth by its joined decisions.

use std::path::{Component, Path};

use bandit::evaluate::{Estimator, Question, Verdict, of_name};
use bandit::{Event, EventKind, Rule};
use bandit_log::{
    Ask, Evaluation, LogBuilder, Logged, Policy, PolicyError, PolicyTable, evaluate, figures, window_sensitivity,
};
use dtc_expr::Functions;
use dtc_lang::document::{self, Join, PolicyKind};
use studio_api::{GuardNote, PolicyWorth, Worth};

/// Of the page: enough to see whether they agree, few enough to follow an edit.
const ESTIMATORS: [&str; 9] = ["rm", "ipw", "snipw", "ipw_clip10", "dm", "dr", "sndr", "switch-dr_5", "cressieread"];
const RESAMPLES: usize = 300;

/// Decisions in the order of their events.
#[derive(Debug, Default)]
pub(super) struct Decided(Vec<Logged>);

impl Decided {
    pub(super) fn add(&mut self, logged: Logged) {
        self.0.push(logged);
    }

    pub(super) fn worth(
        self,
        events: &[Event],
        rule: &Rule,
        document: &Join,
        functions: &Functions,
        root: &Path,
    ) -> Worth {
        let mut notices = Vec::new();
        let known = self.0.iter().filter(|logged| logged.probability > 0.0 && logged.probability <= 1.0).count();
        let unknown = self.0.len() - known;
        if unknown > 0 {
            notices.push(format!(
                "{unknown} of {} decisions have no probability above 0 and up to 1 and are left out. Log it at the moment of \
                 the decision; what is left may not be like the rest.",
                self.0.len()
            ));
        }
        let mut builder = LogBuilder::default();
        builder.file(&document.header.name.value, "joined records");
        let (events, decisions) = usable(events, self.0);
        builder.join(events, decisions, *rule);
        let log = builder.finish();
        let mut policies = Vec::new();
        for wanted in with_logged(&document.policies) {
            match policy(&wanted, document, functions, root).and_then(|policy| policy.suits(&log).map(|()| policy)) {
                Ok(policy) => policies.push(policy),
                Err(error) => notices.push(format!("Policy {}: {error}.", wanted.name.value)),
            }
        }
        let estimators: Vec<Estimator> = ESTIMATORS.iter().filter_map(|name| of_name(name)).collect();
        let question = Question { estimators, resamples: RESAMPLES, ..Question::default() };
        let (mut found, mut asked) = (Vec::new(), Vec::new());
        for policy in policies {
            match evaluate(&log, &policy, &Ask { question: &question, model_by: &[], bin: None }) {
                Ok(evaluation) => {
                    found.push(evaluation);
                    asked.push(policy);
                }
                Err(error) => notices.push(format!("{error}.")),
            }
        }
        // A policy that fails at some window has failed at the document's own already.
        let windows = window_sensitivity(&log, &asked).unwrap_or_default();
        let figures = if log.decisions.is_empty() { Vec::new() } else { figures(&log, &found, &windows, &question) };
        Worth { policies: found.iter().map(told).collect(), figures, notices }
    }
}

/// Events whose decisions have a probability, with these decisions by place.
fn usable(events: &[Event], decided: Vec<Logged>) -> (Vec<Event<usize>>, Vec<(u64, Logged)>) {
    let (mut kept, mut decisions) = (Vec::with_capacity(events.len()), Vec::with_capacity(decided.len()));
    let mut decided = decided.into_iter();
    for event in events {
        let kind = match &event.kind {
            EventKind::Decision(_) => {
                let logged = decided.next().filter(|logged| logged.probability > 0.0 && logged.probability <= 1.0);
                let Some(logged) = logged else { continue };
                decisions.push((decisions.len() as u64 + 1, logged));
                EventKind::Decision(decisions.len() - 1)
            }
            EventKind::Reward(reward) => EventKind::Reward(*reward),
            EventKind::Override => EventKind::Override,
            EventKind::Activation => EventKind::Activation,
        };
        kept.push(Event { key: event.key.clone(), time_ms: event.time_ms, kind });
    }
    (kept, decisions)
}

/// The document's policies behind the logged one; without any, chance is what that one is compared with.
fn with_logged(written: &[document::Policy]) -> Vec<document::Policy> {
    let plain = |name: &str, kind: PolicyKind| document::Policy {
        name: document::Name { value: name.to_owned(), span: dtc_lang::Span::default() },
        kind,
    };
    let mut policies = Vec::new();
    if !written.iter().any(|policy| policy.kind == PolicyKind::Logged) {
        policies.push(plain("logged", PolicyKind::Logged));
    }
    if written.is_empty() {
        policies.push(plain("uniform", PolicyKind::Uniform));
    }
    policies.extend_from_slice(written);
    policies
}

/// The policies that a document's decisions are judged by; without a document the logged one and chance. An error says why
/// one cannot be made. `root` is the project's folder.
pub fn join_policies(document: Option<&Join>, functions: &Functions, root: &Path) -> Vec<Result<Policy, PolicyError>> {
    let Some(document) = document else { return vec![Ok(Policy::logged()), Ok(Policy::uniform())] };
    let made = |wanted: document::Policy| {
        let policy = policy(&wanted, document, functions, root);
        policy.map_err(|error| PolicyError(format!("policy {}: {error}", wanted.name.value)))
    };
    with_logged(&document.policies).into_iter().map(made).collect()
}

fn policy(
    wanted: &document::Policy,
    document: &Join,
    functions: &Functions,
    root: &Path,
) -> Result<Policy, PolicyError> {
    let imports: Vec<(String, Vec<String>)> = document
        .header
        .imports
        .iter()
        .map(|import| {
            let names = import.identifiers.iter().map(|name| name.value.clone()).collect();
            (import.module.value.clone(), names)
        })
        .collect();
    let policy = match &wanted.kind {
        PolicyKind::Logged => Policy::logged(),
        PolicyKind::Uniform => Policy::uniform(),
        PolicyKind::Constant(action) => Policy::constant(action),
        PolicyKind::Expression(value) => Policy::expression(&value.text, &imports, functions)?,
        PolicyKind::Column(value) => Policy::probability(&value.text, &imports, functions)?,
        PolicyKind::File(name) => Policy::table(&name.value, table(root, &name.value)?),
    };
    Ok(policy.named(&wanted.name.value))
}

/// A file of the project, and of nothing else on this machine.
fn table(root: &Path, name: &str) -> Result<PolicyTable, PolicyError> {
    let path = Path::new(name);
    if !path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir)) {
        return Err(PolicyError(format!("`{name}` lies outside of the project; name a file in it")));
    }
    PolicyTable::read(&root.join(path))
}

fn told(one: &Evaluation) -> PolicyWorth {
    let report = &one.report;
    let value = |name: &str| {
        let found = report.estimates.iter().find(|estimate| estimate.name == name);
        found.and_then(|estimate| estimate.value.clone().ok())
    };
    let interval = report.intervals.iter().find(|one| one.estimator == "snipw" && one.kind == "normal");
    let noted = report.guards.iter().filter(|guard| guard.verdict != Verdict::Fine);
    let guards =
        noted.map(|guard| GuardNote { refuses: guard.verdict == Verdict::Refused, reason: guard.reason.clone() });
    PolicyWorth {
        name: one.policy.clone(),
        ips: value("ipw"),
        snips: value("snipw"),
        dr: value("dr"),
        interval: interval.map(|one| (one.interval.low, one.interval.high)),
        effective: report.diagnostics.map_or(0.0, |found| found.effective_size),
        largest_weight: report.diagnostics.map_or(0.0, |found| found.largest_weight),
        guards: guards.collect(),
    }
}
