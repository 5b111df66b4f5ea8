//! The reference: a page for everything that exists, nothing besides, and examples that hold.

use std::fmt::Write;
use std::path::Path;

use dtc_expr::CompileErrorKind;
use dtc_expr::reference::{Example, entries, entry};

use crate::support::{frame, scope};

/// What an example gives: its `repr`, or the name of the error.
fn outcome(expression: &str) -> String {
    let program = match dtc_expr::compile(expression, &scope()) {
        Ok(program) => program,
        Err(errors) if errors[0].kind == CompileErrorKind::Pattern => return "re.error".to_owned(),
        Err(errors) => return format!("{errors:?}"),
    };
    match program.eval(&mut frame("{}")) {
        Ok(value) => value.repr(),
        Err(error) => error.kind.name().to_owned(),
    }
}

#[test]
fn examples_give_what_their_page_says() {
    let mut report = String::new();
    for entry in entries() {
        assert!(!entry.examples.is_empty(), "{}: no example", entry.name);
        for Example { expression, result } in &entry.examples {
            let found = outcome(expression);
            if found != *result {
                writeln!(report, "{}: {expression}\n   says  {result}\n   found {found}", entry.name).unwrap();
            }
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn pages_are_well_formed() {
    for entry in entries() {
        for signature in &entry.signatures {
            let name = signature.text.split(['(', ':']).next().unwrap();
            assert_eq!(name, entry.name, "the signature names the page");
            assert!(!signature.returns.is_empty());
        }
        let length = entry.text.len();
        assert!((4..400).contains(&length), "{}: {length} bytes of text", entry.name);
    }
    assert_eq!(entry("math.floor").unwrap().signature().text, "math.floor(x: number, /) -> int");
    assert!(entry("nothing").is_none());
}

/// It is part of a page with a budget.
#[test]
fn the_reference_is_small() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("functions");
    let size = size_of_folder(&folder);
    assert!(size < 60_000, "{size} bytes");
}

fn size_of_folder(folder: &Path) -> u64 {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| if path.is_dir() { size_of_folder(&path) } else { std::fs::metadata(&path).unwrap().len() })
        .sum()
}
