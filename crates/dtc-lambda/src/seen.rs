//! Event ids that have counted, in a table of their own: what a producer sends twice counts once. Written in the transaction
//! that counts the event, so that neither is without the other.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, Put, TransactWriteItem};
use dtc_aws::item::{EXPIRES_AT, PARTITION_KEY};
use sha2::{Digest, Sha256};

/// DynamoDB's limit of one question, and of a key in bytes.
const AT_ONCE: usize = 100;
const KEY_BYTES: usize = 2048;
const ROUNDS: usize = 10;

#[derive(Clone)]
pub struct Seen {
    pub client: Client,
    pub table: String,
    /// Longer than records can come again.
    pub keep_seconds: i64,
}

/// What an event is known by: what `EventId` gave, or a hash of the record and the event's place in it.
pub fn id_of(event_id: Option<&Arc<str>>, identity: &str, data: &[u8], line: u64) -> Arc<str> {
    match event_id.filter(|id| id.len() < KEY_BYTES - 8) {
        Some(id) => format!("id/{id}").into(),
        None => {
            let mut hash = Sha256::new();
            hash.update(event_id.map_or(data, |id| id.as_bytes()));
            let hash: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
            let identity: String = identity.chars().take(100).collect();
            format!("hash/{hash}/{line}/{identity}").into()
        }
    }
}

impl Seen {
    /// Which of these have counted.
    pub async fn among(&self, ids: &[Arc<str>]) -> Result<HashSet<Arc<str>>, String> {
        let distinct: Vec<&Arc<str>> = ids.iter().collect::<HashSet<_>>().into_iter().collect();
        let mut found = HashSet::new();
        for part in distinct.chunks(AT_ONCE) {
            let key = |id: &&Arc<str>| HashMap::from([(PARTITION_KEY.to_owned(), AttributeValue::S(id.to_string()))]);
            let keys = KeysAndAttributes::builder().consistent_read(true).projection_expression(PARTITION_KEY);
            let keys =
                keys.set_keys(Some(part.iter().map(key).collect())).build().map_err(|error| error.to_string())?;
            let mut asked = HashMap::from([(self.table.clone(), keys)]);
            // What the table had no time for is asked again.
            for _ in 0..ROUNDS {
                if asked.is_empty() {
                    break;
                }
                let answer = self.client.batch_get_item().set_request_items(Some(asked)).send().await;
                let answer = answer.map_err(|error| DisplayErrorContext(error).to_string())?;
                let items = answer.responses.unwrap_or_default().remove(&self.table).unwrap_or_default();
                found.extend(
                    items.iter().filter_map(|item| item.get(PARTITION_KEY)?.as_s().ok().map(|id| id.as_str().into())),
                );
                asked = answer.unprocessed_keys.unwrap_or_default();
            }
            if !asked.is_empty() {
                return Err(format!("the table {} is too busy to be asked", self.table));
            }
        }
        Ok(found)
    }

    /// The write that fails when somebody counted the event meanwhile.
    pub fn write(&self, id: &str, now_seconds: i64) -> Result<TransactWriteItem, String> {
        let put = Put::builder()
            .table_name(&self.table)
            .item(PARTITION_KEY, AttributeValue::S(id.to_owned()))
            .item(EXPIRES_AT, AttributeValue::N((now_seconds + self.keep_seconds).to_string()))
            .condition_expression("attribute_not_exists(partition_key)");
        let put = put.build().map_err(|error| error.to_string())?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}

#[cfg(test)]
mod tests {
    use super::id_of;

    #[test]
    fn an_event_is_known_by_its_id_or_by_its_record() {
        let id = "e-1".into();
        assert_eq!(&*id_of(Some(&id), "u", b"x", 1), "id/e-1");
        assert_eq!(id_of(None, "u", b"x", 1), id_of(None, "u", b"x", 1));
        assert_ne!(id_of(None, "u", b"x", 1), id_of(None, "u", b"x", 2));
        assert_ne!(id_of(None, "u", b"x", 1), id_of(None, "u", b"y", 1));
        let long = "x".repeat(3000).as_str().into();
        assert!(id_of(Some(&long), &"ü".repeat(3000), b"x", 1).len() < 2048);
    }
}
