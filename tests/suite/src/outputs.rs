//! What typed files hold, read back by a reader that is not ours: `outputs/expected.txt`.

use std::process::Command;

use dtc_expr::{Column, DateTime, FieldType, Table, Value};
use dtc_io::{Format, write_tables};
use libtest_mimic::{Failed, Trial};

use crate::bundles::tools::tool;
use crate::runs::{compare, folder};

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("outputs::pyarrow", read_by_pyarrow)]
}

fn read_by_pyarrow() -> Result<(), Failed> {
    let scratch = tempfile::tempdir()?;
    let empty = Table { name: "empty".to_owned(), columns: table().columns.into_iter().map(without_values).collect() };
    let mut python = Command::new(tool("python3"));
    python.arg(folder("outputs").join("read.py"));
    for format in [Format::Parquet, Format::Arrow] {
        python.args(write_tables(scratch.path(), [&table(), &empty], format)?);
    }
    let said = python.output().map_err(|error| format!("python3 cannot be run ({error}): `cargo xtask setup`"))?;
    if !said.status.success() {
        let reason = String::from_utf8_lossy(&said.stderr).into_owned();
        return Err(
            format!("`cargo xtask setup` installs pyarrow, `cargo xtask test` says where it is\n{reason}").into()
        );
    }
    compare(&folder("outputs").join("expected.txt"), &String::from_utf8(said.stdout)?)
}

fn without_values(column: Column) -> Column {
    Column { values: Vec::new(), ..column }
}

fn table() -> Table {
    let column = |name: &str, field_type, values: [Value; 3]| Column {
        name: name.to_owned(),
        field_type,
        values: values.into(),
    };
    let time = |micros, offset| Value::DateTime(DateTime { micros, offset });
    let list = Value::list(vec![1i64.into(), "x".into()]);
    Table {
        name: "all".to_owned(),
        columns: vec![
            column("text", FieldType::String, ["Äpfel \"now\"".into(), "".into(), Value::None]),
            column("count", FieldType::Integer, [i64::MAX.into(), i64::MIN.into(), Value::None]),
            column("share", FieldType::Float, [0.1.into(), f64::INFINITY.into(), Value::None]),
            column("won", FieldType::Boolean, [true.into(), false.into(), Value::None]),
            column(
                "at",
                FieldType::DateTime,
                [time(1_577_930_645_678_901, Some(3600)), time(-1, Some(0)), Value::None],
            ),
            column("tags", FieldType::List, [list.clone(), Value::list(Vec::new()), Value::None]),
            column("mixed", FieldType::Integer, [list, 5i64.into(), Value::None]),
        ],
    }
}
