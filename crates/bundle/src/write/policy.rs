//! Policy documents: what a role may do (one statement a grant), who may use a key, a queue, a topic, a
//! bucket. No action and no resource is a wildcard where the service can be named more closely.

use serde_yaml::Value;

use super::encryption;
use super::reference::{HasArn, arn, list, map, reference, substitute, text};
use crate::graph::{Access, Announcement, Bucket, Grant, Id, Place, Queue, Topic};

pub const LAMBDA: &str = "lambda.amazonaws.com";
pub const FIREHOSE: &str = "firehose.amazonaws.com";

/// A policy document of these statements.
pub fn document(statements: Vec<Value>) -> Value {
    map([("Version", text("2012-10-17")), ("Statement", Value::Sequence(statements))])
}

fn actions<const N: usize>(names: [&str; N]) -> Value {
    list(names.map(text))
}

fn allow(sid: &str, action: Value, resource: Value) -> Value {
    map([("Sid", text(sid)), ("Effect", text("Allow")), ("Action", action), ("Resource", resource)])
}

/// The statement of a grant; keys of the services need none.
pub fn grant(grant: &Grant) -> Option<Value> {
    Some(match grant {
        Grant::ReadStream(stream) => allow(
            "ReadEvents",
            actions([
                "kinesis:DescribeStream",
                "kinesis:DescribeStreamSummary",
                "kinesis:GetRecords",
                "kinesis:GetShardIterator",
                "kinesis:ListShards",
            ]),
            arn(stream),
        ),
        Grant::UseTable(table) => allow(
            &format!("Use{}", table.name()),
            actions([
                "dynamodb:ConditionCheckItem",
                "dynamodb:DeleteItem",
                "dynamodb:GetItem",
                "dynamodb:PutItem",
                "dynamodb:Query",
            ]),
            arn(table),
        ),
        Grant::WriteObjects(bucket, prefix) => {
            allow("WriteFeatures", text("s3:PutObject"), substitute(&format!("${{{}.Arn}}/{prefix}*", bucket.name())))
        }
        Grant::ReadObjects(name, place, prefix) => {
            let objects = match place {
                Place::Own(bucket) => format!("${{{}.Arn}}/{prefix}*", bucket.name()),
                Place::Given(bucket) => format!("arn:${{AWS::Partition}}:s3:::{bucket}/{prefix}*"),
            };
            let sid = format!("Read{name}");
            allow(&sid, actions(["s3:GetObject", "s3:GetObjectVersion"]), substitute(&objects))
        }
        Grant::DeliverFiles(bucket, prefixes) => {
            let under = |prefix: &String| substitute(&format!("${{{}.Arn}}/{prefix}*", bucket.name()));
            allow(
                "DeliverFiles",
                actions(["s3:AbortMultipartUpload", "s3:PutObject"]),
                Value::Sequence(prefixes.iter().map(under).collect()),
            )
        }
        Grant::Receive(queue) => allow(
            &format!("Take{}", queue.name()),
            actions(["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]),
            arn(queue),
        ),
        Grant::SendTo(queue) => allow("KeepFailedBatches", text("sqs:SendMessage"), arn(queue)),
        Grant::UseKey(keyed) => {
            let key = encryption::key(keyed)?;
            allow("UseKey", actions(["kms:Decrypt", "kms:GenerateDataKey"]), key)
        }
        Grant::WriteLogStream(group) => allow(
            "WriteLogs",
            text("logs:PutLogEvents"),
            substitute(&format!(
                "arn:${{AWS::Partition}}:logs:${{AWS::Region}}:${{AWS::AccountId}}:log-group:${{{}}}:log-stream:{}",
                group.name(),
                super::resource::LOG_STREAM
            )),
        ),
        Grant::WriteLogs(group) => allow(
            "WriteLogs",
            actions(["logs:CreateLogStream", "logs:PutLogEvents"]),
            substitute(&format!("${{{}.Arn}}", group.name())),
        ),
        // X-Ray has no resources to name.
        Grant::Trace => allow("Trace", actions(["xray:PutTelemetryRecords", "xray:PutTraceSegments"]), text("*")),
    })
}

/// Who may take a role: one service.
pub fn assumed_by(service: &str) -> Value {
    document(vec![map([
        ("Effect", text("Allow")),
        ("Principal", map([("Service", text(service))])),
        ("Action", text("sts:AssumeRole")),
    ])])
}

fn own_account() -> Value {
    map([("StringEquals", map([("aws:SourceAccount", map([("Ref", text("AWS::AccountId"))]))]))])
}

/// The key's policy: the account's administrators, the logs of this account, its alarms, its words of files.
pub fn of_key(announces: bool) -> Value {
    let root = map([
        ("Sid", text("AccountAdministers")),
        ("Effect", text("Allow")),
        ("Principal", map([("AWS", substitute("arn:${AWS::Partition}:iam::${AWS::AccountId}:root"))])),
        ("Action", text("kms:*")),
        ("Resource", text("*")),
    ]);
    let mut statements = vec![root];
    statements.extend(of_services(announces));
    document(statements)
}

/// What services need of any key that encrypts a stack, beside what roles are granted.
pub fn of_services(announces: bool) -> Vec<Value> {
    let logs = map([
        ("Sid", text("LogsEncrypt")),
        ("Effect", text("Allow")),
        ("Principal", map([("Service", substitute("logs.${AWS::Region}.amazonaws.com"))])),
        (
            "Action",
            actions(["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]),
        ),
        ("Resource", text("*")),
        (
            "Condition",
            map([(
                "ArnLike",
                map([(
                    "kms:EncryptionContext:aws:logs:arn",
                    substitute("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*"),
                )]),
            )]),
        ),
    ]);
    let by = |sid: &str, service: &str| {
        map([
            ("Sid", text(sid)),
            ("Effect", text("Allow")),
            ("Principal", map([("Service", text(service))])),
            ("Action", actions(["kms:Decrypt", "kms:GenerateDataKey*"])),
            ("Resource", text("*")),
            ("Condition", own_account()),
        ])
    };
    let mut statements = vec![logs, by("AlarmsPublish", "cloudwatch.amazonaws.com")];
    if announces {
        statements.push(by("FilesAreAnnounced", "events.amazonaws.com"));
    }
    statements
}

fn deny_plain_text(action: &str, resource: Value) -> Value {
    map([
        ("Sid", text("DenyPlainText")),
        ("Effect", text("Deny")),
        ("Principal", text("*")),
        ("Action", text(action)),
        ("Resource", resource),
        ("Condition", map([("Bool", map([("aws:SecureTransport", text("false"))]))])),
    ])
}

fn deny<K: HasArn>(action: &str, id: &Id<K>) -> Value {
    deny_plain_text(action, arn(id))
}

pub fn of_queue(id: &Id<Queue>, senders: &[Id<Announcement>]) -> Value {
    let sends = |rule: &Id<Announcement>| {
        map([
            ("Sid", text(&format!("Sends{}", rule.name()))),
            ("Effect", text("Allow")),
            ("Principal", map([("Service", text("events.amazonaws.com"))])),
            ("Action", text("sqs:SendMessage")),
            ("Resource", arn(id)),
            ("Condition", map([("ArnEquals", map([("aws:SourceArn", arn(rule))]))])),
        ])
    };
    let mut statements: Vec<Value> = senders.iter().map(sends).collect();
    statements.push(deny("sqs:*", id));
    document(statements)
}

/// Alarms of this account publish; nobody does in plain text.
pub fn of_topic(id: &Id<Topic>) -> Value {
    let alarms = map([
        ("Sid", text("AlarmsPublish")),
        ("Effect", text("Allow")),
        ("Principal", map([("Service", text("cloudwatch.amazonaws.com"))])),
        ("Action", text("sns:Publish")),
        ("Resource", reference(id)),
        ("Condition", own_account()),
    ]);
    document(vec![alarms, deny("sns:Publish", id)])
}

pub fn of_bucket(id: &Id<Bucket>, access: &Access) -> Value {
    let objects = substitute(&format!("${{{}.Arn}}/*", id.name()));
    let mut statements = vec![deny_plain_text("s3:*", list([arn(id), objects]))];
    if let Access::Takes(others) = access {
        statements.extend(others.iter().map(|other| takes_logs(id, other)));
    }
    document(statements)
}

/// S3 writes what was done with the other bucket.
fn takes_logs(id: &Id<Bucket>, other: &Id<Bucket>) -> Value {
    map([
        ("Sid", text(&format!("LogsOf{}", other.name()))),
        ("Effect", text("Allow")),
        ("Principal", map([("Service", text("logging.s3.amazonaws.com"))])),
        ("Action", text("s3:PutObject")),
        ("Resource", substitute(&format!("${{{}.Arn}}/{}/*", id.name(), other.name()))),
        (
            "Condition",
            map([
                ("ArnLike", map([("aws:SourceArn", arn(other))])),
                ("StringEquals", map([("aws:SourceAccount", map([("Ref", text("AWS::AccountId"))]))])),
            ]),
        ),
    ])
}
