//! The user's own functions: Rhai scripts under `functions/`, compiled once, run in a sandbox.

/// Scripts by module name (`functions/name` in a document's `Import`). Cheap to clone.
#[derive(Debug, Clone, Default)]
pub struct Functions {}

impl Functions {
    /// Compiles `name → script text` pairs; a script that does not compile is reported with its line.
    pub fn compile(_scripts: &[(String, String)]) -> (Functions, Vec<FunctionFault>) {
        (Functions::default(), Vec::new())
    }
}

/// A fault in a script; `line` and `column` count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionFault {
    pub module: String,
    pub line: usize,
    pub column: usize,
    pub message: String,
}
