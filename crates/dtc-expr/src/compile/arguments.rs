//! Calls that cannot work: arguments too many, missing or unknown, by the signatures of the reference.

use ruff_python_ast::{Expr, ExprCall};
use ruff_text_size::Ranged;

use super::{Compiler, nearest, span};
use crate::builtins::Builtin;
use crate::error::CompileErrorKind;
use crate::node::{Arguments, Element};
use crate::reference::{self, Parameter, ParameterKind, Signature};

impl Compiler<'_> {
    /// Reports a call of a built-in that every run would refuse. Silent where `*` or `**` hides what is given.
    pub(super) fn check_arguments(&mut self, callee: &'static Builtin, call: &ExprCall) {
        let Some(entry) = reference::of_builtin(callee) else { return };
        let hidden = call.arguments.args.iter().any(Expr::is_starred_expr)
            || call.arguments.keywords.iter().any(|keyword| keyword.arg.is_none());
        if hidden {
            return;
        }
        let mut wrong = None;
        for signature in &entry.signatures {
            match signature.parameters.as_ref().map_or(Ok(()), |parameters| fits(parameters, call)) {
                Ok(()) => return,
                Err(misfit) => wrong = wrong.or(Some(misfit)),
            }
        }
        if let Some(misfit) = wrong {
            self.report(misfit, callee.name, entry.signature(), call);
        }
    }

    /// Puts arguments given by name in their places, so that functions find them there.
    pub(super) fn place_arguments(callee: &'static Builtin, arguments: &mut Arguments) {
        let spread = arguments.positional.iter().any(|element| matches!(element, Element::Spread(_)));
        if arguments.keywords.is_empty() || spread || arguments.keywords.iter().any(|(name, _)| name.is_none()) {
            return;
        }
        let Some(parameters) = reference::of_builtin(callee).and_then(|entry| entry.signature().parameters.as_ref())
        else {
            return;
        };
        let mut positional = std::mem::take(&mut arguments.positional).into_vec();
        let mut keywords = std::mem::take(&mut arguments.keywords).into_vec();
        while let Some(parameter) = parameters.get(positional.len()).filter(|one| one.kind == ParameterKind::Either)
            && let Some(place) = keywords.iter().position(|(name, _)| name.as_deref() == Some(parameter.name))
        {
            positional.push(Element::One(keywords.remove(place).1));
        }
        arguments.positional = positional.into_boxed_slice();
        arguments.keywords = keywords.into_boxed_slice();
    }

    fn report(&mut self, misfit: Misfit, name: &str, signature: &Signature, call: &ExprCall) {
        let whole = span(call.range());
        let argument = |place: usize| call.arguments.args.get(place).map_or(whole.clone(), |node| span(node.range()));
        let (at, message, replacement) = match misfit {
            Misfit::TooMany { most } => {
                let plural = if most == 1 { "" } else { "s" };
                (argument(most), format!("`{name}` takes at most {most} argument{plural} by place"), None)
            }
            Misfit::Missing(parameter) => (whole, format!("`{name}` needs an argument for `{parameter}`"), None),
            Misfit::Twice(parameter) => (whole, format!("`{name}` is given `{parameter}` twice"), None),
            Misfit::Unknown { keyword, near } => {
                let keyword = &call.arguments.keywords[keyword];
                let written = keyword.arg.as_ref().map_or("", |name| name.as_str());
                let at = keyword.arg.as_ref().map_or(whole, |name| span(name.range()));
                (at, format!("`{name}` knows no argument named `{written}`"), near)
            }
        };
        let fault = self.fault(CompileErrorKind::Arguments, at, message);
        fault.help = Some(format!("it is `{}`", signature.text));
        fault.replacement = replacement.map(str::to_owned);
    }
}

enum Misfit {
    TooMany { most: usize },
    Missing(&'static str),
    Twice(&'static str),
    Unknown { keyword: usize, near: Option<&'static str> },
}

fn fits(parameters: &[Parameter], call: &ExprCall) -> Result<(), Misfit> {
    let by_place =
        |parameter: &&Parameter| matches!(parameter.kind, ParameterKind::PositionalOnly | ParameterKind::Either);
    let by_name = |parameter: &&Parameter| matches!(parameter.kind, ParameterKind::KeywordOnly | ParameterKind::Either);
    let given = call.arguments.args.len();
    let most = parameters.iter().filter(by_place).count();
    let any_more = parameters.iter().any(|parameter| parameter.kind == ParameterKind::Positionals);
    if given > most && !any_more {
        return Err(Misfit::TooMany { most });
    }
    let any_name = parameters.iter().any(|parameter| parameter.kind == ParameterKind::Keywords);
    for (place, keyword) in call.arguments.keywords.iter().enumerate() {
        let name = keyword.arg.as_ref().map_or("", |name| name.as_str());
        match parameters.iter().filter(by_name).find(|parameter| parameter.name == name) {
            Some(_) => {}
            None if any_name => {}
            None => {
                let near = nearest(name, parameters.iter().filter(by_name).map(|parameter| parameter.name));
                return Err(Misfit::Unknown { keyword: place, near });
            }
        }
    }
    let named = |parameter: &Parameter| {
        by_name(&parameter)
            && call.arguments.keywords.iter().any(|keyword| keyword.arg.as_deref() == Some(parameter.name))
    };
    for (place, parameter) in parameters.iter().filter(by_place).enumerate() {
        match (place < given, named(parameter)) {
            (true, true) => return Err(Misfit::Twice(parameter.name)),
            (false, false) if parameter.is_required() => return Err(Misfit::Missing(parameter.name)),
            _ => {}
        }
    }
    Ok(())
}
