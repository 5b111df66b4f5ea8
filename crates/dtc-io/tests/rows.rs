//! Inputs as rows of cells: every format gives the same, with its lines.

use std::path::{Path, PathBuf};

use dtc_expr::{Columns, Mode, Path as DataPath, Rows, RowsBuilder, Step, Value};
use dtc_io::json::json_text;
use dtc_io::{DataSource, Processor, Projection, Records, RowReading, Taker};

fn case() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/suite/inputs/same-rows/data")
}

/// Rows of the columns `user` and `page`, the first line, and how many were told to the watcher.
fn rows(name: &str, limit: Option<u64>) -> (Vec<String>, u64) {
    let columns = Columns::of(["user".into(), "page".into()]);
    let go_on = |_: Option<f64>, _: u64| true;
    let (mode, processor) = (Mode::Studio, None);
    let reading = RowReading { columns: &columns, mode, processor, limit, threads: 1, watch: &go_on };
    let taker = || -> Taker<'static, Vec<String>> {
        Box::new(|rows: &mut Rows, lines: Vec<u32>| {
            let text = |row: usize| {
                format!("{} {}", json_text(&rows.get(row, 0).into_value()), json_text(&rows.get(row, 1).into_value()))
            };
            (0..lines.len()).map(text).collect()
        })
    };
    let found = reading.source(&DataSource::File(case().join(name)), &taker).unwrap();
    assert!(found.bad.is_empty() && !found.stopped, "{found:?}");
    let first = found.blocks[0].0;
    (found.blocks.into_iter().flat_map(|(_, rows)| rows).collect(), first)
}

#[test]
fn every_format_gives_the_same_rows_of_cells() {
    let (expected, first) = rows("lines.jsonl", None);
    assert_eq!((expected.len(), first), (5, 1));
    assert_eq!(expected[3], r#""ann" {"name":"pay \"now\"","n":4}"#);
    for (name, line) in [("comma.csv", 2), ("semicolon.csv.zst", 2), ("zstd.parquet", 1), ("array.json.gz", 1)] {
        assert_eq!(rows(name, None), (expected.clone(), line), "{name}");
        assert_eq!(rows(name, Some(2)).0, expected[..2], "{name}");
    }
}

#[test]
fn only_json_holds_the_flows_of_a_collector() {
    let columns = Columns::of(["user".into()]);
    let go_on = |_: Option<f64>, _: u64| true;
    let (mode, processor) = (Mode::Studio, Some(Processor::Ipfix));
    let reading = RowReading { columns: &columns, mode, processor, limit: None, threads: 1, watch: &go_on };
    let taker = || -> Taker<'static, usize> { Box::new(|_: &mut Rows, lines: Vec<u32>| lines.len()) };
    let error = reading.file(&case().join("comma.csv"), &taker).unwrap_err().to_string();
    assert!(error.ends_with("comma.csv is CSV; flow records of a collector are read from JSON only"), "{error}");
}

/// Values of a field, of every kind, plain and not.
const ODD: [&str; 22] = [
    r#"{"a": {"b": 1, "c": [10, {"d": "x"}, 3]}}"#,
    r#"{"a": {"c": [10, {"d": {"e": [1]}}], "b": "text", "z": {"q": [[], {}, "\u00e9", -1.5e3, null]}}}"#,
    r#"{"a": {"b": null, "c": [1, {}]}}"#,
    r#"{"a": {"c": [1, {"d": false}]}}"#,
    r#"{"a": {"b": 1}}"#,
    r#"{"a": {"b": 1, "c": [1]}}"#,
    r#"{"a": {"b": 1, "c": {"1": {"d": 2}}}}"#,
    r#"{"a": {"b": 1, "c": "text"}}"#,
    r#"{"a": 7}"#,
    r#"{"a": []}"#,
    r#"{}"#,
    r#"[]"#,
    r#"null"#,
    r#""text""#,
    r#"12"#,
    r#"{"a": {"b": 1, "c": [1, {"d": 1}]}, "a": {"c": [2, {"d": 2}, 5]}}"#,
    r#"{"a": {"b": 1, "b": 2, "c": [1, {"d": 1, "d": "last"}], "c": [3, {}]}}"#,
    r#"{"a": {"b": 1, "c": [1, {"d": 1}]}, "a": 3}"#,
    r#"{"a": 3, "a": {"b": 1, "c": [1, {"d": 1}]}}"#,
    r#"{"\u0061": {"b": 1, "c": [1, {"d": 1}]}}"#,
    r#"{"a": {"b": 123456789012345678901234567890, "c": [1.0, {"d": "\u00fc"}, {"long": "0123456789"}]}}"#,
    r#" {  "a" : { "b" :"x","c":[ 1 , { "d" : [ ] } ] } } "#,
];

#[test]
fn parts_of_a_field_are_the_same_however_they_are_read() {
    let name = |name: &str| Step::Name(name.into());
    let path = |steps: &[Step]| DataPath { root: "o".into(), steps: steps.to_vec() };
    let mut columns = Columns::of(["o".into()]);
    let paths = [
        path(&[name("a"), name("b")]),
        path(&[name("a"), name("c"), Step::Item(1), name("d")]),
        path(&[name("a"), name("c"), Step::Length]),
    ];
    columns.set_paths(paths.to_vec());
    let lines: Vec<String> = ODD.iter().map(|value| format!("{{\"n\": 1, \"o\": {value}}}\n")).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("odd.jsonl");
    std::fs::write(&file, lines.concat()).unwrap();
    let shown = |rows: &Rows, row: usize| {
        let event = rows.event(row, &columns);
        let found: Vec<String> = paths.iter().map(|path| found(&event, path)).collect();
        format!("{} {}", json_text(&rows.get(row, 0).into_value()).len(), found.join(" "))
    };
    let go_on = |_: Option<f64>, _: u64| true;
    let reading =
        RowReading { columns: &columns, mode: Mode::Studio, processor: None, limit: None, threads: 1, watch: &go_on };
    let taker = || -> Taker<'_, Vec<String>> {
        Box::new(|rows: &mut Rows, lines: Vec<u32>| (0..lines.len()).map(|row| shown(rows, row)).collect())
    };
    let read: Vec<String> =
        reading.file(&file, &taker).unwrap().blocks.into_iter().flat_map(|(_, rows)| rows).collect();
    let mut builder = RowsBuilder::new(&columns);
    for line in &lines {
        let input = Box::new(std::io::Cursor::new(line.clone().into_bytes()));
        let mut records = Records::from_reader("odd", input, None, &Projection::All, Mode::Studio).unwrap();
        let event = records.next().unwrap().unwrap().value;
        builder.set_event(&event, &columns);
        builder.push();
    }
    let rows = builder.finish();
    let set: Vec<String> = (0..rows.len()).map(|row| shown(&rows, row)).collect();
    for ((line, read), set) in lines.iter().zip(&read).zip(&set) {
        let parts = |shown: &str| shown.split_once(' ').map(|(_, parts)| parts.to_owned());
        assert_eq!(parts(read), parts(set), "{line}");
    }
    // Nothing but the parts is there where they are as the paths have them.
    assert_eq!(read[0], "4 1 \"x\" 3");
    assert_eq!(read[4], "13 1 - -");
}

/// What a path leads to; `-` where it leads nowhere.
fn found(event: &Value, path: &DataPath) -> String {
    let mut part = Some(event.clone());
    for (place, step) in [Step::Name(path.root.clone())].iter().chain(&path.steps).enumerate() {
        let last = place == path.steps.len();
        part = match (step, part) {
            (Step::Name(name), Some(Value::Dict(_, fields))) => {
                fields.get(&**name).cloned().or(last.then_some(Value::None))
            }
            (Step::Item(place), Some(Value::List(_, items))) => items.get(*place as usize).cloned(),
            (Step::Length, Some(Value::List(_, items))) => Some(Value::from(items.len())),
            _ => None,
        };
    }
    part.map_or_else(|| "-".to_owned(), |part| json_text(&part))
}
