//! Wall clocks that are set, by libfaketime: the service's time neither jumps nor runs back with them.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Running, folder, records, until};

/// Debian's, whatever the machine.
fn library() -> PathBuf {
    let folders = std::fs::read_dir("/usr/lib").unwrap().map(|entry| entry.unwrap().path());
    let mut found = folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1")).filter(|path| path.exists());
    found.next().expect("libfaketime is not there; `cargo xtask setup` installs it")
}

fn start(data: &Path, offset: &Path) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_join-service"));
    command.env("LD_PRELOAD", library()).env("FAKETIME_TIMESTAMP_FILE", offset).env("FAKETIME_NO_CACHE", "1");
    // The steady clock stays steady, as where somebody sets the wall clock.
    command.env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    Running::with(command, data, &["--window", "1500"])
}

fn decide(service: &Running, key: &str) {
    let body = format!(r#"{{"key":"{key}","action":"a","probability":1}}"#);
    assert_eq!(service.post("/log_decision", &body).0, 200);
}

#[test]
fn a_clock_that_is_set_closes_no_window_early_and_holds_none_open() {
    let data = folder();
    let offset = data.path().join("offset");
    let set = |to: &str| std::fs::write(&offset, to).unwrap();
    set("+0");
    let service = start(data.path(), &offset);
    decide(&service, "forward");
    set("+3600");
    // A reward after the jump still lies in the window.
    assert_eq!(service.post("/log_reward", r#"{"key":"forward","reward":1}"#).1["noted"], serde_json::json!({}));
    decide(&service, "back");
    set("-3600");
    assert_eq!(service.post("/log_reward", r#"{"key":"back","reward":2}"#).1["noted"], serde_json::json!({}));
    until("both left", || records(data.path()).len() == 2);
    service.kill();
    // Started with a clock that was set back: time goes on from what is on disk.
    let service = start(data.path(), &offset);
    decide(&service, "again");
    until("it left too", || records(data.path()).len() == 3);
    service.kill();
    // And forward: windows that are long over by that clock close at once, and nothing is lost.
    let service = start(data.path(), &offset);
    decide(&service, "open");
    service.kill();
    set("+7200");
    let service = start(data.path(), &offset);
    until("it left at once", || records(data.path()).len() == 4);
    let found = records(data.path());
    let of = |name: &str| found.iter().map(|record| record[name].clone()).collect::<Vec<_>>();
    assert_eq!(of("key"), ["forward", "back", "again", "open"]);
    assert_eq!(of("reward"), [1.0, 2.0, 0.0, 0.0]);
    let times: Vec<i64> = found.iter().map(|record| record["emitted_ms"].as_i64().unwrap()).collect();
    assert!(times.is_sorted(), "{times:?}");
    for record in &found {
        assert_eq!(record["emitted_ms"].as_i64().unwrap() - record["decided_ms"].as_i64().unwrap(), 1_500);
    }
    assert_eq!(service.counters()["open"], 0);
}
