//! Python's `json`: `loads` and `dumps`.

use crate::builtins::{Args, Builtin, Outcome};
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::operator::check_text;
use crate::value::Value;

mod read;
mod write;

pub(super) static TABLE: &[Builtin] = &[Builtin::function("loads", loads), Builtin::function("dumps", dumps)];

fn loads(_: &mut Evaluator<'_>, args: Args) -> Outcome {
    let value = args.one("loads")?;
    let Some(text) = value.as_str() else {
        return Err(EvalError::type_error(format!(
            "the JSON object must be str, bytes or bytearray, not {}",
            value.type_name()
        )));
    };
    read::parse(text).map_err(EvalError::value_error)
}

fn dumps(evaluator: &mut Evaluator<'_>, args: Args) -> Outcome {
    let mut style = write::Style::default();
    let mut args = args;
    for (name, value) in std::mem::take(&mut args.keywords) {
        match &*name {
            "indent" => style.indent = write::indent(&value)?,
            "sort_keys" => style.sort_keys = value.is_truthy(),
            "ensure_ascii" => style.ascii = value.is_truthy(),
            "separators" => style.separators = write::separators(&value)?,
            "default" => style.default = Some(value).filter(|value| !value.is_none()),
            other => {
                return Err(EvalError::type_error(format!("dumps() does not support '{other}' here")));
            }
        }
    }
    let value = args.one("dumps")?;
    let mut out = String::new();
    write::write(evaluator, &value, &style, 0, &mut out)?;
    check_text(out.len())?;
    Ok(Value::from(out))
}
