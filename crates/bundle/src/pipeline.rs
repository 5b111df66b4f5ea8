//! The streaming pipeline as a graph: events from their sources, the transform function, a table per store, a
//! bucket for the rows of a window document, and the alarms that watch them.

use dtc_lang::document::{Store, StoreKind};
use dtc_lang::pipeline::{Dedup, Encryption, Kinesis, Pipeline};

use crate::graph::{
    Access, Alarm, Bucket, Dashboard, Function, Grant, Id, Key, Keyed, LogGroup, Metric, Node, Output, Owner,
    Parameter, Queue, Role, Rule, Setting, Shown, Stack, Stream, StreamEvents, Table, Topic, Trigger,
};
use crate::settings::{self, Watched};
use crate::sources::{Around, Sources};
use crate::write::policy::LAMBDA;
use crate::{Input, Target, names};

/// The ids that several parts of the graph refer to.
struct Ids {
    key: Keyed,
    stream: Id<Stream>,
    failed: Id<Queue>,
    topic: Id<Topic>,
    function: Id<Function>,
    role: Id<Role>,
    logs: Id<LogGroup>,
    positions: Id<Table>,
    /// Which events were seen, where these count once by their ids.
    seen: Option<Id<Table>>,
    dashboard: Option<Id<Dashboard>>,
    features: Option<Id<Bucket>>,
}

impl Ids {
    fn new(input: &Input<'_>, settings: &Pipeline) -> Ids {
        let stream = names::logical_id(&input.streaming.header.name.value);
        Ids {
            key: match &settings.encryption {
                Encryption::Own => Keyed::Own(Id::new("PipelineKey")),
                Encryption::Aws => Keyed::Service,
                Encryption::Given(_) => Keyed::Given(Id::new("DataKeyArn")),
            },
            stream: Id::new(format!("{stream}Stream")),
            failed: Id::new("FailedBatches"),
            topic: Id::new("AlarmTopic"),
            function: Id::new(format!("{stream}Transform")),
            role: Id::new(format!("{stream}TransformRole")),
            logs: Id::new(format!("{stream}TransformLogs")),
            positions: Id::new("ReadPositions"),
            seen: (settings.dedup == Dedup::EventId).then(|| Id::new("SeenEvents")),
            dashboard: settings.dashboard.then(|| Id::new("Dashboard")),
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
pub fn stack(input: &Input<'_>, settings: &Pipeline, target: Target, zip: &str) -> Stack {
    let ids = Ids::new(input, settings);
    let tables = store_tables(input);
    let feature_store = features(input);
    let sources = Sources::of(settings);
    let features = feature_store.as_ref();
    Stack {
        description: format!(
            "Events of {} become rows: {}transform function, tables",
            input.streaming.header.name.value,
            if sources.kinesis.is_some() { "stream, " } else { "" },
        ),
        protected: settings.environments.iter().filter(|env| env.protect).map(|env| env.name.clone()).collect(),
        tags: settings.tags.clone(),
        parameters: parameters(input, settings, target, &tables, features),
        nodes: nodes(&Making { input, settings, ids: &ids, tables: &tables, features, sources: &sources, zip }),
        outputs: outputs(&ids, &tables, &sources),
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
    settings: &Pipeline,
    target: Target,
    tables: &[StoreTable<'_>],
    features: Option<&Features>,
) -> Vec<(Id<Parameter>, Parameter)> {
    let parameter = |name: &str, description: &str, default: &str, rule: Rule| {
        (Id::new(name), Parameter { description: description.to_owned(), default: default.to_owned(), rule })
    };
    let environments: Vec<String> = settings.environments.iter().map(|env| env.name.clone()).collect();
    let mut all = vec![
        parameter("Env", "Which environment this stack is", &environments[0], Rule::OneOf(environments.clone())),
        parameter(
            "ProjectTag",
            "Value of the tag Project on every resource",
            &names::stack_name(input.project),
            Rule::Pattern("^[A-Za-z0-9_.:/=+@-]{1,128}$"),
        ),
        parameter(
            "AlarmEmail",
            "Who is told when an alarm goes off; empty for nobody",
            settings.emails.first().map_or("", String::as_str),
            Rule::Pattern("^$|^[^@ ]+@[^@ ]+$"),
        ),
        parameter(
            "LogRetentionDays",
            "Days to keep the function's log",
            &settings.function.log_days.to_string(),
            Rule::OneOfNumbers(&[1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 731]),
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
    if let Encryption::Given(arn) = &settings.encryption {
        all.push(parameter(
            "DataKeyArn",
            "ARN of the key that encrypts everything",
            &arn.text,
            Rule::Pattern("^arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+$"),
        ));
    }
    all.extend(own_parameters(settings));
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

/// Parameters of the document that the function's variables name.
pub fn own_parameters(settings: &Pipeline) -> Vec<(Id<Parameter>, Parameter)> {
    let used: Vec<String> =
        settings.function.variables.iter().flat_map(|(_, value)| settings::substituted(value).1).collect();
    let own = settings.parameters.iter().filter(|parameter| used.contains(&parameter.name.value));
    own.map(|own| {
        let description =
            own.description.clone().unwrap_or_else(|| format!("The document's parameter {}", own.name.value));
        let rule = if own.choices.is_empty() { Rule::Pattern("^.*$") } else { Rule::OneOf(own.choices.clone()) };
        let default = own.default.clone().or_else(|| own.choices.first().cloned()).unwrap_or_default();
        (Id::new(own.name.value.clone()), Parameter { description, default, rule })
    })
    .collect()
}

/// What the nodes are made of.
struct Making<'a> {
    input: &'a Input<'a>,
    settings: &'a Pipeline,
    ids: &'a Ids,
    tables: &'a [StoreTable<'a>],
    features: Option<&'a Features>,
    sources: &'a Sources,
    zip: &'a str,
}

fn nodes(making: &Making<'_>) -> Vec<Node> {
    let Making { input, settings, ids, tables, features, sources, .. } = making;
    let key = || ids.key.clone();
    let mut nodes = Vec::new();
    if let Keyed::Own(id) = &ids.key {
        let description = format!("Encrypts the data of {}", input.streaming.header.name.value);
        nodes.push(Node::Key(id.clone(), Key { description, announces: sources.announces() }));
    }
    nodes.extend(sources.kinesis.iter().map(|(kinesis, _)| {
        let stream = Stream { retention_hours: kinesis.retention_hours, shards: kinesis.shards, key: key() };
        Node::Stream(ids.stream.clone(), stream)
    }));
    nodes.extend(tables.iter().map(|table| Node::Table(table.id.clone(), store_table(table, settings, key()))));
    let own = |expires| Table { name: None, range_key: false, expires, recovery: true, outlives: true, key: key() };
    nodes.push(Node::Table(ids.positions.clone(), own(true)));
    nodes.extend(ids.seen.iter().map(|id| Node::Table(id.clone(), own(true))));
    if let (Some(id), Some(features)) = (&ids.features, features) {
        let name = features.bucket.as_ref().map(|_| Id::new("FeatureBucketName"));
        let access = Access::Unlogged("One writer, the function, whose calls its own log names");
        let bucket = Bucket { name, announces: false, expire_days: None, access, key: key() };
        nodes.push(Node::Bucket(id.clone(), bucket));
    }
    nodes.push(Node::Queue(ids.failed.clone(), failed_queue(making)));
    let logs = LogGroup { folder: "/aws/lambda", suffix: "transform".to_owned(), stream: false, key: key() };
    nodes.push(Node::LogGroup(ids.logs.clone(), logs));
    nodes.push(Node::Role(ids.role.clone(), Role { service: LAMBDA, grants: grants(making) }));
    nodes.push(Node::Function(ids.function.clone(), Box::new(function(making))));
    let Ids { function, failed, stream, key: whose, .. } = ids;
    nodes.extend(sources.nodes(&Around { settings, function, failed, stream, key: whose }));
    let emails = settings.emails.iter().skip(1).cloned().collect();
    nodes.push(Node::Topic(ids.topic.clone(), Topic { emails, key: key() }));
    nodes.extend(alarms(ids, sources));
    nodes.extend(own_alarms(ids, settings, sources));
    nodes.extend(ids.dashboard.iter().map(|id| Node::Dashboard(id.clone(), dashboard(making))));
    nodes
}

/// What was given up, whatever it came by.
fn failed_queue(making: &Making<'_>) -> Queue {
    Queue {
        retention_seconds: making.settings.retries.keep_days * 24 * 3600,
        hidden_seconds: None,
        redrive: None,
        senders: making.sources.rules(),
        key: making.ids.key.clone(),
    }
}

fn dashboard(making: &Making<'_>) -> Dashboard {
    let Making { ids, tables, sources, .. } = making;
    Dashboard {
        stream: sources.kinesis.as_ref().map(|_| ids.stream.clone()),
        queues: sources.drops.iter().map(|drops| drops.queue.clone()).collect(),
        apis: sources.apis.iter().map(|api| api.id.clone()).collect(),
        deliveries: sources.deliveries(),
        function: ids.function.clone(),
        failed: ids.failed.clone(),
        tables: tables.iter().map(|table| table.id.clone()).collect(),
    }
}

fn store_table(table: &StoreTable<'_>, settings: &Pipeline, key: Keyed) -> Table {
    let kept = settings.stores.iter().find(|kept| kept.store.value == table.store.name.value);
    Table {
        name: Some(table.name.clone()),
        range_key: true,
        expires: table.store.retention_days.is_some(),
        recovery: kept.is_none_or(|kept| kept.recovery),
        outlives: kept.is_none_or(|kept| kept.outlives),
        key,
    }
}

fn grants(making: &Making<'_>) -> Vec<Grant> {
    let ids = making.ids;
    let stream = making.sources.kinesis.iter().map(|_| Grant::ReadStream(ids.stream.clone()));
    let mut grants: Vec<Grant> = stream.chain(making.sources.grants()).collect();
    grants.extend(making.tables.iter().map(|table| Grant::UseTable(table.id.clone())));
    grants.push(Grant::UseTable(ids.positions.clone()));
    grants.extend(ids.seen.iter().map(|seen| Grant::UseTable(seen.clone())));
    if let (Some(bucket), Some(features)) = (&ids.features, making.features) {
        grants.push(Grant::WriteObjects(bucket.clone(), features.prefix.clone()));
    }
    grants.push(Grant::SendTo(ids.failed.clone()));
    grants.push(Grant::UseKey(ids.key.clone()));
    grants.push(Grant::WriteLogs(ids.logs.clone()));
    grants.push(Grant::Trace);
    grants
}

fn environment(making: &Making<'_>) -> Vec<(String, Setting)> {
    let Making { input, settings, ids, tables, features, .. } = making;
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
    let dedup = match settings.dedup {
        Dedup::None => None,
        Dedup::Sequence => Some("sequence"),
        Dedup::EventId => Some("event_id"),
    };
    environment.extend(dedup.map(|word| ("DTC_DEDUP".to_owned(), Setting::Text(word.to_owned()))));
    environment.extend(ids.seen.iter().map(|seen| ("DTC_SEEN".to_owned(), Setting::Table(seen.clone()))));
    environment.extend(settings.function.variables.iter().map(|(name, value)| {
        let setting = match value.contains("${") {
            true => Setting::Filled(settings::substituted(value).0),
            false => Setting::Text(value.clone()),
        };
        (name.clone(), setting)
    }));
    environment
}

fn function(making: &Making<'_>) -> Function {
    let Making { input, settings, ids, zip, sources, .. } = making;
    let own = &settings.function;
    let stream = sources.kinesis.iter().map(|(kinesis, seconds)| stream_events(making, kinesis, *seconds));
    Function {
        description: format!("Runs {} on each batch of events", input.streaming.header.name.value),
        zip: (*zip).to_owned(),
        memory_mb: own.memory_mb,
        timeout_seconds: own.timeout_seconds,
        temp_mb: own.temp_mb,
        concurrency: own.concurrency,
        arm64: settings.arm64,
        role: ids.role.clone(),
        logs: ids.logs.clone(),
        dead_letters: ids.failed.clone(),
        key: ids.key.clone(),
        environment: environment(making),
        events: stream.chain(sources.triggers(settings)).collect(),
    }
}

fn stream_events(making: &Making<'_>, kinesis: &Kinesis, window_seconds: u32) -> Trigger {
    let Making { settings, ids, .. } = making;
    Trigger::Stream(StreamEvents {
        name: "Events".to_owned(),
        stream: ids.stream.clone(),
        batch_size: kinesis.batch_size,
        window_seconds,
        retries: settings.retries.attempts,
        max_age_seconds: settings.retries.max_age_seconds,
        bisect: settings.retries.bisect,
        parallel: kinesis.parallel,
        latest: kinesis.latest,
        // The record's own content stands below `data`.
        filter: kinesis.filter.as_ref().map(|pattern| format!("{{\"data\":{}}}", pattern.json())),
        on_failure: ids.failed.clone(),
    })
}

/// An alarm of one-minute periods above a threshold.
fn alarm(ids: &Ids, name: &str, description: &str, metric: Metric, (threshold, periods): (f64, u32)) -> Node {
    let alarm = Alarm {
        description: description.to_owned(),
        metric,
        threshold,
        below: false,
        periods,
        period_seconds: 60,
        missing: "notBreaching".to_owned(),
        topic: ids.topic.clone(),
    };
    Node::Alarm(Id::new(name), alarm)
}

fn alarms(ids: &Ids, sources: &Sources) -> Vec<Node> {
    let function = || ids.function.clone();
    let waiting = Metric::Waiting(ids.failed.clone());
    let mut all = Vec::new();
    if sources.kinesis.is_some() {
        let behind = Metric::IteratorAge(function());
        all.push(alarm(ids, "LagAlarm", "Events wait for more than five minutes", behind, (300_000.0, 3)));
    }
    all.extend([
        alarm(ids, "ErrorAlarm", "The transform function fails", Metric::Errors(function()), (0.0, 1)),
        alarm(ids, "ThrottleAlarm", "The transform function is throttled", Metric::Throttles(function()), (0.0, 5)),
        alarm(ids, "FailedBatchesAlarm", "A batch was given up after its retries", waiting, (0.0, 1)),
    ]);
    let own = sources.alarms().into_iter();
    all.extend(own.map(|(name, description, metric, limit)| alarm(ids, &name, &description, metric, limit)));
    all
}

/// The document's own alarms; `settings` has refused those that nothing here can be watched by.
fn own_alarms(ids: &Ids, settings: &Pipeline, sources: &Sources) -> Vec<Node> {
    let own = settings.alarms.iter().filter_map(|watch| {
        let of = match settings::watched(settings, watch)? {
            Watched::Function => Some(Owner::Function(ids.function.clone())),
            Watched::Stream => Some(Owner::Stream(ids.stream.clone())),
            Watched::Failed => Some(Owner::Queue(ids.failed.clone())),
            Watched::Source(name) => sources.owner(&watch.metric.namespace, name),
            Watched::Nobody => None,
        };
        let metric = Metric::Own {
            namespace: watch.metric.namespace.clone(),
            name: watch.metric.name.clone(),
            statistic: watch.statistic.to_owned(),
            of,
        };
        let description =
            watch.description.clone().unwrap_or_else(|| format!("The document's alarm {}", watch.name.value));
        let alarm = Alarm {
            description,
            metric,
            threshold: watch.threshold,
            below: watch.below,
            periods: watch.periods,
            period_seconds: watch.period_seconds,
            missing: watch.missing.to_owned(),
            topic: ids.topic.clone(),
        };
        Some(Node::Alarm(Id::new(format!("Own{}Alarm", names::logical_id(&watch.name.value))), alarm))
    });
    own.collect()
}

fn outputs(ids: &Ids, tables: &[StoreTable<'_>], sources: &Sources) -> Vec<Output> {
    let output = |name: &str, description: &str, value: Shown| Output {
        name: name.to_owned(),
        description: description.to_owned(),
        value,
    };
    let function = Shown::FunctionName(ids.function.clone());
    let mut all = Vec::new();
    if sources.kinesis.is_some() {
        all.push(output("StreamName", "Kinesis stream that takes events", Shown::StreamName(ids.stream.clone())));
    }
    all.extend(sources.outputs());
    all.push(output("FunctionName", "Function that turns events into rows", function));
    for table in tables {
        let description = format!("Table of the store {}", table.store.name.value);
        all.push(Output { name: table.id.name().to_owned(), description, value: Shown::TableName(table.id.clone()) });
    }
    if let Some(bucket) = &ids.features {
        all.push(output("FeatureBucket", "Bucket of window rows", Shown::BucketName(bucket.clone())));
    }
    all.push(output("FailedBatchesUrl", "Queue of batches that were given up", Shown::QueueUrl(ids.failed.clone())));
    if let Some(dashboard) = &ids.dashboard {
        all.push(output("DashboardUrl", "Dashboard of the stack", Shown::DashboardUrl(dashboard.clone())));
    }
    all.push(output("AlarmTopicArn", "Topic that alarms tell", Shown::TopicArn(ids.topic.clone())));
    let told = "Key that encrypts everything; producers need kms:GenerateDataKey on it";
    if !matches!(ids.key, Keyed::Service) {
        all.push(output("KeyArn", told, Shown::KeyArn(ids.key.clone())));
    }
    all
}

/// Name of each store's table parameter, with its default, for settings by environment.
pub fn table_parameters(input: &Input<'_>) -> Vec<(String, String)> {
    store_tables(input).into_iter().map(|table| (table.name.name().to_owned(), table.default)).collect()
}
