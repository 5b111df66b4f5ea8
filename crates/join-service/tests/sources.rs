//! Events that do not come over HTTP: each counts once, whatever kills the service.

use std::io::Write;
use std::path::Path;
use std::time::Duration;

use join_service::replay;
use serde_json::Value;

use crate::{Running, folder, until};

/// Keys of the log's events, in order of arrival.
pub fn keys(data: &Path) -> Vec<String> {
    let mut keys = Vec::new();
    replay::events(data, |line| keys.extend(line.split(',').nth(2).map(str::to_owned))).unwrap();
    keys.remove(0);
    keys
}

#[test]
fn files_are_read_once_through_kills_and_bad_lines_are_counted() {
    let (data, incoming) = (folder(), folder());
    let source = format!("files:{}", incoming.path().display());
    let arguments = ["--window", "50", "--file", "4000", "--source", &source];
    let mut wanted = Vec::new();
    for part in 0..6_u64 {
        let service = Running::start(data.path(), &arguments);
        let name = format!("part-{}.jsonl", part / 2);
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(incoming.path().join(name)).unwrap();
        for number in 0..50 {
            let key = format!("k{part}-{number}");
            writeln!(file, r#"{{"event":"reward","key":"{key}","reward":1}}"#).unwrap();
            if number == 7 {
                writeln!(file, r#"{{"event":"bought","key":"{key}"}}"#).unwrap();
            }
            wanted.push(key);
        }
        // Sometimes before it read them, sometimes after.
        std::thread::sleep(Duration::from_millis(part * 40));
        service.kill();
    }
    let service = Running::start(data.path(), &arguments);
    until("all are there", || service.counters()["rewards"] >= wanted.len() as u64);
    assert_eq!(keys(data.path()), wanted);
    let file = incoming.path().join("part-9.jsonl");
    std::fs::write(
        &file,
        "{\"event\":\"bought\",\"key\":\"k\"}\n{\"event\":\"reward\",\"key\":\"last\",\"reward\":1}\n",
    )
    .unwrap();
    until("the last is there", || service.counters()["rewards"] > wanted.len() as u64);
    let state: Value = serde_json::from_str(&service.ask("GET", "/state", "").1).unwrap();
    let source = &state["sources"][0];
    assert_eq!(source["last_refused"]["reason"], "event: it is decision, reward, override or activation", "{source}");
    let metrics = service.ask("GET", "/metrics", "").1;
    assert!(metrics.contains("join_source_up{source=\"files\",kind=\"files\"} 1"), "{metrics}");
}
