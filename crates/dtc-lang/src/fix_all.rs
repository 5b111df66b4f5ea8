//! Every cure of a document at once: the fixes of its errors and warnings, until none is left that has
//! one. Refuses the fixes of notes, which are matters of taste.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::check::{Project, check};
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::text::Span;

/// A cure can uncover the next fault; what has not come to rest by then never does.
const ROUNDS: usize = 50;

/// The cured text, and the titles of the fixes in the order they were applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    pub text: String,
    pub titles: Vec<String>,
}

/// Where cures undo one another or never end, the text is left as it was when it had the fewest faults.
pub fn fix_all(text: &str, project: &Project) -> Fixed {
    let mut fixed = Fixed { text: text.to_owned(), titles: Vec::new() };
    let mut met = HashSet::from([hash(text)]);
    let mut best: Option<(usize, Fixed)> = None;
    for _ in 0..ROUNDS {
        let (_, diagnostics) = check(&fixed.text, project);
        let grave = diagnostics.into_iter().filter(|diagnostic| diagnostic.severity != Severity::Note);
        let grave: Vec<Diagnostic> = grave.collect();
        let faults = grave.len();
        let fixes = apart(grave.into_iter().filter_map(|diagnostic| diagnostic.fix).collect());
        let text = apply(&fixed.text, &fixes);
        if text == fixed.text {
            return fixed;
        }
        if best.as_ref().is_none_or(|(fewest, _)| faults < *fewest) {
            best = Some((faults, fixed.clone()));
        }
        fixed.titles.extend(fixes.into_iter().map(|fix| fix.title));
        fixed.text = text;
        if !met.insert(hash(&fixed.text)) {
            break;
        }
    }
    best.map_or(fixed, |(_, best)| best)
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// The fixes that touch no place of an earlier one; the others have their turn in the next round.
fn apart(fixes: Vec<Fix>) -> Vec<Fix> {
    let mut taken: Vec<Span> = Vec::new();
    let mut chosen = Vec::new();
    for fix in fixes {
        let touches = |span: &Span| taken.iter().any(|other| span.start <= other.end && other.start <= span.end);
        if !fix.edits.iter().any(|(span, _)| touches(span)) {
            taken.extend(fix.edits.iter().map(|(span, _)| *span));
            chosen.push(fix);
        }
    }
    chosen
}

fn apply(text: &str, fixes: &[Fix]) -> String {
    let mut edits: Vec<&(Span, String)> = fixes.iter().flat_map(|fix| &fix.edits).collect();
    edits.sort_by_key(|(span, _)| std::cmp::Reverse((span.start, span.end)));
    let mut out = text.to_owned();
    for (span, new) in edits {
        let range = span.start as usize..span.end as usize;
        if out.get(range.clone()).is_some() {
            out.replace_range(range, new);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cures_follow_one_another() {
        let text = "Tyoe: ProductML:DTC:Streeming\nVersion: '2018-03-09'\nName: x\nIdentity: source.user = 1\n";
        let fixed = fix_all(text, &Project::default());
        let expected = "Type: ProductML:DTC:Streaming\nVersion: '2018-03-01'\nName: x\nIdentity: source.user == 1\n";
        assert_eq!(fixed.text, expected);
        assert_eq!(fixed.titles.len(), 4);
        assert_eq!(fix_all(&fixed.text, &Project::default()).titles, Vec::<String>::new());
    }

    #[test]
    fn cures_that_undo_one_another_end() {
        let text = "Type: ProductML:DTC:Streaming\nStoresImport:\n  - { Module: a.b: ses\nVersion: '2018-03-01'\nName: st\n\
                    Import:\n  - { Module: c, Identifiers: [x.y\n\n    Fields source.u\nTime: parse(source.t)\n";
        let fixed = fix_all(text, &Project::default());
        assert!(fixed.titles.len() < 10, "{:?}", fixed.titles);
        assert_eq!(fix_all(&fixed.text, &Project::default()), Fixed { text: fixed.text.clone(), titles: Vec::new() });
    }
}
