//! Values that live only inside an expression: functions, modules, ranges, dates, iterators.

use std::cmp::Ordering;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use super::text::write_items;
use super::{Dict, Value};
use crate::builtins::Builtin;
use crate::functions::UserFunction;
use crate::methods::Member;
use crate::modules::Module;
use crate::node::{Comprehension, Lambda};
use crate::pattern::{Found, Pattern};
use crate::time::{Date, DateTime};

#[derive(Debug)]
pub enum Object {
    Range(Range),
    /// A function or type of Python.
    Builtin(&'static Builtin),
    /// `value.method` without a call.
    Method(Value, Arc<Member>),
    /// `str.upper`: the first argument is the receiver.
    Unbound(&'static Builtin, Arc<Member>),
    Lambda(Closure<Lambda>),
    User(UserFunction),
    Module(&'static Module),
    Date(Date),
    /// A time of day, held as that time on the first day of 1900.
    Time(DateTime),
    /// A fixed offset in seconds.
    TimeZone(i32),
    /// `dict.keys()`, `.values()`, `.items()`.
    View(View, Arc<Dict>),
    /// Made already, handed out from a position on.
    Iterator(Items),
    /// A generator expression with its first iterable; the number counts the items already given.
    Generator(Closure<Comprehension>, Value, AtomicUsize),
    /// What `re.compile` gives.
    Pattern(Arc<Pattern>),
    /// What `re.search` and its like find.
    Match(Matched),
    /// `map` over one iterable, `filter`.
    Mapped(Value, Value),
    Filtered(Value, Value),
}

/// Start, stop, step; the step is never 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    pub start: i64,
    pub stop: i64,
    pub step: i64,
}

impl Range {
    pub fn len(&self) -> u64 {
        let (start, stop, step) = (i128::from(self.start), i128::from(self.stop), i128::from(self.step));
        let span = if step > 0 { stop - start } else { start - stop };
        let step = step.abs();
        u64::try_from((span + step - 1).max(0) / step).unwrap_or(u64::MAX)
    }

    /// The number at an index that is below `len`.
    pub fn at(&self, index: u64) -> i64 {
        let wide = i128::from(self.start) + i128::from(index) * i128::from(self.step);
        i64::try_from(wide).unwrap_or(self.stop)
    }

    pub fn contains(&self, number: i64) -> bool {
        let inside = if self.step > 0 {
            self.start <= number && number < self.stop
        } else {
            self.stop < number && number <= self.start
        };
        inside && (i128::from(number) - i128::from(self.start)) % i128::from(self.step) == 0
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    Keys,
    Values,
    Items,
}

/// Code with the local values that it saw when it was made.
#[derive(Debug)]
pub struct Closure<T> {
    pub code: Arc<T>,
    pub captured: Vec<(u16, Value)>,
}

/// What is left of an iterator.
#[derive(Debug, Default)]
pub struct Items {
    pub type_name: &'static str,
    pub items: Vec<Value>,
    pub position: AtomicUsize,
}

/// A match with what it was found in.
#[derive(Debug)]
pub struct Matched {
    pub(crate) pattern: Arc<Pattern>,
    pub(crate) text: Arc<str>,
    pub(crate) characters: Arc<[char]>,
    pub(crate) found: Found,
    /// The part of the text that was searched.
    pub(crate) searched: (usize, usize),
}

impl Matched {
    /// A group's text; `None` where it did not take part.
    pub(crate) fn group(&self, group: usize) -> Option<Value> {
        let (start, end) = self.found.groups.get(group).copied().flatten()?;
        Some(Value::from(self.characters[start..end].iter().collect::<String>()))
    }
}

impl Object {
    pub(crate) fn iterator(type_name: &'static str, items: Vec<Value>) -> Object {
        Object::Iterator(Items { type_name, items, position: AtomicUsize::new(0) })
    }

    pub(super) fn is_truthy(&self) -> bool {
        match self {
            Object::Range(range) => range.len() > 0,
            Object::View(_, dict) => !dict.is_empty(),
            _ => true,
        }
    }

    pub(super) fn type_name(&self) -> &'static str {
        match self {
            Object::Range(_) => "range",
            Object::Builtin(builtin) if builtin.is_type => "type",
            Object::Builtin(_) | Object::Method(..) => "builtin_function_or_method",
            Object::Unbound(..) => "method_descriptor",
            Object::Lambda(_) | Object::User(_) => "function",
            Object::Module(_) => "module",
            Object::Date(_) => "datetime.date",
            Object::Time(_) => "datetime.time",
            Object::TimeZone(_) => "datetime.timezone",
            Object::View(View::Keys, _) => "dict_keys",
            Object::View(View::Values, _) => "dict_values",
            Object::View(View::Items, _) => "dict_items",
            Object::Iterator(items) => items.type_name,
            Object::Generator(..) => "generator",
            Object::Pattern(_) => "re.Pattern",
            Object::Match(_) => "re.Match",
            Object::Mapped(..) => "map",
            Object::Filtered(..) => "filter",
        }
    }

    pub(super) fn text(&self) -> String {
        match self {
            Object::Date(date) => date.iso(),
            Object::Time(time) => time.text('T').split_off("1900-01-01T".len()),
            Object::TimeZone(0) => "UTC".to_owned(),
            Object::TimeZone(offset) => format!("UTC{}", crate::time::offset_text(*offset)),
            other => {
                let mut out = String::new();
                write_object(other, &mut out);
                out
            }
        }
    }

    pub(super) fn same(&self, other: &Object) -> bool {
        match (self, other) {
            (Object::Range(a), Object::Range(b)) => {
                a.len() == b.len() && (a.len() == 0 || (a.start == b.start && (a.len() == 1 || a.step == b.step)))
            }
            (Object::Builtin(a), Object::Builtin(b)) => std::ptr::eq(*a, *b),
            (Object::Module(a), Object::Module(b)) => std::ptr::eq(*a, *b),
            (Object::Date(a), Object::Date(b)) => a == b,
            (Object::Time(a), Object::Time(b)) => a.offset.is_some() == b.offset.is_some() && a.micros == b.micros,
            (Object::TimeZone(a), Object::TimeZone(b)) => a == b,
            (Object::Pattern(a), Object::Pattern(b)) => a.source == b.source && a.flags == b.flags,
            (Object::View(View::Values, _), _) => std::ptr::eq(self, other),
            (Object::View(a, first), Object::View(b, second)) => {
                a == b
                    && first.len() == second.len()
                    && first.iter().all(|(key, value)| match a {
                        View::Items => second.get(key) == Some(value),
                        _ => second.contains_key(key),
                    })
            }
            _ => std::ptr::eq(self, other),
        }
    }

    pub(super) fn order(&self, other: &Object) -> Option<Ordering> {
        match (self, other) {
            (Object::Date(a), Object::Date(b)) => Some(a.cmp(b)),
            (Object::Time(a), Object::Time(b)) if a.offset.is_some() == b.offset.is_some() => {
                Some(a.micros.cmp(&b.micros))
            }
            _ => None,
        }
    }
}

impl Hash for Object {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self {
            Object::Range(range) => state.write_u64(range.len()),
            Object::Date(date) => date.hash(state),
            Object::Time(time) => state.write_i64(time.micros),
            Object::TimeZone(offset) => state.write_i32(*offset),
            Object::Pattern(pattern) => pattern.source.hash(state),
            other => std::mem::discriminant(other).hash(state),
        }
    }
}

/// `repr` of an object.
pub(super) fn write_object(object: &Object, out: &mut String) {
    match object {
        Object::Range(range) if range.step == 1 => {
            out.push_str(&format!("range({}, {})", range.start, range.stop));
        }
        Object::Range(range) => {
            out.push_str(&format!("range({}, {}, {})", range.start, range.stop, range.step));
        }
        Object::Builtin(builtin) if builtin.is_type => {
            out.push_str(&format!("<class '{}'>", builtin.qualified_name()));
        }
        Object::Builtin(builtin) => out.push_str(&format!("<built-in function {}>", builtin.name)),
        Object::Module(module) => out.push_str(&format!("<module '{}'>", module.name)),
        Object::Date(date) => out.push_str(&date.repr()),
        Object::Time(time) => out.push_str(&time.repr().replace("datetime(1900, 1, 1, ", "time(")),
        Object::TimeZone(offset) => out.push_str(&crate::time::zone_repr(*offset)),
        Object::Pattern(pattern) => crate::modules::write_pattern(pattern, out),
        Object::Match(matched) => crate::modules::write_match(matched, out),
        Object::View(View::Keys, dict) => write_items(dict.keys(), "dict_keys([", "])", out),
        Object::View(View::Values, dict) => write_items(dict.values(), "dict_values([", "])", out),
        Object::View(View::Items, dict) => {
            let pairs: Vec<Value> =
                dict.iter().map(|(key, value)| Value::tuple(vec![key.clone(), value.clone()])).collect();
            write_items(pairs.iter(), "dict_items([", "])", out);
        }
        // Python prints an address here, which nothing may depend on.
        other => out.push_str(&format!("<{} object>", other.type_name())),
    }
}
