//! Functions fit on a screen. A body that is one `match` may be longer: its arms are read one by one.

use super::source::closing;
use super::{Fault, Source};

const MOST: usize = 70;
/// A component holds its markup too.
const MOST_COMPONENT: usize = 80;

pub fn check(source: &Source) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (start, line) in source.code.iter().enumerate() {
        let Some(name) = function_name(line) else {
            continue;
        };
        let Some(end) = closing(&source.code, start) else {
            continue;
        };
        let lines = end - start + 1;
        let most = if is_component(source, start) { MOST_COMPONENT } else { MOST };
        if lines > most && !is_one_match(&source.code[start..=end]) {
            faults.push(Fault::at(source, start + 1, format!("`{name}` has {lines} lines; {most} is the most")));
        }
    }
    faults
}

fn function_name(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace();
    loop {
        match words.next()? {
            "fn" => break,
            "pub" | "async" | "const" | "unsafe" | "extern" | "default" => {}
            word if word.starts_with("pub(") || word == "crate)" || word == "super)" => {}
            _ => return None,
        }
    }
    words
        .next()?
        .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .next()
        .filter(|name| !name.is_empty())
}

fn is_component(source: &Source, start: usize) -> bool {
    let attributes = source.code[..start].iter().rev().take_while(|line| line.trim().starts_with("#["));
    attributes.into_iter().any(|line| line.contains("component"))
}

/// Whether the body is a single `match`, from the function's first brace to its last.
fn is_one_match(code: &[String]) -> bool {
    let Some(open) = code.iter().position(|line| line.trim_end().ends_with('{')) else {
        return false;
    };
    let Some(first) = (open + 1..code.len()).find(|at| !code[*at].trim().is_empty()) else {
        return false;
    };
    if !code[first].trim().starts_with("match ") {
        return false;
    }
    let after = closing(code, first).map(|end| &code[end + 1..]);
    after.is_some_and(|rest| rest.iter().map(|line| line.trim()).filter(|line| !line.is_empty()).eq(["}"]))
}

#[cfg(test)]
mod tests {
    use super::{Source, check};

    fn faults(head: &str, body: &str, lines: usize, tail: &str) -> usize {
        check(&Source::new("a.rs", &format!("{head} {{\n{}{tail}}}\n", body.repeat(lines)))).len()
    }

    #[test]
    fn a_long_function_fails() {
        assert_eq!(faults("pub(crate) async fn a()", "    b();\n", 68, ""), 0);
        assert_eq!(faults("pub(crate) async fn a()", "    b();\n", 69, ""), 1);
        assert_eq!(faults("    fn inner(\n    self)", "    if c { b(); }\n", 80, ""), 1);
    }

    #[test]
    fn a_component_may_be_longer() {
        assert_eq!(faults("#[component]\npub fn A()", "    b();\n", 78, ""), 0);
        assert_eq!(faults("#[component]\npub fn A()", "    b();\n", 79, ""), 1);
    }

    #[test]
    fn one_flat_match_may_be_longer_but_nothing_beside_it() {
        assert_eq!(faults("fn a() {\n    match b", "        1 => c(),\n", 90, "    }\n"), 0);
        assert_eq!(faults("fn a() {\n    match b", "        1 => c(),\n", 90, "    }\n    d();\n"), 1);
    }
}
