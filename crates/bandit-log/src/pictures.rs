//! What evaluations look like: the figures of the page and of the stand-alone report.

use bandit::evaluate::{BinPoint, Diagnostics, Question, Verdict};
use charts::page::{Part, html};
use charts::table::{Cell, Table};
use charts::{
    Axis, ColumnChart, Drawing, Figure, IntervalChart, IntervalRow, Line, LineChart, LinePoint, ShareChart, SharePoint,
    number,
};
use dtc_expr::DateTime;

use crate::evaluation::Evaluation;
use crate::log::Log;
use crate::sensitivity::WindowPoint;

/// Curves are by the first of these that the question asks for.
const CURVES: [&str; 3] = ["snipw", "ipw", "dr"];
/// Fewer effective rows than these are no point of a curve.
const LEAST_EFFECTIVE: f64 = 5.0;
/// Bins of a windowed curve.
const WINDOW: i64 = 6;
/// Points of a curve.
const MOST_BINS: i64 = 200;
/// Actions that are told apart; the rest is one.
const MOST_ACTIONS: usize = 6;
/// Lines that are told of one by one.
const MOST_FAULTS: usize = 5;

/// All figures, those first that say most.
pub fn figures(log: &Log, evaluations: &[Evaluation], windows: &[WindowPoint], question: &Question) -> Vec<Figure> {
    let mut figures = Vec::new();
    figures.extend(values(evaluations));
    figures.extend(curve(evaluations, question, Course::Cumulative));
    figures.extend(curve(evaluations, question, Course::Windowed));
    figures.extend(evaluations.iter().enumerate().map(|(place, one)| estimators(place, one)));
    figures.extend(sensitivity(windows, evaluations));
    figures.extend(evaluations.iter().enumerate().filter_map(|(place, one)| weights(place, one)));
    figures.extend(delays(log));
    figures.extend(shares(log));
    figures
}

fn refused(evaluation: &Evaluation) -> Option<String> {
    evaluation.report.refused.first().cloned()
}

/// Each policy by one estimator, beside what was logged.
fn values(evaluations: &[Evaluation]) -> Option<Figure> {
    let row = |(color, one): (usize, &Evaluation)| {
        let estimates = &one.report.estimates;
        let best = ["dr", "snipw", "ipw"]
            .into_iter()
            .find_map(|name| estimates.iter().find(|estimate| estimate.name == name && estimate.value.is_ok()));
        let value = match best {
            Some(estimate) => estimate.value.clone(),
            None => Err(refused(one).unwrap_or_else(|| "no estimator can answer".to_owned())),
        };
        let own =
            one.report.intervals.iter().filter(|interval| Some(&interval.estimator) == best.map(|best| &best.name));
        let own = own.filter(|interval| interval.kind == "normal" || interval.kind == "bootstrap");
        let name = match best {
            Some(best) => format!("{} ({})", one.policy, best.name),
            None => one.policy.clone(),
        };
        let intervals = own.map(|one| (one.kind.to_owned(), one.interval.low, one.interval.high)).collect();
        IntervalRow { name, color, value, intervals }
    };
    let rows: Vec<IntervalRow> = evaluations.iter().enumerate().map(row).collect();
    let diagnostics = evaluations.iter().find_map(|one| one.report.diagnostics);
    let reference = diagnostics.map(|found| ("logged".to_owned(), found.mean_logged_reward));
    (!rows.is_empty()).then(|| Figure {
        id: "values".into(),
        title: "What each policy is worth".into(),
        note: "Average reward of a decision, doubly robust where a model of the reward can be fitted, else self-normalised. \
               Bars: normal and bootstrap intervals."
            .into(),
        drawing: Drawing::Intervals(IntervalChart { label: "average reward".into(), rows, reference }),
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Course {
    Cumulative,
    Windowed,
}

fn curve(evaluations: &[Evaluation], question: &Question, course: Course) -> Option<Figure> {
    let estimator = CURVES.iter().find_map(|name| question.estimators.iter().position(|one| one.name == **name))?;
    let timed = evaluations.iter().all(|one| one.kept.is_timed);
    let times = widening(evaluations);
    let mut ends: Option<(i64, i64)> = None;
    let mut lines = Vec::new();
    for (color, one) in evaluations.iter().enumerate().filter(|(_, one)| refused(one).is_none()) {
        let points = match course {
            Course::Cumulative => one.kept.bins.widened(times).cumulative(estimator, question.miss),
            Course::Windowed => one.kept.bins.widened(times).windowed(estimator, WINDOW, question.miss),
        };
        if let (Some(earliest), Some(latest)) = (points.first(), points.last()) {
            let (first, last) = ends.unwrap_or((earliest.end, latest.end));
            ends = Some((first.min(earliest.end), last.max(latest.end)));
        }
        let points = points.iter().filter(|point| point.effective >= LEAST_EFFECTIVE);
        let points = points.filter_map(|point| line_point(point, timed)).collect();
        lines.push(Line { name: one.policy.clone(), color, points });
    }
    let (first, last) = ends?;
    let axis = match timed {
        true => Axis::Time(moment(first), moment(last)),
        false => Axis::Count("decisions".into()),
    };
    let (id, title, label) = match course {
        Course::Cumulative => ("cumulative", "Average reward so far", "average reward so far, 95 % interval"),
        Course::Windowed => {
            ("windowed", "Average reward of late", "average reward of the last six bins, 95 % interval")
        }
    };
    let name = match question.estimators[estimator].name.as_str() {
        "snipw" => "SNIPS",
        "ipw" => "IPS",
        _ => "DR",
    };
    Some(Figure {
        id: id.into(),
        title: title.into(),
        note: format!("By {name}. Points of fewer than {LEAST_EFFECTIVE} effective decisions are left out."),
        drawing: Drawing::Lines(LineChart { label: label.into(), axis, lines }),
    })
}

/// How many bins become one so that a curve has no more points than can be told apart.
fn widening(evaluations: &[Evaluation]) -> i64 {
    let bins = |one: &Evaluation| {
        let (start, end) = one.kept.bins.extent()?;
        Some(end.saturating_sub(start) / one.kept.bins.width().max(1))
    };
    let most = evaluations.iter().filter_map(bins).max().unwrap_or_default();
    (most + MOST_BINS - 1) / MOST_BINS
}

fn line_point(point: &BinPoint, timed: bool) -> Option<LinePoint> {
    Some(LinePoint {
        x: point.end as f64,
        y: point.value?,
        low: point.interval.map(|interval| interval.low),
        high: point.interval.map(|interval| interval.high),
        title: if timed {
            format!("until {}", moment(point.end))
        } else {
            format!("{} decisions", number(point.end as f64))
        },
        n: point.rows,
    })
}

fn estimators(place: usize, one: &Evaluation) -> Figure {
    let rows = one.report.estimates.iter().map(|estimate| {
        let own = one.report.intervals.iter().filter(|interval| interval.estimator == estimate.name);
        let intervals = own.map(|one| (one.kind.to_owned(), one.interval.low, one.interval.high)).collect();
        IntervalRow { name: estimate.name.clone(), color: place, value: estimate.value.clone(), intervals }
    });
    let rows = without_repeats(rows.collect());
    let reference = one.report.diagnostics.map(|found| ("logged".to_owned(), found.mean_logged_reward));
    Figure {
        id: format!("estimators-{}", place + 1),
        title: format!("Estimators of policy {}", one.policy),
        note: "Estimators that agree are worth more than one that is sure. Bars: all intervals of an estimator.".into(),
        drawing: Drawing::Intervals(IntervalChart { label: "average reward".into(), rows, reference }),
    }
}

/// Those that have no answer for the same reason stand together, below the others.
fn without_repeats(rows: Vec<IntervalRow>) -> Vec<IntervalRow> {
    let (mut kept, unable): (Vec<IntervalRow>, Vec<IntervalRow>) = rows.into_iter().partition(|row| row.value.is_ok());
    for row in unable {
        match kept.iter_mut().find(|known| known.value == row.value && known.value.is_err()) {
            Some(known) => known.name = format!("{}, {}", known.name, row.name),
            None => kept.push(row),
        }
    }
    kept
}

fn sensitivity(windows: &[WindowPoint], evaluations: &[Evaluation]) -> Option<Figure> {
    let lines = evaluations.iter().enumerate().map(|(color, one)| {
        let own = windows.iter().filter(|point| point.policy == one.policy);
        let points = own.filter_map(|point| {
            Some(LinePoint {
                x: point.window_ms as f64,
                y: point.value?,
                low: point.interval.map(|interval| interval.low),
                high: point.interval.map(|interval| interval.high),
                title: format!("window {}, {:.1} % with a reward", duration(point.window_ms), point.rewarded * 100.0),
                n: point.decisions,
            })
        });
        Line { name: one.policy.clone(), color, points: points.collect() }
    });
    let lines: Vec<Line> = lines.collect();
    if lines.iter().all(|line| line.points.is_empty()) {
        return None;
    }
    let mut named: Vec<(f64, String)> =
        windows.iter().map(|point| (point.window_ms as f64, duration(point.window_ms))).collect();
    named.sort_by(|a, b| a.0.total_cmp(&b.0));
    named.dedup();
    Some(Figure {
        id: "windows".into(),
        title: "How much the answer hangs on the window".into(),
        note: "The log joined again at each window. Where the order of policies changes with it, the window decides."
            .into(),
        drawing: Drawing::Lines(LineChart {
            label: "average reward by window, 95 % interval".into(),
            axis: Axis::Power(named),
            lines,
        }),
    })
}

/// Bins of weights: 0, then by powers of two.
fn weights(place: usize, one: &Evaluation) -> Option<Figure> {
    const POWERS: std::ops::RangeInclusive<i32> = -4..=8;
    let mut columns: Vec<(String, f64)> = vec![("0".into(), 0.0)];
    columns.push((format!("< {}", number(2f64.powi(*POWERS.start()))), 0.0));
    columns.extend(POWERS.map(|power| (format!("≥ {}", number(2f64.powi(power))), 0.0)));
    for weight in &one.weights {
        let column = match *weight {
            0.0 => 0,
            weight => {
                let power = weight.log2().floor().clamp(f64::from(*POWERS.start() - 1), f64::from(*POWERS.end()));
                (power as i32 - *POWERS.start() + 2) as usize
            }
        };
        columns[column].1 += 1.0;
    }
    let filled = |(_, count): &(String, f64)| *count > 0.0;
    let (first, last) = (columns.iter().position(filled)?, columns.iter().rposition(filled)?);
    // All alike, as those of the logged policy: nothing to see.
    if first == last && one.weights.iter().all(|weight| *weight == one.weights[0]) {
        return None;
    }
    let columns = columns[first..=last].to_vec();
    Some(Figure {
        id: format!("weights-{}", place + 1),
        title: format!("Weights of policy {}", one.policy),
        note:
            "How much more often than logged the policy takes what was taken. Many at 0 and a few large ones: the log \
               tells little."
                .into(),
        drawing: Drawing::Columns(ColumnChart {
            label: "decisions by weight".into(),
            columns,
            color: place,
            measure: "decisions".into(),
            ..ColumnChart::default()
        }),
    })
}

/// Delays of rewards, by powers of two of a second.
fn delays(log: &Log) -> Option<Figure> {
    let delays: Vec<f64> = log.decisions.iter().filter_map(|decision| decision.delay_ms).map(|ms| ms as f64).collect();
    if delays.is_empty() {
        return None;
    }
    let power = |ms: f64| (ms.max(62.5) / 1_000.0).log2().floor() as i32;
    let last = delays.iter().map(|ms| power(*ms)).max().unwrap_or_default();
    let first = delays.iter().map(|ms| power(*ms)).min().unwrap_or_default();
    let name = |at: i32| format!("≥ {}", duration((2f64.powi(at) * 1_000.0) as i64));
    let mut columns: Vec<(String, f64)> = (first..=last).map(|at| (name(at), 0.0)).collect();
    delays.iter().for_each(|ms| columns[(power(*ms) - first) as usize].1 += 1.0);
    let mut sorted = delays.clone();
    sorted.sort_by(f64::total_cmp);
    let mark = |(name, part): (&str, f64)| {
        let ms = sorted[((sorted.len() - 1) as f64 * part).round() as usize];
        let place = (ms.max(62.5) / 1_000.0).log2() - f64::from(first);
        (format!("{name} {}", duration(ms as i64)), place)
    };
    let marks = [("median", 0.5), ("95 % within", 0.95)].map(mark).to_vec();
    let share = delays.len() as f64 / log.decisions.len() as f64 * 100.0;
    Some(Figure {
        id: "delays".into(),
        title: "How long rewards take".into(),
        note: format!("{share:.1} % of decisions have a reward in time."),
        drawing: Drawing::Columns(ColumnChart {
            label: "rewards by delay".into(),
            columns,
            measure: "rewards".into(),
            marks,
            ..ColumnChart::default()
        }),
    })
}

/// Which actions were taken, over time.
fn shares(log: &Log) -> Option<Figure> {
    const BINS: usize = 48;
    if log.decisions.is_empty() || log.actions.len() < 2 {
        return None;
    }
    let mut totals = vec![0u64; log.actions.len()];
    log.decisions.iter().for_each(|decision| totals[decision.action] += 1);
    let mut order: Vec<usize> = (0..totals.len()).collect();
    order.sort_by_key(|action| std::cmp::Reverse(totals[*action]));
    let shown = if order.len() > MOST_ACTIONS + 1 { MOST_ACTIONS } else { order.len() };
    let mut place = vec![shown; totals.len()];
    order[..shown].iter().enumerate().for_each(|(at, action)| place[*action] = at);
    let mut names: Vec<String> = order[..shown].iter().map(|action| log.actions[*action].clone()).collect();
    if shown < order.len() {
        names.push(format!("{} others", order.len() - shown));
    }
    let mut ordered: Vec<usize> = (0..log.decisions.len()).collect();
    ordered.sort_by_key(|at| log.decisions[*at].time_ms.unwrap_or_default());
    let timed = log.is_timed();
    let size = ordered.len().div_ceil(BINS).max(1);
    let title = |at: usize| match log.decisions[ordered[at]].time_ms.filter(|_| timed) {
        Some(time) => moment(time),
        None => format!("{} decisions", number((at + 1) as f64)),
    };
    let point = |(bin, chunk): (usize, &[usize])| {
        let mut sizes = vec![0.0; names.len()];
        chunk.iter().for_each(|at| sizes[place[log.decisions[*at].action]] += 1.0);
        SharePoint { title: format!("until {}", title(bin * size + chunk.len() - 1)), sizes }
    };
    let points = ordered.chunks(size).enumerate().map(point).collect();
    Some(Figure {
        id: "actions".into(),
        title: "Which actions were taken".into(),
        note: String::new(),
        drawing: Drawing::Shares(ShareChart {
            label: "share of decisions".into(),
            names,
            points,
            ends: (title(0), title(ordered.len() - 1)),
        }),
    })
}

/// The stand-alone report. Of bins alone the log is empty.
pub fn report(log: &Log, evaluations: &[Evaluation], windows: &[WindowPoint], question: &Question) -> String {
    let mut parts = match log.files.is_empty() {
        true => vec![Part::Facts(facts_of_bins(evaluations))],
        false => vec![Part::Facts(facts(log)), Part::Text(described(log))],
    };
    let notice = |text: String| Part::Notice { text, refused: false };
    parts.extend(log.faults.iter().take(MOST_FAULTS).map(|fault| notice(fault.to_string())));
    if log.unusable > MOST_FAULTS as u64 {
        parts.push(notice(format!("{} lines could not be used.", number(log.unusable as f64))));
    }
    for one in evaluations {
        for guard in one.report.guards.iter().filter(|guard| guard.verdict != Verdict::Fine) {
            let refused = guard.verdict == Verdict::Refused;
            parts.push(Part::Notice { text: format!("{}: {}", one.policy, guard.reason), refused });
        }
    }
    parts.push(Part::Table(policies(evaluations)));
    let figures = figures(log, evaluations, windows, question);
    parts.extend(figures.iter().filter_map(Figure::section).map(Part::Section));
    html("What policies are worth", &parts)
}

fn described(log: &Log) -> String {
    let files: Vec<String> =
        log.files.iter().zip(&log.layouts).map(|(file, layout)| format!("{file} ({layout})")).collect();
    files.join(", ")
}

/// Of bins there is no more to tell.
fn facts_of_bins(evaluations: &[Evaluation]) -> Vec<(String, String)> {
    let Some(found) = evaluations.iter().find_map(|one| one.report.diagnostics) else { return Vec::new() };
    let logs = evaluations.first().map_or(0, |one| one.kept.logs.len());
    let facts = [("Logs", logs as f64), ("Decisions", found.rows as f64), ("Average reward", found.mean_logged_reward)];
    facts.map(|(name, value)| (name.to_owned(), number(value))).to_vec()
}

fn facts(log: &Log) -> Vec<(String, String)> {
    let fact = |name: &str, value: f64| (name.to_owned(), number(value));
    let count = log.decisions.len().max(1) as f64;
    let mean = log.decisions.iter().map(|decision| decision.reward).sum::<f64>() / count;
    let mut facts = vec![
        fact("Decisions", log.decisions.len() as f64),
        fact("Actions", log.actions.len() as f64),
        fact("Average reward", mean),
        fact("Unusable lines", log.unusable as f64),
    ];
    facts.extend(log.set_aside.iter().map(|(kind, count)| fact(kind, *count as f64)));
    if let Some(joined) = &log.joined {
        facts.extend([
            fact("With a reward", joined.joined as f64),
            fact("Overridden", joined.overridden as f64),
            fact("Late rewards", joined.late_rewards as f64),
        ]);
    }
    facts
}

fn policies(evaluations: &[Evaluation]) -> Table {
    let mut table = Table::new("Policy");
    for name in ["IPS", "SNIPS", "DR", "Effective rows", "Largest weight", "Mean weight"] {
        table.number(name);
    }
    table.text("Answer");
    let row = |one: &Evaluation| {
        let value = |name: &str| {
            let found = one.report.estimates.iter().find(|estimate| estimate.name == name);
            Cell::number(found.and_then(|estimate| estimate.value.clone().ok()))
        };
        let told = |of: fn(&Diagnostics) -> f64| Cell::number(one.report.diagnostics.as_ref().map(of));
        let doubtful = one.report.guards.iter().any(|guard| guard.verdict == Verdict::Doubtful);
        let answer = match (refused(one).is_some(), doubtful) {
            (true, _) => "refused",
            (false, true) => "in doubt",
            (false, false) => "given",
        };
        vec![
            Cell::Text(one.policy.clone()),
            value("ipw"),
            value("snipw"),
            value("dr"),
            told(|found| found.effective_size),
            told(|found| found.largest_weight),
            told(|found| found.mean_weight),
            Cell::Text(answer.to_owned()),
        ]
    };
    table.rows = evaluations.iter().map(row).collect();
    table
}

fn moment(millis: i64) -> String {
    let text = DateTime { micros: millis.saturating_mul(1_000), offset: Some(0) }.isoformat();
    // Up to the minute, which is what a bin is about.
    let text = text.get(..16).unwrap_or(&text).replace('T', " ");
    format!("{text} UTC")
}

fn duration(millis: i64) -> String {
    let seconds = millis as f64 / 1_000.0;
    match seconds {
        _ if seconds < 1.0 => format!("{millis} ms"),
        _ if seconds < 60.0 => format!("{} s", number(seconds)),
        _ if seconds < 3_600.0 => format!("{} min", number((seconds / 6.0).round() / 10.0)),
        _ => format!("{} h", number((seconds / 360.0).round() / 10.0)),
    }
}
