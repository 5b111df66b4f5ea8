//! The ledger on disk: sums and the place they reach in one file, so that each record counts once, whatever kills.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use bandit::evaluate::{Calibration, Statistics};
use serde_json::{Value, json};

use super::ledger::{ESTIMATORS, Ledger, PolicyNotes};
use crate::record::Place;
use crate::tail::{self, Cursor};

/// Of this layout; another is not read.
const FORMAT: u64 = 1;

/// Puts the file in its place whole or not at all. `fingerprint` says whose sums they are.
pub fn write(path: &Path, ledger: &Ledger, fingerprint: &str) -> io::Result<()> {
    let bins: Vec<Value> = ledger
        .bins
        .iter()
        .map(|(at, bin)| json!({"at": at, "sums": bin.iter().map(Statistics::words).collect::<Vec<_>>()}))
        .collect();
    let policies: Vec<Value> = ledger
        .policies
        .iter()
        .map(|notes| {
            let worst = notes.worst_sum.as_ref().map(|(sum, key)| json!({"sum": sum.to_bits(), "key": key}));
            json!({"failures": notes.failures, "last_failure": notes.last_failure, "worst_sum": worst})
        })
        .collect();
    let last = ledger.last.map(|last| json!([last.emitted_ms, last.arrival, last.part]));
    let kept = json!({
        "format": FORMAT, "fingerprint": fingerprint, "width_ms": ledger.width_ms, "bins": bins,
        "policies": policies, "actions": ledger.actions, "taken": ledger.taken.words(), "records": ledger.records,
        "without_probability": ledger.without_probability, "last": last, "cursor": tail::to_text(&ledger.cursor),
    });
    tail::write_whole(path, &kept.to_string())
}

/// `None` where there is none of these policies; what cannot be read is begun anew from the records.
pub fn read(path: &Path, policies: usize, fingerprint: &str) -> Option<Ledger> {
    let kept: Value = serde_json::from_str(&fs::read_to_string(path).ok()?).ok()?;
    if kept["format"] != FORMAT || kept["fingerprint"] != fingerprint {
        return None;
    }
    let notes: Option<Vec<PolicyNotes>> = kept["policies"].as_array()?.iter().map(notes).collect();
    let notes = notes.filter(|notes| notes.len() == policies)?;
    let mut bins = BTreeMap::new();
    for bin in kept["bins"].as_array()? {
        let sums = bin["sums"].as_array()?.iter();
        let sums: Option<Vec<Statistics>> =
            sums.map(|sums| Statistics::of_words(&words(sums)?, ESTIMATORS.len())).collect();
        bins.insert(bin["at"].as_i64()?, sums.filter(|sums| sums.len() == policies)?);
    }
    Some(Ledger {
        width_ms: kept["width_ms"].as_i64().filter(|width| *width > 0)?,
        bins,
        policies: notes,
        actions: kept["actions"].as_array()?.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        taken: Calibration::of_words(&words(&kept["taken"])?)?,
        records: kept["records"].as_u64()?,
        without_probability: kept["without_probability"].as_u64()?,
        last: place(&kept["last"]),
        cursor: cursor(&kept["cursor"]),
    })
}

fn notes(kept: &Value) -> Option<PolicyNotes> {
    let worst = &kept["worst_sum"];
    let worst_sum = worst["sum"].as_u64().map(f64::from_bits).zip(worst["key"].as_str().map(str::to_owned));
    let last_failure = kept["last_failure"].as_str()?.to_owned();
    Some(PolicyNotes { failures: kept["failures"].as_u64()?, last_failure, worst_sum })
}

fn words(kept: &Value) -> Option<Vec<u64>> {
    kept.as_array()?.iter().map(Value::as_u64).collect()
}

fn place(kept: &Value) -> Option<Place> {
    Some(Place {
        emitted_ms: kept[0].as_i64()?,
        arrival: kept[1].as_u64()?,
        part: kept[2].as_u64().and_then(|part| part.try_into().ok())?,
    })
}

fn cursor(kept: &Value) -> Cursor {
    tail::of_text(kept.as_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::super::Said;
    use super::super::ledger::{Weighed, estimators};
    use super::*;

    #[test]
    fn a_ledger_comes_back_and_another_policys_does_not() {
        let mut ledger = Ledger::new(2, vec!["ä \"b\"".to_owned()]);
        for at in 0..500 {
            let record =
                Weighed { decided_ms: at * 300, reward: 0.1 * at as f64, key: "k", action: 0, probability: Some(0.3) };
            let said = vec![Ok(Said::OfAll { of_logged: 0.5, sum: 0.9 }), Err("it fails".to_owned())];
            ledger.add(&record, said, &estimators());
        }
        ledger.last = Some(Place { emitted_ms: -4, arrival: u64::MAX, part: 3 });
        ledger.cursor = Cursor { name: "records-00000001.jsonl".to_owned(), at: 77 };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("policies.json");
        assert_eq!(read(&path, 2, "x"), None);
        write(&path, &ledger, "x").unwrap();
        assert_eq!(read(&path, 2, "x"), Some(ledger));
        assert_eq!((read(&path, 2, "y"), read(&path, 3, "x")), (None, None));
        fs::write(&path, "{\"format\":1").unwrap();
        assert_eq!(read(&path, 2, "x"), None);
    }
}
