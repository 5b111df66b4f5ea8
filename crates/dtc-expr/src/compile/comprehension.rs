//! Comprehensions, generator expressions and lambdas: the constructs with names of their own.

use std::collections::BTreeSet;
use std::sync::Arc;

use ruff_python_ast as ast;
use ruff_python_ast::{Expr, ExprLambda};
use ruff_text_size::Ranged;

use super::{Capture, Compiler, Meant, span};
use crate::node::{Clause, Comprehension, ComprehensionKind, Lambda, Node, Parameter, Target};
use crate::value::Value;

impl Compiler<'_> {
    fn bind(&mut self, name: &str) -> u16 {
        let slot = self.next_local;
        self.next_local = self.next_local.saturating_add(1);
        self.locals.push((name.to_owned(), slot));
        slot
    }

    pub(super) fn comprehension(&mut self, expression: &Expr) -> Node {
        let (kind, element, value, generators) = match expression {
            Expr::ListComp(list) => (ComprehensionKind::List, &*list.elt, None, &list.generators),
            Expr::SetComp(set) => (ComprehensionKind::Set, &*set.elt, None, &set.generators),
            Expr::Generator(generator) => (ComprehensionKind::Generator, &*generator.elt, None, &generator.generators),
            Expr::DictComp(dict) => match &dict.key {
                Some(key) => (ComprehensionKind::Dict, &**key, Some(&*dict.value), &dict.generators),
                None => {
                    return self.unsupported(span(dict.range), "`**` cannot stand here", "write `key: value`");
                }
            },
            _ => return Node::Const(Value::None),
        };
        let outside = self.locals.len();
        // The first iterable is evaluated outside, before anything of the generator runs.
        let mut first = generators.first().map(|clause| self.expression(&clause.iter));
        if kind == ComprehensionKind::Generator {
            self.frames.push(Capture { outside, slots: BTreeSet::new() });
        }
        let clauses = generators
            .iter()
            .map(|clause| {
                let iterable = first.take().unwrap_or_else(|| self.expression(&clause.iter));
                self.clause(clause, iterable)
            })
            .collect();
        let element = self.expression(element);
        let value = value.map(|value| self.expression(value));
        self.locals.truncate(outside);
        let captures = if kind == ComprehensionKind::Generator { self.captured() } else { Vec::new() };
        Node::Comprehension(Arc::new(Comprehension { kind, element, value, clauses, captures }))
    }

    fn captured(&mut self) -> Vec<u16> {
        self.frames.pop().map(|frame| frame.slots.into_iter().collect()).unwrap_or_default()
    }

    fn clause(&mut self, clause: &ast::Comprehension, iterable: Node) -> Clause {
        if clause.is_async {
            self.unsupported(span(clause.range), "`async` is not supported", "remove `async`");
        }
        let first = self.next_local;
        let target = self.target(&clause.target);
        if self.is_kept(&iterable) {
            self.lent.extend(first..self.next_local);
        }
        let conditions = clause.ifs.iter().map(|condition| self.expression(condition)).collect();
        Clause { target, iterable, conditions }
    }

    fn target(&mut self, expression: &Expr) -> Target {
        match expression {
            Expr::Name(name) => {
                let slot = self.bind(&name.id);
                self.note(span(name.range).start, Meant::Local(slot));
                Target::Name(slot)
            }
            Expr::Tuple(tuple) => Target::Unpack(tuple.elts.iter().map(|target| self.target(target)).collect()),
            Expr::List(list) => Target::Unpack(list.elts.iter().map(|target| self.target(target)).collect()),
            other => {
                self.unsupported(
                    span(other.range()),
                    "only names can stand between `for` and `in`",
                    "write a name, or several with commas",
                );
                Target::Unpack(Vec::new())
            }
        }
    }

    pub(super) fn lambda(&mut self, lambda: &ExprLambda) -> Node {
        let outside = self.locals.len();
        let mut parameters = Vec::new();
        let mut defaults = Vec::new();
        if let Some(written) = &lambda.parameters {
            if written.vararg.is_some() || written.kwarg.is_some() {
                self.unsupported(
                    span(written.range),
                    "`*args` and `**kwargs` are not supported in a lambda",
                    "name the parameters",
                );
            }
            // Defaults are evaluated where the lambda is made.
            let values: Vec<Option<Node>> = written
                .iter_non_variadic_params()
                .map(|parameter| parameter.default.as_ref().map(|default| self.expression(default)))
                .collect();
            for (parameter, value) in written.iter_non_variadic_params().zip(values) {
                let name = parameter.parameter.name.as_str();
                let slot = self.bind(name);
                parameters.push(Parameter { name: Arc::from(name), slot, optional: value.is_some() });
                defaults.extend(value.map(|value| (slot, value)));
            }
        }
        self.frames.push(Capture { outside, slots: BTreeSet::new() });
        let body = self.expression(&lambda.body);
        let captures = self.captured();
        self.locals.truncate(outside);
        let height = lambda.body.range().len().to_usize().min(100) / 4 + 8;
        let code = Lambda { parameters, body, captures, height };
        Node::Lambda(Arc::new(code), defaults.into_boxed_slice())
    }
}
