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
    let missing: Vec<Option<String>> =
        question.estimators.iter().map(|one| one.needs.missing(rows).map(str::to_owned)).collect();
    answer(Some(rows), statistics, &missing, question, more)
}

/// From statistics alone; `missing` says of each estimator why the rows could not answer. What looks at single rows
/// (bootstrap, anytime-valid intervals, empirical likelihood) is not there.
pub fn report_binned(
    statistics: &Statistics,
    missing: &[Option<String>],
    question: &Question,
    more: Vec<Guard>,
) -> Report {
    answer(None, statistics, missing, question, more)
}

fn answer(
    rows: Option<&[Row]>,
    statistics: &Statistics,
    missing: &[Option<String>],
    question: &Question,
    more: Vec<Guard>,
) -> Report {
    let sums = &statistics.weights;
    let diagnostics = Diagnostics::of(sums);
    let mut guards = diagnostics.as_ref().map(guards).unwrap_or_default();
    guards.extend(more);
    let refused: Vec<String> =
        guards.iter().filter(|guard| guard.verdict == Verdict::Refused).map(|guard| guard.reason.clone()).collect();
    let reward_range = question.reward_range.unwrap_or_else(|| likely_range(sums));
    let value = |place: usize, estimator: &Estimator| -> Result<f64, String> {
        if sums.count == 0 {
            return Err("there are no rows".to_owned());
        }
        if let Some(missing) = missing.get(place).and_then(Option::clone) {
            return Err(missing);
        }
        if let Some(reason) = refused.first().filter(|_| estimator.name != "dm") {
            return Err(format!("refused: {reason}"));
        }
        let value = match (&estimator.kind, rows) {
            (Kind::Terms(_), _) => statistics.moments[place].value(),
            (Kind::CressieRead, _) => cressie_read(sums),
            (Kind::EmpiricalLikelihood, Some(rows)) => empirical_likelihood(rows),
            (Kind::EmpiricalLikelihood, None) => {
                return Err("it looks at all rows together, which bins do not keep".to_owned());
            }
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
    rows: Option<&[Row]>,
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
    let bootstrap = rows.map(|rows| Bootstrap::of(rows, &drawn, question.resamples, question.seed));
    for (at, place) in with_terms.iter().enumerate() {
        let (name, moments) = (&question.estimators[*place].name, &statistics.moments[*place]);
        add(name, "normal", String::new(), normal_interval(moments, miss));
        add(name, "student", String::new(), student_interval(moments, miss));
        let resampled = bootstrap.as_ref().and_then(|bootstrap| bootstrap.interval(at, miss));
        add(name, "bootstrap", format!("_{}", question.resamples), resampled);
        if name == "ipw" {
            bounded(moments, sums, range, miss).into_iter().for_each(|(kind, one)| add(name, kind, String::new(), one));
            let anytime = rows.and_then(|rows| {
                let mut anytime = Anytime::new(range);
                rows.iter().for_each(|row| anytime.add(row));
                anytime.interval(miss)
            });
            add(name, "anytime", String::new(), anytime);
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
