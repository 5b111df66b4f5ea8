//! The connection to AWS: credentials, region and endpoint from where AWS's own tools take them. Calls are
//! made from plain threads, which wait for their answers.

use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_s3::config::SharedHttpClient;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use dtc_io::IoError;
use tokio::runtime::Runtime;

/// A connection; a clone is the same one.
#[derive(Clone)]
pub struct Aws {
    runtime: Arc<Runtime>,
    config: SdkConfig,
    path_style: bool,
}

impl Aws {
    /// `endpoint`: another address for every service; otherwise `AWS_ENDPOINT_URL`, or AWS.
    /// Refuses to start without credentials and region.
    pub fn connect(endpoint: Option<&str>) -> Result<Aws, IoError> {
        let runtime = runtime()?;
        let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http_client());
        if let Some(endpoint) = endpoint {
            loader = loader.endpoint_url(endpoint);
        }
        let mut config = runtime.block_on(loader.load());
        let local = config.endpoint_url().is_some();
        if config.region().is_none() && local {
            config = config.into_builder().region(Region::new("us-east-1")).build();
        }
        if config.region().is_none() {
            let cure = "set AWS_REGION, or write `region = …` into ~/.aws/config";
            return Err(refused("no region is set".to_owned(), cure));
        }
        let found = match config.credentials_provider() {
            Some(provider) => runtime.block_on(provider.provide_credentials()).is_ok(),
            None => false,
        };
        if !found {
            let cure = "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, or run `aws configure`";
            return Err(refused("no credentials were found".to_owned(), cure));
        }
        let path_style = local || std::env::var_os("AWS_ENDPOINT_URL_S3").is_some();
        Ok(Aws { runtime: Arc::new(runtime), config, path_style })
    }

    /// A server that speaks AWS's language, with keys of its own; the environment is not asked.
    pub fn with_keys(endpoint: &str, region: &str, key_id: &str, secret: &str) -> Result<Aws, IoError> {
        let credentials = Credentials::new(key_id, secret, None, None, "given");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(http_client())
            .endpoint_url(endpoint)
            .region(Region::new(region.to_owned()))
            .credentials_provider(SharedCredentialsProvider::new(credentials));
        Ok(Aws { runtime: Arc::new(runtime()?), config: config.build(), path_style: true })
    }

    pub fn dynamodb(&self) -> aws_sdk_dynamodb::Client {
        aws_sdk_dynamodb::Client::new(&self.config)
    }

    pub fn s3(&self) -> aws_sdk_s3::Client {
        let config = aws_sdk_s3::config::Builder::from(&self.config);
        // A bucket in the host name needs a name server that knows it.
        aws_sdk_s3::Client::from_conf(config.force_path_style(self.path_style).build())
    }

    /// Waits for an answer.
    pub fn wait<T>(&self, answer: impl Future<Output = T>) -> T {
        self.runtime.block_on(answer)
    }
}

fn runtime() -> Result<Runtime, IoError> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.map_err(|cause| refused(cause.to_string(), "free some memory and try again"))
}

fn http_client() -> SharedHttpClient {
    Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}

fn refused(what: String, cure: &str) -> IoError {
    IoError::Remote { place: "AWS".to_owned(), what, cure: cure.to_owned() }
}
