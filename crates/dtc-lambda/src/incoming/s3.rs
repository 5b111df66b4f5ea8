//! Objects that were dropped into a bucket, told by S3 itself or through EventBridge.

use serde_json::Value;

use super::{Incoming, Order};
use crate::objects::{Address, Objects};

/// Whether a message is S3's, not an event of somebody.
pub fn is_notification(told: &Value) -> bool {
    let by_s3 = told["Records"].get(0).is_some_and(|record| record["eventSource"] == "aws:s3");
    by_s3 || told["detail-type"] == "Object Created" || told["Event"] == "s3:TestEvent"
}

pub async fn records(told: &Value, objects: &Objects) -> Vec<Incoming> {
    let mut all = Vec::new();
    for address in addresses(told) {
        let data = objects.get(&address).await;
        let name = address.to_string();
        let order = Order::Lines(format!("{name}#{}", address.version.as_ref().unwrap_or(&address.tag)).into());
        all.push(Incoming { name, order, data });
    }
    all
}

/// S3's own word has keys as in forms, EventBridge's as they are.
fn addresses(told: &Value) -> Vec<Address> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of = |place: &Value, decoded: bool| {
        let object = &place["object"];
        let key = text(&object["key"]);
        Address {
            bucket: text(&place["bucket"]["name"]),
            key: if decoded { key } else { from_form(&key) },
            version: object["versionId"].as_str().or(object["version-id"].as_str()).map(str::to_owned),
            tag: text(if object["eTag"].is_string() { &object["eTag"] } else { &object["etag"] }),
        }
    };
    if told["detail"].is_object() {
        return vec![of(&told["detail"], true)];
    }
    told["Records"].as_array().into_iter().flatten().map(|record| of(&record["s3"], false)).collect()
}

/// `+` is a space, `%41` an A.
fn from_form(text: &str) -> String {
    let (bytes, mut out, mut at) = (text.as_bytes(), Vec::with_capacity(text.len()), 0);
    while at < bytes.len() {
        let hex = || u8::from_str_radix(text.get(at + 1..at + 3)?, 16).ok();
        let (byte, width) = match bytes[at] {
            b'+' => (b' ', 1),
            b'%' => hex().map_or((b'%', 1), |byte| (byte, 3)),
            byte => (byte, 1),
        };
        out.push(byte);
        at += width;
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_ways_of_telling() {
        let by_s3 = json!({"Records": [{"eventSource": "aws:s3",
            "s3": {"bucket": {"name": "raw"}, "object": {"key": "a+b%2Bc%20d/%C3%A4.jsonl", "eTag": "e1"}}}]});
        let bridged = json!({"detail-type": "Object Created",
            "detail": {"bucket": {"name": "raw"}, "object": {"key": "a b+c d/ä.jsonl", "etag": "e1"}}});
        for told in [by_s3, bridged] {
            assert!(is_notification(&told));
            let found = addresses(&told);
            assert_eq!(found.len(), 1);
            assert_eq!((found[0].to_string().as_str(), found[0].tag.as_str()), ("s3://raw/a b+c d/ä.jsonl", "e1"));
            assert_eq!(found[0].version, None);
        }
        let versioned = json!({"detail-type": "Object Created",
            "detail": {"bucket": {"name": "raw"}, "object": {"key": "a", "etag": "e1", "version-id": "v2"}}});
        assert_eq!(addresses(&versioned)[0].version.as_deref(), Some("v2"));
        assert!(!is_notification(&json!({"event": "x"})));
        assert!(addresses(&json!({"Event": "s3:TestEvent"})).is_empty());
    }

    #[test]
    fn odd_escapes_stay() {
        assert_eq!(from_form("100%"), "100%");
        assert_eq!(from_form("%zz%4"), "%zz%4");
    }
}
