//! Literals: numbers, texts, f-strings.

use num_bigint::BigInt;
use num_traits::Num;
use ruff_python_ast::{
    ConversionFlag, ExprFString, ExprNumberLiteral, FStringPart, InterpolatedStringElement, InterpolatedStringElements,
    Number,
};
use ruff_text_size::Ranged;

use super::{Compiler, span};
use crate::node::{Node, TextPart};
use crate::value::Value;

impl Compiler<'_> {
    pub(super) fn number(&mut self, literal: &ExprNumberLiteral) -> Node {
        match &literal.value {
            Number::Float(number) => Node::Const(Value::Float(*number)),
            Number::Int(number) => match number.as_i64() {
                Some(number) => Node::Const(Value::Int(number)),
                None => self.big(&number.to_string(), span(literal.range())),
            },
            Number::Complex { .. } => self.unsupported(
                span(literal.range()),
                "complex numbers are not supported",
                "use an integer or a float",
            ),
        }
    }

    fn big(&mut self, text: &str, at: std::ops::Range<usize>) -> Node {
        let plain = text.replace('_', "").to_lowercase();
        let (radix, digits) = match plain.get(..2) {
            Some("0x") => (16, &plain[2..]),
            Some("0o") => (8, &plain[2..]),
            Some("0b") => (2, &plain[2..]),
            _ => (10, plain.as_str()),
        };
        if digits.len() > 4300 {
            return self.unsupported(at, "the number has more than 4300 digits", "use a smaller number");
        }
        match BigInt::from_str_radix(digits, radix) {
            Ok(number) => Node::Const(Value::big(number)),
            Err(_) => self.unsupported(at, "the number cannot be read", "write it in decimal"),
        }
    }

    pub(super) fn f_string(&mut self, literal: &ExprFString) -> Node {
        let mut parts = Vec::new();
        for part in literal.value.iter() {
            match part {
                FStringPart::Literal(text) => parts.push(TextPart::Literal(text.value.clone())),
                FStringPart::FString(inner) => self.text_parts(&inner.elements, &mut parts),
            }
        }
        Node::Text(parts.into_boxed_slice())
    }

    fn text_parts(&mut self, elements: &InterpolatedStringElements, parts: &mut Vec<TextPart>) {
        for element in elements {
            match element {
                InterpolatedStringElement::Literal(text) => parts.push(TextPart::Literal(text.value.clone())),
                InterpolatedStringElement::Interpolation(value) => {
                    let mut conversion = value.conversion.to_char();
                    if let Some(debug) = &value.debug_text {
                        let start = format!("{}{}{}", debug.leading(), debug.expression(), debug.trailing());
                        parts.push(TextPart::Literal(start.into_boxed_str()));
                        if value.conversion == ConversionFlag::None && value.format_spec.is_none() {
                            conversion = Some('r');
                        }
                    }
                    let node = self.expression(&value.expression);
                    let format = value.format_spec.as_ref().map(|spec| {
                        let mut inner = Vec::new();
                        self.text_parts(&spec.elements, &mut inner);
                        inner.into_boxed_slice()
                    });
                    parts.push(TextPart::Value { node, conversion, format });
                }
            }
        }
    }
}
