//! Types of names, members and items, by what the compiler found the names to mean.

use ruff_python_ast::{Expr, ExprAttribute, ExprName, ExprSubscript};
use ruff_text_size::Ranged;

use super::types::{Kinds, Type};
use super::{FieldRead, Inference, Seen, returns};
use crate::compile::{Meant, span};
use crate::methods::Kind;
use crate::scope::{FieldId, GroupId, VariableId};

impl<'i> Inference<'i> {
    pub(super) fn name(&mut self, name: &ExprName) -> Type {
        self.meaning(name.range.start().to_usize(), span(name.range)).unwrap_or(Type::ANY)
    }

    /// `part`: the whole that the name ends.
    fn meaning(&mut self, place: usize, part: std::ops::Range<usize>) -> Option<Type> {
        Some(match self.meant(place)? {
            Meant::Local(slot) => self.locals.get(usize::from(*slot)).cloned().unwrap_or(Type::ANY),
            Meant::Variable(variable) => self.around.type_of(*variable, &[]),
            Meant::Field(group, field, kind) => {
                self.found.field_reads.push(FieldRead { span: part, field: (*group, *field) });
                Type::of_field(*kind, self.around.mode())
            }
            Meant::Constant(value) => Type::of_value(value),
        })
    }

    /// The field that an expression is.
    pub(super) fn field(&self, expression: &Expr) -> Option<(GroupId, FieldId)> {
        match self.meant(name_place(expression)?)? {
            Meant::Field(group, field, _) => Some((*group, *field)),
            _ => None,
        }
    }

    /// The variable and the names behind it that an expression is: `source.a['b']`.
    pub(super) fn path<'e>(&self, expression: &'e Expr) -> Option<(VariableId, Vec<&'e str>)> {
        let mut path = Vec::new();
        let mut at = expression;
        loop {
            match at {
                Expr::Name(name) => {
                    let Some(Meant::Variable(variable)) = self.meant(name.range.start().to_usize()) else {
                        return None;
                    };
                    path.reverse();
                    return Some((*variable, path));
                }
                Expr::Attribute(attribute) => {
                    // A dict's own methods hide keys of their names.
                    if Kind::Dict.method_names().any(|method| method == attribute.attr.as_str()) {
                        return None;
                    }
                    path.push(attribute.attr.as_str());
                    at = &attribute.value;
                }
                Expr::Subscript(subscript) => {
                    let Expr::StringLiteral(key) = &*subscript.slice else { return None };
                    path.push(key.value.to_str());
                    at = &subscript.value;
                }
                _ => return None,
            }
        }
    }

    pub(super) fn attribute(&mut self, attribute: &ExprAttribute, whole: &Expr) -> Type {
        if let Some(known) = self.meaning(attribute.attr.range.start().to_usize(), span(attribute.range)) {
            return known;
        }
        if let Some((variable, path)) = self.path(whole) {
            let known = self.around.type_of(variable, &path);
            if !known.is_any() {
                return known;
            }
        }
        let of = self.expression(&attribute.value).of;
        returns::property(&of, &attribute.attr)
    }

    pub(super) fn subscript(&mut self, subscript: &ExprSubscript, whole: &Expr) -> Seen {
        if let Expr::StringLiteral(key) = &*subscript.slice {
            if let Some(known) = self.meaning(key.range.start().to_usize(), span(subscript.range)) {
                return known.into();
            }
            if let Some((variable, path)) = self.path(whole) {
                return self.around.type_of(variable, &path).into();
            }
        }
        let of = self.expression(&subscript.value);
        if let Expr::Slice(slice) = &*subscript.slice {
            for bound in [&slice.lower, &slice.upper, &slice.step].into_iter().flatten() {
                self.expression(bound);
            }
            let sequence = of.of.present().only(Kinds::LIST.with(Kinds::TUPLE).with(Kinds::STR));
            return if sequence { of.of.without_none().into() } else { Type::ANY.into() };
        }
        self.expression(&subscript.slice);
        match of.of.present() {
            kinds if kinds.only(Kinds::LIST.with(Kinds::TUPLE).with(Kinds::DICT)) => of.of.item().into(),
            Kinds::STR => Kinds::STR.into(),
            _ => Type::ANY.into(),
        }
    }
}

/// Where the name begins that says what an expression is.
fn name_place(expression: &Expr) -> Option<usize> {
    Some(match expression {
        Expr::Name(name) => name.range.start().to_usize(),
        Expr::Attribute(attribute) => attribute.attr.range.start().to_usize(),
        Expr::Subscript(subscript) => match &*subscript.slice {
            Expr::StringLiteral(key) => key.range().start().to_usize(),
            _ => return None,
        },
        _ => return None,
    })
}
