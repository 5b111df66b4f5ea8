//! What the browser's console holds. Chromium keeps it for chromedriver: messages of the page, of its
//! workers, and every refusal by the CSP.

use anyhow::Result;
use fantoccini::Client;
use fantoccini::wd::WebDriverCompatibleCommand;
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

#[derive(Debug)]
struct ReadLog;

impl WebDriverCompatibleCommand for ReadLog {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!("session/{}/se/log", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(json!({ "type": "browser" }).to_string()))
    }
}

pub struct Message {
    pub level: String,
    pub text: String,
}

/// The messages since the last call.
pub async fn read(client: &Client) -> Result<Vec<Message>> {
    let log = client.issue_cmd(ReadLog).await?;
    let text = |entry: &Value, key: &str| entry[key].as_str().unwrap_or_default().to_owned();
    let entries = log.as_array().cloned().unwrap_or_default();
    Ok(entries.iter().map(|entry| Message { level: text(entry, "level"), text: text(entry, "message") }).collect())
}

impl Message {
    /// An error, or one of Monaco's warnings that something runs in a second-best way.
    pub fn is_bad(&self) -> bool {
        let phrases = ["Could not create web worker", "Falling back", "Content Security Policy", "panicked"];
        self.level == "SEVERE" || phrases.iter().any(|phrase| self.text.contains(phrase))
    }
}
