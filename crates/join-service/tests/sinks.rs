//! Sinks that are dead, slow, killed with the service; what they get is all of it, in order.

use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;

use crate::{Running, folder, killed, lines, until};

/// Everything that was answered is there once, in the order of emission.
#[track_caller]
pub fn complete(records: &[Value], answered: &[String]) {
    let ids: HashSet<&str> = records.iter().map(|record| record["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), records.len(), "a record is there twice");
    assert!(records.is_sorted_by_key(|record| record["emitted_ms"].as_i64()), "out of order");
    let keys: HashSet<&str> = records.iter().map(|record| record["key"].as_str().unwrap()).collect();
    let lost: Vec<&String> = answered.iter().filter(|key| !keys.contains(key.as_str())).collect();
    assert!(lost.is_empty(), "answered and never delivered: {lost:?}");
}

/// One request: its head and its body.
pub fn request(stream: &mut impl Read) -> (Vec<String>, String) {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).unwrap_or(0) == 0 || line.trim().is_empty() {
            break;
        }
        head.push(line.trim().to_owned());
    }
    let length =
        head.iter().find_map(|line| line.strip_prefix("Content-Length: ")).map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    if reader.read_exact(&mut body).is_err() {
        body.clear();
    }
    (head, String::from_utf8(body).unwrap())
}

/// Takes every post after a while, and gives what it took.
fn taker(listener: TcpListener, pause: Duration) -> Receiver<(Vec<String>, String)> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream: TcpStream = stream.unwrap();
            let found = request(&mut stream);
            std::thread::sleep(pause);
            if stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").is_ok() && sender.send(found).is_err()
            {
                return;
            }
        }
    });
    receiver
}

fn said(posts: &[(Vec<String>, String)]) -> Vec<Value> {
    posts.iter().flat_map(|(_, body)| body.lines()).map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn files_of_a_sink_have_each_record_once_through_kills() {
    let (data, out) = (folder(), folder());
    let sink = format!("files:{}", out.path().display());
    let arguments = ["--window", "150", "--file", "20000", "--trim", "--sink", &sink];
    let (service, answered) = killed(data.path(), 6, &arguments, &[]);
    until("the sink has all", || {
        let state: Value = serde_json::from_str(&service.ask("GET", "/state", "").1).unwrap();
        state["sinks"][0]["behind_bytes"] == 0 && lines(out.path()).len() as u64 >= answered.len() as u64
    });
    complete(&lines(out.path()), &answered);
    until("files that were taken are gone", || {
        let left = std::fs::read_dir(data.path().join("records")).unwrap();
        left.filter(|file| file.as_ref().unwrap().file_name().to_str().unwrap().ends_with(".jsonl")).count() == 1
    });
}

#[test]
fn a_dead_sink_holds_records_until_the_budget_and_gets_them_all_later() {
    let data = folder();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let target = format!("http://127.0.0.1:{port}/in");
    let budget =
        ["--window", "50", "--disk", "60000", "--file", "10000", "--remember", "0", "--trim", "--sink", &target];
    let service = Running::start(data.path(), &budget);
    let mut taken = Vec::new();
    until("the budget is reached", || {
        let key = format!("k{}", taken.len());
        let (status, told) =
            service.post("/log_decision", &format!(r#"{{"key":"{key}","action":"a","probability":1}}"#));
        if status == 200 {
            taken.push(key);
        } else {
            assert_eq!(status, 503);
        }
        told["reason"]
            .as_str()
            .is_some_and(|reason| reason.contains("records wait for the sinks http, which do not take them"))
    });
    let metrics = service.ask("GET", "/metrics", "").1;
    assert!(metrics.contains("join_sink_up{sink=\"http\",kind=\"http\"} 0"), "{metrics}");
    let posts = taker(TcpListener::bind(("127.0.0.1", port)).unwrap(), Duration::ZERO);
    let mut got = Vec::new();
    until("there is room again", || {
        got.extend(posts.try_iter());
        service.post("/log_decision", r#"{"key":"after","action":"a","probability":1}"#).0 == 200
    });
    until("all is there", || {
        got.extend(posts.try_iter());
        said(&got).iter().any(|record| record["key"] == "after")
    });
    taken.push("after".to_owned());
    let records = said(&got);
    complete(&records, &taken);
    let keys: HashSet<&String> =
        got.iter().flat_map(|(head, _)| head).filter(|line| line.starts_with("Idempotency-Key: ")).collect();
    assert_eq!(keys.len(), got.len(), "each post has a key of its own");
}

#[test]
fn a_slow_sink_does_not_hold_up_the_intake() {
    let data = folder();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("http://{}/", listener.local_addr().unwrap());
    let posts = taker(listener, Duration::from_millis(400));
    let service = Running::start(data.path(), &["--window", "10", "--sink", &target]);
    let mut taken = Vec::new();
    let mut got = Vec::new();
    // More answers come than the sink could give.
    until("a first post was taken", || {
        let key = format!("k{}", taken.len());
        let body = format!(r#"{{"key":"{key}","action":"a","probability":1}}"#);
        assert_eq!(service.post("/log_decision", &body).0, 200);
        taken.push(key);
        got.extend(posts.try_iter());
        !got.is_empty()
    });
    until("all is there", || {
        got.extend(posts.try_iter());
        said(&got).len() == taken.len()
    });
    complete(&said(&got), &taken);
    assert!(got.len() < taken.len(), "what waited went together");
}

#[test]
fn records_go_out_over_tls_to_who_is_trusted() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let data = folder();
    let trusted = data.path().join("trusted.pem");
    std::fs::write(&trusted, made.cert.pem()).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("https://localhost:{}/in", listener.local_addr().unwrap().port());
    let got = Arc::new(Mutex::new(Vec::new()));
    let kept = got.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let connection = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream.unwrap());
            let found = request(&mut stream);
            if !found.0.is_empty() && stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").is_ok() {
                stream.conn.send_close_notify();
                let _ = stream.flush();
                kept.lock().unwrap().push(found);
            }
        }
    });
    let mut command = Command::new(env!("CARGO_BIN_EXE_join-service"));
    command.env("SSL_CERT_FILE", &trusted);
    let service = Running::with(command, data.path(), &["--window", "20", "--sink", &target]);
    service.post("/log_decision", r#"{"key":"safe","action":"a","probability":1}"#);
    until("it came", || said(&got.lock().unwrap()).iter().any(|record| record["key"] == "safe"));
    drop(service);
    // Who is not trusted gets nothing.
    let other = folder();
    let mut command = Command::new(env!("CARGO_BIN_EXE_join-service"));
    let stranger = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    std::fs::write(&trusted, stranger.cert.pem()).unwrap();
    command.env("SSL_CERT_FILE", &trusted);
    let service = Running::with(command, other.path(), &["--window", "20", "--sink", &target]);
    service.post("/log_decision", r#"{"key":"unsafe","action":"a","probability":1}"#);
    let error =
        || serde_json::from_str::<Value>(&service.ask("GET", "/state", "").1).unwrap()["sinks"][0]["error"].clone();
    until("the certificate is refused", || error().as_str().is_some_and(|error| error.contains("certificate")));
    assert!(!said(&got.lock().unwrap()).iter().any(|record| record["key"] == "unsafe"));
}

#[test]
fn a_token_goes_along() {
    let data = folder();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/in", listener.local_addr().unwrap());
    let posts = taker(listener, Duration::ZERO);
    let mut options = join_service::Options::new(data.path().to_path_buf(), "127.0.0.1:0");
    options.rule.window_ms = 10;
    options.add_sinks(vec![join_service::SinkKind::Http { url, token: Some("s3cret".to_owned()) }]);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let service = runtime.block_on(join_service::serve(options)).unwrap();
    let decision = r#"{"key":"k","action":"a","probability":1}"#;
    assert_eq!(crate::ask(&service.address.to_string(), "POST", "/log_decision", decision).unwrap().0, 200);
    let (head, _) = posts.recv().unwrap();
    assert!(head.iter().any(|line| line == "Authorization: Bearer s3cret"), "{head:?}");
    runtime.block_on(service.shutdown()).unwrap();
}
