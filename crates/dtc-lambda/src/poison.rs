//! What cannot be taken goes on to a queue, with the reason and the record itself, for people to look at. Without a queue it
//! is logged and counted only.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::DisplayErrorContext;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

/// SQS takes 256 KiB at least; base64 makes four of three.
const MOST_BYTES: usize = 180_000;

pub struct Poison {
    pub client: Client,
    /// Address of the queue.
    pub queue: String,
}

/// A record that cannot be taken.
#[derive(Debug, Clone)]
pub struct Poisoned {
    /// Place in the batch.
    pub index: usize,
    pub name: String,
    pub reason: String,
    pub data: Vec<u8>,
}

impl Poison {
    pub async fn send(&self, poisoned: &Poisoned) -> Result<(), String> {
        let kept = &poisoned.data[..poisoned.data.len().min(MOST_BYTES)];
        let body = json!({
            "record": poisoned.name,
            "reason": poisoned.reason,
            "bytes": poisoned.data.len(),
            "data": STANDARD.encode(kept),
            "cut": kept.len() < poisoned.data.len(),
        });
        let sent = self.client.send_message().queue_url(&self.queue).message_body(body.to_string()).send().await;
        sent.map(drop).map_err(|error| DisplayErrorContext(error).to_string())
    }
}
