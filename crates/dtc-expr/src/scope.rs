//! The names an expression may use, resolved to slots at compile time.

mod offers;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::field_type::FieldType;
use crate::functions::Functions;
use crate::modules;
use crate::value::Value;

pub use offers::{Offer, OfferKind, offers_of};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct VariableId(pub u16);
/// An aggregate's place in the `Frame`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct GroupId(pub u16);
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FieldId(pub u16);

/// Names → slots. Cheap to clone, so that each aggregate can have its own bare field names.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    names: Arc<Names>,
    bare: Arc<FxHashMap<Arc<str>, (GroupId, FieldId, FieldType)>>,
}

#[derive(Debug, Clone, Default)]
struct Names {
    variables: FxHashMap<Arc<str>, VariableId>,
    groups: FxHashMap<Arc<str>, Arc<Group>>,
    namespaces: FxHashMap<Arc<str>, Arc<Members>>,
    imports: FxHashMap<Arc<str>, Value>,
}

/// An aggregate's fields by name; a later field of the same name hides the earlier one.
#[derive(Debug)]
pub(crate) struct Group {
    pub id: GroupId,
    fields: Vec<(Arc<str>, FieldType)>,
}

impl Group {
    pub(crate) fn field(&self, name: &str) -> Option<(FieldId, FieldType)> {
        let place = self.fields.iter().rposition(|(known, _)| **known == *name)?;
        Some((field_id(place), self.fields[place].1))
    }

    pub(crate) fn field_names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| &**name)
    }
}

fn field_id(place: usize) -> FieldId {
    FieldId(u16::try_from(place).unwrap_or(u16::MAX))
}

/// The aggregates of a document, by name.
pub(crate) type Members = Vec<(Arc<str>, Arc<Group>)>;

/// An aggregate of a document: its name, its place in the frame, its fields.
pub type Member = (Arc<str>, GroupId, Vec<(Arc<str>, FieldType)>);

/// What a name means.
#[derive(Debug, Clone)]
pub(crate) enum Meaning {
    Variable(VariableId),
    Group(Arc<Group>),
    Namespace(Arc<Members>),
    Field(GroupId, FieldId, FieldType),
    Value(Value),
}

impl Scope {
    pub fn new() -> Scope {
        Scope::default()
    }

    /// Declares a variable (`source`, `time`, `identity`, `anchor`…) with its slot in `Frame::variables`.
    pub fn add_variable(&mut self, name: &str, id: VariableId) {
        Arc::make_mut(&mut self.names).variables.insert(Arc::from(name), id);
    }

    /// Declares an aggregate: `name.field` and `name['field']` read `Frame::groups[id][field]`.
    pub fn add_group(&mut self, name: &str, id: GroupId, fields: &[(Arc<str>, FieldType)]) {
        let group = Arc::new(Group { id, fields: fields.to_vec() });
        Arc::make_mut(&mut self.names).groups.insert(Arc::from(name), group);
    }

    /// Declares `document.aggregate.field` for aggregates declared with `add_group` under any name
    /// (hidden names are allowed: pass the members here instead).
    pub fn add_namespace(&mut self, name: &str, members: &[Member]) {
        let members = members
            .iter()
            .map(|(name, id, fields)| (name.clone(), Arc::new(Group { id: *id, fields: fields.clone() })))
            .collect();
        Arc::make_mut(&mut self.names).namespaces.insert(Arc::from(name), Arc::new(members));
    }

    /// Makes `field` alone mean `group.field` (LANGUAGE.md A.3).
    pub fn add_bare_fields(&mut self, group: GroupId, fields: &[(Arc<str>, FieldType)]) {
        let bare = Arc::make_mut(&mut self.bare);
        for (place, (name, field_type)) in fields.iter().enumerate() {
            bare.insert(name.clone(), (group, field_id(place), *field_type));
        }
    }

    /// `import module` (no identifiers) or `from module import a, b as c`. The error says which modules exist.
    pub fn add_import(&mut self, module: &str, identifiers: &[String], functions: &Functions) -> Result<(), String> {
        let (path, alias) = split_alias(module);
        let identifiers: Vec<&str> = identifiers
            .iter()
            .flat_map(|text| text.split(','))
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .collect();
        let imports = &mut Arc::make_mut(&mut self.names).imports;
        if let Some(name) = path.strip_prefix("functions/") {
            return import_functions(imports, name, &identifiers, functions);
        }
        if identifiers.is_empty() {
            return import_module(imports, path, alias, functions);
        }
        let module = modules::find(path).ok_or_else(|| unknown_module(path, functions))?;
        for identifier in identifiers {
            let (name, alias) = split_alias(identifier);
            if name == "*" {
                for name in module.member_names() {
                    let value = module.member(name).unwrap_or_default();
                    imports.insert(Arc::from(name), value);
                }
                continue;
            }
            let value = module.member(name).ok_or_else(|| {
                let known: Vec<&str> = module.member_names().collect();
                format!("module `{path}` has no `{name}`; it has {}", known.join(", "))
            })?;
            imports.insert(Arc::from(alias.unwrap_or(name)), value);
        }
        Ok(())
    }

    /// What a name means; locals are the compiler's own. `called`: the name stands before `(`.
    pub(crate) fn meaning(&self, name: &str, called: bool) -> Option<Meaning> {
        let names = &self.names;
        if let Some(group) = names.groups.get(name) {
            return Some(Meaning::Group(group.clone()));
        }
        if let Some(id) = names.variables.get(name) {
            return Some(Meaning::Variable(*id));
        }
        if let Some(members) = names.namespaces.get(name) {
            return Some(Meaning::Namespace(members.clone()));
        }
        let builtin = || {
            let found =
                crate::builtins::find(name).or_else(|| (name == "parse_time").then_some(modules::dates::PARSE_TIME));
            found.map(|builtin| Meaning::Value(builtin.value()))
        };
        let value = || names.imports.get(name).cloned().map(Meaning::Value);
        let bare = || self.bare.get(name).map(|(group, field, kind)| Meaning::Field(*group, *field, *kind));
        // A field can be called `max` or `count`; nobody calls a field.
        if called { value().or_else(builtin).or_else(bare) } else { bare().or_else(value).or_else(builtin) }
    }

    /// Every name in scope, for "did you mean" and completion.
    pub fn names(&self) -> Vec<Arc<str>> {
        let names = &self.names;
        let mut all: Vec<Arc<str>> = names
            .variables
            .keys()
            .chain(names.groups.keys())
            .chain(names.namespaces.keys())
            .chain(self.bare.keys())
            .chain(names.imports.keys())
            .cloned()
            .collect();
        all.sort();
        all.dedup();
        all.extend(crate::builtins::all().map(|builtin| Arc::from(builtin.name)));
        all.push(Arc::from("parse_time"));
        all
    }
}

fn split_alias(text: &str) -> (&str, Option<&str>) {
    match text.trim().split_once(" as ") {
        Some((name, alias)) => (name.trim(), Some(alias.trim())),
        None => (text.trim(), None),
    }
}

fn unknown_module(path: &str, functions: &Functions) -> String {
    let mut known: Vec<String> = modules::names().map(str::to_owned).collect();
    known.extend(functions.module_names().map(|name| format!("functions/{name}")));
    format!("no module `{path}`; can be imported: {}, and your own functions/NAME.rhai", known.join(", "))
}

fn import_module(
    imports: &mut FxHashMap<Arc<str>, Value>,
    path: &str,
    alias: Option<&str>,
    functions: &Functions,
) -> Result<(), String> {
    for part in path.split(',').map(str::trim) {
        let module = modules::find(part).ok_or_else(|| unknown_module(part, functions))?;
        // `import a.b` makes `a` known, `import a.b as c` the inner module.
        let (name, value) = match alias {
            Some(alias) => (alias, module.value()),
            None => {
                let root = part.split('.').next().unwrap_or(part);
                let module = modules::find(root).ok_or_else(|| unknown_module(root, functions))?;
                (root, module.value())
            }
        };
        imports.insert(Arc::from(name), value);
    }
    Ok(())
}

fn import_functions(
    imports: &mut FxHashMap<Arc<str>, Value>,
    module: &str,
    identifiers: &[&str],
    functions: &Functions,
) -> Result<(), String> {
    let Some(known) = functions.names(module) else {
        return Err(unknown_module(&format!("functions/{module}"), functions));
    };
    if identifiers.is_empty() || identifiers == ["*"] {
        for name in known {
            if let Some(function) = functions.function(module, &name) {
                imports.insert(Arc::from(name.as_str()), function);
            }
        }
        return Ok(());
    }
    for identifier in identifiers {
        let (name, alias) = split_alias(identifier);
        let function = functions
            .function(module, name)
            .ok_or_else(|| format!("functions/{module} has no function `{name}`; it has {}", known.join(", ")))?;
        imports.insert(Arc::from(alias.unwrap_or(name)), function);
    }
    Ok(())
}
