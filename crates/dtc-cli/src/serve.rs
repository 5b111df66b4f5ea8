//! `dtc serve`: the studio for a browser on this machine, until it is stopped.

use std::io::{self, Write};
use std::process::{Command, Stdio};

use dtc_io::IoError;
use studio::{Config, Studio};
use studio_server::Options;

use crate::args::Serve;
use crate::failure::{Failure, Outcome};

pub fn run(arguments: Serve) -> Outcome {
    if let Some(folder) = &arguments.folder {
        let about = std::fs::metadata(folder).map_err(|cause| IoError::system(folder, "read", cause))?;
        if !about.is_dir() {
            return Err(IoError::IsFile { path: folder.clone() }.into());
        }
    }
    let config = Config { folder: arguments.folder, ..Config::from_environment() };
    let options = Options { studio: Studio::new(config), port: arguments.port, ui: None };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Failure::Message(format!("the server's threads could not be started: {error}")))?;
    runtime.block_on(serve(options, arguments.open))
}

async fn serve(options: Options, open: bool) -> Outcome {
    let failed =
        |error: studio_server::ServeError| Failure::Message(error.to_string().trim_end_matches('.').to_owned());
    let server = studio_server::serve(options).await.map_err(failed)?;
    // Nobody may read it any more; the studio is there all the same.
    let _ = write!(io::stdout(), "DTC Studio: {}\nStop it with Ctrl-C.\n", server.url_with_token);
    if open {
        open_browser(&server.url_with_token);
    }
    server.wait().await.map_err(failed)
}

/// The address is printed in any case, so that a machine without a browser is no failure.
fn open_browser(address: &str) {
    let opener = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let started =
        Command::new(opener).arg(address).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    if started.is_err() {
        eprintln!("note: {opener} could not be started; open the address in a browser");
    }
}
