//! What sinks and sources a service is told of, by options or as texts such as `kafka://broker:9092/topic`.

use std::path::PathBuf;

use crate::error::ServiceError;

/// Bytes after which a sink of files begins the next one.
pub const FILE_BYTES: u64 = 64 << 20;

/// Where records go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SinkOptions {
    /// How far it came is kept by this name; letters, digits, `_` and `-`.
    pub name: String,
    pub kind: SinkKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SinkKind {
    Stdout,
    /// JSON Lines, a new file after `most` bytes.
    Files {
        folder: PathBuf,
        most: u64,
    },
    /// JSON Lines posted to an `http://` or `https://` address; `token` is sent as a bearer's.
    Http {
        url: String,
        token: Option<String>,
    },
    Kafka(Topic),
    Kinesis(Stream),
}

/// Where raw events come from beside HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceOptions {
    /// How far it was read is kept by this name.
    pub name: String,
    pub kind: SourceKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceKind {
    /// JSON Lines that grow, in the order of their names.
    Files {
        folder: PathBuf,
    },
    Kafka(Topic),
    Kinesis(Stream),
}

/// Of Kafka or Redpanda; `brokers` are `host:port`, separated by commas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    pub brokers: String,
    pub topic: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stream {
    pub stream: String,
    pub region: Option<String>,
    /// Another address than AWS's.
    pub endpoint: Option<String>,
}

impl SinkKind {
    pub fn name(&self) -> &'static str {
        match self {
            SinkKind::Stdout => "stdout",
            SinkKind::Files { .. } => "files",
            SinkKind::Http { .. } => "http",
            SinkKind::Kafka(_) => "kafka",
            SinkKind::Kinesis(_) => "kinesis",
        }
    }

    /// `stdout:`, `files:DIR`, `http(s)://…`, `kafka://BROKERS/TOPIC`, `kinesis://STREAM?region=…&endpoint=…`.
    pub fn of_text(text: &str) -> Result<SinkKind, ServiceError> {
        if text == "stdout:" {
            return Ok(SinkKind::Stdout);
        }
        if text.starts_with("http://") || text.starts_with("https://") {
            return Ok(SinkKind::Http { url: text.to_owned(), token: None });
        }
        Ok(match SourceKind::of_text(text)? {
            SourceKind::Files { folder } => SinkKind::Files { folder, most: FILE_BYTES },
            SourceKind::Kafka(topic) => SinkKind::Kafka(topic),
            SourceKind::Kinesis(stream) => SinkKind::Kinesis(stream),
        })
    }
}

impl SourceKind {
    pub fn name(&self) -> &'static str {
        match self {
            SourceKind::Files { .. } => "files",
            SourceKind::Kafka(_) => "kafka",
            SourceKind::Kinesis(_) => "kinesis",
        }
    }

    /// `files:DIR`, `kafka://BROKERS/TOPIC`, `kinesis://STREAM?region=…&endpoint=…`.
    pub fn of_text(text: &str) -> Result<SourceKind, ServiceError> {
        let refused = || ServiceError::Address(text.to_owned());
        if let Some(folder) = text.strip_prefix("files:").filter(|folder| !folder.is_empty()) {
            return Ok(SourceKind::Files { folder: folder.into() });
        }
        if let Some(rest) = text.strip_prefix("kafka://") {
            let (brokers, topic) = rest.split_once('/').ok_or_else(refused)?;
            if brokers.is_empty() || topic.is_empty() || topic.contains('/') {
                return Err(refused());
            }
            return Ok(SourceKind::Kafka(Topic { brokers: brokers.to_owned(), topic: topic.to_owned() }));
        }
        let rest = text.strip_prefix("kinesis://").ok_or_else(refused)?;
        let (stream, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut found = Stream { stream: stream.to_owned(), region: None, endpoint: None };
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("region", region)) => found.region = Some(region.to_owned()),
                Some(("endpoint", endpoint)) => found.endpoint = Some(endpoint.to_owned()),
                _ => return Err(refused()),
            }
        }
        if stream.is_empty() { Err(refused()) } else { Ok(SourceKind::Kinesis(found)) }
    }
}

/// Gives each its kind's name, with a number where that is taken.
pub fn named<K>(kinds: Vec<K>, mut taken: Vec<String>, name: impl Fn(&K) -> &'static str) -> Vec<(String, K)> {
    let mut all = Vec::new();
    for kind in kinds {
        let mut own = name(&kind).to_owned();
        let mut number = 1;
        while taken.contains(&own) {
            number += 1;
            own = format!("{}_{number}", name(&kind));
        }
        taken.push(own.clone());
        all.push((own, kind));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_name_sinks_and_others_are_refused() {
        let topic = Topic { brokers: "a:1,b:2".to_owned(), topic: "t".to_owned() };
        let stream =
            Stream { stream: "s".to_owned(), region: Some("r".to_owned()), endpoint: Some("http://h:1".to_owned()) };
        let good = [
            ("stdout:", SinkKind::Stdout),
            ("files:out", SinkKind::Files { folder: "out".into(), most: FILE_BYTES }),
            ("https://h/p", SinkKind::Http { url: "https://h/p".to_owned(), token: None }),
            ("kafka://a:1,b:2/t", SinkKind::Kafka(topic)),
            ("kinesis://s?region=r&endpoint=http://h:1", SinkKind::Kinesis(stream)),
        ];
        for (text, kind) in good {
            assert_eq!(SinkKind::of_text(text).unwrap(), kind, "{text}");
        }
        for text in ["", "files:", "kafka://a:1", "kafka:///t", "kinesis://", "kinesis://s?x=1", "ftp://h"] {
            assert!(SinkKind::of_text(text).is_err(), "{text}");
        }
    }
}
