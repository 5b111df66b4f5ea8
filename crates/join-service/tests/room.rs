//! A disk that is full: nothing is taken, nothing is lost, and it goes on when there is room.

use crate::{Running, folder, records, until};

#[test]
fn beyond_the_budget_intake_says_503_and_records_still_leave() {
    let data = folder();
    let service = Running::start(data.path(), &["--window", "200", "--disk", "60000", "--file", "10000"]);
    let mut taken = 0;
    until("the budget is reached", || {
        let body = format!(r#"{{"key":"k{taken}","action":"a","probability":1}}"#);
        let (status, told) = service.post("/log_decision", &body);
        taken += u64::from(status == 200);
        assert!(status == 200 || told["reason"].as_str().unwrap().contains("bytes of disk are taken"), "{told}");
        status == 503
    });
    until("all that was taken left", || records(data.path()).len() as u64 == taken);
    assert!(service.ask("GET", "/metrics", "").1.contains("join_requests_unavailable_total 1"));
    // Whoever reads the records takes the old files away.
    let mut files: Vec<_> =
        std::fs::read_dir(data.path().join("records")).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    files.sort();
    files.pop();
    assert!(!files.is_empty());
    files.iter().for_each(|path| std::fs::remove_file(path).unwrap());
    until("there is room again", || {
        service.post("/log_decision", r#"{"key":"after","action":"a","probability":1}"#).0 == 200
    });
}

/// The most bytes that a file of the process may have: a disk that takes no more.
fn limit(service: &Running, bytes: &str) {
    let process = service.process().to_string();
    let set =
        std::process::Command::new("prlimit").args(["--pid", &process, &format!("--fsize={bytes}:unlimited")]).status();
    assert!(set.unwrap().success());
}

#[test]
fn a_disk_that_is_full_loses_nothing_and_room_lets_it_go_on() {
    let data = folder();
    // Writing beyond the limit is an error like that of a full disk, if its signal is ignored.
    let mut command = std::process::Command::new("sh");
    command.args(["-c", r#"trap "" XFSZ; exec "$0" "$@""#, env!("CARGO_BIN_EXE_join-service")]);
    let service = Running::with(command, data.path(), &["--window", "100"]);
    let mut taken = 0;
    let say = |taken: &mut u64| {
        let (status, told) =
            service.post("/log_decision", &format!(r#"{{"key":"k{taken}","action":"a","probability":1}}"#));
        *taken += u64::from(status == 200);
        // Of the log, or of records that left.
        let reasons = ["could not be written", "records wait for room on the disk"];
        let told = told["reason"].as_str().unwrap_or_default();
        assert!(status == 200 || reasons.iter().any(|reason| told.contains(reason)), "{told}");
        status
    };
    limit(&service, "5000");
    until("the disk is full", || say(&mut taken) == 503);
    assert_eq!(say(&mut taken), 503);
    assert!(service.ask("GET", "/metrics", "").1.lines().any(|line| line == "join_up 0"));
    limit(&service, "unlimited");
    until("there is room again", || say(&mut taken) == 200);
    until("all that was taken left", || records(data.path()).len() as u64 == taken);
    service.kill();
    // What was written half was cut off.
    let service = Running::start(data.path(), &["--window", "100"]);
    assert_eq!(service.counters()["decisions"], taken);
    assert_eq!(records(data.path()).len() as u64, taken);
}
