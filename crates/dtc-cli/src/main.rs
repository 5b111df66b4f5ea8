//! `dtc`: validate, transform, attribute, export and serve from the command line. Thin: it reads arguments, calls
//! the crates that do the work, and prints. Exit codes: 0 fine, 1 errors, 2 wrong usage.

mod args;
mod aside;
mod attribute;
mod bandit;
mod carried;
mod checking;
mod explain;
mod export;
mod failure;
mod format;
mod joining;
mod lsp;
mod place;
mod project;
mod render;
mod report;
mod schema;
mod serve;
mod size;
mod texts;
mod transform;
mod validate;

use std::process::ExitCode;

use clap::Parser;

use crate::args::{Cli, Command};
use crate::failure::Failure;

/// Many threads make many small values, and some give back what others made.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Validate(arguments) => validate::run(&arguments),
        Command::Format(arguments) => format::run(&arguments),
        Command::Transform(arguments) => transform::run(&arguments),
        Command::Explain(arguments) => explain::run(&arguments),
        Command::Attribute(arguments) => attribute::run(&arguments),
        Command::Export(arguments) => export::run(&arguments),
        Command::Bandit(command) => bandit::run(&command),
        Command::Join(command) => joining::run(command),
        Command::Serve(arguments) => serve::run(arguments),
        Command::Lsp => lsp::run(),
        Command::Schema => schema::run(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Reported) => ExitCode::from(1),
        Err(Failure::Message(message)) => {
            eprintln!("error: {message}");
            ExitCode::from(1)
        }
        Err(Failure::Usage(message)) => {
            eprintln!("error: {message}\n\nFor more information, try '--help'.");
            ExitCode::from(2)
        }
    }
}
