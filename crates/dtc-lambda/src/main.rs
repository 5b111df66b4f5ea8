//! `bootstrap`: the function of an exported bundle. Runs the engine on each Kinesis batch, keeps rows in
//! DynamoDB and window rows in S3. Everything it knows stands in the documents beside it.

mod documents;
mod features;
mod handler;
mod kinesis;
mod log;
mod position;
mod services;
mod settings;
mod store;

use std::process::ExitCode;
use std::rc::Rc;

use lambda_runtime::{Error, LambdaEvent, service_fn};

use handler::Handler;
use log::Level;
use settings::Settings;

fn main() -> ExitCode {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return stop(&error.to_string()),
    };
    match runtime.block_on(serve()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => stop(&error),
    }
}

fn stop(reason: &str) -> ExitCode {
    log::write(Level::Error, "the function cannot start", [("reason", reason.into())]);
    ExitCode::FAILURE
}

async fn serve() -> Result<(), String> {
    let handler = Rc::new(start()?);
    let answer = service_fn(move |event: LambdaEvent<kinesis::Batch>| {
        let handler = handler.clone();
        async move { Ok::<_, Error>(handler.batch(event.payload).await) }
    });
    lambda_runtime::run(answer).await.map_err(|error| error.to_string())
}

/// The cold start: everything that does not depend on the batch.
fn start() -> Result<Handler, String> {
    let settings = Settings::from_environment()?;
    let window = settings.window.as_ref().map(|window| window.name.as_str());
    let documents = documents::load(&settings.root, &settings.streaming, window)?;
    let services = services::Services::new(&settings)?;
    let store = store::Store::new(services.dynamodb(), &documents.streaming, &settings)?;
    let features = settings.window.map(|window| features::Features { client: services.s3(), window });
    Ok(Handler { documents, store, features })
}
