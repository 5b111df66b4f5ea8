//! The proof's events as requests to a route, answered by the function behind it, in the ways in which callers may send.

use anyhow::{Result, anyhow, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use runtime_api::Runtime;
use serde_json::{Value, json};

use super::proof::Proof;
use super::scenario;
use super::stack::Function;
use super::ways::Requests;

/// A body, and the answer that it must get.
type Sent = (Vec<u8>, u64);

pub struct Scenario {
    pub name: &'static str,
    /// By caller.
    sent: fn(&Proof) -> Vec<Vec<Sent>>,
    /// Answers get lost, so that callers send again.
    twice: bool,
    is_poisoned: bool,
}

const AS_GIVEN: Scenario =
    Scenario { name: "as given", sent: |proof| vec![bodies(&proof.events, 1)], twice: false, is_poisoned: false };

/// Those that the function's settings promise to bear.
pub fn all(function: &Function) -> Vec<Scenario> {
    let dedup = function.environment.iter().find(|(name, _)| name == "DTC_DEDUP").map(|(_, value)| value.as_str());
    let reordered: fn(&Proof) -> Vec<Vec<Sent>> = |proof| {
        let events: Vec<String> = scenario::interleaved(proof)
            .into_iter()
            .map(|(_, event)| String::from_utf8_lossy(&event).into_owned())
            .collect();
        vec![bodies(&events, 3)]
    };
    let mut all = vec![
        AS_GIVEN,
        Scenario { name: "together", sent: |proof| vec![bodies(&proof.events, 25)], ..AS_GIVEN },
        Scenario { name: "reordered", sent: reordered, ..AS_GIVEN },
        Scenario { name: "poisoned", sent: poisoned, is_poisoned: true, ..AS_GIVEN },
        Scenario { name: "parallel", sent: by_key, ..AS_GIVEN },
    ];
    if dedup == Some("event_id") {
        all.push(Scenario { name: "sent twice", twice: true, ..AS_GIVEN });
    }
    all
}

fn bodies(events: &[String], many: usize) -> Vec<Sent> {
    events.chunks(many).map(|part| (part.join("\n").into_bytes(), 202)).collect()
}

/// Three callers; the events of a key are sent by one.
fn by_key(proof: &Proof) -> Vec<Vec<Sent>> {
    proof.by_key().iter().map(|events| bodies(events, 2)).collect()
}

/// Bodies that hold no event, or one that cannot be read among others.
fn poisoned(proof: &Proof) -> Vec<Vec<Sent>> {
    let poison: [&[u8]; 4] = [b"\xff\xfe\x00 no text", b"{\"half\": ", b"[1, 2]", b""];
    let mut sent = Vec::new();
    for (number, (mut body, _)) in bodies(&proof.events, 4).into_iter().enumerate() {
        sent.push((poison[number % poison.len()].to_vec(), 400));
        let is_mixed = number % 2 == 0;
        if is_mixed {
            body.extend(b"\n{\"half\": ");
        }
        sent.push((body, if is_mixed { 400 } else { 202 }));
    }
    vec![sent]
}

impl Scenario {
    pub fn play(
        &self,
        route: &Requests,
        proof: &Proof,
        start: &(dyn Fn(usize) -> Result<Runtime> + Sync),
    ) -> Result<()> {
        let callers = (self.sent)(proof);
        let answered: Vec<Result<()>> = std::thread::scope(|scope| {
            let started: Vec<_> = callers
                .iter()
                .enumerate()
                .filter(|(_, bodies)| !bodies.is_empty())
                .map(|(caller, bodies)| {
                    scope.spawn(move || {
                        let mut function = start(caller)?;
                        bodies.iter().enumerate().try_for_each(|(number, sent)| {
                            (0..=usize::from(self.twice)).try_for_each(|_| one(&mut function, route, sent, number))
                        })
                    })
                })
                .collect();
            started.into_iter().map(|one| one.join().unwrap_or_else(|_| Err(anyhow!("a caller panicked")))).collect()
        });
        answered.into_iter().collect()
    }

    /// Requests that go to the queue for what cannot be taken.
    pub fn poison(&self, proof: &Proof) -> Option<usize> {
        self.is_poisoned.then(|| poisoned(proof)[0].iter().filter(|(_, status)| *status == 400).count())
    }
}

fn one(function: &mut Runtime, route: &Requests, (body, wanted): &Sent, number: usize) -> Result<()> {
    let answer = function.invoke(&event(&route.route, body, number))?;
    let answer = answer.map_err(|error| anyhow!("request {number} to {}: {error}", route.route))?;
    if answer["statusCode"].as_u64() != Some(*wanted) {
        bail!("request {number} to {} is answered by {answer} instead of {wanted}", route.route);
    }
    Ok(())
}

/// A request as an HTTP API hands it over (payload 2.0); what is no text in base64.
fn event(route: &str, body: &[u8], number: usize) -> Value {
    let (method, path) = route.split_once(' ').unwrap_or(("POST", "/"));
    let (body, encoded) = match std::str::from_utf8(body) {
        Ok(text) if number.is_multiple_of(2) => (text.to_owned(), false),
        _ => (STANDARD.encode(body), true),
    };
    json!({
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"content-type": "application/json", "host": "api.execute-api.us-east-1.amazonaws.com"},
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "api.execute-api.us-east-1.amazonaws.com",
            "http": {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "replay"},
            "requestId": format!("request-{number}="),
            "routeKey": route,
            "stage": "$default",
            "time": "01/Jan/2026:00:00:00 +0000",
            "timeEpoch": 1_767_225_600_000_u64,
        },
        "body": body,
        "isBase64Encoded": encoded,
    })
}
