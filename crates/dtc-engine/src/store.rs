//! The store of one identity during a run: snapshots by key, in the order of their first store.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use dtc_expr::{DateTime, Value};

use crate::output::{Record, RecordKey};

/// No record.
const NONE: u32 = u32::MAX;

#[derive(Debug, Default)]
pub(crate) struct Store {
    records: Vec<Record>,
    /// The latest record of each hash of aggregate and key, and for each record the one of that hash before it.
    latest: FxHashMap<u64, u32>,
    before: Vec<u32>,
}

impl Store {
    pub(crate) fn load(&mut self, records: Vec<Record>) {
        self.clear();
        for record in records {
            self.put(record.aggregate, record.key, record.values);
        }
    }

    /// The place of a record.
    pub(crate) fn find(&self, aggregate: usize, key: &RecordKey) -> Option<usize> {
        self.place(aggregate, key, hash(aggregate, key))
    }

    /// The values at a place.
    pub(crate) fn values(&self, place: usize) -> &[Value] {
        &self.records[place].values
    }

    /// Stores a record; its place.
    pub(crate) fn put(&mut self, aggregate: usize, key: RecordKey, values: Vec<Value>) -> usize {
        let hash = hash(aggregate, &key);
        if let Some(place) = self.place(aggregate, &key, hash) {
            self.records[place].values = values;
            return place;
        }
        let place = self.records.len();
        let before = self.latest.insert(hash, place as u32);
        self.before.push(before.unwrap_or(NONE));
        self.records.push(Record { aggregate, key, values });
        place
    }

    fn place(&self, aggregate: usize, key: &RecordKey, hash: u64) -> Option<usize> {
        let mut place = *self.latest.get(&hash)?;
        while let Some(record) = self.records.get(place as usize) {
            if record.aggregate == aggregate && record.key == *key {
                return Some(place as usize);
            }
            place = self.before[place as usize];
        }
        None
    }

    /// The stored block of an aggregate that started last: its start and place.
    pub(crate) fn latest(&self, aggregate: usize) -> Option<(DateTime, usize)> {
        let own = self.records.iter().enumerate().filter(|(_, record)| record.aggregate == aggregate);
        let started = own.filter_map(|(place, record)| match record.key {
            RecordKey::Time(Some(start)) => Some((start, place)),
            _ => None,
        });
        started.max_by_key(|(start, _)| start.micros)
    }

    /// The records of an aggregate, in the order of the store.
    pub(crate) fn of(&self, aggregate: usize) -> impl Iterator<Item = (&RecordKey, &Vec<Value>)> {
        self.records
            .iter()
            .filter(move |record| record.aggregate == aggregate)
            .map(|record| (&record.key, &record.values))
    }

    /// Copies of everything, in order.
    pub(crate) fn records(&self) -> Vec<Record> {
        self.records.clone()
    }

    /// Leaves the records of some aggregates only.
    pub(crate) fn retain(&mut self, kept: impl Fn(usize) -> bool) {
        if self.records.iter().all(|record| kept(record.aggregate)) {
            return;
        }
        let mut records = std::mem::take(&mut self.records);
        records.retain(|record| kept(record.aggregate));
        self.load(records);
    }

    pub(crate) fn take(&mut self) -> Vec<Record> {
        let mut records = std::mem::take(&mut self.records);
        self.clear();
        records.shrink_to_fit();
        records
    }

    /// Keeps the index's memory for the next identity.
    fn clear(&mut self) {
        self.records.clear();
        self.latest.clear();
        self.before.clear();
    }
}

fn hash(aggregate: usize, key: &RecordKey) -> u64 {
    let mut hasher = FxHasher::default();
    aggregate.hash(&mut hasher);
    key.hash(&mut hasher);
    hasher.finish()
}
