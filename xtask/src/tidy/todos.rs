//! Whoever leaves something to do puts a name to it: `TODO(name)`.

use super::{Fault, Source};

// Put together, so that this file passes.
const WORDS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

pub fn check(source: &Source) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, line) in source.lines.iter().enumerate() {
        // A comment is what is there in the line and blank in the code.
        let comment = line.find("//").filter(|start| source.code[at].get(*start..*start + 2) == Some("  "));
        let Some(comment) = comment.map(|start| &line[start..]) else {
            continue;
        };
        let unnamed = WORDS.iter().find(|word| mentions(comment, word) && !comment.contains(&format!("{word}(")));
        faults.extend(unnamed.map(|word| Fault::at(source, at + 1, format!("{word} without a name"))));
    }
    faults
}

fn mentions(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::{Source, WORDS, check};

    #[test]
    fn an_unnamed_one_fails() {
        let faults = |rest: &str| check(&Source::new("a.rs", &format!("let a = 1; // {}{rest}\n", WORDS[0]))).len();
        assert_eq!(faults(": later"), 1);
        assert_eq!(faults("(anna): later"), 0);
        assert!(check(&Source::new("a.rs", &format!("let a = \"{} list\";\n", WORDS[0]))).is_empty());
    }
}
