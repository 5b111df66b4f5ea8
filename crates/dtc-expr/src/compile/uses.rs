//! Where an expression names something, for definitions, uses and renaming in an editor.

use std::ops::Range;
use std::sync::Arc;

use super::names::Base;
use super::{Compiler, syntax};
use crate::node::Node;
use crate::scope::{FieldId, GroupId, Meaning, Scope, VariableId};
use crate::value::Value;

/// A name in an expression. `span` is in bytes of the text; of `['name']` it is what the quotes hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameUse {
    pub span: Range<usize>,
    pub target: NameTarget,
    /// Whether it stands in a lambda or a comprehension, beyond what that goes over first.
    pub nested: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NameTarget {
    Variable(VariableId),
    /// `source.device.os`: the variable and the names down to this one.
    Member(VariableId, Vec<Arc<str>>),
    Group(GroupId),
    Field(GroupId, FieldId),
    /// A document.
    Namespace(Arc<str>),
    /// An import or a builtin.
    Value(Arc<str>),
}

/// Every name of the expression that means something in the scope, in the order of the text. `None`: the
/// text cannot be parsed.
pub fn name_uses(text: &str, scope: &Scope) -> Option<Vec<NameUse>> {
    let trimmed = text.trim();
    let shift = text.len() - text.trim_start().len();
    super::nesting::check(trimmed).ok()?;
    let expression = syntax::parse(trimmed).ok()?;
    let mut compiler = Compiler { uses: Some(Vec::new()), ..Compiler::new(scope) };
    compiler.expression(&expression);
    let mut uses = compiler.uses.unwrap_or_default();
    for found in &mut uses {
        let span = within_quotes(trimmed, found.span.clone());
        found.span = span.start + shift..span.end + shift;
    }
    uses.sort_by_key(|found| found.span.start);
    Some(uses)
}

fn within_quotes(text: &str, span: Range<usize>) -> Range<usize> {
    let quoted = text.get(span.clone()).is_some_and(|part| part.len() > 1 && part.starts_with(['\'', '"']));
    if quoted { span.start + 1..span.end - 1 } else { span }
}

impl Compiler<'_> {
    pub(super) fn note_name(&mut self, name: &str, meaning: &Meaning, span: Range<usize>) {
        let Some(uses) = &mut self.uses else { return };
        let target = match meaning {
            Meaning::Variable(id) => NameTarget::Variable(*id),
            Meaning::Group(group) => NameTarget::Group(group.id),
            Meaning::Namespace(_) => NameTarget::Namespace(Arc::from(name)),
            Meaning::Field(group, field, _) => NameTarget::Field(*group, *field),
            Meaning::Value(_) => NameTarget::Value(Arc::from(name)),
        };
        uses.push(NameUse { span, target, nested: !self.locals.is_empty() });
    }

    pub(super) fn note_member(&mut self, base: &Base, name: &str, span: Range<usize>) {
        let Some(uses) = &mut self.uses else { return };
        let target = match base {
            Base::Group(group, _) => group.field(name).map(|(field, _)| NameTarget::Field(group.id, field)),
            Base::Namespace(members, _) => {
                members.iter().find(|(known, _)| **known == *name).map(|(_, group)| NameTarget::Group(group.id))
            }
            Base::Node(node, _) => path(node).map(|(variable, mut names)| {
                names.push(Arc::from(name));
                NameTarget::Member(variable, names)
            }),
        };
        let nested = !self.locals.is_empty();
        uses.extend(target.map(|target| NameUse { span, target, nested }));
    }
}

/// The names behind a variable that a node reads.
fn path(node: &Node) -> Option<(VariableId, Vec<Arc<str>>)> {
    match node {
        Node::Variable(id) => Some((*id, Vec::new())),
        Node::VariableMember(id, member, _) => Some((*id, vec![member.name.clone()])),
        Node::Attribute(inner, member) => {
            let (id, mut names) = path(inner)?;
            names.push(member.name.clone());
            Some((id, names))
        }
        Node::Index(parts) => {
            let (inner, Node::Const(Value::Str(key))) = &**parts else { return None };
            let (id, mut names) = path(inner)?;
            names.push(key.clone());
            Some((id, names))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field_type::FieldType;

    fn said(text: &str) -> Vec<String> {
        let mut scope = Scope::new();
        let fields = [(Arc::from("wins"), FieldType::Integer), (Arc::from("os-version"), FieldType::String)];
        scope.add_group("game", GroupId(0), &fields);
        scope.add_namespace("stream", &[("game".into(), GroupId(0), fields.to_vec())]);
        scope.add_variable("source", VariableId(0));
        scope.add_bare_fields(GroupId(0), &fields);
        let uses = name_uses(text, &scope).unwrap();
        uses.iter().map(|found| format!("{} {:?}", &text[found.span.clone()], found.target)).collect()
    }

    #[test]
    fn names_and_members_say_what_they_are() {
        assert_eq!(
            said(" game.wins + wins"),
            ["game Group(GroupId(0))", "wins Field(GroupId(0), FieldId(0))", "wins Field(GroupId(0), FieldId(0))",]
        );
        assert_eq!(
            said("stream.game['os-version']"),
            ["stream Namespace(\"stream\")", "game Group(GroupId(0))", "os-version Field(GroupId(0), FieldId(1))",]
        );
        assert_eq!(
            said("source.device['os']"),
            [
                "source Variable(VariableId(0))",
                "device Member(VariableId(0), [\"device\"])",
                "os Member(VariableId(0), [\"device\", \"os\"])",
            ]
        );
        assert_eq!(said("[x for x in source.l if len(x) > 1]").len(), 3, "locals are nobody else's");
    }
}
