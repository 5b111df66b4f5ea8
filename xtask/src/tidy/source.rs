//! A source file as the rules see it: its lines, the same lines with comments and texts blanked,
//! and which of them are tests. A scan, no parser: it only has to be right about rustfmt's output.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

pub struct Source {
    /// From the checkout's root.
    pub path: String,
    pub lines: Vec<String>,
    /// The lines with every comment and every text's content turned to spaces.
    pub code: Vec<String>,
    /// Whether a line belongs to a test.
    pub test: Vec<bool>,
}

/// Every Rust file of ours.
pub fn all(root: &Path) -> Result<Vec<Source>> {
    let mut sources = Vec::new();
    for folder in ["benches", "crates", "src-tauri", "tests", "ui", "xtask"] {
        for file in crate::files::with_extension(&root.join(folder), "rs")? {
            let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let path = file.strip_prefix(root).unwrap_or(&file).to_string_lossy().into_owned();
            sources.push(Source::new(path, &text));
        }
    }
    Ok(sources)
}

impl Source {
    pub fn new(path: impl Into<String>, text: &str) -> Self {
        let path = path.into();
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        let mut code: Vec<String> = blank(text).lines().map(str::to_owned).collect();
        code.resize(lines.len(), String::new());
        let only_tests = path.split('/').any(|part| ["tests", "benches", "examples"].contains(&part));
        let test = if only_tests { vec![true; lines.len()] } else { test_lines(&code) };
        Self { path, lines, code, test }
    }

    /// Lines of code outside tests, with their numbers from 1.
    pub fn shipped(&self) -> impl Iterator<Item = (usize, &str)> {
        self.code.iter().enumerate().filter(|(at, _)| !self.test[*at]).map(|(at, line)| (at + 1, line.as_str()))
    }
}

/// The line that closes the first brace opened at or after `start`.
pub fn closing(code: &[String], start: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (at, line) in code.iter().enumerate().skip(start) {
        for letter in line.chars() {
            match letter {
                '{' => depth += 1,
                '}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        return Some(at);
                    }
                }
                ';' if depth == 0 => return None,
                _ => {}
            }
        }
    }
    None
}

fn test_lines(code: &[String]) -> Vec<bool> {
    let mut test = vec![false; code.len()];
    let mut at = 0;
    while at < code.len() {
        let line = code[at].trim();
        if line.starts_with("#[cfg(test)]") || line.starts_with("#[test]") {
            let end = closing(code, at).unwrap_or(at + 1).min(code.len() - 1);
            test[at..=end].fill(true);
            at = end;
        }
        at += 1;
    }
    test
}

/// Turns comments, texts and letters into spaces; keeps every line break.
fn blank(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < letters.len() {
        let end = match skipped(&letters, at) {
            Some(end) => end,
            None => {
                out.push(letters[at]);
                at += 1;
                continue;
            }
        };
        out.extend(letters[at..end].iter().map(|letter| if *letter == '\n' { '\n' } else { ' ' }));
        at = end;
    }
    out
}

/// The end of the comment, text or letter that starts here.
fn skipped(letters: &[char], at: usize) -> Option<usize> {
    let next = letters.get(at + 1).copied();
    let in_word = at > 0 && (letters[at - 1].is_alphanumeric() || letters[at - 1] == '_');
    match letters[at] {
        '/' if next == Some('/') => Some(until(letters, at, |letter| letter == '\n')),
        '/' if next == Some('*') => Some(block_comment(letters, at)),
        '"' => Some(plain_text(letters, at)),
        'r' if !in_word => raw_text(letters, at + 1),
        'b' | 'c' if !in_word && next == Some('r') => raw_text(letters, at + 2),
        '\'' => letter(letters, at),
        _ => None,
    }
}

fn until(letters: &[char], from: usize, stop: impl Fn(char) -> bool) -> usize {
    letters[from..].iter().position(|letter| stop(*letter)).map_or(letters.len(), |length| from + length)
}

fn block_comment(letters: &[char], from: usize) -> usize {
    let (mut at, mut depth) = (from, 0usize);
    while at < letters.len() {
        match (letters[at], letters.get(at + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                at += 1;
            }
            ('*', Some('/')) => {
                depth -= 1;
                at += 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    letters.len()
}

fn plain_text(letters: &[char], from: usize) -> usize {
    let mut at = from + 1;
    while at < letters.len() {
        match letters[at] {
            '\\' => at += 1,
            '"' => return at + 1,
            _ => {}
        }
        at += 1;
    }
    letters.len()
}

fn raw_text(letters: &[char], from: usize) -> Option<usize> {
    let hashes = until(letters, from, |letter| letter != '#') - from;
    if letters.get(from + hashes) != Some(&'"') {
        return None;
    }
    let mut at = from + hashes + 1;
    while at < letters.len() {
        let closes = letters[at] == '"'
            && letters[at + 1..].iter().take(hashes).filter(|letter| **letter == '#').count() == hashes;
        if closes {
            return Some(at + 1 + hashes);
        }
        at += 1;
    }
    Some(letters.len())
}

/// `'a'` and `'\n'`, but no lifetime.
fn letter(letters: &[char], at: usize) -> Option<usize> {
    if letters.get(at + 1) == Some(&'\\') {
        // The letter after the backslash may be a quote itself.
        let end = until(letters, (at + 3).min(letters.len()), |letter| letter == '\'');
        return Some((end + 1).min(letters.len()));
    }
    (letters.get(at + 2) == Some(&'\'')).then_some(at + 3)
}

#[cfg(test)]
mod tests {
    use super::{Source, blank, closing};

    #[test]
    fn blanks_comments_texts_and_letters() {
        let text = "let a = \"{\\\"\"; // {\nlet b = r#\"\"{\"#; /* { /* } */ */ let c: &'static str = f('{', '\\'');";
        let code = blank(text);
        assert!(!code.contains('{') && !code.contains('}'), "{code}");
        assert!(code.contains("&'static str"));
        assert_eq!(code.lines().count(), 2);
    }

    #[test]
    fn knows_which_lines_are_tests() {
        let source =
            Source::new("crates/a/src/a.rs", "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n");
        assert_eq!(source.test, [false, true, true, true, true, false]);
        assert!(Source::new("tests/e2e/src/lib.rs", "fn a() {}").test[0]);
    }

    #[test]
    fn finds_the_closing_brace() {
        let code: Vec<String> = "fn a() {\n if b {\n }\n}\nfn c();".lines().map(str::to_owned).collect();
        assert_eq!(closing(&code, 0), Some(3));
        assert_eq!(closing(&code, 4), None);
    }
}
