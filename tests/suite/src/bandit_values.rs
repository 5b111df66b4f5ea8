//! Off-policy estimates against the logs under `../shared/data/bandit`: `reference.json` (numpy formulas, equal to
//! obp's) and `vw_estimators.json` (curves of vw-estimators); and what bandit's guards refuse.

use std::path::{Path, PathBuf};

use bandit::evaluate::anytime::Anytime;
use bandit::evaluate::{
    Interval, Model, Question, Row, Weights, clopper_pearson, cressie_read, cressie_read_interval,
    empirical_likelihood, evaluate,
};
use libtest_mimic::{Failed, Trial};
use serde_json::Value;

use crate::runs::cases;

/// Where both sides compute the same closed form.
const EXACT: f64 = 1e-9;

pub fn trials() -> Vec<Trial> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/bandit");
    let logs: Vec<_> = cases(&shared).into_iter().filter(|(_, path)| path.join("reference.json").exists()).collect();
    if logs.is_empty() {
        println!("bandit: reference estimates skipped, {} is not there", shared.display());
    }
    let mut trials = Vec::new();
    for (name, path) in logs {
        let of = |kind: &str, run: fn(&Path) -> Result<(), Failed>| {
            let path: PathBuf = path.clone();
            Trial::test(format!("bandit::{kind}::{name}"), move || run(&path))
        };
        trials.extend([of("estimates", estimates), of("vw_curve", vw_curve)]);
    }
    trials
}

/// Columns by name; quotes do not occur in these files.
fn rows(folder: &Path) -> Result<Vec<Row>, Failed> {
    let text = std::fs::read_to_string(folder.join("log.csv"))?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().ok_or("no header")?.split(',').collect();
    let names = ["reward", "pscore", "pi_e", "q_logged", "q_pi"];
    let places: Option<Vec<usize>> = names.iter().map(|name| header.iter().position(|one| one == name)).collect();
    let places = places.ok_or("a column is missing")?;
    let row = |line: &str| -> Result<Row, Failed> {
        let cells: Vec<&str> = line.split(',').collect();
        let numbers: Result<Vec<f64>, _> = places.iter().map(|place| cells[*place].parse()).collect();
        let [reward, logged, evaluated, q_logged, q_policy] = numbers?[..] else { return Err(line.into()) };
        let model = Some(Model { logged: q_logged, policy: q_policy });
        Ok(Row { reward, logged, evaluated, model, robust_model: None })
    };
    lines.map(row).collect()
}

fn near(name: &str, found: f64, wanted: f64, tolerance: f64) -> Result<(), Failed> {
    if (found - wanted).abs() <= tolerance {
        return Ok(());
    }
    Err(format!("{name}: expected {wanted}, found {found}, {:e} apart", (found - wanted).abs()).into())
}

fn json(path: PathBuf) -> Result<Value, Failed> {
    Ok(serde_json::from_str(&std::fs::read_to_string(path)?)?)
}

fn estimates(folder: &Path) -> Result<(), Failed> {
    let rows = rows(folder)?;
    let reference = json(folder.join("reference.json"))?;
    let report = evaluate(&rows, &Question::default());
    for (name, wanted) in reference["estimates"].as_object().ok_or("no estimates")? {
        let found = report.estimates.iter().find(|one| one.name == *name).ok_or_else(|| format!("no {name}"))?;
        near(name, *found.value.as_ref().map_err(String::as_str)?, wanted.as_f64().ok_or("no number")?, EXACT)?;
    }
    for (name, wanted) in reference["ci"].as_object().ok_or("no intervals")? {
        let found = report.intervals.iter().find(|one| one.name == *name).ok_or_else(|| format!("no {name}"))?;
        let wanted = Interval { low: number(&wanted[0])?, high: number(&wanted[1])? };
        // Another generator of random numbers: the ends of 1,000 resamples move by a few hundredths of the width.
        let resampled = found.kind == "bootstrap";
        let tolerance = if resampled { 0.1 * (wanted.high - wanted.low) } else { EXACT };
        near(name, found.interval.low, wanted.low, tolerance)?;
        near(name, found.interval.high, wanted.high, tolerance)?;
    }
    let found = report.diagnostics.ok_or("no diagnostics")?;
    let of = &reference["diagnostics"];
    let pairs = [
        ("n", found.rows as f64),
        ("ess", found.effective_size),
        ("mean_w", found.mean_weight),
        ("max_w", found.largest_weight),
        ("share_w0", found.zero_share),
        ("mean_logged_reward", found.mean_logged_reward),
    ];
    pairs.into_iter().try_for_each(|(name, found)| near(name, found, number(&of[name])?, EXACT))
}

fn number(value: &Value) -> Result<f64, Failed> {
    Ok(value.as_f64().ok_or("no number")?)
}

/// Estimates and intervals over growing prefixes of the log.
fn vw_curve(folder: &Path) -> Result<(), Failed> {
    let rows = rows(folder)?;
    let reference = json(folder.join("vw_estimators.json"))?;
    let range = (number(&reference["rmin_rmax"][0])?, number(&reference["rmin_rmax"][1])?);
    let (mut sums, mut anytime, mut done) = (Weights::default(), Anytime::new(range), 0);
    for point in reference["curve"].as_array().ok_or("no curve")? {
        let n = point["n"].as_u64().ok_or("no n")? as usize;
        for row in &rows[done..n] {
            sums.add(row);
            anytime.add(row);
        }
        done = n;
        let value = |name: &str, found: Option<f64>| {
            near(&format!("{name} at {n}"), found.ok_or("no value")?, number(&point[name])?, EXACT)
        };
        value("cressieread", cressie_read(&sums))?;
        value("ips", Some(sums.wr.value() / n as f64))?;
        value("snips", Some(sums.wr.value() / sums.w.value()))?;
        if point.get("mle").is_some() {
            value("mle", empirical_likelihood(&rows[..n]))?;
        }
        let interval = |name: &str, found: Option<Interval>| -> Result<(), Failed> {
            let found = found.ok_or("no interval")?;
            near(&format!("{name} at {n}, low"), found.low, number(&point[name][0])?, EXACT)?;
            near(&format!("{name} at {n}, high"), found.high, number(&point[name][1])?, EXACT)
        };
        interval("ci_clopper_pearson", clopper_pearson(&sums, range, 0.05))?;
        interval("ci_cressieread", cressie_read_interval(&sums, range, 0.05))?;
        interval("ci_cs_anytime", anytime.interval(0.05))?;
    }
    Ok(())
}
