//! Turning asynchronous steps into tests that report as all others do, one after the other.

use std::pin::Pin;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use libtest_mimic::{Arguments, Failed, Trial};

pub type Steps<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// A browser that hangs must not hang the whole run.
const PATIENCE: Duration = Duration::from_secs(240);

/// A test that owns a runtime for its time.
pub fn trial(name: &str, steps: fn() -> Steps<'static>) -> Trial {
    Trial::test(name, move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let outcome = runtime.block_on(async { tokio::time::timeout(PATIENCE, steps()).await });
        match outcome {
            Ok(result) => result.map_err(|error| Failed::from(format!("{error:#}"))),
            Err(_) => Err(Failed::from(format!("not done after {} seconds", PATIENCE.as_secs()))),
        }
    })
}

/// One at a time: two machines' worth of browsers would only disturb each other's clocks.
pub fn run(trials: Vec<Trial>) -> ExitCode {
    let mut arguments = Arguments::from_args();
    arguments.test_threads = Some(1);
    libtest_mimic::run(&arguments, trials).exit_code()
}
