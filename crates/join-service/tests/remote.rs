//! Kafka, by librdkafka's own mock brokers, and Kinesis, by moto's server: as sinks through `kill -9`, and as sources.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::Message;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use serde_json::{Value, json};

use crate::moto::Moto;
use crate::sinks::complete;
use crate::sources::keys;
use crate::{Running, folder, killed, until};

const PARTITIONS: i32 = 3;

/// Everything in the topic, by partition.
fn consumed(brokers: &str, topic: &str) -> BTreeMap<i32, Vec<Value>> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", brokers)
        .set("group.id", "test")
        .set("enable.partition.eof", "true")
        .create()
        .unwrap();
    let mut assignment = TopicPartitionList::new();
    for partition in 0..PARTITIONS {
        assignment.add_partition_offset(topic, partition, Offset::Beginning).unwrap();
    }
    consumer.assign(&assignment).unwrap();
    let (mut found, mut ended) = (BTreeMap::<i32, Vec<Value>>::new(), HashSet::new());
    while ended.len() < PARTITIONS as usize {
        match consumer.poll(Duration::from_secs(20)).unwrap() {
            Ok(message) => {
                let record = serde_json::from_slice(message.payload().unwrap()).unwrap();
                found.entry(message.partition()).or_default().push(record);
            }
            Err(rdkafka::error::KafkaError::PartitionEOF(partition)) => drop(ended.insert(partition)),
            Err(error) => panic!("{error}"),
        }
    }
    found
}

#[test]
fn a_topic_has_each_record_once_through_kills() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("joined", PARTITIONS, 1).unwrap();
    let (data, brokers) = (folder(), cluster.bootstrap_servers());
    let sink = format!("kafka://{brokers}/joined");
    let (_service, answered) = killed(data.path(), 5, &["--window", "100", "--sink", &sink], &[]);
    let count = |found: &BTreeMap<i32, Vec<Value>>| found.values().map(Vec::len).sum::<usize>();
    let mut found = BTreeMap::new();
    until("all is there", || {
        found = consumed(&brokers, "joined");
        count(&found) >= answered.len()
    });
    let mut all: Vec<Value> = Vec::new();
    for (partition, records) in found {
        assert!(
            records.is_sorted_by_key(|record| record["emitted_ms"].as_i64()),
            "partition {partition} is out of order"
        );
        all.extend(records);
    }
    all.sort_by_key(|record| record["emitted_ms"].as_i64());
    complete(&all, &answered);
}

#[test]
fn brokers_that_are_away_get_everything_when_they_are_back() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("joined", PARTITIONS, 1).unwrap();
    let (data, brokers) = (folder(), cluster.bootstrap_servers());
    cluster.broker_down(1).unwrap();
    let service = Running::start(data.path(), &["--window", "10", "--sink", &format!("kafka://{brokers}/joined")]);
    let keys: Vec<String> = (0..30).map(|number| format!("k{number}")).collect();
    for key in &keys {
        let body = format!(r#"{{"key":"{key}","action":"a","probability":1}}"#);
        assert_eq!(service.post("/log_decision", &body).0, 200);
    }
    cluster.broker_up(1).unwrap();
    let mut found = Vec::new();
    until("all is there", || {
        found = consumed(&brokers, "joined").into_values().flatten().collect();
        found.len() >= keys.len()
    });
    found.sort_by_key(|record| record["emitted_ms"].as_i64());
    complete(&found, &keys);
}

#[test]
fn a_topic_is_read_once_through_kills() {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("events", 1, 1).unwrap();
    let (data, brokers) = (folder(), cluster.bootstrap_servers());
    let arguments = ["--window", "50", "--file", "4000", "--source", &format!("kafka://{brokers}/events")];
    let producer: BaseProducer = ClientConfig::new().set("bootstrap.servers", &brokers).create().unwrap();
    let mut wanted = Vec::new();
    for part in 0..5_u64 {
        let service = Running::start(data.path(), &arguments);
        for number in 0..40 {
            let key = format!("k{part}-{number}");
            let event = format!(r#"{{"event":"reward","key":"{key}","reward":1}}"#);
            producer.send(BaseRecord::to("events").key(&key).payload(&event)).unwrap();
            wanted.push(key);
        }
        producer.flush(Duration::from_secs(20)).unwrap();
        std::thread::sleep(Duration::from_millis(part * 100));
        service.kill();
    }
    let service = Running::start(data.path(), &arguments);
    until("all are there", || service.counters()["rewards"] >= wanted.len() as u64);
    assert_eq!(keys(data.path()), wanted);
}

const KEYS: [(&str, &str); 4] = [
    ("AWS_ACCESS_KEY_ID", "test"),
    ("AWS_SECRET_ACCESS_KEY", "test"),
    ("AWS_REGION", "us-east-1"),
    ("AWS_EC2_METADATA_DISABLED", "true"),
];

fn kinesis(moto: &Moto, action: &str, body: &Value) -> Value {
    let headers = format!("Content-Type: application/x-amz-json-1.1\r\nX-Amz-Target: Kinesis_20131202.{action}\r\n");
    let answer = moto.send("POST", "/", "kinesis", &headers, &body.to_string()).unwrap();
    serde_json::from_str(&answer).unwrap_or(Value::Null)
}

fn create_stream(moto: &Moto, name: &str) {
    kinesis(moto, "CreateStream", &json!({"StreamName": name, "ShardCount": 1}));
}

/// Everything in the stream of one shard.
fn streamed(moto: &Moto, name: &str) -> Vec<Value> {
    use base64::Engine;
    let shard = &kinesis(moto, "ListShards", &json!({"StreamName": name}))["Shards"][0]["ShardId"];
    let asked = json!({"StreamName": name, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"});
    let iterator = &kinesis(moto, "GetShardIterator", &asked)["ShardIterator"];
    let answer = kinesis(moto, "GetRecords", &json!({"ShardIterator": iterator, "Limit": 10_000}));
    let records = answer["Records"].as_array().unwrap().iter();
    let decode = |record: &Value| {
        let data = base64::engine::general_purpose::STANDARD.decode(record["Data"].as_str().unwrap()).unwrap();
        serde_json::from_slice(&data).unwrap()
    };
    records.map(decode).collect()
}

#[test]
fn a_stream_has_every_record_through_kills_and_those_that_came_again_have_their_ids() {
    let moto = Moto::start().unwrap();
    create_stream(&moto, "joined");
    let data = folder();
    let sink = format!("kinesis://joined?endpoint=http://127.0.0.1:{}", moto.port);
    let (service, answered) = killed(data.path(), 3, &["--window", "100", "--sink", &sink], &KEYS);
    until("the sink is at the end", || {
        let state: Value = serde_json::from_str(&service.ask("GET", "/state", "").1).unwrap();
        state["sinks"][0]["behind_bytes"] == 0 && state["sinks"][0]["delivered"] != 0
    });
    let mut seen = HashSet::new();
    let mut records = streamed(&moto, "joined");
    records.retain(|record| seen.insert(record["id"].clone()));
    complete(&records, &answered);
}

#[test]
fn a_stream_is_read_once_through_kills() {
    use base64::Engine;
    let moto = Moto::start().unwrap();
    create_stream(&moto, "events");
    let data = folder();
    let source = format!("kinesis://events?endpoint=http://127.0.0.1:{}", moto.port);
    let arguments = ["--window", "50", "--source", &source];
    let start = || {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_join-service"));
        command.envs(KEYS);
        Running::with(command, data.path(), &arguments)
    };
    let mut wanted = Vec::new();
    for part in 0..3_u64 {
        let service = start();
        for number in 0..20 {
            let key = format!("k{part}-{number}");
            let event = format!(r#"{{"event":"reward","key":"{key}","reward":1}}"#);
            let data = base64::engine::general_purpose::STANDARD.encode(event);
            kinesis(&moto, "PutRecord", &json!({"StreamName": "events", "PartitionKey": key, "Data": data}));
            wanted.push(key);
        }
        std::thread::sleep(Duration::from_millis(part * 300));
        service.kill();
    }
    let service = start();
    until("all are there", || service.counters()["rewards"] >= wanted.len() as u64);
    assert_eq!(keys(data.path()), wanted);
}
