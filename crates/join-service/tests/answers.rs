//! What the addresses take and say.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::{Value, json};

use crate::{Running, folder, records, until};

const DECISION: &str = r#"{"key":"d1","action":"a","probability":0.25,"context":{"plan":"free"}}"#;

#[test]
fn a_decision_leaves_once_with_its_last_reward() {
    let data = folder();
    let service = Running::start(data.path(), &["--window", "200"]);
    assert_eq!(service.ask("GET", "/", ""), (200, r#"{"ok":true}"#.to_owned()));
    assert_eq!(service.post("/log_decision", DECISION), (200, json!({"ok": true, "accepted": 1, "noted": {}})));
    let again = service.post("/log_decision", DECISION);
    assert_eq!(again.1["noted"], json!({"duplicate_decision": 1}));
    let rewards =
        "{\"key\":\"d1\",\"reward\":1}\n{\"key\":\"d1\",\"reward\":-2.5}\n{\"key\":\"nobody\",\"reward\":1}\n";
    assert_eq!(service.post("/log_reward", rewards).1["accepted"], 3);
    service.post("/log_decision", r#"{"key":"d2","action":7,"probability":1}"#);
    service.post("/override_decision", r#"{"key":"d2"}"#);
    until("the record is there", || !records(data.path()).is_empty());
    until("the override counts", || service.counters()["overridden"] == 1);
    let found = records(data.path());
    assert_eq!(found.len(), 1);
    let record = &found[0];
    let of = |name: &str| record[name].clone();
    assert_eq!((of("key"), of("action"), of("probability")), (json!("d1"), json!("a"), json!(0.25)));
    assert_eq!((of("context"), of("reward")), (json!({"plan": "free"}), json!(-2.5)));
    assert_eq!(of("emitted_ms"), json!(of("decided_ms").as_i64().unwrap() + 200));
    let late = service.post("/log_reward", r#"{"key":"d1","reward":3}"#);
    assert_eq!(late.1["noted"], json!({"late_reward": 1}));
    let lost: Value = serde_json::from_str(&service.ask("GET", "/lost", "").1).unwrap();
    assert!(lost.as_array().unwrap().iter().any(|one| one["lost"] == "late_reward" && one["key"] == "d1"), "{lost}");
    let metrics = service.ask("GET", "/metrics", "").1;
    for line in ["join_late_rewards 1", "join_overridden 1", "join_emission_delay_seconds_count 1", "join_up 1"] {
        assert!(metrics.lines().any(|found| found == line), "no {line} in {metrics}");
    }
    assert!(service.ask("GET", "/docs", "").1.contains("POST /log_decision"));
}

#[test]
fn bad_input_is_refused_with_field_and_reason() {
    let data = folder();
    let service = Running::start(data.path(), &[]);
    let long = format!(r#"{{"key":"{}","reward":1}}"#, "k".repeat(513));
    let deep =
        format!(r#"{{"key":"k","action":"a","probability":1,"context":{}{}}}"#, "[".repeat(5000), "]".repeat(5000));
    let cases = [
        ("/log_decision", r#"{"key":"k","action":"a"}"#, "probability", "it is missing"),
        ("/log_decision", r#"{"key":"k","action":"a","probability":0}"#, "probability", "above 0"),
        ("/log_decision", r#"{"key":"k","action":"a","probability":"0.5"}"#, "probability", "a number"),
        ("/log_decision", r#"{"key":" ","action":"a","probability":1}"#, "key", "blank"),
        ("/log_decision", r#"{"key":"k","action":["a"],"probability":1}"#, "action", "a text or a number"),
        ("/log_decision", r#"{"key":"k","action":"a","probability":1,"ctx":1}"#, "ctx", "no such field"),
        ("/log_decision", &deep, "", "not JSON"),
        ("/log_reward", r#"{"key":"k","reward":1e999}"#, "", "not JSON"),
        ("/log_reward", r#"{"key":"k","reward":true}"#, "reward", "it is a number"),
        ("/log_reward", &long, "key", "longer than 512 bytes"),
        ("/log_reward", "", "", "empty"),
        ("/log_reward", "[1]", "", "an event is a JSON object"),
        ("/override_decision", "{}", "key", "it is missing"),
    ];
    for (path, body, field, reason) in cases {
        let (status, told) = service.post(path, body);
        assert_eq!((status, told["field"].as_str()), (400, Some(field)), "{path} {body}: {told}");
        assert!(told["reason"].as_str().unwrap().contains(reason), "{path} {body}: {told}");
    }
    // One bad event of a request, and none of it is stored.
    let both = "{\"key\":\"a\",\"reward\":1}\n{\"key\":\"b\"}";
    assert_eq!(service.post("/log_reward", both).1["event"], 2);
    assert_eq!(service.counters()["rewards"], 0);
    assert_eq!(service.ask("POST", "/log_reward", &" ".repeat(2 << 20)).0, 413);
    assert_eq!(service.ask("GET", "/log_reward", "").0, 405);
}

#[test]
fn records_stream_as_they_leave() {
    let data = folder();
    let service = Running::start(data.path(), &["--window", "100"]);
    let mut stream = TcpStream::connect(&service.address).unwrap();
    stream.write_all(b"GET /records HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    let mut lines = BufReader::new(stream).lines();
    assert!(lines.next().unwrap().unwrap().ends_with("200 OK"));
    // Once the head is here it listens.
    lines.by_ref().find(|line| line.as_ref().unwrap().is_empty()).unwrap().unwrap();
    service.post("/log_decision", DECISION);
    let told = lines.find_map(|line| line.unwrap().strip_prefix("data: ").map(str::to_owned)).unwrap();
    assert_eq!(serde_json::from_str::<Value>(&told).unwrap()["key"], "d1");
}

#[test]
fn another_service_gets_every_record_though_it_was_away() {
    let data = folder();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("http://{}/in", listener.local_addr().unwrap());
    let service = Running::start(data.path(), &["--window", "50", "--sink", &target]);
    for number in 0..20 {
        let body = format!(r#"{{"key":"k{number}","action":"a","probability":1}}"#);
        assert_eq!(service.post("/log_decision", &body).0, 200);
    }
    let mut keys = Vec::new();
    let mut refused = 0;
    while keys.len() < 20 {
        let (mut stream, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map(Result::unwrap);
        let head: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
        assert_eq!(head[0], "POST /in HTTP/1.1");
        if refused < 2 {
            refused += 1;
            stream.write_all(b"HTTP/1.1 500 no\r\nContent-Length: 0\r\n\r\n").unwrap();
            continue;
        }
        let length = head.iter().find_map(|line| line.strip_prefix("Content-Length: ")).unwrap();
        let (length, mut read): (usize, usize) = (length.parse().unwrap(), 0);
        while read < length {
            let line = lines.next().unwrap();
            read += line.len() + 1;
            keys.push(serde_json::from_str::<Value>(&line).unwrap()["key"].clone());
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").unwrap();
    }
    let wanted: Vec<Value> = (0..20).map(|number| json!(format!("k{number}"))).collect();
    assert_eq!(keys, wanted);
}
