//! The values that expressions compute with: Python's, immutable and shared by reference count.
//!
//! Collections never alias: a method that would change one in place gives a changed copy, and the
//! compiler writes it back where the receiver is an aggregate's field. So values cross threads.

use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use num_bigint::BigInt;

use crate::time::{DateTime, TimeDelta};

/// How a collection behaves beyond being Python's list, dict or set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Flavor {
    /// As Python has it.
    #[default]
    Plain,
    /// Part of an event: attributes read keys, a missing key is `None`; iterating gives `Plain`.
    Record,
    /// The value of a map, list or set field: changing methods return the collection.
    Field,
}

pub type List = Arc<Vec<Value>>;
/// Insertion order, keys equal as Python has it (`1 == 1.0 == True`).
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
    // Callables, modules, types, ranges and other values that live only inside an expression are
    // added here by the owner of this crate.
}
