//! References between nodes in a template, and the few builders of template values.
//! Long-form `Fn::` maps only: they read the same in every YAML library.

use serde_yaml::{Mapping, Value};

use crate::graph::{Announcement, Bucket, Function, Id, Key, LogGroup, Queue, Role, Stream, Table, Topic};

/// A mapping in the order given.
pub fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Mapping(entries.into_iter().map(|(key, value)| (text(key), value)).collect::<Mapping>())
}

pub fn text(value: &str) -> Value {
    Value::String(value.to_owned())
}

pub fn list<const N: usize>(items: [Value; N]) -> Value {
    Value::Sequence(items.into())
}

/// `Ref`: a name for most nodes, a URL for queues, an ARN for topics.
pub fn reference<K>(id: &Id<K>) -> Value {
    map([("Ref", text(id.name()))])
}

pub fn attribute<K>(id: &Id<K>, name: &str) -> Value {
    map([("Fn::GetAtt", list([text(id.name()), text(name)]))])
}

/// `${…}` in `pattern` are filled at deploy time.
pub fn substitute(pattern: &str) -> Value {
    map([("Fn::Sub", text(pattern))])
}

/// Nodes that have an ARN, and how a template asks for it (`None`: by `Ref`).
pub trait HasArn {
    const ATTRIBUTE: Option<&'static str> = Some("Arn");
}

impl HasArn for Key {}
impl HasArn for Stream {}
impl HasArn for Queue {}
impl HasArn for Table {}
impl HasArn for Bucket {}
impl HasArn for LogGroup {}
impl HasArn for Role {}
impl HasArn for Function {}
impl HasArn for Announcement {}
impl HasArn for Topic {
    const ATTRIBUTE: Option<&'static str> = None;
}

pub fn arn<K: HasArn>(id: &Id<K>) -> Value {
    match K::ATTRIBUTE {
        Some(name) => attribute(id, name),
        None => reference(id),
    }
}

/// The function as others call it.
pub fn invoked(function: &Id<Function>) -> Value {
    arn(function)
}

/// `Tags` as a mapping: project and environment.
pub fn tag_map() -> Value {
    map([("Project", map([("Ref", text("ProjectTag"))])), ("Env", map([("Ref", text("Env"))]))])
}

/// `Tags` as a list: project and environment.
pub fn tags() -> Value {
    list([tag("Project", "ProjectTag"), tag("Env", "Env")])
}

fn tag(key: &str, parameter: &str) -> Value {
    map([("Key", text(key)), ("Value", map([("Ref", text(parameter))]))])
}
