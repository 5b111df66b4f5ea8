//! `dtc join serve`: the join service until it is stopped. Whatever stops it loses nothing that was answered.

use std::path::Path;
use std::sync::Arc;

use dtc_expr::Functions;
use dtc_lang::{Document, document};
use join_service::{
    Access, FILE_BYTES, Intake, Login, Mechanism, Options, Reading, Secret, ServiceError, SinkKind, SinkOptions,
    SourceKind, SourceOptions, Stream, Topic,
};
use studio::{JoinEventKind, JoinEvents};

use super::policies;
use crate::args::JoinServe;
use crate::checking::{Checker, refuse_errors};
use crate::failure::{Failure, Outcome};
use crate::project::{self, Scripts};

pub fn run(arguments: JoinServe) -> Outcome {
    let options = options(arguments)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let runtime =
        runtime.map_err(|error| Failure::Message(format!("the service's threads could not be started: {error}")))?;
    let ended = runtime.block_on(async {
        let service = join_service::serve(options).await?;
        let address = service.address;
        eprintln!("Join service: http://{address}\nLook at it: http://{address}/live\nStop it with Ctrl-C.");
        service.wait().await
    });
    ended.map_err(|error: ServiceError| Failure::Message(error.to_string()))
}

fn options(arguments: JoinServe) -> Outcome<Options> {
    let mut options = Options::new(arguments.data, &arguments.listen);
    options.policies = Some(policies::of_document(None, &Functions::default(), &[], Path::new("."))?);
    if let Some(path) = &arguments.document {
        let (document, scripts) = read(path)?;
        let functions = &scripts.functions;
        let root = path.parent().unwrap_or(Path::new("."));
        options.policies = Some(policies::of_document(Some(&document), functions, &scripts.texts, root)?);
        options.rule = studio::join_rule(&document);
        options.reading = Some(reading(path, &document, functions)?);
        options.sinks = document.sinks.iter().map(sink).collect::<Outcome<_>>()?;
        options.trims = !options.sinks.is_empty();
        options.sources = document.sources.iter().map(source).collect::<Outcome<_>>()?;
    }
    let refused = |error: ServiceError| Failure::Usage(error.to_string());
    let mut sinks: Vec<SinkKind> =
        arguments.sink.iter().map(|text| SinkKind::of_text(text)).collect::<Result<_, _>>().map_err(refused)?;
    if arguments.stdout {
        sinks.push(SinkKind::Stdout);
    }
    sinks.extend(arguments.post_to.map(|url| SinkKind::Http { url, token: None }));
    let sources = arguments.source.iter().map(|text| SourceKind::of_text(text)).collect::<Result<_, _>>();
    options.add_sinks(sinks);
    options.add_sources(sources.map_err(refused)?);
    options.limits.disk = arguments.disk_budget.unwrap_or(options.limits.disk);
    options.limits.file = arguments.file_size.unwrap_or(options.limits.file);
    options.limits.rate = arguments.max_rate.unwrap_or(options.limits.rate);
    Ok(options)
}

/// The join document of the file, without errors, and the scripts beside it.
pub fn read(path: &Path) -> Outcome<(document::Join, Scripts)> {
    let mut checker = Checker::new(false);
    let checked = checker.check(project::read(path)?)?;
    refuse_errors(&[&checked], &checker.script_faults())?;
    match checked.document {
        Some(Document::Join(document)) => Ok((document, checker.scripts(path)?.clone())),
        _ => Err(Failure::Usage(format!("{} is not a join document; look at its `Type`", path.display()))),
    }
}

/// Raw events by the document's expressions.
fn reading(path: &Path, document: &document::Join, functions: &Functions) -> Outcome<Reading> {
    let events = JoinEvents::compile(&path.display().to_string(), document, functions);
    let events = events.map_err(|error| Failure::Message(error.message))?;
    let intake = |kind: JoinEventKind| match kind {
        JoinEventKind::Decision => Intake::Decision,
        JoinEventKind::Reward => Intake::Reward,
        JoinEventKind::Override => Intake::Override,
        JoinEventKind::Activation => Intake::Activation,
    };
    Ok(Arc::new(move |record: &[u8]| {
        Ok(events.read(record)?.into_iter().map(|(kind, fields)| (intake(kind), fields)).collect())
    }))
}

fn sink(sink: &document::JoinSink) -> Outcome<SinkOptions> {
    let kind = match &sink.kind {
        document::SinkKind::Stdout => SinkKind::Stdout,
        document::SinkKind::Files { folder, rotate_megabytes } => {
            let most = rotate_megabytes.map_or(FILE_BYTES, |megabytes| u64::from(megabytes) << 20);
            SinkKind::Files { folder: folder.into(), most }
        }
        document::SinkKind::Http { url, token_variable } => {
            let token = token_variable.as_ref().map(|name| {
                let missing =
                    || Failure::Message(format!("the sink {} wants a token in {name}; set it", sink.name.value));
                std::env::var(name).map_err(|_| missing())
            });
            SinkKind::Http { url: url.clone(), token: token.transpose()? }
        }
        document::SinkKind::Kafka(topic) => SinkKind::Kafka(of_topic(topic)?),
        document::SinkKind::Kinesis(stream) => SinkKind::Kinesis(of_stream(stream)),
    };
    Ok(SinkOptions { name: sink.name.value.clone(), kind })
}

fn source(source: &document::JoinSource) -> Outcome<SourceOptions> {
    let kind = match &source.kind {
        document::SourceKind::Files { folder } => SourceKind::Files { folder: folder.into() },
        document::SourceKind::Kafka(topic) => SourceKind::Kafka(of_topic(topic)?),
        document::SourceKind::Kinesis(stream) => SourceKind::Kinesis(of_stream(stream)),
    };
    Ok(SourceOptions { name: source.name.value.clone(), kind })
}

fn of_topic(topic: &document::Topic) -> Outcome<Topic> {
    let login = topic.login.as_ref().map(|login| -> Outcome<Login> {
        let password = Secret::of_variable(&login.password_variable);
        let password = password.map_err(|error| Failure::Message(format!("{}: {error}", topic.brokers)))?;
        // The document's names are those that there are.
        let mechanism = Mechanism::of_name(login.mechanism).unwrap_or(Mechanism::Scram512);
        Ok(Login { mechanism, user: login.user.clone(), password })
    });
    let certificates = topic.certificates.as_ref().map(Into::into);
    let access = Access { tls: topic.tls, certificates, login: login.transpose()? };
    Ok(Topic { brokers: topic.brokers.clone(), topic: topic.topic.clone(), access })
}

fn of_stream(stream: &document::Stream) -> Stream {
    Stream { stream: stream.stream.clone(), region: stream.region.clone(), endpoint: stream.endpoint.clone() }
}
