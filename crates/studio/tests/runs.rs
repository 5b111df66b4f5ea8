//! Runs: events, rows, drafts, refusals, cancelling, replay.

use std::fs;

use studio_api::*;

use crate::fixture::{EVENTS, Fixture, STREAMING, next};

fn rows(fixture: &Fixture, run: &RunId, table: &str, change: impl FnOnce(&mut ReadRows)) -> Page {
    let mut read = ReadRows { run: run.clone(), table: table.into(), from: 0, count: 100, sort: None, filter: None };
    change(&mut read);
    fixture.call(read).unwrap()
}

fn summary(events: &[RunEvent]) -> &RunSummary {
    match &events.last().unwrap().what {
        RunStep::Finished { summary } => summary,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_run_reads_transforms_and_keeps_its_rows() {
    let fixture = Fixture::new();
    let (project, _) = fixture.project(&[("a.yaml", STREAMING), ("data/e.jsonl", EVENTS)]);
    let (run, events) = fixture.run(&project.id, vec![]).unwrap();
    assert!(events.iter().enumerate().all(|(index, event)| event.seq == index as u64 + 1));
    assert_eq!(events[0].what, RunStep::Started);
    let summary = summary(&events);
    assert_eq!((summary.events.as_str(), summary.identities.as_str(), summary.unusable.as_str()), ("3", "2", "2"));
    let tables: Vec<_> =
        summary.tables.iter().map(|table| (table.name.as_str(), table.kind, table.rows.as_str())).collect();
    assert_eq!(tables, [("player", TableKind::Identity, "2"), ("unusable", TableKind::Unusable, "2")]);

    let page =
        rows(&fixture, &run, "player", |read| read.sort = Some(Sort { column: "games".into(), descending: true }));
    let column = |name: &str| summary.tables[0].columns.iter().position(|column| column.name == name).unwrap();
    assert_eq!(page.total, 2);
    assert_eq!(page.rows[0][column("games")].as_deref(), Some("2"));
    let page = rows(&fixture, &run, "player", |read| read.filter = Some("BOB".into()));
    assert_eq!((page.total, page.rows.len()), (1, 1));
    let unusable = rows(&fixture, &run, "unusable", |_| {});
    assert_eq!(unusable.rows[0][0].as_deref(), Some("e.jsonl"));
    assert_eq!(unusable.rows[0][1].as_deref(), Some("3"));
    assert_eq!(unusable.rows[1][1].as_deref(), Some("5"));
}

#[test]
fn one_identity_can_be_looked_at() {
    let fixture = Fixture::new();
    let (project, _) = fixture.project(&[("a.yaml", STREAMING), ("data/e.jsonl", EVENTS)]);
    let (run, _) = fixture.run(&project.id, vec![]).unwrap();
    let all = rows(&fixture, &run, "player", |_| {});
    let identity = all.rows[1][0].clone().unwrap();
    let found = fixture.call(ReadIdentity { run: run.clone(), identity: identity.clone() }).unwrap();
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!((found[0].table.as_str(), found[0].rows, &found[0].cells), ("player", 1, &all.rows[1]));
    assert_eq!(found[0].columns[0], "_identity");
    assert!(fixture.call(ReadIdentity { run, identity: format!("{identity}?") }).unwrap().is_empty());
}

#[test]
fn a_late_listener_gets_what_it_missed() {
    let fixture = Fixture::new();
    let (project, _) = fixture.project(&[("a.yaml", STREAMING), ("data/e.jsonl", EVENTS)]);
    let (run, events) = fixture.run(&project.id, vec![]).unwrap();
    let mut feed = fixture.feed(WatchRun { run, after: 1 });
    let mut replayed = Vec::new();
    while let Some(event) = next::<RunEvent>(feed.as_mut()) {
        replayed.push(event);
    }
    assert_eq!(replayed, events[1..]);
}

#[test]
fn drafts_run_instead_of_files() {
    let fixture = Fixture::new();
    let (project, _) = fixture.project(&[("a.yaml", STREAMING), ("data/e.jsonl", EVENTS)]);
    let text = STREAMING.replace("player.games + 1", "player.games + 10");
    let (run, _) = fixture.run(&project.id, vec![Draft { document: "a.yaml".into(), text }]).unwrap();
    let page = rows(&fixture, &run, "player", |read| read.filter = Some("ada".into()));
    assert!(page.rows[0].contains(&Some("20".into())), "{page:?}");
    let stranger = Draft { document: "../x.yaml".into(), text: String::new() };
    assert_eq!(fixture.run(&project.id, vec![stranger]).unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn documents_with_errors_are_refused_with_them() {
    let fixture = Fixture::new();
    let (project, _) = fixture.project(&[("a.yaml", STREAMING), ("data/e.jsonl", EVENTS)]);
    let text = STREAMING.replace("player.games + 1", "player.gamez +");
    let error = fixture.run(&project.id, vec![Draft { document: "a.yaml".into(), text }]).unwrap_err();
    assert_eq!(error.code, ErrorCode::Invalid);
    assert!(
        !error.diagnostics.is_empty() && error.diagnostics.iter().all(|found| found.document == "a.yaml"),
        "{error:?}"
    );
}

#[test]
fn functions_of_the_project_are_callable_and_their_faults_are_placed() {
    let fixture = Fixture::new();
    let text = STREAMING
        .replace("Identity:", "Import:\n  - Module: functions/more\n    Identifiers: [plus]\nIdentity:")
        .replace("player.games + 1", "plus(player.games, 5)");
    let files =
        [("a.yaml", text.as_str()), ("functions/more.rhai", "fn plus(a, b) { a + b }"), ("data/e.jsonl", EVENTS)];
    let (project, _) = fixture.project(&files);
    let (run, _) = fixture.run(&project.id, vec![]).unwrap();
    let page = rows(&fixture, &run, "player", |read| read.filter = Some("ada".into()));
    assert!(page.rows[0].contains(&Some("10".into())), "{page:?}");

    let broken = Draft { document: "functions/more.rhai".into(), text: "fn plus(a, b {".into() };
    let error = fixture.run(&project.id, vec![broken]).unwrap_err();
    assert_eq!(error.diagnostics[0].document, "functions/more.rhai");
}

#[test]
fn changed_files_are_read_again() {
    let fixture = Fixture::new();
    let (project, root) = fixture.project(&[("a.yaml", STREAMING), ("data/e.jsonl", EVENTS)]);
    fixture.run(&project.id, vec![]).unwrap();
    let (_, events) = fixture.run(&project.id, vec![]).unwrap();
    assert_eq!(summary(&events).events, "3");
    let reading =
        |event: &RunEvent| matches!(&event.what, RunStep::Progress(progress) if progress.phase == RunPhase::Reading);
    assert!(!events.iter().any(reading), "the second run uses what the first one read");
    fs::write(root.join("data/e.jsonl"), format!("{EVENTS}{}", EVENTS.lines().next().unwrap())).unwrap();
    let (_, events) = fixture.run(&project.id, vec![]).unwrap();
    assert_eq!(summary(&events).events, "4");
}

#[test]
fn old_runs_make_room_but_the_last_finished_one_stays() {
    let fixture = Fixture::new();
    let (project, _) = fixture.project(&[("a.yaml", STREAMING), ("data/e.jsonl", EVENTS)]);
    let runs: Vec<_> = (0..3).map(|_| fixture.run(&project.id, vec![]).unwrap().0).collect();
    let read = |run: &RunId| {
        fixture.call(ReadRows { run: run.clone(), table: "player".into(), from: 0, count: 1, sort: None, filter: None })
    };
    assert_eq!(read(&runs[0]).unwrap_err().code, ErrorCode::NotFound);
    read(&runs[1]).unwrap();
    fixture.call(ForgetRun { run: runs[2].clone() }).unwrap();
    assert_eq!(read(&runs[2]).unwrap_err().code, ErrorCode::NotFound);
}

#[test]
fn a_cancelled_run_says_so() {
    let fixture = Fixture::new();
    let (project, root) = fixture.project(&[("a.yaml", STREAMING)]);
    fs::create_dir(root.join("data")).unwrap();
    let line = EVENTS.lines().next().unwrap();
    fs::write(root.join("data/e.jsonl"), format!("{line}\n").repeat(2_000_000)).unwrap();
    let start = StartRun { project: project.id, streaming: None, drafts: vec![], limit: None };
    let run = fixture.call(start).unwrap();
    fixture.call(CancelRun { run: run.clone() }).unwrap();
    let mut feed = fixture.feed(WatchRun { run, after: 0 });
    let mut last = None;
    while let Some(event) = next::<RunEvent>(feed.as_mut()) {
        last = Some(event.what);
    }
    assert_eq!(last, Some(RunStep::Cancelled));
}

#[test]
fn a_limit_ends_the_reading() {
    let fixture = Fixture::new();
    let (project, _) = fixture.project(&[("a.yaml", STREAMING), ("data/e.jsonl", EVENTS)]);
    let start = |limit: &str| StartRun {
        project: project.id.clone(),
        streaming: None,
        drafts: vec![],
        limit: Some(limit.into()),
    };
    let run = fixture.call(start("2")).unwrap();
    let mut feed = fixture.feed(WatchRun { run, after: 0 });
    let events: Vec<RunEvent> = std::iter::from_fn(|| next(feed.as_mut())).collect();
    assert_eq!(summary(&events).events, "2");
    assert_eq!(fixture.call(start("many")).unwrap_err().code, ErrorCode::Invalid);
}

#[test]
fn unreadable_samples_are_named_and_the_rest_runs() {
    let fixture = Fixture::new();
    let (project, root) = fixture.project(&[("a.yaml", STREAMING), ("data/e.jsonl", EVENTS), ("data/empty.json", "")]);
    fs::write(root.join("data/binary.json"), [0u8, 159, 146, 150, 0, 0, 1, 2].repeat(1_000)).unwrap();
    let (_, events) = fixture.run(&project.id, vec![]).unwrap();
    let summary = summary(&events);
    assert_eq!(summary.events, "3");
    assert!(summary.notices.iter().any(|notice| notice.contains("binary.json")), "{:?}", summary.notices);
}

#[test]
fn without_data_the_tables_are_empty() {
    let fixture = Fixture::new();
    let (project, _) = fixture.project(&[("a.yaml", STREAMING)]);
    let (run, events) = fixture.run(&project.id, vec![]).unwrap();
    assert_eq!(summary(&events).tables[0].rows, "0");
    assert_eq!(rows(&fixture, &run, "player", |_| {}).total, 0);
}

#[test]
fn foreign_yaml_does_not_stand_in_the_way() {
    let fixture = Fixture::new();
    let (project, root) = fixture.project(&[("a.yaml", STREAMING), ("data/e.jsonl", EVENTS)]);
    fs::write(root.join("foreign.yaml"), [0xff, 0xfe, 0x00]).unwrap();
    let (_, events) = fixture.run(&project.id, vec![]).unwrap();
    assert_eq!(summary(&events).events, "3");
}
