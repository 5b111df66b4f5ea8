//! The lines of a text that fold: parts of more than one line, and runs of comments.

use crate::text::LineIndex;
use crate::yaml::{self, Data, Node};

/// First and last line, from 1; one fold a line, the longest, in the order of the text.
pub fn folds(text: &str) -> Vec<(u32, u32)> {
    let index = LineIndex::new(text);
    let mut folds = comments(text, &index);
    if let (Some(root), _) = yaml::parse(text) {
        walk(&root, &mut |start, end| {
            let line = |offset| index.line_column(text, offset).0;
            folds.push((line(start), line(end.saturating_sub(1).max(start))));
        });
    }
    folds.retain(|(first, last)| first < last);
    folds.sort_unstable_by_key(|(first, last)| (*first, std::cmp::Reverse(*last)));
    folds.dedup_by_key(|(first, _)| *first);
    folds
}

/// Tells where parts start and end. The value of a key folds up to the key.
fn walk(node: &Node, tell: &mut impl FnMut(u32, u32)) {
    match &node.data {
        Data::Scalar(_) => {}
        Data::Sequence(items) => {
            for item in items {
                tell(item.span.start, item.span.end);
                walk(item, tell);
            }
        }
        Data::Mapping(pairs) => {
            for pair in pairs {
                tell(pair.key.span.start, pair.value.span.end);
                walk(&pair.value, tell);
            }
        }
    }
}

fn comments(text: &str, index: &LineIndex) -> Vec<(u32, u32)> {
    let mut folds = Vec::new();
    let mut first = None;
    // One line past the end closes a run.
    for line in 1..=index.lines() + 1 {
        let is_comment = index.line(text, line).trim_start().starts_with('#');
        match (first, is_comment) {
            (None, true) => first = Some(line),
            (Some(start), false) => {
                folds.push((start, line - 1));
                first = None;
            }
            _ => {}
        }
    }
    folds
}
