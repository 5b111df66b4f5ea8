//! A server with a small page, and requests written byte by byte: no client hides what is sent.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use studio::{Config, Studio};
use studio_api::{ApiError, Command};
use studio_server::{Options, Server, serve};
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub struct Host {
    pub folder: TempDir,
    pub server: Option<Server>,
    runtime: Runtime,
    pub port: u16,
    pub token: String,
}

pub struct Reply {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Host {
    pub fn start() -> Host {
        let folder = TempDir::new().unwrap();
        let ui = folder.path().join("ui");
        fs::create_dir_all(ui.join("assets")).unwrap();
        fs::write(ui.join("index.html"), "<!doctype html><title>page</title>").unwrap();
        fs::write(ui.join("assets/app.wasm"), b"\0asm plain").unwrap();
        fs::write(ui.join("assets/app.wasm.gz"), b"packed").unwrap();
        fs::write(folder.path().join("secret.txt"), "secret").unwrap();
        std::os::unix::fs::symlink("../secret.txt", ui.join("link.txt")).unwrap();
        let studio = Studio::new(Config {
            workspace: folder.path().join("workspace"),
            templates: Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../dtc-templates")),
            folder: None,
            native: None,
            bootstrap: None,
        });
        let runtime = Runtime::new().unwrap();
        let server = runtime.block_on(serve(Options { studio, port: 0, ui: Some(ui) })).unwrap();
        let (port, token) = (server.address.port(), server.token().to_owned());
        Host { folder, server: Some(server), runtime, port, token }
    }

    pub fn stop(&mut self) {
        let server = self.server.take().unwrap();
        self.runtime.block_on(server.shutdown()).unwrap();
    }

    /// Sends a head and a body as they are; `Host` is added where the head has none.
    pub fn send(&self, line: &str, headers: &[&str], body: &[u8]) -> Reply {
        let mut reader = BufReader::new(self.open(line, headers, body));
        let (status, headers) = head(&mut reader);
        let mut body = Vec::new();
        reader.read_to_end(&mut body).unwrap();
        let chunked = headers.iter().any(|(name, value)| name == "transfer-encoding" && value == "chunked");
        Reply { status, headers, body: if chunked { unchunk(&body) } else { body } }
    }

    pub fn open(&self, line: &str, headers: &[&str], body: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        let mut text = format!("{line} HTTP/1.1\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
        if !headers.iter().any(|header| header.starts_with("Host:")) {
            text += &format!("Host: 127.0.0.1:{}\r\n", self.port);
        }
        for header in headers {
            text += &format!("{header}\r\n");
        }
        text += "\r\n";
        stream.write_all(text.as_bytes()).unwrap();
        // A server that refuses may close before it has read the whole body.
        let _ = stream.write_all(body);
        stream
    }

    pub fn bearer(&self) -> String {
        format!("Authorization: Bearer {}", self.token)
    }

    pub fn get(&self, path: &str) -> Reply {
        self.send(&format!("GET {path}"), &[&self.bearer()], b"")
    }

    pub fn call<C: Command>(&self, command: C) -> Result<C::Reply, ApiError> {
        let body = serde_json::to_vec(&command).unwrap();
        let line = format!("POST /api/rpc/{}", C::NAME);
        let reply = self.send(&line, &[&self.bearer(), "Content-Type: application/json"], &body);
        if reply.status == 200 {
            Ok(serde_json::from_slice(&reply.body).unwrap())
        } else {
            Err(serde_json::from_slice(&reply.body).unwrap())
        }
    }
}

impl Reply {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

pub fn head(reader: &mut impl BufRead) -> (u16, Vec<(String, String)>) {
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    let status = line.split(' ').nth(1).unwrap().parse().unwrap();
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        match line.trim_end().split_once(": ") {
            Some((name, value)) => headers.push((name.to_lowercase(), value.to_owned())),
            None => return (status, headers),
        }
    }
}

fn unchunk(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    loop {
        let mut line = String::new();
        body.read_line(&mut line).unwrap();
        let length = usize::from_str_radix(line.trim_end(), 16).unwrap_or(0);
        if length == 0 {
            return whole;
        }
        whole.extend(&body[..length]);
        body = &body[length + 2..];
    }
}
