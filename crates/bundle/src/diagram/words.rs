//! Resources in words: what kind of thing one is, and what is worth knowing of it.

use serde_yaml::Value;

use crate::template::Resource;

const KINDS: [(&str, &str); 39] = [
    ("AWS::Kinesis::Stream", "Kinesis stream"),
    ("AWS::Kinesis::StreamConsumer", "Stream consumer"),
    ("AWS::KinesisFirehose::DeliveryStream", "Firehose"),
    ("AWS::DynamoDB::Table", "DynamoDB table"),
    ("AWS::S3::Bucket", "S3 bucket"),
    ("AWS::S3::BucketPolicy", "Bucket policy"),
    ("AWS::SQS::Queue", "SQS queue"),
    ("AWS::SQS::QueuePolicy", "Queue policy"),
    ("AWS::SNS::Topic", "SNS topic"),
    ("AWS::SNS::TopicPolicy", "Topic policy"),
    ("AWS::SNS::Subscription", "Subscription"),
    ("AWS::Lambda::Function", "Lambda function"),
    ("AWS::Serverless::Function", "Lambda function"),
    ("AWS::Lambda::EventSourceMapping", "Event mapping"),
    ("AWS::Lambda::EventInvokeConfig", "Invocation settings"),
    ("AWS::Lambda::Permission", "Permission"),
    ("AWS::Lambda::Version", "Version"),
    ("AWS::Lambda::Alias", "Alias"),
    ("AWS::CloudWatch::Alarm", "Alarm"),
    ("AWS::CloudWatch::CompositeAlarm", "Alarm"),
    ("AWS::CloudWatch::Dashboard", "Dashboard"),
    ("AWS::KMS::Key", "KMS key"),
    ("AWS::KMS::Alias", "Key alias"),
    ("AWS::IAM::Role", "Role"),
    ("AWS::IAM::Policy", "Policy"),
    ("AWS::Logs::LogGroup", "Log group"),
    ("AWS::StepFunctions::StateMachine", "State machine"),
    ("AWS::Serverless::StateMachine", "State machine"),
    ("AWS::Scheduler::Schedule", "Schedule"),
    ("AWS::Events::Rule", "Event rule"),
    ("AWS::ApiGatewayV2::Api", "HTTP API"),
    ("AWS::ApiGatewayV2::Stage", "API stage"),
    ("AWS::ApiGatewayV2::Route", "API route"),
    ("AWS::ApiGatewayV2::Integration", "API integration"),
    ("AWS::SecretsManager::Secret", "Secret"),
    ("AWS::EMRServerless::Application", "EMR application"),
    ("AWS::CodeDeploy::DeploymentGroup", "Deployment group"),
    ("AWS::CodeDeploy::Application", "Deployment"),
    ("AWS::Logs::MetricFilter", "Metric of a log"),
];

/// A type in words; one that is not known loses what all types begin with.
pub fn kind(aws: &str) -> String {
    let known = KINDS.iter().find(|(name, _)| *name == aws).map(|(_, words)| (*words).to_owned());
    known.unwrap_or_else(|| aws.trim_start_matches("AWS::").replace("::", " "))
}

/// What is worth knowing, ready to read; may be empty.
pub fn about(resource: &Resource) -> String {
    let number = |name: &str| resource.property(name).and_then(Value::as_u64);
    let mut told: Vec<String> = Vec::new();
    match resource.kind.as_str() {
        "AWS::Kinesis::Stream" => {
            told.push(number("ShardCount").map_or("on demand".into(), |count| format!("{count} shards")));
            told.extend(number("RetentionPeriodHours").map(|hours| format!("keeps {}", span(hours * 3_600))));
        }
        "AWS::DynamoDB::Table" => {
            told.extend(key(resource));
            let has = |name: &str| resource.property(name).is_some();
            told.extend(has("TimeToLiveSpecification").then(|| "rows expire".to_owned()));
            let recovery = resource.property("PointInTimeRecoverySpecification");
            let recovers = recovery.and_then(|it| it.get("PointInTimeRecoveryEnabled")?.as_bool()).unwrap_or_default();
            told.push(if recovers { "can be restored" } else { "cannot be restored" }.to_owned());
        }
        "AWS::SQS::Queue" => {
            told.extend(number("MessageRetentionPeriod").map(|seconds| format!("keeps {}", span(seconds))));
        }
        "AWS::Lambda::Function" | "AWS::Serverless::Function" => {
            told.extend(number("MemorySize").map(|mb| format!("{mb} MB")));
            told.extend(number("Timeout").map(|seconds| format!("up to {}", span(seconds))));
        }
        "AWS::CloudWatch::Alarm" => told.extend(resource.text("AlarmDescription").map(str::to_owned)),
        "AWS::Scheduler::Schedule" => told.extend(resource.text("ScheduleExpression").map(str::to_owned)),
        _ => {}
    }
    if told.is_empty() {
        told.extend(resource.text("Description").map(str::to_owned));
    }
    told.join(", ")
}

fn key(table: &Resource) -> Option<String> {
    let keys = table.property("KeySchema")?.as_sequence()?;
    let names: Vec<&str> = keys.iter().filter_map(|key| key.get("AttributeName")?.as_str()).collect();
    Some(format!("key {}", names.join(" + ")))
}

/// Seconds in the largest unit that fits evenly.
fn span(seconds: u64) -> String {
    let units = [(86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")];
    let (unit, name) =
        units.into_iter().find(|(unit, _)| seconds >= *unit && seconds.is_multiple_of(*unit)).unwrap_or((1, "second"));
    let count = seconds / unit;
    format!("{count} {name}{}", if count == 1 { "" } else { "s" })
}
