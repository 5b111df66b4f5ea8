//! Every file says first what it owns.

use super::{Fault, Source};

pub fn check(source: &Source) -> Vec<Fault> {
    let first = source.lines.first().map(String::as_str).unwrap_or_default();
    match first.strip_prefix("//!") {
        Some(text) if !text.trim().is_empty() => Vec::new(),
        _ => vec![Fault::at(source, 1, "the file does not start with a `//!` line that says what it owns")],
    }
}

#[cfg(test)]
mod tests {
    use super::{Source, check};

    #[test]
    fn a_file_without_a_header_fails() {
        assert!(check(&Source::new("a.rs", "//! Reads events.\nuse b;\n")).is_empty());
        assert_eq!(check(&Source::new("a.rs", "use b;\n")).len(), 1);
        assert_eq!(check(&Source::new("a.rs", "//!\n")).len(), 1);
    }
}
