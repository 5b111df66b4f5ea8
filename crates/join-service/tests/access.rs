//! Kafka's brokers over TLS and with a login: what the settings say reaches them, and a refusal is told in clear words.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, mpsc};

use serde_json::Value;

use crate::{Running, folder, until};

/// Kafka's numbers of the requests that come before anything else.
const SASL_HANDSHAKE: i16 = 17;
const API_VERSIONS: i16 = 18;
const SASL_AUTHENTICATE: i16 = 36;
const UNSUPPORTED_VERSION: i16 = 35;
const SASL_AUTHENTICATION_FAILED: i16 = 58;

/// A broker that speaks TLS, lets nobody in, and tells how they tried.
struct Broker {
    address: String,
    certificate: String,
    /// The mechanism, and what was said by it.
    tried: Receiver<(String, Vec<u8>)>,
}

fn broker() -> Broker {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let key = rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = Arc::new(config.with_no_client_auth().with_single_cert(vec![made.cert.der().clone()], key).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("localhost:{}", listener.local_addr().unwrap().port());
    let (sender, tried) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (config, sender) = (config.clone(), sender.clone());
            std::thread::spawn(move || {
                let connection = rustls::ServerConnection::new(config).unwrap();
                // Whoever does not trust us goes away.
                let _ = speak(rustls::StreamOwned::new(connection, stream.unwrap()), &sender);
            });
        }
    });
    Broker { address, certificate: made.cert.pem(), tried }
}

fn speak(
    mut stream: rustls::StreamOwned<rustls::ServerConnection, TcpStream>,
    tried: &mpsc::Sender<(String, Vec<u8>)>,
) -> std::io::Result<()> {
    let mut mechanism = String::new();
    loop {
        let mut length = [0; 4];
        stream.read_exact(&mut length)?;
        let mut request = vec![0; u32::from_be_bytes(length) as usize];
        stream.read_exact(&mut request)?;
        let word = |at: usize| i16::from_be_bytes([request[at], request[at + 1]]);
        let (kind, version) = (word(0), word(2));
        let body = &request[10 + word(8).max(0) as usize..];
        let mut answer = request[4..8].to_vec();
        match kind {
            API_VERSIONS => {
                let error = if version == 0 { 0 } else { UNSUPPORTED_VERSION };
                answer.extend(error.to_be_bytes());
                let known = [(3, 0, 4), (SASL_HANDSHAKE, 0, 1), (API_VERSIONS, 0, 0), (SASL_AUTHENTICATE, 0, 0)];
                answer.extend((known.len() as u32).to_be_bytes());
                known.iter().for_each(|(kind, low, high)| {
                    [kind, low, high].iter().for_each(|number| answer.extend(number.to_be_bytes()));
                });
            }
            SASL_HANDSHAKE => {
                mechanism = String::from_utf8(body[2..].to_vec()).unwrap();
                answer.extend(0_i16.to_be_bytes());
                answer.extend(1_u32.to_be_bytes());
                answer.extend((mechanism.len() as u16).to_be_bytes());
                answer.extend(mechanism.as_bytes());
            }
            SASL_AUTHENTICATE => {
                tell(tried, &mechanism, &body[4..]);
                answer.extend(SASL_AUTHENTICATION_FAILED.to_be_bytes());
                let reason = "nobody of that name";
                answer.extend((reason.len() as u16).to_be_bytes());
                answer.extend(reason.as_bytes());
                answer.extend(0_u32.to_be_bytes());
            }
            other => panic!("a request of kind {other} before the login"),
        }
        stream.write_all(&(answer.len() as u32).to_be_bytes())?;
        stream.write_all(&answer)?;
        stream.flush()?;
    }
}

fn tell(tried: &Sender<(String, Vec<u8>)>, mechanism: &str, said: &[u8]) {
    // The test may have ended.
    let _ = tried.send((mechanism.to_owned(), said.to_vec()));
}

fn service(data: &Path, arguments: &[&str]) -> Running {
    let mut command = Command::new(env!("CARGO_BIN_EXE_join-service"));
    command.env("JOINER_PASSWORD", "s3cret");
    Running::with(command, data, arguments)
}

fn error_of(service: &Running, outlets: &str) -> String {
    let state: Value = serde_json::from_str(&service.ask("GET", "/state", "").1).unwrap();
    state[outlets][0]["error"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_login_reaches_the_brokers_over_tls_and_a_refused_one_is_told() {
    let (data, broker) = (folder(), broker());
    let trusted = data.path().join("ca.pem");
    std::fs::write(&trusted, &broker.certificate).unwrap();
    let login = |mechanism: &str| {
        let (address, trusted) = (&broker.address, trusted.display());
        format!(
            "kafka://{address}/joined?certificates={trusted}&mechanism={mechanism}&user=joiner&password_variable=JOINER_PASSWORD"
        )
    };
    let (sink, source) = (login("plain"), login("scram-sha-256"));
    let service = service(data.path(), &["--window", "10", "--sink", &sink, "--source", &source]);
    assert_eq!(service.post("/log_decision", r#"{"key":"k","action":"a","probability":1}"#).0, 200);
    for outlets in ["sinks", "sources"] {
        until("the refusal is told", || {
            let error = error_of(&service, outlets);
            assert!(!error.contains("s3cret"), "{error}");
            error.contains("the brokers do not accept the login") && error.contains("nobody of that name")
        });
    }
    let tried: Vec<(String, Vec<u8>)> = broker.tried.try_iter().collect();
    assert!(tried.contains(&("PLAIN".to_owned(), b"\0joiner\0s3cret".to_vec())), "{tried:?}");
    let scram = tried.iter().find(|(mechanism, _)| mechanism == "SCRAM-SHA-256");
    assert!(scram.is_some_and(|(_, said)| said.starts_with(b"n,,n=joiner,r=")), "{tried:?}");
    // Records wait, and intake goes on.
    assert_eq!(service.post("/log_decision", r#"{"key":"k2","action":"a","probability":1}"#).0, 200);
}

#[test]
fn brokers_whom_nobody_vouches_for_get_nothing_and_that_is_told() {
    let (data, broker) = (folder(), broker());
    let stranger = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let trusted = data.path().join("ca.pem");
    std::fs::write(&trusted, stranger.cert.pem()).unwrap();
    let sink = format!("kafka://{}/joined?certificates={}", broker.address, trusted.display());
    let service = service(data.path(), &["--window", "10", "--sink", &sink]);
    assert_eq!(service.post("/log_decision", r#"{"key":"k","action":"a","probability":1}"#).0, 200);
    until("the certificate is refused", || {
        let error = error_of(&service, "sinks");
        error.contains("TLS is not accepted") && error.contains("certificate")
    });
    assert!(broker.tried.try_iter().next().is_none());
}

#[test]
fn a_password_that_is_not_there_is_told_before_anything_is_served() {
    let data = folder();
    let mut command = Command::new(env!("CARGO_BIN_EXE_join-service"));
    let sink = "kafka://localhost:1/t?tls=true&user=joiner&password_variable=NO_SUCH_VARIABLE";
    let said = command.args(["--listen", "127.0.0.1:0", "--sink", sink, "--data"]).arg(data.path()).output().unwrap();
    let text = String::from_utf8(said.stderr).unwrap();
    assert!(!said.status.success() && text.contains("NO_SUCH_VARIABLE; set it"), "{text}");
}
