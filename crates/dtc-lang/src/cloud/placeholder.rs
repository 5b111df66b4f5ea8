//! `${name}` in texts: a parameter of the document, or one of the few that every deployment knows.

use std::ops::Range;

/// What every deployment knows, and what it means.
pub const GIVEN: [(&str, &str); 6] = [
    ("account", "the account that it is deployed to"),
    ("region", "the region that it is deployed to"),
    ("env", "the environment: the value of the parameter `Env`"),
    ("stack", "the name of the stack"),
    ("date", "the day on which a flow started, `yyyy-mm-dd`"),
    ("execution", "the name of the flow's execution"),
];

/// Names in `${…}` with the places of the whole; `None` where a bracket is not closed or holds no name.
pub fn placeholders(text: &str) -> Vec<(Option<&str>, Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find("${") {
        let start = at + open;
        let inner = &text[start + 2..];
        let (name, end) = match inner.find('}') {
            Some(close) => (Some(&inner[..close]), start + 2 + close + 1),
            None => (None, text.len()),
        };
        let name = name.filter(|name| !name.is_empty() && name.chars().all(crate::rules::names::is_name_part));
        found.push((name, start..end));
        at = end;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_places() {
        assert_eq!(placeholders("a/${env}/${x y}"), [(Some("env"), 2..8), (None, 9..15)]);
        assert_eq!(placeholders("${open"), [(None, 0..6)]);
        assert!(placeholders("$a {b}").is_empty());
    }
}
