//! type, isinstance, callable: asking what a value is.

use super::{Args, Builtin, Outcome};
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::value::Value;
use crate::value::object::Object;

pub(super) static TABLE: &[Builtin] = &[
    Builtin::class("type", "", |_, args| type_of(&args.one("type")?), &[]),
    Builtin::function("isinstance", isinstance),
    Builtin::function("callable", callable),
    Builtin::class("object", "", |_, _| Err(EvalError::type_error("object() is not supported")), &[]),
];

/// Types that have no name in an expression but are what `type(x)` gives.
static NAMELESS: &[Builtin] = &[
    nameless("NoneType"),
    nameless("builtin_function_or_method"),
    nameless("method_descriptor"),
    nameless("function"),
    nameless("module"),
    nameless("dict_keys"),
    nameless("dict_values"),
    nameless("dict_items"),
    nameless("generator"),
    nameless("list_iterator"),
    nameless("list_reverseiterator"),
    nameless("tuple_iterator"),
    nameless("str_iterator"),
    nameless("iterator"),
];

const fn nameless(name: &'static str) -> Builtin {
    Builtin::class(name, "", |_, _| Err(EvalError::type_error("cannot create instances of this type")), &[])
}

fn type_of(value: &Value) -> Outcome {
    let name = value.type_name();
    let found = match name.strip_prefix("datetime.") {
        Some(name) => crate::modules::dates::TYPES.iter().find(|builtin| builtin.name == name),
        None => super::find(name).or_else(|| NAMELESS.iter().find(|builtin| builtin.name == name)),
    };
    found.map(Builtin::value).ok_or_else(|| EvalError::type_error(format!("type() of '{name}' is not supported")))
}

fn isinstance(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [value, class] = args.bind("isinstance", ["", ""], 2)?;
    let (value, class) = (value.unwrap_or_default(), class.unwrap_or_default());
    is_instance(&value, &class).map(Value::Bool)
}

fn is_instance(value: &Value, class: &Value) -> Result<bool, EvalError> {
    match class {
        Value::Tuple(classes) => {
            for class in classes.iter() {
                if is_instance(value, class)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Value::Object(object) => match &**object {
            Object::Builtin(builtin) if builtin.is_type => Ok(is_of(value, builtin)),
            _ => Err(not_a_type()),
        },
        _ => Err(not_a_type()),
    }
}

fn not_a_type() -> EvalError {
    EvalError::type_error("isinstance() arg 2 must be a type, a tuple of types, or a union")
}

fn is_of(value: &Value, class: &Builtin) -> bool {
    let name = value.type_name();
    match class.name {
        "object" => true,
        "int" if name == "bool" => true,
        "date" if name == "datetime.datetime" => true,
        _ => class.qualified_name() == name,
    }
}

fn callable(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let value = args.one("callable")?;
    let callable = matches!(&value, Value::Object(object) if matches!(&**object,
        Object::Builtin(_) | Object::Method(..) | Object::Unbound(..) | Object::Lambda(_) | Object::User(_)));
    Ok(Value::Bool(callable))
}
