//! `dtc validate`.

use crate::{Place, STREAMING, WINDOW};

#[test]
fn valid_documents_exit_with_zero() {
    let place = Place::make();
    place.file("s.dtc.yaml", STREAMING);
    place.file("w.dtc.yaml", WINDOW);
    let said = place.dtc(&["validate", "s.dtc.yaml", "w.dtc.yaml"]);
    assert_eq!(said.succeeds().out, "s.dtc.yaml is valid\nw.dtc.yaml is valid\n");
    // A window document alone finds its streaming document beside it.
    assert_eq!(place.dtc(&["validate", "w.dtc.yaml"]).succeeds().out, "w.dtc.yaml is valid\n");
}

#[test]
fn without_files_every_document_of_the_folder_is_checked() {
    let place = Place::make();
    place.file("a.yml", STREAMING);
    place.file("w.yaml", WINDOW);
    place.file("compose.yaml", "services: {}\n");
    place.file("notes.txt", "no document");
    let said = place.dtc(&["validate"]);
    assert_eq!(said.succeeds().out, "a.yml is valid\nw.yaml is valid\n");
    assert_eq!(said.err, "note: compose.yaml has no `Type` and was left out\n");
    Place::make().dtc(&["validate"]).fails(2, "there are no documents");
}

#[test]
fn errors_are_shown_in_their_lines_and_exit_with_one() {
    let place = Place::make();
    place.file("s.yaml", STREAMING.replace("user.games + 1", "user.gamse + 1"));
    let said = place.dtc(&["validate", "s.yaml"]);
    said.fails(1, "s.yaml:16:");
    assert!(said.out.contains("Value: user.gamse + 1"), "{}", said.out);
    assert!(said.out.contains("error[DTC0404]"), "{}", said.out);
    assert!(said.out.ends_with("1 error, 0 warnings\n"), "{}", said.out);
}

#[test]
fn warnings_alone_exit_with_zero() {
    let place = Place::make();
    place.file("s.yaml", STREAMING.replace("Name: memory\n", "Name: memory\n    Colour: blue\n"));
    let said = place.dtc(&["validate", "s.yaml"]);
    assert!(said.succeeds().out.contains("warning[DTC0201]"), "{}", said.out);
}

#[test]
fn json_names_file_code_and_place() {
    let place = Place::make();
    place.file("s.yaml", STREAMING.replace("user.games + 1", "user.gamse + 1"));
    let said = place.dtc(&["validate", "--format", "json", "s.yaml", "missing.yaml"]);
    assert_eq!(said.code, 1);
    let report: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    assert_eq!(report["errors"], 2);
    let found = &report["files"][0]["diagnostics"][0];
    assert_eq!(
        (found["code"].as_str(), found["line"].as_u64(), found["severity"].as_str()),
        (Some("DTC0404"), Some(16), Some("error"))
    );
    assert_eq!(report["files"][0]["valid"], false);
    assert!(report["files"][1]["error"].as_str().unwrap().contains("missing.yaml: no such file or folder"));
}

#[test]
fn other_documents_of_the_call_are_known_to_a_window_document() {
    let place = Place::make();
    place.file("streams/s.yaml", STREAMING);
    place.file("windows/w.yaml", WINDOW);
    let alone = place.dtc(&["validate", "windows/w.yaml"]);
    assert!(alone.succeeds().out.contains("note[DTC0302]"), "{}", alone.out);
    for files in [["windows/w.yaml", "streams/s.yaml"], ["windows", "streams"]] {
        let both = place.dtc(&["validate", files[0], files[1]]);
        assert_eq!(both.succeeds().out, "windows/w.yaml is valid\nstreams/s.yaml is valid\n");
    }
}

#[test]
fn functions_beside_a_document_are_known_and_checked() {
    let place = Place::make();
    let document =
        STREAMING.replace("Identity:", "Import:\n  - Module: functions/price\n    Identifiers: [half]\nIdentity:");
    place.file("s.yaml", document.replace("1 / int(source.n)", "half(int(source.n))"));
    place.file("functions/price.rhai", "fn half(x) { x / 2.0 }\n");
    place.dtc(&["validate", "s.yaml"]).succeeds();
    place.file("functions/price.rhai", "fn half(x) {\n  x / \n}\n");
    place.dtc(&["validate", "s.yaml"]).fails(1, "price.rhai");
}

#[test]
fn bad_files_get_one_clear_message_each() {
    let place = Place::make();
    place.file("empty.yaml", "");
    place.dtc(&["validate", "empty.yaml"]).fails(1, "DTC0104");
    place.file("binary.yaml", [0u8, 1, 2, 255]);
    place.dtc(&["validate", "binary.yaml"]).fails(1, "binary.yaml is a binary file; a document is YAML text");
    place.file("latin.yaml", b"Name: \xe4\n");
    place.dtc(&["validate", "latin.yaml"]).fails(1, "is not UTF-8 text (byte 6)");
    place.file("tabs.yaml", "Type: ProductML:DTC:Streaming\nStores:\n\t- Name: x\n");
    place.dtc(&["validate", "tabs.yaml"]).fails(1, "DTC0102");
    place.file("twice.yaml", STREAMING.replace("Name: plays\n", "Name: plays\nName: again\n"));
    place.dtc(&["validate", "twice.yaml"]).fails(1, "DTC0108");
    place.file("type.yaml", STREAMING.replace("DTC:Streaming", "DTC:Straming"));
    place.dtc(&["validate", "type.yaml"]).fails(1, "DTC0204");
    place.dtc(&["validate", "nowhere/x.yaml"]).fails(1, "no such file or folder");
    place.dtc(&["validate", "empty.yaml/x.yaml"]).fails(1, "is a file; a folder is needed here");
}

#[test]
fn cures_are_written_when_asked_for() {
    let place = Place::make();
    place.file("a.yaml", STREAMING.replace("Type: ProductML:DTC:Streaming", "Tyoe: ProductML:DTC:Streeming"));
    place.dtc(&["validate", "a.yaml"]).fails(1, "Tyoe");
    let said = place.dtc(&["validate", "--fix", "a.yaml"]);
    assert!(said.succeeds().err.contains("fixed: a.yaml: "), "{}", said.err);
    assert_eq!(place.read("a.yaml"), STREAMING);
}

#[test]
fn an_alias_bomb_is_refused_at_once() {
    let place = Place::make();
    let mut bomb = String::from("Type: ProductML:DTC:Streaming\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..12 {
        let before = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{before}]\n"));
    }
    place.file("bomb.yaml", bomb);
    let started = std::time::Instant::now();
    place.dtc(&["validate", "bomb.yaml"]).fails(1, "DTC0105");
    assert!(started.elapsed().as_secs() < 10);
}

#[test]
fn a_line_of_one_hundred_megabytes_is_no_document() {
    let place = Place::make();
    place.file("long.yaml", "x".repeat(100 << 20));
    place.dtc(&["validate", "long.yaml"]).fails(1, "long.yaml is larger than 8 MiB");
    // Just below the limit the line is shown in part.
    place.file("long.yaml", format!("Type: {}\n", "x".repeat(7 << 20)));
    let said = place.dtc(&["validate", "long.yaml"]);
    said.fails(1, "DTC0204");
    assert!(said.out.len() < 10_000, "{} bytes printed", said.out.len());
}

#[test]
fn wrong_usage_exits_with_two() {
    let place = Place::make();
    place.dtc(&["validate", "--format", "xml"]).fails(2, "xml");
    place.dtc(&["nonsense"]).fails(2, "nonsense");
    place.dtc(&[]).fails(2, "Usage");
}
