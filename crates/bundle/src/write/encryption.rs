//! Encryption as each service spells it, by whose key it is. Where the services' own keys do it, the reasons stand beside
//! the resource for checkov's readers.

use serde_yaml::Value;

use super::reference::{arn, map, reference, text};
use crate::graph::Keyed;

/// Why a demand of checkov does not apply: its id, the reason.
pub type Skip = (&'static str, &'static str);

const BY_SERVICE: &str = "The document says Encryption: aws, the service's own key encrypts";

/// The ARN of the key, unless the services have their own.
pub fn key(keyed: &Keyed) -> Option<Value> {
    match keyed {
        Keyed::Own(id) => Some(arn(id)),
        Keyed::Given(parameter) => Some(reference(parameter)),
        Keyed::Service => None,
    }
}

/// The reason for checkov, where a key of one's own is asked for.
pub fn skip(keyed: &Keyed, id: &'static str) -> Vec<Skip> {
    match keyed {
        Keyed::Service => vec![(id, BY_SERVICE)],
        Keyed::Own(_) | Keyed::Given(_) => Vec::new(),
    }
}

pub fn stream(keyed: &Keyed) -> Value {
    let key = key(keyed).unwrap_or_else(|| text("alias/aws/kinesis"));
    map([("EncryptionType", text("KMS")), ("KeyId", key)])
}

/// Property and value.
pub fn queue(keyed: &Keyed) -> (&'static str, Value) {
    match key(keyed) {
        Some(key) => ("KmsMasterKeyId", key),
        None => ("SqsManagedSseEnabled", Value::from(true)),
    }
}

pub fn table(keyed: &Keyed) -> Value {
    let mut own = map([("SSEEnabled", Value::from(true)), ("SSEType", text("KMS"))]);
    if let (Some(key), Value::Mapping(own)) = (key(keyed), &mut own) {
        own.insert(text("KMSMasterKeyId"), key);
    }
    own
}

pub fn bucket(keyed: &Keyed) -> Value {
    let default = match key(keyed) {
        Some(key) => map([("SSEAlgorithm", text("aws:kms")), ("KMSMasterKeyID", key)]),
        None => map([("SSEAlgorithm", text("AES256"))]),
    };
    map([("BucketKeyEnabled", Value::from(key(keyed).is_some())), ("ServerSideEncryptionByDefault", default)])
}

/// Of a delivery stream that producers write to; one that reads a stream has no encryption of its own.
pub fn delivery(keyed: &Keyed) -> Value {
    match key(keyed) {
        Some(key) => map([("KeyType", text("CUSTOMER_MANAGED_CMK")), ("KeyARN", key)]),
        None => map([("KeyType", text("AWS_OWNED_CMK"))]),
    }
}
