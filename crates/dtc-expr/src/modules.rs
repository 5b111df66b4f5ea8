//! The modules that a document may import, and what `from … import …` finds in them.

mod counter;
pub(crate) mod dates;
mod json;
mod math;
mod regex;
mod statistics;
pub(crate) mod time_of_day;

use crate::builtins::Builtin;
use crate::value::Value;
use crate::value::object::Object;
pub(crate) use counter::{combine_counters, ranked, tally};
pub(crate) use regex::{
    Search, expand, find_all, find_one, flags_place, of_literal, replace, split, write_match, write_pattern,
};

/// A module of Python's library, or of `dateutil`.
#[derive(Debug)]
pub struct Module {
    /// Dotted, e.g. `dateutil.parser`.
    pub(crate) name: &'static str,
    functions: &'static [&'static [Builtin]],
    constants: fn(&str) -> Option<Value>,
    constant_names: &'static [&'static str],
}

static MODULES: &[Module] = &[
    Module { name: "collections", functions: &[counter::TABLE], constants: |_| None, constant_names: &[] },
    Module {
        name: "datetime",
        functions: &[dates::TYPES],
        constants: |name| (name == "UTC").then(|| Value::object(Object::TimeZone(0))),
        constant_names: &["UTC"],
    },
    Module { name: "dateutil", functions: &[], constants: |_| None, constant_names: &[] },
    Module { name: "dateutil.parser", functions: &[dates::PARSER], constants: |_| None, constant_names: &[] },
    Module {
        name: "dateutil.tz",
        functions: &[dates::ZONES],
        constants: |name| (name == "UTC").then(|| Value::object(Object::TimeZone(0))),
        constant_names: &["UTC"],
    },
    Module { name: "json", functions: &[json::TABLE], constants: |_| None, constant_names: &[] },
    Module {
        name: "math",
        functions: &[math::TABLE],
        constants: math::constant,
        constant_names: &["pi", "e", "tau", "inf", "nan"],
    },
    Module { name: "re", functions: &[regex::TABLE], constants: regex::constant, constant_names: regex::CONSTANTS },
    Module { name: "statistics", functions: &[statistics::TABLE], constants: |_| None, constant_names: &[] },
];

impl Module {
    pub(crate) fn value(&'static self) -> Value {
        Value::object(Object::Module(self))
    }

    /// A function, type, constant or inner module.
    pub(crate) fn member(&self, name: &str) -> Option<Value> {
        let function = self.functions.iter().copied().flatten().find(|builtin| builtin.name == name);
        function
            .map(Builtin::value)
            .or_else(|| (self.constants)(name))
            .or_else(|| find(&format!("{}.{name}", self.name)).map(Module::value))
    }

    pub(crate) fn member_names(&self) -> impl Iterator<Item = &'static str> {
        let prefix = self.name.len();
        let inner = MODULES.iter().filter_map(move |module| {
            module
                .name
                .get(prefix..)
                .filter(|_| module.name.starts_with(self.name))
                .and_then(|rest| rest.strip_prefix('.'))
        });
        let functions = self.functions.iter().copied().flatten().map(|builtin| builtin.name);
        functions.chain(self.constant_names.iter().copied()).chain(inner)
    }
}

pub(crate) fn find(name: &str) -> Option<&'static Module> {
    MODULES.iter().find(|module| module.name == name)
}

/// Where Python finds a function or type: `math` for `math.floor`, `datetime.date` for what that type
/// has; empty for the built-ins.
pub(crate) fn home(builtin: &'static Builtin) -> String {
    let same = |known: &&'static Builtin| std::ptr::eq(*known, builtin);
    for module in MODULES {
        for known in module.functions.iter().copied().flatten() {
            if same(&known) {
                return module.name.to_owned();
            }
            if known.statics.iter().any(|inner| same(&inner)) {
                return known.qualified_name();
            }
        }
    }
    String::new()
}

/// The names that can be imported, for messages.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    MODULES.iter().map(|module| module.name)
}

/// The functions and types of all modules, with their dotted names. Compare addresses with these
/// only: the compiler may lay a table out once for each way that leads to it.
pub(crate) fn functions() -> impl Iterator<Item = (String, &'static Builtin)> {
    MODULES.iter().flat_map(|module| {
        let functions = module.functions.iter().copied().flatten();
        functions.map(move |builtin| (format!("{}.{}", module.name, builtin.name), builtin))
    })
}
