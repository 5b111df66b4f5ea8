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
