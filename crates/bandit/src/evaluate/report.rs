//! The answer: estimates, intervals, diagnostics, and why something is not answered.

use super::anytime::Anytime;
use super::estimator::Kind;
use super::guard::guards;
use super::{
    Bootstrap, Diagnostics, Estimator, Guard, Interval, Moments, Question, Row, Statistics, Verdict, Weights,
    clopper_pearson, cressie_read, cressie_read_interval, empirical_bernstein, empirical_likelihood, hoeffding,
    normal_interval, student_interval,
};

#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    pub name: String,
    /// Or the reason why there is none.
    pub value: Result<f64, String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct NamedInterval {
    /// E.g. `snipw_bootstrap95_1000`.
    pub name: String,
    /// The estimator whose interval it is.
    pub estimator: String,
    /// E.g. `bootstrap`.
    pub kind: &'static str,
    pub interval: Interval,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    pub estimates: Vec<Estimate>,
    /// None where the answer is refused.
    pub intervals: Vec<NamedInterval>,
    /// `None` without rows.
    pub diagnostics: Option<Diagnostics>,
    pub guards: Vec<Guard>,
    /// The guards' reasons, where they refuse.
    pub refused: Vec<String>,
    pub reward_range: (f64, f64),
}

/// Answers from all rows.
pub fn evaluate(rows: &[Row], question: &Question) -> Report {
    let estimators: Vec<&Estimator> = question.estimators.iter().collect();
    let mut statistics = Statistics::new(estimators.len());
    rows.iter().for_each(|row| statistics.add(row, &estimators));
    report(rows, &statistics, question)
}

/// Answers from rows and their statistics, which were made of the question's estimators.
pub fn report(rows: &[Row], statistics: &Statistics, question: &Question) -> Report {
    report_guarded(rows, statistics, question, Vec::new())
}

/// `report` with guards over what the rows alone do not show.
pub fn report_guarded(rows: &[Row], statistics: &Statistics, question: &Question, more: Vec<Guard>) -> Report {
    let sums = &statistics.weights;
    let diagnostics = Diagnostics::of(sums);
    let mut guards = diagnostics.as_ref().map(guards).unwrap_or_default();
    guards.extend(more);
    let refused: Vec<String> =
        guards.iter().filter(|guard| guard.verdict == Verdict::Refused).map(|guard| guard.reason.clone()).collect();
    let reward_range = question.reward_range.unwrap_or_else(|| likely_range(sums));
    let value = |place: usize, estimator: &Estimator| -> Result<f64, String> {
        if rows.is_empty() {
            return Err("there are no rows".to_owned());
        }
        if let Some(missing) = estimator.needs.missing(rows) {
            return Err(missing.to_owned());
        }
        if let Some(reason) = refused.first().filter(|_| estimator.name != "dm") {
            return Err(format!("refused: {reason}"));
        }
        let value = match &estimator.kind {
            Kind::Terms(_) => statistics.moments[place].value(),
            Kind::CressieRead => cressie_read(sums),
            Kind::EmpiricalLikelihood => empirical_likelihood(rows),
        };
        value.filter(|value| value.is_finite()).ok_or_else(|| "no row has a weight".to_owned())
    };
    let estimates: Vec<Estimate> = question
        .estimators
        .iter()
        .enumerate()
        .map(|(place, estimator)| Estimate { name: estimator.name.clone(), value: value(place, estimator) })
        .collect();
    let intervals = match refused.is_empty() {
        true => all_intervals(rows, statistics, question, &estimates, reward_range),
        false => Vec::new(),
    };
    Report { estimates, intervals, diagnostics, guards, refused, reward_range }
}

fn likely_range(sums: &Weights) -> (f64, f64) {
    let seen = (sums.least_reward, sums.largest_reward);
    if seen.0 >= 0.0 && seen.1 <= 1.0 || sums.count == 0 { (0.0, 1.0) } else { seen }
}

fn all_intervals(
    rows: &[Row],
    statistics: &Statistics,
    question: &Question,
    estimates: &[Estimate],
    range: (f64, f64),
) -> Vec<NamedInterval> {
    let (miss, sums) = (question.miss, &statistics.weights);
    let percent = level(miss);
    let mut found = Vec::new();
    let mut add = |estimator: &str, kind: &'static str, tail: String, interval: Option<Interval>| {
        if let Some(interval) = interval.filter(|one| one.low.is_finite() && one.high.is_finite()) {
            let name = format!("{estimator}_{kind}{percent}{tail}");
            found.push(NamedInterval { name, estimator: estimator.to_owned(), kind, interval });
        }
    };
    let answered: Vec<usize> = (0..estimates.len()).filter(|place| estimates[*place].value.is_ok()).collect();
    let with_terms: Vec<usize> =
        answered.iter().copied().filter(|place| matches!(question.estimators[*place].kind, Kind::Terms(_))).collect();
    let drawn: Vec<&Estimator> = with_terms.iter().map(|place| &question.estimators[*place]).collect();
    let bootstrap = Bootstrap::of(rows, &drawn, question.resamples, question.seed);
    for (at, place) in with_terms.iter().enumerate() {
        let (name, moments) = (&question.estimators[*place].name, &statistics.moments[*place]);
        add(name, "normal", String::new(), normal_interval(moments, miss));
        add(name, "student", String::new(), student_interval(moments, miss));
        add(name, "bootstrap", format!("_{}", question.resamples), bootstrap.interval(at, miss));
        if name == "ipw" {
            bounded(moments, sums, range, miss).into_iter().for_each(|(kind, one)| add(name, kind, String::new(), one));
            let mut anytime = Anytime::new(range);
            rows.iter().for_each(|row| anytime.add(row));
            add(name, "anytime", String::new(), anytime.interval(miss));
        }
    }
    if answered.iter().any(|place| matches!(question.estimators[*place].kind, Kind::CressieRead)) {
        add("cressieread", "profile", String::new(), cressie_read_interval(sums, range, miss));
    }
    found
}

/// The intervals of IPS that know how far a term can reach.
fn bounded(moments: &Moments, sums: &Weights, range: (f64, f64), miss: f64) -> [(&'static str, Option<Interval>); 3] {
    let most = sums.largest_weight.max(0.0);
    let span = (range.1 * most).max(0.0) - (range.0 * most).min(0.0);
    [
        ("empirical_bernstein", empirical_bernstein(moments, span, miss)),
        ("hoeffding", hoeffding(moments, span, miss)),
        ("clopper_pearson", clopper_pearson(sums, range, miss)),
    ]
}

/// E.g. `95` for 0.05.
fn level(miss: f64) -> String {
    let percent = ((1.0 - miss) * 1e6).round() / 1e4;
    percent.to_string()
}
