//! Objects in S3 that an event names, as bytes. Refuses what would not fit into a function's memory.

use std::fmt;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::DisplayErrorContext;

/// Larger ones are for `dtc transform`, which reads piece by piece.
const MOST_BYTES: i64 = 64 << 20;

pub struct Objects {
    pub client: Client,
}

pub struct Address {
    pub bucket: String,
    pub key: String,
    /// The version, in buckets that keep them.
    pub version: Option<String>,
    /// Tag of the content; may be empty.
    pub tag: String,
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "s3://{}/{}", self.bucket, self.key)
    }
}

impl Objects {
    pub async fn get(&self, address: &Address) -> Result<Vec<u8>, String> {
        let asked = self.client.get_object().bucket(&address.bucket).key(&address.key);
        // The object that was told of, not one that was written over it meanwhile.
        let answer = asked.set_version_id(address.version.clone()).send().await;
        let answer = answer.map_err(|error| DisplayErrorContext(error).to_string())?;
        let length = answer.content_length().unwrap_or_default();
        if length > MOST_BYTES {
            return Err(format!("{address} has {length} bytes, more than the {MOST_BYTES} that a function takes"));
        }
        let body = answer.body.collect().await.map_err(|error| error.to_string())?;
        Ok(body.to_vec())
    }
}
