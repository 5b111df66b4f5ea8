//! `cargo xtask`: everything that is done to this repository by a command. Reads the command
//! line and hands over; refuses to hold any command's work.

mod args;
mod bindgen;
mod files;
mod gzip;
mod process;
mod project;
mod scripts;
mod stamp;
mod timing;
mod ui;
mod wasm;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  ui [--fast] [--check]     build the page into ui/dist (--fast: quick and big; --check: sizes must fit)
";

fn main() -> ExitCode {
    let mut args = args::Args::from_env();
    let command = args.next_word().unwrap_or_else(|| "help".to_owned());
    let done = match command.as_str() {
        "ui" => ui::command(args),
        "help" | "-h" | "--help" => {
            print!("{HELP}");
            Ok(())
        }
        other => Err(anyhow::anyhow!("there is no command `{other}`\n\n{HELP}")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
