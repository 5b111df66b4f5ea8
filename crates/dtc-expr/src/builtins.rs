//! Python's built-in functions and types, and how a call binds its arguments.
//!
//! Each group of functions is a table in its own file; nothing here touches files or the clock.

pub(crate) mod collections;
pub(crate) mod iteration;
pub(crate) mod numbers;
pub(crate) mod texts;
pub(crate) mod types;

use std::sync::Arc;

use smallvec::SmallVec;

use crate::error::{EvalError, EvalErrorKind};
use crate::eval::Evaluator;
use crate::value::Value;
use crate::value::object::Object;

pub(crate) type Outcome = Result<Value, EvalError>;

/// A name and what makes its value.
pub(crate) type Constant = (&'static str, fn() -> Value);

/// A function or type that Python brings along.
pub struct Builtin {
    pub(crate) name: &'static str,
    /// `datetime` for `datetime.datetime`; empty for the built-ins.
    pub(crate) module: &'static str,
    pub(crate) is_type: bool,
    pub(crate) call: fn(&mut Evaluator<'_>, Args) -> Outcome,
    /// `datetime.strptime` and the like.
    pub(crate) statics: &'static [Builtin],
    /// `timezone.utc` and the like.
    pub(crate) constants: &'static [Constant],
}

impl std::fmt::Debug for Builtin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.name)
    }
}

impl Builtin {
    pub(crate) const fn function(name: &'static str, call: fn(&mut Evaluator<'_>, Args) -> Outcome) -> Builtin {
        Builtin { name, module: "", is_type: false, call, statics: &[], constants: &[] }
    }

    pub(crate) const fn class(
        name: &'static str,
        module: &'static str,
        call: fn(&mut Evaluator<'_>, Args) -> Outcome,
        statics: &'static [Builtin],
    ) -> Builtin {
        Builtin { name, module, is_type: true, call, statics, constants: &[] }
    }

    pub(crate) const fn with_constants(self, constants: &'static [Constant]) -> Builtin {
        Builtin { constants, ..self }
    }

    /// `datetime.strptime`, `timezone.utc`: what a type has besides methods.
    pub(crate) fn member(&self, name: &str) -> Option<Value> {
        let function = self.statics.iter().find(|inner| inner.name == name).map(Builtin::value);
        function.or_else(|| self.constants.iter().find(|(known, _)| *known == name).map(|(_, make)| make()))
    }

    pub(crate) fn member_names(&self) -> impl Iterator<Item = &'static str> {
        let constants = self.constants.iter().map(|(name, _)| *name);
        self.statics.iter().map(|inner| inner.name).chain(constants)
    }

    pub(crate) fn qualified_name(&self) -> String {
        if self.module.is_empty() { self.name.to_owned() } else { format!("{}.{}", self.module, self.name) }
    }

    pub(crate) fn value(&'static self) -> Value {
        Value::object(Object::Builtin(self))
    }
}

static GROUPS: [&[Builtin]; 5] = [numbers::TABLE, texts::TABLE, collections::TABLE, iteration::TABLE, types::TABLE];

pub(crate) fn find(name: &str) -> Option<&'static Builtin> {
    all().find(|builtin| builtin.name == name)
}

pub(crate) fn all() -> impl Iterator<Item = &'static Builtin> {
    GROUPS.into_iter().flatten()
}

/// The arguments of one call.
#[derive(Debug, Default)]
pub(crate) struct Args {
    pub positional: SmallVec<[Value; 3]>,
    pub keywords: Vec<(Arc<str>, Value)>,
}

impl Args {
    pub(crate) fn of(values: impl IntoIterator<Item = Value>) -> Args {
        Args { positional: values.into_iter().collect(), keywords: Vec::new() }
    }

    /// Arguments by place or name; the first `required` must be there.
    pub(crate) fn bind<const N: usize>(
        self,
        function: &str,
        names: [&str; N],
        required: usize,
    ) -> Result<[Option<Value>; N], EvalError> {
        let given = self.positional.len();
        if given > N {
            return Err(EvalError::type_error(format!(
                "{function}() takes at most {N} argument{} ({given} given)",
                if N == 1 { "" } else { "s" }
            )));
        }
        let mut bound = [const { None }; N];
        for (slot, value) in bound.iter_mut().zip(self.positional) {
            *slot = Some(value);
        }
        for (name, value) in self.keywords {
            let Some(place) = names.iter().position(|known| !known.is_empty() && **known == *name) else {
                return Err(EvalError::type_error(format!("{function}() got an unexpected keyword argument '{name}'")));
            };
            if bound[place].replace(value).is_some() {
                return Err(EvalError::type_error(format!("{function}() got multiple values for argument '{name}'")));
            }
        }
        match bound.iter().take(required).position(Option::is_none) {
            Some(missing) => {
                Err(EvalError::type_error(format!("{function}() missing required argument {}", missing + 1)))
            }
            None => Ok(bound),
        }
    }

    /// Exactly one argument, by place.
    pub(crate) fn one(self, function: &str) -> Outcome {
        let [value] = self.bind(function, [""], 1)?;
        Ok(value.unwrap_or_default())
    }

    pub(crate) fn no_keywords(&self, function: &str) -> Result<(), EvalError> {
        if self.keywords.is_empty() {
            return Ok(());
        }
        Err(EvalError::type_error(format!("{function}() takes no keyword arguments")))
    }
}

/// An integer argument; floats are refused as Python refuses them.
pub(crate) fn index(value: &Value) -> Result<i64, EvalError> {
    match value {
        Value::Int(number) => Ok(*number),
        Value::Bool(flag) => Ok(i64::from(*flag)),
        Value::Big(number) => Ok(if number.sign() == num_bigint::Sign::Minus { i64::MIN } else { i64::MAX }),
        other => {
            Err(EvalError::type_error(format!("'{}' object cannot be interpreted as an integer", other.type_name())))
        }
    }
}

/// What cannot be a key of a dict or an item of a set.
pub(crate) fn hashable(value: &Value) -> Result<(), EvalError> {
    match value {
        Value::List(..) | Value::Dict(..) | Value::Set(..) => {
            Err(EvalError::type_error(format!("unhashable type: '{}'", value.type_name())))
        }
        Value::Tuple(items) => items.iter().try_for_each(hashable),
        _ => Ok(()),
    }
}

pub(crate) fn not_iterable(value: &Value) -> EvalError {
    EvalError::type_error(format!("'{}' object is not iterable", value.type_name()))
}

pub(crate) fn stop_iteration() -> EvalError {
    EvalError::new(EvalErrorKind::StopIteration, "")
}
