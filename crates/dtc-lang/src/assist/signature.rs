//! Inside the brackets of a call: the function's forms, and the parameter that is being written.

use dtc_expr::Offer;
use dtc_expr::reference::{ParameterKind, Signature};

use crate::text::Span;

/// The call around a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignatureHelp {
    pub forms: Vec<Form>,
    /// The first form that takes so many arguments.
    pub active: usize,
    /// Markdown.
    pub documentation: String,
}

/// One way to call a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Form {
    pub label: String,
    /// Places of the parameters in the label, in bytes.
    pub parameters: Vec<Span>,
    /// The one that is being written, where there is one.
    pub active: Option<usize>,
}

/// What is written of a call before the cursor.
#[derive(Debug, PartialEq, Eq)]
pub struct Call<'t> {
    /// Where the callee's name ends, in bytes of the text.
    pub callee_end: usize,
    /// Arguments before the one at the cursor.
    arguments: usize,
    /// The keyword of the one at the cursor.
    keyword: Option<&'t str>,
}

/// The innermost call that is open at the end of `before`.
pub fn open_call(before: &str) -> Option<Call<'_>> {
    let mut open: Vec<(usize, char, usize, usize)> = Vec::new();
    let mut quote = None;
    let mut characters = before.char_indices();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (Some(_), '\\') => {
                characters.next();
            }
            (Some(mark), character) if mark == character => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(character),
            (None, '(' | '[' | '{') => open.push((at, character, 0, at + 1)),
            (None, ')' | ']' | '}') => {
                open.pop();
            }
            (None, ',') => {
                if let Some((_, _, arguments, start)) = open.last_mut() {
                    *arguments += 1;
                    *start = at + 1;
                }
            }
            (None, _) => {}
        }
    }
    let is_call = |at: usize, mark: char| {
        mark == '(' && before[..at].ends_with(|last: char| last.is_alphanumeric() || last == '_')
    };
    let (at, _, arguments, start) = *open.iter().rev().find(|(at, mark, ..)| is_call(*at, *mark))?;
    let written = before[start..].trim_start();
    let keyword =
        written.split_once('=').filter(|(name, rest)| crate::is_identifier(name.trim()) && !rest.starts_with('='));
    Some(Call { callee_end: at, arguments, keyword: keyword.map(|(name, _)| name.trim()) })
}

/// The forms of what is called. Nothing for what takes no arguments that are known.
pub fn help(offer: &Offer, call: &Call) -> Option<SignatureHelp> {
    if let Some(function) = &offer.script {
        let forms: Vec<Form> =
            function.forms.iter().map(|parameters| own_form(&function.name, parameters, call)).collect();
        let documentation = format!("Your own, in functions/{}.rhai.", function.module);
        return Some(SignatureHelp { active: fitting(&forms), forms, documentation });
    }
    let entry = offer.reference?;
    let forms: Vec<Form> = entry.signatures.iter().filter_map(|signature| form(signature, call)).collect();
    (!forms.is_empty()).then(|| SignatureHelp { active: fitting(&forms), forms, documentation: entry.text.to_owned() })
}

fn fitting(forms: &[Form]) -> usize {
    forms.iter().position(|form| form.active.is_some()).unwrap_or(0)
}

fn form(signature: &Signature, call: &Call) -> Option<Form> {
    let parameters = signature.parameters.as_ref()?;
    let by_place = |parameter: &&dtc_expr::reference::Parameter| {
        !matches!(parameter.kind, ParameterKind::KeywordOnly | ParameterKind::Keywords)
    };
    let places = parameters.iter().filter(by_place).count();
    let rest = parameters.iter().position(|parameter| parameter.kind == ParameterKind::Positionals);
    let active = match call.keyword {
        Some(keyword) => parameters
            .iter()
            .position(|parameter| parameter.name == keyword && parameter.kind != ParameterKind::PositionalOnly),
        None if call.arguments < places => Some(call.arguments),
        None => rest,
    };
    let span = |parameter: &dtc_expr::reference::Parameter| Span::new(parameter.label.start, parameter.label.end);
    Some(Form { label: signature.text.to_owned(), parameters: parameters.iter().map(span).collect(), active })
}

fn own_form(name: &str, parameters: &[String], call: &Call) -> Form {
    let mut label = format!("{name}(");
    let mut spans = Vec::new();
    for (number, parameter) in parameters.iter().enumerate() {
        if number > 0 {
            label.push_str(", ");
        }
        spans.push(Span::new(label.len(), label.len() + parameter.len()));
        label.push_str(parameter);
    }
    label.push(')');
    let active = (call.arguments < parameters.len() && call.keyword.is_none()).then_some(call.arguments);
    Form { label, parameters: spans, active }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_open_call_is_found() {
        let call = |before: &str| {
            open_call(before)
                .map(|call| (before[..call.callee_end].to_owned(), call.arguments, call.keyword.map(str::to_owned)))
        };
        let found = |callee: &str, arguments, keyword: Option<&str>| {
            Some((callee.to_owned(), arguments, keyword.map(str::to_owned)))
        };
        assert_eq!(call("len("), found("len", 0, None));
        assert_eq!(call("1 + max(a, "), found("1 + max", 1, None));
        assert_eq!(call("max(a, [1, "), found("max", 1, None));
        assert_eq!(call("max(len(a), "), found("max", 1, None));
        assert_eq!(call("f('(,', \"\\\",\", "), found("f", 2, None));
        assert_eq!(call("sorted(a, key = "), found("sorted", 1, Some("key")));
        assert_eq!(call("f(a == "), found("f", 0, None));
        assert_eq!(call("(1, 2"), None);
        assert_eq!(call("len(a)"), None);
        assert_eq!(call("'len("), None);
    }
}
