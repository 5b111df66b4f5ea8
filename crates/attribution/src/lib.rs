//! Journeys and credit per touch point: what happened before a conversion, and who deserves it.
//!
//! Pure sums over names, times (milliseconds, hours) and values. Each model is one file, under `models/`, `game/` or
//! `markov/`. Models are independent: one that cannot run says why. Refuses to know documents, events and
//! expressions; no hash order shows, no clock is read, and random numbers are seeded.

pub mod credit;
pub mod doubt;
pub mod folds;
pub mod game;
pub mod journey;
pub mod markov;
pub mod models;
pub mod names;
pub mod paths;
pub mod prepare;
pub mod random;
pub mod reconcile;
pub mod runs;
pub mod shape;
pub mod table;
pub mod unable;

pub use credit::Credit;
pub use game::Rates;
pub use markov::{Markov, Nulls, State, Transition};
pub use models::{Answer, HalfLife, Model, Position, Rule, UnknownModel};
pub use names::{Channel, Names};
pub use paths::{Outcome, Path, Paths, Sample, Totals};
pub use prepare::{Cycles, Events, Journey, Journeys, Preparation};
pub use reconcile::{Reconciled, reconcile};
pub use runs::{GoOn, run_all, run_all_while};
pub use unable::Unable;
