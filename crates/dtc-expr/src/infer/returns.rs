//! What calls return, by the qualified name of what is called: the one place that knows.

use crate::reference;

use super::operators;
use super::types::{Kinds, Type};
use ruff_python_ast::UnaryOp;

/// The type of a call of a built-in or of a module's function, e.g. `len`, `math.floor`,
/// `datetime.datetime.strptime`. `Type::ANY` where it is not known.
pub(super) fn returns(name: &str, arguments: &[Type]) -> Type {
    let first = arguments.first().cloned().unwrap_or(Type::ANY);
    let number = Kinds::INT.with(Kinds::FLOAT);
    match name {
        "abs" => operators::unary(UnaryOp::UAdd, &first).unwrap_or(Type::ANY),
        "round" => rounded(&first, arguments.len()),
        "sum" => summed(&first, arguments.len()),
        "min" | "max" => match arguments {
            [only] => iterated(only),
            _ => arguments.iter().cloned().reduce(Type::or).unwrap_or(Type::ANY),
        },
        "sorted" | "list" => Type::holding(Kinds::LIST, iterated(&first)),
        "tuple" => Type::holding(Kinds::TUPLE, iterated(&first)),
        "set" | "frozenset" => Type::holding(Kinds::SET, iterated(&first)),
        "statistics.mode" | "statistics.median_low" | "statistics.median_high" => iterated(&first),
        "statistics.median" => iterated(&first).or(number.into()),
        "statistics.multimode" => Type::holding(Kinds::LIST, iterated(&first)),
        _ => written(name),
    }
}

/// What the page of a function says that it returns.
fn written(name: &str) -> Type {
    let Some(entry) = reference::entry(name) else { return Type::ANY };
    let forms = entry.signatures.iter().filter(|form| form.parameters.is_some()).map(|form| named(form.returns));
    forms.reduce(Type::or).unwrap_or(Type::ANY)
}

/// The type of the names in a signature; `Type::ANY` where one of them says too little.
fn named(text: &str) -> Type {
    let one = |name: &str| {
        Some(match name {
            "None" => Kinds::NONE,
            "bool" => Kinds::BOOL,
            "int" => Kinds::INT,
            "float" => Kinds::FLOAT,
            "number" => Kinds::NUMBER,
            "str" => Kinds::STR,
            "datetime" => Kinds::DATETIME,
            "date" => Kinds::DATE,
            "timedelta" => Kinds::TIMEDELTA,
            "list" => Kinds::LIST,
            "tuple" => Kinds::TUPLE,
            "dict" => Kinds::DICT,
            "set" => Kinds::SET,
            _ => return None,
        })
    };
    let kinds = text.split(" | ").map(one).try_fold(Kinds::EMPTY, |all, kind| Some(all.with(kind?)));
    kinds.map_or(Type::ANY, Type::from)
}

fn rounded(number: &Type, arguments: usize) -> Type {
    match number.present() {
        kinds if !kinds.only(Kinds::NUMBER) => Type::ANY,
        _ if arguments < 2 => Kinds::INT.into(),
        kinds if kinds.only(Kinds::WHOLE) => Kinds::INT.into(),
        // `round(x, None)` is whole.
        _ => Kinds::INT.with(Kinds::FLOAT).into(),
    }
}

/// The sum of nothing is the integer 0.
fn summed(items: &Type, arguments: usize) -> Type {
    let item = iterated(items).present();
    if arguments != 1 || !item.only(Kinds::NUMBER) {
        return Type::ANY;
    }
    item.without(Kinds::BOOL).with(Kinds::INT).into()
}

/// What iterating over a value of the type gives.
pub(super) fn iterated(of: &Type) -> Type {
    match of.present() {
        kinds if kinds.only(Kinds::ITERABLES) => of.item(),
        Kinds::STR => Kinds::STR.into(),
        _ => Type::ANY,
    }
}

/// The type of `receiver.name(…)`; `Type::ANY` where it is not known.
pub(super) fn method(receiver: &Type, name: &str, arguments: &[Type]) -> Type {
    if receiver.is_any() {
        return Type::ANY;
    }
    let one = |kind: Kinds| match kind {
        Kinds::STR => of_text(name),
        Kinds::LIST | Kinds::TUPLE | Kinds::SET => of_items(kind, receiver, name),
        Kinds::DICT => of_dict(receiver, name, arguments),
        Kinds::DATETIME | Kinds::DATE => of_moment(kind, name),
        Kinds::TIMEDELTA => written(&format!("datetime.timedelta.{name}")),
        Kinds::INT => written(&format!("int.{name}")),
        Kinds::FLOAT => written(&format!("float.{name}")),
        _ => Type::ANY,
    };
    receiver.present().each().map(one).reduce(Type::or).unwrap_or(Type::ANY)
}

fn of_text(name: &str) -> Type {
    match name {
        "split" | "rsplit" | "splitlines" => Type::holding(Kinds::LIST, Kinds::STR.into()),
        "partition" | "rpartition" => Type::holding(Kinds::TUPLE, Kinds::STR.into()),
        name => written(&format!("str.{name}")),
    }
}

/// Of lists, tuples and sets. A field's collection is what its changing methods return.
fn of_items(kind: Kinds, receiver: &Type, name: &str) -> Type {
    match name {
        "count" | "index" => Kinds::INT.into(),
        "pop" => receiver.item(),
        "copy" => Type::holding(kind, receiver.item()),
        "issubset" | "issuperset" | "isdisjoint" => Kinds::BOOL.into(),
        _ => Type::from(kind).or_none(),
    }
}

fn of_dict(receiver: &Type, name: &str, arguments: &[Type]) -> Type {
    match (name, arguments) {
        ("get", [_]) => match receiver.item() {
            item if item.is_any() => item,
            item => item.or_none(),
        },
        ("copy", _) => Kinds::DICT.into(),
        ("clear" | "update" | "set" | "increment", _) => Type::from(Kinds::DICT).or_none(),
        _ => Type::ANY,
    }
}

fn of_moment(kind: Kinds, name: &str) -> Type {
    match name {
        "isocalendar" => Type::holding(Kinds::TUPLE, Kinds::INT.into()),
        "replace" | "astimezone" => kind.into(),
        name if kind == Kinds::DATE => written(&format!("datetime.date.{name}")),
        name => written(&format!("datetime.datetime.{name}")),
    }
}

/// The type of `value.name` without a call.
pub(super) fn property(of: &Type, name: &str) -> Type {
    let kinds = of.present();
    let moment = kinds.only(Kinds::DATETIME.with(Kinds::DATE));
    match name {
        "year" | "month" | "day" if moment => Kinds::INT.into(),
        "hour" | "minute" | "second" | "microsecond" if kinds == Kinds::DATETIME => Kinds::INT.into(),
        "days" | "seconds" | "microseconds" if kinds == Kinds::TIMEDELTA => Kinds::INT.into(),
        _ => Type::ANY,
    }
}
