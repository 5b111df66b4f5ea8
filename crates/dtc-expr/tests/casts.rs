//! Casting to field types, by the matrix that Blurr itself produced (edge-coercion).

use dtc_expr::{FieldType, Mode};

use crate::support::json;

fn row(value: &str, mode: Mode) -> String {
    let value = json(value);
    let cells: Vec<String> = FieldType::ALL
        .into_iter()
        .map(|kind| {
            let result = kind.cast(value.clone(), mode).unwrap_or_else(|_| kind.default_value());
            result.repr()
        })
        .collect();
    cells.join(" | ")
}

#[test]
fn blurr_casts_as_its_own_run_shows() {
    let expected = [
        ("7", "7 | 7.0 | '7' | True | None | {} | [] | set()"),
        ("-7.9", "-7 | -7.9 | '-7.9' | True | None | {} | [] | set()"),
        (
            "123456789012345678901234567890",
            "123456789012345678901234567890 | 1.2345678901234568e+29 | '123456789012345678901234567890' | True | None | {} | [] | set()",
        ),
        ("true", "True | 1.0 | 'True' | True | None | {} | [] | set()"),
        ("false", "False | 0.0 | 'False' | False | None | {} | [] | set()"),
        ("\" 12 \"", "12 | 12.0 | ' 12 ' | True | None | {} | [' ', '1', '2', ' '] | {' ', '1', '2'}"),
        ("\"1_0\"", "10 | 10.0 | '1_0' | True | None | {} | ['1', '_', '0'] | {'1', '_', '0'}"),
        ("\"12.5\"", "0 | 12.5 | '12.5' | True | None | {} | ['1', '2', '.', '5'] | {'1', '2', '.', '5'}"),
        ("\"\"", "0 | 0.0 | '' | False | None | {} | [] | set()"),
        ("\"nan\"", "0 | nan | 'nan' | True | None | {} | ['n', 'a', 'n'] | {'n', 'a'}"),
        ("1e999", "0 | inf | 'inf' | True | None | {} | [] | set()"),
        ("1e22", "10000000000000000000000 | 1e+22 | '1e+22' | True | None | {} | [] | set()"),
        ("1e-5", "0 | 1e-05 | '1e-05' | True | None | {} | [] | set()"),
        ("[1,2,2]", "0 | 0.0 | '[1, 2, 2]' | True | None | {} | [1, 2, 2] | {1, 2}"),
        (
            "[[\"a\",1],[\"b\",2]]",
            "0 | 0.0 | \"[['a', 1], ['b', 2]]\" | True | None | {'a': 1, 'b': 2} | [['a', 1], ['b', 2]] | set()",
        ),
        ("[{\"a\":1}]", "0 | 0.0 | \"[{'a': 1}]\" | True | None | {} | [{'a': 1}] | set()"),
        (
            "{\"a\":1,\"b\":{\"c\":null}}",
            "0 | 0.0 | \"{'a': 1, 'b': {'c': None}}\" | True | None | {'a': 1, 'b': {'c': None}} | ['a', 'b'] | {'a', 'b'}",
        ),
        ("\"١٢\"", "12 | 12.0 | '١٢' | True | None | {} | ['١', '٢'] | {'١', '٢'}"),
    ];
    for (value, wanted) in expected {
        assert_eq!(row(value, Mode::Blurr), wanted, "{value}");
    }
}

#[test]
fn the_studio_reads_booleans_and_times_by_meaning() {
    let cast = |kind: FieldType, value: &str| kind.cast(json(value), Mode::Studio).map(|value| value.repr());
    assert_eq!(cast(FieldType::Integer, "true"), Ok("1".to_owned()));
    assert_eq!(cast(FieldType::Boolean, "\"No\""), Ok("False".to_owned()));
    assert_eq!(cast(FieldType::Boolean, "\"yes\""), Ok("True".to_owned()));
    assert!(cast(FieldType::Boolean, "\"maybe\"").is_err());
    let time = cast(FieldType::DateTime, "\"2018-02-03T04:05:06\"").unwrap();
    assert_eq!(time, "datetime.datetime(2018, 2, 3, 4, 5, 6, tzinfo=datetime.timezone.utc)");
    assert_eq!(FieldType::parse("DateTime"), Some(FieldType::DateTime));
    assert_eq!(FieldType::parse("text"), None);
}
