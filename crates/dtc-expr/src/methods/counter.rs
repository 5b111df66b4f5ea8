//! Methods of `collections.Counter` besides a dict's.

use std::sync::Arc;

use ruff_python_ast::Operator;

use super::Method;
use crate::builtins::{Args, Outcome, index};
use crate::error::EvalError;
use crate::eval::Evaluator;
use crate::modules::{ranked, tally};
use crate::operator::{self, check_items};
use crate::value::object::Object;
use crate::value::{Dict, Value};

pub(super) const TABLE: &[Method] = &[
    Method::read("most_common", |_, counter, args| {
        let [most] = args.bind("most_common", ["n"], 0)?;
        let most = match most.filter(|most| !most.is_none()) {
            Some(most) => usize::try_from(index(&most)?).unwrap_or(0),
            None => usize::MAX,
        };
        let counts = counts(counter)?;
        let pairs = if most == 0 { Vec::new() } else { ranked(counts)? };
        let pairs = pairs.into_iter().take(most);
        Ok(Value::list(pairs.map(|(key, count)| Value::tuple(vec![key, count])).collect()))
    }),
    Method::read("elements", |_, counter, _| {
        let mut items = Vec::new();
        for (key, count) in counts(counter)?.iter() {
            let times = usize::try_from(index(count)?).unwrap_or(0);
            check_items(items.len().saturating_add(times))?;
            items.extend(std::iter::repeat_n(key.clone(), times));
        }
        Ok(Value::object(Object::iterator("itertools.chain", items)))
    }),
    Method::read("total", |_, counter, _| {
        counts(counter)?.values().try_fold(Value::Int(0), |sum, count| operator::binary(&sum, Operator::Add, count))
    }),
    Method::read("copy", |_, counter, _| Ok(counter.clone())),
    Method::change("update", |evaluator, counter, args| change(evaluator, counter, args, Operator::Add)),
    Method::change("subtract", |evaluator, counter, args| change(evaluator, counter, args, Operator::Sub)),
];

fn counts(counter: &Value) -> Result<&Arc<Dict>, EvalError> {
    match counter {
        Value::Dict(_, counts) => Ok(counts),
        other => Err(EvalError::type_error(format!("a Counter is needed, not {}", other.type_name()))),
    }
}

fn change(evaluator: &mut Evaluator<'_>, counter: &mut Value, args: Args, operator: Operator) -> Outcome {
    let mut changed = (**counts(counter)?).clone();
    tally(evaluator, &mut changed, args, operator)?;
    if let Value::Dict(_, counts) = counter {
        *counts = Arc::new(changed);
    }
    Ok(Value::None)
}
