//! A topic of Kafka or Redpanda, all of its partitions, from the beginning or from where the log says. Only committed
//! records are read. The place is `PARTITION:OFFSET`, separated by blanks.

use std::collections::BTreeMap;
use std::io;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::Message;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::{Batch, MOST_TOGETHER, Source};
use crate::kafka::{Heard, config, failed, partitions};
use crate::outlet::Topic;

/// How long a first record is waited for, and a next one.
const FIRST: Duration = Duration::from_millis(100);
/// Between looks whether there are new partitions.
const PARTITIONS: Duration = Duration::from_secs(30);

pub struct Kafka {
    topic: Topic,
    consumer: Option<BaseConsumer<Heard>>,
    /// The next offset of each partition.
    next: BTreeMap<i32, i64>,
    looked: Instant,
}

impl Kafka {
    pub fn new(topic: &Topic) -> Kafka {
        Kafka { topic: topic.clone(), consumer: None, next: BTreeMap::new(), looked: Instant::now() }
    }

    /// Reads every partition there is, known ones from their place.
    fn assign(&mut self) -> io::Result<()> {
        self.looked = Instant::now();
        let Some(consumer) = &self.consumer else { return Ok(()) };
        let partitions = partitions(consumer, &self.topic.topic)?;
        let assigned = consumer.assignment().map_err(failed)?.count();
        if assigned == partitions.len() {
            return Ok(());
        }
        let mut assignment = TopicPartitionList::new();
        for partition in partitions {
            let offset = self.next.get(&partition).map_or(Offset::Beginning, |next| Offset::Offset(*next));
            assignment.add_partition_offset(&self.topic.topic, partition, offset).map_err(failed)?;
        }
        consumer.assign(&assignment).map_err(failed)
    }
}

impl Source for Kafka {
    fn open(&mut self, place: Option<&str>) -> io::Result<()> {
        let known = place.unwrap_or_default().split_whitespace();
        let known = known.filter_map(|pair| pair.split_once(':'));
        self.next = known.filter_map(|(partition, next)| Some((partition.parse().ok()?, next.parse().ok()?))).collect();
        let consumer: BaseConsumer<Heard> = config(&self.topic)
            .set("group.id", "join-service")
            .set("enable.auto.commit", "false")
            .set("isolation.level", "read_committed")
            .set("auto.offset.reset", "earliest")
            .create_with_context(Heard::default())
            .map_err(failed)?;
        self.consumer = Some(consumer);
        self.assign()
    }

    fn next(&mut self) -> io::Result<Batch> {
        if self.looked.elapsed() > PARTITIONS {
            self.assign()?;
        }
        let Some(consumer) = &self.consumer else { return Err(io::Error::other("it is not open")) };
        let (mut records, mut wait) = (Vec::new(), FIRST);
        while records.len() < MOST_TOGETHER
            && let Some(message) = consumer.poll(wait)
        {
            let message = message.map_err(|error| consumer.context().failed(&error))?;
            self.next.insert(message.partition(), message.offset() + 1);
            records.extend(message.payload().map(<[u8]>::to_vec));
            // What is here already goes along; nothing more is waited for.
            wait = Duration::ZERO;
        }
        if records.is_empty() {
            return Ok(Batch::default());
        }
        let place: Vec<String> = self.next.iter().map(|(partition, next)| format!("{partition}:{next}")).collect();
        Ok(Batch { records, place: place.join(" ") })
    }
}
