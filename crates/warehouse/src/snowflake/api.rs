//! Requests to Snowflake: statements, and the parts of their answers.

use std::io::Read;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use dtc_io::IoError;
use flate2::read::GzDecoder;
use http::{Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use super::key_pair::Key;
use super::{SnowflakePlace, request};
use crate::refusal::refused;
use crate::secret::Secrets;
use crate::trust::tls;

/// Between two questions whether a statement is done.
const PATIENCE: Duration = Duration::from_millis(500);
/// What a service may take to answer one request.
const LIMIT: Duration = Duration::from_secs(120);

enum Door {
    Key(Box<Key>),
    /// OAuth's, or a programmatic access token.
    Token(String),
}

pub(super) struct Api {
    runtime: Runtime,
    client: Client<HttpsConnector<HttpConnector>, Full<bytes::Bytes>>,
    /// `https://ACCOUNT.snowflakecomputing.com`
    base: String,
    door: Door,
    place: SnowflakePlace,
}

impl Api {
    pub(super) fn open(place: &SnowflakePlace, secrets: &Secrets) -> Result<Api, IoError> {
        let shown = format!("snowflake://{}", place.account);
        let base = secrets.setting("URL", "SNOWFLAKE_URL");
        let base = base.unwrap_or_else(|| format!("https://{}.snowflakecomputing.com", place.account));
        let base = base.trim_end_matches('/').to_owned();
        if !is_safe(&base) {
            let cure = "write an address that begins with https://";
            return Err(refused(&shown, format!("`{base}` would carry the token in the open"), cure));
        }
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.map_err(|cause| refused(&shown, cause.to_string(), "free some memory and try again"))?;
        let https = HttpsConnectorBuilder::new().with_tls_config(tls(&shown)?);
        let client = Client::builder(TokioExecutor::new()).build(https.https_or_http().enable_http1().build());
        let door = door(place, secrets).map_err(|(what, cure)| refused(&shown, what, cure))?;
        Ok(Api { runtime, client, base, door, place: place.clone() })
    }

    /// For messages.
    pub(super) fn shown(&self) -> String {
        format!("snowflake://{}/{}/{}", self.place.account, self.place.database, self.place.schema)
    }

    /// Runs so many statements, waits for their end, and gives the answer.
    pub(super) fn run(&self, statement: &str, statements: usize) -> Result<Value, IoError> {
        let body = request(&self.place, statement, statements).to_string();
        let (mut status, mut answer) = self.send(Method::POST, "/api/v2/statements", body)?;
        while status == StatusCode::ACCEPTED {
            let handle = self.handle(&answer)?;
            std::thread::sleep(PATIENCE);
            (status, answer) = self.send(Method::GET, &format!("/api/v2/statements/{handle}"), String::new())?;
        }
        if status == StatusCode::OK { Ok(answer) } else { Err(self.failed(status, &answer)) }
    }

    /// A later part of an answer's rows.
    pub(super) fn part(&self, handle: &str, part: usize) -> Result<Value, IoError> {
        let path = format!("/api/v2/statements/{handle}?partition={part}");
        match self.send(Method::GET, &path, String::new())? {
            (StatusCode::OK, answer) => Ok(answer),
            (status, answer) => Err(self.failed(status, &answer)),
        }
    }

    pub(super) fn handle(&self, answer: &Value) -> Result<String, IoError> {
        let handle = answer["statementHandle"].as_str().map(str::to_owned);
        handle.ok_or_else(|| refused(&self.shown(), "the answer names no statement", "try again"))
    }

    fn send(&self, method: Method, path: &str, body: String) -> Result<(StatusCode, Value), IoError> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .header("Accept-Encoding", "gzip")
            .header("User-Agent", concat!("dtc/", env!("CARGO_PKG_VERSION")));
        let request = match &self.door {
            Door::Token(token) => request.header("Authorization", format!("Bearer {token}")),
            Door::Key(key) => {
                let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
                let token = key.token(i64::try_from(now).unwrap_or(i64::MAX)).unwrap_or_default();
                let request = request.header("Authorization", format!("Bearer {token}"));
                request.header("X-Snowflake-Authorization-Token-Type", "KEYPAIR_JWT")
            }
        };
        let unreachable = |cause: String| {
            let what = format!("the service cannot be reached ({cause})");
            refused(&self.shown(), what, "check the account's name and the network")
        };
        let request = request.body(Full::new(body.into())).map_err(|error| unreachable(error.to_string()))?;
        let answer = self.runtime.block_on(async {
            let answer = tokio::time::timeout(LIMIT, self.client.request(request)).await;
            let answer = answer.map_err(|_| "no answer in time".to_owned())?.map_err(|error| causes(&error))?;
            let (head, body) = answer.into_parts();
            let bytes = body.collect().await.map_err(|error| causes(&error))?.to_bytes();
            Ok::<_, String>((head, bytes))
        });
        let (head, bytes) = answer.map_err(unreachable)?;
        let packed = head.headers.get("Content-Encoding").is_some_and(|encoding| encoding == "gzip");
        let mut plain = Vec::new();
        let read = if packed {
            GzDecoder::new(&bytes[..]).read_to_end(&mut plain)
        } else {
            (&bytes[..]).read_to_end(&mut plain)
        };
        read.map_err(|error| unreachable(error.to_string()))?;
        // An error's body may be a page for people.
        let value = serde_json::from_slice(&plain).unwrap_or(Value::Null);
        Ok((head.status, value))
    }

    fn failed(&self, status: StatusCode, answer: &Value) -> IoError {
        let what = answer["message"].as_str().map_or_else(|| format!("it answers {status}"), str::to_owned);
        let cure = match (status, answer["code"].as_str().unwrap_or_default()) {
            (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN, _) => {
                "check user and account, and that `ALTER USER … SET RSA_PUBLIC_KEY` has this key's other half"
            }
            (_, "002003") => "check the names of database, schema and table, and what the role may do with them",
            (_, "000606") => "name a `Warehouse` in the store, or give the user a default one",
            (_, "000904" | "002057") => "a table of another shape has this name; name another one under `Table`",
            (StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE, _) => "try again later",
            _ => "nothing was changed; mend what it says and write again",
        };
        refused(&self.shown(), what, cure)
    }
}

/// The key or token, or what is missing and how to give it.
fn door(place: &SnowflakePlace, secrets: &Secrets) -> Result<Door, (String, String)> {
    let key = |pem: &str| {
        let user = place.user.clone().or_else(|| secrets.setting("USER", "SNOWFLAKE_USER"));
        let user = user.ok_or_else(|| {
            let cure = format!("write `User` into the store, or set {}", secrets.variable("USER"));
            ("a key needs the name of its user".to_owned(), cure)
        })?;
        Key::read(pem, &place.account, &user).map(|key| Door::Key(Box::new(key)))
    };
    if let Some(token) = secrets.setting("TOKEN", "SNOWFLAKE_TOKEN") {
        return Ok(Door::Token(token));
    }
    if let Some(pem) = secrets.setting("PRIVATE_KEY", "SNOWFLAKE_PRIVATE_KEY") {
        return key(&pem);
    }
    if let Some(file) = secrets.setting("PRIVATE_KEY_FILE", "SNOWFLAKE_PRIVATE_KEY_FILE") {
        let pem = std::fs::read_to_string(&file);
        let pem = pem.map_err(|cause| {
            (format!("the key's file {file} cannot be read ({cause})"), "check its path".to_owned())
        })?;
        return key(&pem);
    }
    match secrets.keychain() {
        Some(pem) if pem.contains("-----BEGIN") => key(&pem),
        Some(token) => Ok(Door::Token(token)),
        None => {
            let cure = format!(
                "set {} to the file of the user's private key, or {}, or put either into the keychain",
                secrets.variable("PRIVATE_KEY_FILE"),
                secrets.variable("TOKEN")
            );
            Err(("there is neither a key nor a token".to_owned(), cure))
        }
    }
}

/// Encrypted, or on this machine.
fn is_safe(base: &str) -> bool {
    let here = |host: Option<url::Host<&str>>| match host {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url::Url::parse(base).is_ok_and(|url| url.scheme() == "https" || (url.scheme() == "http" && here(url.host())))
}

/// An error with what led to it.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    text
}
