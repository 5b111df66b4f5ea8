//! The service's log, read again, gives the service's records, byte for byte, whatever came in and whatever killed it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bandit::{Aggregation, Rule};
use join_service::{Random, replay};

use crate::{Running, ask, folder, until};

/// Decisions, rewards, overrides and activations of a few keys at a time, in any order.
fn traffic(address: &str, seed: u64, stop: &AtomicBool) {
    let mut random = Random::of_seed(seed);
    let mut sent = 0;
    while !stop.load(Ordering::Relaxed) {
        sent += 1;
        let events = 1 + random.below(4);
        let (mut path, mut body) = ("", String::new());
        for event in 0..events {
            let key = format!("kéy \"{}\"", sent / 3 + random.below(20));
            let key = serde_json::Value::from(key);
            let kind = if event == 0 { random.below(8) } else { u64::MAX };
            path = match kind {
                0..=2 => "/log_decision",
                3..=5 => "/log_reward",
                6 => "/override_decision",
                7 => "/activate_decision",
                _ => path,
            };
            body += &match path {
                "/log_decision" => format!(
                    r#"{{"key":{key},"action":{},"probability":0.5,"context":{{"n":{event}}}}}"#,
                    random.below(3)
                ),
                "/log_reward" => format!(r#"{{"key":{key},"reward":{}}}"#, random.below(1_000) as f64 / 7.0 - 50.0),
                _ => format!(r#"{{"key":{key}}}"#),
            };
            body.push('\n');
        }
        if ask(address, "POST", path, &body).is_err() {
            return;
        }
    }
}

fn written(data: &Path) -> String {
    let mut files: Vec<_> = std::fs::read_dir(data.join("records")).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    files.sort();
    files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

fn replayed(data: &Path, rule: Rule) -> String {
    let mut text = Vec::new();
    replay::records(data, rule, None, |line| text.extend(line)).unwrap();
    String::from_utf8(text).unwrap()
}

#[test]
fn the_log_gives_the_services_records_again() {
    for (number, (name, aggregation)) in (1..).zip(Aggregation::ALL) {
        let data = folder();
        let window = 20 * number;
        let rule =
            Rule { window_ms: window, aggregation, default_reward: -1.5, remember_ms: 600_000, ..Rule::default() };
        let (window, file) = (window.to_string(), (5_000 * number).to_string());
        let arguments = ["--window", &window, "--aggregation", name, "--default", "-1.5", "--file", &file];
        for round in 0..2 {
            let service = Running::start(data.path(), &arguments);
            let stop = Arc::new(AtomicBool::new(false));
            let clients: Vec<_> = (0..3)
                .map(|client| {
                    let (address, stop) = (service.address.clone(), stop.clone());
                    let seed = (number as u64) * 100 + round * 10 + client;
                    std::thread::spawn(move || traffic(&address, seed + 1, &stop))
                })
                .collect();
            std::thread::sleep(Duration::from_millis(250));
            if round == 0 {
                service.kill();
                stop.store(true, Ordering::Relaxed);
                clients.into_iter().for_each(|client| client.join().unwrap());
                continue;
            }
            stop.store(true, Ordering::Relaxed);
            clients.into_iter().for_each(|client| client.join().unwrap());
            until("nothing waits any more", || service.counters()["open"] == 0);
            let again = replay::records(data.path(), rule, Some(i64::MAX), |_| {}).unwrap();
            until("the counters agree", || {
                let counters = service.counters();
                again.named().iter().all(|(name, count)| counters[*name] == *count)
            });
            assert!(again.records > 10, "the traffic was none: {again:?}");
        }
        let (written, replayed) = (written(data.path()), replayed(data.path(), rule));
        assert_eq!(written, replayed, "{name}");
    }
}

#[test]
fn the_log_reads_as_a_table_of_events() {
    let data = folder();
    let service = Running::start(data.path(), &["--window", "50"]);
    service.post("/log_decision", r#"{"key":"a, \"b\"","action":"x","probability":0.25}"#);
    service.post("/log_reward", r#"{"key":"k","reward":-1.5}"#);
    service.post("/override_decision", r#"{"key":"k"}"#);
    let mut table = String::new();
    replay::events(data.path(), |line| table += line).unwrap();
    let rows: Vec<&str> = table.lines().collect();
    assert_eq!(rows[0], "seq,kind,key,ts_ms,reward,action,probability");
    assert!(rows[1].starts_with("0,decision,\"a, \"\"b\"\"\",") && rows[1].ends_with(",,x,0.25"), "{}", rows[1]);
    assert!(rows[2].starts_with("1,reward,k,") && rows[2].ends_with(",-1.5,,"), "{}", rows[2]);
    assert!(rows[3].starts_with("2,override,k,"), "{}", rows[3]);
}
