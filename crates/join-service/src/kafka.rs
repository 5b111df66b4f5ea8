//! What sink and source of Kafka have in common: how brokers are spoken to, and what they said when they refused.

use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::client::ClientContext;
use rdkafka::config::{ClientConfig, RDKafkaLogLevel};
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::DeliveryResult;
use rdkafka::producer::ProducerContext;

use crate::outlet::Topic;

/// How long brokers may take for an answer.
pub const ANSWER: Duration = Duration::from_secs(30);
/// Between looks at what they said.
const LOOK: Duration = Duration::from_secs(1);

/// Where the brokers are, and how they are told who speaks.
pub fn config(topic: &Topic) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", &topic.brokers).set("security.protocol", topic.access.protocol());
    // Refusals reach `Heard`; nothing is written to the terminal.
    config.set_log_level(RDKafkaLogLevel::Emerg);
    if let Some(certificates) = &topic.access.certificates {
        config.set("ssl.ca.location", certificates.display().to_string());
    }
    if let Some(login) = &topic.access.login {
        config.set("sasl.mechanism", login.mechanism.name());
        config.set("sasl.username", &login.user).set("sasl.password", login.password.reveal());
    }
    config
}

/// Keeps the last thing that a client's brokers, or the way to them, complained of.
#[derive(Debug, Default)]
pub struct Heard(Mutex<Option<(KafkaError, String)>>);

impl Heard {
    /// The complaint behind an error, which alone says little.
    pub fn failed(&self, error: &KafkaError) -> io::Error {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some((_, reason)) => io::Error::other(format!("{error}: {reason}")),
            None => io::Error::other(error.to_string()),
        }
    }

    /// A refusal that waiting does not cure.
    fn refusal(&self) -> Option<io::Error> {
        let heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (error, reason) = heard.as_ref()?;
        match error.rdkafka_error_code()? {
            RDKafkaErrorCode::SSL => Some(io::Error::other(format!("the brokers' TLS is not accepted: {reason}"))),
            RDKafkaErrorCode::Authentication => {
                Some(io::Error::other(format!("the brokers do not accept the login: {reason}")))
            }
            _ => None,
        }
    }
}

impl ClientContext for Heard {
    fn log(&self, _level: RDKafkaLogLevel, _facility: &str, _message: &str) {}

    fn error(&self, error: KafkaError, reason: &str) {
        let mut heard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // That all brokers are away follows from what was said before.
        let follows = error.rdkafka_error_code() == Some(RDKafkaErrorCode::AllBrokersDown);
        if !(follows && heard.is_some()) {
            *heard = Some((error, reason.trim().to_owned()));
        }
    }
}

impl ConsumerContext for Heard {}

impl ProducerContext for Heard {
    type DeliveryOpaque = ();

    /// The transaction tells.
    fn delivery(&self, _result: &DeliveryResult<'_>, (): ()) {}
}

/// The partitions of a topic, which is made where the brokers make topics by themselves. The consumer has no assignment.
pub fn partitions(consumer: &BaseConsumer<Heard>, topic: &str) -> io::Result<Vec<i32>> {
    let started = Instant::now();
    let metadata = loop {
        match consumer.fetch_metadata(Some(topic), LOOK) {
            Ok(metadata) => break metadata,
            Err(error) => {
                // Complaints are heard by polling; nothing else can come yet.
                while consumer.poll(Duration::from_millis(1)).is_some() {}
                if let Some(refusal) = consumer.context().refusal() {
                    return Err(refusal);
                }
                if started.elapsed() > ANSWER {
                    return Err(consumer.context().failed(&error));
                }
            }
        }
    };
    let found = metadata.topics().iter().find(|one| one.name() == topic);
    let mut partitions: Vec<i32> =
        found.into_iter().flat_map(|one| one.partitions()).map(|partition| partition.id()).collect();
    partitions.sort_unstable();
    if partitions.is_empty() {
        return Err(io::Error::other(format!("there is no topic `{topic}`; make it first")));
    }
    Ok(partitions)
}

pub fn failed(error: KafkaError) -> io::Error {
    io::Error::other(error.to_string())
}
