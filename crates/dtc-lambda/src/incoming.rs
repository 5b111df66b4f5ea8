//! What Lambda hands over, whatever service it comes from, as records with what names them; and the answer that the service
//! understands. Refuses to look into a record.

mod http;
mod kinesis;
mod s3;
mod sqs;

use std::sync::Arc;

use serde_json::Value;

use crate::objects::Objects;
pub use kinesis::Sequence;

/// One call's records.
pub struct Batch {
    source: Source,
    pub records: Vec<Incoming>,
}

/// Which service waits for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Kinesis,
    Sqs,
    S3,
    Http,
}

/// A record, which may hold several events.
#[derive(Debug)]
pub struct Incoming {
    /// What the service calls it; names it in answers and logs.
    pub name: String,
    pub order: Order,
    /// Its bytes, or why there are none.
    pub data: Result<Vec<u8>, String>,
}

/// Where a record stands among those before it, so that one that comes again is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// A place in a shard.
    Of(Arc<str>, Sequence),
    /// The events in it are numbered by their lines: an object, by its address and version.
    Lines(Arc<str>),
    /// Nothing tells whether it came before.
    Unknown,
}

impl Batch {
    /// Reads a call's event; objects that it names are fetched.
    pub async fn read(event: Value, objects: &Objects) -> Result<Batch, String> {
        if event.get("requestContext").is_some_and(|context| context.get("http").is_some()) {
            return Ok(Batch { source: Source::Http, records: vec![http::record(&event)] });
        }
        if event["detail-type"] == "Object Created" {
            return Ok(Batch { source: Source::S3, records: s3::records(&event, objects).await });
        }
        let source = event["Records"].get(0).and_then(|record| record["eventSource"].as_str()).unwrap_or_default();
        match source {
            "aws:kinesis" => Ok(Batch { source: Source::Kinesis, records: kinesis::records(event)? }),
            "aws:sqs" => Ok(Batch { source: Source::Sqs, records: sqs::records(&event, objects).await }),
            "aws:s3" => Ok(Batch { source: Source::S3, records: s3::records(&event, objects).await }),
            "" => Err("the event is of no service that this function knows: Kinesis, SQS, S3 or HTTP".to_owned()),
            other => Err(format!("the event is of {other}; this function takes Kinesis, SQS, S3 and HTTP")),
        }
    }

    /// The answer, where the records at these places failed. `Err`: the whole call comes again.
    pub fn answer(&self, failed: &[usize], refused: usize) -> Result<Value, String> {
        let records = failed.iter().filter_map(|index| self.records.get(*index));
        match self.source {
            Source::Kinesis => Ok(kinesis::answer(records)),
            Source::Sqs => Ok(sqs::answer(records)),
            Source::S3 if failed.is_empty() => Ok(Value::Null),
            Source::S3 => Err(format!("{} objects could not be taken", failed.len())),
            Source::Http => Ok(http::answer(!failed.is_empty(), refused)),
        }
    }
}
