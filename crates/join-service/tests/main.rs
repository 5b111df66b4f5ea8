//! The service from outside: what it answers, what it keeps through `kill -9`, what leaves and how often.

// A test that cannot go on says so by panicking.
#![allow(clippy::unwrap_used)]

mod access;
mod answers;
mod bounds;
mod clocks;
mod killed;
#[path = "../../../tests/suite/src/moto.rs"]
#[allow(dead_code)]
mod moto;
mod policies;
mod remote;
mod replaying;
mod room;
mod sinks;
mod sources;

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// A service of its own process, over a folder that outlives it.
pub struct Running {
    child: Child,
    pub address: String,
}

impl Running {
    pub fn start(data: &Path, arguments: &[&str]) -> Running {
        Running::with(Command::new(env!("CARGO_BIN_EXE_join-service")), data, arguments)
    }

    /// Of a command that may have an environment of its own.
    pub fn with(mut command: Command, data: &Path, arguments: &[&str]) -> Running {
        command.args(["--listen", "127.0.0.1:0", "--data"]).arg(data).args(arguments);
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let mut said = String::new();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let address = loop {
            let mut line = String::new();
            if lines.read_line(&mut line).unwrap() == 0 {
                panic!("the service ended: {said}");
            }
            if let Some(address) = line.trim().strip_prefix("Join service: http://") {
                break address.to_owned();
            }
            said.push_str(&line);
        };
        // Read on, so that it never waits for us.
        std::thread::spawn(move || std::io::copy(&mut lines, &mut std::io::sink()));
        Running { child, address }
    }

    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn process(&self) -> u32 {
        self.child.id()
    }

    pub fn ask(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        ask(&self.address, method, path, body).unwrap()
    }

    pub fn post(&self, path: &str, body: &str) -> (u16, Value) {
        let (status, text) = self.ask("POST", path, body);
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    pub fn counters(&self) -> HashMap<String, u64> {
        serde_json::from_str(&self.ask("GET", "/counters", "").1).unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have been killed by the test.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn ask(address: &str, method: &str, path: &str, body: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    let head =
        format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(body.as_bytes())?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let status = text.split_whitespace().nth(1).and_then(|code| code.parse().ok());
    let status = status.ok_or_else(|| std::io::Error::other("no status"))?;
    Ok((status, text.split_once("\r\n\r\n").map_or(String::new(), |(_, body)| body.to_owned())))
}

/// Every record of the folder, in order.
pub fn records(data: &Path) -> Vec<Value> {
    lines(&data.join("records"))
}

/// Every line of the folder's files, in order.
pub fn lines(folder: &Path) -> Vec<Value> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "jsonl"));
    files.sort();
    let mut records = Vec::new();
    for file in files {
        let text = std::fs::read_to_string(file).unwrap();
        records.extend(text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()));
    }
    records
}

/// Says decisions one after the other until told to stop, and notes the keys that were answered.
pub fn load(address: &str, name: &str, stop: &AtomicBool, answered: &Mutex<Vec<String>>) {
    for number in 0.. {
        let key = format!("{name}-{number}");
        let decision = format!(r#"{{"key":"{key}","action":"a","probability":0.5}}"#);
        match ask(address, "POST", "/log_decision", &decision) {
            Ok((200, _)) => answered.lock().unwrap().push(key),
            _ => return,
        }
        if stop.load(Ordering::Relaxed) {
            return;
        }
    }
}

/// Starts the service again and again, kills it under load, and lets the last one end its work; gives the keys that
/// were answered.
pub fn killed(data: &Path, kills: u64, arguments: &[&str], environment: &[(&str, &str)]) -> (Running, Vec<String>) {
    let answered = Arc::new(Mutex::new(Vec::new()));
    let start = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_join-service"));
        command.envs(environment.iter().copied());
        Running::with(command, data, arguments)
    };
    for kill in 0..kills {
        let service = start();
        let stop = Arc::new(AtomicBool::new(false));
        let clients: Vec<_> = (0..2)
            .map(|client| {
                let (address, stop, answered) = (service.address.clone(), stop.clone(), answered.clone());
                std::thread::spawn(move || load(&address, &format!("k{kill}-{client}"), &stop, &answered))
            })
            .collect();
        // Another moment each time, by a fixed sequence.
        std::thread::sleep(Duration::from_millis(150 + (kill * 7919) % 500));
        service.kill();
        stop.store(true, Ordering::Relaxed);
        clients.into_iter().for_each(|client| client.join().unwrap());
    }
    let service = start();
    until("nothing waits any more", || service.counters()["open"] == 0);
    let answered = answered.lock().unwrap().clone();
    assert!(answered.len() > 20, "the load was no load: {}", answered.len());
    (service, answered)
}

/// Waits until it holds; a test that hangs says what it waited for.
#[track_caller]
pub fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let started = Instant::now();
    while !holds() {
        assert!(started.elapsed() < Duration::from_secs(60), "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

pub fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}
