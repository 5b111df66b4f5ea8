//! Drawings compared byte for byte with `golden/*.svg` (`UPDATE=1` writes them), and hostile data that
//! must still give a drawing or none, never a panic.

use std::path::Path;

use charts::{
    Axis, Chart, ColumnChart, CreditChart, Dot, DotChart, FlowChart, FlowKind, FlowLink, FlowNode, HeatChart,
    HistogramChart, IntervalChart, IntervalRow, Line, LineChart, LinePoint, ShareChart, SharePoint, Style, columns,
    credit, credit_height, dots, dots_height, flow, heat, heat_height, histogram, intervals, intervals_height, lines,
    shares,
};

fn light() -> Style {
    let series = ["#0b62b0", "#c2570c", "#0f7b6c", "#8a3ea8", "#6b6f76", "#a3124a", "#7a6a00"];
    style("#ffffff", "#1b1f24", "#5c6470", "#e3e6ea", &series)
}

fn dark() -> Style {
    let series = ["#58a6ff", "#f0883e", "#3fc6ad", "#c98be0", "#9aa4b2", "#f07aa5", "#d8c14a"];
    style("#14171c", "#e6e9ee", "#9099a6", "#2a2f37", &series)
}

fn style(background: &str, text: &str, dim_text: &str, grid: &str, series: &[&str]) -> Style {
    Style {
        background: background.into(),
        text: text.into(),
        dim_text: dim_text.into(),
        grid: grid.into(),
        series: series.iter().map(|color| color.to_string()).collect(),
        font_family: "system-ui, sans-serif".into(),
        font_size: 12,
    }
}

fn offers() -> CreditChart {
    let names = ["daily_deal", "spring_sale", "weekend_special", "vip_bundle", "coin_doubler", "starter_pack"];
    let credit = [[52.0, 31.0], [41.0, 66.0], [38.0, 29.5], [12.0, 17.0], [9.0, 14.25], [30.0, 2.0]];
    let touch_points = names.iter().zip(credit).map(|(name, credit)| (name.to_string(), credit.to_vec())).collect();
    CreditChart { models: vec!["first".into(), "last".into()], touch_points, ..CreditChart::default() }
}

fn many() -> CreditChart {
    let touch_point = |n: usize| {
        let name =
            if n == 2 { "a campaign <with> a \"very\" long name & more".to_string() } else { format!("channel {n}") };
        (name, vec![4000.0 / (n + 1) as f64, 150.0 * n as f64, if n == 3 { f64::NAN } else { 1234.5 }])
    };
    CreditChart {
        models: vec!["first".into(), "last".into(), "linear".into()],
        touch_points: (0..30).map(touch_point).collect(),
        ..CreditChart::default()
    }
}

/// A mean that settles, with an interval that narrows.
fn settling(count: u64) -> LineChart {
    let point = |n: u64| {
        let x = n as f64;
        let mean = 0.6 + 0.9 / x.sqrt() * (x / 37.0).sin() + 0.1 * (x / 700.0).sin();
        let half = 1.96 * 1.4 / x.sqrt();
        let bound = |value: f64| (n > 1).then_some(value);
        LinePoint {
            x,
            y: mean,
            low: bound(mean - half),
            high: bound(mean + half),
            title: format!("day {}", n / 100),
            n,
        }
    };
    LineChart {
        label: "average reward so far".into(),
        axis: Axis::Count("decisions".into()),
        lines: vec![Line { name: "mean".into(), color: 0, points: (1..=count).map(point).collect() }],
    }
}

/// Three policies over a day, of which two end close together and one begins later.
fn course() -> LineChart {
    let line = |(color, name, level, from): (usize, &str, f64, u64)| {
        let point = |hour: u64| {
            let x = hour as f64;
            let (y, half) = (level + 0.2 * (x / 3.0).sin() / (1.0 + x), 0.5 / (1.0 + x).sqrt());
            let title = format!("until {hour}:00");
            LinePoint { x: x * 3.6e6, y, low: Some(y - half), high: Some(y + half), title, n: 40 * (hour + 1) }
        };
        Line { name: name.into(), color, points: (from..24).map(point).collect() }
    };
    let lines =
        [(0, "logged", 0.31, 0), (1, "always the one with a long name that has no room", 0.42, 0), (2, "new", 0.43, 6)];
    LineChart {
        label: "average reward so far, 95 % interval".into(),
        axis: Axis::Time("00:00".into(), "24:00".into()),
        lines: lines.map(line).to_vec(),
    }
}

fn windows() -> LineChart {
    let named = [(5e3, "5 s"), (1e4, "10 s"), (6e4, "1 min"), (6e5, "10 min"), (3.6e6, "1 h")];
    let mut data = course();
    for line in &mut data.lines {
        line.points.truncate(named.len());
        line.points.iter_mut().zip(named).for_each(|(point, (x, _))| point.x = x);
    }
    data.axis = Axis::Power(named.map(|(x, name)| (x, name.to_owned())).to_vec());
    data
}

fn estimators() -> IntervalChart {
    let row = |(name, value): (&str, f64)| IntervalRow {
        name: name.into(),
        color: 1,
        value: Ok(value),
        intervals: vec![
            ("normal".into(), value - 0.05, value + 0.05),
            ("empirical_bernstein".into(), value - 0.2, value + 0.2),
        ],
    };
    let mut rows: Vec<IntervalRow> = [("ipw", 0.41), ("snipw", 0.43), ("dr", 0.44)].map(row).to_vec();
    rows.push(IntervalRow { name: "dm".into(), color: 1, value: Ok(0.4), intervals: Vec::new() });
    let reason =
        "refused: One row carries 93 % of all weight: the answer is that row's reward. Look at its probability.";
    rows.push(IntervalRow { name: "rm".into(), color: 1, value: Err(reason.into()), intervals: Vec::new() });
    IntervalChart { label: "average reward".into(), rows, reference: Some(("logged".into(), 0.31)) }
}

fn delays() -> ColumnChart {
    let columns = [("≥ 1 s", 210.0), ("≥ 2 s", 480.0), ("≥ 4 s", 0.0), ("≥ 8 s", 75.0), ("≥ 16 s", 4.0)];
    ColumnChart {
        label: "rewards by delay".into(),
        columns: columns.map(|(name, count)| (name.to_owned(), count)).to_vec(),
        color: 2,
        measure: "rewards".into(),
        unit: String::new(),
        marks: vec![("median 2.4 s".into(), 1.26), ("95 % within 9 s".into(), 3.17)],
    }
}

fn actions(points: usize) -> ShareChart {
    let point = |at: usize| {
        let x = at as f64;
        SharePoint { title: format!("until {at}:00"), sizes: vec![40.0, 30.0 + 10.0 * (x / 2.0).sin(), 0.5 * x, 0.2] }
    };
    ShareChart {
        label: "share of decisions".into(),
        names: ["bonus", "gift", "a name that has no room at all beside it", "rare"].map(str::to_owned).to_vec(),
        points: (0..points).map(point).collect(),
        ends: ("00:00".into(), format!("{points}:00")),
    }
}

fn check(name: &str, chart: Option<Chart>) {
    let chart = chart.expect("there is something to draw");
    let mut text = chart.svg.clone();
    for hit in &chart.hits {
        let (left, top, width, height) = hit.area;
        assert!(width >= 0.0 && height > 0.0 && left >= 0.0 && top >= 0.0, "{hit:?}");
        assert!(
            left + width <= f64::from(chart.width) + 0.1 && top + height <= f64::from(chart.height) + 0.1,
            "{hit:?}"
        );
    }
    // A few hits are enough to see the map; a curve has one per pixel.
    for hit in chart.hits.iter().step_by(chart.hits.len().div_ceil(12).max(1)) {
        text.push_str(&format!("<!-- {:.1?} at {:.1?}: {} {:?} -->\n", hit.area, hit.anchor, hit.title, hit.lines));
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/{name}.svg"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).expect("the golden folder can be written");
        return;
    }
    let wanted = std::fs::read_to_string(&path).expect("a golden drawing; UPDATE=1 writes it");
    assert!(wanted == text, "{name} is drawn differently; look at it, then UPDATE=1");
}

#[test]
fn credit_of_offers() {
    check("credit_light", credit(&offers(), &light(), 760, 360));
    check("credit_dark", credit(&offers(), &dark(), 760, 360));
}

#[test]
fn credit_of_many_channels() {
    check("credit_many", credit(&many(), &light(), 760, credit_height(&many(), &light())));
    check("credit_cramped", credit(&many(), &light(), 480, 280));
}

#[test]
fn curves_of_one_and_of_several() {
    check("lines_settling_light", lines(&settling(1800), &light(), 760, 320));
    check("lines_settling_dark", lines(&settling(1800), &dark(), 760, 320));
    check("lines_three", lines(&settling(3), &light(), 480, 240));
    check("lines_one", lines(&settling(1), &light(), 480, 240));
    check("lines_time_light", lines(&course(), &light(), 760, 300));
    check("lines_time_dark", lines(&course(), &dark(), 420, 240));
    check("lines_power", lines(&windows(), &light(), 760, 300));
}

#[test]
fn a_curve_has_a_hit_for_each_pixel() {
    let chart = lines(&settling(1800), &light(), 760, 320).expect("there is something to draw");
    let wide = chart.hits.iter().filter(|hit| hit.area.2 > 2.5).count();
    assert!((500..=760).contains(&chart.hits.len()) && wide == 0, "{} hits, {wide} wide", chart.hits.len());
    let gaps = chart.hits.windows(2).filter(|pair| (pair[0].area.0 + pair[0].area.2 - pair[1].area.0).abs() > 1e-6);
    assert_eq!(gaps.count(), 0);
    let last = chart.hits.last().expect("a hit");
    assert!(last.lines[0].1.ends_with("n 1,800"), "the last hit is the last point: {last:?}");
}

#[test]
fn estimates_beside_each_other() {
    check("intervals_light", intervals(&estimators(), &light(), 760, intervals_height(&estimators(), &light())));
    check("intervals_dark", intervals(&estimators(), &dark(), 420, 200));
}

#[test]
fn how_often_and_how_much() {
    check("columns_light", columns(&delays(), &light(), 760, 220));
    check("columns_dark", columns(&delays(), &dark(), 300, 180));
    check("shares_light", shares(&actions(24), &light(), 760, 220));
    check("shares_one", shares(&actions(1), &dark(), 420, 200));
}

/// The offers with intervals, as shares.
fn doubted() -> CreditChart {
    let mut data = offers();
    data.percent = true;
    data.heading = "share of conversions".into();
    for (_, credit) in &mut data.touch_points {
        credit.iter_mut().for_each(|credit| *credit /= 182.0);
    }
    let bound = |credit: &f64| Some((credit * 0.8, credit * 1.3));
    data.bounds = data.touch_points.iter().map(|(_, credit)| credit.iter().map(bound).collect()).collect();
    data
}

fn steps(rows: usize) -> HeatChart {
    let cell = |row: usize, column: usize| (column != row).then(|| ((row * 7 + column * 3) % 11) as f64 / 11.0);
    HeatChart {
        heading: "likelihood of the next step".into(),
        rows: (0..rows).map(|row| format!("channel {row}")).collect(),
        columns: (0..rows).map(|column| format!("to {column}")).collect(),
        values: (0..rows).map(|row| (0..rows).map(|column| cell(row, column)).collect()).collect(),
        largest: 1.0,
        percent: true,
        between: "to".into(),
        measure: "likelihood".into(),
    }
}

fn correlations() -> HeatChart {
    let names: Vec<String> = ["first", "last", "markov"].iter().map(|name| name.to_string()).collect();
    let values = [[1.0, 0.82, -0.3], [0.82, 1.0, 0.4], [-0.3, 0.4, 1.0]];
    HeatChart {
        heading: "rank correlation".into(),
        rows: names.clone(),
        columns: names,
        values: values.iter().map(|line| line.iter().map(|value| Some(*value)).collect()).collect(),
        largest: 1.0,
        ..HeatChart::default()
    }
}

fn days() -> HistogramChart {
    let bin = |place: usize| {
        let end = (place < 15).then_some((place + 1) as f64 * 2.0);
        (place as f64 * 2.0, end, if end.is_none() { 30.0 } else { (400.0 / (place + 1) as f64).round() })
    };
    HistogramChart {
        heading: "conversions".into(),
        bins: (0..16).map(bin).collect(),
        percentiles: vec![("median".into(), 5.2), ("90 % within".into(), 19.0), ("95 % within".into(), 44.0)],
        unit: "days".into(),
        measure: "conversions".into(),
        whole: false,
    }
}

fn stable() -> DotChart {
    let dot = |value: f64| Dot {
        value,
        low: Some(value * 0.8),
        high: Some(value * 1.25),
        marks: vec![value * 0.93, value * 1.06],
    };
    let rows = ["search", "a campaign with a name that has no room", "mail"].iter().enumerate();
    DotChart {
        heading: "share of conversions by".into(),
        series: vec!["first".into(), "last".into()],
        rows: rows.map(|(place, name)| (name.to_string(), vec![dot(0.4 / (place + 1) as f64), dot(0.2)])).collect(),
        band: "95 % interval".into(),
        marks: vec!["one half".into(), "other half".into()],
        percent: true,
    }
}

fn followers() -> FlowChart {
    let node = |name: &str, size: f64, kind| FlowNode { name: name.into(), size, kind };
    let link = |column, from, to, size| FlowLink { column, from, to, size };
    FlowChart {
        titles: ["first touch", "second", "then"].iter().map(|title| title.to_string()).collect(),
        columns: vec![
            vec![node("search <1>", 60.0, FlowKind::Series(0)), node("mail", 40.0, FlowKind::Series(1))],
            vec![
                node("search <1>", 20.0, FlowKind::Series(0)),
                node("mail", 30.0, FlowKind::Series(1)),
                node("converted", 35.0, FlowKind::Good),
                node("dropped off", 15.0, FlowKind::Quiet),
            ],
            vec![node("converted", 32.0, FlowKind::Good), node("dropped off", 18.0, FlowKind::Quiet)],
        ],
        links: vec![
            link(0, 0, 0, 10.0),
            link(0, 0, 1, 15.0),
            link(0, 0, 2, 25.0),
            link(0, 0, 3, 10.0),
            link(0, 1, 0, 10.0),
            link(0, 1, 1, 15.0),
            link(0, 1, 2, 10.0),
            link(0, 1, 3, 5.0),
            link(1, 0, 0, 12.0),
            link(1, 0, 1, 8.0),
            link(1, 1, 0, 20.0),
            link(1, 1, 1, 10.0),
        ],
        measure: "journeys".into(),
    }
}

#[test]
fn credit_with_intervals() {
    check("credit_doubted", credit(&doubted(), &light(), 760, 360));
    let mut one = doubted();
    one.models.truncate(1);
    check("credit_one", credit(&one, &dark(), 760, 360));
}

#[test]
fn matrices() {
    check("heat_light", heat(&steps(6), &light(), 760, heat_height(&steps(6), &light())));
    check("heat_cramped", heat(&steps(40), &dark(), 480, 300));
    check("heat_correlations", heat(&correlations(), &dark(), 480, heat_height(&correlations(), &dark())));
}

#[test]
fn sizes_and_their_percentiles() {
    check("histogram_light", histogram(&days(), &light(), 760, 300));
    check("histogram_narrow", histogram(&days(), &dark(), 300, 220));
}

#[test]
fn numbers_with_their_doubt() {
    check("dots_light", dots(&stable(), &light(), 760, dots_height(&stable(), &light())));
    check("dots_dark", dots(&stable(), &dark(), 480, 240));
}

#[test]
fn who_follows_whom() {
    check("flow_light", flow(&followers(), &light(), 760, 360));
    check("flow_dark", flow(&followers(), &dark(), 420, 240));
}

#[test]
fn hostile_matrices_and_flows() {
    let numbers = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, -0.0, -3.0, 1e-300, 1e18];
    for a in numbers {
        for b in numbers {
            let heats = HeatChart { values: vec![vec![Some(a), Some(b)], vec![None]], largest: b, ..steps(3) };
            let bins = HistogramChart {
                bins: vec![(a, Some(b), 2.0), (b, None, a), (0.0, Some(a), b)],
                percentiles: vec![("p".into(), a), ("q".into(), b)],
                ..days()
            };
            let mut odd = stable();
            odd.rows[0].1[0] = Dot { value: a, low: Some(b), high: Some(a), marks: vec![b, a] };
            let mut flows = followers();
            flows.columns[0][0].size = a;
            flows.links[0] = FlowLink { column: 9, from: 9, to: 9, size: a };
            flows.links[1].size = b;
            for (width, height) in [(0, 0), (400, 300)] {
                let drawn = [
                    heat(&heats, &light(), width, height),
                    histogram(&bins, &light(), width, height),
                    dots(&odd, &light(), width, height),
                    flow(&flows, &light(), width, height),
                ];
                drawn.iter().flatten().for_each(sound);
            }
        }
    }
    assert_eq!(heat(&HeatChart::default(), &light(), 400, 300), None);
    assert_eq!(histogram(&HistogramChart::default(), &light(), 400, 300), None);
    assert_eq!(dots(&DotChart::default(), &light(), 400, 300), None);
    assert_eq!(flow(&FlowChart::default(), &light(), 400, 300), None);
}

#[test]
fn nothing_to_draw() {
    let models = vec!["first".to_string()];
    assert_eq!(credit(&CreditChart { models: models.clone(), ..CreditChart::default() }, &light(), 500, 300), None);
    let unnamed = CreditChart { touch_points: vec![("a".into(), vec![])], ..CreditChart::default() };
    assert_eq!(credit(&unnamed, &light(), 500, 300), None);
    let mut only_nan = settling(3);
    only_nan.lines[0].points.iter_mut().for_each(|point| point.y = f64::NAN);
    assert_eq!(lines(&only_nan, &light(), 500, 300), None);
    assert_eq!(lines(&settling(0), &light(), 500, 300), None);
    assert_eq!(intervals(&IntervalChart { rows: Vec::new(), ..estimators() }, &light(), 500, 300), None);
    assert_eq!(columns(&ColumnChart::default(), &light(), 500, 300), None);
    assert_eq!(shares(&actions(0), &light(), 500, 300), None);
}

#[test]
fn hostile_numbers_and_sizes() {
    let numbers =
        [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, f64::MAX, f64::MIN, f64::MIN_POSITIVE, -0.0, -3.0, 1e-300, 1e18];
    for a in numbers {
        for b in numbers {
            let data = CreditChart {
                models: vec!["m".into(), "n".into()],
                touch_points: vec![("\u{0}<&\u{202e}".into(), vec![a, b]), (String::new(), vec![b])],
                bounds: vec![vec![Some((b, a)), None]],
                ..CreditChart::default()
            };
            let chart = credit(&data, &light(), 300, 200).expect("touch points are drawn whatever their credit");
            sound(&chart);
            let point = |n: u64, y, low, high| LinePoint {
                x: n as f64,
                y,
                low: Some(low),
                high: Some(high),
                title: "\u{1b}[0m".into(),
                n,
            };
            let points = vec![
                point(u64::MAX, a, b, a),
                point(0, b, a, b),
                point(1, b, a, a),
                point(20, a, a, b),
                point(u64::MAX, 0.0, a, b),
            ];
            let line = Line { name: "\u{1b}<".into(), color: 99, points };
            let axes = [
                Axis::Count("n".into()),
                Axis::Time("<".into(), "\u{0}".into()),
                Axis::Power(vec![(a, "a".into()), (b, "b".into())]),
            ];
            let row = |value| IntervalRow { name: "<".into(), color: 9, value, intervals: vec![("k".into(), a, b)] };
            let rows = vec![row(Ok(a)), row(Ok(b)), row(Err("\u{1b}<".into()))];
            let rows = IntervalChart { label: "l".into(), rows, reference: Some(("r".into(), a)) };
            let bars = ColumnChart {
                columns: vec![("<".into(), a), ("b".into(), b), ("c".into(), 1.0)],
                marks: vec![("m".into(), a), ("<".into(), b)],
                ..delays()
            };
            let mut parts = actions(3);
            parts.points[1].sizes = vec![a, b];
            for (width, height) in [(0, 0), (300, 200), (u32::MAX, 1)] {
                for axis in axes.clone() {
                    let data = LineChart { label: "<".into(), axis, lines: vec![line.clone(), line.clone()] };
                    lines(&data, &light(), width, height).iter().for_each(sound);
                }
                sound(&intervals(&rows, &light(), width, height).expect("rows are drawn whatever they hold"));
                columns(&bars, &light(), width, height).iter().for_each(sound);
                shares(&parts, &light(), width, height).iter().for_each(sound);
            }
        }
    }
    let mut odd = light();
    odd.series.clear();
    odd.font_size = 0;
    odd.background = "transparent".into();
    odd.font_family = "\"><script>".into();
    sound(&credit(&offers(), &odd, 1, 1).expect("odd styles are no reason not to draw"));
    sound(&lines(&settling(100), &odd, 1, 1).expect("odd styles are no reason not to draw"));
}

/// Well-formed enough: no numbers that are none, no mark-up from data, all tags closed.
fn sound(chart: &Chart) {
    assert!(!chart.svg.contains("NaN") && !chart.svg.contains("inf"), "{}", chart.svg);
    assert!(!chart.svg.contains("<script") && !chart.svg.contains('\u{0}') && !chart.svg.contains('\u{1b}'));
    assert!(chart.svg.trim_end().ends_with("</svg>") && chart.svg.starts_with("<svg "));
    for hit in &chart.hits {
        assert!(hit.anchor.0.is_finite() && hit.anchor.1.is_finite() && hit.area.2 >= 0.0, "{hit:?}");
    }
}
