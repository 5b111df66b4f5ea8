//! What the policies of a join document are worth by its joined decisions.

use std::path::{Component, Path};

use bandit::evaluate::{Estimator, Question, Verdict, of_name};
use bandit::{Event, EventKind};
use bandit_log::{
    Ask, Evaluation, Log, LogBuilder, Placed, Policy, PolicyError, PolicyTable, evaluate, figures, window_sensitivity,
};
use dtc_engine::Cancel;
use dtc_expr::Functions;
use dtc_lang::document::{self, Join, PolicyKind};
use studio_api::{ApiError, GuardNote, PolicyWorth, Worth};

use super::expressions::stopped;
use super::join_programs::Joinable;
use super::rewards::join_rule_of_logs;

/// Of the page: enough to see whether they agree, few enough to follow an edit.
const ESTIMATORS: [&str; 9] = ["rm", "ipw", "snipw", "ipw_clip10", "dm", "dr", "sndr", "switch-dr_5", "cressieread"];
const RESAMPLES: usize = 300;

/// Errors: it was cancelled.
pub(super) fn worth(
    found: Joinable,
    document: &Join,
    functions: &Functions,
    root: &Path,
    cancel: &Cancel,
) -> Result<Worth, ApiError> {
    let (log, left_out) = joined_log(found, document, &[&document.header.name.value]);
    let mut notices: Vec<String> = left_out.into_iter().collect();
    let question = question();
    let ask = Ask { question: &question, model_by: &[], bin: None };
    let (mut evaluations, mut asked) = (Vec::new(), Vec::new());
    for (name, policy) in document_policies(document, functions, root) {
        if cancel.is_cancelled() {
            return Err(stopped());
        }
        let suits = policy.and_then(|policy| policy.suits(&log).map(|()| policy));
        let policy = match suits {
            Ok(policy) => policy,
            Err(error) => {
                notices.push(format!("Policy {name}: {error}."));
                continue;
            }
        };
        match evaluate(&log, &policy, &ask) {
            Ok(evaluation) => {
                evaluations.push(evaluation);
                asked.push(policy);
            }
            Err(error) => notices.push(format!("{error}.")),
        }
    }
    // A policy that fails at some window has failed at the document's own already.
    let windows = window_sensitivity(&log, &asked, &|| !cancel.is_cancelled()).unwrap_or_default();
    if cancel.is_cancelled() {
        return Err(stopped());
    }
    let figures = if log.decisions.is_empty() { Vec::new() } else { figures(&log, &evaluations, &windows, &question) };
    Ok(Worth { policies: evaluations.iter().map(told).collect(), figures, notices })
}

fn question() -> Question {
    let estimators: Vec<Estimator> = ESTIMATORS.iter().filter_map(|name| of_name(name)).collect();
    Question { estimators, resamples: RESAMPLES, ..Question::default() }
}

/// Raw events joined by a document's rule, and in a sentence what had to be left out: decisions without a probability.
/// `files` are those that the decisions' places name.
pub fn joined_log(found: Joinable, document: &Join, files: &[&str]) -> (Log, Option<String>) {
    let all = found.decided.len();
    let (events, decisions) = usable(found);
    let unknown = all - decisions.len();
    let left_out = (unknown > 0).then(|| {
        format!(
            "{unknown} of {all} decisions have no probability above 0 and up to 1 and are left out. Log it at the moment of \
             the decision; what is left may not be like the rest."
        )
    });
    let mut builder = LogBuilder::default();
    files.iter().for_each(|file| builder.file(file, "raw events"));
    builder.join(events, decisions, join_rule_of_logs(document));
    (builder.finish(), left_out)
}

/// Events whose decisions have a probability, with these decisions by place.
fn usable(found: Joinable) -> (Vec<Event<usize>>, Vec<Placed>) {
    let (mut kept, mut decisions) = (Vec::with_capacity(found.events.len()), Vec::with_capacity(found.decided.len()));
    let mut decided = found.decided.into_iter();
    for event in found.events {
        let kind = match event.kind {
            EventKind::Decision(_) => {
                let logged = decided.next().filter(|(_, one)| one.probability > 0.0 && one.probability <= 1.0);
                let Some(logged) = logged else { continue };
                decisions.push(logged);
                EventKind::Decision(decisions.len() - 1)
            }
            EventKind::Reward(reward) => EventKind::Reward(reward),
            EventKind::Override => EventKind::Override,
            EventKind::Activation => EventKind::Activation,
        };
        kept.push(Event { key: event.key, time_ms: event.time_ms, kind });
    }
    (kept, decisions)
}

/// The policies of a join document by name, behind the logged one, or why one cannot be made; without any, chance is what that
/// one is compared with. Files of policies lie below `root`.
pub fn document_policies(
    document: &Join,
    functions: &Functions,
    root: &Path,
) -> Vec<(String, Result<Policy, PolicyError>)> {
    let wanted = with_logged(&document.policies);
    let made = |wanted: document::Policy| {
        let policy = policy(&wanted, document, functions, root);
        (wanted.name.value, policy)
    };
    wanted.into_iter().map(made).collect()
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
