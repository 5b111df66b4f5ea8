//! What holds data is encrypted, can be brought back, and does not go with its stack by mistake; what fails is kept and heard.

use serde_yaml::Value;

use super::{Finding, Seen, counted, found};
use crate::replacement::holds_data;
use crate::template::Resource;

pub fn look(seen: &Seen<'_>) -> (String, Vec<Finding>) {
    let mut findings = Vec::new();
    // Where the services' own keys encrypt, nothing names a key.
    let has_key = seen.template.resources.iter().any(|one| one.kind == "AWS::KMS::Key");
    let holding = seen.template.resources.iter().filter(|one| holds_data(&one.kind)).count();
    for resource in &seen.template.resources {
        let lacks = lacking(resource, has_key);
        findings.extend(lacks.into_iter().map(|text| found(resource.line, format!("{}: {text}", resource.id))));
    }
    (format!("{} that hold data", counted(holding, "resource")), findings)
}

/// A value below properties, by a path with dots.
fn at<'r>(resource: &'r Resource, path: &str) -> Option<&'r Value> {
    let mut parts = path.split('.');
    let first = resource.property(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part))
}

/// What each type needs, and the harm that its lack does.
const NEEDED: [(&str, &str, &str); 17] = [
    ("AWS::DynamoDB::Table", "SSESpecification.SSEEnabled", "rows are not encrypted by a key of the stack"),
    ("AWS::Kinesis::Stream", "StreamEncryption", "events are not encrypted"),
    ("AWS::S3::Bucket", "BucketEncryption", "objects are not encrypted by a key of the stack"),
    ("AWS::S3::Bucket", "PublicAccessBlockConfiguration.BlockPublicPolicy", "objects could become public"),
    ("AWS::S3::Bucket", "PublicAccessBlockConfiguration.RestrictPublicBuckets", "objects could become public"),
    ("AWS::SNS::Topic", "KmsMasterKeyId", "messages are not encrypted"),
    ("AWS::KMS::Key", "EnableKeyRotation", "the key is never changed"),
    ("AWS::Logs::LogGroup", "RetentionInDays", "its log would be paid for ever"),
    ("AWS::Logs::LogGroup", "KmsKeyId", "its log is not encrypted by a key of the stack"),
    ("AWS::CloudWatch::Alarm", "AlarmActions", "nobody would hear the alarm"),
    ("AWS::Lambda::Function", "KmsKeyArn", "its variables are not encrypted by a key of the stack"),
    ("AWS::Serverless::Function", "KmsKeyArn", "its variables are not encrypted by a key of the stack"),
    ("AWS::Lambda::Function", "TracingConfig", "a slow call could not be traced"),
    ("AWS::Serverless::Function", "Tracing", "a slow call could not be traced"),
    ("AWS::Scheduler::Schedule", "Target.DeadLetterConfig", "a call that fails would be lost"),
    ("AWS::Scheduler::Schedule", "Target.RetryPolicy", "a call that fails would not be tried again"),
    ("AWS::StepFunctions::StateMachine", "LoggingConfiguration", "a failed run could not be read"),
];

/// Of these, what only a key of the stack gives.
const BY_KEY: [&str; 4] = ["SSESpecification.SSEEnabled", "KmsMasterKeyId", "KmsKeyId", "KmsKeyArn"];

fn lacking(resource: &Resource, has_key: bool) -> Vec<String> {
    let needed = NEEDED.iter().filter(|(kind, path, _)| {
        let applies = has_key || !BY_KEY.contains(path);
        *kind == resource.kind && applies && at(resource, path).is_none_or(|value| value.as_bool() == Some(false))
    });
    let mut lacks: Vec<String> = needed.map(|(_, _, harm)| (*harm).to_owned()).collect();
    let named = ["AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Kinesis::Stream", "AWS::KMS::Key"];
    if named.contains(&resource.kind.as_str()) {
        for policy in ["DeletionPolicy", "UpdateReplacePolicy"] {
            if resource.value.get(policy).is_none() {
                lacks.push(format!("it has no {policy}: its data would go with it"));
            }
        }
    }
    if resource.kind == "AWS::SQS::Queue"
        && at(resource, "KmsMasterKeyId").is_none()
        && at(resource, "SqsManagedSseEnabled").and_then(Value::as_bool) != Some(true)
    {
        lacks.push("messages are not encrypted".to_owned());
    }
    let reads_stream = resource.kind == "AWS::Lambda::EventSourceMapping" && at(resource, "StartingPosition").is_some();
    if reads_stream {
        for (path, harm) in [
            ("MaximumRetryAttempts", "a failing batch would be tried until it expires"),
            ("DestinationConfig.OnFailure", "what was given up would be lost"),
            ("FunctionResponseTypes", "one failed record would bring the whole batch again"),
        ] {
            lacks.extend(at(resource, path).is_none().then(|| harm.to_owned()));
        }
    }
    lacks
}
