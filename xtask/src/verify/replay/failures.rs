//! What becomes of batches that are given up: Lambda's note about them in the mapping's destination, and the records, which
//! still lie in the stream, brought again by what the note says.

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::poller::{Answer, Call, GivenUp, Record, Shard};
use super::server::Server;
use super::stack::Mapping;

/// Sends the note of each batch to the mapping's destination, as Lambda does.
pub fn note(server: &Server, mapping: &Mapping, given_up: &[GivenUp]) -> Result<()> {
    if given_up.is_empty() {
        bail!("no batch was given up, though one event can never be brought");
    }
    let queue = queue(server, mapping)?;
    for batch in given_up {
        let note = json!({
            "requestContext": {"functionArn": mapping.function, "condition": batch.reason, "approximateInvokeCount": 3},
            "version": "1.0",
            "KinesisBatchInfo": {
                "shardId": batch.shard,
                "startSequenceNumber": batch.first,
                "endSequenceNumber": batch.last,
                "batchSize": batch.size,
                "streamArn": mapping.source,
            },
        });
        server.call("sqs", "AmazonSQS.SendMessage", &json!({"QueueUrl": queue, "MessageBody": note.to_string()}))?;
    }
    Ok(())
}

/// Reads every note and brings the records that it names; an error where the function does not take them.
pub fn bring_again(server: &Server, mapping: &Mapping, shards: &[Shard], caller: &mut impl Call) -> Result<()> {
    let queue = queue(server, mapping)?;
    let mut brought = 0;
    loop {
        let asked = json!({"QueueUrl": queue, "MaxNumberOfMessages": 10});
        let answer = server.call("sqs", "AmazonSQS.ReceiveMessage", &asked)?;
        let messages = answer["Messages"].as_array().map_or(&[][..], Vec::as_slice);
        if messages.is_empty() {
            break;
        }
        for message in messages {
            let note: Value = serde_json::from_str(message["Body"].as_str().unwrap_or_default())?;
            let (shard, batch) = named(&note["KinesisBatchInfo"], shards)?;
            match caller.call(shard, &batch)? {
                Answer::Said(said) if said["batchItemFailures"].as_array().is_none_or(Vec::is_empty) => {}
                _ => bail!("the function does not take what was given up: {note}"),
            }
            brought += batch.len();
            let done = json!({"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]});
            server.call("sqs", "AmazonSQS.DeleteMessage", &done)?;
        }
    }
    if brought == 0 {
        bail!("the destination {queue} holds no note of what was given up");
    }
    Ok(())
}

/// The records that a note names.
fn named<'a>(info: &Value, shards: &'a [Shard]) -> Result<(&'a str, Vec<&'a Record>)> {
    let shard = shards.iter().find(|shard| info["shardId"] == shard.id.as_str());
    let shard = shard.with_context(|| format!("a note names the shard {}", info["shardId"]))?;
    let place = |name: &str| {
        let found = shard.records.iter().position(|record| info[name] == record.sequence.as_str());
        found.with_context(|| format!("a note names the record {}", info[name]))
    };
    let (first, last) = (place("startSequenceNumber")?, place("endSequenceNumber")?);
    let records = shard.records.get(first..=last).context("a note begins behind its end")?;
    Ok((&shard.id, records.iter().collect()))
}

/// The address of the destination.
fn queue(server: &Server, mapping: &Mapping) -> Result<String> {
    let arn = mapping.failures.as_deref().with_context(|| format!("the mapping {} has no destination", mapping.id))?;
    let parts: Vec<&str> = arn.split(':').collect();
    match parts.as_slice() {
        ["arn", _, "sqs", _, account, name] => Ok(format!("{}/{account}/{name}", server.endpoint())),
        _ => bail!("the destination {arn} of {} is no queue", mapping.id),
    }
}
