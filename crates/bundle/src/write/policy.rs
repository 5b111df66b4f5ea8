//! Policy documents: what a role may do (one statement a grant), who may use a key, a queue, a topic, a
//! bucket. No action and no resource is a wildcard where the service can be named more closely.

use serde_yaml::Value;

use super::reference::{HasArn, arn, list, map, reference, substitute, text};
use crate::graph::{Bucket, Grant, Id, Queue, Topic};

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

/// The statement of a grant.
pub fn grant(grant: &Grant) -> Value {
    match grant {
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
        Grant::SendTo(queue) => allow(&format!("SendTo{}", queue.name()), text("sqs:SendMessage"), arn(queue)),
        Grant::UseKey(key) => allow("UseKey", actions(["kms:Decrypt", "kms:GenerateDataKey"]), arn(key)),
        Grant::WriteLogs(group) => allow(
            "WriteLogs",
            actions(["logs:CreateLogStream", "logs:PutLogEvents"]),
            substitute(&format!("${{{}.Arn}}", group.name())),
        ),
        // X-Ray has no resources to name.
        Grant::Trace => allow("Trace", actions(["xray:PutTelemetryRecords", "xray:PutTraceSegments"]), text("*")),
        Grant::MoveAlias(function) => allow(
            &format!("Move{}", function.name()),
            actions(["lambda:GetAlias", "lambda:GetProvisionedConcurrencyConfig", "lambda:UpdateAlias"]),
            list([arn(function), substitute(&format!("${{{}.Arn}}:*", function.name()))]),
        ),
        Grant::SeeAlarms => allow(
            "SeeAlarms",
            text("cloudwatch:DescribeAlarms"),
            substitute("arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*"),
        ),
    }
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

/// The key's policy: the account's administrators, the logs of this account, its alarms.
pub fn of_key() -> Value {
    let root = map([
        ("Sid", text("AccountAdministers")),
        ("Effect", text("Allow")),
        ("Principal", map([("AWS", substitute("arn:${AWS::Partition}:iam::${AWS::AccountId}:root"))])),
        ("Action", text("kms:*")),
        ("Resource", text("*")),
    ]);
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
    let alarms = map([
        ("Sid", text("AlarmsPublish")),
        ("Effect", text("Allow")),
        ("Principal", map([("Service", text("cloudwatch.amazonaws.com"))])),
        ("Action", actions(["kms:Decrypt", "kms:GenerateDataKey*"])),
        ("Resource", text("*")),
        ("Condition", own_account()),
    ]);
    document(vec![root, logs, alarms])
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

pub fn of_queue(id: &Id<Queue>) -> Value {
    document(vec![deny("sqs:*", id)])
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

pub fn of_bucket(id: &Id<Bucket>) -> Value {
    let objects = substitute(&format!("${{{}.Arn}}/*", id.name()));
    document(vec![deny_plain_text("s3:*", list([arn(id), objects]))])
}
