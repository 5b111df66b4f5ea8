//! What sinks and sources a service is told of, by options or as texts such as `kafka://broker:9092/topic`.

use std::fmt;
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
    pub access: Access,
}

/// How brokers are spoken to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Access {
    pub tls: bool,
    /// The authorities to trust, a file of PEM; none: those of the system.
    pub certificates: Option<PathBuf>,
    pub login: Option<Login>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Login {
    pub mechanism: Mechanism,
    pub user: String,
    pub password: Secret,
}

/// Of SASL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mechanism {
    Plain,
    Scram256,
    Scram512,
}

/// A text that is not shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn new(text: String) -> Secret {
        Secret(text)
    }

    /// From the environment's variable of this name.
    pub fn of_variable(name: &str) -> Result<Secret, ServiceError> {
        std::env::var(name).map(Secret).map_err(|_| ServiceError::NoSecret(name.to_owned()))
    }

    #[cfg_attr(not(feature = "kafka"), allow(dead_code))]
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

impl Mechanism {
    const ALL: [(&'static str, Mechanism); 3] =
        [("plain", Mechanism::Plain), ("scram-sha-256", Mechanism::Scram256), ("scram-sha-512", Mechanism::Scram512)];

    pub fn of_name(name: &str) -> Option<Mechanism> {
        Mechanism::ALL.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, mechanism)| *mechanism)
    }

    /// As Kafka has it.
    #[cfg_attr(not(feature = "kafka"), allow(dead_code))]
    pub(crate) fn name(self) -> &'static str {
        match self {
            Mechanism::Plain => "PLAIN",
            Mechanism::Scram256 => "SCRAM-SHA-256",
            Mechanism::Scram512 => "SCRAM-SHA-512",
        }
    }
}

impl Access {
    /// librdkafka's `security.protocol`.
    #[cfg_attr(not(feature = "kafka"), allow(dead_code))]
    pub(crate) fn protocol(&self) -> &'static str {
        match (self.tls, &self.login) {
            (false, None) => "plaintext",
            (true, None) => "ssl",
            (false, Some(_)) => "sasl_plaintext",
            (true, Some(_)) => "sasl_ssl",
        }
    }

    /// `tls=true&certificates=FILE&mechanism=NAME&user=NAME&password_variable=NAME`, each where it is needed; `None` where
    /// that is not understood.
    fn of_query(query: &str) -> Result<Option<Access>, ServiceError> {
        let mut access = Access::default();
        let (mut mechanism, mut user, mut variable) = (Mechanism::Scram512, None, None);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            match pair.split_once('=') {
                Some(("tls", "true")) => access.tls = true,
                Some(("tls", "false")) => access.tls = false,
                Some(("certificates", file)) => access.certificates = Some(file.into()),
                Some(("mechanism", name)) => match Mechanism::of_name(name) {
                    Some(known) => mechanism = known,
                    None => return Ok(None),
                },
                Some(("user", name)) => user = Some(name.to_owned()),
                Some(("password_variable", name)) => variable = Some(name),
                _ => return Ok(None),
            }
        }
        access.tls |= access.certificates.is_some();
        access.login = match (user, variable) {
            (None, None) => None,
            (Some(user), Some(name)) => Some(Login { mechanism, user, password: Secret::of_variable(name)? }),
            _ => return Ok(None),
        };
        Ok(Some(access))
    }
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

    /// `stdout:`, `files:DIR`, `http(s)://…`, `kafka://BROKERS/TOPIC?…`, `kinesis://STREAM?region=…&endpoint=…`.
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

    /// `files:DIR`, `kafka://BROKERS/TOPIC?…` with what `Access` is told by, `kinesis://STREAM?region=…&endpoint=…`.
    pub fn of_text(text: &str) -> Result<SourceKind, ServiceError> {
        let refused = || ServiceError::Address(text.to_owned());
        if let Some(folder) = text.strip_prefix("files:").filter(|folder| !folder.is_empty()) {
            return Ok(SourceKind::Files { folder: folder.into() });
        }
        if let Some(rest) = text.strip_prefix("kafka://") {
            let (brokers, rest) = rest.split_once('/').ok_or_else(refused)?;
            let (topic, query) = rest.split_once('?').unwrap_or((rest, ""));
            if brokers.is_empty() || topic.is_empty() || topic.contains('/') {
                return Err(refused());
            }
            let access = Access::of_query(query)?.ok_or_else(refused)?;
            return Ok(SourceKind::Kafka(Topic { brokers: brokers.to_owned(), topic: topic.to_owned(), access }));
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
        let topic = Topic { brokers: "a:1,b:2".to_owned(), topic: "t".to_owned(), access: Access::default() };
        let safe = Access { tls: true, certificates: Some("ca.pem".into()), login: None };
        // A variable that is set everywhere.
        let password = Secret::of_variable("PATH").unwrap();
        assert_eq!(format!("{password:?}"), "…");
        let login = Login { mechanism: Mechanism::Scram256, user: "me".to_owned(), password };
        let known = Access { tls: true, certificates: None, login: Some(login) };
        let stream =
            Stream { stream: "s".to_owned(), region: Some("r".to_owned()), endpoint: Some("http://h:1".to_owned()) };
        let good = [
            ("stdout:", SinkKind::Stdout),
            ("files:out", SinkKind::Files { folder: "out".into(), most: FILE_BYTES }),
            ("https://h/p", SinkKind::Http { url: "https://h/p".to_owned(), token: None }),
            ("kafka://a:1,b:2/t", SinkKind::Kafka(topic.clone())),
            ("kafka://a:1,b:2/t?certificates=ca.pem", SinkKind::Kafka(Topic { access: safe, ..topic.clone() })),
            (
                "kafka://a:1,b:2/t?tls=true&mechanism=scram-sha-256&user=me&password_variable=PATH",
                SinkKind::Kafka(Topic { access: known, ..topic }),
            ),
            ("kinesis://s?region=r&endpoint=http://h:1", SinkKind::Kinesis(stream)),
        ];
        for (text, kind) in good {
            assert_eq!(SinkKind::of_text(text).unwrap(), kind, "{text}");
        }
        for text in ["kafka://a:1/t?tls=yes", "kafka://a:1/t?user=me", "kafka://a:1/t?mechanism=md5"] {
            assert!(SinkKind::of_text(text).is_err(), "{text}");
        }
        let missing = SinkKind::of_text("kafka://a:1/t?user=me&password_variable=NO_SUCH_VARIABLE").unwrap_err();
        assert!(missing.to_string().contains("NO_SUCH_VARIABLE"), "{missing}");
        for text in ["", "files:", "kafka://a:1", "kafka:///t", "kinesis://", "kinesis://s?x=1", "ftp://h"] {
            assert!(SinkKind::of_text(text).is_err(), "{text}");
        }
    }
}
