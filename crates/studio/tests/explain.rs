//! Stories of cells and steps of identities.

use std::fs;

use studio_api::*;

use crate::fixture::{EVENTS, Fixture, STREAMING};

fn explain(run: &RunId, table: &str, row: u64, field: &str) -> Explain {
    Explain { run: run.clone(), table: table.into(), row, field: field.into(), sort: None, filter: None }
}

fn steps(run: &RunId, identity: &str, from: u64, count: u32) -> ReadSteps {
    ReadSteps { run: run.clone(), identity: identity.into(), from, count }
}

/// The template with its sample, run.
fn offers(fixture: &Fixture) -> (ProjectId, RunId, RunSummary) {
    let project = fixture.call(OpenTemplate { template: "offer-ai".into() }).unwrap();
    let (run, events) = fixture.run(&project.id, vec![]).unwrap();
    match &events.last().unwrap().what {
        RunStep::Finished { summary } => (project.id, run, summary.clone()),
        other => panic!("{other:?}"),
    }
}

fn rows(fixture: &Fixture, run: &RunId, table: &str) -> Page {
    let read = ReadRows { run: run.clone(), table: table.into(), from: 0, count: 5_000, sort: None, filter: None };
    fixture.call(read).unwrap()
}

#[test]
fn a_cell_tells_the_events_that_made_it() {
    let fixture = Fixture::new();
    let (project, _) = fixture.project(&[("a.yaml", STREAMING), ("data/e.jsonl", EVENTS)]);
    let (run, _) = fixture.run(&project.id, vec![]).unwrap();
    let story = fixture.call(explain(&run, "player", 0, "games")).unwrap();
    assert_eq!((story.identity.as_str(), story.value.as_deref(), story.left_out), ("ada", Some("2"), 0));
    let lines: Vec<u64> = story.evaluations.iter().filter_map(|told| told.event.as_ref()).map(|at| at.line).collect();
    assert_eq!(lines, [1, 4]);
    let last = &story.evaluations[1];
    assert_eq!((last.outcome, last.before.as_deref(), last.after.as_deref()), (Outcome::Set, Some("1"), Some("2")));
    assert_eq!(last.reads, [("player.games".to_owned(), Some("1".to_owned()))]);
    let expression = story.expression.unwrap();
    assert_eq!((expression.document.as_str(), expression.text.as_str()), ("a.yaml", "player.games + 1"));
    assert_eq!(&STREAMING[expression.span.start as usize..expression.span.end as usize], "player.games + 1");

    let sorted = Explain {
        sort: Some(Sort { column: "games".into(), descending: false }),
        ..explain(&run, "player", 0, "games")
    };
    let other = fixture.call(sorted).unwrap();
    assert_eq!((other.identity.as_str(), other.row, other.value.as_deref()), ("bob", 1, Some("1")));
    let filtered = Explain { filter: Some("BOB".into()), ..explain(&run, "player", 0, "_identity") };
    assert_eq!(fixture.call(filtered).unwrap().value.as_deref(), Some("bob"));
}

#[test]
fn what_has_no_story_says_why() {
    let fixture = Fixture::new();
    let (project, root) = fixture.project(&[("a.yaml", STREAMING), ("data/e.jsonl", EVENTS)]);
    let (run, _) = fixture.run(&project.id, vec![]).unwrap();
    let refused = |command: Explain| fixture.call(command).unwrap_err();
    let typo = refused(explain(&run, "player", 0, "game"));
    assert_eq!(typo.code, ErrorCode::NotFound);
    assert!(typo.message.contains("did you mean \"games\"?"), "{}", typo.message);
    assert_eq!(refused(explain(&run, "unusable", 0, "line")).code, ErrorCode::Invalid);
    assert_eq!(refused(explain(&run, "player", 2, "games")).code, ErrorCode::NotFound);
    assert_eq!(refused(explain(&RunId("r99".into()), "player", 0, "games")).code, ErrorCode::Conflict);
    let nobody = fixture.call(steps(&run, "adda", 0, 1)).unwrap_err();
    assert!(nobody.message.contains("did you mean \"ada\"?"), "{}", nobody.message);

    fs::write(root.join("data/e.jsonl"), &EVENTS[1..]).unwrap();
    let changed = refused(explain(&run, "player", 0, "games"));
    assert_eq!(changed.code, ErrorCode::Conflict);
    assert!(changed.message.contains("data changed"), "{}", changed.message);
    assert_eq!(fixture.call(steps(&run, "ada", 0, 1)).unwrap_err().code, ErrorCode::Conflict);
}

#[test]
fn an_identity_is_told_step_by_step() {
    let fixture = Fixture::new();
    let (project, _) = fixture.project(&[("a.yaml", STREAMING), ("data/e.jsonl", EVENTS)]);
    let (run, _) = fixture.run(&project.id, vec![]).unwrap();
    let all = fixture.call(steps(&run, "ada", 0, 50)).unwrap();
    assert_eq!((all.total, all.steps.len()), (2, 2));
    let last = &all.steps[1];
    assert_eq!((last.event.nth, last.event.line, last.event.sample.as_str()), (1, 4, "e.jsonl"));
    let raw: serde_json::Value = serde_json::from_str(&last.raw).unwrap();
    assert_eq!(raw["at"], "2018-03-07T22:37:31+00:00");
    let games = last.records[0].fields.iter().find(|field| field.name == "games").unwrap();
    assert_eq!((games.before.as_deref(), games.after.as_deref()), (Some("1"), Some("2")));
    let one = fixture.call(steps(&run, "ada", 1, 1)).unwrap();
    assert_eq!((one.total, &one.steps[..]), (2, &all.steps[1..]));
    assert!(fixture.call(steps(&run, "ada", 7, 1)).unwrap().steps.is_empty());
    assert_eq!(fixture.call(steps(&run, "ada", 0, 51)).unwrap_err().code, ErrorCode::Invalid);
}

#[test]
fn every_cell_of_the_template_tells_its_value_and_its_blocks() {
    let fixture = Fixture::new();
    let (_, run, summary) = offers(&fixture);
    let mut blocks = 0;
    for table in &summary.tables {
        let page = rows(&fixture, &run, &table.name);
        let stride = (page.rows.len() / 3).max(1);
        for (row, cells) in page.rows.iter().enumerate().step_by(stride) {
            for (column, cell) in table.columns.iter().zip(cells) {
                let told = fixture.call(explain(&run, &table.name, row as u64, &column.name));
                if matches!(table.kind, TableKind::Unusable | TableKind::Dropped) {
                    assert_eq!(told.unwrap_err().code, ErrorCode::Invalid);
                    continue;
                }
                let story = told.unwrap();
                assert_eq!(&story.value, cell, "{} row {row} {}", table.name, column.name);
                assert!(!story.summary.is_empty());
                for block in story.window.iter().flat_map(|window| &window.members) {
                    blocks += 1;
                    let start = fixture.call(explain(&run, block.table.as_ref().unwrap(), block.row, "_start_time"));
                    assert_eq!(start.unwrap().value, block.start);
                }
            }
        }
    }
    assert!(blocks > 0);
}

#[test]
fn events_that_are_not_held_are_read_anew() {
    let fixture = Fixture::new();
    let (_, run, _) = offers(&fixture);
    let games = |run: &RunId| fixture.call(explain(run, "user", 3, "sessions")).unwrap();
    let held = games(&run);
    let stepped = fixture.call(steps(&run, &held.identity, 0, 5)).unwrap();
    // Another project's run takes the place of the events.
    let (project, _) = fixture.project(&[("a.yaml", STREAMING), ("data/e.jsonl", EVENTS)]);
    fixture.run(&project.id, vec![]).unwrap();
    assert_eq!(games(&run), held);
    assert_eq!(fixture.call(steps(&run, &held.identity, 0, 5)).unwrap(), stepped);
}
