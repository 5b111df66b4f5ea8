//! Rules that tell of files, HTTP APIs and delivery streams as CloudFormation resources; both targets write them alike.

use serde_yaml::{Mapping, Value};

use super::encryption;
use super::reference::{arn, attribute, invoked, list, map, reference, substitute, tag_map, tags, text};
use super::resource::{Written, plain, with_skips};
use crate::graph::{Announcement, Api, Delivery, Id, Place};

/// Milliseconds after which API Gateway gives up.
const LONGEST_ANSWER: u32 = 30_000;
/// Of one request.
const ACCESS: &str = r#"{"requestId":"$context.requestId","time":"$context.requestTime","ip":"$context.identity.sourceIp","caller":"$context.identity.caller","route":"$context.routeKey","status":"$context.status","milliseconds":"$context.responseLatency","fault":"$context.integrationErrorMessage"}"#;

pub fn announcement(id: &Id<Announcement>, told: &Announcement) -> Written {
    let bucket = match &told.bucket {
        Place::Own(bucket) => reference(bucket),
        Place::Given(name) => text(name),
    };
    let mut detail = Mapping::new();
    detail.insert(text("bucket"), map([("name", list([bucket]))]));
    if let Some(key) = key_pattern(&told.prefix, &told.suffix) {
        detail.insert(text("object"), map([("key", list([key]))]));
    }
    let pattern = map([
        ("source", list([text("aws.s3")])),
        ("detail-type", list([text("Object Created")])),
        ("detail", Value::Mapping(detail)),
    ]);
    let retry = map([
        ("MaximumRetryAttempts", Value::from(told.retries)),
        ("MaximumEventAgeInSeconds", Value::from(told.max_age_seconds)),
    ]);
    let target = map([
        ("Id", text("queue")),
        ("Arn", arn(&told.queue)),
        ("DeadLetterConfig", map([("Arn", arn(&told.failed))])),
        ("RetryPolicy", retry),
    ]);
    let properties = map([
        ("Description", text(&told.description)),
        ("State", text("ENABLED")),
        ("EventPattern", pattern),
        ("Targets", list([target])),
    ]);
    vec![(id.name().to_owned(), plain("AWS::Events::Rule", properties))]
}

/// What a key must be like; `None`: anything.
fn key_pattern(prefix: &str, suffix: &str) -> Option<Value> {
    let literal = |text: &str| text.replace('\\', "\\\\").replace('*', "\\*");
    match (prefix, suffix) {
        ("", "") => None,
        (prefix, "") => Some(map([("prefix", text(prefix))])),
        ("", suffix) => Some(map([("suffix", text(suffix))])),
        (prefix, suffix) => Some(map([("wildcard", text(&format!("{}*{}", literal(prefix), literal(suffix))))])),
    }
}

pub fn api(id: &Id<Api>, api: &Api) -> Written {
    let part = |name: &str| format!("{}{name}", id.name());
    let own = map([
        ("Name", substitute(&format!("${{AWS::StackName}}-{}", api.suffix))),
        ("Description", text(&api.description)),
        ("ProtocolType", text("HTTP")),
        ("Tags", tag_map()),
    ]);
    let integration = map([
        ("ApiId", reference(id)),
        ("IntegrationType", text("AWS_PROXY")),
        ("IntegrationUri", invoked(&api.function)),
        ("PayloadFormatVersion", text("2.0")),
        ("TimeoutInMillis", Value::from(LONGEST_ANSWER)),
    ]);
    let route = map([
        ("ApiId", reference(id)),
        ("RouteKey", text(&api.route)),
        ("AuthorizationType", text(if api.signed { "AWS_IAM" } else { "NONE" })),
        ("Target", substitute(&format!("integrations/${{{}}}", part("Integration")))),
    ]);
    let open = [("CKV_AWS_309", "The document says Auth: none, everybody may send; the rate is limited")];
    let route = plain("AWS::ApiGatewayV2::Route", route);
    let route = if api.signed { route } else { with_skips(route, &open) };
    let limits = map([
        ("DetailedMetricsEnabled", Value::from(true)),
        ("ThrottlingRateLimit", Value::from(api.rate)),
        ("ThrottlingBurstLimit", Value::from(api.burst)),
    ]);
    let stage = map([
        ("ApiId", reference(id)),
        ("StageName", text("$default")),
        ("AutoDeploy", Value::from(true)),
        ("DefaultRouteSettings", limits),
        ("AccessLogSettings", map([("DestinationArn", arn(&api.logs)), ("Format", text(ACCESS))])),
        ("Tags", tag_map()),
    ]);
    let (method, path) = api.route.split_once(' ').unwrap_or(("*", "/*"));
    let method = if method == "ANY" { "*" } else { method };
    let called = format!(
        "arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{}}}/$default/{method}{path}",
        id.name()
    );
    let permission = map([
        ("Action", text("lambda:InvokeFunction")),
        ("FunctionName", invoked(&api.function)),
        ("Principal", text("apigateway.amazonaws.com")),
        ("SourceArn", substitute(&called)),
    ]);
    vec![
        (id.name().to_owned(), plain("AWS::ApiGatewayV2::Api", own)),
        (part("Integration"), plain("AWS::ApiGatewayV2::Integration", integration)),
        (part("Route"), route),
        (part("Stage"), plain("AWS::ApiGatewayV2::Stage", stage)),
        (part("Permission"), plain("AWS::Lambda::Permission", permission)),
    ]
}

/// Records as JSON Lines, packed.
pub fn delivery(id: &Id<Delivery>, delivery: &Delivery) -> Written {
    let mut properties = Mapping::new();
    let kind = if delivery.stream.is_some() { "KinesisStreamAsSource" } else { "DirectPut" };
    properties.insert(text("DeliveryStreamType"), text(kind));
    match &delivery.stream {
        Some(stream) => {
            let source = map([("KinesisStreamARN", arn(stream)), ("RoleARN", arn(&delivery.role))]);
            properties.insert(text("KinesisStreamSourceConfiguration"), source);
        }
        None => {
            let own = encryption::delivery(&delivery.key);
            properties.insert(text("DeliveryStreamEncryptionConfigurationInput"), own);
        }
    }
    let buffer =
        map([("SizeInMBs", Value::from(delivery.megabytes)), ("IntervalInSeconds", Value::from(delivery.seconds))]);
    let delimiter = map([("ParameterName", text("Delimiter")), ("ParameterValue", text("\\n"))]);
    let lines = map([("Type", text("AppendDelimiterToRecord")), ("Parameters", list([delimiter]))]);
    let logging = map([
        ("Enabled", Value::from(true)),
        ("LogGroupName", reference(&delivery.logs)),
        ("LogStreamName", text(super::resource::LOG_STREAM)),
    ]);
    let files = map([
        ("BucketARN", arn(&delivery.bucket)),
        ("RoleARN", arn(&delivery.role)),
        ("Prefix", text(&format!("{}dt=!{{timestamp:yyyy-MM-dd}}/", delivery.prefix))),
        ("ErrorOutputPrefix", text(&format!("{}!{{firehose:error-output-type}}/", delivery.errors))),
        ("BufferingHints", buffer),
        ("CompressionFormat", text("GZIP")),
        ("FileExtension", text(".jsonl.gz")),
        ("ProcessingConfiguration", map([("Enabled", Value::from(true)), ("Processors", list([lines]))])),
        ("CloudWatchLoggingOptions", logging),
    ]);
    properties.insert(text("ExtendedS3DestinationConfiguration"), files);
    properties.insert(text("Tags"), tags());
    let resource = plain("AWS::KinesisFirehose::DeliveryStream", Value::Mapping(properties));
    let skips = match &delivery.stream {
        Some(_) => {
            let encrypted = "Reads an encrypted stream into an encrypted bucket and keeps nothing itself";
            vec![("CKV_AWS_240", encrypted), ("CKV_AWS_241", encrypted)]
        }
        None => encryption::skip(&delivery.key, "CKV_AWS_241"),
    };
    vec![(id.name().to_owned(), with_skips(resource, &skips))]
}

/// Where callers send events.
pub fn url(id: &Id<Api>, route: &str) -> Value {
    let path = route.split_once(' ').map_or("", |(_, path)| path);
    let api = id.name();
    substitute(&format!("https://${{{api}}}.execute-api.${{AWS::Region}}.${{AWS::URLSuffix}}{path}"))
}

/// The dimension of an API's metrics.
pub fn api_dimension(id: &Id<Api>) -> (&'static str, Value) {
    ("ApiId", reference(id))
}

/// The name of a queue, as metrics know it.
pub fn queue_name(queue: &Id<crate::graph::Queue>) -> Value {
    attribute(queue, "QueueName")
}
