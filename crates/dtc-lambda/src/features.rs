//! Window rows in S3: JSON Lines, one object an identity and day, always under the same key, so that
//! writing again changes nothing.

use std::collections::BTreeMap;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::DisplayErrorContext;
use aws_sdk_s3::primitives::ByteStream;
use dtc_engine::WindowRow;
use dtc_io::json;

use crate::settings::WindowSettings;

/// S3 takes keys of 1,024 bytes; this much is for the identity.
const IDENTITY_BYTES: usize = 700;

pub struct Features {
    pub client: Client,
    pub window: WindowSettings,
}

/// Day of the anchor → the day's rows as JSON Lines.
pub type Days = BTreeMap<String, String>;

/// The rows of an identity by day.
pub fn days(identity: &str, rows: &[WindowRow]) -> Days {
    let mut days = Days::new();
    for row in rows {
        let anchor = row.anchor.map(|anchor| anchor.isoformat());
        let day = row.anchor.map_or_else(
            || "none".to_owned(),
            |anchor| dtc_expr::DateTime { offset: Some(0), ..anchor }.isoformat().chars().take(10).collect(),
        );
        let out = days.entry(day).or_default();
        out.push_str("{\"identity\":");
        json::write_string(identity, out);
        out.push_str(",\"anchor\":");
        match &anchor {
            Some(time) => json::write_string(time, out),
            None => out.push_str("null"),
        }
        for (name, value) in row.cells() {
            out.push(',');
            json::write_string(&name, out);
            out.push(':');
            json::write_json(value, out);
        }
        out.push_str("}\n");
    }
    days
}

impl Features {
    /// Writes the days that differ; a day that lost its rows becomes empty.
    pub async fn write(&self, identity: &str, before: &Days, now: &Days) -> Result<(), String> {
        let empty = before.keys().filter(|day| !now.contains_key(*day)).map(|day| (day, ""));
        let changed =
            now.iter().filter(|(day, rows)| before.get(*day) != Some(rows)).map(|(day, rows)| (day, rows.as_str()));
        for (day, rows) in changed.chain(empty) {
            let key = format!("{}dt={day}/{}.jsonl", self.window.prefix, file_name(identity));
            let put = self.client.put_object().bucket(&self.window.bucket).key(key);
            let put = put.content_type("application/x-ndjson").body(ByteStream::from(rows.as_bytes().to_vec()));
            put.send().await.map_err(|error| DisplayErrorContext(error).to_string())?;
        }
        Ok(())
    }
}

/// An identity as a file name: percent-encoded; a very long one is cut and told apart by a hash.
fn file_name(identity: &str) -> String {
    let mut name = String::with_capacity(identity.len());
    for byte in identity.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => name.push(char::from(byte)),
            _ => name.push_str(&format!("%{byte:02X}")),
        }
    }
    if name.len() > IDENTITY_BYTES {
        name.truncate(IDENTITY_BYTES);
        name.push_str(&format!("~{:016x}", fnv1a(identity.as_bytes())));
    }
    name
}

/// FNV-1a: the same on every machine and in every version.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_are_safe_and_distinct() {
        assert_eq!(file_name("user-1"), "user-1");
        assert_eq!(file_name("a/b:c"), "a%2Fb%3Ac");
        let (one, other) = ("x".repeat(2000), format!("{}y", "x".repeat(1999)));
        assert!(file_name(&one).len() < 800 && file_name(&one) != file_name(&other));
    }
}
