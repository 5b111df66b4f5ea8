//! The store of one identity during a run: snapshots by key, in the order of their first store.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use dtc_expr::{DateTime, Value};

use crate::output::{Record, RecordKey};

/// No record.
const NONE: u32 = u32::MAX;
/// So many hashes are looked through one by one.
const FEW: usize = 32;

#[derive(Debug, Default)]
pub(crate) struct Store {
    records: Vec<Record>,
    /// Of aggregate and key, for the first records: the others get theirs when one is looked for.
    hashes: Vec<u64>,
    /// The latest record of each hash, and for each record the one of that hash before it. Lags behind
    /// `hashes` as long as those are few.
    latest: FxHashMap<u64, u32>,
    before: Vec<u32>,
}

/// Where a record lies, or will.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Spot {
    hash: u64,
    pub(crate) place: Option<u32>,
}

impl Store {
    pub(crate) fn load(&mut self, records: Vec<Record>) {
        self.clear();
        self.records = records;
    }

    /// Where the record of a key is kept.
    pub(crate) fn find(&mut self, aggregate: usize, key: &RecordKey) -> Spot {
        for record in &self.records[self.hashes.len()..] {
            self.hashes.push(hash(record.aggregate, &record.key));
        }
        let hash = hash(aggregate, key);
        let is = |place: usize| self.records[place].aggregate == aggregate && self.records[place].key == *key;
        let place = if self.hashes.len() <= FEW {
            (0..self.hashes.len())
                .rev()
                .find(|place| self.hashes[*place] == hash && is(*place))
                .map(|place| place as u32)
        } else {
            self.find_among_many(hash, key, aggregate)
        };
        Spot { hash, place }
    }

    fn find_among_many(&mut self, hash: u64, key: &RecordKey, aggregate: usize) -> Option<u32> {
        for (place, hash) in self.hashes.iter().enumerate().skip(self.before.len()) {
            self.before.push(self.latest.insert(*hash, place as u32).unwrap_or(NONE));
        }
        let mut place = *self.latest.get(&hash)?;
        while let Some(record) = self.records.get(place as usize) {
            if record.aggregate == aggregate && record.key == *key {
                return Some(place);
            }
            place = self.before[place as usize];
        }
        None
    }

    /// The values at a place.
    pub(crate) fn values(&self, place: usize) -> &[Value] {
        &self.records[place].values
    }

    /// Keeps a record at the spot that was found for its key; nothing else of this key was kept since. Its place.
    pub(crate) fn put_at(&mut self, spot: Spot, aggregate: usize, key: RecordKey, values: Vec<Value>) -> usize {
        match spot.place {
            Some(place) => {
                self.records[place as usize].values = values;
                place as usize
            }
            None => {
                if self.hashes.len() == self.records.len() {
                    self.hashes.push(spot.hash);
                }
                self.records.push(Record { aggregate, key, values });
                self.records.len() - 1
            }
        }
    }

    /// Its place.
    pub(crate) fn put(&mut self, aggregate: usize, key: RecordKey, values: Vec<Value>) -> usize {
        let spot = self.find(aggregate, &key);
        self.put_at(spot, aggregate, key, values)
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

    /// Everything, in memory of its size; what was used here is used again.
    pub(crate) fn take(&mut self) -> Vec<Record> {
        let records = self.records.drain(..).collect();
        self.clear();
        records
    }

    fn clear(&mut self) {
        self.records.clear();
        self.hashes.clear();
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
