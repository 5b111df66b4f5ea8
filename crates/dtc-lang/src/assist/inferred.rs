//! The type of the part of an expression at a place.

use dtc_expr::Type;

use crate::check::{Project, read};
use crate::document::Expression;
use crate::rules::expressions;
use crate::text::Span;

/// A part of an expression and what it can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeAt {
    pub span: Span,
    /// Shown as Python names it: `int`, `str or None`, `list of float`.
    pub of: Type,
}

/// The smallest part of an expression around `offset` that is a value, and its type. Nothing where the
/// expression does not compile or its type is not known.
pub fn infer_at(text: &str, offset: u32, project: &Project) -> Option<TypeAt> {
    let document = read(text, project)?;
    let parts = expressions::check(&document, project, &mut Vec::new());
    let holds = |expression: &Expression| expression.span.start <= offset && offset <= expression.span.end;
    let part = parts.into_iter().find(|part| holds(part.expression))?;
    let (place, of) = part.inferred.type_at(part.expression.byte_at(offset))?;
    let span = part.expression.place(place);
    (!of.is_any()).then(|| TypeAt { span, of: of.clone() })
}
