//! What lies on AWS: records as items of a DynamoDB table, a run's state in DynamoDB or S3, inputs in S3.
//!
//! Refuses to know the command line and the function that use it. Without the feature `client` it makes no
//! connection: records and items only.

pub mod attribute;
pub mod item;

#[cfg(feature = "client")]
mod client;
#[cfg(feature = "client")]
mod dynamo_state;
#[cfg(feature = "client")]
mod failure;
#[cfg(feature = "client")]
mod s3_object;
#[cfg(feature = "client")]
mod s3_put;
#[cfg(feature = "client")]
mod s3_state;
#[cfg(feature = "client")]
mod shards;

#[cfg(feature = "client")]
pub use client::Aws;
#[cfg(feature = "client")]
pub use dynamo_state::DynamoState;
#[cfg(feature = "client")]
pub use s3_object::{S3Object, s3_objects};
#[cfg(feature = "client")]
pub use s3_put::put_object;
#[cfg(feature = "client")]
pub use s3_state::S3State;
