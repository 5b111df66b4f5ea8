//! `dtc join serve`: the join service until it is stopped. Whatever stops it loses nothing that was answered.

use std::path::Path;

use dtc_lang::Document;
use dtc_lang::document;
use join_service::{Options, ServiceError};

use crate::args::JoinServe;
use crate::checking::{Checker, refuse_errors};
use crate::failure::{Failure, Outcome};
use crate::project;

pub fn run(arguments: JoinServe) -> Outcome {
    let mut options = Options::new(arguments.data, &arguments.listen);
    if let Some(path) = &arguments.document {
        // Its expressions are for raw data; the service's events have fields of their own.
        options.rule = studio::join_rule(&read(path)?);
    }
    (options.stdout, options.post_to) = (arguments.stdout, arguments.post_to);
    options.limits.disk = arguments.disk_budget.unwrap_or(options.limits.disk);
    options.limits.file = arguments.file_size.unwrap_or(options.limits.file);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Failure::Message(format!("the service's threads could not be started: {error}")))?;
    let ended = runtime.block_on(async {
        let service = join_service::serve(options).await?;
        eprintln!("Join service: http://{}\nStop it with Ctrl-C.", service.address);
        service.wait().await
    });
    ended.map_err(|error: ServiceError| Failure::Message(error.to_string()))
}

fn read(path: &Path) -> Outcome<document::Join> {
    let mut checker = Checker::new(false);
    let checked = checker.check(project::read(path)?)?;
    refuse_errors(&[&checked], &checker.script_faults())?;
    match checked.document {
        Some(Document::Join(document)) => Ok(document),
        _ => Err(Failure::Usage(format!("{} is not a join document; look at its `Type`", path.display()))),
    }
}
