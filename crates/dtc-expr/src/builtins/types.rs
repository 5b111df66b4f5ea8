//! type, isinstance, callable: asking what a value is.

use super::{Args, Builtin, Outcome};
use crate::error::{EvalError, EvalErrorKind};
use crate::eval::{Evaluator, attribute_of};
use crate::value::Value;
use crate::value::object::Object;

pub(super) static TABLE: &[Builtin] = &[
    Builtin::class("type", "", |_, args| type_of(&args.one("type")?), &[]),
    Builtin::function("isinstance", isinstance),
    Builtin::function("callable", callable),
    Builtin::function("getattr", getattr),
    Builtin::function("hasattr", |_, args| {
        let [object, name] = args.bind("hasattr", ["", ""], 2)?;
        Ok(Value::Bool(attribute(&object.unwrap_or_default(), &name.unwrap_or_default(), "hasattr")?.is_some()))
    }),
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
    nameless("callable_iterator"),
];

const fn nameless(name: &'static str) -> Builtin {
    Builtin::class(name, "", |_, _| Err(EvalError::type_error("cannot create instances of this type")), &[])
}

fn type_of(value: &Value) -> Outcome {
    let name = value.type_name();
    let own = || super::find(name).or_else(|| NAMELESS.iter().find(|builtin| builtin.name == name));
    let found = match name.contains('.') {
        true => crate::modules::functions().find(|(known, _)| known == name).map(|(_, builtin)| builtin),
        false => own(),
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
        "dict" if name == "collections.Counter" => true,
        _ => class.qualified_name() == name,
    }
}

/// The attribute, or `None` where there is none.
fn attribute(object: &Value, name: &Value, function: &str) -> Result<Option<Value>, EvalError> {
    let Some(name) = name.as_str() else {
        return Err(EvalError::type_error(format!("{function}(): attribute name must be string")));
    };
    match attribute_of(object, name) {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind == EvalErrorKind::AttributeError => Ok(None),
        Err(error) => Err(error),
    }
}

fn getattr(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let [object, name, default] = args.bind("getattr", ["", "", ""], 2)?;
    let (object, name) = (object.unwrap_or_default(), name.unwrap_or_default());
    let missing = || EvalError::no_attribute(object.type_name(), name.as_str().unwrap_or_default());
    attribute(&object, &name, "getattr")?.or(default).ok_or_else(missing)
}

fn callable(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let value = args.one("callable")?;
    let callable = matches!(&value, Value::Object(object) if matches!(&**object,
        Object::Builtin(_) | Object::Method(..) | Object::Unbound(..) | Object::Lambda(_) | Object::User(_)));
    Ok(Value::Bool(callable))
}
