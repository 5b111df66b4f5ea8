//! The sums as numbers to look at: values with intervals, curves, and the guards that refuse a number.

use std::fmt::Write;

use bandit::evaluate::{
    Diagnostics, Guard, Moments, Statistics, Verdict, calibration_guard, normal_interval, sum_guard, weight_guards,
};
use serde_json::{Value, json};

use super::ledger::{ESTIMATORS, Ledger, PolicyNotes};
use super::{Found, MOST_ACTIONS, PolicyName, Worth};

/// How often an interval may miss.
const MISS: f64 = 0.05;
/// Bins that `lately` looks back over.
const LATELY: i64 = 10;
/// Of `ESTIMATORS`: what curves show.
const CURVE: usize = 1;

impl Worth {
    /// What the live page shows.
    pub fn json(&self) -> Value {
        let found = self.found();
        let ledger = &found.ledger;
        let policies: Vec<Value> =
            self.names.iter().enumerate().map(|(place, policy)| told(ledger, place, policy)).collect();
        let ends: Vec<i64> =
            ledger.bins.keys().map(|at| at.saturating_add(1).saturating_mul(ledger.width_ms)).collect();
        json!({
            "estimators": ESTIMATORS, "curve": ESTIMATORS[CURVE], "level": 1.0 - MISS, "width_ms": ledger.width_ms,
            "lately_ms": ledger.width_ms.saturating_mul(LATELY), "records": ledger.records,
            "without_probability": ledger.without_probability, "actions": ledger.actions, "ends": ends,
            "policies": policies, "trouble": trouble(&found),
        })
    }

    /// For Prometheus.
    pub fn text(&self, out: &mut String) {
        // Writing to a text does not fail.
        let _ = self.write(out);
    }

    fn write(&self, out: &mut String) -> std::fmt::Result {
        let found = self.found();
        let ledger = &found.ledger;
        writeln!(
            out,
            "# HELP join_policy_records_total Records that policies were judged by\n\
             # TYPE join_policy_records_total counter\njoin_policy_records_total {}",
            ledger.records
        )?;
        let totals: Vec<(String, Statistics, bool)> = self
            .names
            .iter()
            .enumerate()
            .map(|(place, policy)| {
                let total = ledger.total(place);
                let refused = verdict(&guards(ledger, place, policy, &total)) == Verdict::Refused;
                (label(&policy.name), total, refused)
            })
            .collect();
        writeln!(out, "# HELP join_policy_value What a policy is worth a decision; none where it is refused")?;
        writeln!(out, "# TYPE join_policy_value gauge")?;
        for (name, total, _) in totals.iter().filter(|(_, _, refused)| !refused) {
            for (estimator, moments) in ESTIMATORS.iter().zip(&total.moments) {
                if let Some(value) = moments.value() {
                    writeln!(out, "join_policy_value{{policy=\"{name}\",estimator=\"{estimator}\"}} {value}")?;
                }
            }
        }
        writeln!(out, "# HELP join_policy_effective_records Records of equal weight that would tell as much")?;
        writeln!(out, "# TYPE join_policy_effective_records gauge")?;
        for (name, total, _) in &totals {
            writeln!(out, "join_policy_effective_records{{policy=\"{name}\"}} {}", total.weights.effective_size())?;
        }
        writeln!(out, "# HELP join_policy_refused 1 where the records cannot answer for the policy")?;
        writeln!(out, "# TYPE join_policy_refused gauge")?;
        for (name, _, refused) in &totals {
            writeln!(out, "join_policy_refused{{policy=\"{name}\"}} {}", u8::from(*refused))?;
        }
        Ok(())
    }
}

/// As Prometheus escapes it.
fn label(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn trouble(found: &Found) -> Option<String> {
    let many = || {
        format!(
            "There are more than {MOST_ACTIONS} actions; records of the others are left out. Group them into fewer."
        )
    };
    found.trouble.clone().or_else(|| (found.ledger.actions.len() >= MOST_ACTIONS).then(many))
}

fn told(ledger: &Ledger, place: usize, policy: &PolicyName) -> Value {
    let total = ledger.total(place);
    let guards = guards(ledger, place, policy, &total);
    let verdict = verdict(&guards);
    let reasons: Vec<&str> =
        guards.iter().filter(|guard| guard.verdict != Verdict::Fine).map(|guard| guard.reason.as_str()).collect();
    let answered = verdict != Verdict::Refused;
    let value = |estimator: usize| total.moments.get(estimator).filter(|_| answered).map_or(Value::Null, point);
    let (mut so_far, mut lately) = (Vec::new(), Vec::new());
    if answered {
        let mut sums = Statistics::new(ESTIMATORS.len());
        for (at, bin) in &ledger.bins {
            let Some(own) = bin.get(place) else { continue };
            sums.merge(own);
            so_far.push(curve_point(&sums, policy));
            let mut last = Statistics::new(ESTIMATORS.len());
            let from = at.saturating_sub(LATELY - 1);
            ledger.bins.range(from..=*at).filter_map(|(_, bin)| bin.get(place)).for_each(|bin| last.merge(bin));
            lately.push(curve_point(&last, policy));
        }
    }
    json!({
        "name": policy.name, "logged": policy.is_logged, "records": total.weights.count,
        "effective": total.weights.effective_size(), "ipw": value(0), "snipw": value(CURVE),
        "verdict": match verdict {
            Verdict::Fine => "fine",
            Verdict::Doubtful => "doubtful",
            Verdict::Refused => "refused",
        },
        "reasons": reasons, "so_far": so_far, "lately": lately,
    })
}

/// Value, and both ends of its interval.
fn point(moments: &Moments) -> Value {
    let interval = normal_interval(moments, MISS);
    match moments.value() {
        Some(value) => json!([value, interval.map(|one| one.low), interval.map(|one| one.high)]),
        None => Value::Null,
    }
}

/// A gap where what is known up to there cannot answer.
fn curve_point(sums: &Statistics, policy: &PolicyName) -> Value {
    let refused = !policy.is_logged && of_weights(sums).iter().any(|guard| guard.verdict == Verdict::Refused);
    if refused { Value::Null } else { sums.moments.get(CURVE).map_or(Value::Null, point) }
}

fn of_weights(sums: &Statistics) -> Vec<Guard> {
    Diagnostics::of(&sums.weights).as_ref().map(weight_guards).unwrap_or_default()
}

fn guards(ledger: &Ledger, place: usize, policy: &PolicyName, total: &Statistics) -> Vec<Guard> {
    let notes = &ledger.policies[place];
    let mut guards: Vec<Guard> = silence(notes).into_iter().collect();
    // What was seen is what it is worth, whatever the probabilities say.
    if policy.is_logged {
        return guards;
    }
    guards.extend(of_weights(total));
    let mut calibration = ledger.taken.clone();
    let weighed = ledger.records - ledger.without_probability;
    (0..ledger.actions.len()).for_each(|action| calibration.offer(action, weighed as f64));
    guards.extend(calibration_guard(&calibration, |action| ledger.actions.get(action).cloned().unwrap_or_default()));
    if let Some((sum, key)) = &notes.worst_sum {
        let whose = format!("policy {}", policy.name);
        guards.push(sum_guard("sum_of_probabilities", &whose, *sum, &format!("key {key}")));
    }
    if ledger.without_probability > 0 {
        guards.push(without_probability(ledger));
    }
    guards
}

/// A policy that says nothing of some records is not answered for: they may not be like the others.
fn silence(notes: &PolicyNotes) -> Option<Guard> {
    (notes.failures > 0).then(|| Guard {
        name: "failures",
        value: notes.failures as f64,
        limit: 0.0,
        verdict: Verdict::Refused,
        reason: format!("It said nothing of {} records; the last time because {}.", notes.failures, notes.last_failure),
    })
}

fn without_probability(ledger: &Ledger) -> Guard {
    let all = ledger.without_probability == ledger.records;
    Guard {
        name: "without_probability",
        value: ledger.without_probability as f64,
        limit: ledger.records as f64,
        verdict: if all { Verdict::Refused } else { Verdict::Doubtful },
        reason: format!(
            "{} of {} records have no probability and are left out. Log that of the action taken, at the moment of the \
             decision.",
            ledger.without_probability, ledger.records
        ),
    }
}

fn verdict(guards: &[Guard]) -> Verdict {
    guards.iter().map(|guard| guard.verdict).max().unwrap_or(Verdict::Fine)
}
