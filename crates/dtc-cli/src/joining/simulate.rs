//! `dtc join simulate`: seeded decisions, rewards and overrides, or raw events of a file, against a running service.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Write};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use join_service::simulate::{Play, Played, play, send};
use serde_json::json;

use crate::args::JoinSimulate;
use crate::failure::{Failure, Outcome, printing};

pub fn run(arguments: &JoinSimulate) -> Outcome {
    for (name, number) in [("--rate", arguments.rate), ("--seconds", arguments.seconds)] {
        if !(number.is_finite() && number >= 0.0) {
            return Err(Failure::Usage(format!("{name} is {number}; give a number from 0 up")));
        }
    }
    // As it is copied from a browser or from what the service said.
    let address = arguments.address.trim_start_matches("http://").trim_end_matches('/');
    let played = match &arguments.events {
        Some(path) => send(address, &mut open(path)?, arguments.rate),
        None => play(&Play {
            address: address.to_owned(),
            rate: arguments.rate,
            seconds: arguments.seconds,
            connections: arguments.connections,
            seed: arguments.seed,
            window_ms: arguments.window_ms,
        }),
    };
    let played =
        played.map_err(|error| Failure::Message(format!("{address}: {error}; is the service running there?")))?;
    writeln!(io::stdout(), "{}", told(&played)).map_err(|error| printing(&error))?;
    match &played.first_refusal {
        None => Ok(()),
        Some(first) => {
            let requests = if played.refused == 1 { "request was" } else { "requests were" };
            Err(Failure::Message(format!("{} {requests} refused, the first with {first}", played.refused)))
        }
    }
}

/// Raw events, packed by gzip or not.
fn open(path: &Path) -> Outcome<Box<dyn BufRead>> {
    let failed = |error: io::Error| Failure::Message(format!("{}: {error}", path.display()));
    let mut file = BufReader::new(File::open(path).map_err(failed)?);
    let is_packed = file.fill_buf().map_err(failed)?.starts_with(&[0x1f, 0x8b]);
    Ok(if is_packed { Box::new(BufReader::new(MultiGzDecoder::new(file))) } else { Box::new(file) })
}

fn told(played: &Played) -> serde_json::Value {
    let answers = played.answers.len() as f64;
    let mut told = json!({
        "refused": played.refused, "seconds": played.seconds, "requests_per_second": answers / played.seconds,
        "answer_micros": {"p50": played.percentile(0.5), "p90": played.percentile(0.9), "p99": played.percentile(0.99)},
    });
    let counts = [
        ("decisions", played.decisions),
        ("rewards", played.rewards),
        ("overrides", played.overrides),
        ("events", played.events),
    ];
    for (name, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
        told[name] = json!(count);
    }
    told
}
