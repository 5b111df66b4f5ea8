//! Another service, spoken to in HTTP/1.1, over TLS where its address says https. What it does not take with an answer of
//! 2xx comes again, with the same ids.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::{ANSWER, Sink};
use crate::error::ServiceError;
use crate::record::Head;

pub struct Http {
    host: String,
    port: u16,
    path: String,
    tls: Option<Arc<ClientConfig>>,
    token: Option<String>,
    identity: String,
}

impl Http {
    pub fn of(address: &str, token: Option<&str>, identity: &str) -> Result<Http, ServiceError> {
        let refused = || ServiceError::Address(address.to_owned());
        let (rest, is_safe) = match (address.strip_prefix("http://"), address.strip_prefix("https://")) {
            (Some(rest), _) => (rest, false),
            (_, Some(rest)) => (rest, true),
            _ => return Err(refused()),
        };
        let (place, path) =
            rest.split_once('/').map_or((rest, "/".to_owned()), |(place, path)| (place, format!("/{path}")));
        let (host, port) = match place.rsplit_once(':').filter(|(_, port)| !port.ends_with(']')) {
            Some((host, port)) => (host, port.parse().map_err(|_| refused())?),
            None => (place, if is_safe { 443 } else { 80 }),
        };
        let is_bad = |text: &str| text.contains(|letter: char| letter.is_whitespace() || letter.is_control());
        if host.is_empty() || is_bad(host) || is_bad(&path) || token.is_some_and(is_bad) {
            return Err(refused());
        }
        let tls = is_safe.then(trusting).transpose()?;
        let token = token.map(str::to_owned);
        Ok(Http { host: host.to_owned(), port, path, tls, token, identity: identity.to_owned() })
    }

    fn post(&self, stream: &mut (impl Read + Write), lines: &[u8]) -> io::Result<()> {
        let first = lines.split_inclusive(|byte| *byte == b'\n').next().and_then(Head::of_line);
        let key = first.map(|head| format!("Idempotency-Key: {}-{}-{}\r\n", self.identity, head.id, lines.len()));
        let token = self.token.as_ref().map(|token| format!("Authorization: Bearer {token}\r\n"));
        let head = format!(
            "POST {} HTTP/1.1\r\nHost: {}:{}\r\nContent-Type: application/x-ndjson\r\nContent-Length: {}\r\n\
             Join-Service: {}\r\n{}{}Connection: close\r\n\r\n",
            self.path,
            self.host,
            self.port,
            lines.len(),
            self.identity,
            key.unwrap_or_default(),
            token.unwrap_or_default()
        );
        stream.write_all(head.as_bytes())?;
        stream.write_all(lines)?;
        stream.flush()?;
        let mut status = String::new();
        BufReader::new(stream).read_line(&mut status)?;
        match status.split_whitespace().nth(1) {
            Some(code) if code.starts_with('2') => Ok(()),
            _ => Err(io::Error::other(format!("it answered `{}`", status.trim()))),
        }
    }
}

impl Sink for Http {
    fn open(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn take(&mut self, lines: &[u8]) -> io::Result<()> {
        let stream = TcpStream::connect((self.host.trim_matches(['[', ']']), self.port));
        let unreached = |error| io::Error::other(format!("{}:{} cannot be reached: {error}", self.host, self.port));
        let mut stream = stream.map_err(unreached)?;
        stream.set_read_timeout(Some(ANSWER))?;
        stream.set_write_timeout(Some(ANSWER))?;
        let Some(tls) = &self.tls else { return self.post(&mut stream, lines) };
        let name = ServerName::try_from(self.host.trim_matches(['[', ']']).to_owned()).map_err(io::Error::other)?;
        let connection = ClientConnection::new(tls.clone(), name).map_err(io::Error::other)?;
        self.post(&mut StreamOwned::new(connection, stream), lines)
    }
}

/// Trusts whom the system trusts, or the certificates of `SSL_CERT_FILE`.
fn trusting() -> Result<Arc<ClientConfig>, ServiceError> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        let why = "no certificates are trusted here; install ca-certificates, or set SSL_CERT_FILE";
        return Err(ServiceError::Stopped(why.to_owned()));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config.map_err(|error| ServiceError::Stopped(format!("TLS cannot be spoken: {error}")))?;
    Ok(Arc::new(config.with_root_certificates(roots).with_no_client_auth()))
}
