//! Turning asynchronous steps into tests that report as all others do, one after the other.

use std::pin::Pin;
use std::process::ExitCode;

use anyhow::Result;
use libtest_mimic::{Arguments, Failed, Trial};

pub type Steps<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// A test that owns a runtime for its time.
pub fn trial(name: &str, steps: fn() -> Steps<'static>) -> Trial {
    Trial::test(name, move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(steps()).map_err(|error| Failed::from(format!("{error:#}")))
    })
}

/// One at a time: two machines' worth of browsers would only disturb each other's clocks.
pub fn run(trials: Vec<Trial>) -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    libtest_mimic::run(&arguments, trials).exit_code()
}
