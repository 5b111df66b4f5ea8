//! A function as plain CloudFormation writes it: the function, and the mapping that feeds it. Its zip is
//! taken from the bucket that the deployer names (`ArtifactBucket`), under its path in the bundle.

use serde_yaml::{Mapping, Value};

use super::encryption::{self, skip};
use super::reference::{arn, list, map, reference, substitute, tags, text};
use super::resource::{Written, plain, with_skips};
use crate::graph::{Function, Id, QueueEvents, Setting, StreamEvents, Trigger};

pub fn function(id: &Id<Function>, function: &Function) -> Written {
    let key = substitute(&format!("${{ArtifactPrefix}}{}", function.zip));
    let mut properties = Mapping::new();
    properties.insert(text("Code"), map([("S3Bucket", map([("Ref", text("ArtifactBucket"))])), ("S3Key", key)]));
    properties.extend(common(function));
    properties.insert(text("TracingConfig"), map([("Mode", text("Active"))]));
    properties.insert(text("DeadLetterConfig"), map([("TargetArn", arn(&function.dead_letters))]));
    properties.insert(text("Tags"), tags());
    let own = described("AWS::Lambda::Function", Value::Mapping(properties), function);
    let mut written = vec![(id.name().to_owned(), own)];
    written.extend(function.events.iter().map(|trigger| match trigger {
        Trigger::Stream(events) => (format!("{}{}", id.name(), events.name), mapping(id, events)),
        Trigger::Queue(events) => (format!("{}{}", id.name(), events.name), queue_mapping(id, events)),
    }));
    written
}

/// The properties that SAM and CloudFormation spell alike.
pub fn common(function: &Function) -> Mapping {
    let mut properties = Mapping::new();
    properties.insert(text("Description"), text(&function.description));
    properties.insert(text("Handler"), text("bootstrap"));
    properties.insert(text("Runtime"), text("provided.al2023"));
    let architecture = if function.arm64 { "arm64" } else { "x86_64" };
    properties.insert(text("Architectures"), list([text(architecture)]));
    properties.insert(text("MemorySize"), Value::from(function.memory_mb));
    properties.insert(text("Timeout"), Value::from(function.timeout_seconds));
    if let Some(megabytes) = function.temp_mb {
        properties.insert(text("EphemeralStorage"), map([("Size", Value::from(megabytes))]));
    }
    if let Some(most) = function.concurrency {
        properties.insert(text("ReservedConcurrentExecutions"), Value::from(most));
    }
    properties.insert(text("Role"), arn(&function.role));
    if let Some(key) = encryption::key(&function.key) {
        properties.insert(text("KmsKeyArn"), key);
    }
    properties
        .insert(text("LoggingConfig"), map([("LogFormat", text("JSON")), ("LogGroup", reference(&function.logs))]));
    let variables = function.environment.iter().map(|(name, setting)| (text(name), setting_value(setting)));
    properties.insert(text("Environment"), map([("Variables", Value::Mapping(variables.collect()))]));
    properties
}

/// A function with the reasons why two common demands do not apply to it, for checkov's readers.
pub fn described(kind: &str, properties: Value, function: &Function) -> Value {
    let bounded = match function.events.first() {
        Some(Trigger::Stream(_)) => "Kinesis bounds its concurrency: one invocation per shard",
        Some(Trigger::Queue(_)) => "Its mappings bound its concurrency",
        None => "The API's rate bounds its concurrency",
    };
    let mut skips =
        vec![("CKV_AWS_115", bounded), ("CKV_AWS_117", "Speaks to AWS services only, needs no network of its own")];
    skips.extend(skip(&function.key, "CKV_AWS_173"));
    with_skips(plain(kind, properties), &skips)
}

fn setting_value(setting: &Setting) -> Value {
    match setting {
        Setting::Text(value) => text(value),
        Setting::Filled(pattern) => substitute(pattern),
        Setting::Table(id) => reference(id),
        Setting::Bucket(id) => reference(id),
        // Store names are identifiers and table names have no quotes: the text is JSON as it stands.
        Setting::Tables(tables) => {
            let pairs: Vec<String> =
                tables.iter().map(|(store, table)| format!("\"{store}\":\"${{{}}}\"", table.name())).collect();
            substitute(&format!("{{{}}}", pairs.join(",")))
        }
    }
}

/// How Lambda reads the stream; failed parts are halved, retried, then kept in the queue.
pub fn mapping_properties(events: &StreamEvents) -> Mapping {
    let mut properties = Mapping::new();
    let start = if events.latest { "LATEST" } else { "TRIM_HORIZON" };
    properties.insert(text("StartingPosition"), text(start));
    properties.insert(text("BatchSize"), Value::from(events.batch_size));
    properties.insert(text("MaximumBatchingWindowInSeconds"), Value::from(events.window_seconds));
    properties.insert(text("MaximumRetryAttempts"), Value::from(events.retries));
    properties.insert(text("MaximumRecordAgeInSeconds"), Value::from(events.max_age_seconds));
    properties.insert(text("BisectBatchOnFunctionError"), Value::from(events.bisect));
    if events.parallel > 1 {
        properties.insert(text("ParallelizationFactor"), Value::from(events.parallel));
    }
    if let Some(filter) = &events.filter {
        let filters = list([map([("Pattern", text(filter))])]);
        properties.insert(text("FilterCriteria"), map([("Filters", filters)]));
    }
    properties.insert(text("FunctionResponseTypes"), list([text("ReportBatchItemFailures")]));
    properties
}

fn mapping(id: &Id<Function>, events: &StreamEvents) -> Value {
    let mut properties = Mapping::new();
    properties.insert(text("EventSourceArn"), arn(&events.stream));
    properties.insert(text("FunctionName"), reference(id));
    properties.extend(mapping_properties(events));
    let destination = map([("Destination", arn(&events.on_failure))]);
    properties.insert(text("DestinationConfig"), map([("OnFailure", destination)]));
    plain("AWS::Lambda::EventSourceMapping", Value::Mapping(properties))
}

/// How Lambda reads the queue; a message that fails comes again alone.
pub fn queue_properties(events: &QueueEvents) -> Mapping {
    let mut properties = Mapping::new();
    properties.insert(text("BatchSize"), Value::from(events.batch_size));
    properties.insert(text("MaximumBatchingWindowInSeconds"), Value::from(events.window_seconds));
    properties.insert(text("FunctionResponseTypes"), list([text("ReportBatchItemFailures")]));
    properties.insert(text("ScalingConfig"), map([("MaximumConcurrency", Value::from(events.at_once))]));
    properties
}

fn queue_mapping(id: &Id<Function>, events: &QueueEvents) -> Value {
    let mut properties = Mapping::new();
    properties.insert(text("EventSourceArn"), arn(&events.queue));
    properties.insert(text("FunctionName"), reference(id));
    properties.extend(queue_properties(events));
    plain("AWS::Lambda::EventSourceMapping", Value::Mapping(properties))
}
