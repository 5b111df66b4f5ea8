//! Scopes and values for tests.

use std::sync::Arc;

use dtc_expr::{Dict, EvalError, FieldType, Frame, Functions, GroupId, Program, Scope, Value, VariableId, compile};

pub const SOURCE: VariableId = VariableId(0);
pub const TIME: VariableId = VariableId(1);

/// JSON text as a value, read by the expression language itself.
pub fn json(text: &str) -> Value {
    let mut scope = Scope::new();
    scope.add_import("json", &["loads".to_owned()], &Functions::default()).unwrap();
    scope.add_variable("text", VariableId(0));
    let mut frame = Frame { variables: vec![Some(Value::from(text))], groups: Vec::new(), ..Frame::default() };
    compile("loads(text)", &scope).unwrap().eval(&mut frame).unwrap()
}

pub fn record(text: &str) -> Value {
    match json(text) {
        Value::Dict(_, dict) => Value::record(Arc::unwrap_or_clone(dict)),
        other => panic!("not an object: {}", other.repr()),
    }
}

pub fn fields(list: &[(&str, FieldType)]) -> Vec<(Arc<str>, FieldType)> {
    list.iter().map(|(name, kind)| (Arc::from(*name), *kind)).collect()
}

/// `source`, `time`, and an aggregate `session` with one field of each type.
pub fn scope() -> Scope {
    let mut scope = Scope::new();
    scope.add_variable("source", SOURCE);
    scope.add_variable("time", TIME);
    scope.add_group("session", GroupId(0), &session_fields());
    for (module, names) in [
        ("dateutil.parser", vec!["parse"]),
        ("datetime", vec!["datetime", "timedelta", "timezone", "date"]),
        ("collections", vec!["Counter"]),
    ] {
        let names: Vec<String> = names.into_iter().map(str::to_owned).collect();
        scope.add_import(module, &names, &Functions::default()).unwrap();
    }
    for module in ["json", "math", "statistics", "dateutil", "re", "datetime as dt"] {
        scope.add_import(module, &[], &Functions::default()).unwrap();
    }
    scope
}

pub fn session_fields() -> Vec<(Arc<str>, FieldType)> {
    fields(&[
        ("count", FieldType::Integer),
        ("total", FieldType::Float),
        ("name", FieldType::String),
        ("won", FieldType::Boolean),
        ("start", FieldType::DateTime),
        ("badges", FieldType::Map),
        ("levels", FieldType::List),
        ("tags", FieldType::Set),
    ])
}

pub fn frame(source: &str) -> Frame {
    let defaults = session_fields().into_iter().map(|(_, kind)| kind.default_value()).collect();
    Frame { variables: vec![Some(record(source)), None], groups: vec![defaults], ..Frame::default() }
}

pub fn program(text: &str) -> Program {
    compile(text, &scope()).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

pub fn eval(text: &str) -> Result<Value, EvalError> {
    program(text).eval(&mut frame("{}"))
}

pub fn repr(text: &str) -> String {
    eval(text).map_or_else(|error| error.to_string(), |value| value.repr())
}

pub fn dict(value: &Value) -> &Dict {
    match value {
        Value::Dict(_, dict) => dict,
        other => panic!("not a dict: {}", other.repr()),
    }
}
