//! Patterns that are written as literals: read once, and reported when they cannot be read.

use ruff_python_ast::{ExprCall, Operator};
use ruff_text_size::Ranged;

use super::{Compiler, span};
use crate::builtins::Builtin;
use crate::error::CompileErrorKind;
use crate::modules;
use crate::node::{Arguments, Element, Node};
use crate::value::Value;

impl Compiler<'_> {
    /// Puts the pattern in the place of its text and flags, where `re` is called with both written out.
    pub(super) fn literal_pattern(&mut self, callee: &Builtin, call: &ExprCall, arguments: &mut Arguments) {
        let Some(flags_place) = modules::flags_place(callee) else { return };
        let spread = arguments.positional.iter().any(|element| matches!(element, Element::Spread(_)));
        if spread || arguments.keywords.iter().any(|(name, _)| name.is_none()) {
            return;
        }
        let Some(Element::One(Node::Const(Value::Str(source)))) = arguments.positional.first() else { return };
        let named = arguments.keywords.iter().find(|(name, _)| name.as_deref() == Some("flags")).map(|(_, node)| node);
        let placed = match arguments.positional.get(flags_place) {
            Some(Element::One(node)) => Some(node),
            _ => None,
        };
        let Some(flags) = named.or(placed).map_or(Some(0), fold) else { return };
        match modules::of_literal(source, flags) {
            Ok(Some(pattern)) => {
                arguments.positional[0] = Element::One(Node::Const(pattern));
                arguments.keywords =
                    take(&mut arguments.keywords).filter(|(name, _)| name.as_deref() != Some("flags")).collect();
                let kept = take(&mut arguments.positional).enumerate().filter(|(place, _)| *place != flags_place);
                arguments.positional = kept.map(|(_, element)| element).collect();
            }
            Ok(None) => {}
            Err(message) => {
                let at = call.arguments.args.first().map_or_else(|| call.range(), Ranged::range);
                let fault = self.fault(
                    CompileErrorKind::Pattern,
                    span(at),
                    format!("the regular expression cannot be read: {message}"),
                );
                fault.help = Some("write it as Python's `re` has it, in a raw text: `r'…'`".to_owned());
            }
        }
    }
}

fn take<T>(items: &mut Box<[T]>) -> impl Iterator<Item = T> {
    std::mem::take(items).into_vec().into_iter()
}

/// Flags that are known: a number, or several joined by `|`.
fn fold(node: &Node) -> Option<u32> {
    match node {
        Node::Const(Value::Int(flags)) => u32::try_from(*flags).ok(),
        Node::Binary(Operator::BitOr, sides) => Some(fold(&sides.0)? | fold(&sides.1)?),
        _ => None,
    }
}
