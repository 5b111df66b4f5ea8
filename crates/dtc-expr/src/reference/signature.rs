//! A signature's parts: where each parameter stands in its text, so that an editor can mark it.

use std::ops::Range;

/// `name(a: int, /, *, b: str = 'x') -> bool`, or `name: type` for what is not called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    pub text: &'static str,
    /// `None` for what is not called: constants, properties, modules.
    pub parameters: Option<Vec<Parameter>>,
    /// `int`, `str | None`, `any`…; the type of a value that is not called.
    pub returns: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Without its stars.
    pub name: &'static str,
    pub kind: ParameterKind,
    pub type_name: &'static str,
    /// As it is written; `...` where an argument may be missing but has no value to name.
    pub default: Option<&'static str>,
    /// The parameter's place in the signature's text, in bytes, stars and type included.
    pub label: Range<usize>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ParameterKind {
    PositionalOnly,
    Either,
    /// `*args`
    Positionals,
    KeywordOnly,
    /// `**kwargs`
    Keywords,
}

impl Parameter {
    /// Must an argument be given?
    pub fn is_required(&self) -> bool {
        self.default.is_none() && !matches!(self.kind, ParameterKind::Positionals | ParameterKind::Keywords)
    }
}

impl Signature {
    /// Are there too many arguments, or some of a name that is not known? The error is the end of Python's sentence.
    pub(crate) fn check(&self, given: usize, names: &[&str]) -> Result<(), String> {
        let Some(parameters) = &self.parameters else { return Ok(()) };
        let is_placed = |kind| matches!(kind, ParameterKind::PositionalOnly | ParameterKind::Either);
        let most = parameters.iter().filter(|parameter| is_placed(parameter.kind)).count();
        if given > most && !parameters.iter().any(|parameter| parameter.kind == ParameterKind::Positionals) {
            let plural = if most == 1 { "" } else { "s" };
            return Err(format!("takes at most {most} argument{plural} ({given} given)"));
        }
        let is_known = |name: &&&str| {
            parameters.iter().any(|parameter| match parameter.kind {
                ParameterKind::Either | ParameterKind::KeywordOnly => parameter.name == **name,
                kind => kind == ParameterKind::Keywords,
            })
        };
        match names.iter().find(|name| !is_known(name)) {
            Some(unknown) => Err(format!("got an unexpected keyword argument '{unknown}'")),
            None => Ok(()),
        }
    }

    pub(super) fn read(text: &'static str) -> Signature {
        let open = text.find('(');
        let Some((open, close)) = open.zip(text.rfind(") -> ")) else {
            let returns = text.split_once(": ").map_or("any", |(_, kind)| kind);
            return Signature { text, parameters: None, returns };
        };
        let parameters = Some(parameters(text, open + 1..close));
        Signature { text, parameters, returns: &text[close + ") -> ".len()..] }
    }
}

fn parameters(text: &'static str, inside: Range<usize>) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = Vec::new();
    let mut after_star = false;
    for label in split(text, inside) {
        let written = &text[label.clone()];
        match written {
            "" => {}
            "/" => parameters.iter_mut().for_each(|parameter| parameter.kind = ParameterKind::PositionalOnly),
            "*" => after_star = true,
            _ => {
                let kind = match written {
                    _ if written.starts_with("**") => ParameterKind::Keywords,
                    _ if written.starts_with('*') => ParameterKind::Positionals,
                    _ if after_star => ParameterKind::KeywordOnly,
                    _ => ParameterKind::Either,
                };
                after_star |= kind == ParameterKind::Positionals;
                let (declared, default) = match written.split_once(" = ") {
                    Some((declared, default)) => (declared, Some(default)),
                    None => (written, None),
                };
                let (name, type_name) = declared.split_once(": ").unwrap_or((declared, "any"));
                parameters.push(Parameter { name: name.trim_start_matches('*'), kind, type_name, default, label });
            }
        }
    }
    parameters
}

/// The parts between the commas that stand in no brackets or quotes, without the spaces around them.
fn split(text: &str, inside: Range<usize>) -> Vec<Range<usize>> {
    let (mut parts, mut start, mut depth, mut quoted) = (Vec::new(), inside.start, 0, false);
    for (place, character) in text[inside.clone()].char_indices() {
        match character {
            '\'' => quoted = !quoted,
            '(' | '[' | '{' if !quoted => depth += 1,
            ')' | ']' | '}' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                parts.push(start..inside.start + place);
                start = inside.start + place + 1;
            }
            _ => {}
        }
    }
    parts.push(start..inside.end);
    let trimmed = |part: Range<usize>| {
        let written = &text[part.clone()];
        let start = part.start + written.len() - written.trim_start().len();
        start..start + written.trim().len()
    };
    parts.into_iter().map(trimmed).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_told_apart() {
        let text = "f(a: int, /, b: tuple = (1, 2), *rest: any, c: str = ', ', **more: any) -> int | None";
        let signature = Signature::read(text);
        assert_eq!(signature.returns, "int | None");
        let parameters = signature.parameters.unwrap();
        let found: Vec<_> = parameters.iter().map(|p| (p.name, p.kind, p.type_name, p.default)).collect();
        assert_eq!(
            found,
            [
                ("a", ParameterKind::PositionalOnly, "int", None),
                ("b", ParameterKind::Either, "tuple", Some("(1, 2)")),
                ("rest", ParameterKind::Positionals, "any", None),
                ("c", ParameterKind::KeywordOnly, "str", Some("', '")),
                ("more", ParameterKind::Keywords, "any", None),
            ]
        );
        assert_eq!(&text[parameters[2].label.clone()], "*rest: any");
        assert_eq!(&text[parameters[3].label.clone()], "c: str = ', '");
    }

    #[test]
    fn values_and_calls_without_arguments() {
        assert_eq!(Signature::read("math.pi: float").parameters, None);
        assert_eq!(Signature::read("math.pi: float").returns, "float");
        assert_eq!(Signature::read("str.upper() -> str").parameters, Some(Vec::new()));
    }
}
