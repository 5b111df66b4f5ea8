//! A policy over a log: rows for the estimators, models of the reward, guards, curves.

use bandit::evaluate::{
    Bins, CrossFit, Estimator, Evidence, FarSum, Kept, KeptEstimator, Model, Observation, Question, Report, Row,
    Statistics, fitting_weight, report_guarded,
};
use rustc_hash::FxHashMap;

use crate::log::{Decision, Log};
use crate::policy::{Answer, Asked, Policy, PolicyError};
use crate::value::{fields, number, text};

/// What is asked beside the policy.
pub struct Ask<'q> {
    pub question: &'q Question,
    /// Fields of the context that tell the model of the reward kinds of decisions apart.
    pub model_by: &'q [String],
    /// Width of the curves' bins in milliseconds (or in decisions where the log has no times). `None`: one of
    /// sixty or so.
    pub bin: Option<i64>,
}

#[derive(Debug)]
pub struct Evaluation {
    pub policy: String,
    pub report: Report,
    /// Of each row, in the order of the log; none where only bins were there.
    pub weights: Vec<f64>,
    /// Bins by time, of the question's estimators, and what else is to be kept of the log.
    pub kept: Kept,
    /// How often the policy takes each action of the log; `None` where it tells of the logged action only.
    pub shares: Option<Vec<f64>>,
}

/// Rows of other folds foretell a row.
const FOLDS: usize = 5;

pub fn evaluate(log: &Log, policy: &Policy, ask: &Ask<'_>) -> Result<Evaluation, PolicyError> {
    policy.suits(log)?;
    let all: Vec<usize> = (0..log.actions.len()).collect();
    let offered: Vec<Vec<usize>> = log.decisions.iter().map(offered).collect();
    let offered_of = |place: usize| if offered[place].is_empty() { &all[..] } else { &offered[place][..] };
    let mut answers = Vec::with_capacity(log.decisions.len());
    for (place, decision) in log.decisions.iter().enumerate() {
        let answer = policy.ask(Asked { log, decision, offered: offered_of(place) });
        let answer =
            answer.map_err(|what| PolicyError(format!("{}: policy {}: {what}", log.place(decision), policy.name)))?;
        answers.push(answer);
    }
    let mut rows = rows(log, policy, &answers, offered_of);
    if policy.has_own_model() {
        rows.iter_mut().zip(&log.decisions).for_each(|(row, decision)| row.model = own_model(decision));
    } else {
        add_models(log, &mut rows, &answers, offered_of, ask.model_by);
    }
    let estimators: Vec<&Estimator> = ask.question.estimators.iter().collect();
    let is_timed = log.is_timed() && !log.decisions.is_empty();
    let at = |place: usize| match log.decisions[place].time_ms {
        Some(time) if is_timed => time,
        _ => place as i64,
    };
    let mut bins = Bins::new(ask.bin.unwrap_or_else(|| width(rows.len(), is_timed, at)), estimators.len());
    rows.iter().enumerate().for_each(|(place, row)| bins.add(at(place), row, &estimators));
    let mut statistics = Statistics::new(estimators.len());
    rows.iter().for_each(|row| statistics.add(row, &estimators));
    let evidence = evidence(log, policy, &answers, &rows, offered_of);
    let report = report_guarded(&rows, &statistics, ask.question, evidence.guards(&policy.name));
    let shares = shares(log, &answers, offered_of);
    let weights = rows.iter().map(Row::counted_weight).collect();
    let kept_estimator = |one: &&Estimator| KeptEstimator {
        name: one.name.clone(),
        missing: one.needs.missing(&rows).map(str::to_owned),
    };
    let estimators = estimators.iter().map(kept_estimator).collect();
    let kept = Kept::new(&policy.name, log.told_apart(), estimators, (bins, is_timed), mean_stand(log), evidence);
    Ok(Evaluation { policy: policy.name.clone(), report, weights, kept, shares })
}

impl Evaluation {
    /// From bins alone; `question` is of their estimators.
    pub fn of_bins(kept: Kept, question: &Question) -> Evaluation {
        let report = kept.report(question);
        Evaluation { policy: kept.policy.clone(), report, weights: Vec::new(), kept, shares: None }
    }
}

/// Decisions that a decision of the log stands for, itself and what was left out.
fn stands_for(decision: &Decision) -> f64 {
    1.0 / (1.0 - decision.dropped)
}

fn mean_stand(log: &Log) -> f64 {
    let total: f64 = log.decisions.iter().map(stands_for).sum();
    if log.decisions.is_empty() { 1.0 } else { total / log.decisions.len() as f64 }
}

fn offered(decision: &Decision) -> Vec<usize> {
    decision.offered.iter().map(|(action, _)| *action).collect()
}

fn rows<'o>(log: &Log, policy: &Policy, answers: &[Answer], offered: impl Fn(usize) -> &'o [usize]) -> Vec<Row> {
    let mean = mean_stand(log);
    let row = |(place, decision): (usize, &Decision)| {
        let evaluated = match &answers[place] {
            // Equal by what it is, also where the log's rounding differs.
            _ if policy.is_logged() => decision.probability,
            Answer::OfLogged(p) => *p,
            Answer::All(all) => {
                offered(place).iter().position(|action| *action == decision.action).map_or(0.0, |at| all[at])
            }
        };
        let own = stands_for(decision) / mean;
        // Of a log that leaves nothing out each row stands for exactly one.
        let stands_for = if (own - 1.0).abs() < 1e-12 { 1.0 } else { own };
        Row { stands_for, ..Row::new(decision.reward, decision.probability, evaluated) }
    };
    log.decisions.iter().enumerate().map(row).collect()
}

/// What a table foretells, of the policy whose probabilities it holds.
fn own_model(decision: &Decision) -> Option<Model> {
    let record = fields(&decision.record)?;
    Some(Model { logged: record.get("q_logged").and_then(number)?, policy: record.get("q_pi").and_then(number)? })
}

/// Fitted models, where the policy tells of all actions.
fn add_models<'o>(
    log: &Log,
    rows: &mut [Row],
    answers: &[Answer],
    offered: impl Fn(usize) -> &'o [usize] + Copy,
    by: &[String],
) {
    if answers.iter().any(|answer| matches!(answer, Answer::OfLogged(_))) {
        return;
    }
    let mut kinds: FxHashMap<Vec<String>, usize> = FxHashMap::default();
    let mut cells = Vec::with_capacity(rows.len());
    for decision in &log.decisions {
        let kind = kind(decision, by);
        let next = kinds.len();
        cells.push(*kinds.entry(kind).or_insert(next));
    }
    let observations = |weight: fn(&Row) -> f64| {
        log.decisions.iter().enumerate().zip(&cells).zip(rows.iter()).map(move |(((place, decision), cell), row)| {
            let weight = weight(row);
            Observation { fold: place % FOLDS, action: decision.action, cell: *cell, reward: decision.reward, weight }
        })
    };
    let plain = CrossFit::of(FOLDS, observations(|row| row.stands_for));
    let robust = CrossFit::of(FOLDS, observations(|row| row.stands_for * fitting_weight(row.logged, row.evaluated)));
    for (place, row) in rows.iter_mut().enumerate() {
        let Answer::All(probabilities) = &answers[place] else { continue };
        let model = |fit: &CrossFit| {
            let reward = |action: usize| fit.reward(place % FOLDS, action, cells[place]);
            let each = offered(place).iter().zip(probabilities);
            Model {
                logged: reward(log.decisions[place].action),
                policy: each.filter(|(_, p)| **p > 0.0).map(|(action, p)| p * reward(*action)).sum(),
            }
        };
        (row.model, row.robust_model) = (Some(model(&plain)), Some(model(&robust)));
    }
}

/// The values of the context's fields that the model looks at.
fn kind(decision: &Decision, by: &[String]) -> Vec<String> {
    let of = |name: &String| fields(&decision.context).and_then(|context| context.get(name.as_str())).and_then(text);
    by.iter().map(|name| of(name).unwrap_or_default()).collect()
}

fn evidence<'o>(
    log: &Log,
    policy: &Policy,
    answers: &[Answer],
    rows: &[Row],
    offered: impl Fn(usize) -> &'o [usize] + Copy,
) -> Evidence {
    let mut evidence = Evidence { actions: log.actions.clone(), ..Evidence::default() };
    if policy.is_logged() {
        // Its value is the mean of what was seen, whatever the probabilities say.
        return evidence;
    }
    let calibration = &mut evidence.calibration;
    for (place, (decision, row)) in log.decisions.iter().zip(rows).enumerate() {
        offered(place).iter().for_each(|action| calibration.offer(*action, row.stands_for));
        calibration.take(decision.action, decision.probability, row.stands_for);
    }
    let sum = |probabilities: &[f64]| probabilities.iter().sum::<f64>();
    let far = |(sum, decision): (f64, &Decision)| Some(FarSum { sum, place: log.place(decision) });
    let logged = log.decisions.iter().filter_map(|decision| {
        let all: Option<Vec<f64>> = decision.offered.iter().map(|(_, p)| *p).collect();
        all.filter(|all| !all.is_empty()).map(|all| (sum(&all), decision))
    });
    evidence.logged = furthest(logged).and_then(far);
    let own = answers.iter().zip(&log.decisions).filter_map(|(answer, decision)| match answer {
        Answer::All(all) => Some((sum(all), decision)),
        Answer::OfLogged(_) => None,
    });
    evidence.own = furthest(own).and_then(far);
    evidence
}

/// From 1.
fn furthest<'d>(sums: impl Iterator<Item = (f64, &'d Decision)>) -> Option<(f64, &'d Decision)> {
    let apart = |sum: f64| (sum - 1.0).abs();
    sums.max_by(|a, b| apart(a.0).total_cmp(&apart(b.0)))
}

fn shares<'o>(log: &Log, answers: &[Answer], offered: impl Fn(usize) -> &'o [usize]) -> Option<Vec<f64>> {
    let mut shares = vec![0.0; log.actions.len()];
    for (place, answer) in answers.iter().enumerate() {
        let Answer::All(probabilities) = answer else { return None };
        for (action, p) in offered(place).iter().zip(probabilities) {
            shares[*action] += p / answers.len() as f64;
        }
    }
    Some(shares)
}

/// Round widths, in milliseconds.
const WIDTHS_MS: [i64; 16] = [
    1_000,
    5_000,
    10_000,
    30_000,
    60_000,
    300_000,
    900_000,
    3_600_000,
    10_800_000,
    21_600_000,
    43_200_000,
    86_400_000,
    604_800_000,
    2_592_000_000,
    7_776_000_000,
    31_536_000_000,
];
/// About so many bins.
const BINS: i64 = 60;

fn width(rows: usize, is_timed: bool, at: impl Fn(usize) -> i64) -> i64 {
    if !is_timed {
        return (rows as i64 / BINS).max(1);
    }
    let (first, last) =
        (0..rows).map(&at).fold((i64::MAX, i64::MIN), |(first, last), at| (first.min(at), last.max(at)));
    let wanted = last.saturating_sub(first) / BINS;
    WIDTHS_MS.into_iter().find(|width| *width >= wanted).unwrap_or(wanted).max(1)
}
