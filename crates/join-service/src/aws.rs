//! Kinesis by AWS's own client: credentials and region from where AWS's tools take them, waited for on one thread.

use std::io;
use std::time::Duration;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_kinesis::Client;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use tokio::runtime::Runtime;

use crate::error::ServiceError;
use crate::outlet::Stream;

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(30);

pub struct Kinesis {
    runtime: Runtime,
    stream: Stream,
    client: Option<Client>,
}

impl Kinesis {
    pub fn new(stream: &Stream) -> Result<Kinesis, ServiceError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|cause| ServiceError::Stopped(format!("no runtime could be made: {cause}")))?;
        Ok(Kinesis { runtime, stream: stream.clone(), client: None })
    }

    pub fn name(&self) -> &str {
        &self.stream.stream
    }

    /// Credentials are asked for anew.
    pub fn connect(&mut self) {
        let http = Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https();
        let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http);
        if let Some(endpoint) = &self.stream.endpoint {
            loader = loader.endpoint_url(endpoint);
        }
        if let Some(region) = &self.stream.region {
            loader = loader.region(Region::new(region.clone()));
        }
        let mut config = self.runtime.block_on(loader.load());
        if config.region().is_none() && config.endpoint_url().is_some() {
            config = config.into_builder().region(Region::new("us-east-1")).build();
        }
        self.client = Some(Client::new(&config));
    }

    /// Waits for an answer.
    pub fn ask<T, E, F>(&self, call: impl FnOnce(&Client) -> F) -> io::Result<T>
    where
        F: Future<Output = Result<T, E>>,
        E: std::error::Error + Send + Sync + 'static,
    {
        let Some(client) = &self.client else { return Err(io::Error::other("it is not open")) };
        let answer = call(client);
        let waited = self.runtime.block_on(async { tokio::time::timeout(ANSWER, answer).await });
        match waited {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(io::Error::other(whole(&error))),
            Err(_) => Err(io::Error::new(io::ErrorKind::TimedOut, "Kinesis does not answer")),
        }
    }
}

/// An error with what caused it: the outer ones of AWS's client say little.
fn whole(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        said = format!("{said}: {inner}");
        cause = inner.source();
    }
    said
}
