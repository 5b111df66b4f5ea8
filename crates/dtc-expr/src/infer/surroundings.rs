//! What an expression's types depend on besides its scope.

use super::Type;
use crate::field_type::Mode;
use crate::scope::VariableId;

/// What is known of the values that variables will have.
pub trait Surroundings {
    fn mode(&self) -> Mode {
        Mode::Studio
    }

    /// The type of `variable.a.b`; of the variable itself for an empty path.
    fn type_of(&self, _variable: VariableId, _path: &[&str]) -> Type {
        Type::ANY
    }

    /// Texts that `variable.a.b` was seen to be.
    fn texts(&self, _variable: VariableId, _path: &[&str]) -> Vec<String> {
        Vec::new()
    }

    /// Whether the types of the variable's members come from records that were looked at.
    fn is_sampled(&self, _variable: VariableId) -> bool {
        false
    }
}

/// Nothing is known.
pub struct Unknown;

impl Surroundings for Unknown {}
