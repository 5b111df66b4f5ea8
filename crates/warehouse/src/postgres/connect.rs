//! The connection: where to, as whom, and encrypted unless the server is on this machine.

use std::error::Error as _;

use dtc_io::IoError;
use tokio::runtime::{Builder, Runtime};
use tokio_postgres::config::SslMode;
use tokio_postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::failure::failed;
use super::{Flavour, Link, PostgresPlace};
use crate::refusal::refused;
use crate::secret::Secrets;
use crate::trust::tls;

pub(super) fn connect(place: &PostgresPlace, flavour: Flavour, secrets: &Secrets) -> Result<Link, IoError> {
    let said = |given: &Option<String>, what: &str, usual: &str| given.clone().or_else(|| secrets.setting(what, usual));
    let host = said(&place.host, "HOST", "PGHOST").unwrap_or_else(|| "localhost".to_owned());
    let user = said(&place.user, "USER", "PGUSER").or_else(|| std::env::var("USER").ok()).unwrap_or_default();
    let database = said(&place.database, "DATABASE", "PGDATABASE").unwrap_or_else(|| user.clone());
    let usual = if flavour == Flavour::Redshift { 5439 } else { 5432 };
    let named = || secrets.setting("PORT", "PGPORT").and_then(|port| port.parse().ok());
    let port = place.port.or_else(named).unwrap_or(usual);
    let shown = format!("{}://{host}:{port}/{database}", if usual == 5432 { "postgres" } else { "redshift" });
    if user.is_empty() {
        let cure = format!("write `User` into the store, or set {} or PGUSER", secrets.variable("USER"));
        return Err(refused(&shown, "nobody says as whom to connect", cure));
    }
    let mut config = Config::new();
    config.host(&host).port(port).user(&user).dbname(&database).application_name("dtc");
    config.connect_timeout(std::time::Duration::from_secs(20));
    if let Some(password) = secrets.secret("PASSWORD", "PGPASSWORD") {
        config.password(password);
    }
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.map_err(|cause| refused(&shown, cause.to_string(), "free some memory and try again"))?;
    let client = if is_here(&host) {
        config.ssl_mode(SslMode::Disable);
        open(&runtime, &config, NoTls)
    } else {
        config.ssl_mode(SslMode::Require);
        open(&runtime, &config, MakeRustlsConnect::new(tls(&shown)?))
    };
    let lacks_password = |error: &tokio_postgres::Error| {
        error.source().is_some_and(|cause| cause.to_string().contains("password missing"))
    };
    let told = |error: &tokio_postgres::Error| match lacks_password(error) {
        true => {
            let cure = format!("set {} or PGPASSWORD, or put it into the keychain", secrets.variable("PASSWORD"));
            refused(&shown, format!("the server wants a password for `{user}`"), cure)
        }
        false => failed(&shown, error),
    };
    let client = tokio::sync::Mutex::new(client.map_err(|error| told(&error))?);
    Ok(Link { runtime, client, shown })
}

/// The connection works by itself, until its client is dropped.
fn open<T>(runtime: &Runtime, config: &Config, tls: T) -> Result<Client, tokio_postgres::Error>
where
    T: tokio_postgres::tls::MakeTlsConnect<tokio_postgres::Socket> + Send + 'static,
    T::Stream: Send,
    T::TlsConnect: Send,
    <T::TlsConnect as tokio_postgres::tls::TlsConnect<tokio_postgres::Socket>>::Future: Send,
{
    let (client, connection) = runtime.block_on(config.connect(tls))?;
    // What breaks it is told by the next statement.
    runtime.spawn(async move { drop(connection.await) });
    runtime.block_on(client.batch_execute("SET TimeZone = 'UTC'; SET DateStyle = 'ISO'"))?;
    Ok(client)
}

/// A socket, or an address that leads nowhere else.
fn is_here(host: &str) -> bool {
    let address = host.parse::<std::net::IpAddr>();
    host.starts_with('/')
        || host.eq_ignore_ascii_case("localhost")
        || address.is_ok_and(|address| address.is_loopback())
}
