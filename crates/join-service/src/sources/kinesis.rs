//! A stream of Kinesis, all of its shards, from the beginning or from where the log says. The place is `SHARD=SEQUENCE`,
//! separated by blanks; a shard that was read to its end is `SHARD=end`.

use std::collections::BTreeMap;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use aws_sdk_kinesis::types::ShardIteratorType;

use super::{Batch, Source};
use crate::aws;
use crate::error::ServiceError;
use crate::outlet::Stream;

const MOST_RECORDS: i32 = 1_000;
/// A shard may be asked five times a second.
const BETWEEN: Duration = Duration::from_millis(210);
/// Between looks whether there are new shards.
const SHARDS: Duration = Duration::from_secs(30);
const END: &str = "end";

pub struct Kinesis {
    connection: aws::Kinesis,
    /// The last record of each shard that was taken.
    taken: BTreeMap<String, String>,
    iterators: BTreeMap<String, String>,
    looked: Option<Instant>,
}

impl Kinesis {
    pub fn new(stream: &Stream) -> Result<Kinesis, ServiceError> {
        let connection = aws::Kinesis::new(stream)?;
        Ok(Kinesis { connection, taken: BTreeMap::new(), iterators: BTreeMap::new(), looked: None })
    }

    fn look_for_shards(&mut self) -> io::Result<()> {
        self.looked = Some(Instant::now());
        let stream = self.connection.name().to_owned();
        let mut more = None;
        loop {
            let asked = more.take();
            let answer = self.connection.ask(|client| {
                let call = client.list_shards();
                // A further page is asked for by its mark alone.
                let call = if asked.is_none() { call.stream_name(&stream) } else { call.set_next_token(asked) };
                call.send()
            })?;
            for shard in answer.shards() {
                self.begin(&stream, shard.shard_id())?;
            }
            more = answer.next_token().map(str::to_owned);
            if more.is_none() {
                return Ok(());
            }
        }
    }

    fn begin(&mut self, stream: &str, shard: &str) -> io::Result<()> {
        let taken = self.taken.get(shard).cloned();
        if self.iterators.contains_key(shard) || taken.as_deref() == Some(END) {
            return Ok(());
        }
        let from =
            if taken.is_some() { ShardIteratorType::AfterSequenceNumber } else { ShardIteratorType::TrimHorizon };
        let answer = self.connection.ask(|client| {
            let call = client.get_shard_iterator().stream_name(stream).shard_id(shard).shard_iterator_type(from);
            call.set_starting_sequence_number(taken).send()
        })?;
        if let Some(iterator) = answer.shard_iterator() {
            self.iterators.insert(shard.to_owned(), iterator.to_owned());
        }
        Ok(())
    }
}

impl Source for Kinesis {
    fn open(&mut self, place: Option<&str>) -> io::Result<()> {
        self.connection.connect();
        let pairs = place.unwrap_or_default().split_whitespace().filter_map(|pair| pair.split_once('='));
        self.taken = pairs.map(|(shard, sequence)| (shard.to_owned(), sequence.to_owned())).collect();
        self.iterators.clear();
        self.look_for_shards()
    }

    fn next(&mut self) -> io::Result<Batch> {
        if self.looked.is_none_or(|looked| looked.elapsed() > SHARDS) {
            self.look_for_shards()?;
        }
        thread::sleep(BETWEEN);
        let mut records = Vec::new();
        for (shard, iterator) in std::mem::take(&mut self.iterators) {
            let answer = self
                .connection
                .ask(|client| client.get_records().shard_iterator(iterator).limit(MOST_RECORDS).send())?;
            if let Some(last) = answer.records().last() {
                self.taken.insert(shard.clone(), last.sequence_number().to_owned());
            }
            records.extend(answer.records().iter().map(|record| record.data().as_ref().to_vec()));
            match answer.next_shard_iterator() {
                Some(next) => {
                    self.iterators.insert(shard, next.to_owned());
                }
                None => {
                    // Its children are read next.
                    self.taken.insert(shard, END.to_owned());
                    self.looked = None;
                }
            }
        }
        let place: Vec<String> = self.taken.iter().map(|(shard, sequence)| format!("{shard}={sequence}")).collect();
        Ok(Batch { records, place: place.join(" ") })
    }
}
