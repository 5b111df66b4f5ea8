//! One way to lay out a document: indentation, blanks and empty lines. Comments stay where they belong, what
//! is written keeps its meaning, and a laid out text is left as it is. Refuses a text that YAML cannot read.

mod layout;

use crate::diagnostic::{Diagnostic, Severity};
use crate::yaml::{self, Data, Node};

/// The text laid out, or what keeps it from being read.
pub fn format(text: &str) -> Result<String, Vec<Diagnostic>> {
    let (root, found) = yaml::parse(text);
    let errors: Vec<Diagnostic> =
        found.into_iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
    let Some(root) = root.filter(|_| errors.is_empty()) else { return Err(errors) };
    if root.mapping().is_none() {
        // No document of ours, whatever it is.
        return Ok(text.to_owned());
    }
    let laid_out = layout::layout(text, &root);
    // What a rare notation would make of the new indentation is not worth a change of meaning.
    let same =
        matches!(yaml::parse(&laid_out), (Some(after), found) if found.is_empty() && means_the_same(&root, &after));
    Ok(if same { laid_out } else { text.to_owned() })
}

fn means_the_same(a: &Node, b: &Node) -> bool {
    match (&a.data, &b.data) {
        (Data::Scalar(a), Data::Scalar(b)) => a == b,
        (Data::Sequence(a), Data::Sequence(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| means_the_same(a, b))
        }
        (Data::Mapping(a), Data::Mapping(b)) => {
            let same = |(a, b): (&yaml::Pair, &yaml::Pair)| {
                means_the_same(&a.key, &b.key) && means_the_same(&a.value, &b.value)
            };
            a.len() == b.len() && a.iter().zip(b).all(same)
        }
        _ => false,
    }
}
