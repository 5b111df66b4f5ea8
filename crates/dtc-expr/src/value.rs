//! The values that expressions compute with: Python's, immutable and shared by reference count.
//!
//! Collections never alias: a method that would change one in place gives a changed copy, and the
//! compiler writes it back where the receiver is an aggregate's field. So values cross threads.

mod equality;
mod float_text;
mod json;
pub(crate) use json::json_key;
pub use json::write_json_text;
pub(crate) mod object;
mod order;
mod text;
pub(crate) use text::{write_escape, write_quoted};

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::time::{DateTime, TimeDelta};

pub(crate) use equality::python_equal;
pub(crate) use float_text::{exponent_text, float_repr};
pub use object::Object;
pub(crate) use order::{Order, compare};

/// How a collection behaves beyond being Python's list, dict or set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flavor {
    /// As Python has it.
    #[default]
    Plain,
    /// Part of an event: attributes read keys, a missing key is `None`; iterating gives `Plain`.
    ///
    /// Only the outermost dict of an event is marked; what lies inside is stored `Plain` and
    /// becomes `Record` when an attribute or index reaches it.
    Record,
    /// A dict that counts, `collections.Counter`: a missing key counts 0.
    Counter,
    /// The value of a map, list or set field: changing methods return the collection.
    Field,
}

pub type List = Arc<Vec<Value>>;
/// Insertion order, keys equal as Python has it (`1 == 1.0 == True`). `dict.get("key")` works
/// with a `&str` and allocates nothing.
pub type Dict = IndexMap<Value, Value, rustc_hash::FxBuildHasher>;
pub type Set = IndexSet<Value, rustc_hash::FxBuildHasher>;

#[derive(Debug, Clone, Default)]
pub enum Value {
    #[default]
    None,
    Bool(bool),
    Int(i64),
    /// Only for integers that do not fit `Int`.
    Big(Arc<BigInt>),
    Float(f64),
    Str(Arc<str>),
    Tuple(List),
    List(Flavor, List),
    Dict(Flavor, Arc<Dict>),
    Set(Flavor, Arc<Set>),
    DateTime(DateTime),
    TimeDelta(TimeDelta),
    /// Functions, types, modules, ranges and other values that live only inside an expression.
    Object(Arc<Object>),
}

impl Value {
    /// An event: attribute and item access give `None` for a missing key.
    pub fn record(dict: Dict) -> Value {
        Value::Dict(Flavor::Record, Arc::new(dict))
    }

    /// A plain list.
    pub fn list(items: Vec<Value>) -> Value {
        Value::List(Flavor::Plain, Arc::new(items))
    }

    pub fn tuple(items: Vec<Value>) -> Value {
        Value::Tuple(Arc::new(items))
    }

    /// A plain dict.
    pub fn dict(dict: Dict) -> Value {
        Value::Dict(Flavor::Plain, Arc::new(dict))
    }

    /// A plain set.
    pub fn set(set: Set) -> Value {
        Value::Set(Flavor::Plain, Arc::new(set))
    }

    pub fn str(text: &str) -> Value {
        Value::Str(Arc::from(text))
    }

    /// An integer of any size, in its smallest form.
    pub fn big(number: BigInt) -> Value {
        match number.to_i64() {
            Some(small) => Value::Int(small),
            None => Value::Big(Arc::new(number)),
        }
    }

    pub(crate) fn object(object: Object) -> Value {
        Value::Object(Arc::new(object))
    }

    /// The same collection with another behaviour; other values unchanged.
    pub fn with_flavor(self, flavor: Flavor) -> Value {
        match self {
            Value::List(_, items) => Value::List(flavor, items),
            Value::Dict(_, dict) => Value::Dict(flavor, dict),
            Value::Set(_, set) => Value::Set(flavor, set),
            other => other,
        }
    }

    /// Estimated bytes that the value holds beside its own: texts and collections count for each that
    /// refers to them.
    pub fn weight(&self) -> usize {
        /// Reference counts and lengths in front of shared content.
        const SHARED: usize = 24;
        let inside = |value: &Value| size_of::<Value>() + value.weight();
        match self {
            Value::Str(text) => SHARED + text.len(),
            Value::List(_, items) | Value::Tuple(items) => SHARED + items.iter().map(inside).sum::<usize>(),
            // Hash, index slot and spare room of the map's tables: about two words an entry.
            Value::Dict(_, entries) => {
                SHARED + 64 + entries.iter().map(|(key, value)| 16 + inside(key) + inside(value)).sum::<usize>()
            }
            Value::Set(_, items) => SHARED + 64 + items.iter().map(|item| 16 + inside(item)).sum::<usize>(),
            _ => 0,
        }
    }

    pub fn is_none(&self) -> bool {
        matches!(self, Value::None)
    }

    /// The text of a `str`, nothing else.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// Python's `bool(value)`.
    pub fn is_truthy(&self) -> bool {
        match self {
            Value::None => false,
            Value::Bool(flag) => *flag,
            Value::Int(number) => *number != 0,
            Value::Big(_) | Value::DateTime(_) => true,
            Value::Float(number) => *number != 0.0,
            Value::Str(text) => !text.is_empty(),
            Value::Tuple(items) | Value::List(_, items) => !items.is_empty(),
            Value::Dict(_, dict) => !dict.is_empty(),
            Value::Set(_, set) => !set.is_empty(),
            Value::TimeDelta(delta) => delta.micros != 0,
            Value::Object(object) => object.is_truthy(),
        }
    }

    /// The type as Python's error messages name it, e.g. `NoneType`, `datetime.datetime`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::None => "NoneType",
            Value::Bool(_) => "bool",
            Value::Int(_) | Value::Big(_) => "int",
            Value::Float(_) => "float",
            Value::Str(_) => "str",
            Value::Tuple(_) => "tuple",
            Value::List(..) => "list",
            Value::Dict(Flavor::Counter, _) => "collections.Counter",
            Value::Dict(..) => "dict",
            Value::Set(..) => "set",
            Value::DateTime(_) => "datetime.datetime",
            Value::TimeDelta(_) => "datetime.timedelta",
            Value::Object(object) => object.type_name(),
        }
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Value {
        Value::Bool(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Value {
        Value::Int(number)
    }
}

impl From<usize> for Value {
    fn from(number: usize) -> Value {
        i64::try_from(number).map_or_else(|_| Value::big(BigInt::from(number)), Value::Int)
    }
}

impl From<BigInt> for Value {
    fn from(number: BigInt) -> Value {
        Value::big(number)
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Value {
        Value::Float(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Value {
        Value::Str(Arc::from(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Value {
        Value::Str(Arc::from(text))
    }
}

impl From<Arc<str>> for Value {
    fn from(text: Arc<str>) -> Value {
        Value::Str(text)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Value {
        Value::list(items)
    }
}

impl From<Dict> for Value {
    fn from(dict: Dict) -> Value {
        Value::dict(dict)
    }
}

impl From<Set> for Value {
    fn from(set: Set) -> Value {
        Value::set(set)
    }
}

impl From<DateTime> for Value {
    fn from(time: DateTime) -> Value {
        Value::DateTime(time)
    }
}

impl From<TimeDelta> for Value {
    fn from(delta: TimeDelta) -> Value {
        Value::TimeDelta(delta)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Value {
        value.map_or(Value::None, Into::into)
    }
}
