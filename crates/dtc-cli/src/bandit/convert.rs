//! `dtc bandit convert`: any log as VW dsjson, for `vw --dsjson --cb_adf`.

use std::io::{self, BufWriter, Write};

use bandit_log::dsjson_line;

use crate::args::BanditConvert;
use crate::failure::{Outcome, printing};

pub fn run(arguments: &BanditConvert) -> Outcome {
    let (log, _) = super::log::read(&arguments.input)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let write = |out: &mut dyn Write| -> io::Result<()> {
        for decision in &log.decisions {
            writeln!(out, "{}", dsjson_line(&log, decision))?;
        }
        out.flush()
    };
    write(&mut out).map_err(|error| printing(&error))
}
