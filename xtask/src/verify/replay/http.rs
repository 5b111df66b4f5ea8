//! Requests to moto's server as the services take them; signatures are not looked at.

use std::io::{Read, Write};
use std::net::TcpStream;

use anyhow::{Context, Result, bail};
use serde_json::Value;

pub struct Request<'a> {
    pub method: &'a str,
    pub path: &'a str,
    /// Whose request it is, by the name in signatures.
    pub service: &'a str,
    /// Each with its end of line.
    pub headers: &'a str,
    pub body: &'a [u8],
}

/// The answer's body; an error for anything but 2xx.
pub fn send(port: u16, request: &Request<'_>) -> Result<Vec<u8>> {
    let Request { method, path, service, headers, body } = request;
    let named = || format!("{service}: {method} {path}");
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\
         Authorization: AWS4-HMAC-SHA256 Credential=replay/20260101/us-east-1/{service}/aws4_request, SignedHeaders=host, Signature=0\r\n\r\n",
        body.len()
    );
    let mut answer = Vec::new();
    let mut stream = TcpStream::connect(("127.0.0.1", port)).with_context(named)?;
    stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body)).with_context(named)?;
    stream.read_to_end(&mut answer).with_context(named)?;
    let end = answer
        .windows(4)
        .position(|bytes| bytes == b"\r\n\r\n")
        .with_context(|| format!("{} gave no answer", named()))?;
    let body = answer.split_off(end + 4);
    // Behind `HTTP/1.0 ` or `HTTP/1.1 `.
    if answer.get(9) != Some(&b'2') {
        bail!("{} was refused: {}", named(), String::from_utf8_lossy(&body));
    }
    Ok(body)
}

/// A request of the services that speak JSON: `target` is `Service_version.Action`.
pub fn call(port: u16, service: &str, target: &str, body: &Value) -> Result<Value> {
    let headers = format!("Content-Type: application/x-amz-json-1.0\r\nX-Amz-Target: {target}\r\n");
    let body = body.to_string();
    let request = Request { method: "POST", path: "/", service, headers: &headers, body: body.as_bytes() };
    let answer = send(port, &request)?;
    serde_json::from_slice(&answer).with_context(|| format!("{target} gave no JSON"))
}

/// A request of the services that speak forms and answer in XML.
pub fn form(port: u16, service: &str, fields: &[(String, String)]) -> Result<String> {
    let encoded: Vec<String> =
        fields.iter().map(|(name, value)| format!("{}={}", percent(name), percent(value))).collect();
    let headers = "Content-Type: application/x-www-form-urlencoded\r\n";
    let body = encoded.join("&");
    let request = Request { method: "POST", path: "/", service, headers, body: body.as_bytes() };
    Ok(String::from_utf8_lossy(&send(port, &request)?).into_owned())
}

/// Percent-encoded, for a form or a path; slashes too.
pub fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The texts of every element of this name, without nested ones of the same.
pub fn elements<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    xml.split(open.as_str()).skip(1).filter_map(|rest| Some(rest.split_once(close.as_str())?.0)).collect()
}

pub fn unescape(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#x27;", "'").replace("&amp;", "&")
}
