//! Inputs as rows of cells: every format gives the same, with its lines.

use std::path::{Path, PathBuf};

use dtc_expr::{Columns, Mode, Rows};
use dtc_io::json::json_text;
use dtc_io::{DataSource, Processor, RowReading, Taker};

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
        Box::new(|rows: Rows, lines: Vec<u32>| {
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
    let taker = || -> Taker<'static, usize> { Box::new(|_: Rows, lines: Vec<u32>| lines.len()) };
    let error = reading.file(&case().join("comma.csv"), &taker).unwrap_err().to_string();
    assert!(error.ends_with("comma.csv is CSV; flow records of a collector are read from JSON only"), "{error}");
}
