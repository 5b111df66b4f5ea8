//! `dtc transform`.

use std::fs;

use crate::{EVENTS, Place, STREAMING, WINDOW};

fn project() -> Place {
    let place = Place::make();
    place.file("s.yaml", STREAMING);
    place.file("w.yaml", WINDOW);
    place.file("events.json", EVENTS);
    place
}

#[test]
fn rows_go_to_standard_output_and_the_rest_to_standard_error() {
    let said = project().dtc(&["transform", "--streaming", "s.yaml", "--source", "events.json"]);
    let lines: Vec<serde_json::Value> =
        said.succeeds().out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let mut keys: Vec<&str> = lines.iter().map(|line| line[0].as_str().unwrap()).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["a/session/s1/", "a/session/s2/", "a/user//", "b/session/s3/", "b/user//"]);
    assert!(
        said.err.contains("unusable: events.json:3: a record (an object in braces) expected, found `not`"),
        "{}",
        said.err
    );
    assert!(said.err.contains("unusable: events.json:5: "), "{}", said.err);
    assert!(said.err.contains("note: 2 of 5 records could not be used"), "{}", said.err);
    assert!(
        said.err
            .contains("warning: s.yaml:20:16: user.share failed once: ZeroDivisionError: division by zero (first at events.json:2)"),
        "{}",
        said.err
    );
}

#[test]
fn a_window_document_gives_rows_by_identity() {
    let said = project().dtc(&["transform", "--streaming-bts=s.yaml", "--window-dtc", "w.yaml", "events.json"]);
    let lines: Vec<serde_json::Value> =
        said.succeeds().out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0][0], "a");
    assert_eq!(lines[0][1][0]["last.events"], 1);
    assert_eq!(lines[1], serde_json::json!(["b", []]));
    assert!(said.err.contains("2 anchors gave no row"), "{}", said.err);
}

/// The suite's events in every format, and their document.
fn formats() -> Place {
    let place = Place::make();
    let case = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/suite/inputs/mixed");
    place.file("s.yaml", fs::read(case.join("streaming.yaml")).unwrap());
    for name in ["a.jsonl", "b.csv.gz", "c.parquet", "d.json.zst"] {
        place.file(&format!("data/{name}"), fs::read(case.join("data").join(name)).unwrap());
    }
    place
}

#[test]
fn formats_mix_and_the_order_of_names_changes_nothing() {
    let place = formats();
    let run = |sources: &[&str]| {
        let said = place.dtc(&[&["transform", "--streaming", "s.yaml"], sources].concat());
        (said.succeeds().out.clone(), said.err)
    };
    let (expected, told) = run(&["--source", "data"]);
    assert_eq!((expected.lines().count(), told.as_str()), (3, ""));
    for sources in [
        &["--source", "data/d.json.zst,data/c.parquet,data/b.csv.gz,data/a.jsonl"][..],
        &["data/c.parquet", "data/a.jsonl", "data/d.json.zst", "data/b.csv.gz"],
        &["--source", "data/*"],
        &["--source", "**/[a-c].*", "data/d*"],
    ] {
        assert_eq!(run(sources), (expected.clone(), String::new()), "{sources:?}");
    }
    let (rows, told) = run(&["data/a.jsonl", "data"]);
    assert_eq!(rows, expected);
    assert_eq!(told, "note: data/a.jsonl is named more than once; it is read once\n");
    let missing = place.dtc(&["transform", "--streaming", "s.yaml", "--source", "data/*.avro"]);
    missing.fails(1, "`data/*.avro` matches no file");
}

#[test]
fn standard_input_is_read_in_any_format() {
    let place = formats();
    let first = place.dtc(&["transform", "--streaming", "s.yaml", "data/c.parquet"]).succeeds().out.clone();
    assert_eq!(place.dtc_given("data/c.parquet", &["transform", "--streaming", "s.yaml", "-"]).succeeds().out, first);
    let whole = place.dtc(&["transform", "--streaming", "s.yaml", "data"]).succeeds().out.clone();
    let rest = ["data/a.jsonl", "data/c.parquet", "data/d.json.zst"];
    let given = [&["transform", "--streaming", "s.yaml"], &rest[..], &["--source", "-"]].concat();
    let mut lines: Vec<String> =
        place.dtc_given("data/b.csv.gz", &given).succeeds().out.lines().map(str::to_owned).collect();
    let mut expected: Vec<&str> = whole.lines().collect();
    // Standard input comes first, so the other user does.
    lines.sort();
    expected.sort_unstable();
    assert_eq!(lines, expected);
    let good = "ann,2020-01-01T00:00:00Z\n";
    place.file("bad.csv", format!("user,at\n{good}bob\n{}", good.repeat(9)));
    let said = place.dtc_given("bad.csv", &["transform", "--streaming", "s.yaml", "-"]);
    assert!(
        said.succeeds().err.contains("unusable: standard input:3: the row has 1 cell and the header 2"),
        "{}",
        said.err
    );
    place
        .dtc(&["transform", "--streaming", "s.yaml", "--data-processor", "ipfix", "data/c.parquet"])
        .fails(1, "data/c.parquet is Parquet; flow records of a collector are read from JSON only");
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let place = project();
    let events: String = (0..5000)
        .map(|n| EVENTS.lines().next().unwrap().replace("\"a\"", &format!("\"u{}\"", n % 97)) + "\n")
        .collect();
    place.file("many.json", events);
    let run = |threads: &str| {
        place.dtc(&["transform", "--streaming", "s.yaml", "--threads", threads, "many.json"]).succeeds().out.clone()
    };
    let one = run("1");
    assert_eq!(one.lines().count(), 97 * 2);
    assert_eq!(one, run("7"));
}

#[test]
fn tables_are_written_in_every_format() {
    let place = project();
    for (format, ending) in
        [("csv", "csv"), ("json", "json"), ("jsonl", "jsonl"), ("parquet", "parquet"), ("arrow", "arrow")]
    {
        let said = place.dtc(&[
            "transform",
            "--streaming",
            "s.yaml",
            "--window",
            "w.yaml",
            "--source",
            "events.json",
            "--format",
            format,
            "--out",
            "out",
        ]);
        assert_eq!(said.succeeds().out, "");
        for table in ["user", "session", "features"] {
            assert!(place.path().join(format!("out/{table}.{ending}")).is_file(), "{table}.{ending}: {said:#?}");
        }
    }
    let csv = place.read("out/user.csv");
    assert_eq!(csv.lines().count(), 3, "{csv}");
    assert!(csv.lines().any(|line| line.contains(",1,0.25")), "{csv}");
    assert!(fs::read(place.path().join("out/user.parquet")).unwrap().starts_with(b"PAR1"));
    assert!(fs::read(place.path().join("out/user.arrow")).unwrap().starts_with(b"ARROW1"));
    place.dtc(&["transform", "--streaming", "s.yaml", "events.json", "--format", "csv"]).fails(2, "--out");
    place
        .dtc(&["transform", "--streaming", "s.yaml", "events.json", "--out", "events.json"])
        .fails(1, "events.json is a file");
}

#[test]
fn sources_are_files_folders_and_lists_with_commas() {
    let place = project();
    let first = EVENTS.lines().next().unwrap();
    place.file("more/b.json", first.replace("\"a\"", "\"x\""));
    place.file("more/a.jsonl", first.replace("\"a\"", "\"y\""));
    place.file("with,comma.json", first.replace("\"a\"", "\"z\""));
    let said = place.dtc(&[
        "transform",
        "--streaming",
        "s.yaml",
        "--source",
        "more,events.json",
        "--source",
        "with,comma.json",
    ]);
    for user in ["a", "b", "x", "y", "z"] {
        assert!(said.succeeds().out.contains(&format!("[\"{user}/user//\"")), "{}", said.out);
    }
}

#[test]
fn python_records_are_read_with_a_notice() {
    let place = project();
    place.file(
        "p.txt",
        "[\n{'user': 'a',\n'at': '2020-01-01T10:00:00'\n'event': 'start', 'n': 2, 'session': None}\n]\n",
    );
    let said = place.dtc(&["transform", "--streaming", "s.yaml", "p.txt"]);
    assert!(said.succeeds().err.contains("note: p.txt: 1 record uses Python's notation"), "{}", said.err);
    assert!(said.err.contains("note: p.txt: 1 record lacks commas"), "{}", said.err);
    assert!(said.out.contains("\"games\": 1"), "{}", said.out);
}

#[test]
fn flows_of_a_collector_are_events() {
    let place = project();
    place.file("s.yaml", STREAMING.replace("source.user", "source.source_mac").replace("source.at", "'2020-01-01'"));
    let flows = r#"{"DataSets": [[{"I": 56, "V": "aa:bb"}, {"I": 183, "V": 80}], [{"I": 56, "V": "cc:dd"}], [{"I": 4, "V": 6}]]}"#;
    place.file("flows.json", flows);
    let with = |more: &[&str]| place.dtc(&[&["transform", "--streaming", "s.yaml", "flows.json"], more].concat());
    let seen = with(&[]);
    assert!(seen.succeeds().err.contains("note: flows.json: the objects are those of an IPFIX collector"), "{seen:#?}");
    assert!(seen.err.contains("1 flow record has no source_mac (element 56); it was left out"), "{seen:#?}");
    assert!(seen.out.contains("[\"aa:bb/user//\"") || seen.out.contains("[\"aa%3Abb/user//\""), "{}", seen.out);
    let asked = with(&["--data-processor", "ipfix"]);
    assert_eq!((&asked.out, asked.err.contains("IPFIX collector")), (&seen.out, false), "{asked:#?}");
    let simple = with(&["--data-processor", "simple"]);
    assert!(simple.succeeds().err.contains("note: 1 of 1 records could not be used"), "{simple:#?}");
    with(&["--data-processor", "other"]).fails(2, "invalid value 'other'");
}

#[test]
fn blurrs_rules_read_line_by_line() {
    let place = project();
    place.file("array.json", "[\n{\"user\":\"a\"}\n]\n");
    let said = place.dtc(&["transform", "--streaming", "s.yaml", "--compat", "blurr", "array.json"]);
    assert!(said.err.contains("Blurr reads it line by line"), "{said:#?}");
}

#[test]
fn many_unusable_records_are_counted_not_told() {
    let place = project();
    place.file("bad.json", "oops\n".repeat(50));
    let said = place.dtc(&["transform", "--streaming", "s.yaml", "bad.json"]);
    assert_eq!(said.succeeds().out, "");
    assert_eq!(said.err.lines().filter(|line| line.starts_with("unusable:")).count(), 20);
    assert!(said.err.contains("note: 50 of 50 records could not be used (30 more)"), "{}", said.err);
}

#[test]
fn bad_sources_and_documents_are_named() {
    let place = project();
    let with = |source: &str| place.dtc(&["transform", "--streaming", "s.yaml", "--source", source]);
    place.file("empty.json", "");
    assert!(with("empty.json").succeeds().err.contains("note: empty.json: the file is empty"));
    place.file("binary.json", (0..=255u8).collect::<Vec<u8>>().repeat(10));
    with("binary.json").fails(1, "binary.json is a binary file of an unknown kind");
    with("missing.json").fails(1, "missing.json: no such file or folder");
    with("events.json/x").fails(1, "is a file; a folder is needed here");
    fs::create_dir(place.path().join("void")).unwrap();
    with("void").fails(1, "void: the folder holds no data");
    place.file("broken.gz", [0x1f, 0x8b, 8, 0, 0]);
    with("broken.gz").fails(1, "broken.gz: damaged gzip");
    place.dtc(&["transform", "--streaming", "w.yaml", "events.json"]).fails(2, "w.yaml is not a streaming document");
    place
        .dtc(&["transform", "--streaming", "s.yaml", "--window", "s.yaml", "events.json"])
        .fails(2, "s.yaml is not a window document");
    place.dtc(&["transform", "--streaming", "s.yaml"]).fails(2, "there are no events to run");
    place.dtc(&["transform", "events.json"]).fails(2, "--streaming");
    place.file("wrong.yaml", STREAMING.replace("source.user", "source.user +"));
    place.dtc(&["transform", "--streaming", "wrong.yaml", "events.json"]).fails(1, "DTC0401");
}

#[test]
fn a_line_of_one_hundred_megabytes_is_one_unusable_record() {
    let place = project();
    let mut data = EVENTS.lines().next().unwrap().to_owned() + "\n{\"user\":\"";
    data.push_str(&"x".repeat(100 << 20));
    data.push_str("\"}\n");
    place.file("long.json", data);
    let said = place.dtc(&["transform", "--streaming", "s.yaml", "long.json"]);
    assert!(said.succeeds().err.contains("unusable: long.json:2: the record is longer than 64 MiB"), "{}", said.err);
    assert_eq!(said.out.lines().count(), 2);
}
