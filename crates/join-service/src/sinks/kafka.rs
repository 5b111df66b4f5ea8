//! A topic of Kafka or Redpanda. Records go in transactions, by key to partitions, each partition in the order of emission;
//! what a partition holds already is read from its end, so each record is there once for those who read what is committed.

use std::io;
use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::{Header, Headers, Message, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer, ThreadedProducer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::Sink;
use crate::kafka::{ANSWER, Heard, config, failed, partitions};
use crate::outlet::Topic;
use crate::record::{Head, Place};

/// Names the service that wrote a record, for topics of several.
const HEADER: &str = "join-service";
/// Records at a partition's end that are looked through for one of ours.
const LOOKED_AT: i64 = 1_000_000;

pub struct Kafka {
    topic: Topic,
    identity: String,
    transactional: String,
    open: Option<Open>,
}

struct Open {
    producer: ThreadedProducer<Heard>,
    /// Of each partition.
    last: Vec<Option<Place>>,
}

impl Kafka {
    pub fn new(topic: &Topic, identity: &str, name: &str) -> Kafka {
        let transactional = format!("join-{identity}-{name}");
        Kafka { topic: topic.clone(), identity: identity.to_owned(), transactional, open: None }
    }

    /// The last record of ours in the partition.
    fn last_of(&self, consumer: &BaseConsumer<Heard>, partition: i32) -> io::Result<Option<Place>> {
        let name = self.topic.topic.as_str();
        let (low, high) = consumer.fetch_watermarks(name, partition, ANSWER).map_err(failed)?;
        let mut step = 64;
        loop {
            let from = low.max(high.saturating_sub(step));
            let mut assignment = TopicPartitionList::new();
            assignment.add_partition_offset(name, partition, Offset::Offset(from)).map_err(failed)?;
            consumer.assign(&assignment).map_err(failed)?;
            let last = self.last_polled(consumer)?;
            if last.is_some() || from == low || step > LOOKED_AT {
                return Ok(last);
            }
            step = step.saturating_mul(16);
        }
    }

    fn last_polled(&self, consumer: &BaseConsumer<Heard>) -> io::Result<Option<Place>> {
        let mut last = None;
        loop {
            match consumer.poll(ANSWER) {
                Some(Ok(message)) => {
                    let ours = message.headers().is_some_and(|headers| {
                        headers.iter().any(|one| one.key == HEADER && one.value == Some(self.identity.as_bytes()))
                    });
                    if ours {
                        last = message.payload().and_then(Place::of_line).or(last);
                    }
                }
                Some(Err(KafkaError::PartitionEOF(_))) => return Ok(last),
                Some(Err(error)) => return Err(failed(error)),
                None => return Err(io::Error::new(io::ErrorKind::TimedOut, "the brokers do not answer")),
            }
        }
    }
}

impl Sink for Kafka {
    fn open(&mut self) -> io::Result<()> {
        // The one before would be fenced off by this one.
        self.open = None;
        let consumer: BaseConsumer<Heard> = config(&self.topic)
            .set("group.id", &self.transactional)
            .set("enable.auto.commit", "false")
            .set("isolation.level", "read_committed")
            .set("enable.partition.eof", "true")
            .set("auto.offset.reset", "earliest")
            .create_with_context(Heard::default())
            .map_err(failed)?;
        // First: it tells what ails the way to the brokers.
        let partitions = partitions(&consumer, &self.topic.topic)?;
        let producer: ThreadedProducer<Heard> = config(&self.topic)
            .set("transactional.id", &self.transactional)
            .set("compression.type", "lz4")
            .set("message.timeout.ms", "30000")
            .create_with_context(Heard::default())
            .map_err(failed)?;
        // Ends what a crash left open, and fences off whoever opened it; after this partitions end where they end.
        producer.init_transactions(ANSWER).map_err(|error| producer.context().failed(&error))?;
        let last = partitions.into_iter().map(|partition| self.last_of(&consumer, partition));
        let last = last.collect::<io::Result<_>>()?;
        self.open = Some(Open { producer, last });
        Ok(())
    }

    fn take(&mut self, lines: &[u8]) -> io::Result<()> {
        let Some(open) = &mut self.open else { return Err(io::Error::other("it is not open")) };
        let mut last = open.last.clone();
        let mut begun = false;
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let head = Head::of_line(line).ok_or_else(|| io::Error::other("a line is no record"))?;
            let partition = crc32fast::hash(head.key.as_bytes()) as usize % last.len();
            let place = head.place();
            if last[partition].is_some() && place <= last[partition] {
                continue;
            }
            last[partition] = place;
            if !std::mem::replace(&mut begun, true) {
                open.producer.begin_transaction().map_err(|error| open.producer.context().failed(&error))?;
            }
            let header = Header { key: HEADER, value: Some(self.identity.as_bytes()) };
            let mut record = BaseRecord::to(&self.topic.topic)
                .key(head.key.as_bytes())
                .payload(line)
                .partition(partition as i32)
                .headers(OwnedHeaders::new().insert(header));
            while let Err((error, back)) = open.producer.send(record) {
                if error.rdkafka_error_code() != Some(rdkafka::types::RDKafkaErrorCode::QueueFull) {
                    return Err(failed(error));
                }
                std::thread::sleep(Duration::from_millis(5));
                record = back;
            }
        }
        if begun {
            let committed = open.producer.commit_transaction(ANSWER);
            committed.map_err(|error| open.producer.context().failed(&error))?;
        }
        open.last = last;
        Ok(())
    }
}
