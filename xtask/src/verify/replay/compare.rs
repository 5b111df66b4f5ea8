//! What lies in the stack's tables and buckets against what the proof expects, row by row.

use std::collections::{BTreeMap, VecDeque};

use anyhow::{Context, Result};
use runtime_api::dynamodb::plain;
use serde_json::{Map, Value, json};

use super::http;
use super::proof::{Expected, Proof};
use super::server::Server;
use super::stack::Stack;
use crate::verify::finding::Finding;

/// What a table has beside the fields; the proof may leave it out, as the identity that every aggregate repeats.
const OWN: [&str; 4] = ["expires_at", "_exact", "_place", "_identity"];
/// Told of each table or bucket; the rest is counted.
const TOLD: usize = 3;

pub struct Compared {
    pub rows: usize,
    pub findings: Vec<Finding>,
}

pub fn rows(server: &Server, stack: &Stack, proof: &Proof) -> Result<Compared> {
    let mut compared = Compared { rows: 0, findings: Vec::new() };
    for expected in &proof.tables {
        let found = table(server, stack.output(&expected.output)?)?;
        compared.take(expected, differences(&expected.rows, &found, TABLE_KEY));
    }
    for expected in &proof.buckets {
        let found = bucket(server, stack.output(&expected.output)?)?;
        compared.take(expected, differences(&expected.rows, &found, BUCKET_KEY));
    }
    Ok(compared)
}

impl Compared {
    fn take(&mut self, expected: &Expected, differences: Vec<String>) {
        self.rows += expected.rows.len();
        let more = differences.len().saturating_sub(TOLD);
        let told = differences.into_iter().take(TOLD);
        let told = told.map(|what| Finding::new(expected.file.clone(), what).place(expected.output.clone()));
        self.findings.extend(told);
        if more > 0 {
            let finding = Finding::new(expected.file.clone(), format!("and {more} more rows differ"));
            self.findings.push(finding.place(expected.output.clone()));
        }
    }
}

pub type Row = Map<String, Value>;

pub fn table(server: &Server, name: &str) -> Result<Vec<Row>> {
    let (mut rows, mut start) = (Vec::new(), Value::Null);
    loop {
        let mut wanted = json!({"TableName": name, "ConsistentRead": true});
        if !start.is_null() {
            wanted["ExclusiveStartKey"] = start;
        }
        let answer = server.call("dynamodb", "DynamoDB_20120810.Scan", &wanted)?;
        let items = answer["Items"].as_array().with_context(|| format!("the table {name} gave no items"))?;
        let row = |item: &Value| {
            let attributes = item.as_object().into_iter().flatten();
            attributes.map(|(name, attribute)| (name.clone(), plain(attribute))).collect::<Row>()
        };
        rows.extend(items.iter().map(row));
        start = answer["LastEvaluatedKey"].clone();
        if start.is_null() {
            return Ok(rows);
        }
    }
}

/// What tells the rows of a table or of a bucket apart.
pub const TABLE_KEY: [&str; 2] = ["partition_key", "range_key"];
const BUCKET_KEY: [&str; 2] = ["identity", "anchor"];

pub fn differences(expected: &[Row], found: &[Row], key: [&str; 2]) -> Vec<String> {
    let named = |row: &Row| {
        let part = |name: &str| {
            row.get(name)
                .map_or_else(String::new, |value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        };
        format!("{}, {}", part(key[0]), part(key[1]))
    };
    let mut left: BTreeMap<String, VecDeque<&Row>> = BTreeMap::new();
    for row in found {
        left.entry(named(row)).or_default().push_back(row);
    }
    let mut differences = Vec::new();
    for row in expected {
        let name = named(row);
        match left.get_mut(&name).and_then(VecDeque::pop_front) {
            None => differences.push(format!("{name}: the row is missing")),
            Some(other) => differences.extend(difference(row, other).map(|what| format!("{name}: {what}"))),
        }
    }
    let more = left.into_iter().flat_map(|(name, rows)| rows.into_iter().map(move |_| name.clone()));
    differences.extend(more.map(|name| format!("{name}: the proof has no such row")));
    differences
}

/// The first field that differs.
fn difference(row: &Row, other: &Row) -> Option<String> {
    let mut names = row.keys().chain(other.keys().filter(|name| !row.contains_key(*name)));
    let name = names.find(|name| {
        let field = name.rsplit('.').next().unwrap_or_default();
        let own = !row.contains_key(*name) && OWN.contains(&field);
        !own && !same(row.get(*name), other.get(*name))
    })?;
    let shown = |value: Option<&Value>| {
        let text = value.map_or_else(|| "nothing".to_owned(), Value::to_string);
        if text.chars().count() > 80 { text.chars().take(80).collect::<String>() + "…" } else { text }
    };
    Some(format!("`{name}` is {}, the proof has {}", shown(other.get(name)), shown(row.get(name))))
}

/// Every row of every object, as JSON Lines.
fn bucket(server: &Server, name: &str) -> Result<Vec<Row>> {
    let (mut rows, mut more) = (Vec::new(), String::new());
    loop {
        let path = format!("/{name}?list-type=2{more}");
        let listed = String::from_utf8_lossy(&server.get("s3", &path)?).into_owned();
        for key in http::elements(&listed, "Key") {
            let parts: Vec<String> = http::unescape(key).split('/').map(http::percent).collect();
            let object = server.get("s3", &format!("/{name}/{}", parts.join("/")))?;
            for line in String::from_utf8_lossy(&object).lines() {
                rows.push(serde_json::from_str(line).with_context(|| format!("{key} holds no row: {line}"))?);
            }
        }
        match http::elements(&listed, "NextContinuationToken").first() {
            None => return Ok(rows),
            Some(token) => more = format!("&continuation-token={}", http::percent(&http::unescape(token))),
        }
    }
}

fn equal(one: &Row, other: &Row) -> bool {
    one.len() == other.len() && one.iter().all(|(key, value)| same(Some(value), other.get(key)))
}

/// Equal values; numbers by what they are worth.
fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    match (one, other) {
        (Some(Value::Number(one)), Some(Value::Number(other))) => one.as_f64() == other.as_f64(),
        (Some(Value::Array(one)), Some(Value::Array(other))) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(Some(one), Some(other)))
        }
        (Some(Value::Object(one)), Some(Value::Object(other))) => equal(one, other),
        _ => one == other,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{BUCKET_KEY, Row, TABLE_KEY, differences};

    fn rows(value: Value) -> Vec<Row> {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn rows_of_a_table_by_their_keys() {
        let proof = rows(json!([
            {"partition_key": "a", "range_key": "x", "n": 1}, {"partition_key": "b", "range_key": "x", "n": 2},
            {"partition_key": "c", "range_key": "x", "n": 3}
        ]));
        let found = rows(json!([
            {"partition_key": "b", "range_key": "x", "n": 5, "_place": 0}, {"partition_key": "a", "range_key": "x", "n": 1.0},
            {"partition_key": "d", "range_key": "x", "n": 4}
        ]));
        let told = ["b, x: `n` is 5, the proof has 2", "c, x: the row is missing", "d, x: the proof has no such row"];
        assert_eq!(differences(&proof, &found, TABLE_KEY), told);
        let more = rows(json!([{"partition_key": "a", "range_key": "x", "n": 1, "m": 2}]));
        assert_eq!(differences(&proof[..1], &more, TABLE_KEY), ["a, x: `m` is 2, the proof has nothing"]);
    }

    #[test]
    fn rows_as_often_as_they_are() {
        let (one, two) = (
            rows(json!([{"identity": "a", "anchor": null}])),
            rows(json!([{"identity": "a", "anchor": null}, {"identity": "a", "anchor": null}])),
        );
        assert!(differences(&two, &two, BUCKET_KEY).is_empty());
        assert_eq!(differences(&one, &two, BUCKET_KEY), ["a, null: the proof has no such row"]);
        assert_eq!(differences(&two, &one, BUCKET_KEY), ["a, null: the row is missing"]);
    }
}
