//! `dtc format`: documents laid out alike, in place; a file that YAML cannot read is left as it is.

use crate::args::Format;
use crate::failure::{Failure, Outcome};
use crate::project;
use crate::render::{human, in_colour};
use crate::texts::gather;

pub fn run(arguments: &Format) -> Outcome {
    let (texts, unreadable) = gather(&arguments.files)?;
    let colour = in_colour(&std::io::stderr());
    let mut failed = !unreadable.is_empty();
    for file in &unreadable {
        eprintln!("error: {}", file.reason);
    }
    for text in texts {
        match dtc_lang::format(&text.text) {
            Ok(laid_out) if laid_out == text.text => {}
            Ok(_) if arguments.check => {
                eprintln!("would be laid out anew: {}", text.path.display());
                failed = true;
            }
            Ok(laid_out) => {
                project::write(&text.path, &laid_out)?;
                eprintln!("laid out: {}", text.path.display());
            }
            Err(problems) => {
                problems.iter().for_each(|problem| eprintln!("{}\n", human(&text, problem, colour)));
                failed = true;
            }
        }
    }
    if failed { Err(Failure::Reported) } else { Ok(()) }
}
