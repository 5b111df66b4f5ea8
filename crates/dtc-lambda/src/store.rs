//! The tables: an identity's records as an earlier batch left them, and the transaction that writes what
//! a batch changed together with how far it has read.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
use dtc_engine::Record;
use dtc_expr::DateTime;
use dtc_lang::Streaming;

use crate::position::Position;
use crate::settings::Settings;
use dtc_aws::item::{self, Item, PARTITION_KEY, RANGE_KEY, Shape, Stored};

/// Items and bytes of one transaction, beside the position; DynamoDB takes 100 and 4 MB.
const ITEMS: usize = 99;
const BYTES: usize = 3_000_000;

pub struct Store {
    client: Client,
    positions: String,
    /// How long positions are kept.
    keep_seconds: i64,
    /// By table name.
    tables: Vec<Table>,
}

struct Table {
    name: String,
    shapes: Vec<Shape>,
    retention_days: Option<u32>,
}

/// What the tables hold of an identity.
pub struct Loaded {
    pub position: Position,
    /// Table index and record, in the order of the engine's store.
    stored: Vec<(usize, Stored)>,
}

impl Loaded {
    pub fn records(&self) -> Vec<Record> {
        self.stored.iter().map(|(_, stored)| stored.record.clone()).collect()
    }
}

/// What is written together or not at all.
pub struct Commit(Vec<TransactWriteItem>);

/// Why rows could not be written.
#[derive(Debug)]
pub enum Refused {
    /// Somebody else wrote this identity since it was loaded: load again.
    Overtaken,
    /// More than one transaction holds: fewer events must count together.
    TooLarge,
    Failed(String),
}

impl Store {
    pub fn new(client: Client, streaming: &Streaming, settings: &Settings) -> Result<Store, String> {
        let mut tables: Vec<Table> = Vec::new();
        for (index, aggregate) in streaming.aggregates.iter().enumerate() {
            let Some(store) = &aggregate.store else { continue };
            let name = settings
                .tables
                .get(&store.value)
                .ok_or_else(|| format!("DTC_TABLES names no table for the store `{}`", store.value))?;
            let shape = Shape::new(index, aggregate);
            match tables.iter_mut().find(|table| table.name == *name) {
                Some(table) => table.shapes.push(shape),
                None => {
                    let described = streaming.stores.iter().find(|described| described.name.value == store.value);
                    let retention_days = described.and_then(|described| described.retention_days);
                    tables.push(Table { name: name.clone(), shapes: vec![shape], retention_days });
                }
            }
        }
        Ok(Store { client, positions: settings.positions.clone(), keep_seconds: settings.keep_seconds, tables })
    }

    pub async fn load(&self, identity: &str) -> Result<Loaded, String> {
        let key = AttributeValue::S(identity.to_owned());
        let position =
            self.client.get_item().table_name(&self.positions).key(PARTITION_KEY, key.clone()).consistent_read(true);
        let position = position.send().await.map_err(|error| DisplayErrorContext(error).to_string())?;
        let position = position.item.as_ref().map(Position::of_item).unwrap_or_default();
        let mut stored = Vec::new();
        for (index, table) in self.tables.iter().enumerate() {
            let query = self.client.query().table_name(&table.name).consistent_read(true);
            let query =
                query.key_condition_expression("partition_key = :id").expression_attribute_values(":id", key.clone());
            let mut pages = query.into_paginator().send();
            while let Some(page) = pages.next().await {
                let page = page.map_err(|error| DisplayErrorContext(error).to_string())?;
                let items = page.items.unwrap_or_default();
                stored.extend(
                    items
                        .iter()
                        .filter_map(|item| Some((index, table.shapes.iter().find_map(|shape| shape.stored(item))?))),
                );
            }
        }
        stored.sort_by_key(|(_, stored)| stored.place);
        Ok(Loaded { position, stored })
    }

    /// The one transaction that writes what `records` changed against what was loaded. `latest` is the time of the last event,
    /// `counted` marks events as counted: those marks stand in the transaction that also takes the position on.
    pub fn commit(
        &self,
        identity: &str,
        loaded: &Loaded,
        records: &[Record],
        next: &Position,
        latest: DateTime,
        counted: Vec<TransactWriteItem>,
    ) -> Result<Commit, Refused> {
        let writes = self.changes(identity, loaded, records, latest).map_err(Refused::Failed)?;
        let bytes: usize = writes.iter().map(|(_, bytes)| bytes).sum();
        if writes.len() + counted.len() > ITEMS || bytes > BYTES {
            return Err(Refused::TooLarge);
        }
        let position = self.position_write(identity, loaded, next)?;
        Ok(Commit(writes.into_iter().map(|(write, _)| write).chain(counted).chain([position]).collect()))
    }

    /// Writes with their size, only of what differs.
    fn changes(
        &self,
        identity: &str,
        loaded: &Loaded,
        records: &[Record],
        latest: DateTime,
    ) -> Result<Vec<(TransactWriteItem, usize)>, String> {
        let mut before: HashMap<(usize, String), (Item, &Stored)> = HashMap::new();
        for (index, stored) in &loaded.stored {
            if let Some(shape) = self.shape(*index, stored.record.aggregate) {
                let item = shape.item(identity, &stored.record);
                before.insert((*index, shape.range_key(&stored.record.key)), (item, stored));
            }
        }
        let mut writes = Vec::new();
        let mut last_place = -1;
        for record in records {
            let Some((index, shape)) = self.shape_of(record.aggregate) else { continue };
            let mut item = shape.item(identity, record);
            let old = before.remove(&(index, shape.range_key(&record.key)));
            let old_place =
                old.as_ref().map(|(_, stored)| stored.place).filter(|place| *place > last_place && *place != i64::MAX);
            let place = old_place.unwrap_or(last_place + 1);
            last_place = place;
            if old_place.is_some() && old.as_ref().is_some_and(|(before, _)| *before == item) {
                continue;
            }
            let table = &self.tables[index];
            let ends = shape.end_time(record).unwrap_or(latest).micros.max(latest.micros).div_euclid(1_000_000);
            let expires = table.retention_days.map(|days| ends + i64::from(days) * 86_400);
            let expires =
                expires.max(old.and_then(|(_, stored)| stored.expires_at).filter(|_| table.retention_days.is_some()));
            item::complete(&mut item, place, expires);
            let bytes = size(&item);
            let put = Put::builder().table_name(&table.name).set_item(Some(item)).build();
            let put = put.map_err(|error| error.to_string())?;
            writes.push((TransactWriteItem::builder().put(put).build(), bytes));
        }
        let mut gone: Vec<(usize, String)> = before.into_keys().collect();
        gone.sort();
        for (index, range_key) in gone {
            let delete = Delete::builder()
                .table_name(&self.tables[index].name)
                .key(PARTITION_KEY, AttributeValue::S(identity.to_owned()))
                .key(RANGE_KEY, AttributeValue::S(range_key))
                .build()
                .map_err(|error| error.to_string())?;
            writes.push((TransactWriteItem::builder().delete(delete).build(), 100));
        }
        Ok(writes)
    }

    fn shape(&self, table: usize, aggregate: usize) -> Option<&Shape> {
        self.tables.get(table)?.shapes.iter().find(|shape| shape.aggregate == aggregate)
    }

    fn shape_of(&self, aggregate: usize) -> Option<(usize, &Shape)> {
        (0..self.tables.len()).find_map(|table| Some((table, self.shape(table, aggregate)?)))
    }

    /// The write that fails when another one came in between.
    fn position_write(&self, identity: &str, loaded: &Loaded, next: &Position) -> Result<TransactWriteItem, Refused> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_err(|error| Refused::Failed(error.to_string()))?;
        let item = next.item(identity, now.as_secs().cast_signed() + self.keep_seconds);
        let put = Put::builder().table_name(&self.positions).set_item(Some(item));
        let put = match loaded.position.version {
            0 => put.condition_expression("attribute_not_exists(partition_key)"),
            version => put
                .condition_expression("version = :version")
                .expression_attribute_values(":version", AttributeValue::N(version.to_string())),
        };
        let put = put.build().map_err(|error| Refused::Failed(error.to_string()))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }

    /// All of it or nothing.
    pub async fn write(&self, commit: Commit) -> Result<(), Refused> {
        let sent = self.client.transact_write_items().set_transact_items(Some(commit.0)).send().await;
        let Err(error) = sent else { return Ok(()) };
        if let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error() {
            let codes = cancelled.cancellation_reasons().iter().filter_map(|reason| reason.code());
            if codes.into_iter().any(|code| matches!(code, "ConditionalCheckFailed" | "TransactionConflict")) {
                return Err(Refused::Overtaken);
            }
        }
        Err(Refused::Failed(DisplayErrorContext(error).to_string()))
    }
}

/// Roughly the bytes that DynamoDB counts.
fn size(item: &Item) -> usize {
    item.iter().map(|(name, value)| name.len() + value_size(value)).sum()
}

fn value_size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.len() + 1,
        AttributeValue::L(items) => 3 + items.iter().map(value_size).sum::<usize>(),
        AttributeValue::M(map) => 3 + map.iter().map(|(key, value)| key.len() + value_size(value)).sum::<usize>(),
        _ => 1,
    }
}
