//! Static types: sets of kinds of values, with the type of what a collection holds.
//!
//! `Type::ANY` is what is not known; nothing may be concluded from it.

use std::fmt::{Display, Formatter};
use std::sync::Arc;

use crate::field_type::{FieldType, Mode};
use crate::value::Value;
use crate::value::object::Object;

/// A set of kinds of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Kinds(u16);

impl Kinds {
    pub const EMPTY: Kinds = Kinds(0);
    pub const NONE: Kinds = Kinds(1);
    pub const BOOL: Kinds = Kinds(1 << 1);
    pub const INT: Kinds = Kinds(1 << 2);
    pub const FLOAT: Kinds = Kinds(1 << 3);
    pub const STR: Kinds = Kinds(1 << 4);
    pub const DATETIME: Kinds = Kinds(1 << 5);
    pub const DATE: Kinds = Kinds(1 << 6);
    pub const TIMEDELTA: Kinds = Kinds(1 << 7);
    pub const LIST: Kinds = Kinds(1 << 8);
    pub const TUPLE: Kinds = Kinds(1 << 9);
    pub const DICT: Kinds = Kinds(1 << 10);
    pub const SET: Kinds = Kinds(1 << 11);
    pub const FUNCTION: Kinds = Kinds(1 << 12);
    /// Modules, ranges, iterators: of which nothing is concluded.
    pub const OTHER: Kinds = Kinds(1 << 13);
    pub const ANY: Kinds = Kinds((1 << 14) - 1);
    pub const NUMBER: Kinds = Kinds(Kinds::BOOL.0 | Kinds::INT.0 | Kinds::FLOAT.0);
    pub const WHOLE: Kinds = Kinds(Kinds::BOOL.0 | Kinds::INT.0);
    /// What can hold other values.
    pub const HOLDERS: Kinds = Kinds(Kinds::LIST.0 | Kinds::TUPLE.0 | Kinds::DICT.0 | Kinds::SET.0 | Kinds::OTHER.0);
    /// What iterating over gives the items that it holds.
    pub const ITERABLES: Kinds = Kinds(Kinds::LIST.0 | Kinds::TUPLE.0 | Kinds::SET.0 | Kinds::OTHER.0);

    pub const fn with(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }
    pub const fn without(self, other: Kinds) -> Kinds {
        Kinds(self.0 & !other.0)
    }
    pub const fn overlaps(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }
    /// Whether there is nothing in it besides `other`; false for the empty set.
    pub const fn only(self, other: Kinds) -> bool {
        self.0 != 0 && self.0 & !other.0 == 0
    }
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// One by one, in a fixed order.
    pub fn each(self) -> impl Iterator<Item = Kinds> {
        (0..14).map(|bit| Kinds(1 << bit)).filter(move |kind| self.overlaps(*kind))
    }
}

/// What an expression can be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Type {
    kinds: Kinds,
    /// What the collections among the kinds hold (a dict: its values); `None` where it is not known.
    item: Option<Arc<Type>>,
}

impl From<Kinds> for Type {
    fn from(kinds: Kinds) -> Type {
        Type { kinds, item: None }
    }
}

impl Type {
    pub const ANY: Type = Type { kinds: Kinds::ANY, item: None };

    pub fn kinds(&self) -> Kinds {
        self.kinds
    }

    pub fn is_any(&self) -> bool {
        self.kinds == Kinds::ANY
    }

    /// A collection of the kind that holds items of the type.
    pub fn holding(kind: Kinds, item: Type) -> Type {
        let item = (!item.is_any()).then(|| Arc::new(item));
        Type { kinds: kind, item }
    }

    /// What a collection of the type holds.
    pub fn item(&self) -> Type {
        self.item.as_deref().cloned().unwrap_or(Type::ANY)
    }

    /// Either of the two.
    pub fn or(self, other: Type) -> Type {
        let item = match (self.kinds.overlaps(Kinds::HOLDERS), other.kinds.overlaps(Kinds::HOLDERS)) {
            (true, true) => match (self.item, other.item) {
                (Some(a), Some(b)) if a == b => Some(a),
                (Some(a), Some(b)) => Some(Arc::new((*a).clone().or((*b).clone()))),
                _ => None,
            },
            (true, false) => self.item,
            (false, _) => other.item,
        };
        Type { kinds: self.kinds.with(other.kinds), item }
    }

    pub fn or_none(self) -> Type {
        self.or(Kinds::NONE.into())
    }

    pub fn without_none(mut self) -> Type {
        self.kinds = self.present();
        self
    }

    /// The kinds without `None`, unless there is nothing else.
    pub fn present(&self) -> Kinds {
        let present = self.kinds.without(Kinds::NONE);
        if present.is_empty() { self.kinds } else { present }
    }

    /// What a field of the type holds.
    pub fn of_field(field: FieldType, mode: Mode) -> Type {
        match (field, mode) {
            (FieldType::Integer, Mode::Studio) => Kinds::INT.into(),
            (FieldType::Integer, Mode::Blurr) => Kinds::WHOLE.into(),
            (FieldType::Float, _) => Kinds::FLOAT.into(),
            (FieldType::String, _) => Kinds::STR.into(),
            (FieldType::Boolean, _) => Kinds::BOOL.into(),
            (FieldType::DateTime, _) => Kinds::DATETIME.with(Kinds::NONE).into(),
            (FieldType::Map, _) => Kinds::DICT.into(),
            (FieldType::List, _) => Kinds::LIST.into(),
            (FieldType::Set, _) => Kinds::SET.into(),
        }
    }

    /// Whether a value is of the type.
    pub fn admits(&self, value: &Value) -> bool {
        let held = |value: &Value| self.item.as_deref().is_none_or(|item| item.admits(value));
        self.kinds.overlaps(Type::of_value(value).kinds)
            && match value {
                Value::List(_, items) | Value::Tuple(items) => items.iter().all(held),
                Value::Set(_, items) => items.iter().all(held),
                Value::Dict(_, items) => items.values().all(held),
                _ => true,
            }
    }

    pub(crate) fn of_value(value: &Value) -> Type {
        let kinds = match value {
            Value::None => Kinds::NONE,
            Value::Bool(_) => Kinds::BOOL,
            Value::Int(_) | Value::Big(_) => Kinds::INT,
            Value::Float(_) => Kinds::FLOAT,
            Value::Str(_) => Kinds::STR,
            Value::Tuple(_) => Kinds::TUPLE,
            Value::List(..) => Kinds::LIST,
            Value::Dict(..) => Kinds::DICT,
            Value::Set(..) => Kinds::SET,
            Value::DateTime(_) => Kinds::DATETIME,
            Value::TimeDelta(_) => Kinds::TIMEDELTA,
            Value::Object(object) => match &**object {
                Object::Date(_) => Kinds::DATE,
                Object::Builtin(_) | Object::Method(..) | Object::Unbound(..) | Object::Lambda(_) | Object::User(_) => {
                    Kinds::FUNCTION
                }
                _ => Kinds::OTHER,
            },
        };
        kinds.into()
    }
}

const NAMES: [&str; 14] = [
    "None",
    "bool",
    "int",
    "float",
    "str",
    "datetime",
    "date",
    "timedelta",
    "list",
    "tuple",
    "dict",
    "set",
    "function",
    "object",
];

/// As a Python programmer writes it: `int`, `str or None`, `list of float`.
impl Display for Type {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        if self.is_any() || self.kinds.is_empty() {
            return out.write_str("anything");
        }
        // `None` last, as people say it.
        let (rest, none) = (self.kinds.without(Kinds::NONE), self.kinds.overlaps(Kinds::NONE));
        let mut first = true;
        for kind in rest.each().chain(none.then_some(Kinds::NONE)) {
            out.write_str(if first { "" } else { " or " })?;
            first = false;
            out.write_str(NAMES[kind.0.trailing_zeros() as usize])?;
            if let (true, Some(item)) = (kind.overlaps(Kinds::HOLDERS), &self.item) {
                let several = item.kinds.each().count() > 1;
                if several { write!(out, " of ({item})")? } else { write!(out, " of {item}")? }
            }
        }
        Ok(())
    }
}

/// In a sentence for people: "a text", "a number".
pub(crate) fn words(kinds: Kinds) -> String {
    let groups: [(Kinds, &str); 12] = [
        (Kinds::INT.with(Kinds::FLOAT), "a number"),
        (Kinds::BOOL, "a boolean"),
        (Kinds::STR, "a text"),
        (Kinds::DATETIME, "a datetime"),
        (Kinds::DATE, "a date"),
        (Kinds::TIMEDELTA, "a timespan"),
        (Kinds::LIST, "a list"),
        (Kinds::TUPLE, "a tuple"),
        (Kinds::DICT, "a mapping"),
        (Kinds::SET, "a set"),
        (Kinds::FUNCTION, "a function"),
        (Kinds::NONE, "`None`"),
    ];
    let parts: Vec<&str> = groups.iter().filter(|(group, _)| kinds.overlaps(*group)).map(|(_, word)| *word).collect();
    if parts.is_empty() || parts.len() > 4 { "a value".to_owned() } else { parts.join(" or ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(item: Kinds) -> Type {
        Type::holding(Kinds::LIST, item.into())
    }

    #[test]
    fn either_of_two_types() {
        let cases: &[(Type, Type, &str)] = &[
            (Kinds::INT.into(), Kinds::INT.into(), "int"),
            (Kinds::INT.into(), Kinds::NONE.into(), "int or None"),
            (Kinds::NONE.into(), Kinds::STR.into(), "str or None"),
            (Kinds::INT.into(), Type::ANY, "anything"),
            (list(Kinds::INT), list(Kinds::FLOAT), "list of (int or float)"),
            (list(Kinds::INT), Kinds::LIST.into(), "list"),
            (list(Kinds::INT), Kinds::STR.into(), "str or list of int"),
            (Type::holding(Kinds::LIST, Type::ANY), Kinds::NONE.into(), "list or None"),
        ];
        for (a, b, shown) in cases {
            assert_eq!(a.clone().or(b.clone()).to_string(), *shown);
            assert_eq!(b.clone().or(a.clone()).to_string(), *shown);
        }
    }

    #[test]
    fn nothing_is_not_only_something() {
        assert!(!Kinds::EMPTY.only(Kinds::INT));
        assert!(!Kinds::ANY.only(Kinds::NUMBER));
        assert!(Kinds::INT.only(Kinds::NUMBER));
        assert_eq!(Type::from(Kinds::NONE).present(), Kinds::NONE);
        assert_eq!(Type::from(Kinds::INT).or_none().present(), Kinds::INT);
    }
}
