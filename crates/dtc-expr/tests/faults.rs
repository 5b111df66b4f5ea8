//! Faults found while compiling: kind, place, "did you mean".

use dtc_expr::{CompileErrorKind, compile};

use crate::support::scope;

/// `kind 'marked text' message → replacement`, one a fault.
fn faults(text: &str) -> Vec<String> {
    let errors = compile(text, &scope()).err().unwrap_or_default();
    for error in &errors {
        assert!(error.message.chars().count() <= 80, "{}", error.message);
    }
    errors
        .iter()
        .map(|error| {
            let replacement = error.replacement.as_deref().unwrap_or("-");
            format!("{:?} {:?} {replacement}", error.kind, &text[error.span.clone()])
        })
        .collect()
}

#[test]
fn a_single_equals_is_a_comparison() {
    assert_eq!(faults("source.package_version = '1.0'"), [r#"SingleEquals "=" =="#]);
    assert_eq!(faults("(source.a = 1) and source.b = 2"), [r#"SingleEquals "=" =="#, r#"SingleEquals "=" =="#]);
    assert_eq!(
        faults("session.cuont = 1 and nope"),
        [r#"UnknownField "cuont" count"#, r#"SingleEquals "=" =="#, r#"UnknownName "nope" -"#]
    );
    assert!(faults("sorted([1], reverse=True)").is_empty());
}

#[test]
fn every_unknown_name_is_reported() {
    assert_eq!(
        faults("sesion.count + soruce.x + session['totl'] + maximum(1)"),
        [
            r#"UnknownName "sesion" session"#,
            r#"UnknownName "soruce" source"#,
            r#"UnknownField "'totl'" 'total'"#,
            r#"UnknownName "maximum" -"#
        ]
    );
    assert_eq!(faults("true"), [r#"UnknownName "true" True"#]);
    assert_eq!(faults("math.flor(1)"), [r#"UnknownMember "flor" floor"#]);
    assert_eq!(faults("session.badges.incremet('a')"), [r#"UnknownMember "incremet" increment"#]);
}

#[test]
fn what_we_do_not_run_is_named() {
    for (text, place) in [
        ("(y := 1)", "y := 1"),
        ("b'x'", "b'x'"),
        ("1j", "1j"),
        ("session", "session"),
        ("datetime.now()", "now"),
        ("[await x for x in [1]]", "await x"),
    ] {
        let errors = compile(text, &scope()).unwrap_err();
        assert_eq!(errors[0].kind, CompileErrorKind::Unsupported, "{text}: {errors:?}");
        assert_eq!(&text[errors[0].span.clone()], place, "{text}");
        assert!(errors[0].help.is_some(), "{text}");
    }
}

#[test]
fn changes_that_would_be_lost_are_refused() {
    for text in [
        "[x.append(1) for x in session.levels]",
        "[x.pop() for k, x in session.badges.items()]",
        "[y.add(1) for x in session.levels for y in x]",
        "[x['a'].append(1) for x in source.items]",
        "list(x.clear() for x in sorted(session.levels))",
        "max(session.levels, key=len).append(1)",
        "list(map(session.levels.append, [1]))",
    ] {
        let errors = compile(text, &scope()).unwrap_err();
        assert_eq!(errors[0].kind, CompileErrorKind::Unsupported, "{text}: {errors:?}");
    }
    for text in
        ["[x.append(1) for x in [[1], [2]]]", "[x.pop() for x in json.loads('[[1]]')]", "[x.strip() for x in source.l]"]
    {
        assert!(compile(text, &scope()).is_ok(), "{text}");
    }
}

#[test]
fn calls_that_cannot_work_are_refused() {
    assert_eq!(faults("len(1, 2)"), [r#"Arguments "2" -"#]);
    assert_eq!(faults("len()"), [r#"Arguments "len()" -"#]);
    assert_eq!(faults("round(1.5, ndigit=1)"), [r#"Arguments "ndigit" ndigits"#]);
    assert_eq!(faults("sorted([1], revers=True)"), [r#"Arguments "revers" reverse"#]);
    assert_eq!(faults("pow(2, 3, exp=3)"), [r#"Arguments "pow(2, 3, exp=3)" -"#]);
    assert_eq!(faults("re.findall('(a', 'a')"), [r#"Pattern "'(a'" -"#]);
    assert!(faults("len(*[[1]])").is_empty() && faults("dict(a=1, **{})").is_empty());
    assert!(faults("max(1, 2, key=abs)").is_empty() && faults("range(1, 2)").is_empty());
}

#[test]
fn broken_texts_are_one_fault_in_the_text() {
    for text in [
        "",
        "  ",
        "1 +",
        "x == senor roy",
        "(1",
        "'abc",
        "1 2",
        "def f(): pass",
        "f'{'",
        "\u{0}",
        "é é",
        "lambda",
        "[1,,2]",
    ] {
        let errors = compile(text, &scope()).unwrap_err();
        assert!(!errors.is_empty(), "{text}");
        for error in errors {
            assert!(text.get(error.span.clone()).is_some(), "{text:?}: {error:?}");
        }
    }
}

#[test]
fn characters_by_their_names_are_refused_at_their_place() {
    assert_eq!(faults(r"source.a + '\N{DEGREE SIGN}C'"), [r#"Unsupported "\\N{DEGREE SIGN}" -"#]);
    assert_eq!(faults(r"f'\N{DEGREE SIGN}'"), [r#"Unsupported "\\N{DEGREE SIGN}" -"#]);
    assert!(faults(r"r'\N{DEGREE SIGN}' + '\u00b0'").is_empty());
}
