//! Iteration: over any iterable, comprehensions, and generators that run while they are read.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Evaluator, Result};
use crate::builtins::{Args, hashable, not_iterable};
use crate::error::EvalError;
use crate::node::{Comprehension, ComprehensionKind, Target};
use crate::operator::check_items;
use crate::value::object::{Closure, Object, View};
use crate::value::{Dict, Flavor, Set, Value};

/// Takes one item; says whether it wants more.
pub(crate) type Sink<'s> = dyn FnMut(&mut Evaluator<'_>, Value) -> Result<ControlFlow<()>> + 's;

impl Evaluator<'_> {
    /// Gives every item of `iterable` to `sink` until it has enough.
    pub(crate) fn for_each(&mut self, iterable: Value, sink: &mut Sink<'_>) -> Result<()> {
        self.visit(iterable, sink).map(drop)
    }

    /// As `for_each`; says whether the sink stopped it.
    fn visit(&mut self, iterable: Value, sink: &mut Sink<'_>) -> Result<ControlFlow<()>> {
        match &iterable {
            // Iterating an event's list gives plain dicts, as in Blurr.
            Value::List(Flavor::Record, items) => {
                self.each(items.iter().map(|item| item.clone().with_flavor(Flavor::Plain)), sink)
            }
            Value::Tuple(items) | Value::List(_, items) => self.each(items.iter().cloned(), sink),
            Value::Set(_, set) => self.each(set.iter().cloned(), sink),
            Value::Dict(_, dict) => self.each(dict.keys().cloned(), sink),
            Value::Str(text) => {
                let mut buffer = [0; 4];
                self.each(text.chars().map(|c| Value::str(c.encode_utf8(&mut buffer))), sink)
            }
            Value::Object(object) => self.each_of_object(&iterable, object, sink),
            other => Err(not_iterable(other)),
        }
    }

    fn each(&mut self, items: impl Iterator<Item = Value>, sink: &mut Sink<'_>) -> Result<ControlFlow<()>> {
        for item in items {
            self.step()?;
            if sink(self, item)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn each_of_object(
        &mut self,
        iterable: &Value,
        object: &Arc<Object>,
        sink: &mut Sink<'_>,
    ) -> Result<ControlFlow<()>> {
        match &**object {
            Object::Range(range) => self.each((0..range.len()).map(|place| Value::Int(range.at(place))), sink),
            Object::View(View::Keys, dict) => self.each(dict.keys().cloned(), sink),
            Object::View(View::Values, dict) => self.each(dict.values().cloned(), sink),
            Object::View(View::Items, dict) => {
                self.each(dict.iter().map(|(key, value)| Value::tuple(vec![key.clone(), value.clone()])), sink)
            }
            Object::Iterator(state) => {
                let rest =
                    std::iter::from_fn(|| state.items.get(state.position.fetch_add(1, Ordering::Relaxed)).cloned());
                self.each(rest, sink)
            }
            Object::Generator(closure, first, given) => self.generate(closure, first, given, sink),
            Object::Mapped(function, source) => self.visit(source.clone(), &mut |evaluator, item| {
                let result = evaluator.call(function, Args::of([item]))?;
                sink(evaluator, result)
            }),
            Object::Filtered(function, source) => self.visit(source.clone(), &mut |evaluator, item| {
                let keep = match function {
                    Value::None => item.is_truthy(),
                    function => evaluator.call(function, Args::of([item.clone()]))?.is_truthy(),
                };
                if keep { sink(evaluator, item) } else { Ok(ControlFlow::Continue(())) }
            }),
            _ => Err(not_iterable(iterable)),
        }
    }

    /// The items of any iterable.
    pub(crate) fn collect(&mut self, iterable: Value) -> Result<Vec<Value>> {
        self.collect_up_to(iterable, None)
    }

    pub(crate) fn collect_up_to(&mut self, iterable: Value, most: Option<usize>) -> Result<Vec<Value>> {
        match &iterable {
            Value::List(Flavor::Plain | Flavor::Field, items) | Value::Tuple(items) if most.is_none() => {
                return Ok(items.to_vec());
            }
            Value::Object(object) if most.is_none() => {
                if let Object::Range(range) = &**object {
                    check_items(usize::try_from(range.len()).unwrap_or(usize::MAX))?;
                }
            }
            _ => {}
        }
        let mut items = Vec::new();
        if most == Some(0) {
            return Ok(items);
        }
        self.for_each(iterable, &mut |_, item| {
            items.push(item);
            check_items(items.len())?;
            Ok(if Some(items.len()) == most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
        Ok(items)
    }

    /// What leaves the expression must not need it any more: generators are run.
    pub(super) fn settle(&mut self, value: Value) -> Result {
        let type_name = match &value {
            Value::Object(object) => match &**object {
                Object::Generator(..) => "generator",
                Object::Mapped(..) => "map",
                Object::Filtered(..) => "filter",
                _ => return Ok(value),
            },
            _ => return Ok(value),
        };
        Ok(Value::object(Object::iterator(type_name, self.collect(value)?)))
    }

    pub(super) fn comprehension(&mut self, code: &Arc<Comprehension>) -> Result {
        match code.kind {
            ComprehensionKind::Generator => {
                let first = match code.clauses.first() {
                    Some(clause) => self.eval(&clause.iterable)?,
                    None => Value::None,
                };
                let iterable =
                    crate::builtins::collections::length(&first).is_some() || matches!(first, Value::Object(_));
                if !iterable {
                    return Err(not_iterable(&first));
                }
                let closure = Closure { code: code.clone(), captured: self.capture(&code.captures) };
                Ok(Value::object(Object::Generator(closure, first, AtomicUsize::new(0))))
            }
            ComprehensionKind::List => {
                let mut items = Vec::new();
                self.run_all(code, &mut |evaluator| {
                    items.push(evaluator.eval(&code.element)?);
                    check_items(items.len())
                })?;
                Ok(Value::list(items))
            }
            ComprehensionKind::Set => {
                let mut set = Set::default();
                self.run_all(code, &mut |evaluator| {
                    let item = evaluator.eval(&code.element)?;
                    hashable(&item)?;
                    set.insert(item);
                    Ok(())
                })?;
                Ok(Value::set(set))
            }
            ComprehensionKind::Dict => {
                let mut dict = Dict::default();
                self.run_all(code, &mut |evaluator| {
                    let key = evaluator.eval(&code.element)?;
                    let value = match &code.value {
                        Some(node) => evaluator.eval(node)?,
                        None => Value::None,
                    };
                    hashable(&key)?;
                    dict.insert(key, value);
                    Ok(())
                })?;
                Ok(Value::dict(dict))
            }
        }
    }

    /// Runs a generator from the item after the last one given.
    fn generate(
        &mut self,
        closure: &Closure<Comprehension>,
        first: &Value,
        given: &AtomicUsize,
        sink: &mut Sink<'_>,
    ) -> Result<ControlFlow<()>> {
        let consumes = matches!(first, Value::Object(object) if matches!(&**object,
            Object::Iterator(_) | Object::Generator(..) | Object::Mapped(..) | Object::Filtered(..)));
        let mut skip = if consumes { 0 } else { given.load(Ordering::Relaxed) };
        // Slots are unique in a program, so only what was captured can differ for the reader.
        let mut captured = closure.captured.clone();
        self.swap(&mut captured);
        let code = &closure.code;
        let result = self.run(code, 0, Some(first.clone()), &mut |evaluator| {
            if skip > 0 {
                skip -= 1;
                return Ok(ControlFlow::Continue(()));
            }
            let item = evaluator.eval(&code.element)?;
            given.fetch_add(1, Ordering::Relaxed);
            evaluator.swap(&mut captured);
            let flow = sink(evaluator, item);
            evaluator.swap(&mut captured);
            flow
        });
        self.swap(&mut captured);
        result
    }

    /// Exchanges locals with values kept elsewhere.
    fn swap(&mut self, kept: &mut [(u16, Value)]) {
        for (slot, value) in kept {
            std::mem::swap(&mut self.locals[usize::from(*slot)], value);
        }
    }

    fn run_all(&mut self, code: &Comprehension, body: &mut dyn FnMut(&mut Evaluator<'_>) -> Result<()>) -> Result<()> {
        let mut body = |evaluator: &mut Evaluator<'_>| body(evaluator).map(ControlFlow::Continue);
        self.run(code, 0, None, &mut body).map(drop)
    }

    /// The clauses from `depth` on, then `body`.
    fn run(
        &mut self,
        code: &Comprehension,
        depth: usize,
        first: Option<Value>,
        body: &mut dyn FnMut(&mut Evaluator<'_>) -> Result<ControlFlow<()>>,
    ) -> Result<ControlFlow<()>> {
        let Some(clause) = code.clauses.get(depth) else { return body(self) };
        let iterable = match first {
            Some(value) => value,
            None => self.eval(&clause.iterable)?,
        };
        self.visit(iterable, &mut |evaluator, item| {
            evaluator.assign(&clause.target, item)?;
            for condition in &clause.conditions {
                if !evaluator.truth(condition)? {
                    return Ok(ControlFlow::Continue(()));
                }
            }
            evaluator.run(code, depth + 1, None, body)
        })
    }

    fn assign(&mut self, target: &Target, value: Value) -> Result<()> {
        match target {
            Target::Name(slot) => {
                self.locals[usize::from(*slot)] = value;
                Ok(())
            }
            Target::Unpack(targets) => {
                let type_name = value.type_name();
                let values = self.collect(value).map_err(|error| {
                    if error.message.ends_with("is not iterable") {
                        EvalError::type_error(format!("cannot unpack non-iterable {type_name} object"))
                    } else {
                        error
                    }
                })?;
                if values.len() != targets.len() {
                    let (wanted, got) = (targets.len(), values.len());
                    return Err(EvalError::value_error(if got > wanted {
                        format!("too many values to unpack (expected {wanted})")
                    } else {
                        format!("not enough values to unpack (expected {wanted}, got {got})")
                    }));
                }
                targets.iter().zip(values).try_for_each(|(target, value)| self.assign(target, value))
            }
        }
    }
}
