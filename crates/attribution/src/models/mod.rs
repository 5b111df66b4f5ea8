//! The models by name. A model says which share of a conversion each touch of a journey gets.
//!
//! The shares of a journey with a touch sum to 1. Adding a model: a file here, a line in each match.

pub mod first;
pub mod last;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Model {
    First,
    Last,
}

impl Model {
    /// Every model, in the order in which they are offered.
    pub const ALL: [Model; 2] = [Model::First, Model::Last];

    /// As documents write it, without regard to case.
    pub fn from_name(name: &str) -> Option<Model> {
        Model::ALL.into_iter().find(|model| model.name().eq_ignore_ascii_case(name))
    }

    pub fn name(self) -> &'static str {
        match self {
            Model::First => first::NAME,
            Model::Last => last::NAME,
        }
    }

    /// Gives `(position, share)` for each touch of a journey of `touches` touches that gets something.
    pub fn shares(self, touches: usize, give: impl FnMut(usize, f64)) {
        match self {
            Model::First => first::shares(touches, give),
            Model::Last => last::shares(touches, give),
        }
    }
}
