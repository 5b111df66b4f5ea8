//! The spanned tree of a YAML text: duplicate keys survive, every part knows its place.

use crate::text::Span;

#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub data: Data,
    /// Place in the document. Of a scalar: as written, quotes included.
    pub span: Span,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Data {
    Scalar(Scalar),
    Sequence(Vec<Node>),
    Mapping(Vec<Pair>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct Scalar {
    /// Escapes resolved, lines folded.
    pub text: String,
    pub style: Style,
    /// The suffix of a tag of YAML's own, e.g. `str`.
    pub tag: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plain,
    SingleQuoted,
    DoubleQuoted,
    /// `|` or `>`
    Block,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    pub key: Node,
    pub value: Node,
}

impl Node {
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.data {
            Data::Scalar(scalar) => Some(scalar),
            Data::Sequence(_) | Data::Mapping(_) => None,
        }
    }
    pub fn mapping(&self) -> Option<&[Pair]> {
        match &self.data {
            Data::Mapping(pairs) => Some(pairs),
            Data::Scalar(_) | Data::Sequence(_) => None,
        }
    }
    pub fn sequence(&self) -> Option<&[Node]> {
        match &self.data {
            Data::Sequence(items) => Some(items),
            Data::Scalar(_) | Data::Mapping(_) => None,
        }
    }
    /// The value of a mapping's key, whatever the case of its letters.
    pub fn value(&self, key: &str) -> Option<&Node> {
        let called = |pair: &&Pair| pair.key.scalar().is_some_and(|name| name.text.eq_ignore_ascii_case(key));
        self.mapping()?.iter().find(called).map(|pair| &pair.value)
    }
    /// The text of a mapping's key; nothing for lists and mappings.
    pub fn text_of(&self, key: &str) -> Option<&str> {
        self.value(key)?.scalar().map(|scalar| scalar.text.as_str())
    }
    /// Nothing was written: `Key:` alone, `~` or `null`.
    pub fn is_null(&self) -> bool {
        self.scalar().is_some_and(|scalar| matches!(scalar.resolve(), super::Plain::Null))
    }
    /// Nodes in this tree, itself included. Depth is bounded where trees are built.
    pub fn size(&self) -> usize {
        1 + match &self.data {
            Data::Scalar(_) => 0,
            Data::Sequence(items) => items.iter().map(Node::size).sum(),
            Data::Mapping(pairs) => pairs.iter().map(|pair| pair.key.size() + pair.value.size()).sum(),
        }
    }
    /// Levels of this tree.
    pub fn depth(&self) -> usize {
        1 + match &self.data {
            Data::Scalar(_) => 0,
            Data::Sequence(items) => items.iter().map(Node::depth).max().unwrap_or(0),
            Data::Mapping(pairs) => {
                pairs.iter().map(|pair| pair.key.depth().max(pair.value.depth())).max().unwrap_or(0)
            }
        }
    }
}
