//! Methods and properties of values: looked up by name when an expression is compiled, by type
//! when it runs.

mod counter;
mod dates;
mod dict;
mod list;
mod pattern;
mod properties;
mod set;
mod text;
mod text_search;
mod time_of_day;

use std::sync::Arc;

use crate::builtins::{Args, Outcome};
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::reference::{self, Signature};
use crate::value::object::Object;
use crate::value::{Flavor, Value};

pub(crate) use dates::{made, out_of_range, part, zone};
pub(crate) use pattern::{group, groups_of};
#[cfg(test)]
pub(crate) use properties::names as property_names;
pub(crate) use properties::{Property, micros_of_seconds, property};
pub(crate) use time_of_day::made_time;

pub(crate) struct Method {
    pub name: &'static str,
    pub action: Action,
}

#[derive(Clone, Copy)]
pub(crate) enum Action {
    Read(fn(&mut Evaluator<'_>, &Value, Args) -> Outcome),
    /// Changes its receiver; the caller writes it back where it lives.
    Change(fn(&mut Evaluator<'_>, &mut Value, Args) -> Outcome),
}

impl Method {
    const fn read(name: &'static str, run: fn(&mut Evaluator<'_>, &Value, Args) -> Outcome) -> Method {
        Method { name, action: Action::Read(run) }
    }

    const fn change(name: &'static str, run: fn(&mut Evaluator<'_>, &mut Value, Args) -> Outcome) -> Method {
        Method { name, action: Action::Change(run) }
    }
}

impl std::fmt::Debug for Method {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

/// The types that have methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Str,
    List,
    Tuple,
    Dict,
    /// A map field: a dict that also sets and increments.
    Map,
    Set,
    DateTime,
    Date,
    TimeDelta,
    Int,
    Float,
    Pattern,
    Match,
    Counter,
    Time,
}

const KINDS: [(Kind, &str); 15] = [
    (Kind::Str, "str"),
    (Kind::List, "list"),
    (Kind::Tuple, "tuple"),
    (Kind::Dict, "dict"),
    (Kind::Map, "map field"),
    (Kind::Set, "set"),
    (Kind::DateTime, "datetime"),
    (Kind::Date, "date"),
    (Kind::TimeDelta, "timedelta"),
    (Kind::Int, "int"),
    (Kind::Float, "float"),
    (Kind::Pattern, "Pattern"),
    (Kind::Match, "Match"),
    (Kind::Counter, "Counter"),
    (Kind::Time, "time"),
];

impl Kind {
    pub(crate) fn of(value: &Value) -> Option<Kind> {
        Some(match value {
            Value::Str(_) => Kind::Str,
            Value::List(..) => Kind::List,
            Value::Tuple(_) => Kind::Tuple,
            Value::Dict(Flavor::Field, _) => Kind::Map,
            Value::Dict(Flavor::Counter, _) => Kind::Counter,
            Value::Dict(..) => Kind::Dict,
            Value::Set(..) => Kind::Set,
            Value::DateTime(_) => Kind::DateTime,
            Value::TimeDelta(_) => Kind::TimeDelta,
            Value::Bool(_) | Value::Int(_) | Value::Big(_) => Kind::Int,
            Value::Float(_) => Kind::Float,
            Value::Object(object) => match &**object {
                Object::Date(_) => Kind::Date,
                Object::Time(_) => Kind::Time,
                Object::Pattern(_) => Kind::Pattern,
                Object::Match(_) => Kind::Match,
                _ => return None,
            },
            Value::None => return None,
        })
    }

    /// The type of that name.
    pub(crate) fn named(name: &str) -> Option<Kind> {
        KINDS.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }

    /// The folder of its reference pages, dotted.
    pub(crate) fn page(self) -> &'static str {
        match self {
            Kind::Map => "map",
            Kind::DateTime => "datetime.datetime",
            Kind::Date => "datetime.date",
            Kind::TimeDelta => "datetime.timedelta",
            Kind::Time => "datetime.time",
            Kind::Pattern => "re.Pattern",
            Kind::Match => "re.Match",
            Kind::Counter => "collections.Counter",
            other => KINDS[other as usize].1,
        }
    }

    fn tables(self) -> [&'static [Method]; 2] {
        match self {
            Kind::Str => [text::TABLE, text_search::TABLE],
            Kind::List => [list::LIST, &[]],
            Kind::Tuple => [list::TUPLE, &[]],
            Kind::Dict => [dict::TABLE, &[]],
            Kind::Map => [dict::MAP, dict::TABLE],
            Kind::Counter => [counter::TABLE, dict::TABLE],
            Kind::Time => [time_of_day::TABLE, &[]],
            Kind::Set => [set::TABLE, &[]],
            Kind::DateTime => [dates::DATETIME, &[]],
            Kind::Date => [dates::DATE, &[]],
            Kind::TimeDelta => [dates::TIMEDELTA, &[]],
            Kind::Int => [properties::INT, &[]],
            Kind::Float => [properties::FLOAT, &[]],
            Kind::Pattern => [pattern::PATTERN, &[]],
            Kind::Match => [pattern::MATCH, &[]],
        }
    }

    #[cfg(test)]
    pub(crate) fn all() -> impl Iterator<Item = Kind> {
        KINDS.into_iter().map(|(kind, _)| kind)
    }

    /// Methods that it does not share with a dict.
    #[cfg(test)]
    pub(crate) fn own_names(self) -> impl Iterator<Item = &'static str> {
        let shared = matches!(self, Kind::Map | Kind::Counter);
        self.tables().into_iter().take(if shared { 1 } else { 2 }).flatten().map(|method| method.name)
    }

    /// Every method's name, for "did you mean".
    pub(crate) fn method_names(self) -> impl Iterator<Item = &'static str> {
        self.tables().into_iter().flatten().map(|method| method.name)
    }
}

/// An attribute's name with everything that it can mean.
#[derive(Debug)]
pub struct Member {
    pub(crate) name: Arc<str>,
    methods: [Option<&'static Method>; KINDS.len()],
    /// What each type's method of this name takes.
    signatures: [Option<&'static Signature>; KINDS.len()],
    /// Some type's method of this name changes its receiver.
    pub(crate) changes: bool,
    pub(crate) property: Option<Property>,
}

impl Member {
    pub(crate) fn new(name: &str) -> Arc<Member> {
        let methods = KINDS.map(|(kind, _)| kind.tables().into_iter().flatten().find(|method| method.name == name));
        let signature = |kind| reference::of_member(kind, name).map(reference::Entry::signature);
        let signatures = KINDS.map(|(kind, _)| methods[kind as usize].and_then(|_| signature(kind)));
        let changes = methods.iter().flatten().any(|method| matches!(method.action, Action::Change(_)));
        Arc::new(Member { name: Arc::from(name), methods, signatures, changes, property: Property::named(name) })
    }

    pub(crate) fn method(&self, kind: Kind) -> Option<&'static Method> {
        self.methods[kind as usize]
    }

    /// Refuses arguments that the type's method does not take; which are missing it says itself.
    pub(crate) fn check(&self, kind: Kind, args: &Args) -> Result<(), EvalError> {
        match self.signatures[kind as usize] {
            Some(signature) if args.keywords.is_empty() => signature.check(args.positional.len(), &[]),
            Some(signature) => {
                let names: Vec<&str> = args.keywords.iter().map(|(name, _)| &**name).collect();
                signature.check(args.positional.len(), &names)
            }
            None => Ok(()),
        }
        .map_err(|message| EvalError::type_error(format!("{}() {message}", self.name)))
    }
}
