//! Runs a compiled expression over a frame.

use crate::compile::Program;
use crate::error::EvalError;
use crate::frame::Frame;
use crate::value::Value;

impl Program {
    /// Evaluates. The frame changes only where a method changes a field's collection in place.
    pub fn eval(&self, _frame: &mut Frame) -> Result<Value, EvalError> {
        Ok(Value::None)
    }
}
