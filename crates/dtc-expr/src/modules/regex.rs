//! Python's `re`: its functions over the engine in `pattern.rs`.

mod text;

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::builtins::{Args, Builtin, Outcome, index};
use crate::error::{EvalError, EvalErrorKind};
use crate::eval::Evaluator;
use crate::methods::groups_of;
use crate::operator::check_text;
use crate::pattern::{Fault, FaultKind, Goal, Pattern, flag};
use crate::value::Value;
use crate::value::object::{Matched, Object};

pub(crate) use text::{expand, write_match, write_pattern};

pub(super) static TABLE: &[Builtin] = &[
    Builtin::class("Pattern", "re", |_, _| Err(EvalError::type_error("cannot create 're.Pattern' instances")), &[]),
    Builtin::class("Match", "re", |_, _| Err(EvalError::type_error("cannot create 're.Match' instances")), &[]),
    Builtin::function("compile", |_, args| {
        let [pattern, flags] = args.bind("compile", ["pattern", "flags"], 1)?;
        Ok(Value::object(Object::Pattern(pattern_of(&pattern.unwrap_or_default(), flags)?)))
    }),
    Builtin::function("search", |evaluator, args| find_one(evaluator, search(args, "search")?, false, false)),
    Builtin::function("match", |evaluator, args| find_one(evaluator, search(args, "match")?, true, false)),
    Builtin::function("fullmatch", |evaluator, args| find_one(evaluator, search(args, "fullmatch")?, true, true)),
    Builtin::function("findall", |evaluator, args| {
        let found = find_all(evaluator, search(args, "findall")?)?;
        Ok(Value::list(found.iter().map(groups_of).collect()))
    }),
    Builtin::function("finditer", |evaluator, args| {
        let found = find_all(evaluator, search(args, "finditer")?)?;
        let matches = found.into_iter().map(|matched| Value::object(Object::Match(matched))).collect();
        Ok(Value::object(Object::iterator("callable_iterator", matches)))
    }),
    Builtin::function("split", |evaluator, args| {
        let [pattern, text, most, flags] = args.bind("split", ["pattern", "string", "maxsplit", "flags"], 2)?;
        let pattern = pattern_of(&pattern.unwrap_or_default(), flags)?;
        split(evaluator, Search::new(pattern, &text.unwrap_or_default())?, most)
    }),
    Builtin::function("sub", |evaluator, args| Ok(substituted(evaluator, args, "sub")?.0)),
    Builtin::function("subn", |evaluator, args| {
        let (text, count) = substituted(evaluator, args, "subn")?;
        Ok(Value::tuple(vec![text, Value::from(count)]))
    }),
    Builtin::function("escape", |_, args| {
        let [text] = args.bind("escape", ["pattern"], 1)?;
        match text.unwrap_or_default() {
            Value::Str(text) => Ok(Value::from(text::escape(&text))),
            other => Err(EvalError::type_error(format!("expected a str, not {}", other.type_name()))),
        }
    }),
];

pub(super) const CONSTANTS: &[&str] =
    &["I", "IGNORECASE", "M", "MULTILINE", "S", "DOTALL", "X", "VERBOSE", "A", "ASCII", "U", "UNICODE", "NOFLAG"];

pub(super) fn constant(name: &str) -> Option<Value> {
    let flag = match name {
        "I" | "IGNORECASE" => flag::IGNORE_CASE,
        "M" | "MULTILINE" => flag::MULTI_LINE,
        "S" | "DOTALL" => flag::DOT_ALL,
        "X" | "VERBOSE" => flag::VERBOSE,
        "A" | "ASCII" => flag::ASCII,
        "U" | "UNICODE" => flag::UNICODE,
        "NOFLAG" => 0,
        _ => return None,
    };
    Some(Value::Int(i64::from(flag)))
}

/// A pattern and what to look for it in.
pub(crate) struct Search {
    pattern: Arc<Pattern>,
    text: Arc<str>,
    pub(crate) characters: Arc<[char]>,
    /// The part to search, in characters.
    pub(crate) range: (usize, usize),
}

/// Takes one match and says whether to go on.
type Sink<'s> = dyn FnMut(&mut Evaluator<'_>, Matched) -> Result<ControlFlow<()>, EvalError> + 's;

impl Search {
    pub(crate) fn new(pattern: Arc<Pattern>, text: &Value) -> Result<Search, EvalError> {
        let Value::Str(text) = text else {
            return Err(EvalError::type_error(format!("expected string, got '{}'", text.type_name())));
        };
        let characters: Arc<[char]> = text.chars().collect();
        let range = (0, characters.len());
        Ok(Search { pattern, text: text.clone(), characters, range })
    }

    fn find(&self, evaluator: &mut Evaluator<'_>, start: usize, goal: Goal) -> Result<Option<Matched>, EvalError> {
        let (_, end) = self.range;
        if start > end {
            return Ok(None);
        }
        let text = &self.characters[..end];
        let found = evaluator.spend(|budget| self.pattern.find(text, start, goal, budget));
        let found =
            found.map_err(|_| EvalError::limit("the pattern takes too many steps on this text: make it simpler"))?;
        Ok(found.map(|found| Matched {
            pattern: self.pattern.clone(),
            text: self.text.clone(),
            characters: self.characters.clone(),
            found,
            searched: self.range,
        }))
    }

    /// One match after another, as Python goes on after empty ones.
    fn each(&self, evaluator: &mut Evaluator<'_>, sink: &mut Sink<'_>) -> Result<(), EvalError> {
        let (mut start, mut advance) = (self.range.0, false);
        while let Some(matched) = self.find(evaluator, start, Goal { anchored: false, whole: false, advance })? {
            evaluator.step()?;
            let (first, end) = matched.found.groups[0].unwrap_or((start, start));
            (advance, start) = (first == end, end);
            if sink(evaluator, matched)?.is_break() {
                break;
            }
        }
        Ok(())
    }

    fn part(&self, start: usize, end: usize) -> impl Iterator<Item = &char> {
        self.characters.get(start..end).unwrap_or_default().iter()
    }
}

fn pattern_of(value: &Value, flags: Option<Value>) -> Result<Arc<Pattern>, EvalError> {
    let flags = flags.map_or(Ok(0), |flags| index(&flags))?;
    match value {
        Value::Str(source) => {
            let flags = u32::try_from(flags).map_err(|_| EvalError::value_error("flags must not be negative"))?;
            Pattern::new(source, flags).map(Arc::new).map_err(error)
        }
        Value::Object(object) => match &**object {
            Object::Pattern(pattern) if flags == 0 => Ok(pattern.clone()),
            Object::Pattern(_) => Err(EvalError::value_error("cannot process flags argument with a compiled pattern")),
            _ => Err(not_a_pattern(value)),
        },
        _ => Err(not_a_pattern(value)),
    }
}

fn not_a_pattern(value: &Value) -> EvalError {
    if crate::builtins::hashable(value).is_err() {
        return EvalError::type_error(format!("unhashable type: '{}'", value.type_name()));
    }
    EvalError::type_error("first argument must be string or compiled pattern")
}

fn error(fault: Fault) -> EvalError {
    let kind = match fault.kind {
        FaultKind::Pattern => EvalErrorKind::PatternError,
        FaultKind::Flags => EvalErrorKind::ValueError,
        FaultKind::Overflow => EvalErrorKind::OverflowError,
    };
    EvalError::new(kind, fault.message)
}

/// Where a function of this module takes its flags.
pub(crate) fn flags_place(function: &Builtin) -> Option<usize> {
    let (_, known) =
        super::functions().find(|(path, known)| path.starts_with("re.") && std::ptr::eq(*known, function))?;
    Some(match known.name {
        "compile" => 1,
        "search" | "match" | "fullmatch" | "findall" | "finditer" => 2,
        "split" => 3,
        "sub" | "subn" => 4,
        _ => return None,
    })
}

/// A pattern that is written as a literal; the message says why it cannot be read. `None` where only
/// its flags or a number in it are at fault, which the call will say.
pub(crate) fn of_literal(source: &str, flags: u32) -> Result<Option<Value>, String> {
    match Pattern::new(source, flags) {
        Ok(pattern) => Ok(Some(Value::object(Object::Pattern(Arc::new(pattern))))),
        Err(fault) if fault.kind != FaultKind::Pattern => Ok(None),
        Err(fault) => Err(fault.message),
    }
}

fn search(args: Args, name: &str) -> Result<Search, EvalError> {
    let [pattern, text, flags] = args.bind(name, ["pattern", "string", "flags"], 2)?;
    Search::new(pattern_of(&pattern.unwrap_or_default(), flags)?, &text.unwrap_or_default())
}

pub(crate) fn find_one(evaluator: &mut Evaluator<'_>, search: Search, anchored: bool, whole: bool) -> Outcome {
    let found = search.find(evaluator, search.range.0, Goal { anchored, whole, advance: false })?;
    Ok(found.map_or(Value::None, |matched| Value::object(Object::Match(matched))))
}

pub(crate) fn find_all(evaluator: &mut Evaluator<'_>, search: Search) -> Result<Vec<Matched>, EvalError> {
    let mut all = Vec::new();
    search.each(evaluator, &mut |_, matched| {
        all.push(matched);
        crate::operator::check_items(all.len())?;
        Ok(ControlFlow::Continue(()))
    })?;
    Ok(all)
}

/// A count of which 0 means all; less means none.
fn limit(most: Option<Value>) -> Result<usize, EvalError> {
    Ok(match most.map_or(Ok(0), |most| index(&most))? {
        0 => usize::MAX,
        most => usize::try_from(most).unwrap_or(0),
    })
}

pub(crate) fn split(evaluator: &mut Evaluator<'_>, search: Search, most: Option<Value>) -> Outcome {
    let most = limit(most)?;
    let (mut parts, mut last, mut count) = (Vec::new(), 0, 0);
    if most > 0 {
        search.each(evaluator, &mut |_, matched| {
            let (start, end) = matched.found.groups[0].unwrap_or((last, last));
            parts.push(Value::from(search.part(last, start).collect::<String>()));
            parts.extend((1..=matched.pattern.groups).map(|group| matched.group(group).unwrap_or_default()));
            crate::operator::check_items(parts.len())?;
            (last, count) = (end, count + 1);
            Ok(if count >= most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
    }
    parts.push(Value::from(search.part(last, search.range.1).collect::<String>()));
    Ok(Value::list(parts))
}

fn substituted(evaluator: &mut Evaluator<'_>, args: Args, name: &str) -> Result<(Value, usize), EvalError> {
    let names = ["pattern", "repl", "string", "count", "flags"];
    let [pattern, by, text, most, flags] = args.bind(name, names, 3)?;
    let pattern = pattern_of(&pattern.unwrap_or_default(), flags)?;
    replace(evaluator, Search::new(pattern, &text.unwrap_or_default())?, by.unwrap_or_default(), most)
}

/// The text with every match replaced, and how many were: by a template, or by what a function gives.
pub(crate) fn replace(
    evaluator: &mut Evaluator<'_>,
    search: Search,
    by: Value,
    most: Option<Value>,
) -> Result<(Value, usize), EvalError> {
    let most = limit(most)?;
    let template = match &by {
        Value::Str(template) => Some(expand(template, &search.pattern)?),
        Value::Object(_) => None,
        other => return Err(EvalError::type_error(format!("expected a str, not {}", other.type_name()))),
    };
    let (mut out, mut last, mut count) = (String::new(), 0, 0);
    if most > 0 {
        search.each(evaluator, &mut |evaluator, matched| {
            let (start, end) = matched.found.groups[0].unwrap_or((last, last));
            out.extend(search.part(last, start));
            match &template {
                Some(template) => out.push_str(&template.fill(&matched)),
                None => match evaluator.call(&by, Args::of([Value::object(Object::Match(matched))]))? {
                    Value::Str(text) => out.push_str(&text),
                    Value::None => {}
                    other => {
                        let kind = other.type_name();
                        return Err(EvalError::type_error(format!("expected str instance, {kind} found")));
                    }
                },
            }
            check_text(out.len())?;
            (last, count) = (end, count + 1);
            Ok(if count >= most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
        })?;
    }
    out.extend(search.part(last, search.range.1));
    Ok((Value::from(out), count))
}
