//! Tables to files and back.

use std::fs;

use dtc_expr::{Column, DateTime, FieldType, Table, Value};
use dtc_io::{Format, IoError, write_tables};

pub fn table() -> Table {
    let column = |name: &str, field_type, values: Vec<Value>| Column { name: name.to_owned(), field_type, values };
    let time = |hour: i64, offset| Value::DateTime(DateTime { micros: hour * 3_600_000_000, offset });
    Table {
        name: "user/stats".to_owned(),
        columns: vec![
            column("name", FieldType::String, vec!["b, \"quoted\"".into(), Value::None, "".into(), "Äpfel\n".into()]),
            column("count", FieldType::Integer, vec![10i64.into(), 9i64.into(), Value::None, 9i64.into()]),
            column("share", FieldType::Float, vec![0.5.into(), 1e22.into(), f64::NAN.into(), 1i64.into()]),
            column(
                "at",
                FieldType::DateTime,
                vec![time(1, Some(0)), time(0, Some(7200)), Value::None, time(2, Some(-3600))],
            ),
            column(
                "tags",
                FieldType::List,
                vec![Value::list(vec![1i64.into(), "x".into()]), Value::list(vec![]), Value::None, Value::None],
            ),
            column("won", FieldType::Boolean, vec![true.into(), Value::None, false.into(), true.into()]),
        ],
    }
}

#[test]
fn csv_is_quoted_where_it_must_be_and_tells_missing_from_empty() {
    let folder = tempfile::tempdir().unwrap();
    let files = write_tables(&folder.path().join("out"), [&table()], Format::Csv).unwrap();
    assert_eq!(files, [folder.path().join("out/user_stats.csv")]);
    let expected = "name,count,share,at,tags,won\r\n\
        \"b, \"\"quoted\"\"\",10,0.5,1970-01-01T01:00:00+00:00,\"[1,\"\"x\"\"]\",true\r\n\
        ,9,1e22,1970-01-01T02:00:00+02:00,[],\r\n\
        \"\",,NaN,,,false\r\n\
        \"Äpfel\n\",9,1,1970-01-01T01:00:00-01:00,,true\r\n";
    assert_eq!(fs::read_to_string(&files[0]).unwrap(), expected);
}

#[test]
fn json_and_json_lines_hold_the_same_objects() {
    let folder = tempfile::tempdir().unwrap();
    let lines = write_tables(folder.path(), [&table()], Format::JsonLines).unwrap();
    let array = write_tables(folder.path(), [&table()], Format::Json).unwrap();
    let lines: Vec<serde_json::Value> =
        fs::read_to_string(&lines[0]).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let array: Vec<serde_json::Value> = serde_json::from_str(&fs::read_to_string(&array[0]).unwrap()).unwrap();
    assert_eq!(lines, array);
    assert_eq!(
        lines[0].to_string(),
        r#"{"name":"b, \"quoted\"","count":10,"share":0.5,"at":"1970-01-01T01:00:00+00:00","tags":[1,"x"],"won":true}"#
    );
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no half-written file stays");
}

#[test]
fn places_that_cannot_be_written_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let error = write_tables(&file, [&table()], Format::Csv).unwrap_err();
    assert!(matches!(error, IoError::IsFile { .. }), "{error}");
    let error = write_tables(&file.join("x"), [&table()], Format::Csv).unwrap_err();
    assert!(matches!(error, IoError::IsFile { .. }), "{error}");
    let error = write_tables(folder.path(), [&table(), &table()], Format::Csv).unwrap_err();
    assert!(matches!(error, IoError::SameFile { .. }), "{error}");
}

#[cfg(feature = "frames")]
#[test]
fn parquet_is_read_back_with_its_types() {
    use polars::prelude::{DataType, ParquetReader, SerReader, TimeUnit};
    let folder = tempfile::tempdir().unwrap();
    let files = write_tables(folder.path(), [&table()], Format::Parquet).unwrap();
    let frame = ParquetReader::new(fs::File::open(&files[0]).unwrap()).finish().unwrap();
    let types: Vec<DataType> = frame.dtypes();
    assert_eq!(
        types,
        [
            DataType::String,
            DataType::Int64,
            DataType::Float64,
            DataType::Datetime(TimeUnit::Microseconds, None),
            DataType::String,
            DataType::Boolean
        ]
    );
    assert_eq!(frame.height(), 4);
    assert_eq!(frame.column("count").unwrap().i64().unwrap().get(0), Some(10));
}
