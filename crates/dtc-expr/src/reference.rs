//! The pages of `functions/`: what every built-in, module member, method and property does.
//!
//! Names are dotted: `len`, `math.floor`, `str.upper`, `datetime.datetime.strptime`, `map.increment`.
//! Refuses to describe names that a document declares itself.

mod signature;

use std::sync::LazyLock;

use crate::builtins::{self, Builtin};
use crate::methods::Kind;
use crate::modules::{self, dates};
use crate::value::Value;
use crate::value::object::Object;

pub use signature::{Parameter, ParameterKind, Signature};

/// One page.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: &'static str,
    /// At least one; more where the arguments have several forms, as `range` has.
    pub signatures: Vec<Signature>,
    /// One to three sentences of Markdown.
    pub text: &'static str,
    pub examples: Vec<Example>,
}

/// An expression and what it gives: its `repr`, or the name of the error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    pub expression: &'static str,
    pub result: &'static str,
}

impl Entry {
    /// The main form, e.g. `math.floor(x: number, /) -> int`.
    pub fn signature(&self) -> &Signature {
        &self.signatures[0]
    }
}

static PAGES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pages.rs"));

static ENTRIES: LazyLock<Vec<Entry>> = LazyLock::new(|| {
    let mut entries: Vec<Entry> = PAGES.iter().filter_map(|(name, page)| read(name, page)).collect();
    entries.sort_by_key(|entry| entry.name);
    entries
});

/// Every page, sorted by name.
pub fn entries() -> &'static [Entry] {
    &ENTRIES
}

/// The page of a dotted name.
pub fn entry(qualified_name: &str) -> Option<&'static Entry> {
    let entries = entries();
    let place = entries.binary_search_by_key(&qualified_name, |entry| entry.name).ok()?;
    entries.get(place)
}

/// A page's signatures, text and examples; nothing without a signature.
fn read(name: &'static str, page: &'static str) -> Option<Entry> {
    let (mut signatures, mut examples) = (Vec::new(), Vec::new());
    let mut lines = page.lines().peekable();
    while let Some(signature) = lines.peek().and_then(|line| line.strip_prefix("# ")) {
        signatures.push(Signature::read(signature));
        lines.next();
    }
    while let Some(line) = lines.next() {
        if let Some(expression) = line.strip_prefix(">>> ") {
            examples.push(Example { expression, result: lines.next().unwrap_or_default() });
        }
    }
    let text = page.split("\n\n").nth(1).unwrap_or_default().trim();
    (!signatures.is_empty()).then_some(Entry { name, signatures, text, examples })
}

/// The page of a built-in, type or module, under whatever name it was imported.
pub(crate) fn of_value(value: &Value) -> Option<&'static Entry> {
    let Value::Object(object) = value else { return None };
    match &**object {
        Object::Builtin(builtin) => of_builtin(builtin),
        Object::Module(module) => entry(module.name),
        _ => None,
    }
}

pub(crate) fn of_builtin(wanted: &'static Builtin) -> Option<&'static Entry> {
    if std::ptr::eq(wanted, dates::PARSE_TIME) {
        return entry(wanted.name);
    }
    let own = builtins::all().map(|builtin| (builtin.name.to_owned(), builtin));
    let known = own.chain(modules::functions()).find_map(|(name, builtin)| {
        if std::ptr::eq(builtin, wanted) {
            return Some(name);
        }
        let inner = builtin.statics.iter().find(|inner| std::ptr::eq(*inner, wanted))?;
        Some(format!("{name}.{}", inner.name))
    });
    entry(&known?)
}

/// The page of a method or property of a type.
pub(crate) fn of_member(kind: Kind, name: &str) -> Option<&'static Entry> {
    let of = |kind: Kind| entry(&format!("{}.{name}", kind.page()));
    of(kind).or_else(|| if matches!(kind, Kind::Map | Kind::Counter) { of(Kind::Dict) } else { None })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::methods::{Kind, property_names};

    fn qualified(owner: &str, name: &str) -> String {
        if owner.is_empty() { name.to_owned() } else { format!("{owner}.{name}") }
    }

    fn of_type(name: &str, builtin: &Builtin, all: &mut BTreeSet<String>) {
        all.insert(name.to_owned());
        all.extend(builtin.member_names().map(|member| qualified(name, member)));
    }

    /// Everything that exists in the language, by its dotted name.
    fn existing() -> BTreeSet<String> {
        let mut all = BTreeSet::from(["parse_time".to_owned()]);
        builtins::all().for_each(|builtin| of_type(builtin.name, builtin, &mut all));
        modules::functions().for_each(|(name, builtin)| of_type(&name, builtin, &mut all));
        for module in modules::names().filter_map(modules::find) {
            all.insert(module.name.to_owned());
            all.extend(module.member_names().map(|member| qualified(module.name, member)));
        }
        for kind in Kind::all() {
            all.extend(kind.own_names().map(|method| qualified(kind.page(), method)));
        }
        all.extend(property_names().map(|(owner, property)| qualified(owner, property)));
        all
    }

    #[test]
    fn everything_has_its_page_and_every_page_its_subject() {
        let existing = existing();
        let described: BTreeSet<String> = entries().iter().map(|entry| entry.name.to_owned()).collect();
        assert_eq!(existing.difference(&described).collect::<Vec<_>>(), Vec::<&String>::new(), "without a page");
        assert_eq!(described.difference(&existing).collect::<Vec<_>>(), Vec::<&String>::new(), "do not exist");
    }
}
