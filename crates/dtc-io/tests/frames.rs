//! Pages of a table: order, filter, slices.

use dtc_expr::{Column, DateTime, FieldType, Table, Value};
use dtc_io::Frame;
use num_bigint::BigInt;

use crate::write::table;

/// One column's cells of all rows in the order asked for.
fn column(frame: &Frame, place: usize, sort: Option<(&str, bool)>, filter: Option<&str>) -> Vec<String> {
    let (_, rows) = frame.page(0, 100, sort, filter).unwrap();
    rows.into_iter().map(|row| row[place].clone().unwrap_or_else(|| "-".to_owned())).collect()
}

#[test]
fn cells_are_texts_with_missing_ones_apart() {
    let frame = Frame::new(&table()).unwrap();
    let (total, rows) = frame.page(0, 2, None, None).unwrap();
    assert_eq!(total, 4);
    let first: Vec<_> = rows[0].iter().map(|cell| cell.as_deref().unwrap()).collect();
    assert_eq!(first, ["b, \"quoted\"", "10", "0.5", "1970-01-01T01:00:00+00:00", "[1,\"x\"]", "true"]);
    assert_eq!(rows[1][0], None);
    assert_eq!(rows[1][3].as_deref(), Some("1970-01-01T02:00:00+02:00"));
}

#[test]
fn sorting_is_typed_stable_and_leaves_missing_values_last() {
    let frame = Frame::new(&table()).unwrap();
    assert_eq!(column(&frame, 1, Some(("count", false)), None), ["9", "9", "10", "-"]);
    assert_eq!(column(&frame, 0, Some(("count", false)), None), ["-", "Äpfel\n", "b, \"quoted\"", ""]);
    assert_eq!(column(&frame, 0, Some(("count", true)), None), ["b, \"quoted\"", "-", "Äpfel\n", ""]);
    let instants = ["1970-01-01T02:00:00+02:00", "1970-01-01T01:00:00+00:00", "1970-01-01T01:00:00-01:00", "-"];
    assert_eq!(column(&frame, 3, Some(("at", false)), None), instants);
    assert!(frame.page(0, 1, Some(("nothing", false)), None).unwrap_err().to_string().contains("no such column"));
}

#[test]
fn a_filter_looks_into_every_cell_without_regard_to_case() {
    let frame = Frame::new(&table()).unwrap();
    assert_eq!(column(&frame, 0, None, Some("äPFEL")), ["Äpfel\n"]);
    assert_eq!(column(&frame, 1, Some(("count", true)), Some("01:00:00")), ["10", "9"]);
    assert_eq!(frame.page(5, 10, None, Some("true")).unwrap(), (2, Vec::new()));
    assert_eq!(frame.page(0, 10, None, Some("no such text")).unwrap(), (0, Vec::new()));
}

#[test]
fn what_does_not_fit_a_type_is_text() {
    let big: BigInt = "9223372036854775808".parse().unwrap();
    let values = vec![Value::big(big), 5i64.into(), Value::None, true.into()];
    let mixed = Column { name: "n".to_owned(), field_type: FieldType::Integer, values };
    let frame = Frame::new(&Table { name: "t".to_owned(), columns: vec![mixed] }).unwrap();
    assert_eq!(column(&frame, 0, None, None), ["9223372036854775808", "5", "-", "true"]);
}

#[test]
fn equal_names_and_empty_tables_are_no_trouble() {
    let twice = |values: Vec<Value>| Column { name: "same".to_owned(), field_type: FieldType::Integer, values };
    let frame =
        Frame::new(&Table { name: "t".to_owned(), columns: vec![twice(vec![1i64.into()]), twice(vec![2i64.into()])] })
            .unwrap();
    assert_eq!(frame.page(0, 9, Some(("same", true)), None).unwrap().1, [[Some("1".to_owned()), Some("2".to_owned())]]);
    let empty = Frame::new(&Table { name: "t".to_owned(), columns: vec![twice(Vec::new())] }).unwrap();
    assert_eq!(empty.page(0, 9, Some(("same", false)), Some("x")).unwrap(), (0, Vec::new()));
    assert_eq!(Frame::new(&Table::default()).unwrap().page(0, 9, None, None).unwrap(), (0, Vec::new()));
}

#[test]
fn a_hundred_thousand_rows_page_while_one_types() {
    let values = |seed: i64| (0..100_000i64).map(|row| Value::Int(row * seed % 99_991)).collect();
    let times = (0..100_000i64)
        .map(|row| Value::DateTime(DateTime { micros: row * 7_919_000_000 % 86_400_000_000_000, offset: Some(0) }))
        .collect();
    let columns = vec![
        Column { name: "a".to_owned(), field_type: FieldType::Integer, values: values(31) },
        Column { name: "b".to_owned(), field_type: FieldType::DateTime, values: times },
    ];
    let frame = Frame::new(&Table { name: "t".to_owned(), columns }).unwrap();
    let (total, rows) = frame.page(50_000, 50, Some(("b", true)), Some("77")).unwrap();
    assert!(total > 1000 && rows.len() <= 50);
    let started = std::time::Instant::now();
    for page in 0..200 {
        frame.page(page * 50, 50, Some(("b", true)), Some("77")).unwrap();
    }
    assert!(started.elapsed().as_secs() < 2, "paging an order that is known took {:?}", started.elapsed());
}
