//! The store of one identity during a run: snapshots by key, in the order of their first store.

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use dtc_expr::{DateTime, Value};

use crate::output::{Record, RecordKey};

#[derive(Debug, Default)]
pub(crate) struct Store {
    records: IndexMap<(usize, RecordKey), Vec<Value>, FxBuildHasher>,
}

impl Store {
    pub(crate) fn load(&mut self, records: Vec<Record>) {
        self.records.clear();
        self.records.extend(records.into_iter().map(|record| ((record.aggregate, record.key), record.values)));
    }

    pub(crate) fn get(&self, aggregate: usize, key: &RecordKey) -> Option<&Vec<Value>> {
        self.records.get(&(aggregate, key.clone()))
    }

    pub(crate) fn put(&mut self, aggregate: usize, key: RecordKey, values: Vec<Value>) {
        self.records.insert((aggregate, key), values);
    }

    /// The stored block of an aggregate that started last.
    pub(crate) fn latest(&self, aggregate: usize) -> Option<(DateTime, &Vec<Value>)> {
        self.of(aggregate)
            .filter_map(|(key, values)| match key {
                RecordKey::Time(Some(start)) => Some((*start, values)),
                _ => None,
            })
            .max_by_key(|(start, _)| start.micros)
    }

    /// The records of an aggregate, in the order of the store.
    pub(crate) fn of(&self, aggregate: usize) -> impl Iterator<Item = (&RecordKey, &Vec<Value>)> {
        self.records.iter().filter(move |((owner, _), _)| *owner == aggregate).map(|((_, key), values)| (key, values))
    }

    /// Leaves the records of some aggregates only.
    pub(crate) fn retain(&mut self, kept: impl Fn(usize) -> bool) {
        self.records.retain(|(aggregate, _), _| kept(*aggregate));
    }

    /// Copies of everything, in order.
    pub(crate) fn records(&self) -> Vec<Record> {
        let record = |((aggregate, key), values): (&(usize, RecordKey), &Vec<Value>)| Record {
            aggregate: *aggregate,
            key: key.clone(),
            values: values.clone(),
        };
        self.records.iter().map(record).collect()
    }

    pub(crate) fn take(&mut self) -> Vec<Record> {
        std::mem::take(&mut self.records)
            .into_iter()
            .map(|((aggregate, key), values)| Record { aggregate, key, values })
            .collect()
    }
}
