//! No input may hang, overflow the stack or take all memory.

use dtc_expr::{EvalErrorKind, compile};

use crate::support::{eval, scope};

#[test]
fn large_results_are_refused() {
    for text in [
        "'a' * 10**9",
        "[0] * 10**9",
        "list(range(10**12))",
        "10 ** 10 ** 10",
        "2 ** 10 ** 6 * 5",
        "1 << 10 ** 9",
        "sum(range(10**9))",
        "f'{1:>999999999}'",
        "'x'.ljust(10**9)",
        "'%999999999d' % 1",
        "'a'.replace('', 'b' * 10**6).replace('b', 'c' * 1000)",
        "[x for x in range(10**9)]",
        "{x: x for x in range(10**9)}",
        "any(x < 0 for x in range(10**10))",
        "(lambda f: f(f))(lambda f: f(f))",
        "math.factorial(10**6)",
        "[[0] * 10**6 for x in range(10**6)]",
        "['x' * 10**6 for x in range(10**6)]",
    ] {
        let error = eval(text).expect_err(text);
        assert_eq!(error.kind, EvalErrorKind::LimitError, "{text}: {error}");
    }
}

#[test]
fn deep_texts_are_refused_before_they_are_parsed() {
    for text in [
        "(".repeat(100_000),
        format!("{}1{}", "(".repeat(5000), ")".repeat(5000)),
        format!("{}1", "-".repeat(20_000)),
        format!("{}1", "not ".repeat(10_000)),
        ["1"; 30_000].join("+"),
        ["1"; 900].join("+"),
        format!("x{}", ".a".repeat(20_000)),
        format!("x{}", "[0]".repeat(10_000)),
        "lambda: ".repeat(5000),
        "1 if 1 else ".repeat(5000),
        ["2"; 5000].join("**"),
        "[".repeat(60),
        "f'{".repeat(1000),
    ] {
        assert!(compile(&text, &scope()).is_err(), "{}", &text[..20]);
    }
}

#[test]
fn ordinary_sizes_pass() {
    let names: Vec<String> = (0..2000).map(|number| format!("'name{number}'")).collect();
    let text = format!("source.x in [{}]", names.join(", "));
    assert_eq!(eval(&text).unwrap().repr(), "False");
    assert_eq!(eval(&["1"; 150].join(" + ")).unwrap().repr(), "150");
    assert_eq!(eval("sum(x * x for x in range(100000))").unwrap().repr(), "333328333350000");
}
