//! What can be written at a place of an expression: the names in scope, or what stands behind a dot.

use super::{Group, Meaning, Scope};
use crate::builtins::{self, Builtin};
use crate::field_type::FieldType;
use crate::methods::Kind;
use crate::value::Value;
use crate::value::object::Object;

/// A name that may be written, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub name: String,
    pub kind: OfferKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OfferKind {
    /// `source`, `time`, `identity`, `anchor`.
    Variable,
    Aggregate,
    /// A streaming document, as window documents name it.
    Document,
    Field(FieldType),
    Function,
    Method,
    /// `int`, `datetime`…
    Type,
    Module,
    Constant,
}

const DATE_PARTS: [&str; 7] = ["year", "month", "day", "hour", "minute", "second", "microsecond"];

impl Scope {
    /// What may stand behind the names of `path` and their dots; the names in scope for an empty path.
    /// Sorted by name. Nothing for what is known only while running, such as `source`.
    pub fn offers(&self, path: &[&str]) -> Vec<Offer> {
        let mut offers = match path {
            [] => self.own_offers(),
            [first, rest @ ..] => self.meaning(first, false).map_or_else(Vec::new, |meaning| behind(&meaning, rest)),
        };
        offers.sort_by(|a, b| a.name.cmp(&b.name));
        offers.dedup_by(|a, b| a.name == b.name);
        offers
    }

    /// What a dotted name stands for.
    pub fn offer(&self, path: &[&str]) -> Option<Offer> {
        let (last, before) = path.split_last()?;
        self.offers(before).into_iter().find(|offer| offer.name == *last)
    }

    fn own_offers(&self) -> Vec<Offer> {
        let names = &self.names;
        let mut offers = Vec::new();
        let mut add = |name: &str, kind| offers.push(Offer { name: name.to_owned(), kind });
        names.groups.keys().for_each(|name| add(name, OfferKind::Aggregate));
        names.variables.keys().for_each(|name| add(name, OfferKind::Variable));
        names.namespaces.keys().for_each(|name| add(name, OfferKind::Document));
        self.bare.iter().for_each(|(name, (_, _, field))| add(name, OfferKind::Field(*field)));
        names.imports.iter().for_each(|(name, value)| add(name, kind_of(value)));
        builtins::all().for_each(|builtin| add(builtin.name, kind_of_builtin(builtin)));
        add("parse_time", OfferKind::Function);
        offers
    }
}

/// What a value of the type has behind its dot, sorted by name.
pub fn offers_of(field: FieldType) -> Vec<Offer> {
    let kind = match field {
        FieldType::Integer | FieldType::Boolean => Kind::Int,
        FieldType::Float => Kind::Float,
        FieldType::String => Kind::Str,
        FieldType::DateTime => Kind::DateTime,
        FieldType::Map => Kind::Map,
        FieldType::List => Kind::List,
        FieldType::Set => Kind::Set,
    };
    let method = |name: &str| Offer { name: name.to_owned(), kind: OfferKind::Method };
    let mut offers: Vec<Offer> = kind.method_names().map(method).collect();
    if field == FieldType::DateTime {
        let part = |name: &str| Offer { name: name.to_owned(), kind: OfferKind::Field(FieldType::Integer) };
        offers.extend(DATE_PARTS.map(part));
    }
    offers.sort_by(|a, b| a.name.cmp(&b.name));
    offers
}

fn behind(meaning: &Meaning, rest: &[&str]) -> Vec<Offer> {
    match (meaning, rest) {
        (Meaning::Group(group), rest) => behind_group(group, rest),
        (Meaning::Namespace(members), []) => {
            let offer = |name: &str| Offer { name: name.to_owned(), kind: OfferKind::Aggregate };
            members.iter().map(|(name, _)| offer(name)).collect()
        }
        (Meaning::Namespace(members), [name, rest @ ..]) => {
            let member = members.iter().find(|(known, _)| **known == **name);
            member.map_or_else(Vec::new, |(_, group)| behind_group(group, rest))
        }
        (Meaning::Field(_, _, field), []) => offers_of(*field),
        (Meaning::Value(value), rest) => behind_value(value, rest),
        (Meaning::Field(..), _) | (Meaning::Variable(_), _) => Vec::new(),
    }
}

fn behind_group(group: &Group, rest: &[&str]) -> Vec<Offer> {
    match rest {
        [] => {
            let offer = |name: &str| {
                group.field(name).map(|(_, field)| Offer { name: name.to_owned(), kind: OfferKind::Field(field) })
            };
            group.field_names().filter_map(offer).collect()
        }
        [name] => group.field(name).map_or_else(Vec::new, |(_, field)| offers_of(field)),
        _ => Vec::new(),
    }
}

fn behind_value(value: &Value, rest: &[&str]) -> Vec<Offer> {
    let member = |name: &str| match value {
        Value::Object(object) => match &**object {
            Object::Module(module) => module.member(name),
            Object::Builtin(builtin) => builtin.member(name),
            _ => None,
        },
        _ => None,
    };
    if let [name, rest @ ..] = rest {
        return member(name).map_or_else(Vec::new, |value| behind_value(&value, rest));
    }
    let names: Vec<&str> = match value {
        Value::Object(object) => match &**object {
            Object::Module(module) => module.member_names().collect(),
            Object::Builtin(builtin) => builtin.member_names().collect(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    let offer = |name: &str| Some(Offer { name: name.to_owned(), kind: kind_of(&member(name)?) });
    names.into_iter().filter_map(offer).collect()
}

fn kind_of(value: &Value) -> OfferKind {
    match value {
        Value::Object(object) => match &**object {
            Object::Builtin(builtin) => kind_of_builtin(builtin),
            Object::Module(_) => OfferKind::Module,
            Object::User(_) => OfferKind::Function,
            _ => OfferKind::Constant,
        },
        _ => OfferKind::Constant,
    }
}

fn kind_of_builtin(builtin: &Builtin) -> OfferKind {
    if builtin.is_type { OfferKind::Type } else { OfferKind::Function }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::functions::Functions;
    use crate::scope::{GroupId, VariableId};

    fn scope() -> Scope {
        let mut scope = Scope::new();
        let fields: Vec<(Arc<str>, FieldType)> =
            vec![("wins".into(), FieldType::Integer), ("last".into(), FieldType::DateTime)];
        scope.add_group("game", GroupId(0), &fields);
        scope.add_namespace("stream", &[("game".into(), GroupId(0), fields)]);
        scope.add_variable("source", VariableId(0));
        scope.add_import("datetime", &[], &Functions::default()).unwrap();
        scope
    }

    fn names(path: &[&str]) -> Vec<String> {
        scope().offers(path).into_iter().map(|offer| offer.name).collect()
    }

    #[test]
    fn names_lead_to_what_is_behind_them() {
        assert_eq!(names(&["game"]), ["last", "wins"]);
        assert_eq!(names(&["stream"]), ["game"]);
        assert_eq!(names(&["stream", "game"]), ["last", "wins"]);
        assert!(names(&["game", "last"]).contains(&"year".to_owned()));
        assert!(names(&["datetime", "datetime"]).contains(&"strptime".to_owned()));
        assert!(names(&[]).iter().any(|name| name == "len"));
        assert!(names(&["source"]).is_empty() && names(&["nothing"]).is_empty());
    }

    #[test]
    fn a_name_says_what_it_is() {
        let kind = |path: &[&str]| scope().offer(path).map(|offer| offer.kind);
        assert_eq!(kind(&["game"]), Some(OfferKind::Aggregate));
        assert_eq!(kind(&["game", "wins"]), Some(OfferKind::Field(FieldType::Integer)));
        assert_eq!(kind(&["datetime"]), Some(OfferKind::Module));
        assert_eq!(kind(&["int"]), Some(OfferKind::Type));
        assert_eq!(kind(&["game", "losses"]), None);
    }
}
