//! An attribution report from a document and events to its drawings, tables, files and journeys.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use studio_api::*;

use crate::fixture::Fixture;

const DOCUMENT: &str = "
Type: ProductML:DTC:Attribution
Version: '2018-03-01'
Name: credit
Identity: source.who
Time: parse_time(source.at)
Touch:
  When: source.what != 'order'
  Value: source.what
  Cost: source.cost
Conversion:
  When: source.what == 'order'
  Value: source.cost
Models: [first, last, linear, shapley, markov, 'markov:2', shapley_rate_per_journey, participation]
Doubt: {Replicates: 30, Splits: 3, Seed: 1}
";

/// Forty journeys over four touch points, every third of which converts; one order without a touch.
fn events() -> String {
    let names = ["ads", "mail", "search", "a <b>, \"c\""];
    let mut lines = Vec::new();
    for who in 0..40 {
        for touch in 0..=(who % 4) {
            let what = names[(who + touch * (1 + who % 3)) % 4].replace('"', "\\\"");
            let day = 1 + touch * 3;
            lines.push(format!(
                "{{\"who\": \"p{who}\", \"what\": \"{what}\", \"at\": \"2026-01-{day:02}T10:00:00Z\", \"cost\": 2}}"
            ));
        }
        if who % 3 == 0 {
            lines.push(format!(
                "{{\"who\": \"p{who}\", \"what\": \"order\", \"at\": \"2026-01-20T10:00:00Z\", \"cost\": {who}}}"
            ));
        }
    }
    lines.push("{\"who\": \"alone\", \"what\": \"order\", \"at\": \"2026-01-20T10:00:00Z\", \"cost\": 5}".to_owned());
    lines.join("\n")
}

fn report(fixture: &Fixture) -> AttributionReport {
    let events = events();
    let (project, _) = fixture.project(&[("credit.dtc.yaml", DOCUMENT), ("data/events.jsonl", &events)]);
    fixture.call(Attribute { project: project.id, document: None, drafts: vec![] }).unwrap()
}

#[test]
fn doubts_come_after_the_credits_and_take_nothing_away() {
    let fixture = Fixture::new();
    let credits = report(&fixture);
    assert!(credits.can_doubt && credits.doubt.is_none() && credits.has_journeys);
    assert_eq!((credits.totals.conversions, credits.totals.unattributed), (15.0, 1.0));
    assert_eq!(credits.totals.cost, Some(200.0));
    assert!(!credits.parts.iter().any(|info| info.part == ReportPart::Stability));
    let doubted = fixture.call(DoubtAttribution { report: credits.id.clone() }).unwrap();
    assert!(!doubted.can_doubt && doubted.doubt.as_ref().unwrap().replicates == 30);
    for (before, after) in credits.models.iter().zip(&doubted.models) {
        assert_eq!(before.conversions, after.conversions);
        let (stability, halves) = (after.stability.as_ref().unwrap(), after.halves.as_ref().unwrap());
        for places in &stability.places {
            assert!((places.iter().sum::<f64>() - 1.0).abs() < 1e-9, "a channel takes one rank in each replicate");
        }
        assert!(halves.splits > 0 && halves.one.len() == doubted.channels.len());
    }
    assert!(doubted.markov_order.is_some());
    let slugs: Vec<&str> = doubted.parts.iter().map(|info| info.slug.as_str()).collect();
    let all = [
        "credit",
        "spend",
        "paths",
        "transitions",
        "removal",
        "order",
        "touches",
        "days",
        "drop-off",
        "agreement",
        "stability",
        "ranks",
        "checks",
    ];
    assert_eq!(slugs, all);
}

#[test]
fn every_part_is_drawn_and_can_be_taken() {
    let fixture = Fixture::new();
    let id = report(&fixture).id;
    let report = fixture.call(DoubtAttribution { report: id.clone() }).unwrap();
    let take = |part| {
        let request = TakeReport { report: id.clone(), part, view: ReportView::default(), dark: true, ask: false };
        let file = fixture.call(request).unwrap().unwrap();
        (file.name, STANDARD.decode(file.base64.unwrap()).unwrap())
    };
    for view in [ReportView::default(), ReportView { value: true, normalised: true, ..ReportView::default() }] {
        for info in &report.parts {
            let request = DrawPart { report: id.clone(), part: info.part, view: view.clone(), width: 700 };
            let drawing = fixture.call(request).unwrap();
            assert_eq!(drawing.is_some(), info.has_chart, "{info:?}");
            if let Some(drawing) = drawing {
                assert!(drawing.svg.contains("\"var(--text-1)\"") && !drawing.svg.contains("#FE01"), "{info:?}");
                assert!(!drawing.marks.is_empty(), "{info:?}");
            }
            let table = fixture.call(ReadPart { report: id.clone(), part: info.part, view: view.clone() }).unwrap();
            assert!(!table.rows.is_empty(), "{info:?}");
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{info:?}: {table:?}");
        }
    }
    for info in report.parts.iter().filter(|info| info.has_chart) {
        let (name, svg) = take(Some((info.part, PartFormat::Svg)));
        assert!(name == format!("credit-{}.svg", info.slug) && svg.starts_with(b"<svg "), "{name}");
        assert!(take(Some((info.part, PartFormat::Png))).1.starts_with(b"\x89PNG"));
    }
    let (_, csv) = take(Some((ReportPart::Credit, PartFormat::Csv)));
    assert!(String::from_utf8(csv).unwrap().contains("\"a <b>, \"\"c\"\"\""));
    let (name, page) = take(None);
    let page = String::from_utf8(page).unwrap();
    assert_eq!(name, "credit-attribution.html");
    assert!(page.contains("a &lt;b&gt;, &quot;c&quot;") && !page.contains("a <b>"));
    let foreign = page.replace("http://www.w3.org/2000/svg", "");
    for fetched in ["http:", "https:", "src=", "url(", "@import", "<script", "<link"] {
        assert!(!foreign.contains(fetched), "the page opens without network: {fetched}");
    }
}

#[test]
fn a_credit_leads_to_its_journeys_and_they_sum_to_it() {
    let fixture = Fixture::new();
    let report = report(&fixture);
    for model in ["first", "last", "linear", "shapley", "participation"] {
        let credit = report.models.iter().find(|credit| credit.model == model).unwrap();
        for (place, channel) in report.channels.iter().enumerate() {
            let request = ReadJourneys {
                report: report.id.clone(),
                channel: Some(channel.name.clone()),
                model: Some(model.to_owned()),
                converted: true,
                from: 0,
                count: 500,
            };
            let page = fixture.call(request).unwrap();
            let lines: f64 = page.journeys.iter().map(|line| line.credit).sum();
            assert!(page.is_sum && page.total == page.journeys.len() as u64);
            assert!((page.sum - credit.conversions[place]).abs() < 1e-9, "{model}, {}: {page:?}", channel.name);
            assert!((lines - page.sum).abs() < 1e-9);
        }
    }
    let request = ReadJourneys {
        report: report.id.clone(),
        channel: None,
        model: Some("markov".to_owned()),
        converted: false,
        from: 38,
        count: 10,
    };
    let page = fixture.call(request).unwrap();
    assert!(!page.is_sum && page.total == 41 && page.journeys.len() == 3, "{page:?}");
    let story = fixture.call(ReadJourney { report: report.id.clone(), journey: 3 }).unwrap();
    assert_eq!((story.touches.len(), story.converted.is_some(), story.models.len()), (4, true, 8));
    for (place, model) in story.models.iter().enumerate().filter(|(_, model)| model.model != "participation") {
        let all: f64 = story.touches.iter().map(|touch| touch.shares[place]).sum();
        assert!((all - 1.0).abs() < 1e-9, "{model:?}");
    }
    assert_eq!(story.touches[0].hours_before, 19.0 * 24.0);
}

#[test]
fn a_model_that_cannot_run_is_named_and_the_others_stand() {
    let fixture = Fixture::new();
    let events = events();
    let document = DOCUMENT.replace("== 'order'", "== 'never'");
    let (project, _) = fixture.project(&[("credit.dtc.yaml", &document), ("data/events.jsonl", &events)]);
    let report = fixture.call(Attribute { project: project.id, document: None, drafts: vec![] }).unwrap();
    let unable: Vec<&str> = report.unable.iter().map(|unable| unable.model.as_str()).collect();
    assert!(unable.contains(&"markov") && report.models.iter().any(|model| model.model == "linear"), "{unable:?}");
    let view = ReportView::default();
    for info in &report.parts {
        fixture.call(DrawPart { report: report.id.clone(), part: info.part, view: view.clone(), width: 500 }).unwrap();
    }
    let request = TakeReport { report: report.id, part: None, view, dark: false, ask: false };
    let page = STANDARD.decode(fixture.call(request).unwrap().unwrap().base64.unwrap()).unwrap();
    assert!(String::from_utf8(page).unwrap().contains("markov gives nothing"));
}

#[test]
fn what_is_not_there_is_told() {
    let fixture = Fixture::new();
    let report = report(&fixture);
    let gone = fixture.call(DoubtAttribution { report: ReportId("a99".to_owned()) }).unwrap_err();
    assert!(gone.code == ErrorCode::NotFound && gone.message.contains("again"), "{gone}");
    assert_eq!(
        fixture.call(ReadJourney { report: report.id.clone(), journey: 41 }).unwrap_err().code,
        ErrorCode::NotFound
    );
    let request = ReadJourneys {
        report: report.id,
        channel: Some("radio".to_owned()),
        model: None,
        converted: true,
        from: 0,
        count: 1,
    };
    assert_eq!(fixture.call(request).unwrap_err().code, ErrorCode::NotFound);
}

/// What a report is compared with, and the report then.
fn beside(fixture: &Fixture, report: &AttributionReport, with: RunSource) -> RunComparison {
    let request = CompareRuns { report: report.id.clone(), with: Some(with), drafts: vec![] };
    let compared = fixture.call(request).unwrap();
    assert!(compared.parts.iter().any(|info| info.slug == "changes"));
    compared.comparison.unwrap()
}

#[test]
fn a_report_stands_beside_what_was_shown_before_a_saved_run_and_another_document() {
    let fixture = Fixture::new();
    let (events, late) = (events(), DOCUMENT.replace("Models:", "Journeys: {LookbackDays: 12}\nModels:"));
    let short = DOCUMENT.replace("[first, last, linear,", "[last,");
    let files =
        [("credit.dtc.yaml", DOCUMENT), ("late.dtc.yaml", late.as_str()), ("data/events.jsonl", events.as_str())];
    let (project, root) = fixture.project(&files);
    let attribute = |text: &str| {
        let drafts = vec![Draft { document: "credit.dtc.yaml".to_owned(), text: text.to_owned() }];
        let document = Some("credit.dtc.yaml".to_owned());
        fixture.call(Attribute { project: project.id.clone(), document, drafts }).unwrap()
    };
    let before = attribute(DOCUMENT);
    let kept = fixture.call(SaveRun { report: before.id.clone(), name: "first of all".to_owned() }).unwrap();
    assert_eq!(kept.source, RunSource::Saved("first of all.json".to_owned()));
    let twice = fixture.call(SaveRun { report: before.id.clone(), name: "first of all".to_owned() }).unwrap_err();
    let outside = fixture.call(SaveRun { report: before.id.clone(), name: "../x".to_owned() }).unwrap_err();
    assert_eq!((twice.code, outside.code), (ErrorCode::Conflict, ErrorCode::Invalid));
    let text = std::fs::read_to_string(root.join("runs/first of all.json")).unwrap();
    assert!(text.contains("\"markov_order2_loopsTrue\"") && text.contains("\"reconciliation\""), "{text}");

    let now = attribute(&short);
    std::fs::write(root.join("runs/notes.json"), "{}").unwrap();
    let runs = fixture.call(ListRuns { report: now.id.clone() }).unwrap();
    let sources: Vec<RunSource> = runs.iter().map(|run| run.source.clone()).collect();
    let document = RunSource::Document("late.dtc.yaml".to_owned());
    assert_eq!(sources, [RunSource::Shown(before.id.clone()), kept.source.clone(), document.clone()]);
    assert_eq!(runs[0].counts, Some((41.0, 15.0)));

    let earlier = beside(&fixture, &now, RunSource::Shown(before.id.clone()));
    assert_eq!(earlier.alone, (vec!["first".to_owned(), "linear".to_owned()], vec![]));
    let same = |changes: &[Change]| changes.iter().all(|change| (change.now - change.before).abs() < 1e-9);
    assert!(earlier.models.iter().all(|model| same(&model.share) && same(&model.value)), "{earlier:?}");
    let saved = beside(&fixture, &now, kept.source);
    assert_eq!((&saved.name, saved.models.len()), (&"first of all".to_owned(), earlier.models.len()));
    assert!(earlier.made.is_some() && (&earlier.made, &saved.made) == (&runs[0].made, &runs[1].made), "{saved:?}");
    assert!(saved.models.iter().all(|model| same(&model.share) && same(&model.conversions)), "{saved:?}");
    assert!(saved.models.iter().flat_map(|model| &model.share).all(|change| change.clear.is_none()), "no chance");

    // With a short lookback the first touches of long journeys are gone.
    let other = beside(&fixture, &now, document);
    assert_eq!(other.made, None);
    let last = other.models.iter().find(|model| model.model == "last").unwrap();
    let linear = other.models.iter().find(|model| model.model == "shapley").unwrap();
    assert!(!same(&linear.share) && last.share.len() == other.channels.len(), "{other:?}");
    let doubted = fixture.call(DoubtAttribution { report: now.id.clone() }).unwrap();
    assert_eq!(doubted.comparison.as_ref().map(|found| &found.name), Some(&"late.dtc.yaml".to_owned()));
    let alone = fixture.call(CompareRuns { report: now.id.clone(), with: None, drafts: vec![] }).unwrap();
    assert!(
        alone.comparison.is_none() && alone.doubt.is_some() && alone.parts.iter().all(|info| info.slug != "changes")
    );
    for source in [RunSource::Saved("notes.json".to_owned()), RunSource::Saved("../credit.dtc.yaml".to_owned())] {
        let request = CompareRuns { report: now.id.clone(), with: Some(source), drafts: vec![] };
        assert!(matches!(fixture.call(request).unwrap_err().code, ErrorCode::Invalid | ErrorCode::NotFound));
    }
}

#[test]
fn changes_removal_and_order_are_parts_as_the_others() {
    let fixture = Fixture::new();
    let events = events();
    let document = DOCUMENT.replace("markov, 'markov:2'", "markov, 'markov:auto'");
    let (project, _) = fixture.project(&[("credit.dtc.yaml", &document), ("data/events.jsonl", &events)]);
    let attribute = Attribute { project: project.id, document: None, drafts: vec![] };
    let report = fixture.call(attribute).unwrap();
    fixture.call(SaveRun { report: report.id.clone(), name: "now".to_owned() }).unwrap();
    let doubted = fixture.call(DoubtAttribution { report: report.id.clone() }).unwrap();
    let chosen = doubted.markov_order.as_ref().unwrap().chosen;
    let auto = doubted.models.iter().find(|model| model.model == "markov:auto").unwrap();
    assert_eq!(auto.order, Some(chosen));
    let with = Some(RunSource::Saved("now.json".to_owned()));
    fixture.call(CompareRuns { report: report.id.clone(), with, drafts: vec![] }).unwrap();
    let read = |part: ReportPart, view: ReportView| {
        let table = fixture.call(ReadPart { report: report.id.clone(), part, view: view.clone() }).unwrap();
        let request = DrawPart { report: report.id.clone(), part, view, width: 700 };
        let drawing = fixture.call(request).unwrap().unwrap();
        (table, drawing)
    };
    let (table, drawing) = read(ReportPart::Removal, ReportView::default());
    assert_eq!((table.columns.len(), table.rows.len()), (5, 4));
    assert_eq!(table.columns[3].name, format!("markov:auto (order {chosen})"));
    assert!(drawing.marks[0].lines.iter().any(|(name, _)| *name == table.columns[3].name), "{:?}", drawing.marks[0]);
    let (table, drawing) = read(ReportPart::Order, ReportView::default());
    assert!(table.rows.len() == 5 && drawing.svg.contains(&format!("order {chosen}, chosen")), "{table:?}");
    for view in [ReportView::default(), ReportView { value: true, normalised: true, ..ReportView::default() }] {
        let (table, drawing) = read(ReportPart::Changes, view);
        assert!(table.rows.len() >= 4 && table.rows.iter().all(|row| row.len() == table.columns.len()), "{table:?}");
        assert!(drawing.marks[0].lines.iter().any(|(name, _)| name == "in now"), "{:?}", drawing.marks[0]);
    }
}
