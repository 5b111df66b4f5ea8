//! Methods of compiled patterns and of matches, and what else is known of them.

use std::sync::Arc;

use super::{Method, Property};
use crate::builtins::{Args, Outcome, index};
use crate::error::{EvalError, EvalErrorKind};
use crate::eval::Evaluator;
use crate::modules::{Search, expand, find_all, find_one, replace, split};
use crate::pattern::Pattern;
use crate::value::Value;
use crate::value::object::{Matched, Object};

pub(super) const PATTERN: &[Method] = &[
    Method::read("search", |evaluator, pattern, args| {
        find_one(evaluator, searched(pattern, args, "search")?, false, false)
    }),
    Method::read("match", |evaluator, pattern, args| {
        find_one(evaluator, searched(pattern, args, "match")?, true, false)
    }),
    Method::read("fullmatch", |evaluator, pattern, args| {
        find_one(evaluator, searched(pattern, args, "fullmatch")?, true, true)
    }),
    Method::read("findall", |evaluator, pattern, args| {
        let found = find_all(evaluator, searched(pattern, args, "findall")?)?;
        Ok(Value::list(found.iter().map(groups_of).collect()))
    }),
    Method::read("finditer", |evaluator, pattern, args| {
        let found = find_all(evaluator, searched(pattern, args, "finditer")?)?;
        let matches = found.into_iter().map(|matched| Value::object(Object::Match(matched))).collect();
        Ok(Value::object(Object::iterator("callable_iterator", matches)))
    }),
    Method::read("split", |evaluator, pattern, args| {
        let [text, most] = args.bind("split", ["string", "maxsplit"], 1)?;
        split(evaluator, Search::new(of(pattern)?, &text.unwrap_or_default())?, most)
    }),
    Method::read("sub", |evaluator, pattern, args| Ok(substituted(evaluator, pattern, args, "sub")?.0)),
    Method::read("subn", |evaluator, pattern, args| {
        let (text, count) = substituted(evaluator, pattern, args, "subn")?;
        Ok(Value::tuple(vec![text, Value::from(count)]))
    }),
];

pub(super) const MATCH: &[Method] = &[
    Method::read("group", |_, matched, args| {
        args.no_keywords("group")?;
        match args.positional.as_slice() {
            [] => Ok(match_of(matched)?.group(0).unwrap_or_default()),
            [one] => group(match_of(matched)?, one),
            several => {
                let matched = match_of(matched)?;
                several.iter().map(|one| group(matched, one)).collect::<Result<_, _>>().map(Value::tuple)
            }
        }
    }),
    Method::read("groups", |_, matched, args| {
        let [default] = args.bind("groups", ["default"], 0)?;
        let (matched, default) = (match_of(matched)?, default.unwrap_or_default());
        let groups = 1..=matched.pattern.groups;
        Ok(Value::tuple(groups.map(|group| matched.group(group).unwrap_or_else(|| default.clone())).collect()))
    }),
    Method::read("groupdict", |_, matched, args| {
        let [default] = args.bind("groupdict", ["default"], 0)?;
        let (matched, default) = (match_of(matched)?, default.unwrap_or_default());
        let pairs =
            matched.pattern.names.iter().map(|(name, group)| {
                (Value::Str(name.clone()), matched.group(*group).unwrap_or_else(|| default.clone()))
            });
        Ok(Value::dict(pairs.collect()))
    }),
    Method::read("start", |_, matched, args| Ok(Value::Int(span(matched, args, "start")?.0))),
    Method::read("end", |_, matched, args| Ok(Value::Int(span(matched, args, "end")?.1))),
    Method::read("span", |_, matched, args| {
        let (start, end) = span(matched, args, "span")?;
        Ok(Value::tuple(vec![Value::Int(start), Value::Int(end)]))
    }),
    Method::read("expand", |_, matched, args| {
        let [template] = args.bind("expand", ["template"], 1)?;
        let matched = match_of(matched)?;
        match template.unwrap_or_default() {
            Value::Str(template) => Ok(Value::from(expand(&template, &matched.pattern)?.fill(matched))),
            other => Err(EvalError::type_error(format!("expected a str, not {}", other.type_name()))),
        }
    }),
];

fn of(value: &Value) -> Result<Arc<Pattern>, EvalError> {
    if let Value::Object(object) = value
        && let Object::Pattern(pattern) = &**object
    {
        return Ok(pattern.clone());
    }
    Err(EvalError::type_error(format!("a pattern is needed, not {}", value.type_name())))
}

fn match_of(value: &Value) -> Result<&Matched, EvalError> {
    if let Value::Object(object) = value
        && let Object::Match(matched) = &**object
    {
        return Ok(matched);
    }
    Err(EvalError::type_error(format!("a match is needed, not {}", value.type_name())))
}

/// `(string, pos, endpos)`
fn searched(pattern: &Value, args: Args, name: &str) -> Result<Search, EvalError> {
    let [text, start, end] = args.bind(name, ["string", "pos", "endpos"], 1)?;
    let mut search = Search::new(of(pattern)?, &text.unwrap_or_default())?;
    let length = search.characters.len();
    let place = |value: Option<Value>, default: usize| -> Result<usize, EvalError> {
        let Some(value) = value else { return Ok(default) };
        Ok(usize::try_from(index(&value)?.max(0)).unwrap_or(usize::MAX).min(length))
    };
    search.range = (place(start, 0)?, place(end, length)?);
    Ok(search)
}

fn substituted(
    evaluator: &mut Evaluator<'_>,
    pattern: &Value,
    args: Args,
    name: &str,
) -> Result<(Value, usize), EvalError> {
    let [by, text, most] = args.bind(name, ["repl", "string", "count"], 2)?;
    replace(evaluator, Search::new(of(pattern)?, &text.unwrap_or_default())?, by.unwrap_or_default(), most)
}

/// `match[key]`: a group by number or name.
pub(crate) fn group(matched: &Matched, key: &Value) -> Outcome {
    let group = group_number(matched, key)?;
    Ok(matched.group(group).unwrap_or_default())
}

fn group_number(matched: &Matched, key: &Value) -> Result<usize, EvalError> {
    let number = match key {
        Value::Str(name) => matched.pattern.named(name),
        other => index(other).ok().and_then(|number| usize::try_from(number).ok()),
    };
    let number = number.filter(|number| *number <= matched.pattern.groups);
    number.ok_or_else(|| EvalError::new(EvalErrorKind::IndexError, "no such group"))
}

fn span(matched: &Value, args: Args, name: &str) -> Result<(i64, i64), EvalError> {
    let [key] = args.bind(name, [""], 0)?;
    let matched = match_of(matched)?;
    let group = key.map_or(Ok(0), |key| group_number(matched, &key))?;
    let place = |place: usize| i64::try_from(place).unwrap_or(i64::MAX);
    let span = matched.found.groups.get(group).copied().flatten();
    Ok(span.map_or((-1, -1), |(start, end)| (place(start), place(end))))
}

/// What `findall` gives for a match: the text, its one group, or all groups.
pub(crate) fn groups_of(matched: &Matched) -> Value {
    let text = |group| matched.group(group).unwrap_or_else(|| Value::str(""));
    match matched.pattern.groups {
        count @ (0 | 1) => text(count),
        count => Value::tuple((1..=count).map(text).collect()),
    }
}

pub(super) fn of_pattern(pattern: &Pattern, property: Property) -> Option<Value> {
    Some(match property {
        Property::Pattern => Value::Str(pattern.source.clone()),
        Property::Flags => Value::Int(i64::from(pattern.flags)),
        Property::Groups => Value::from(pattern.groups),
        Property::GroupIndex => {
            let pairs = pattern.names.iter().map(|(name, group)| (Value::Str(name.clone()), Value::from(*group)));
            Value::dict(pairs.collect())
        }
        _ => return None,
    })
}

pub(super) fn of_match(matched: &Matched, property: Property) -> Option<Value> {
    let last = matched.found.last;
    Some(match property {
        Property::Text => Value::Str(matched.text.clone()),
        Property::Expression => Value::object(Object::Pattern(matched.pattern.clone())),
        Property::SearchStart => Value::from(matched.searched.0),
        Property::SearchEnd => Value::from(matched.searched.1),
        Property::LastIndex => last.map_or(Value::None, Value::from),
        Property::LastGroup => {
            let name = matched.pattern.names.iter().find(|(_, group)| Some(*group) == last);
            name.map_or(Value::None, |(name, _)| Value::Str(name.clone()))
        }
        _ => return None,
    })
}
