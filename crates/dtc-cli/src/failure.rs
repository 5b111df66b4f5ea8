//! How a command ends when it does not end well.

use std::io;

use dtc_io::IoError;

#[derive(Debug)]
pub enum Failure {
    /// Everything was printed already.
    Reported,
    /// What, where and cure, in a sentence.
    Message(String),
    /// The command was called wrongly.
    Usage(String),
}

pub type Outcome<T = ()> = Result<T, Failure>;

impl From<IoError> for Failure {
    fn from(error: IoError) -> Failure {
        Failure::Message(error.to_string())
    }
}

/// For writing to standard output: a reader that has gone (`| head`) is no failure to tell.
pub fn printing(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Failure::Reported,
        _ => Failure::Message(format!("could not write the output: {error}")),
    }
}
