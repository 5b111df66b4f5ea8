//! moto's server: DynamoDB and S3 on this machine. One for tests that keep apart by names, or one of one's own.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Ended when it is dropped, and with this process however that ends.
pub struct Moto {
    child: Child,
    pub port: u16,
}

/// Runs the server until its own input is closed.
const WHILE_OPEN: &str = r#""$0" -H 127.0.0.1 -p "$1" >/dev/null 2>&1 & server=$!; cat >/dev/null; kill $server"#;

impl Drop for Moto {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The one that tests share.
static SHARED: Mutex<Option<Moto>> = Mutex::new(None);

/// The port of the server that tests share, started when it is first asked for.
pub fn shared() -> Result<u16, String> {
    let mut shared = SHARED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if shared.is_none() {
        *shared = Some(Moto::start()?);
    }
    Ok(shared.as_ref().map_or(0, |moto| moto.port))
}

/// A name that no other test has.
pub fn fresh_name(start: &str) -> String {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    format!("{start}-{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

impl Moto {
    pub fn start() -> Result<Moto, String> {
        let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = port.map_err(|error| error.to_string())?.port();
        let child = Command::new("sh")
            .args(["-c", WHILE_OPEN])
            .arg(program())
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|error| format!("sh cannot be run ({error})"))?;
        let moto = Moto { child, port };
        let patience = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            if Instant::now() > patience {
                return Err("moto_server does not answer; `cargo xtask setup` installs it".into());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(moto)
    }

    /// One request, as the services take it; signatures are not looked at.
    pub fn send(&self, method: &str, path: &str, service: &str, headers: &str, body: &str) -> Result<String, String> {
        send(self.port, method, path, service, headers, body)
    }

    pub fn dynamodb(&self, action: &str, body: &Value) -> Result<Value, String> {
        dynamodb(self.port, action, body)
    }

    pub fn create_table(&self, name: &str, range_key: bool) -> Result<(), String> {
        create_table(self.port, name, range_key)
    }
}

/// `moto_server` of `cargo xtask setup`, beside cfn-lint in its virtual environment, or on the PATH.
fn program() -> PathBuf {
    let beside = || Some(PathBuf::from(std::env::var_os("DTC_CFN_LINT")?).parent()?.join("moto_server"));
    let named = std::env::var_os("DTC_MOTO_SERVER").map(PathBuf::from);
    named.or_else(|| beside().filter(|path| path.exists())).unwrap_or_else(|| PathBuf::from("moto_server"))
}

pub fn send(port: u16, method: &str, path: &str, service: &str, headers: &str, body: &str) -> Result<String, String> {
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\
         Authorization: AWS4-HMAC-SHA256 Credential=replay/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0\r\n\r\n{body}",
        body.len()
    );
    let mut answer = String::new();
    let read = TcpStream::connect(("127.0.0.1", port)).and_then(|mut stream| {
        stream.write_all(request.as_bytes())?;
        stream.read_to_string(&mut answer)
    });
    read.map_err(|error| format!("{method} {path}: {error}"))?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    if head.starts_with("HTTP/1.1 2") { Ok(body.to_owned()) } else { Err(format!("{method} {path}: {answer}")) }
}

pub fn dynamodb(port: u16, action: &str, body: &Value) -> Result<Value, String> {
    let headers = format!("Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: DynamoDB_20120810.{action}\r\n");
    let answer = send(port, "POST", "/", "dynamodb", &headers, &body.to_string())?;
    serde_json::from_str(&answer).map_err(|error| format!("{answer}: {error}"))
}

pub fn create_table(port: u16, name: &str, range_key: bool) -> Result<(), String> {
    let mut names = vec![("partition_key", "HASH")];
    if range_key {
        names.push(("range_key", "RANGE"));
    }
    let attributes: Vec<Value> =
        names.iter().map(|(name, _)| json!({"AttributeName": name, "AttributeType": "S"})).collect();
    let keys: Vec<Value> = names.iter().map(|(name, kind)| json!({"AttributeName": name, "KeyType": kind})).collect();
    let table = json!({"TableName": name, "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": attributes, "KeySchema": keys});
    dynamodb(port, "CreateTable", &table).map(|_| ())
}

pub fn create_bucket(port: u16, name: &str) -> Result<(), String> {
    send(port, "PUT", &format!("/{name}"), "s3", "", "").map(|_| ())
}
