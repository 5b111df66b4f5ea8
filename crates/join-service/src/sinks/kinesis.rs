//! A stream of Kinesis. At least once: after an error or a crash records may come again, with the same ids. What the stream
//! was too busy for goes again before anything later does.

use std::io;
use std::thread;
use std::time::Duration;

use aws_sdk_kinesis::primitives::Blob;
use aws_sdk_kinesis::types::PutRecordsRequestEntry;

use super::Sink;
use crate::aws;
use crate::error::ServiceError;
use crate::outlet::Stream;
use crate::record::Head;

/// Of one call, as Kinesis allows.
const MOST_RECORDS: usize = 500;
const MOST_BYTES: usize = 4 << 20;
/// Letters of a partition key.
const LONGEST_KEY: usize = 256;
/// Times that a busy stream is asked in a row.
const TRIES: u32 = 8;

pub struct Kinesis {
    connection: aws::Kinesis,
}

impl Kinesis {
    pub fn new(stream: &Stream) -> Result<Kinesis, ServiceError> {
        Ok(Kinesis { connection: aws::Kinesis::new(stream)? })
    }

    /// Entries in order, until all are taken.
    fn put(&self, mut entries: Vec<PutRecordsRequestEntry>) -> io::Result<()> {
        for tried in 0..TRIES {
            if tried > 0 {
                thread::sleep(Duration::from_millis(50) * 2_u32.pow(tried));
            }
            let sent = entries.clone();
            let answer = self.connection.ask(|client| {
                client.put_records().stream_name(self.connection.name()).set_records(Some(sent)).send()
            })?;
            let mut results = answer.records().iter();
            // Those that were not taken stay, in their order.
            entries.retain(|_| results.next().is_none_or(|result| result.error_code().is_some()));
            if entries.is_empty() {
                return Ok(());
            }
        }
        Err(io::Error::other(format!("the stream was too busy for {} records", entries.len())))
    }
}

impl Sink for Kinesis {
    fn open(&mut self) -> io::Result<()> {
        self.connection.connect();
        Ok(())
    }

    fn take(&mut self, lines: &[u8]) -> io::Result<()> {
        let (mut entries, mut bytes) = (Vec::new(), 0);
        for line in lines.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            let head = Head::of_line(line).ok_or_else(|| io::Error::other("a line is no record"))?;
            if entries.len() == MOST_RECORDS || bytes + line.len() > MOST_BYTES {
                self.put(std::mem::take(&mut entries))?;
                bytes = 0;
            }
            bytes += line.len() + head.key.len();
            let entry = PutRecordsRequestEntry::builder().partition_key(partition_key(&head.key)).data(Blob::new(line));
            entries.push(entry.build().map_err(io::Error::other)?);
        }
        if entries.is_empty() { Ok(()) } else { self.put(entries) }
    }
}

/// The key, or where it is too long its beginning and a checksum of it all.
fn partition_key(key: &str) -> String {
    if key.chars().count() <= LONGEST_KEY {
        return key.to_owned();
    }
    let start: String = key.chars().take(LONGEST_KEY - 8).collect();
    format!("{start}{:08x}", crc32fast::hash(key.as_bytes()))
}
