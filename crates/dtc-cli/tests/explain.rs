//! `dtc explain`.

use crate::{EVENTS, Place, STREAMING, WINDOW};

/// A project's folder `p`.
fn project() -> Place {
    let place = Place::make();
    place.file("p/s.yaml", STREAMING);
    place.file("p/w.yaml", WINDOW);
    place.file("p/data/events.jsonl", EVENTS);
    place
}

fn explain(place: &Place, more: &[&str]) -> crate::Said {
    place.dtc(&[&["explain", "p"], more].concat())
}

#[test]
fn a_field_of_an_identity_is_told_with_its_fault() {
    let place = project();
    let told = explain(&place, &["--identity", "a", "--field", "games"]).succeeds().out.clone();
    assert!(told.starts_with("a: games = 1\ntable user, row 1\n"), "{told}");
    assert!(
        told.contains("Set by 1 of the 2 events that entered this record, last line 1 of p/data/events.jsonl."),
        "{told}"
    );
    assert!(told.contains("Value  user.games + 1  (p/s.yaml)"), "{told}");
    assert!(told.contains("2020-01-01T10:00:00+00:00  p/data/events.jsonl:1  0 → 1  [When true]"), "{told}");
    assert!(told.contains("source.event = \"end\""), "{told}");
    let failed = explain(&place, &["--identity", "a", "--field", "share"]).succeeds().out.clone();
    assert!(failed.contains("0.5  [FAILED: ZeroDivisionError: division by zero]"), "{failed}");
}

#[test]
fn a_window_value_is_told_with_its_blocks() {
    let place = project();
    let told = explain(&place, &["--identity", "a", "--field", "last.events"]).succeeds().out.clone();
    assert!(told.contains("a: last.events = 1"), "{told}");
    assert!(told.contains("the 1 block of session nearest before the anchor"), "{told}");
    assert!(told.contains("block  2020-01-01T10:00:00+00:00  session row 1  events = 1"), "{told}");
}

#[test]
fn a_record_is_chosen_by_key_or_time() {
    let place = project();
    let field = ["--identity", "a", "--field", "id", "--table", "session"];
    let last = explain(&place, &field);
    assert!(last.succeeds().out.starts_with("a: id = s2\n"), "{last:?}");
    assert!(last.err.contains("2 such rows"), "{last:?}");
    for choice in [["--key", "s1"], ["--at", "2020-01-01T10:00:00Z"]] {
        let said = explain(&place, &[&field[..], &choice].concat());
        assert!(said.succeeds().out.starts_with("a: id = s1\n"), "{said:?}");
    }
    explain(&place, &[&field[..], &["--key", "s9"]].concat()).fails(1, "a has no such row in session; there are");
    explain(&place, &[&field[..], &["--at", "noon"]].concat()).fails(2, "--at wants a time such as");
}

#[test]
fn the_story_is_json_too() {
    let place = project();
    let said = explain(&place, &["--identity", "a", "--field", "games", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&said.succeeds().out).unwrap();
    assert_eq!((&json["value"], &json["evaluations"][0]["after"]), (&"1".into(), &"1".into()));
    assert_eq!(json["evaluations"][1]["outcome"], "refused");
}

#[test]
fn inputs_are_named_as_for_transform() {
    let place = project();
    let said =
        place.dtc(&["explain", "--streaming", "p/s.yaml", "--source", "p/data", "--identity", "b", "--field", "games"]);
    assert!(said.succeeds().out.starts_with("b: games = 1\n"), "{said:?}");
}

#[test]
fn what_is_not_there_is_told_with_what_may_be_meant() {
    let place = project();
    let says = |more: &[&str], code: i32, message: &str| explain(&place, more).fails(code, message);
    says(&["--identity", "aa", "--field", "games"], 1, "no events of \"aa\"; did you mean \"a\"?");
    says(&["--identity", "a", "--field", "game"], 1, "did you mean \"games\"?");
    says(&["--identity", "a", "--field", "games", "--table", "usr"], 1, "did you mean \"user\"?");
    says(&["--identity", "a", "--field", "_identity"], 2, "choose with --table");
    place.dtc(&["explain", "--identity", "a", "--field", "games"]).fails(2, "name a project's folder");
    place.file("q/s.yaml", STREAMING);
    place.dtc(&["explain", "q", "--identity", "a", "--field", "games"]).fails(2, "no folder data");
}
