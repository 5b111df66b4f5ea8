//! Clients of AWS: credentials from the environment (Lambda puts them there), TLS by ring, names looked
//! up by our own resolver, because a static program cannot load the C library's.

use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, SharedHttpClient};
use aws_smithy_dns::HickoryDnsResolver;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

use crate::settings::Settings;

pub struct Services {
    http: SharedHttpClient,
    credentials: Credentials,
    region: Region,
    endpoint: Option<String>,
}

/// What every client of a service's crate is told; each crate has a type of its own for it.
macro_rules! config {
    ($services:expr, $service:ident) => {{
        let config = $service::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client($services.http.clone())
            .credentials_provider($services.credentials.clone())
            .region($services.region.clone());
        match &$services.endpoint {
            Some(endpoint) => config.endpoint_url(endpoint),
            None => config,
        }
    }};
}

impl Services {
    /// Call inside the asynchronous runtime.
    pub fn new(settings: &Settings) -> Result<Services, String> {
        let variable =
            |name: &str| std::env::var(name).map_err(|_| format!("the environment variable {name} is missing"));
        let token = std::env::var("AWS_SESSION_TOKEN").ok().filter(|token| !token.is_empty());
        let credentials = Credentials::new(
            variable("AWS_ACCESS_KEY_ID")?,
            variable("AWS_SECRET_ACCESS_KEY")?,
            token,
            None,
            "environment",
        );
        let http = Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_with_resolver(HickoryDnsResolver::default());
        Ok(Services {
            http,
            credentials,
            region: Region::new(settings.region.clone()),
            endpoint: settings.endpoint.clone(),
        })
    }

    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::from_conf(config!(self, aws_sdk_dynamodb).build())
    }

    pub fn s3(&self) -> aws_sdk_s3::Client {
        // Buckets in the host name need a name server that knows them.
        let config = config!(self, aws_sdk_s3).force_path_style(self.endpoint.is_some());
        aws_sdk_s3::Client::from_conf(config.build())
    }

    pub fn sqs(&self) -> aws_sdk_sqs::Client {
        aws_sdk_sqs::Client::from_conf(config!(self, aws_sdk_sqs).build())
    }
}
