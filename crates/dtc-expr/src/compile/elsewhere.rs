//! What Python has and expressions here have not, and the nearest way to say it.

/// Built-in names.
const NAMES: &[(&str, &str)] = &[
    ("__import__", "import in the document: `Import: [{ Module: math }]`"),
    ("aiter", "expressions run at once: use `iter(…)`"),
    ("anext", "expressions run at once: use `next(…)`"),
    ("breakpoint", "look at the value in a field of its own"),
    ("bytearray", "use a text"),
    ("bytes", "use a text"),
    ("classmethod", "write a Rhai function: functions/NAME.rhai"),
    ("compile", "write the expression itself; for patterns `re.compile(…)`"),
    ("complex", "use integers and floats"),
    ("delattr", "a value's parts cannot be taken away: make a new value"),
    ("dir", "name the member: the editor lists what there is"),
    ("eval", "write the expression itself"),
    ("exec", "write a Rhai function: functions/NAME.rhai"),
    ("exit", "use `When` to leave events out"),
    ("frozenset", "use `set(…)`, or `tuple(sorted(…))` as a key"),
    ("globals", "name what you need: aggregates, `source`, `time`, `identity`"),
    ("hash", "Python's differ from run to run: write a Rhai function: functions/NAME.rhai"),
    ("help", "the editor shows what a name means"),
    ("id", "Python's differ from run to run: compare values with `==`"),
    ("input", "an expression asks nobody: take it from `source`"),
    ("issubclass", "use `isinstance(value, type)`"),
    ("locals", "name what you need: aggregates, `source`, `time`, `identity`"),
    ("memoryview", "use a text or a list"),
    ("open", "an expression reads no files: give the data as events"),
    ("print", "put the value into a field of its own"),
    ("property", "write a Rhai function: functions/NAME.rhai"),
    ("quit", "use `When` to leave events out"),
    ("setattr", "an expression sets nothing: give the field a `Value`"),
    ("slice", "write it in brackets: `x[1:3]`"),
    ("staticmethod", "write a Rhai function: functions/NAME.rhai"),
    ("super", "write a Rhai function: functions/NAME.rhai"),
    ("vars", "name the member, or use `.items()` of a dict"),
    ("Ellipsis", "write a value"),
    ("NotImplemented", "write a value"),
    ("Exception", "an expression neither raises nor catches: use `x if … else y`"),
    ("AttributeError", "an expression neither raises nor catches: use `x if … else y`"),
    ("IndexError", "an expression neither raises nor catches: use `x if … else y`"),
    ("KeyError", "an expression neither raises nor catches: use `.get(key, default)`"),
    ("TypeError", "an expression neither raises nor catches: use `isinstance(…)`"),
    ("ValueError", "an expression neither raises nor catches: use `x if … else y`"),
    ("ZeroDivisionError", "an expression neither raises nor catches: use `a / b if b else 0`"),
];

/// Modules, and members of modules.
const MODULES: &[(&str, &str)] = &[
    ("base64", "write a Rhai function: functions/NAME.rhai"),
    ("bisect", "count: `sum(1 for x in items if x < value)`"),
    ("calendar", "use `datetime`: `time.weekday()`, `time.isocalendar()`"),
    ("collections.ChainMap", "join the dicts: `{**b, **a}`"),
    ("collections.OrderedDict", "every dict keeps its order: use `dict`"),
    ("collections.defaultdict", "use `.get(key, default)`, a map field's `increment`, or `Counter`"),
    ("collections.deque", "use a list: `items[-n:]` keeps the last ones"),
    ("collections.namedtuple", "use a dict or a tuple"),
    ("copy", "values are never shared: use the value itself, or `.copy()`"),
    ("csv", "use `.split(',')`, or give the data as events"),
    ("datetime.tzinfo", "use `timezone(timedelta(hours=…))`"),
    ("decimal", "use floats and `round(x, 2)`, or count in integers"),
    ("enum", "use texts"),
    ("fractions", "use floats, or keep two integers"),
    ("functools", "use `sum`, `max`, `math.prod` or a comprehension"),
    ("hashlib", "write a Rhai function: functions/NAME.rhai"),
    ("heapq", "use `sorted(items)[:n]`"),
    ("itertools", "use a comprehension with several `for`, `zip` or `enumerate`"),
    ("json.dump", "use `json.dumps(value)`, which gives a text"),
    ("json.load", "use `json.loads(text)`"),
    ("logging", "put the value into a field of its own"),
    ("math.erf", "write a Rhai function: functions/NAME.rhai"),
    ("math.gamma", "for integers `math.factorial(n - 1)`"),
    ("math.dist", "use `math.hypot(x1 - x2, y1 - y2)`"),
    ("numpy", "use `sum`, `math`, `statistics` and comprehensions"),
    ("operator", "use a lambda: `key=lambda x: x[1]`"),
    ("os", "an expression sees nothing outside: give the data as events"),
    ("pandas", "use aggregates and windows; they are the table"),
    ("pytz", "use `timezone(timedelta(hours=…))`, a fixed offset"),
    ("random", "a run must give the same each time: an anchor's `Pick: random` is seeded"),
    ("re.error", "a pattern's error is found before the run"),
    ("requests", "an expression sees nothing outside: give the data as events"),
    ("scipy", "use `math` and `statistics`, or a Rhai function"),
    ("string", "write the characters: `'abcdefghijklmnopqrstuvwxyz'`"),
    ("sys", "an expression sees nothing outside"),
    ("time", "use `time`, the event's own time"),
    ("typing", "types need no names here"),
    ("urllib", "take addresses apart with `re` or `.split('/')`"),
    ("uuid", "write a Rhai function: functions/NAME.rhai"),
    ("zoneinfo", "use `timezone(timedelta(hours=…))`, a fixed offset"),
];

/// Methods that Python's types have and ours have not. They are called on no other type.
const METHODS: &[(&str, &str)] = &[
    ("as_integer_ratio", "keep two integers"),
    ("bit_count", "use `bin(x).count('1')`"),
    ("decode", "there are only texts here: leave it out"),
    ("encode", "there are only texts here: leave it out"),
    ("format_map", "use `.format(**dict)`"),
    ("fromhex", "use `int(text, 16)`"),
    ("maketrans", "give `translate` a dict: `{ord('a'): 'b'}`"),
    ("timetuple", "name the parts: `time.year`, `time.hour`…"),
    ("to_bytes", "there are only texts here: use `hex(x)`"),
    ("utctimetuple", "name the parts: `time.year`, `time.hour`…"),
];

/// Attributes that begin and end with `__`.
const DUNDERS: &[(&str, &str)] = &[
    ("__class__", "use `type(x)` or `isinstance(x, …)`"),
    ("__contains__", "use `item in x`"),
    ("__dict__", "use the dict itself"),
    ("__doc__", "the editor shows what a name means"),
    ("__eq__", "use `==`"),
    ("__getitem__", "use `x[key]`"),
    ("__iter__", "use `iter(x)`"),
    ("__len__", "use `len(x)`"),
    ("__repr__", "use `repr(x)`"),
    ("__str__", "use `str(x)`"),
];

fn find(table: &[(&str, &'static str)], name: &str) -> Option<&'static str> {
    table.iter().find(|(known, _)| *known == name).map(|(_, help)| *help)
}

/// What to write instead of a built-in of Python.
pub(crate) fn name(name: &str) -> Option<&'static str> {
    find(NAMES, name)
}

/// What to write instead of a module or its member, by the dotted name; inner modules count as their outermost.
pub(crate) fn module(path: &str) -> Option<&'static str> {
    find(MODULES, path).or_else(|| find(MODULES, path.split('.').next().unwrap_or(path)))
}

/// What to write instead of calling a method.
pub(crate) fn method(name: &str) -> Option<&'static str> {
    find(METHODS, name)
}

/// What to write instead of an attribute with underscores on both sides.
pub(crate) fn dunder(name: &str) -> Option<&'static str> {
    let is_dunder = name.len() > 4 && name.starts_with("__") && name.ends_with("__") && name != "__name__";
    is_dunder.then(|| find(DUNDERS, name).unwrap_or("use the operator or function that stands for it"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::CompileErrorKind;
    use crate::functions::Functions;
    use crate::scope::Scope;
    use crate::{VariableId, compile, modules};

    fn scope() -> Scope {
        let mut scope = Scope::new();
        scope.add_variable("source", VariableId(0));
        for module in modules::names() {
            scope.add_import(module, &[], &Functions::default()).unwrap();
        }
        scope
    }

    /// The expression is refused with exactly this help.
    fn refused(text: &str, help: &str) {
        let errors = compile(text, &scope()).expect_err(text);
        assert_eq!(errors[0].kind, CompileErrorKind::Unsupported, "{text}: {errors:?}");
        assert_eq!(errors[0].help.as_deref(), Some(help), "{text}");
    }

    #[test]
    fn every_name_is_refused_with_its_help() {
        for (name, help) in NAMES {
            refused(&format!("{name}(1)"), help);
            refused(name, help);
        }
    }

    #[test]
    fn every_module_is_refused_with_its_help() {
        for (path, help) in MODULES {
            match path.split_once('.') {
                Some((owner, name)) => {
                    refused(path, help);
                    let error = scope().add_import(owner, &[name.to_owned()], &Functions::default()).unwrap_err();
                    assert!(error.contains(help), "{path}: {error}");
                }
                None => {
                    let error = scope().add_import(path, &[], &Functions::default()).unwrap_err();
                    assert!(error.contains(help), "{path}: {error}");
                }
            }
        }
    }

    #[test]
    fn every_method_is_refused_with_its_help() {
        for (name, help) in METHODS {
            refused(&format!("source.x.{name}()"), help);
            refused(&format!("'abc'.{name}()"), help);
        }
        for (name, help) in DUNDERS {
            refused(&format!("source.x.{name}"), help);
            refused(&format!("[].{name}()"), help);
        }
        refused("int.__add__(1, 2)", "use the operator or function that stands for it");
    }

    #[test]
    fn a_key_of_the_event_may_be_called_like_a_method() {
        assert!(compile("source.encode == 'x'", &scope()).is_ok());
        assert!(compile("type(1).__name__", &scope()).is_ok());
    }
}
