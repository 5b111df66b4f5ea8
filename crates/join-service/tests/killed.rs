//! `kill -9` under load, a hundred times: what was answered is there, and nothing leaves twice. `JOIN_KILLS` asks for more.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use join_service::Random;
use serde_json::Value;

use crate::{Running, ask, folder, lines, records, until};

/// What was answered: decisions, and each one's last reward.
#[derive(Default)]
struct Answered {
    decisions: HashSet<String>,
    rewards: HashMap<String, f64>,
}

/// Services side by side, each over a folder of its own, and clients of each.
const SERVICES: u64 = 4;
const CLIENTS: u64 = 2;
/// Of all services together.
const KILLS: u64 = 100;

#[test]
fn what_was_answered_leaves_once_whatever_kills() {
    let kills: u64 = std::env::var("JOIN_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(KILLS);
    std::thread::scope(|scope| {
        for service in 0..SERVICES {
            scope.spawn(move || kill_again_and_again(service, kills.div_ceil(SERVICES)));
        }
    });
}

fn kill_again_and_again(seed: u64, kills: u64) {
    let (data, out) = (folder(), folder());
    let sink = format!("files:{}", out.path().display());
    // Windows that close while it runs and while it is down; files that end often; a sink that tells what it has.
    let arguments = ["--window", "200", "--file", "20000", "--remember", "700", "--sink", &sink];
    let answered = Arc::new(Mutex::new(Answered::default()));
    let next = Arc::new(AtomicU64::new(0));
    let mut random = Random::of_seed(seed);
    for kill in 0..kills {
        if kill % 5 == 4 {
            // While it recovers, or just after.
            kill_early(data.path(), &arguments, Duration::from_millis(random.below(40)));
            continue;
        }
        let service = Running::start(data.path(), &arguments);
        let stop = Arc::new(AtomicBool::new(false));
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let (address, answered, next, stop) =
                    (service.address.clone(), answered.clone(), next.clone(), stop.clone());
                std::thread::spawn(move || load(&address, &answered, &next, &stop))
            })
            .collect();
        std::thread::sleep(Duration::from_millis(random.below(400)));
        service.kill();
        stop.store(true, Ordering::Relaxed);
        clients.into_iter().for_each(|client| client.join().unwrap());
    }
    let service = Running::start(data.path(), &arguments);
    until("nothing waits any more", || service.counters()["open"] == 0);
    let found = records(data.path());
    check(&found, &answered.lock().unwrap());
    until("the sink has all", || whole_lines(out.path()) >= found.len());
    service.kill();
    assert_eq!(lines(out.path()), found, "the sink has the service's records, each once, in their order");
}

/// Of files that may be written just now.
fn whole_lines(folder: &Path) -> usize {
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    files.map(|path| std::fs::read(path).unwrap().iter().filter(|byte| **byte == b'\n').count()).sum()
}

fn kill_early(data: &Path, arguments: &[&str], after: Duration) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_join-service"));
    command.args(["--listen", "127.0.0.1:0", "--data"]).arg(data).args(arguments);
    let mut child = command.stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    std::thread::sleep(after);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Says decisions and rewards, and notes what was answered with 200.
fn load(address: &str, answered: &Mutex<Answered>, next: &AtomicU64, stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        let number = next.fetch_add(1, Ordering::Relaxed);
        let key = format!("k{number}");
        let decision = format!(r#"{{"key":"{key}","action":"a","probability":0.5,"context":{number}}}"#);
        match ask(address, "POST", "/log_decision", &decision) {
            Ok((200, _)) => answered.lock().unwrap().decisions.insert(key.clone()),
            // Killed: nobody knows whether it is there, and it may be.
            _ => return,
        };
        if number.is_multiple_of(3) {
            let reward = format!(r#"{{"key":"{key}","reward":{number}}}"#);
            if let Ok((200, told)) = ask(address, "POST", "/log_reward", &reward)
                && !told.contains("late_reward")
            {
                answered.lock().unwrap().rewards.insert(key, number as f64);
            }
        }
    }
}

fn check(records: &[Value], answered: &Answered) {
    let mut seen = HashMap::new();
    for record in records {
        let key = record["key"].as_str().unwrap().to_owned();
        assert_eq!(format!("k{}", record["context"]), key, "a record of another's decision");
        assert!(seen.insert(key, record["reward"].as_f64().unwrap()).is_none(), "left twice: {record}");
    }
    let ids: HashSet<&Value> = records.iter().map(|record| &record["id"]).collect();
    assert_eq!(ids.len(), records.len(), "an id was given twice");
    assert!(records.is_sorted_by_key(|record| record["emitted_ms"].as_i64()), "out of order");
    assert!(answered.decisions.len() > 20, "the load was no load: {}", answered.decisions.len());
    for key in &answered.decisions {
        assert!(seen.contains_key(key), "{key} was answered and never left");
    }
    for (key, reward) in &answered.rewards {
        assert_eq!(seen.get(key), Some(reward), "the reward of {key} was answered and is not in its record");
    }
}

#[test]
fn a_torn_end_is_cut_and_kept_beside() {
    let data = folder();
    let service = Running::start(data.path(), &["--window", "100"]);
    service.post("/log_decision", r#"{"key":"k","action":"a","probability":1}"#);
    service.kill();
    let log = data.path().join("log").join(format!("{:020}.log", 0));
    let mut bytes = std::fs::read(&log).unwrap();
    // Behind the events stands room for the next ones.
    let end = bytes.iter().rposition(|byte| *byte != 0).unwrap() + 1;
    assert!(bytes.len() > end + 13);
    bytes[end..end + 13].fill(9);
    std::fs::write(&log, &bytes).unwrap();
    let service = Running::start(data.path(), &["--window", "100"]);
    until("it left", || records(data.path()).len() == 1);
    service.post("/log_decision", r#"{"key":"k2","action":"a","probability":1}"#);
    until("the next left too", || records(data.path()).len() == 2);
    let aside = data.path().join("log").join(format!("{:020}.torn-{end}", 0));
    assert_eq!(std::fs::read(aside).unwrap(), [9; 13]);
    assert_eq!(records(data.path())[1]["id"], "1-0");
}

#[test]
fn one_folder_has_one_service() {
    let data = folder();
    let _first = Running::start(data.path(), &[]);
    let mut second = std::process::Command::new(env!("CARGO_BIN_EXE_join-service"));
    let said = second.args(["--listen", "127.0.0.1:0", "--data"]).arg(data.path()).output().unwrap();
    let text = String::from_utf8(said.stderr).unwrap();
    assert!(!said.status.success() && text.contains("another service uses"), "{text}");
}
