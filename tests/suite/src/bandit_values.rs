//! Off-policy estimates against the logs under `../shared/data/bandit`: `reference.json` (numpy formulas, equal to
//! obp's) and `vw_estimators.json` (curves of vw-estimators); and what bandit's guards refuse.

use std::path::{Path, PathBuf};

use bandit::evaluate::anytime::Anytime;
use bandit::evaluate::{
    Bootstrap, Estimator, Interval, Model, Question, Row, Weights, clopper_pearson, cressie_read,
    cressie_read_interval, empirical_likelihood, evaluate, of_name,
};
use bandit_log::{Ask, Log, Policy, PolicyTable, ReadOptions, read};
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
        trials.extend([of("estimates", estimates), of("obp", obp), of("vw_curve", vw_curve), of("log", log)]);
        if path.join("action_dist.csv").exists() {
            trials.push(of("policy_of_a_table", policy_of_a_table));
        }
        if path.join("vw.json").exists() {
            trials.extend([of("policy_of_a_file", policy_of_a_file), of("dsjson", dsjson)]);
        }
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
        Ok(Row { model, ..Row::new(reward, logged, evaluated) })
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
    let mut resampled = Vec::new();
    for (name, wanted) in reference["ci"].as_object().ok_or("no intervals")? {
        let found = report.intervals.iter().find(|one| one.name == *name).ok_or_else(|| format!("no {name}"))?;
        let wanted = Interval { low: number(&wanted[0])?, high: number(&wanted[1])? };
        if found.kind == "bootstrap" {
            resampled.push((found.estimator.clone(), wanted));
            continue;
        }
        near(name, found.interval.low, wanted.low, EXACT)?;
        near(name, found.interval.high, wanted.high, EXACT)?;
    }
    bootstraps(&rows, &resampled)?;
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

/// The reference's bootstrap drew 1,000 resamples with a generator of its own, so that each of its ends is one draw of a
/// random number. Ours are drawn again with other seeds: of how these scatter follows how far apart two draws may be.
fn bootstraps(rows: &[Row], wanted: &[(String, Interval)]) -> Result<(), Failed> {
    const SEEDS: u64 = 16;
    /// Standard errors; 16 draws tell theirs to a fifth, so that a true end is further away once in ten thousand times.
    const ERRORS: f64 = 5.0;
    let estimators: Option<Vec<Estimator>> = wanted.iter().map(|(name, _)| of_name(name)).collect();
    let estimators = estimators.ok_or("an unknown estimator")?;
    let drawn: Vec<&Estimator> = estimators.iter().collect();
    let runs: Vec<Bootstrap> = (1..=SEEDS).map(|seed| Bootstrap::of(rows, &drawn, 1_000, seed)).collect();
    for (place, (name, wanted)) in wanted.iter().enumerate() {
        let ends: Option<Vec<Interval>> = runs.iter().map(|run| run.interval(place, 0.05)).collect();
        let ends = ends.ok_or("no interval")?;
        let of = |what: &str, end: fn(&Interval) -> f64| -> Result<(), Failed> {
            let count = SEEDS as f64;
            let mean = ends.iter().map(end).sum::<f64>() / count;
            let variance = ends.iter().map(|one| (end(one) - mean).powi(2)).sum::<f64>() / (count - 1.0);
            let tolerance = ERRORS * (variance * (1.0 + 1.0 / count)).sqrt();
            near(&format!("{name} bootstrap, {what} (tolerance {tolerance:e})"), mean, end(wanted), tolerance)
        };
        of("low", |interval| interval.low)?;
        of("high", |interval| interval.high)?;
    }
    Ok(())
}

fn number(value: &Value) -> Result<f64, Failed> {
    Ok(value.as_f64().ok_or("no number")?)
}

/// What obp itself says, and with the λ that it chose. Of policies that are not certain its replay says 0, and ours that
/// it cannot know.
fn obp(folder: &Path) -> Result<(), Failed> {
    let rows = rows(folder)?;
    for (name, wanted) in json(folder.join("obp.json"))?["estimates"].as_object().ok_or("no estimates")? {
        let (name, wanted) = match name.split_once("_tuned") {
            None => (name.clone(), wanted),
            Some((family, _)) => {
                let lambda = wanted["best_lambda"].as_str().ok_or("no λ")?;
                (format!("{family}_{}{lambda}", if family == "ipw" { "clip" } else { "" }), &wanted["value"])
            }
        };
        let estimators = vec![of_name(&name).ok_or_else(|| format!("no estimator {name}"))?];
        let report = evaluate(&rows, &Question { estimators, resamples: 0, ..Question::default() });
        match (&report.estimates[0].value, name.as_str()) {
            (Ok(found), _) => near(&name, *found, number(wanted)?, EXACT)?,
            (Err(reason), "rm") if reason.contains("for certain") => {}
            (Err(reason), _) => return Err(format!("{name}: {reason}").into()),
        }
    }
    Ok(())
}

/// Probabilities by action and position, as a file of a policy: its weights are those of the log's own column.
fn policy_of_a_table(folder: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(folder.join("action_dist.csv"))?;
    let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<&str>>());
    let header = lines.next().ok_or("no header")?;
    let mut table = "position,action,probability\n".to_owned();
    for cells in lines {
        for (position, p) in header.iter().zip(&cells).skip(1) {
            table.push_str(&format!("{position},{},{p}\n", cells[0]));
        }
    }
    let place = tempfile::tempdir()?;
    let path = place.path().join("policy.csv");
    std::fs::write(&path, table)?;
    let table = PolicyTable::read(&path).map_err(|error| error.to_string())?;
    let found = worth(&read_log(&folder.join("log.csv"))?, &Policy::table("table", table))?;
    let wanted = &json(folder.join("reference.json"))?["estimates"];
    for name in ["ipw", "snipw", "ipw_clip10", "ipw_clip2", "sg-ipw_0.1"] {
        let (_, value) = found.iter().find(|(known, _)| known == name).ok_or("no estimate")?;
        near(name, *value, number(&wanted[name])?, EXACT)?;
    }
    Ok(())
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

fn read_log(path: &Path) -> Result<Log, Failed> {
    Ok(read(&[path.to_owned()], &ReadOptions::default())?)
}

/// Estimates of a policy over a log, by name.
fn worth(log: &Log, policy: &Policy) -> Result<Vec<(String, f64)>, Failed> {
    let question = Question { resamples: 1, ..Question::default() };
    let found = bandit_log::evaluate(log, policy, &Ask { question: &question, model_by: &[], bin: None });
    let report = found.map_err(|error| error.to_string())?.report;
    Ok(report.estimates.into_iter().filter_map(|one| Some((one.name, one.value.ok()?))).collect())
}

/// The reference's own numbers out of the log's readers and the policy that its column holds.
fn log(folder: &Path) -> Result<(), Failed> {
    let log = read_log(&folder.join("log.csv"))?;
    let found = worth(&log, &Policy::column("pi_e"))?;
    for (name, wanted) in json(folder.join("reference.json"))?["estimates"].as_object().ok_or("no estimates")? {
        let (_, value) = found.iter().find(|(known, _)| known == name).ok_or_else(|| format!("no {name}"))?;
        near(name, *value, number(wanted)?, EXACT)?;
    }
    Ok(())
}

/// A policy that takes one action for certain, as a file with a row for each decision.
fn policy_of_a_file(folder: &Path) -> Result<(), Failed> {
    let log = read_log(&folder.join("log.csv"))?;
    let place = tempfile::tempdir()?;
    let table = place.path().join("policy.csv");
    let text = std::fs::read_to_string(folder.join("det_policy.csv"))?;
    std::fs::write(&table, text.replacen("det_policy_action", "action", 1))?;
    let table = PolicyTable::read(&table).map_err(|error| error.to_string())?;
    let found = worth(&log, &Policy::table("certain", table))?;
    let wanted = &json(folder.join("vw.json"))?["reference_det_policy"];
    for (name, theirs) in [("ipw", "ips"), ("snipw", "snips")] {
        let (_, value) = found.iter().find(|(known, _)| known == name).ok_or("no estimate")?;
        near(name, *value, number(&wanted[theirs])?, EXACT)?;
    }
    let (_, ips) = &found[found.iter().position(|(known, _)| known == "ipw").ok_or("no ipw")?];
    let loss = number(&json(folder.join("vw.json"))?["runs"]["cb10_eval_ips"]["average_loss"])?;
    near("VW's average loss, six digits", *ips, -loss, 1e-6)?;
    // A model fitted on this log alone brings what is unbiased nearer to the truth than three of its errors.
    let (_, robust) = found.iter().find(|(known, _)| known == "dr").ok_or("no estimate")?;
    near("dr against the truth", *robust, number(&wanted["truth"])?, 0.015)
}

/// The lines of VW's log are the table's first rows, to the nine digits that they hold.
fn dsjson(folder: &Path) -> Result<(), Failed> {
    let (lines, table) = (read_log(&folder.join("log-first-2000.dsjson"))?, read_log(&folder.join("log.csv"))?);
    if lines.decisions.len() != 2_000 || lines.unusable > 0 {
        return Err(format!("{} decisions, {:?}", lines.decisions.len(), lines.faults).into());
    }
    for (place, (line, row)) in lines.decisions.iter().zip(&table.decisions).enumerate() {
        let (id, action) = (&lines.actions[line.action], &table.actions[row.action]);
        if id.parse::<i64>()? != action.parse::<i64>()? + 1 {
            return Err(format!("line {place}: action {id}, in the table {action}").into());
        }
        near("probability", line.probability, row.probability, 1e-9)?;
        near("reward", line.reward, row.reward, 0.0)?;
    }
    Ok(())
}
