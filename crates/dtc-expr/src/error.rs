//! What can go wrong in an expression: before it runs, and while it runs.

use std::ops::Range;

/// A fault found while compiling. `span` is in bytes of the expression's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompileError {
    pub kind: CompileErrorKind,
    pub span: Range<usize>,
    /// At most 80 characters, in the user's words, no trailing period.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Text to put in place of `span`, where a machine can know it ("did you mean").
    pub replacement: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CompileErrorKind {
    /// Not a Python expression.
    Syntax,
    /// `a = b`: a comparison was meant.
    SingleEquals,
    UnknownName,
    /// `aggregate.field` where the aggregate has no such field.
    UnknownField,
    /// A function, method or attribute that does not exist.
    UnknownMember,
    /// A construct of Python that we do not run (`yield`, `:=`, `await` …).
    Unsupported,
}

/// A failure while evaluating, named as Python names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvalError {
    pub kind: EvalErrorKind,
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EvalErrorKind {
    NameError,
    TypeError,
    ValueError,
    ZeroDivisionError,
    AttributeError,
    KeyError,
    IndexError,
    OverflowError,
    ArithmeticError,
    StopIteration,
    /// A Rhai function failed.
    FunctionError,
    /// Operations, depth, memory or time ran out.
    LimitError,
}

impl EvalErrorKind {
    /// Python's name of the exception.
    pub fn name(self) -> &'static str {
        match self {
            EvalErrorKind::NameError => "NameError",
            EvalErrorKind::TypeError => "TypeError",
            EvalErrorKind::ValueError => "ValueError",
            EvalErrorKind::ZeroDivisionError => "ZeroDivisionError",
            EvalErrorKind::AttributeError => "AttributeError",
            EvalErrorKind::KeyError => "KeyError",
            EvalErrorKind::IndexError => "IndexError",
            EvalErrorKind::OverflowError => "OverflowError",
            EvalErrorKind::ArithmeticError => "ArithmeticError",
            EvalErrorKind::StopIteration => "StopIteration",
            EvalErrorKind::FunctionError => "FunctionError",
            EvalErrorKind::LimitError => "LimitError",
        }
    }
}
