//! Messages of an SQS queue: events, or S3's word that an object was made. Each failed message is named and comes again.

use serde_json::{Value, json};

use super::{Incoming, Order, s3};
use crate::objects::Objects;

pub async fn records(event: &Value, objects: &Objects) -> Vec<Incoming> {
    let mut all = Vec::new();
    for message in event["Records"].as_array().into_iter().flatten() {
        let name = message["messageId"].as_str().unwrap_or_default();
        let body = message["body"].as_str().unwrap_or_default();
        let told: Option<Value> = serde_json::from_str(body).ok().filter(s3::is_notification);
        match told {
            // Its objects answer for the message that named them.
            Some(told) => {
                let found = s3::records(&told, objects).await;
                all.extend(found.into_iter().map(|record| Incoming { name: name.to_owned(), ..record }));
            }
            None => {
                all.push(Incoming { name: name.to_owned(), order: Order::Unknown, data: Ok(body.as_bytes().to_vec()) })
            }
        }
    }
    all
}

pub fn answer<'a>(failed: impl Iterator<Item = &'a Incoming>) -> Value {
    let mut names: Vec<&str> = failed.map(|record| record.name.as_str()).collect();
    names.dedup();
    let failures: Vec<Value> = names.into_iter().map(|name| json!({"itemIdentifier": name})).collect();
    json!({"batchItemFailures": failures})
}
