//! Journeys and credit per touch point: what happened before a conversion, and who deserves it.
//!
//! Pure sums over names, times (milliseconds) and values. Each model is one file under `models/`.
//! Refuses to know documents, events and expressions; no floats are compared, no hash order shows.

pub mod credit;
pub mod journey;
pub mod models;

pub use credit::{Credit, Path, credit};
pub use journey::{Conversion, Journey, JourneyBuilder, Journeys, Touch};
pub use models::Model;
