//! The streaming pipeline as a graph: events from Kinesis, the transform function, a table per store, a
//! bucket for the rows of a window document, and the alarms that watch them.

use dtc_lang::document::{Store, StoreKind};

use crate::graph::{
    Alarm, Bucket, Function, Grant, Id, Key, LogGroup, Metric, Node, Output, Parameter, Queue, Role, Rule, Setting,
    Shown, Stack, Stream, StreamEvents, Table, Topic,
};
use crate::{Input, Target, names};

/// Longer than the oldest record that is still retried, so that none vanishes unread.
const STREAM_HOURS: u32 = 48;
const MAX_AGE_SECONDS: u32 = 24 * 3600;

/// The ids that several parts of the graph refer to.
struct Ids {
    key: Id<Key>,
    stream: Id<Stream>,
    failed: Id<Queue>,
    topic: Id<Topic>,
    function: Id<Function>,
    role: Id<Role>,
    logs: Id<LogGroup>,
    positions: Id<Table>,
    features: Option<Id<Bucket>>,
}

impl Ids {
    fn new(input: &Input<'_>) -> Ids {
        let stream = names::logical_id(&input.streaming.header.name.value);
        Ids {
            key: Id::new("PipelineKey"),
            stream: Id::new(format!("{stream}Stream")),
            failed: Id::new("FailedBatches"),
            topic: Id::new("AlarmTopic"),
            function: Id::new(format!("{stream}Transform")),
            role: Id::new(format!("{stream}TransformRole")),
            logs: Id::new(format!("{stream}TransformLogs")),
            positions: Id::new("ReadPositions"),
            features: input
                .window
                .map(|window| Id::new(format!("{}Bucket", names::logical_id(&window.header.name.value)))),
        }
    }
}

/// A store that becomes a table.
struct StoreTable<'a> {
    store: &'a Store,
    id: Id<Table>,
    name: Id<Parameter>,
    default: String,
}

/// The stack of a checked input; `zip` is the function's zip inside the bundle.
pub fn stack(input: &Input<'_>, target: Target, zip: &str) -> Stack {
    let ids = Ids::new(input);
    let tables = store_tables(input);
    let feature_store = features(input);
    Stack {
        description: format!(
            "Events of {} become rows: stream, transform function, tables",
            input.streaming.header.name.value
        ),
        parameters: parameters(input, target, &tables, feature_store.as_ref()),
        nodes: nodes(input, &ids, &tables, feature_store.as_ref(), zip),
        outputs: outputs(&ids, &tables),
    }
}

fn store_tables<'a>(input: &Input<'a>) -> Vec<StoreTable<'a>> {
    let stores = input.streaming.stores.iter().filter_map(|store| {
        let default = match &store.kind {
            StoreKind::Dynamo { table, .. } => table.clone(),
            StoreKind::Memory => {
                names::nearest_table_name(&format!("{}_{}", input.streaming.header.name.value, store.name.value))
            }
            StoreKind::S3 { .. } => return None,
        };
        let id = names::logical_id(&store.name.value);
        Some(StoreTable { store, id: Id::new(format!("{id}Table")), name: Id::new(format!("{id}TableName")), default })
    });
    stores.collect()
}

/// Where window rows go: the first S3 store that the documents name, or a bucket that CloudFormation names.
pub struct Features {
    pub bucket: Option<String>,
    pub prefix: String,
}

pub fn features(input: &Input<'_>) -> Option<Features> {
    let window = input.window?;
    let stored = window.stores.iter().chain(&input.streaming.stores).find_map(|store| match &store.kind {
        StoreKind::S3 { bucket, prefix } => {
            Some(Features { bucket: Some(bucket.clone()), prefix: names::key_prefix(prefix) })
        }
        _ => None,
    });
    Some(stored.unwrap_or_else(|| Features { bucket: None, prefix: names::key_prefix(&window.header.name.value) }))
}

fn parameters(
    input: &Input<'_>,
    target: Target,
    tables: &[StoreTable<'_>],
    features: Option<&Features>,
) -> Vec<(Id<Parameter>, Parameter)> {
    let parameter = |name: &str, description: &str, default: &str, rule: Rule| {
        (Id::new(name), Parameter { description: description.to_owned(), default: default.to_owned(), rule })
    };
    let mut all = vec![
        parameter("Env", "Which environment this stack is", "dev", Rule::OneOf(&["dev", "qa", "prod"])),
        parameter(
            "ProjectTag",
            "Value of the tag Project on every resource",
            &names::stack_name(input.project),
            Rule::Pattern("^[A-Za-z0-9_.:/=+@-]{1,128}$"),
        ),
        parameter(
            "AlarmEmail",
            "Who is told when an alarm goes off; empty for nobody",
            "",
            Rule::Pattern("^$|^[^@ ]+@[^@ ]+$"),
        ),
        parameter(
            "LogRetentionDays",
            "Days to keep the function's log",
            "30",
            Rule::OneOfNumbers(&[1, 3, 5, 7, 14, 30, 60, 90, 180, 365]),
        ),
    ];
    if target == Target::CloudFormation {
        all.push(parameter("ArtifactBucket", "Bucket that holds the function's zip", "", Rule::Bucket));
        all.push(parameter(
            "ArtifactPrefix",
            "In front of the zip's path in that bucket; empty, or with a slash at its end",
            "",
            Rule::Pattern("^$|^[A-Za-z0-9_./-]*/$"),
        ));
    }
    for table in tables {
        let description = format!("Name of the table of the store {}", table.store.name.value);
        all.push((
            table.name.clone(),
            Parameter { description, default: table.default.clone(), rule: Rule::Pattern("^[A-Za-z0-9_.-]{3,255}$") },
        ));
    }
    if let Some(bucket) = features.and_then(|features| features.bucket.as_ref()) {
        all.push(parameter("FeatureBucketName", "Name of the bucket of window rows", bucket, Rule::Bucket));
    }
    all
}

fn nodes(input: &Input<'_>, ids: &Ids, tables: &[StoreTable<'_>], features: Option<&Features>, zip: &str) -> Vec<Node> {
    let key = || ids.key.clone();
    let mut nodes = vec![
        Node::Key(
            ids.key.clone(),
            Key { description: format!("Encrypts the data of {}", input.streaming.header.name.value) },
        ),
        Node::Stream(ids.stream.clone(), Stream { retention_hours: STREAM_HOURS, key: key() }),
    ];
    for table in tables {
        let expires = table.store.retention_days.is_some();
        nodes.push(Node::Table(
            table.id.clone(),
            Table { name: Some(table.name.clone()), range_key: true, expires, key: key() },
        ));
    }
    nodes.push(Node::Table(ids.positions.clone(), Table { name: None, range_key: false, expires: true, key: key() }));
    if let (Some(id), Some(features)) = (&ids.features, features) {
        let name = features.bucket.as_ref().map(|_| Id::new("FeatureBucketName"));
        nodes.push(Node::Bucket(id.clone(), Bucket { name, key: key() }));
    }
    nodes.push(Node::Queue(ids.failed.clone(), Queue { retention_seconds: 14 * 24 * 3600, key: key() }));
    nodes.push(Node::LogGroup(ids.logs.clone(), LogGroup { suffix: "transform".to_owned(), key: key() }));
    nodes.push(Node::Role(ids.role.clone(), Role { grants: grants(ids, tables, features) }));
    nodes.push(Node::Function(ids.function.clone(), Box::new(function(input, ids, tables, features, zip))));
    nodes.push(Node::Topic(ids.topic.clone(), Topic { key: key() }));
    nodes.extend(alarms(ids));
    nodes
}

fn grants(ids: &Ids, tables: &[StoreTable<'_>], features: Option<&Features>) -> Vec<Grant> {
    let mut grants = vec![Grant::ReadStream(ids.stream.clone())];
    grants.extend(tables.iter().map(|table| Grant::UseTable(table.id.clone())));
    grants.push(Grant::UseTable(ids.positions.clone()));
    if let (Some(bucket), Some(features)) = (&ids.features, features) {
        grants.push(Grant::WriteObjects(bucket.clone(), features.prefix.clone()));
    }
    grants.push(Grant::SendTo(ids.failed.clone()));
    grants.push(Grant::UseKey(ids.key.clone()));
    grants.push(Grant::WriteLogs(ids.logs.clone()));
    grants.push(Grant::Trace);
    grants
}

fn function(
    input: &Input<'_>,
    ids: &Ids,
    tables: &[StoreTable<'_>],
    features: Option<&Features>,
    zip: &str,
) -> Function {
    let stores = tables.iter().map(|table| (table.store.name.value.clone(), table.id.clone())).collect();
    let mut environment = vec![
        ("DTC_STREAMING".to_owned(), Setting::Text(input.streaming.header.name.value.clone())),
        ("DTC_TABLES".to_owned(), Setting::Tables(stores)),
        ("DTC_POSITIONS".to_owned(), Setting::Table(ids.positions.clone())),
    ];
    if let (Some(window), Some(bucket), Some(features)) = (input.window, &ids.features, features) {
        environment.push(("DTC_WINDOW".to_owned(), Setting::Text(window.header.name.value.clone())));
        environment.push(("DTC_BUCKET".to_owned(), Setting::Bucket(bucket.clone())));
        environment.push(("DTC_PREFIX".to_owned(), Setting::Text(features.prefix.clone())));
    }
    Function {
        description: format!("Runs {} on each batch of events", input.streaming.header.name.value),
        zip: zip.to_owned(),
        memory_mb: 512,
        timeout_seconds: 120,
        role: ids.role.clone(),
        logs: ids.logs.clone(),
        dead_letters: ids.failed.clone(),
        key: ids.key.clone(),
        environment,
        events: StreamEvents {
            name: "Events".to_owned(),
            stream: ids.stream.clone(),
            batch_size: 200,
            window_seconds: 2,
            retries: 5,
            max_age_seconds: MAX_AGE_SECONDS,
            on_failure: ids.failed.clone(),
        },
    }
}

fn alarms(ids: &Ids) -> Vec<Node> {
    let alarm = |name: &str, description: &str, metric: Metric, threshold: u32, periods: u32| {
        let alarm = Alarm { description: description.to_owned(), metric, threshold, periods, topic: ids.topic.clone() };
        Node::Alarm(Id::new(name), alarm)
    };
    let function = || ids.function.clone();
    vec![
        alarm("LagAlarm", "Events wait for more than five minutes", Metric::IteratorAge(function()), 300_000, 3),
        alarm("ErrorAlarm", "The transform function fails", Metric::Errors(function()), 0, 1),
        alarm("ThrottleAlarm", "The transform function is throttled", Metric::Throttles(function()), 0, 5),
        alarm(
            "FailedBatchesAlarm",
            "A batch was given up after its retries",
            Metric::Waiting(ids.failed.clone()),
            0,
            1,
        ),
    ]
}

fn outputs(ids: &Ids, tables: &[StoreTable<'_>]) -> Vec<Output> {
    let output = |name: &str, description: &str, value: Shown| Output {
        name: name.to_owned(),
        description: description.to_owned(),
        value,
    };
    let mut all = vec![
        output("StreamName", "Kinesis stream that takes events", Shown::StreamName(ids.stream.clone())),
        output("FunctionName", "Function that turns events into rows", Shown::FunctionName(ids.function.clone())),
    ];
    for table in tables {
        let description = format!("Table of the store {}", table.store.name.value);
        all.push(Output { name: table.id.name().to_owned(), description, value: Shown::TableName(table.id.clone()) });
    }
    if let Some(bucket) = &ids.features {
        all.push(output("FeatureBucket", "Bucket of window rows", Shown::BucketName(bucket.clone())));
    }
    all.push(output("FailedBatchesUrl", "Queue of batches that were given up", Shown::QueueUrl(ids.failed.clone())));
    all.push(output("AlarmTopicArn", "Topic that alarms tell", Shown::TopicArn(ids.topic.clone())));
    all.push(output(
        "KeyArn",
        "Key that encrypts everything; producers need kms:GenerateDataKey on it",
        Shown::KeyArn(ids.key.clone()),
    ));
    all
}

/// Name of each store's table parameter, with its default, for settings by environment.
pub fn table_parameters(input: &Input<'_>) -> Vec<(String, String)> {
    store_tables(input).into_iter().map(|table| (table.name.name().to_owned(), table.default)).collect()
}
