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
