//! `dtc join replay`: the records that a service's log gives, or its events as a table.

use std::io::{self, Write};

use bandit::Rule;
use join_service::{ServiceError, replay};

use super::serve;
use crate::args::JoinReplay;
use crate::failure::{Failure, Outcome, printing};

pub fn run(arguments: &JoinReplay) -> Outcome {
    let failed = |error: ServiceError| Failure::Message(error.to_string());
    let mut out = io::BufWriter::new(io::stdout().lock());
    let mut written = Ok(());
    let mut write = |bytes: &[u8]| {
        if written.is_ok() {
            written = out.write_all(bytes);
        }
    };
    if arguments.events {
        replay::events(&arguments.data, |line| write(line.as_bytes())).map_err(failed)?;
    } else {
        let rule = match &arguments.document {
            Some(path) => studio::join_rule(&serve::read(path)?.0),
            None => Rule { remember_ms: 600_000, ..Rule::default() },
        };
        replay::records(&arguments.data, rule, None, write).map_err(failed)?;
    }
    written.and_then(|()| out.flush()).map_err(|error| printing(&error))
}
