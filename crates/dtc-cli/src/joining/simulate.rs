//! `dtc join simulate`: seeded decisions, rewards and overrides, or raw events of a file, against a running service.

use std::fs::File;
use std::io::{self, BufReader, Write};

use join_service::simulate::{Play, play, send};
use serde_json::json;

use crate::args::JoinSimulate;
use crate::failure::{Failure, Outcome, printing};

pub fn run(arguments: &JoinSimulate) -> Outcome {
    let played = match &arguments.events {
        Some(path) => {
            let file = File::open(path).map_err(|error| Failure::Message(format!("{}: {error}", path.display())))?;
            send(&arguments.address, &mut BufReader::new(file), arguments.rate)
        }
        None => play(&Play {
            address: arguments.address.clone(),
            rate: arguments.rate,
            seconds: arguments.seconds,
            connections: arguments.connections,
            seed: arguments.seed,
            window_ms: arguments.window_ms,
        }),
    };
    let played = played
        .map_err(|error| Failure::Message(format!("{}: {error}; is the service running there?", arguments.address)))?;
    let answers = played.answers.len() as f64;
    let told = json!({
        "decisions": played.decisions, "rewards": played.rewards, "overrides": played.overrides,
        "refused": played.refused, "seconds": played.seconds, "requests_per_second": answers / played.seconds,
        "answer_micros": {"p50": played.percentile(0.5), "p90": played.percentile(0.9), "p99": played.percentile(0.99)},
    });
    writeln!(io::stdout(), "{told}").map_err(|error| printing(&error))?;
    if played.refused == 0 {
        Ok(())
    } else {
        Err(Failure::Message(format!("{} requests were refused", played.refused)))
    }
}
