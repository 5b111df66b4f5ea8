//! `bootstrap`: the function of an exported bundle. Runs the engine on each batch, keeps rows in
//! DynamoDB and window rows in S3. Everything it knows stands in the documents beside it.

mod documents;
mod features;
mod handler;
mod incoming;
mod log;
mod objects;
mod poison;
mod position;
mod reading;
mod seen;
mod services;
mod settings;
mod store;

use std::process::ExitCode;
use std::rc::Rc;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde_json::Value;

use handler::Handler;
use incoming::Batch;
use log::Level;
use objects::Objects;
use settings::{Dedup, Settings};

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
    let started = Rc::new(start()?);
    let answer = service_fn(move |event: LambdaEvent<Value>| {
        let started = started.clone();
        async move {
            let (handler, objects) = started.as_ref();
            let batch = Batch::read(event.payload, objects).await;
            match batch {
                Ok(batch) => handler.batch(batch).await.map_err(Error::from),
                Err(reason) => Err(Error::from(reason)),
            }
        }
    });
    lambda_runtime::run(answer).await.map_err(|error| error.to_string())
}

/// The cold start: everything that does not depend on the batch.
fn start() -> Result<(Handler, Objects), String> {
    let settings = Settings::from_environment()?;
    let window = settings.window.as_ref().map(|window| window.name.as_str());
    let documents = documents::load(&settings.root, &settings.streaming, window)?;
    let services = services::Services::new(&settings)?;
    let store = store::Store::new(services.dynamodb(), &documents.streaming, &settings)?;
    let objects = Objects { client: services.s3() };
    let features = settings.window.map(|window| features::Features { client: objects.client.clone(), window });
    let by_sequence = settings.dedup != Dedup::None;
    let seen = match settings.dedup {
        Dedup::EventId(table) => {
            Some(seen::Seen { client: services.dynamodb(), table, keep_seconds: settings.keep_seconds })
        }
        Dedup::None | Dedup::Sequence => None,
    };
    let poison = settings.poison.map(|queue| poison::Poison { client: services.sqs(), queue });
    Ok((Handler { documents, store, features, by_sequence, seen, poison }, objects))
}
