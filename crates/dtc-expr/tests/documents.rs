//! Every expression of the reference documents compiles against the names that it uses.

use std::sync::Arc;

use dtc_expr::{FieldType, Frame, Functions, GroupId, Scope, Value, VariableId, compile};

use crate::support::{fields, frame, program, record, repr};

fn on(source: &str, text: &str) -> String {
    let result = program(text).eval(&mut frame(source));
    result.map_or_else(|error| error.to_string(), |value| value.repr())
}

#[test]
fn an_event_gives_none_for_what_is_missing() {
    let source = r#"{"u":"A","items":"I","list":[{"p":1},{"p":2}],"a":{"b":{"c":"deep"}}}"#;
    let expected = [
        ("type(source.items).__name__", "'builtin_function_or_method'"),
        ("source['items']", "'I'"),
        ("source.list[0].p", "1"),
        ("[i.p for i in source.list]", "AttributeError: 'dict' object has no attribute 'p'"),
        ("[i['p'] for i in source.list]", "[1, 2]"),
        ("'items' in source", "True"),
        ("source['nope']", "None"),
        ("source.get('nope', 'dflt')", "'dflt'"),
        ("source.a.b.c", "'deep'"),
        ("source.a.zz.c", "AttributeError: 'NoneType' object has no attribute 'c'"),
        ("source.list[0:1][0].p", "1"),
        ("source.list[-1]['zz']", "None"),
        ("len(source)", "4"),
        ("source.set", "None"),
    ];
    for (text, wanted) in expected {
        assert_eq!(on(source, text), wanted, "{text}");
    }
}

#[test]
fn the_tutorials_expressions_run() {
    let source = r#"{"event_id":"game_end","won":true,"signin_method":"fb","txn_amount":"4.99",
        "value":"1.5, 2 ","item_id":"a, b","level":3,"timestamp":1525132800,
        "datetime":"2018-05-01 00:00:00","t":"2018-01-01T00:00:00Z"}"#;
    let expected = [
        ("source.event_id == 'game_end' and source.won == True", "True"),
        ("source.event_id in ['app_launched', 'user_updated']", "False"),
        ("True if source.signin_method == 'fb' else False", "True"),
        ("float(source.txn_amount) + session.total", "4.99"),
        ("sum([float(val.strip()) for val in source.value.split(',')])", "3.5"),
        (
            "session.levels.extend(list(zip([val.strip() for val in source.item_id.split(',')], [float(val.strip()) for val in source.value.split(',')])))",
            "[('a', 1.5), ('b', 2.0)]",
        ),
        ("session.count + 1", "1"),
        ("max(source.level, session.count)", "3"),
        ("session.badges.increment(source.level)", "{3: 1}"),
        ("str(parse(source.t).date())", "'2018-01-01'"),
        ("datetime.strptime(source.datetime, '%Y-%m-%d %H:%M:%S').isoformat()", "'2018-05-01T00:00:00'"),
        ("datetime.fromtimestamp(source.timestamp, timezone.utc).isoformat()", "'2018-05-01T00:00:00+00:00'"),
        ("(parse('2018-01-02T00:00:00Z') - parse(source.t)).days", "1"),
        (
            "'fb' if 'facebook.com' in source.missing else 'other'",
            "TypeError: argument of type 'NoneType' is not iterable",
        ),
    ];
    for (text, wanted) in expected {
        assert_eq!(on(source, text), wanted, "{text}");
    }
}

#[test]
fn names_of_a_window_document_resolve() {
    let mut scope = Scope::new();
    let stats = fields(&[("offer_type", FieldType::String), ("events", FieldType::Integer)]);
    scope.add_namespace("offer_ai_v1", &[(Arc::from("game_stats"), GroupId(0), stats.clone())]);
    scope.add_variable("source", VariableId(0));
    scope.add_bare_fields(GroupId(0), &stats);
    let members = record(r#"{"events":[1,2]}"#);
    let mut frame = Frame {
        variables: vec![Some(members)],
        groups: vec![vec![Value::from("x"), Value::Int(5)]],
        ..Frame::default()
    };
    for (text, wanted) in [
        ("offer_ai_v1.game_stats.offer_type != ''", "True"),
        ("offer_ai_v1['game_stats']['events']", "5"),
        ("sum(source.events)", "3"),
        ("events + source.events[0]", "6"),
        ("[e + source.events[1] for e in source.events]", "[3, 4]"),
    ] {
        assert_eq!(compile(text, &scope).unwrap().eval(&mut frame).unwrap().repr(), wanted, "{text}");
    }
}

#[test]
fn imports_bind_as_in_python() {
    let import = |module: &str, names: &[&str], text: &str| {
        let mut scope = Scope::new();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        scope.add_import(module, &names, &Functions::default()).unwrap();
        compile(text, &scope).unwrap().eval(&mut Frame::default()).unwrap().to_text()
    };
    assert_eq!(import("dateutil.parser", &[], "dateutil.parser.parse('2018-01-02')"), "2018-01-02 00:00:00");
    assert_eq!(import("dateutil", &["parser"], "parser.parse('2018-01-02')"), "2018-01-02 00:00:00");
    assert_eq!(import("dateutil.parser", &["parse as p"], "p('2018-01-02')"), "2018-01-02 00:00:00");
    assert_eq!(
        import("datetime", &["datetime, timezone"], "datetime(2018, 1, 2, tzinfo=timezone.utc)"),
        "2018-01-02 00:00:00+00:00"
    );
    assert_eq!(import("datetime as dt", &[], "dt.timedelta(days=1)"), "1 day, 0:00:00");
    let fault = Scope::new().add_import("numpy", &[], &Functions::default()).unwrap_err();
    assert!(fault.contains("dateutil.parser") && fault.contains("functions/"), "{fault}");
}

#[test]
fn what_a_program_reads_is_known() {
    let program = program("source.a + source['b'] + session.count + len(session.levels)");
    let names: Vec<String> =
        program.source_fields(crate::support::SOURCE).unwrap().iter().map(|name| name.to_string()).collect();
    assert_eq!(names, ["a", "b"]);
    assert_eq!(program.field_reads().len(), 2);
    assert_eq!(crate::support::program("len(source)").source_fields(crate::support::SOURCE), None);
    assert_eq!(crate::support::program("source.get('x')").source_fields(crate::support::SOURCE), None);
    assert_eq!(crate::support::program("time").source_fields(crate::support::SOURCE), Some(Vec::new()));
}

#[test]
fn parse_time_reads_both_kinds_of_format() {
    for (text, wanted) in [
        ("str(parse_time('2018-03-01T10:20:30Z'))", "'2018-03-01 10:20:30+00:00'"),
        ("str(parse_time('2018/03/01 10:20:30', 'YYYY/mm/dd HH:MM:SS'))", "'2018-03-01 10:20:30'"),
        ("str(parse_time('01.03.2018', '%d.%m.%Y'))", "'2018-03-01 00:00:00'"),
        ("parse_time('soon')", "None"),
        ("parse_time(None)", "None"),
    ] {
        assert_eq!(repr(text), wanted, "{text}");
    }
}
