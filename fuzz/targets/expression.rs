//! Any text as an expression: it compiles or is refused, and what compiles ends within the limits.

use std::sync::Arc;

use dtc_expr::{Dict, FieldType, Frame, Functions, GroupId, Scope, Value, VariableId, compile};

const LONGEST: usize = 2 * 1024;
const FIELDS: [(&str, FieldType); 8] = [
    ("count", FieldType::Integer),
    ("total", FieldType::Float),
    ("name", FieldType::String),
    ("won", FieldType::Boolean),
    ("start", FieldType::DateTime),
    ("badges", FieldType::Map),
    ("levels", FieldType::List),
    ("tags", FieldType::Set),
];

pub fn run(bytes: &[u8]) {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST)]);
    let Ok(program) = compile(&text, &scope()) else { return };
    program.source_fields(VariableId(0));
    let mut frame = frame();
    for _ in 0..2 {
        if let Ok(value) = program.eval(&mut frame) {
            for (_, field_type) in FIELDS {
                for mode in [dtc_expr::Mode::Studio, dtc_expr::Mode::Blurr] {
                    let _ = field_type.cast(value.clone(), mode);
                }
            }
            let _ = value.write_json(&mut String::new());
            value.repr();
        }
    }
}

/// `source`, `time`, and an aggregate `session` with a field of each type.
fn scope() -> Scope {
    let mut scope = Scope::new();
    scope.add_variable("source", VariableId(0));
    scope.add_variable("time", VariableId(1));
    let fields: Vec<(Arc<str>, FieldType)> = FIELDS.iter().map(|(name, kind)| (Arc::from(*name), *kind)).collect();
    scope.add_group("session", GroupId(0), &fields);
    let functions = Functions::default();
    for (module, names) in [
        ("dateutil.parser", &["parse"][..]),
        ("datetime", &["datetime", "timedelta", "timezone", "date"]),
        ("json", &[]),
        ("math", &[]),
        ("statistics", &[]),
    ] {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        scope.add_import(module, &names, &functions).expect("the modules are known");
    }
    scope
}

fn frame() -> Frame {
    let entries = [
        ("x", Value::Int(3)),
        ("user", Value::from("ann")),
        ("at", Value::from("2018-03-01T10:20:30+02:00")),
        ("amount", Value::from("4.99")),
        ("items", Value::list(vec![Value::Int(1), Value::from("two"), Value::Float(3.5), Value::None])),
    ];
    let source: Dict = entries.into_iter().map(|(name, value)| (Value::from(name), value)).collect();
    let defaults = FIELDS.iter().map(|(_, kind)| kind.default_value()).collect();
    Frame { variables: vec![Some(Value::record(source)), None], groups: vec![defaults], ..Frame::default() }
}
