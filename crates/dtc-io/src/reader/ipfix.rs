//! Flow records of an IPFIX collector (LANGUAGE.md B.13): one object holds `DataSets`, a list of records,
//! each a list of `{"I": element number, "V": value}`. Refuses the network protocol itself.

use std::collections::VecDeque;

use dtc_expr::{Dict, Value};

use super::{BadRecord, RawRecord};
use crate::projection::Projection;

pub(super) const DATA_SETS: &str = "DataSets";
/// Numbers that have names; the others stay as integer keys: `source[999]`.
const ELEMENTS: [(i64, &str); 6] =
    [(4, "protocol"), (12, "dest_ip"), (56, SOURCE_MAC), (150, "timestamp"), (182, "source_port"), (183, "dest_port")];
/// A record without it belongs to nobody.
const SOURCE_MAC: &str = "source_mac";

/// Turns collector objects into flow records.
pub(super) struct Ipfix {
    projection: Projection,
    /// Found by its shape, not asked for.
    pub(super) detected: bool,
    ready: VecDeque<RawRecord>,
    pub(super) without_mac: u64,
}

impl Ipfix {
    pub(super) fn new(projection: Projection, detected: bool) -> Ipfix {
        Ipfix { projection, detected, ready: VecDeque::new(), without_mac: 0 }
    }

    pub(super) fn next(&mut self) -> Option<RawRecord> {
        self.ready.pop_front()
    }

    /// Takes a collector's object apart; `Err` when it holds no flows or one of its elements is broken.
    pub(super) fn take(&mut self, record: &RawRecord) -> Result<(), BadRecord> {
        let flows = flows(&record.value).ok_or_else(|| bad(record.line, "it has no list `DataSets`"))?;
        let read: Option<Vec<Dict>> = flows.iter().map(flow).collect();
        let read = read.ok_or_else(|| bad(record.line, "an element lacks its `I` or `V`"))?;
        for fields in read {
            if fields.get(&Value::from(SOURCE_MAC)).is_none() {
                self.without_mac += 1;
                continue;
            }
            let wanted = |key: &Value| !matches!(key, Value::Str(name) if !self.projection.keeps(name));
            let kept: Dict = fields.into_iter().filter(|(key, _)| wanted(key)).collect();
            self.ready.push_back(RawRecord { line: record.line, value: Value::record(kept) });
        }
        Ok(())
    }
}

/// Whether an object has the collector's shape through and through; nothing else is taken for it.
pub(super) fn is_export(value: &Value) -> bool {
    let element = |element: &Value| match element {
        Value::Dict(_, parts) => {
            parts.len() == 2
                && matches!(parts.get(&Value::from("I")), Some(Value::Int(_)))
                && parts.contains_key(&Value::from("V"))
        }
        _ => false,
    };
    let flow = |flow: &Value| matches!(flow, Value::List(_, items) if !items.is_empty() && items.iter().all(element));
    flows(value).is_some_and(|flows| !flows.is_empty() && flows.iter().all(flow))
}

fn flows(value: &Value) -> Option<&[Value]> {
    let Value::Dict(_, fields) = value else { return None };
    match fields.get(&Value::from(DATA_SETS)) {
        Some(Value::List(_, flows)) => Some(flows),
        _ => None,
    }
}

fn flow(value: &Value) -> Option<Dict> {
    let Value::List(_, elements) = value else { return None };
    let entry = |element: &Value| match element {
        Value::Dict(_, parts) => Some((named(parts.get(&Value::from("I"))?), parts.get(&Value::from("V"))?.clone())),
        _ => None,
    };
    elements.iter().map(entry).collect()
}

fn named(number: &Value) -> Value {
    let name = ELEMENTS.iter().find(|(element, _)| matches!(number, Value::Int(number) if number == element));
    name.map_or_else(|| number.clone(), |(_, name)| Value::from(*name))
}

fn bad(line: u64, reason: &str) -> BadRecord {
    BadRecord { line, reason: format!("no IPFIX flow records: {reason}"), text: String::new() }
}
