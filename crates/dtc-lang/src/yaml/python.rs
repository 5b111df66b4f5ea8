//! Python's text of what YAML read, as Blurr makes it of a list or mapping where an expression belongs.

use super::node::{Data, Node};
use super::scalar::Plain;

/// What `repr` gives for the value that PyYAML makes of the node.
pub fn python_text(node: &Node) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: &Node, out: &mut String) {
    match &node.data {
        Data::Scalar(scalar) => match scalar.resolve() {
            Plain::Null => out.push_str("None"),
            Plain::Bool(value) => out.push_str(if value { "True" } else { "False" }),
            Plain::Int(Some(value)) => out.push_str(&value.to_string()),
            Plain::Float(value) if value.is_finite() => out.push_str(&format!("{value:?}")),
            Plain::Int(None) | Plain::Float(_) | Plain::Timestamp | Plain::Text => write_text(&scalar.text, out),
        },
        Data::Sequence(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write(item, out);
            }
            out.push(']');
        }
        Data::Mapping(pairs) => {
            out.push('{');
            for (index, pair) in pairs.iter().enumerate() {
                out.push_str(if index > 0 { ", " } else { "" });
                write(&pair.key, out);
                out.push_str(": ");
                write(&pair.value, out);
            }
            out.push('}');
        }
    }
}

fn write_text(text: &str, out: &mut String) {
    let mark = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    out.push(mark);
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == mark => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out.push(mark);
}
