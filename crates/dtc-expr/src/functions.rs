//! The user's own functions: Rhai scripts under `functions/`, compiled once, run in a sandbox.
//!
//! A script sees nothing of the machine: no files, no clock, no `eval`, no other modules; its
//! operations, call depth and the size of what it makes are limited.

mod convert;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

#[cfg(feature = "run-functions")]
use rhai::packages::{Package, StandardPackage};
use rhai::{AST, CallFnOptions, Dynamic, Engine, EvalAltResult, FnAccess, Position};

use crate::builtins::{Args, Outcome};
use crate::error::{EvalError, EvalErrorKind};
use crate::value::Value;
use crate::value::object::Object;

const MAX_OPERATIONS: u64 = 1_000_000;
const MAX_CALLS: usize = 32;
const MAX_TEXT: usize = 1 << 20;
const MAX_ITEMS: usize = 100_000;

/// Scripts by module name (`functions/name` in a document's `Import`). Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Functions {
    modules: Arc<BTreeMap<String, Arc<Script>>>,
}

#[derive(Debug)]
struct Script {
    name: String,
    text: String,
    engine: Arc<Engine>,
    code: AST,
}

/// One function of a script.
#[derive(Debug, Clone)]
pub struct UserFunction {
    script: Arc<Script>,
    name: String,
}

/// A fault in a script; `line` and `column` count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionFault {
    pub module: String,
    pub line: usize,
    pub column: usize,
    pub message: String,
}

/// Made once: its standard functions take longer to register than most scripts to compile.
static SANDBOX: LazyLock<Arc<Engine>> = LazyLock::new(|| Arc::new(sandbox()));

fn sandbox() -> Engine {
    let mut engine = Engine::new_raw();
    #[cfg(feature = "run-functions")]
    StandardPackage::new().register_into_engine(&mut engine);
    engine
        .disable_symbol("eval")
        .disable_symbol("import")
        .set_max_operations(MAX_OPERATIONS)
        .set_max_call_levels(MAX_CALLS)
        .set_max_expr_depths(48, 32)
        .set_max_modules(0)
        .set_max_variables(1000)
        .set_max_string_size(MAX_TEXT)
        .set_max_array_size(MAX_ITEMS)
        .set_max_map_size(MAX_ITEMS);
    engine
}

impl Functions {
    /// Compiles `name → script text` pairs; a script that does not compile is reported with its line.
    pub fn compile(scripts: &[(String, String)]) -> (Functions, Vec<FunctionFault>) {
        if scripts.is_empty() {
            return (Functions::default(), Vec::new());
        }
        let engine = &*SANDBOX;
        let (mut modules, mut faults) = (BTreeMap::new(), Vec::new());
        for (name, text) in scripts {
            match engine.compile(text) {
                Ok(code) => {
                    let script = Script { name: name.clone(), text: text.clone(), engine: engine.clone(), code };
                    modules.insert(name.clone(), Arc::new(script));
                }
                Err(error) => faults.push(FunctionFault {
                    module: name.clone(),
                    line: error.position().line().unwrap_or(1),
                    column: error.position().position().unwrap_or(1),
                    message: error.err_type().to_string(),
                }),
            }
        }
        (Functions { modules: Arc::new(modules) }, faults)
    }

    /// All scripts as one text: equal where no function can differ.
    pub fn fingerprint(&self) -> String {
        self.modules.values().flat_map(|script| [script.name.as_str(), "\0", &script.text, "\0"]).collect()
    }

    /// The scripts that compiled.
    pub fn module_names(&self) -> impl Iterator<Item = &str> {
        self.modules.keys().map(String::as_str)
    }

    /// The public functions of a script, by name.
    pub fn names(&self, module: &str) -> Option<Vec<String>> {
        let script = self.modules.get(module)?;
        let mut names: Vec<String> = script
            .code
            .iter_functions()
            .filter(|function| function.access == FnAccess::Public)
            .map(|function| function.name.to_owned())
            .collect();
        names.sort();
        names.dedup();
        Some(names)
    }

    pub(crate) fn function(&self, module: &str, name: &str) -> Option<Value> {
        let script = self.modules.get(module)?;
        self.names(module)?
            .iter()
            .any(|known| known == name)
            .then(|| Value::object(Object::User(UserFunction { script: script.clone(), name: name.to_owned() })))
    }
}

/// A function of a script as its user sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptFunction {
    pub module: String,
    pub name: String,
    /// The parameters of each form: a script may define a name for several numbers of arguments.
    pub forms: Vec<Vec<String>>,
}

impl UserFunction {
    pub(crate) fn describe(&self) -> ScriptFunction {
        let own = self.script.code.iter_functions().filter(|function| function.name == self.name);
        let mut forms: Vec<Vec<String>> =
            own.map(|function| function.params.iter().map(|name| (*name).to_owned()).collect()).collect();
        forms.sort_by_key(Vec::len);
        ScriptFunction { module: self.script.name.clone(), name: self.name.clone(), forms }
    }

    /// Runs the function; its error says the script and the line.
    pub(crate) fn call(&self, arguments: Args) -> Outcome {
        arguments.no_keywords(&self.name)?;
        let mut converted = Vec::with_capacity(arguments.positional.len());
        for value in &arguments.positional {
            converted.push(convert::to_script(value, 0)?);
        }
        let options = CallFnOptions::new().eval_ast(false);
        let result = self.script.engine.call_fn_with_options::<Dynamic>(
            options,
            &mut rhai::Scope::new(),
            &self.script.code,
            &self.name,
            converted,
        );
        match result {
            Ok(result) => convert::from_script(result, 0),
            Err(error) => Err(self.fault(*error)),
        }
    }

    fn fault(&self, error: EvalAltResult) -> EvalError {
        let (inner, position) = innermost(error);
        let line = position.line().map_or(String::new(), |line| format!(" line {line}"));
        let place = format!("functions/{}.rhai{line}", self.script.name);
        let (kind, message) = match inner {
            EvalAltResult::ErrorTooManyOperations(_) => {
                (EvalErrorKind::LimitError, format!("more than {MAX_OPERATIONS} operations"))
            }
            EvalAltResult::ErrorStackOverflow(_) => {
                (EvalErrorKind::LimitError, format!("calls nested deeper than {MAX_CALLS}"))
            }
            EvalAltResult::ErrorDataTooLarge(what, _) => {
                (EvalErrorKind::LimitError, format!("{} is too large", what.to_lowercase()))
            }
            EvalAltResult::ErrorTooManyVariables(_) => (EvalErrorKind::LimitError, "too many variables".to_owned()),
            EvalAltResult::ErrorRuntime(value, _) => (EvalErrorKind::FunctionError, value.to_string()),
            EvalAltResult::ErrorFunctionNotFound(signature, _) => {
                (EvalErrorKind::FunctionError, format!("no function for these arguments: {signature}"))
            }
            mut other => {
                other.clear_position();
                (EvalErrorKind::FunctionError, other.to_string())
            }
        };
        EvalError::new(kind, format!("{place}: {message}"))
    }
}

/// The error itself and where it happened, without the chain of calls around it.
fn innermost(error: EvalAltResult) -> (EvalAltResult, Position) {
    match error {
        EvalAltResult::ErrorInFunctionCall(_, _, inner, _) | EvalAltResult::ErrorInModule(_, inner, _) => {
            innermost(*inner)
        }
        other => {
            let position = other.position();
            (other, position)
        }
    }
}
