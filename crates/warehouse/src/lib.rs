//! Warehouses: scores of an attribution are written there, raw events are read from there.
//!
//! PostgreSQL and Redshift over PostgreSQL's protocol, Snowflake over its SQL API, files in S3. A run's scores are
//! written as a whole or not at all, and the same run written again leaves the same rows. Refuses to know documents
//! and models, and to take a secret from anywhere but the environment or the system's keychain.

mod lake;
mod lines;
mod postgres;
mod refusal;
mod scores;
mod secret;
mod snowflake;
mod sql;
mod trust;

pub use lake::{FileKind, Lake};
pub use postgres::{Flavour, Postgres, PostgresPlace};
pub use scores::{Score, Scores};
pub use secret::Secrets;
pub use snowflake::{Snowflake, SnowflakePlace};

use dtc_io::{IoError, Origin};

/// What scores can be written to and events be read from.
pub trait Warehouse {
    /// Puts a run's scores in the place of those that the same document and run left before. Answers with the
    /// place that has them. Errors: what the service said, with a cure; nothing has changed then.
    fn write(&self, scores: &Scores) -> Result<String, IoError>;

    /// The rows among which a run's scores are: columns by name, `document` and `run` say whose. Errors as `events`.
    fn scores(&self, document: &str, run: &str) -> Result<Vec<Box<dyn Origin>>, IoError>;

    /// A table of raw events, or the objects below a prefix, as inputs: one record a row, columns by name.
    fn events(&self, table: &str) -> Result<Vec<Box<dyn Origin>>, IoError>;
}
