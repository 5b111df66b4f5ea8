//! Single values: texts, names, lists, expressions.

use dtc_expr::Mode;

use super::{Attributes, Entry, Reader, first_line};
use crate::codes;
use crate::diagnostic::{Diagnostic, Severity, quote};
use crate::document::{Expression, Name, Spanned};
use crate::rules::names::{self, Named};
use crate::text::Span;
use crate::yaml::{self, Data, Node, Plain};

impl Reader<'_> {
    /// A text; numbers and dates count as the text they are written as.
    pub fn text_of(&mut self, name: &str, node: &Node) -> Option<Name> {
        let Some(scalar) = node.scalar() else {
            let span = first_line(self.text, node.span);
            self.report(
                Diagnostic::error(
                    codes::WRONG_SHAPE,
                    format!("`{name}` must be a text"),
                    span,
                    "this is a list or mapping",
                )
                .help("Write one text on the line"),
            );
            return None;
        };
        let (span, _) = yaml::content(self.text, node);
        Some(Spanned { value: scalar.text.clone(), span })
    }

    pub fn text_attribute(&mut self, attributes: &Attributes, name: &str) -> Option<Name> {
        let entry = attributes.get(name)?;
        self.text_of(name, &entry.value)
    }

    /// The `Name` of a part, checked. Empty where it is missing, which has been reported.
    pub fn name(&mut self, attributes: &Attributes, named: Named) -> Name {
        match self.text_attribute(attributes, "Name") {
            Some(name) => {
                names::check(self, &name, named);
                name
            }
            None => Spanned { value: String::new(), span: attributes.place },
        }
    }

    /// The items of a list attribute. A single item without its `-` is reported and taken.
    pub fn items<'n>(&mut self, attributes: &'n Attributes, name: &str) -> &'n [Node] {
        let Some(entry) = attributes.get(name) else { return &[] };
        match &entry.value.data {
            Data::Sequence(items) => {
                if items.is_empty() {
                    self.report(
                        Diagnostic::error(
                            codes::EMPTY_ATTRIBUTE,
                            format!("`{name}` of {} has no items", attributes.owner),
                            entry.value.span,
                            "the list is empty",
                        )
                        .help("Add items, or delete the line where it is optional"),
                    );
                }
                items
            }
            Data::Mapping(_) => {
                let span = entry.key;
                self.report(
                    Diagnostic::error(
                        codes::WRONG_SHAPE,
                        format!("`{name}` must be a list"),
                        span,
                        "a single item follows, without `-`",
                    )
                    .help("Start each item with `- `"),
                );
                std::slice::from_ref(&*entry.value)
            }
            Data::Scalar(_) => {
                let span = first_line(self.text, entry.value.span);
                self.report(
                    Diagnostic::error(
                        codes::WRONG_SHAPE,
                        format!("`{name}` must be a list"),
                        span,
                        "this is a single value",
                    )
                    .help("Write the items below it, each starting with `- `"),
                );
                &[]
            }
        }
    }

    /// An expression that must be there; where it is missing or unreadable it is empty and no check runs on it.
    pub fn expression(&mut self, attributes: &Attributes, name: &str) -> Expression {
        let nothing = Expression { text: String::new(), span: attributes.place, offsets: None };
        self.optional_expression(attributes, name).unwrap_or(nothing)
    }

    pub fn optional_expression(&mut self, attributes: &Attributes, name: &str) -> Option<Expression> {
        let entry = attributes.get(name)?;
        self.expression_of(name, entry)
    }

    fn expression_of(&mut self, name: &str, entry: &Entry) -> Option<Expression> {
        let node = &*entry.value;
        let Some(scalar) = node.scalar() else {
            return self.not_text(name, node);
        };
        let (span, offsets) = yaml::content(self.text, node);
        let changed = |text: &str| {
            let offsets = vec![span.start; text.len()];
            Expression { text: text.to_owned(), span, offsets: Some(offsets) }
        };
        if name == "Value" && self.mode == Mode::Blurr && is_falsy(scalar) {
            self.report(no_value_for_blurr(&scalar.text, span));
            return None;
        }
        match scalar.resolve() {
            Plain::Bool(value) => {
                let python = if value { "True" } else { "False" };
                if !scalar.text.eq_ignore_ascii_case(python) {
                    self.report(
                        Diagnostic::warning(
                            codes::NOT_TEXT,
                            format!("YAML reads {} as {python}", quote(&scalar.text)),
                            span,
                            format!("this means {python}"),
                        )
                        .help(format!("Write `{python}`, or put a text in both kinds of quotes"))
                        .replace(python),
                    );
                }
                Some(if scalar.text == python {
                    Expression { text: scalar.text.clone(), span, offsets }
                } else {
                    changed(python)
                })
            }
            Plain::Int(Some(value)) if needs_rewriting(&scalar.text) => Some(changed(&value.to_string())),
            Plain::Timestamp => {
                self.report(
                    Diagnostic::error(
                        codes::NOT_TEXT,
                        format!("YAML reads {} as a date", quote(&scalar.text)),
                        span,
                        "an expression is wanted",
                    )
                    .help("For this text as a value, put it in both kinds of quotes")
                    .fix("Put it in quotes", vec![(span, format!("\"'{}'\"", scalar.text))]),
                );
                None
            }
            _ if scalar.text.trim().is_empty() => {
                self.report(
                    Diagnostic::error(
                        codes::EMPTY_ATTRIBUTE,
                        format!("`{name}` is empty"),
                        first_line(self.text, node.span),
                        "an expression is wanted",
                    )
                    .help("For an empty text as a value, write `\"''\"`"),
                );
                None
            }
            _ => Some(Expression { text: scalar.text.clone(), span, offsets }),
        }
    }

    /// `Value: [x for x in y]` without quotes is a list for YAML; Blurr evaluates Python's text of that list.
    fn not_text(&mut self, name: &str, node: &Node) -> Option<Expression> {
        let written = node.span.of(self.text);
        let what = if node.sequence().is_some() { "list" } else { "mapping" };
        let diagnostic = Diagnostic::error(
            codes::NOT_TEXT,
            format!("YAML reads this `{name}` as a {what}"),
            first_line(self.text, node.span),
            "an expression is wanted",
        );
        let one_line = written.starts_with(['[', '{']) && !written.contains('\n');
        // In a flow mapping the rest of the expression stands outside the brackets; quotes for the part would not cure it.
        let diagnostic = diagnostic.help("Put the whole expression in quotes");
        let mut diagnostic = if one_line {
            diagnostic.fix("Put it in quotes", vec![(node.span, yaml::quoted(written))])
        } else {
            diagnostic
        };
        let blurr = self.mode == Mode::Blurr;
        if blurr {
            diagnostic.severity = Severity::Note;
        }
        self.report(diagnostic);
        blurr.then(|| {
            let text = yaml::python_text(node);
            Expression { offsets: Some(vec![node.span.start; text.len()]), text, span: node.span }
        })
    }

    /// A value out of a few, compared without regard to case.
    pub fn choice<T: Copy>(&mut self, attributes: &Attributes, name: &str, choices: &[(&str, T)]) -> Option<T> {
        let written = self.text_attribute(attributes, name)?;
        let found = choices.iter().find(|(text, _)| text.eq_ignore_ascii_case(written.value.trim()));
        if found.is_none() {
            let known: Vec<&str> = choices.iter().map(|(text, _)| *text).collect();
            let diagnostic = Diagnostic::error(
                codes::BAD_CHOICE,
                format!("{} is no choice for `{name}`", quote(&written.value)),
                written.span,
                "not one of the choices",
            );
            self.report(super::did_you_mean(diagnostic, &written.value, &known));
        }
        found.map(|(_, value)| *value)
    }
}

/// Integers that Python writes otherwise than YAML 1.1: octal `010` and `1:30`.
fn needs_rewriting(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    digits.contains(':')
        || (digits.len() > 1
            && digits.starts_with('0')
            && digits[1..].starts_with(|c: char| c.is_ascii_digit() || c == '_'))
}

/// What YAML reads as 0 or false.
fn is_falsy(scalar: &yaml::Scalar) -> bool {
    matches!(scalar.resolve(), Plain::Bool(false) | Plain::Int(Some(0)))
}

fn no_value_for_blurr(text: &str, span: Span) -> Diagnostic {
    let message = format!("Blurr takes the value {} for none at all", quote(text));
    Diagnostic::error(codes::EMPTY_ATTRIBUTE, message, span, "its run ends here")
        .help("Put it in quotes")
        .fix("Put it in quotes", vec![(span, format!("'{text}'"))])
}

/// An empty expression at a place, for what could not be read.
pub fn no_expression(span: Span) -> Expression {
    Expression { text: String::new(), span, offsets: None }
}
