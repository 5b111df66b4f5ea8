//! Agreement with CPython on what an expression is: changed expressions, made by
//! `tests/python/mutate.py`, are read or refused as `ast.parse(text, mode='eval')` does.

use std::fmt::Write;
use std::path::Path;

use dtc_expr::{CompileErrorKind, Value, compile};

use crate::support::{dict, json, scope};

#[test]
fn texts_are_read_or_refused_as_by_cpython() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/accepts.jsonl");
    let (scope, mut count, mut wrong, mut report) = (scope(), 0, 0, String::new());
    for line in std::fs::read_to_string(path).unwrap().lines() {
        count += 1;
        let case = json(line);
        let text = dict(&case).get("text").and_then(Value::as_str).unwrap().to_owned();
        let wanted = dict(&case).get("ok") == Some(&Value::Bool(true));
        let found = is_read(&text, &scope);
        if found != wanted {
            wrong += 1;
            let verb = if wanted { "CPython reads" } else { "only we read" };
            writeln!(
                report,
                "{verb} {text:?}: {:?}",
                compile(&text, &scope).err().map(|errors| errors[0].message.clone())
            )
            .unwrap();
        }
    }
    assert!(report.is_empty(), "{wrong} of {count} differ\n{report}");
    assert!(count >= 3000, "only {count} texts");
}

/// What is read and then named as not supported, or as unknown, has been read.
fn is_read(text: &str, scope: &dtc_expr::Scope) -> bool {
    let syntax = |kind| matches!(kind, CompileErrorKind::Syntax | CompileErrorKind::SingleEquals);
    compile(text, scope).map_or_else(|errors| !errors.iter().any(|error| syntax(error.kind)), |_| true)
}
