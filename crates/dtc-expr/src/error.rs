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
    /// A regular expression that cannot be read.
    Pattern,
    /// Arguments that the function cannot be called with.
    Arguments,
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
    /// A regular expression that cannot be read.
    PatternError,
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
            EvalErrorKind::PatternError => "re.error",
            EvalErrorKind::FunctionError => "FunctionError",
            EvalErrorKind::LimitError => "LimitError",
        }
    }
}

impl EvalError {
    pub(crate) fn new(kind: EvalErrorKind, message: impl Into<String>) -> EvalError {
        EvalError { kind, message: message.into() }
    }

    pub(crate) fn type_error(message: impl Into<String>) -> EvalError {
        EvalError::new(EvalErrorKind::TypeError, message)
    }

    pub(crate) fn value_error(message: impl Into<String>) -> EvalError {
        EvalError::new(EvalErrorKind::ValueError, message)
    }

    pub(crate) fn overflow(message: impl Into<String>) -> EvalError {
        EvalError::new(EvalErrorKind::OverflowError, message)
    }

    pub(crate) fn limit(message: impl Into<String>) -> EvalError {
        EvalError::new(EvalErrorKind::LimitError, message)
    }

    pub(crate) fn no_attribute(type_name: &str, name: &str) -> EvalError {
        EvalError::new(EvalErrorKind::AttributeError, format!("'{type_name}' object has no attribute '{name}'"))
    }
}

impl std::fmt::Display for EvalError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.message.is_empty() {
            return formatter.write_str(self.kind.name());
        }
        write!(formatter, "{}: {}", self.kind.name(), self.message)
    }
}

impl std::error::Error for EvalError {}
