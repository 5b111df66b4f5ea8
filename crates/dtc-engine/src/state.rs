//! Where an identity stands between two batches: its closed records, its open blocks, and what windows
//! may still ask about its past. Going on from it is the same run as if there had been no break.
//!
//! Written as bytes for whoever keeps it. Refuses to know where that is.

use std::sync::Arc;

use dtc_expr::{DateTime, FieldType, Mode, Value};
use dtc_lang::document::{AsOf, MaxPer, Pick};
use serde_json::{Value as Json, json};

use crate::identity::{Status, Worker};
use crate::output::{Record, RecordKey};
use crate::past::Past;
use crate::plan::{AggregatePlan, KindPlan, Plan};
use crate::record::Recorder;
use crate::saved::{exact, field_from_exact};

/// One identity's state.
#[derive(Debug, Clone)]
pub struct State {
    /// Closed records in the order of the store; those of every aggregate, printed or not.
    records: Vec<Record>,
    /// By aggregate: what is open.
    open: Vec<Open>,
    past: Vec<Past>,
    /// Time of the latest event.
    pub(crate) until: i64,
}

#[derive(Debug, Clone)]
struct Open {
    status: Status,
    values: Vec<Value>,
}

impl<'p, R: Recorder> Worker<'p, R> {
    /// Starts an identity where an earlier batch left it.
    pub(crate) fn resume(&mut self, identity: Arc<str>, state: &State) {
        self.start(identity, state.records.clone());
        self.status = state.open.iter().map(|open| Status { spot: None, cell: None, ..open.status.clone() }).collect();
        self.frame.groups = state.open.iter().map(|open| open.values.clone()).collect();
        self.past = state.past.clone();
    }

    /// The state after the last event, before anything is closed.
    pub(crate) fn state(&self, until: i64) -> State {
        let open = self.status.iter().zip(&self.frame.groups);
        State {
            records: self.store.records(),
            open: open.map(|(status, values)| Open { status: status.clone(), values: values.clone() }).collect(),
            past: self.needed_past(),
            until,
        }
    }

    /// What blocks that are known can still ask of the past, and the latest for those to come.
    fn needed_past(&self) -> Vec<Past> {
        let Some(window) = &self.plan.window else { return Vec::new() };
        let slot = match window.as_of {
            AsOf::Start => 1,
            AsOf::End => 2,
            AsOf::Final => return vec![Past::default(); self.past.len()],
        };
        if self.plan.mode == Mode::Blurr {
            return vec![Past::default(); self.past.len()];
        }
        let moment = |values: &Vec<Value>| match &values[slot] {
            Value::DateTime(time) => Some(time.micros),
            _ => None,
        };
        let blocks = self.store.of(window.anchor).map(|(_, values)| values);
        let moments: Vec<i64> = blocks.chain([&self.frame.groups[window.anchor]]).filter_map(moment).collect();
        self.past.iter().map(|past| past.pruned(&moments)).collect()
    }
}

impl Plan {
    /// What a state must have been made with, a line for each aggregate: names, kinds, fields, types.
    /// Expressions may change; the state then goes on by the new ones.
    pub fn state_shape(&self) -> Vec<String> {
        let mode = match self.mode {
            Mode::Blurr => "rules: Blurr's".to_owned(),
            Mode::Studio => "rules: the studio's".to_owned(),
        };
        let aggregates = self.aggregates.iter().map(aggregate_shape);
        let window = self.window.iter().map(|window| {
            let remembered = window.remembered.iter().map(|index| &*self.aggregates[*index].name);
            let remembered = remembered.collect::<Vec<_>>().join(", ");
            let anchor = &self.aggregates[window.anchor].name;
            let as_of = match window.as_of {
                AsOf::Start => "start",
                AsOf::End => "end",
                AsOf::Final => "final",
            };
            format!("window `{}`: anchor {anchor}; identity as of {as_of}: {remembered}", window.name)
        });
        [mode].into_iter().chain(aggregates).chain(window).collect()
    }

    /// Whether the document tells events apart (`EventId`).
    pub fn has_event_ids(&self) -> bool {
        self.event_id.is_some()
    }

    /// Whether `Lateness` leaves out an event of this time, where earlier batches reached `until` (both in
    /// microseconds) in its identity.
    pub fn is_too_late(&self, time: i64, until: i64) -> bool {
        self.lateness.is_some_and(|lateness| time < until.saturating_sub(lateness))
    }

    /// The seed, where `Max` leaves out anchors by chance.
    pub(crate) fn picks_by_chance(&self) -> Option<i64> {
        match self.window.as_ref()?.pick {
            Pick::Random { seed } if self.mode == Mode::Studio => Some(seed),
            _ => None,
        }
    }

    /// The rows that a whole run may give at most.
    pub(crate) fn most_rows(&self) -> Option<usize> {
        let window =
            self.window.as_ref().filter(|window| window.max_per == MaxPer::Run && self.mode == Mode::Studio)?;
        window.max.map(|max| usize::try_from(max).unwrap_or(0))
    }
}

fn aggregate_shape(aggregate: &AggregatePlan) -> String {
    let kind = match &aggregate.kind {
        KindPlan::Keyed { timed, dimensions } => {
            format!("{} of {} dimensions", if *timed { "Block" } else { "Identity" }, dimensions.len())
        }
        KindPlan::Session { .. } => "Session".to_owned(),
        KindPlan::Activity { .. } => "Activity".to_owned(),
        KindPlan::Variable => "Variable".to_owned(),
    };
    let field = |(name, field_type): &(Arc<str>, FieldType)| format!("{name} {}", field_type.name());
    let fields: Vec<String> = aggregate.columns.iter().map(field).collect();
    format!("aggregate `{}`: {kind}; {}", aggregate.name, fields.join(", "))
}

impl State {
    pub fn to_bytes(&self) -> Vec<u8> {
        let values = |values: &[Value]| Json::Array(values.iter().map(exact).collect());
        let record = |record: &Record| json!([record.aggregate, key(&record.key), values(&record.values)]);
        let open = |open: &Open| json!([open.status.key.as_ref().map(key), open.status.entered, values(&open.values)]);
        let past =
            |past: &Past| past.entries().map(|(from, state)| json!([from, values(state)])).collect::<Vec<Json>>();
        let json = json!({
            "until": self.until,
            "records": self.records.iter().map(record).collect::<Vec<Json>>(),
            "open": self.open.iter().map(open).collect::<Vec<Json>>(),
            "past": self.past.iter().map(past).collect::<Vec<Vec<Json>>>(),
        });
        json.to_string().into_bytes()
    }

    /// Reads what `to_bytes` wrote for a plan of the same shape; `None` for anything else.
    pub fn from_bytes(plan: &Plan, bytes: &[u8]) -> Option<State> {
        let json: Json = serde_json::from_slice(bytes).ok()?;
        let reader = StateReader { plan };
        let open = json["open"].as_array()?;
        let past = json["past"].as_array()?;
        let remembered = plan.window.as_ref().map_or(&[][..], |window| &window.remembered);
        if open.len() != plan.aggregates.len() || past.len() != remembered.len() {
            return None;
        }
        Some(State {
            records: json["records"].as_array()?.iter().map(|record| reader.record(record)).collect::<Option<_>>()?,
            open: open.iter().enumerate().map(|(index, open)| reader.open(index, open)).collect::<Option<_>>()?,
            past: past.iter().zip(remembered).map(|(past, index)| reader.past(*index, past)).collect::<Option<_>>()?,
            until: json["until"].as_i64()?,
        })
    }
}

struct StateReader<'p> {
    plan: &'p Plan,
}

impl StateReader<'_> {
    fn record(&self, json: &Json) -> Option<Record> {
        let [aggregate, key, values] = json.as_array()?.as_slice() else { return None };
        let aggregate = usize::try_from(aggregate.as_u64()?).ok()?;
        Some(Record { aggregate, key: key_from(key)?, values: self.values(aggregate, values)? })
    }

    fn open(&self, aggregate: usize, json: &Json) -> Option<Open> {
        let [key, entered, values] = json.as_array()?.as_slice() else { return None };
        let key = if key.is_null() { None } else { Some(key_from(key)?) };
        let status = Status { key, spot: None, cell: None, entered: entered.as_bool()? };
        Some(Open { status, values: self.values(aggregate, values)? })
    }

    fn past(&self, aggregate: usize, json: &Json) -> Option<Past> {
        let mut past = Past::default();
        for entry in json.as_array()? {
            let [from, values] = entry.as_array()?.as_slice() else { return None };
            past.note(from.as_i64()?, &self.values(aggregate, values)?);
        }
        Some(past)
    }

    fn values(&self, aggregate: usize, json: &Json) -> Option<Vec<Value>> {
        let columns = &self.plan.aggregates.get(aggregate)?.columns;
        let values = json.as_array()?;
        if values.len() != columns.len() {
            return None;
        }
        values.iter().zip(columns).map(|(value, (_, field_type))| field_from_exact(*field_type, value)).collect()
    }
}

fn key(key: &RecordKey) -> Json {
    match key {
        RecordKey::Dimensions(texts) => texts.iter().map(|text| Json::from(&**text)).collect(),
        RecordKey::Time(time) => json!({ "time": time.map(DateTime::isoformat) }),
    }
}

fn key_from(json: &Json) -> Option<RecordKey> {
    Some(match json {
        Json::Array(texts) => {
            RecordKey::Dimensions(texts.iter().map(|text| text.as_str().map(Arc::from)).collect::<Option<_>>()?)
        }
        Json::Object(map) => match map.get("time")? {
            Json::Null => RecordKey::Time(None),
            time => RecordKey::Time(Some(DateTime::parse_iso(time.as_str()?)?)),
        },
        _ => return None,
    })
}
