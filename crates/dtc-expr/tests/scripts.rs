//! The user's own functions in Rhai: called, converted, limited.

use dtc_expr::{EvalErrorKind, Frame, Functions, Scope, compile};

const SCRIPT: &str = "fn double(x) { x * 2 }
fn tags(m) { m.keys() }
fn pair(a, b) { #{first: a, second: [b, ()]} }
fn fail(x) {
    throw \"bad: \" + x;
}
fn spin() { loop { } }
fn deep(n) { deep(n + 1) }
fn grow() { let s = \"x\"; loop { s += s; } }
private fn hidden() { 1 }
";

fn run(text: &str) -> Result<String, dtc_expr::EvalError> {
    let (functions, faults) = Functions::compile(&[("own".to_owned(), SCRIPT.to_owned())]);
    assert_eq!(faults, []);
    let mut scope = Scope::new();
    let names = ["double", "tags", "pair", "fail as broken", "spin", "deep", "grow"];
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    scope.add_import("functions/own", &names, &functions).unwrap();
    compile(text, &scope).unwrap().eval(&mut Frame::default()).map(|value| value.repr())
}

#[test]
fn values_go_in_and_come_back() {
    assert_eq!(run("double(21)").unwrap(), "42");
    assert_eq!(run("double(1.5)").unwrap(), "3.0");
    assert_eq!(run("tags({'a': 1})").unwrap(), "['a']");
    assert_eq!(run("pair('x', True)").unwrap(), "{'first': 'x', 'second': [True, None]}");
    assert_eq!(run("[double(x) for x in range(3)]").unwrap(), "[0, 2, 4]");
    assert_eq!(run("list(map(double, [1, 2]))").unwrap(), "[2, 4]");
}

#[test]
fn errors_name_the_scripts_line() {
    let error = run("broken('z')").unwrap_err();
    assert_eq!(error.kind, EvalErrorKind::FunctionError);
    assert_eq!(error.message, "functions/own.rhai line 5: bad: z");
    let error = run("double('a')").unwrap_err();
    assert_eq!(error.kind, EvalErrorKind::FunctionError);
    assert!(error.message.starts_with("functions/own.rhai line 1"), "{}", error.message);
}

#[test]
fn limits_hold() {
    for text in ["spin()", "deep(0)", "grow()"] {
        assert_eq!(run(text).unwrap_err().kind, EvalErrorKind::LimitError, "{text}");
    }
}

#[test]
fn broken_scripts_are_reported_with_their_line() {
    let (functions, faults) = Functions::compile(&[("bad".to_owned(), "fn f() {\n  1 +\n}".to_owned())]);
    assert_eq!(faults.len(), 1);
    assert_eq!((faults[0].module.as_str(), faults[0].line), ("bad", 3));
    let fault = Scope::new().add_import("functions/bad", &[], &functions).unwrap_err();
    assert!(fault.contains("functions/bad"), "{fault}");
    let hidden = ["hidden".to_owned()];
    let (functions, _) = Functions::compile(&[("own".to_owned(), SCRIPT.to_owned())]);
    assert!(Scope::new().add_import("functions/own", &hidden, &functions).is_err());
}
