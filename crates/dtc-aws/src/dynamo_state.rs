//! A state in a DynamoDB table with the keys `partition_key` and `range_key`. Every batch has a generation,
//! a number that no other batch gets; its items are written beside those of earlier ones, then the head
//! names it, on the condition that the head is still the one the batch began with. Items of a generation
//! that no head ever named (its batch died or was too late) are as if they were not there.
//!
//! | partition_key | range_key | holds |
//! |---|---|---|
//! | `NAME` | `head` | generation, the dead ones, shape, rows |
//! | `NAME` | `inputs/GENERATION/PART` | how far inputs have been read |
//! | `NAME` | `new/GENERATION/PART` | identities that first came in this batch, in order |
//! | `NAME/state/IDENTITY` | `GENERATION/PART` | an identity's state, packed, in parts |
//! | `NAME/seen/EVENT ID` | `seen` | the generations that counted it |
//!
//! `/`, `:` and `%` inside names are escaped.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{Read, Write};
use std::rc::Rc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::{
    AttributeValue, DeleteRequest, KeysAndAttributes, PutRequest, ReturnValue, WriteRequest,
};
use dtc_io::{Head, IoError, Reached, StateChange, StateStore};
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use futures::{StreamExt, TryStreamExt, stream};

use crate::client::Aws;
use crate::failure::failed;
use crate::item::{self, Item, PARTITION_KEY, RANGE_KEY, escape, unescape};
use crate::s3_state::nonce;

/// How the items are laid out.
const LAYOUT: &str = "1";
/// Bytes of one item; DynamoDB takes 400 KB with names and keys.
const PART_BYTES: usize = 380_000;
/// Items of one request, by DynamoDB's limits.
const WRITES: usize = 25;
const READS: usize = 100;
/// Requests that are on their way at the same time.
const AT_ONCE: usize = 16;
/// Small ones, each for an event id.
const UPDATES_AT_ONCE: usize = 48;
/// Times that DynamoDB may ask to come again with a part of a request.
const ATTEMPTS: u32 = 10;
/// Its longest partition key.
const KEY_BYTES: usize = 2048;

pub struct DynamoState {
    aws: Aws,
    client: Client,
    table: String,
    /// Escaped.
    name: String,
    head: RefCell<Option<Rc<Stored>>>,
    /// Older items of the identities that were loaded: range keys, to be removed once they are replaced.
    older: RefCell<HashMap<String, Vec<String>>>,
}

/// The item `head`, and the inputs it names.
#[derive(Debug, Clone, Default)]
struct Stored {
    generation: u64,
    dead: BTreeSet<u64>,
    shape: String,
    rows: u64,
    inputs: BTreeMap<String, Reached>,
}

impl Stored {
    /// Whether the items of a generation hold.
    fn counts(&self, generation: u64) -> bool {
        generation <= self.generation && !self.dead.contains(&generation)
    }
}

impl DynamoState {
    /// `name` tells the states in a table apart.
    pub fn open(aws: &Aws, table: &str, name: &str) -> Result<DynamoState, IoError> {
        let state = DynamoState {
            client: aws.dynamodb(),
            aws: aws.clone(),
            table: table.to_owned(),
            name: escape(name),
            head: RefCell::default(),
            older: RefCell::default(),
        };
        let head = aws.wait(state.head_now())?;
        state.head.replace(head.map(|(head, _)| Rc::new(head)));
        Ok(state)
    }

    fn known(&self) -> Option<Rc<Stored>> {
        self.head.borrow().clone()
    }

    /// The head as it is now, and the batch that wrote it.
    async fn head_now(&self) -> Result<Option<(Stored, String)>, IoError> {
        let get = self.client.get_item().table_name(&self.table).set_key(Some(key(&self.name, "head")));
        let answer = get.consistent_read(true).send().await.map_err(|error| self.failed(&error))?;
        let Some(item) = answer.item.filter(|item| item.contains_key("generation")) else { return Ok(None) };
        let layout = item::text(&item, "layout").unwrap_or_default();
        if layout != LAYOUT {
            return Err(self.damaged(format!("its layout is `{layout}`, this program writes {LAYOUT}")));
        }
        let number = |name: &str| item::number(&item, name).and_then(|number| u64::try_from(number).ok());
        let (Some(generation), Some(rows)) = (number("generation"), number("rows")) else {
            return Err(self.damaged("its head has no generation or no rows".to_owned()));
        };
        let inputs = self.parts(&self.name, &format!("inputs/{generation:016}/")).await?;
        let inputs = serde_json::from_slice(&inputs).map_err(|error| self.damaged(error.to_string()))?;
        let shape = item::text(&item, "shape").unwrap_or_default().to_owned();
        let batch = item::text(&item, "batch").unwrap_or_default().to_owned();
        Ok(Some((Stored { generation, dead: numbers(&item, "dead"), shape, rows, inputs }, batch)))
    }

    /// The bytes of items with this start of their range key, unpacked.
    async fn parts(&self, partition: &str, start: &str) -> Result<Vec<u8>, IoError> {
        let items = self.query(partition, start).await?;
        let mut packed = Vec::new();
        for (_, item) in &items {
            packed.extend_from_slice(bytes(item).unwrap_or_default());
        }
        self.unpacked(&packed, start)
    }

    fn unpacked(&self, packed: &[u8], what: &str) -> Result<Vec<u8>, IoError> {
        let mut unpacked = Vec::new();
        match GzDecoder::new(packed).read_to_end(&mut unpacked) {
            Ok(_) => Ok(unpacked),
            Err(cause) => Err(self.damaged(format!("{what} cannot be read: {cause}"))),
        }
    }

    /// Items by range key.
    async fn query(&self, partition: &str, start: &str) -> Result<Vec<(String, Item)>, IoError> {
        let query = self.client.query().table_name(&self.table).consistent_read(true);
        let query = query.expression_attribute_values(":partition", AttributeValue::S(partition.to_owned()));
        let query = if start.is_empty() {
            query.key_condition_expression("partition_key = :partition")
        } else {
            let query = query.expression_attribute_values(":start", AttributeValue::S(start.to_owned()));
            query.key_condition_expression("partition_key = :partition and begins_with(range_key, :start)")
        };
        let mut pages = query.into_paginator().send();
        let mut items = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| self.failed(&error))?;
            let found = page.items.unwrap_or_default().into_iter();
            items.extend(found.filter_map(|item| Some((item::text(&item, RANGE_KEY)?.to_owned(), item))));
        }
        Ok(items)
    }

    /// An identity's state, of the latest generation that counts.
    async fn state(&self, head: &Stored, identity: &str) -> Result<Option<Vec<u8>>, IoError> {
        let items = self.query(&self.partition("state", identity)?, "").await?;
        let generation = |range_key: &str| range_key.split('/').next().and_then(|number| number.parse::<u64>().ok());
        let latest = items.iter().filter_map(|(key, _)| generation(key)).filter(|number| head.counts(*number)).max();
        // An item of a generation to come may be another run's, which is still at it.
        let older = items.iter().map(|(key, _)| key).filter(|key| generation(key).is_none_or(|g| g <= head.generation));
        self.older.borrow_mut().insert(identity.to_owned(), older.cloned().collect());
        let Some(latest) = latest else { return Ok(None) };
        let mut packed = Vec::new();
        for (_, item) in items.iter().filter(|(key, _)| generation(key) == Some(latest)) {
            packed.extend_from_slice(bytes(item).unwrap_or_default());
        }
        self.unpacked(&packed, &format!("the state of `{identity}`")).map(Some)
    }

    async fn states(&self, identities: &[&str]) -> Result<Vec<(String, Vec<u8>)>, IoError> {
        let Some(head) = self.known() else { return Ok(Vec::new()) };
        let head = &head;
        let states = stream::iter(identities.iter().map(|identity| (*identity).to_owned()))
            .map(|identity| async move {
                let state = self.state(head, &identity).await?;
                Ok::<_, IoError>(state.map(|state| (identity, state)))
            })
            .buffered(AT_ONCE)
            .try_collect::<Vec<_>>()
            .await?;
        Ok(states.into_iter().flatten().collect())
    }

    /// Identities in order of first appearance.
    async fn identities(&self, head: &Stored) -> Result<Vec<String>, IoError> {
        let mut parts: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        for (range_key, item) in self.query(&self.name, "new/").await? {
            let generation = range_key.split('/').nth(1).and_then(|number| number.parse::<u64>().ok());
            if let Some(generation) = generation.filter(|generation| head.counts(*generation)) {
                parts.entry(generation).or_default().extend_from_slice(bytes(&item).unwrap_or_default());
            }
        }
        let mut identities = Vec::new();
        for packed in parts.values() {
            let list = self.unpacked(packed, "the list of identities")?;
            let list: Vec<String> = serde_json::from_slice(&list).map_err(|error| self.damaged(error.to_string()))?;
            identities.extend(list);
        }
        Ok(identities)
    }

    async fn seen_now(&self, ids: &[&str]) -> Result<Vec<bool>, IoError> {
        let Some(head) = self.known() else { return Ok(vec![false; ids.len()]) };
        let mut partitions: Vec<String> = ids.iter().map(|id| self.partition("seen", id)).collect::<Result<_, _>>()?;
        partitions.sort_unstable();
        partitions.dedup();
        let found: Vec<Vec<Item>> = stream::iter(partitions.chunks(READS).map(<[String]>::to_vec))
            .map(|partitions| self.get_all(partitions))
            .buffer_unordered(AT_ONCE)
            .try_collect()
            .await?;
        let counted = found.iter().flatten().filter(|item| numbers(item, "seen").iter().any(|g| head.counts(*g)));
        let counted: BTreeSet<&str> = counted.filter_map(|item| item::text(item, PARTITION_KEY)).collect();
        ids.iter().map(|id| Ok(counted.contains(self.partition("seen", id)?.as_str()))).collect()
    }

    /// At most 100 items `seen`.
    async fn get_all(&self, partitions: Vec<String>) -> Result<Vec<Item>, IoError> {
        let keys = partitions.iter().map(|partition| key(partition, "seen")).collect();
        let mut wanted = KeysAndAttributes::builder().set_keys(Some(keys)).consistent_read(true).build().ok();
        let mut found = Vec::new();
        for attempt in 0..ATTEMPTS {
            let Some(keys) = wanted else { return Ok(found) };
            let get = self.client.batch_get_item().request_items(&self.table, keys);
            let answer = get.send().await.map_err(|error| self.failed(&error))?;
            found.extend(answer.responses.and_then(|mut tables| tables.remove(&self.table)).unwrap_or_default());
            wanted = answer.unprocessed_keys.and_then(|mut tables| tables.remove(&self.table));
            if wanted.is_some() {
                tokio::time::sleep(pause(attempt)).await;
            }
        }
        Err(self.busy())
    }

    async fn write(&self, change: &StateChange<'_>) -> Result<(), IoError> {
        let before = self.known();
        let generation = self.reserve().await?;
        let mut head = before.as_deref().cloned().unwrap_or_default();
        head.dead.extend(head.generation + 1..generation);
        head.generation = generation;
        change.shape.clone_into(&mut head.shape);
        head.rows = change.rows;
        head.inputs.extend(change.inputs.iter().cloned());
        let inputs = serde_json::to_vec(&head.inputs).map_err(|error| self.damaged(error.to_string()))?;
        let mut items = self.items(&self.name, &format!("inputs/{generation:016}/"), &inputs)?;
        items.extend(self.first_of(change, generation).await?);
        for (identity, state) in &change.states {
            items.extend(self.items(&self.partition("state", identity)?, &format!("{generation:016}/"), state)?);
        }
        let puts = items.into_iter().filter_map(|item| {
            let put = PutRequest::builder().set_item(Some(item)).build().ok()?;
            Some(WriteRequest::builder().put_request(put).build())
        });
        self.write_all(puts.collect()).await?;
        self.mark_seen(&change.seen, generation).await?;
        self.put_head(before.as_deref(), &head).await?;
        self.sweep(before.as_deref(), change).await;
        self.head.replace(Some(Rc::new(head)));
        Ok(())
    }

    /// A generation for this batch alone.
    async fn reserve(&self) -> Result<u64, IoError> {
        let update = self.client.update_item().table_name(&self.table).set_key(Some(key(&self.name, "head")));
        let update = update.update_expression("ADD reserved :one").return_values(ReturnValue::UpdatedNew);
        let update = update.expression_attribute_values(":one", AttributeValue::N("1".to_owned()));
        let answer = update.send().await.map_err(|error| self.failed(&error))?;
        let reserved = answer.attributes.as_ref().and_then(|item| item::number(item, "reserved"));
        let reserved = reserved.and_then(|number| u64::try_from(number).ok());
        reserved.ok_or_else(|| self.damaged("its head counts no generations".to_owned()))
    }

    /// The list of identities that no earlier batch met.
    async fn first_of(&self, change: &StateChange<'_>, generation: u64) -> Result<Vec<Item>, IoError> {
        let identities: Vec<&str> = change.states.iter().map(|(identity, _)| *identity).collect();
        let unknown: Vec<&str> =
            identities.iter().filter(|identity| !self.older.borrow().contains_key(**identity)).copied().collect();
        self.states(&unknown).await?;
        let older = self.older.borrow();
        let met = |identity: &str| older.get(identity).is_some_and(|keys| keys.iter().any(|key| self.holds(key)));
        let new: Vec<&str> = identities.into_iter().filter(|identity| !met(identity)).collect();
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let list = serde_json::to_vec(&new).map_err(|error| self.damaged(error.to_string()))?;
        self.items(&self.name, &format!("new/{generation:016}/"), &list)
    }

    /// Whether a state's item is of a generation that counts.
    fn holds(&self, range_key: &str) -> bool {
        let generation = range_key.split('/').next().and_then(|number| number.parse().ok());
        self.known().zip(generation).is_some_and(|(head, generation)| head.counts(generation))
    }

    /// Bytes as items, packed and cut into parts.
    fn items(&self, partition: &str, start: &str, content: &[u8]) -> Result<Vec<Item>, IoError> {
        let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
        let packed = packer.write_all(content).and_then(|()| packer.finish());
        let packed = packed.map_err(|cause| self.damaged(cause.to_string()))?;
        let part = |(number, part): (usize, &[u8])| {
            let mut item = key(partition, &format!("{start}{number:04}"));
            item.insert("bytes".to_owned(), AttributeValue::B(Blob::new(part)));
            item
        };
        Ok(packed.chunks(PART_BYTES).enumerate().map(part).collect())
    }

    async fn write_all(&self, writes: Vec<WriteRequest>) -> Result<(), IoError> {
        let requests: Vec<Vec<WriteRequest>> = writes.chunks(WRITES).map(<[WriteRequest]>::to_vec).collect();
        stream::iter(requests)
            .map(|writes| self.write_some(writes))
            .buffer_unordered(AT_ONCE)
            .try_collect::<Vec<()>>()
            .await
            .map(drop)
    }

    async fn write_some(&self, mut writes: Vec<WriteRequest>) -> Result<(), IoError> {
        for attempt in 0..ATTEMPTS {
            let request = self.client.batch_write_item().request_items(&self.table, writes);
            let answer = request.send().await.map_err(|error| self.failed(&error))?;
            writes = answer.unprocessed_items.and_then(|mut tables| tables.remove(&self.table)).unwrap_or_default();
            if writes.is_empty() {
                return Ok(());
            }
            tokio::time::sleep(pause(attempt)).await;
        }
        Err(self.busy())
    }

    /// Adds this generation to what counted each id. Another run may add its own to the same item.
    async fn mark_seen(&self, ids: &[&str], generation: u64) -> Result<(), IoError> {
        let mut partitions: Vec<String> = ids.iter().map(|id| self.partition("seen", id)).collect::<Result<_, _>>()?;
        partitions.sort_unstable();
        partitions.dedup();
        stream::iter(partitions)
            .map(|partition| async move {
                let update = self.client.update_item().table_name(&self.table).set_key(Some(key(&partition, "seen")));
                let number = AttributeValue::Ns(vec![generation.to_string()]);
                let update = update.update_expression("ADD seen :generation");
                let sent = update.expression_attribute_values(":generation", number).send().await;
                sent.map(drop).map_err(|error| self.failed(&error))
            })
            .buffer_unordered(UPDATES_AT_ONCE)
            .try_collect::<Vec<()>>()
            .await
            .map(drop)
    }

    /// The one step that makes the batch count.
    async fn put_head(&self, before: Option<&Stored>, head: &Stored) -> Result<(), IoError> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let number = |number: u64| AttributeValue::N(number.to_string());
        let batch = nonce();
        let update = self.client.update_item().table_name(&self.table).set_key(Some(key(&self.name, "head")));
        let update = update
            .expression_attribute_names("#batch", "batch")
            .expression_attribute_names("#rows", "rows")
            .expression_attribute_values(":layout", text(LAYOUT))
            .expression_attribute_values(":batch", text(&batch))
            .expression_attribute_values(":generation", number(head.generation))
            .expression_attribute_values(":shape", text(&head.shape))
            .expression_attribute_values(":rows", number(head.rows));
        let set = "SET layout = :layout, #batch = :batch, generation = :generation, shape = :shape, #rows = :rows";
        let update = if head.dead.is_empty() {
            update.update_expression(set)
        } else {
            let dead = AttributeValue::Ns(head.dead.iter().map(u64::to_string).collect());
            update.update_expression(format!("{set}, dead = :dead")).expression_attribute_values(":dead", dead)
        };
        let update = match before {
            None => update.condition_expression("attribute_not_exists(generation)"),
            Some(before) => {
                let update = update.expression_attribute_values(":before", number(before.generation));
                update.condition_expression("generation = :before")
            }
        };
        let Err(error) = update.send().await else { return Ok(()) };
        if error.code() != Some("ConditionalCheckFailedException") {
            return Err(self.failed(&error));
        }
        // A request that was sent again after its answer got lost finds its own head.
        match self.head_now().await?.is_some_and(|(_, now)| now == batch) {
            true => Ok(()),
            false => Err(IoError::StateOvertaken { place: self.place() }),
        }
    }

    /// Removes what the batch replaced. What stays because of a failure costs space only, and the next batch
    /// of the identity removes it.
    async fn sweep(&self, before: Option<&Stored>, change: &StateChange<'_>) {
        let older = self.older.take();
        let mut gone = Vec::new();
        for (identity, _) in &change.states {
            let Ok(partition) = self.partition("state", identity) else { continue };
            gone.extend(older.get(*identity).into_iter().flatten().map(|range_key| key(&partition, range_key)));
        }
        if let Some(before) = before {
            let start = format!("inputs/{:016}/", before.generation);
            let items = self.query(&self.name, &start).await.unwrap_or_default();
            gone.extend(items.iter().map(|(range_key, _)| key(&self.name, range_key)));
        }
        let removals = gone.into_iter().filter_map(|key| {
            let delete = DeleteRequest::builder().set_key(Some(key)).build().ok()?;
            Some(WriteRequest::builder().delete_request(delete).build())
        });
        self.write_all(removals.collect()).await.ok();
    }

    /// `NAME/KIND/KEY`, refused where DynamoDB takes no key that long.
    fn partition(&self, kind: &str, key: &str) -> Result<String, IoError> {
        let partition = format!("{}/{kind}/{}", self.name, escape(key));
        if partition.len() <= KEY_BYTES {
            return Ok(partition);
        }
        let start: String = key.chars().take(40).collect();
        Err(IoError::Remote {
            place: self.place(),
            what: format!("`{start}…` is longer than the {KEY_BYTES} bytes that DynamoDB takes as a key"),
            cure: "make Identity or EventId shorter, or keep the state in a folder or in S3".to_owned(),
        })
    }

    fn failed<E, R>(&self, error: &SdkError<E, R>) -> IoError
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        R: std::fmt::Debug,
    {
        failed(&self.place(), &self.table, error)
    }

    fn busy(&self) -> IoError {
        IoError::Remote {
            place: self.place(),
            what: "the table takes no more requests just now".to_owned(),
            cure: "raise its capacity, or make it PAY_PER_REQUEST, and run the batch again".to_owned(),
        }
    }

    fn damaged(&self, cause: String) -> IoError {
        IoError::StateDamaged { place: self.place(), cause }
    }
}

impl StateStore for DynamoState {
    fn place(&self) -> String {
        format!("dynamodb://{}/{}", self.table, unescape(&self.name))
    }

    fn head(&self) -> Result<Option<Head>, IoError> {
        let head = |head: Rc<Stored>| Head { shape: head.shape.clone(), rows: head.rows, inputs: head.inputs.clone() };
        Ok(self.known().map(head))
    }

    fn load(&self, identities: &[&str]) -> Result<Vec<(String, Vec<u8>)>, IoError> {
        self.aws.wait(self.states(identities))
    }

    fn all(&self) -> Result<Vec<(String, Vec<u8>)>, IoError> {
        let Some(head) = self.known() else { return Ok(Vec::new()) };
        let identities = self.aws.wait(self.identities(&head))?;
        let identities: Vec<&str> = identities.iter().map(String::as_str).collect();
        self.load(&identities)
    }

    fn seen(&self, ids: &[&str]) -> Result<Vec<bool>, IoError> {
        self.aws.wait(self.seen_now(ids))
    }

    fn commit(&self, change: &StateChange<'_>) -> Result<(), IoError> {
        self.aws.wait(self.write(change))
    }
}

fn key(partition: &str, range: &str) -> Item {
    Item::from([
        (PARTITION_KEY.to_owned(), AttributeValue::S(partition.to_owned())),
        (RANGE_KEY.to_owned(), AttributeValue::S(range.to_owned())),
    ])
}

fn bytes(item: &Item) -> Option<&[u8]> {
    match item.get("bytes") {
        Some(AttributeValue::B(blob)) => Some(blob.as_ref()),
        _ => None,
    }
}

fn numbers(item: &Item, name: &str) -> BTreeSet<u64> {
    match item.get(name) {
        Some(AttributeValue::Ns(texts)) => texts.iter().filter_map(|text| text.parse().ok()).collect(),
        _ => BTreeSet::new(),
    }
}

/// Longer after each time that DynamoDB was busy.
fn pause(attempt: u32) -> Duration {
    Duration::from_millis(50 << attempt.min(6))
}
