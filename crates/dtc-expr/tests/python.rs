//! Agreement with CPython: expressions with its result (`repr`) or error type, made by
//! `tests/python/make.py`.

use std::fmt::Write;
use std::path::Path;

use dtc_expr::{CompileErrorKind, EvalErrorKind, Frame, Value, compile};

use crate::support::{dict, json, scope};

#[test]
fn expressions_agree_with_cpython() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python");
    let (mut count, mut report) = (0, String::new());
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    for path in files {
        for (number, line) in std::fs::read_to_string(&path).unwrap().lines().enumerate() {
            count += 1;
            let case = json(line);
            let text = |key: &str| dict(&case).get(key).and_then(Value::as_str).map(str::to_owned);
            let expression = text("expr").unwrap();
            let wanted = text("repr").unwrap_or_else(|| text("error").unwrap());
            let found = run(&expression);
            if found != wanted {
                let name = path.file_name().unwrap().to_string_lossy().into_owned();
                writeln!(report, "{name}:{}: {expression}\n   wanted {wanted}\n   found  {found}", number + 1).unwrap();
            }
        }
    }
    assert!(report.is_empty(), "{} of {count} differ\n{report}", report.matches("wanted").count());
    assert!(count >= 400, "only {count} expressions");
}

/// The `repr`, or the name of the error as Python has it.
fn run(expression: &str) -> String {
    let program = match compile(expression, &scope()) {
        Ok(program) => program,
        // A literal pattern is read before it runs.
        Err(errors) if errors[0].kind == CompileErrorKind::Pattern => return "re.error".to_owned(),
        Err(errors) if errors[0].kind == CompileErrorKind::Syntax => return "SyntaxError".to_owned(),
        // What no run could call is a fault before it.
        Err(errors) if errors[0].kind == CompileErrorKind::Arguments => return "TypeError".to_owned(),
        Err(errors) => return format!("{:?}: {}", errors[0].kind, errors[0].message),
    };
    match program.eval(&mut Frame { variables: vec![None, None], groups: vec![Vec::new()], ..Frame::default() }) {
        Ok(value) => value.repr(),
        Err(error) if error.kind == EvalErrorKind::LimitError => error.to_string(),
        Err(error) => error.kind.name().to_owned(),
    }
}
