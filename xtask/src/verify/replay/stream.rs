//! Events into moto's stream as a producer puts them, and out of it shard by shard.

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::poller::{Record, Shard};
use super::server::Server;

/// What a producer sends: partition key and bytes.
pub type Sent = (String, Vec<u8>);

/// Kinesis takes this many at once.
const AT_ONCE: usize = 500;

pub fn put(server: &Server, stream: &str, records: &[Sent]) -> Result<()> {
    for part in records.chunks(AT_ONCE) {
        let entries: Vec<Value> =
            part.iter().map(|(key, data)| json!({"PartitionKey": key, "Data": STANDARD.encode(data)})).collect();
        let answer = call(server, "PutRecords", &json!({"StreamName": stream, "Records": entries}))?;
        if answer["FailedRecordCount"].as_i64().unwrap_or_default() != 0 {
            bail!("moto's stream refused records: {answer}");
        }
    }
    Ok(())
}

pub fn shards(server: &Server, stream: &str) -> Result<Vec<Shard>> {
    let listed = call(server, "ListShards", &json!({"StreamName": stream}))?;
    let ids = listed["Shards"].as_array().context("the stream has no shards")?.iter();
    ids.filter_map(|shard| shard["ShardId"].as_str()).map(|id| shard(server, stream, id)).collect()
}

fn shard(server: &Server, stream: &str, id: &str) -> Result<Shard> {
    let wanted = json!({"StreamName": stream, "ShardId": id, "ShardIteratorType": "TRIM_HORIZON"});
    let mut iterator = call(server, "GetShardIterator", &wanted)?["ShardIterator"].clone();
    let mut records = Vec::new();
    loop {
        let answer = call(server, "GetRecords", &json!({"ShardIterator": iterator, "Limit": 5000}))?;
        let part = answer["Records"].as_array().map_or(&[][..], Vec::as_slice);
        for record in part {
            let text = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
            let data = STANDARD.decode(text("Data")).context("a record's data")?;
            records.push(Record {
                sequence: text("SequenceNumber"),
                partition_key: text("PartitionKey"),
                data,
                arrived: 0,
            });
        }
        if part.is_empty() || !answer["NextShardIterator"].is_string() {
            return Ok(Shard { id: id.to_owned(), records });
        }
        iterator = answer["NextShardIterator"].clone();
    }
}

fn call(server: &Server, action: &str, body: &Value) -> Result<Value> {
    server.call("kinesis", &format!("Kinesis_20131202.{action}"), body)
}
