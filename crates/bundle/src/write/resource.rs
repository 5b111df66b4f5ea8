//! Every node but functions as CloudFormation resources, with the safe properties of its service.
//! Both targets write these alike.

use serde_yaml::{Mapping, Value};

use super::encryption::{self, Skip, skip};
use super::policy;
use super::reference::{arn, list, map, reference, substitute, tags, text};
use super::sources;
use super::{HAS_EMAIL, IS_PROD};
use crate::graph::{Access, Alarm, Bucket, Id, LogGroup, Metric, Node, Owner, Queue, Role, Stream, Table, Topic};

/// Logical id and resource, in order of the template.
pub type Written = Vec<(String, Value)>;

/// The resources of a node; a function is the writers' own.
pub fn resources(node: &Node) -> Written {
    match node {
        Node::Key(id, key) => vec![(
            id.name().to_owned(),
            kept(
                "AWS::KMS::Key",
                map([
                    ("Description", text(&key.description)),
                    ("EnableKeyRotation", Value::from(true)),
                    ("KeyPolicy", policy::of_key(key.announces)),
                    ("Tags", tags()),
                ]),
            ),
        )],
        Node::Stream(id, stream) => vec![(id.name().to_owned(), stream_resource(stream))],
        Node::Queue(id, queue) => queue_resources(id, queue),
        Node::Topic(id, topic) => topic_resources(id, topic),
        Node::Table(id, table) => vec![(id.name().to_owned(), table_resource(table))],
        Node::Bucket(id, bucket) => bucket_resources(id, bucket),
        Node::LogGroup(id, group) => log_resources(id, group),
        Node::Announcement(id, told) => sources::announcement(id, told),
        Node::Api(id, api) => sources::api(id, api),
        Node::Delivery(id, delivery) => sources::delivery(id, delivery),
        Node::Role(id, role) => vec![(id.name().to_owned(), role_resource(role))],
        Node::Alarm(id, alarm) => vec![(id.name().to_owned(), alarm_resource(alarm))],
        Node::Dashboard(id, dashboard) => vec![(id.name().to_owned(), super::dashboard::resource(dashboard))],
        Node::Function(..) => Vec::new(),
    }
}

/// A resource that goes with its stack.
pub fn plain(kind: &str, properties: Value) -> Value {
    map([("Type", text(kind)), ("Properties", properties)])
}

/// A resource that outlives its stack, because it holds data (or the key to data).
fn kept(kind: &str, properties: Value) -> Value {
    map([
        ("Type", text(kind)),
        ("DeletionPolicy", text("RetainExceptOnCreate")),
        ("UpdateReplacePolicy", text("Retain")),
        ("Properties", properties),
    ])
}

/// A resource of which the document says that its data go with the stack.
fn gone(kind: &str, properties: Value) -> Value {
    map([
        ("Type", text(kind)),
        ("DeletionPolicy", text("Delete")),
        ("UpdateReplacePolicy", text("Delete")),
        ("Properties", properties),
    ])
}

fn stream_resource(stream: &Stream) -> Value {
    let mode = match stream.shards {
        None => ("StreamModeDetails", map([("StreamMode", text("ON_DEMAND"))])),
        Some(shards) => ("ShardCount", Value::from(shards)),
    };
    kept(
        "AWS::Kinesis::Stream",
        map([
            ("RetentionPeriodHours", Value::from(stream.retention_hours)),
            mode,
            ("StreamEncryption", encryption::stream(&stream.key)),
            ("Tags", tags()),
        ]),
    )
}

fn queue_resources(id: &Id<Queue>, queue: &Queue) -> Written {
    let mut properties = Mapping::new();
    properties.insert(text("MessageRetentionPeriod"), Value::from(queue.retention_seconds));
    if let Some(seconds) = queue.hidden_seconds {
        properties.insert(text("VisibilityTimeout"), Value::from(seconds));
    }
    if let Some((failed, tries)) = &queue.redrive {
        let redrive = map([("deadLetterTargetArn", arn(failed)), ("maxReceiveCount", Value::from(*tries))]);
        properties.insert(text("RedrivePolicy"), redrive);
    }
    // checkov knows keys of KMS only.
    let skips = skip(&queue.key, "CKV_AWS_27");
    let (name, value) = encryption::queue(&queue.key);
    properties.insert(text(name), value);
    properties.insert(text("Tags"), tags());
    let access = map([("Queues", list([reference(id)])), ("PolicyDocument", policy::of_queue(id, &queue.senders))]);
    vec![
        (id.name().to_owned(), with_skips(kept("AWS::SQS::Queue", Value::Mapping(properties)), &skips)),
        (format!("{}Policy", id.name()), plain("AWS::SQS::QueuePolicy", access)),
    ]
}

fn topic_resources(id: &Id<Topic>, topic: &Topic) -> Written {
    let mut properties = Mapping::new();
    if let Some(key) = encryption::key(&topic.key) {
        properties.insert(text("KmsMasterKeyId"), key);
    }
    properties.insert(text("Tags"), tags());
    // The policy of SNS's own key cannot be changed.
    let unread = "CloudWatch may not use SNS's own key; a message holds an alarm's name and state, no data";
    let plain_topic: &[Skip] = if encryption::key(&topic.key).is_none() { &[("CKV_AWS_26", unread)] } else { &[] };
    let own = with_skips(plain("AWS::SNS::Topic", Value::Mapping(properties)), plain_topic);
    let access = map([("Topics", list([reference(id)])), ("PolicyDocument", policy::of_topic(id))]);
    let email = map([
        ("Type", text("AWS::SNS::Subscription")),
        ("Condition", text(HAS_EMAIL)),
        (
            "Properties",
            map([
                ("Protocol", text("email")),
                ("TopicArn", reference(id)),
                ("Endpoint", map([("Ref", text("AlarmEmail"))])),
            ]),
        ),
    ]);
    let mut written = vec![
        (id.name().to_owned(), own),
        (format!("{}Policy", id.name()), plain("AWS::SNS::TopicPolicy", access)),
        (format!("{}Email", id.name()), email),
    ];
    for (number, address) in (1..).zip(&topic.emails) {
        let subscription = map([("Protocol", text("email")), ("TopicArn", reference(id)), ("Endpoint", text(address))]);
        written.push((format!("{}Email{number}", id.name()), plain("AWS::SNS::Subscription", subscription)));
    }
    written
}

fn table_resource(table: &Table) -> Value {
    let string = |name: &str| map([("AttributeName", text(name)), ("AttributeType", text("S"))]);
    let key = |name: &str, kind: &str| map([("AttributeName", text(name)), ("KeyType", text(kind))]);
    let mut attributes = vec![string("partition_key")];
    let mut keys = vec![key("partition_key", "HASH")];
    if table.range_key {
        attributes.push(string("range_key"));
        keys.push(key("range_key", "RANGE"));
    }
    let mut properties = Mapping::new();
    if let Some(name) = &table.name {
        properties.insert(text("TableName"), reference(name));
    }
    properties.insert(text("AttributeDefinitions"), Value::Sequence(attributes));
    properties.insert(text("KeySchema"), Value::Sequence(keys));
    properties.insert(text("BillingMode"), text("PAY_PER_REQUEST"));
    properties.insert(
        text("DeletionProtectionEnabled"),
        map([("Fn::If", list([text(IS_PROD), Value::from(true), Value::from(false)]))]),
    );
    properties.insert(
        text("PointInTimeRecoverySpecification"),
        map([("PointInTimeRecoveryEnabled", Value::from(table.recovery))]),
    );
    properties.insert(text("SSESpecification"), encryption::table(&table.key));
    if table.expires {
        properties.insert(
            text("TimeToLiveSpecification"),
            map([("AttributeName", text("expires_at")), ("Enabled", Value::from(true))]),
        );
    }
    properties.insert(text("Tags"), tags());
    let resource = match table.outlives {
        true => kept("AWS::DynamoDB::Table", Value::Mapping(properties)),
        false => gone("AWS::DynamoDB::Table", Value::Mapping(properties)),
    };
    with_skips(resource, &skip(&table.key, "CKV_AWS_119"))
}

fn bucket_resources(id: &Id<Bucket>, bucket: &Bucket) -> Written {
    let mut properties = Mapping::new();
    if let Some(name) = &bucket.name {
        properties.insert(text("BucketName"), reference(name));
    }
    let encryption = encryption::bucket(&bucket.key);
    properties.insert(text("BucketEncryption"), map([("ServerSideEncryptionConfiguration", list([encryption]))]));
    let blocks = ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"];
    properties.insert(text("PublicAccessBlockConfiguration"), map(blocks.map(|block| (block, Value::from(true)))));
    properties.insert(
        text("OwnershipControls"),
        map([("Rules", list([map([("ObjectOwnership", text("BucketOwnerEnforced"))])]))]),
    );
    properties.insert(text("VersioningConfiguration"), map([("Status", text("Enabled"))]));
    properties.insert(text("LifecycleConfiguration"), map([("Rules", lifecycle(bucket.expire_days))]));
    if bucket.announces {
        let bridge = map([("EventBridgeEnabled", Value::from(true))]);
        properties.insert(text("NotificationConfiguration"), map([("EventBridgeConfiguration", bridge)]));
    }
    let skips = match &bucket.access {
        Access::Unlogged(reason) => vec![("CKV_AWS_18", *reason)],
        Access::Takes(_) => vec![("CKV_AWS_18", "Takes the access logs of the others")],
        Access::To(logs) => {
            let logging =
                map([("DestinationBucketName", reference(logs)), ("LogFilePrefix", text(&format!("{}/", id.name())))]);
            properties.insert(text("LoggingConfiguration"), logging);
            Vec::new()
        }
    };
    properties.insert(text("Tags"), tags());
    let access = map([("Bucket", reference(id)), ("PolicyDocument", policy::of_bucket(id, &bucket.access))]);
    vec![
        (id.name().to_owned(), with_skips(kept("AWS::S3::Bucket", Value::Mapping(properties)), &skips)),
        (format!("{}Policy", id.name()), plain("AWS::S3::BucketPolicy", access)),
    ]
}

/// A replay writes an object again under the same key: old versions are worth a month.
fn lifecycle(expire_days: Option<u32>) -> Value {
    let mut rules = vec![map([
        ("Id", text("OldVersionsAndLeftovers")),
        ("Status", text("Enabled")),
        ("NoncurrentVersionExpiration", map([("NoncurrentDays", Value::from(30))])),
        ("AbortIncompleteMultipartUpload", map([("DaysAfterInitiation", Value::from(7))])),
    ])];
    rules.extend(expire_days.map(|days| {
        map([("Id", text("Expiry")), ("Status", text("Enabled")), ("ExpirationInDays", Value::from(days))])
    }));
    Value::Sequence(rules)
}

/// A resource with comments on demands of checkov that do not apply to it, behind its type.
pub fn with_skips(resource: Value, skips: &[Skip]) -> Value {
    if skips.is_empty() {
        return resource;
    }
    let told = |(id, comment): &Skip| map([("id", text(id)), ("comment", text(comment))]);
    let metadata = map([("checkov", map([("skip", Value::Sequence(skips.iter().map(told).collect()))]))]);
    let Value::Mapping(mut with_metadata) = resource else { return resource };
    with_metadata.insert(text("Metadata"), metadata);
    Value::Mapping(with_metadata)
}

/// The one stream of a log that does not get its streams by itself.
pub const LOG_STREAM: &str = "delivery";

fn log_resources(id: &Id<LogGroup>, group: &LogGroup) -> Written {
    let mut properties = Mapping::new();
    let name = format!("{}/${{AWS::StackName}}-{}", group.folder, group.suffix);
    properties.insert(text("LogGroupName"), substitute(&name));
    properties.insert(text("RetentionInDays"), map([("Ref", text("LogRetentionDays"))]));
    if let Some(key) = encryption::key(&group.key) {
        properties.insert(text("KmsKeyId"), key);
    }
    properties.insert(text("Tags"), tags());
    let own = gone("AWS::Logs::LogGroup", Value::Mapping(properties));
    let mut written = vec![(id.name().to_owned(), with_skips(own, &skip(&group.key, "CKV_AWS_158")))];
    if group.stream {
        let stream = map([("LogGroupName", reference(id)), ("LogStreamName", text(LOG_STREAM))]);
        written.push((format!("{}Stream", id.name()), gone("AWS::Logs::LogStream", stream)));
    }
    written
}

fn role_resource(role: &Role) -> Value {
    let statements = role.grants.iter().filter_map(policy::grant).collect();
    let name = if role.service == policy::LAMBDA { "function" } else { "delivery" };
    let own = map([("PolicyName", text(name)), ("PolicyDocument", policy::document(statements))]);
    plain(
        "AWS::IAM::Role",
        map([
            ("AssumeRolePolicyDocument", policy::assumed_by(role.service)),
            ("Policies", list([own])),
            ("Tags", tags()),
        ]),
    )
}

fn alarm_resource(alarm: &Alarm) -> Value {
    let (namespace, metric, statistic, dimension) = watched(&alarm.metric);
    let mut properties = Mapping::new();
    properties.insert(text("AlarmDescription"), text(&alarm.description));
    properties.insert(text("Namespace"), text(namespace));
    properties.insert(text("MetricName"), text(metric));
    if let Some((name, value)) = dimension {
        properties.insert(text("Dimensions"), list([map([("Name", text(name)), ("Value", value)])]));
    }
    let kind = if statistic.starts_with('p') { "ExtendedStatistic" } else { "Statistic" };
    properties.insert(text(kind), text(statistic));
    properties.insert(text("Period"), Value::from(alarm.period_seconds));
    properties.insert(text("EvaluationPeriods"), Value::from(alarm.periods));
    let comparison = if alarm.below { "LessThanThreshold" } else { "GreaterThanThreshold" };
    properties.insert(text("ComparisonOperator"), text(comparison));
    let is_whole = alarm.threshold.fract() == 0.0 && alarm.threshold.abs() < 9e15;
    let threshold = if is_whole { Value::from(alarm.threshold as i64) } else { Value::from(alarm.threshold) };
    properties.insert(text("Threshold"), threshold);
    properties.insert(text("TreatMissingData"), text(&alarm.missing));
    properties.insert(text("AlarmActions"), list([reference(&alarm.topic)]));
    properties.insert(text("OKActions"), list([reference(&alarm.topic)]));
    properties.insert(text("Tags"), tags());
    plain("AWS::CloudWatch::Alarm", Value::Mapping(properties))
}

type Watched<'m> = (&'m str, &'m str, &'m str, Option<(&'static str, Value)>);

/// Namespace, metric, statistic, and whose it is.
fn watched(metric: &Metric) -> Watched<'_> {
    let queue_name = sources::queue_name;
    match metric {
        Metric::IteratorAge(function) => {
            ("AWS/Lambda", "IteratorAge", "Maximum", Some(("FunctionName", reference(function))))
        }
        Metric::Errors(function) => ("AWS/Lambda", "Errors", "Sum", Some(("FunctionName", reference(function)))),
        Metric::Throttles(function) => ("AWS/Lambda", "Throttles", "Sum", Some(("FunctionName", reference(function)))),
        Metric::Waiting(queue) => {
            ("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", Some(("QueueName", queue_name(queue))))
        }
        Metric::Oldest(queue) => {
            ("AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum", Some(("QueueName", queue_name(queue))))
        }
        Metric::ServerErrors(api) => ("AWS/ApiGateway", "5xx", "Sum", Some(sources::api_dimension(api))),
        Metric::Freshness(delivery) => {
            ("AWS/Firehose", "DeliveryToS3.DataFreshness", "Maximum", Some(("DeliveryStreamName", reference(delivery))))
        }
        Metric::Own { namespace, name, statistic, of } => {
            let dimension = of.as_ref().map(|of| match of {
                Owner::Function(id) => ("FunctionName", reference(id)),
                Owner::Stream(id) => ("StreamName", reference(id)),
                Owner::Queue(id) => ("QueueName", queue_name(id)),
                Owner::Api(id) => sources::api_dimension(id),
                Owner::Delivery(id) => ("DeliveryStreamName", reference(id)),
            });
            (namespace, name, statistic, dimension)
        }
    }
}
