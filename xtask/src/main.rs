//! `cargo xtask`: everything that is done to this repository by a command. Reads the command
//! line and hands over; refuses to hold any command's work.

mod args;
mod bench;
mod bindgen;
mod files;
mod fuzz;
mod gzip;
mod lambda;
mod native;
mod process;
mod project;
mod scripts;
mod setup;
mod stamp;
mod studio;
mod test;
mod tidy;
mod timing;
mod ui;
mod verify;
mod wasm;
mod wasm_rows;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  studio [--web | --desktop] [--port N] [FOLDER]
             set up, build and open the studio: its window where there is a display,
             else the page in a browser
  test       set up and run every check and test
  setup [--for studio|web|test|all]
             install what is missing on this machine
  ui [--fast] [--check]
             build the page into ui/dist (--fast: quick and big; --check: sizes must fit)
  lambda     build the function of an exported bundle
  wasm-rows  build the engine for node, which the suite compares with the native one
  bench attribution [--runs N] [--journeys N] [--dry]
             measure `dtc attribute` beside ChannelAttribution and DuckDB and write docs/BENCHMARKS.md
             (--dry: print only)
  bench check
             measure the check of documents and write docs/BENCHMARKS.md
  bench engine [--runs N] [--only shapes|growth|expressions|edits] [--huge]
             measure the engine against parsing alone and against DuckDB and Polars, and write
             docs/BENCHMARKS.md (--huge: 10 GB too)
  bench engine --quick [--shape offer|wide|deep] [--runs N]
             parsing alone and ours, printed
  bench join [--runs N] [--seconds S] [--connections N] [--open N] [--dry]
             measure the join service beside FastAPI with SQLite and write docs/BENCHMARKS.md
  bench lambda [--runs N] [--calls N] [--dry]
             measure the function of a bundle beside the same transform in Python and write
             docs/BENCHMARKS.md
  bench stores
             measure embedded stores on what a batch does to a state
  fuzz [--minutes N] [yaml | expression | data]
             search for inputs that break the language or the readers
  verify-bundle [DIR]
             prove an exported bundle without a cloud: lint, policy, and a replay of its events (without DIR:
             those of our templates, exported first)
  tidy       check the rules of the house
";

fn main() -> ExitCode {
    let mut args = args::Args::from_env();
    let command = args.next_word().unwrap_or_else(|| "help".to_owned());
    let done = match command.as_str() {
        "studio" => studio::command(args),
        "test" => test::command(args),
        "setup" => setup::command(args),
        "ui" => ui::command(args),
        "lambda" => lambda::command(args),
        "wasm-rows" => wasm_rows::command(args),
        "bench" => bench::command(args),
        "fuzz" => fuzz::command(args),
        "verify-bundle" => verify::command(args),
        "tidy" => tidy::command(args),
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
