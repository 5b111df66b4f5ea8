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
        ,9,1e+22,1970-01-01T02:00:00+02:00,[],\r\n\
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
    use polars::prelude::{DataType, ParquetReader, SerReader, TimeUnit, TimeZone};
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
            DataType::Datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
            DataType::String,
            DataType::Boolean
        ]
    );
    assert_eq!(frame.height(), 4);
    assert_eq!(frame.column("count").unwrap().i64().unwrap().get(0), Some(10));
}

/// What a reader of ours gives for a file of ours.
#[cfg(feature = "frames")]
fn read_back(path: &std::path::Path) -> Vec<String> {
    let records = dtc_io::Input::open(path, &dtc_io::Projection::All, dtc_expr::Mode::Studio).unwrap();
    records.map(|record| dtc_io::json::json_text(&record.unwrap().value)).collect()
}

#[cfg(feature = "frames")]
#[test]
fn parquet_and_csv_are_read_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let parquet = write_tables(folder.path(), [&table()], Format::Parquet).unwrap();
    let expected = [
        r#"{"name":"b, \"quoted\"","count":10,"share":0.5,"at":"1970-01-01T01:00:00+00:00","tags":"[1,\"x\"]","won":true}"#,
        r#"{"name":null,"count":9,"share":1e22,"at":"1970-01-01T00:00:00+00:00","tags":"[]","won":null}"#,
        r#"{"name":"","count":null,"share":null,"at":null,"tags":null,"won":false}"#,
        r#"{"name":"Äpfel\n","count":9,"share":1.0,"at":"1970-01-01T02:00:00+00:00","tags":null,"won":true}"#,
    ];
    assert_eq!(read_back(&parquet[0]), expected);
    let csv = write_tables(folder.path(), [&table()], Format::Csv).unwrap();
    let offsets = expected.map(|line| {
        let line = line.replace("1970-01-01T00:00:00+00:00", "1970-01-01T02:00:00+02:00");
        let line = line.replace("\"at\":\"1970-01-01T02:00:00+00:00", "\"at\":\"1970-01-01T01:00:00-01:00");
        line.replace("\"share\":1.0", "\"share\":1").replace("\"share\":null", "\"share\":\"NaN\"")
    });
    assert_eq!(read_back(&csv[0]), offsets);
}

#[cfg(feature = "frames")]
#[test]
fn an_empty_table_keeps_its_columns_and_their_types() {
    use polars::prelude::{ParquetReader, SerReader};
    let folder = tempfile::tempdir().unwrap();
    let mut empty = table();
    empty.columns.iter_mut().for_each(|column| column.values.clear());
    let written = |table: &Table| {
        let files = write_tables(folder.path(), [table], Format::Parquet).unwrap();
        ParquetReader::new(fs::File::open(&files[0]).unwrap()).finish().unwrap()
    };
    let (none, some) = (written(&empty), written(&table()));
    assert_eq!((none.height(), some.height()), (0, 4));
    assert_eq!(none.schema(), some.schema());
    let csv = write_tables(folder.path(), [&empty], Format::Csv).unwrap();
    assert_eq!(fs::read_to_string(&csv[0]).unwrap(), "name,count,share,at,tags,won\r\n");
    assert_eq!(read_back(&csv[0]), Vec::<String>::new());
}

#[cfg(feature = "frames")]
#[test]
fn columns_of_a_file_are_what_was_declared_where_their_values_fit() {
    use polars::prelude::{DataType, ParquetReader, SerReader};
    let big: num_bigint::BigInt = "9223372036854775808".parse().unwrap();
    let column = |name: &str, field_type, values: Vec<Value>| Column { name: name.to_owned(), field_type, values };
    let table = Table {
        name: "t".to_owned(),
        columns: vec![
            column("same", FieldType::Integer, vec![Value::big(big), 5i64.into()]),
            column("same", FieldType::String, vec![1i64.into(), 2i64.into()]),
            column("share", FieldType::Float, vec![1i64.into(), 0.5.into()]),
        ],
    };
    let folder = tempfile::tempdir().unwrap();
    let files = write_tables(folder.path(), [&table], Format::Parquet).unwrap();
    let frame = ParquetReader::new(fs::File::open(&files[0]).unwrap()).finish().unwrap();
    assert_eq!(frame.get_column_names(), ["same", "same_", "share"]);
    assert_eq!(frame.dtypes(), [DataType::String, DataType::String, DataType::Float64]);
    assert_eq!(frame.column("same").unwrap().str().unwrap().get(0), Some("9223372036854775808"));
}

#[cfg(feature = "frames")]
#[test]
fn arrow_is_read_back_with_its_types() {
    use polars_arrow::io::ipc::read::{FileReader, read_file_metadata};
    let folder = tempfile::tempdir().unwrap();
    let files = write_tables(folder.path(), [&table()], Format::Arrow).unwrap();
    assert_eq!(files, [folder.path().join("user_stats.arrow")]);
    let mut file = fs::File::open(&files[0]).unwrap();
    let metadata = read_file_metadata(&mut file).unwrap();
    let types: Vec<String> = metadata.schema.iter_values().map(|field| format!("{:?}", field.dtype)).collect();
    let expected = ["LargeUtf8", "Int64", "Float64", "Timestamp(Microsecond, Some(\"UTC\"))", "LargeUtf8", "Boolean"];
    assert_eq!(types, expected);
    let batches: Vec<_> = FileReader::new(file, metadata, None, None).map(|batch| batch.unwrap()).collect();
    assert_eq!(batches.iter().map(|batch| batch.len()).sum::<usize>(), 4);
}

#[test]
fn a_write_that_fails_leaves_the_file_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let files = write_tables(folder.path(), [&table()], Format::Csv).unwrap();
    let before = fs::read(&files[0]).unwrap();
    // The part cannot be made: a folder has its name.
    let part = folder.path().join(format!("user_stats.csv.{}.part", std::process::id()));
    fs::create_dir(&part).unwrap();
    assert!(write_tables(folder.path(), [&table()], Format::Csv).is_err());
    assert_eq!(fs::read(&files[0]).unwrap(), before);
}
