//! Metrics of CloudWatch by namespace, with what each is told apart by. A name that AWS never sends is an
//! alarm that never goes off.

use super::Fault;
use crate::codes::BAD_METRIC;
use crate::diagnostic::quote;
use crate::suggest::nearest;

/// A namespace of AWS.
pub struct Namespace {
    pub name: &'static str,
    /// The dimension that names the resource.
    pub dimension: &'static str,
    pub metrics: &'static [&'static str],
}

pub const STATISTICS: [&str; 9] = ["Average", "Maximum", "Minimum", "Sum", "SampleCount", "p50", "p90", "p95", "p99"];

pub const NAMESPACES: [Namespace; 13] = [
    Namespace {
        name: "AWS/Lambda",
        dimension: "FunctionName",
        metrics: &[
            "Invocations",
            "Errors",
            "Throttles",
            "Duration",
            "IteratorAge",
            "ConcurrentExecutions",
            "DeadLetterErrors",
            "DestinationDeliveryFailures",
            "AsyncEventAge",
            "AsyncEventsDropped",
            "AsyncEventsReceived",
            "PostRuntimeExtensionsDuration",
            "UnreservedConcurrentExecutions",
        ],
    },
    Namespace {
        name: "AWS/Kinesis",
        dimension: "StreamName",
        metrics: &[
            "IncomingRecords",
            "IncomingBytes",
            "GetRecords.IteratorAgeMilliseconds",
            "GetRecords.Records",
            "GetRecords.Bytes",
            "GetRecords.Latency",
            "GetRecords.Success",
            "PutRecord.Success",
            "PutRecord.Latency",
            "PutRecord.Bytes",
            "PutRecords.Records",
            "PutRecords.TotalRecords",
            "PutRecords.FailedRecords",
            "PutRecords.ThrottledRecords",
            "PutRecords.Latency",
            "ReadProvisionedThroughputExceeded",
            "WriteProvisionedThroughputExceeded",
            "SubscribeToShardEvent.MillisBehindLatest",
        ],
    },
    Namespace {
        name: "AWS/DynamoDB",
        dimension: "TableName",
        metrics: &[
            "ConsumedReadCapacityUnits",
            "ConsumedWriteCapacityUnits",
            "ReadThrottleEvents",
            "WriteThrottleEvents",
            "ThrottledRequests",
            "SystemErrors",
            "UserErrors",
            "ConditionalCheckFailedRequests",
            "TransactionConflict",
            "SuccessfulRequestLatency",
            "ReturnedItemCount",
            "TimeToLiveDeletedItemCount",
        ],
    },
    Namespace {
        name: "AWS/SQS",
        dimension: "QueueName",
        metrics: &[
            "ApproximateNumberOfMessagesVisible",
            "ApproximateNumberOfMessagesNotVisible",
            "ApproximateNumberOfMessagesDelayed",
            "ApproximateAgeOfOldestMessage",
            "NumberOfMessagesSent",
            "NumberOfMessagesReceived",
            "NumberOfMessagesDeleted",
            "NumberOfEmptyReceives",
            "SentMessageSize",
        ],
    },
    Namespace {
        name: "AWS/S3",
        dimension: "BucketName",
        metrics: &["BucketSizeBytes", "NumberOfObjects", "AllRequests", "4xxErrors", "5xxErrors", "FirstByteLatency"],
    },
    Namespace {
        name: "AWS/States",
        dimension: "StateMachineArn",
        metrics: &[
            "ExecutionsStarted",
            "ExecutionsSucceeded",
            "ExecutionsFailed",
            "ExecutionsTimedOut",
            "ExecutionsAborted",
            "ExecutionThrottled",
            "ExecutionTime",
        ],
    },
    Namespace {
        name: "AWS/Firehose",
        dimension: "DeliveryStreamName",
        metrics: &[
            "IncomingBytes",
            "IncomingRecords",
            "DeliveryToS3.Success",
            "DeliveryToS3.Records",
            "DeliveryToS3.Bytes",
            "DeliveryToS3.DataFreshness",
            "ThrottledRecords",
            "FailedConversion.Records",
            "SucceedConversion.Records",
        ],
    },
    Namespace {
        name: "AWS/ApiGateway",
        dimension: "ApiId",
        metrics: &["4xx", "5xx", "Count", "Latency", "IntegrationLatency", "DataProcessed"],
    },
    Namespace {
        name: "AWS/SageMaker",
        dimension: "EndpointName",
        metrics: &[
            "Invocations",
            "Invocation4XXErrors",
            "Invocation5XXErrors",
            "InvocationModelErrors",
            "ModelLatency",
            "OverheadLatency",
            "InvocationsPerInstance",
        ],
    },
    Namespace {
        name: "AWS/EMRServerless",
        dimension: "ApplicationId",
        metrics: &[
            "RunningWorkerCount",
            "CPUAllocated",
            "MemoryAllocated",
            "StorageAllocated",
            "SuccessJobs",
            "FailedJobs",
            "CancelledJobs",
            "RunningJobs",
            "PendingJobs",
            "SubmittedJobs",
        ],
    },
    Namespace {
        name: "Glue",
        dimension: "JobName",
        metrics: &[
            "glue.driver.aggregate.numFailedTasks",
            "glue.driver.aggregate.numCompletedTasks",
            "glue.driver.aggregate.bytesRead",
            "glue.driver.aggregate.recordsRead",
            "glue.driver.aggregate.elapsedTime",
            "glue.driver.jvm.heap.usage",
            "glue.ALL.jvm.heap.usage",
        ],
    },
    Namespace {
        name: "AWS/Scheduler",
        dimension: "ScheduleGroup",
        metrics: &[
            "InvocationAttemptCount",
            "TargetErrorCount",
            "TargetErrorThrottledCount",
            "InvocationThrottleCount",
            "InvocationDroppedCount",
            "InvocationsSentToDeadLetterCount",
        ],
    },
    Namespace {
        name: "AWS/SNS",
        dimension: "TopicName",
        metrics: &[
            "NumberOfMessagesPublished",
            "NumberOfNotificationsDelivered",
            "NumberOfNotificationsFailed",
            "PublishSize",
        ],
    },
];

pub fn namespace(name: &str) -> Option<&'static Namespace> {
    NAMESPACES.iter().find(|known| known.name == name)
}

/// A metric that its namespace has. Namespaces of one's own hold whatever is sent to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metric {
    pub namespace: String,
    pub name: String,
}

/// A namespace: one that AWS has, or one of one's own, which does not begin with `AWS/`.
pub fn check_namespace(text: &str) -> Result<(), Fault> {
    let own = !text.to_ascii_lowercase().starts_with("aws")
        && !text.is_empty()
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "._-/#:".contains(c));
    if own || namespace(text).is_some() {
        return Ok(());
    }
    let message = format!("{} is no namespace of metrics", quote(text));
    let fault = Fault::new(&BAD_METRIC, 0..text.len(), message, "AWS sends nothing there");
    Err(match nearest(text, NAMESPACES.iter().map(|known| known.name)) {
        Some(name) => fault.help(format!("Did you mean `{name}`?")).instead(name),
        None => fault.help("Known: `AWS/Lambda`, `AWS/Kinesis`, `AWS/DynamoDB`, `AWS/SQS`, `AWS/States`, …"),
    })
}

impl Metric {
    pub fn parse(text: &str, in_namespace: &str) -> Result<Metric, Fault> {
        let name = text.trim();
        let metric = Metric { namespace: in_namespace.to_owned(), name: name.to_owned() };
        let Some(known) = namespace(in_namespace) else { return Ok(metric) };
        if known.metrics.contains(&name) {
            return Ok(metric);
        }
        let message = format!("{in_namespace} has no metric {}", quote(name));
        let fault = Fault::new(&BAD_METRIC, 0..text.len(), message, "such an alarm would never go off");
        let elsewhere = NAMESPACES.iter().find(|other| other.metrics.contains(&name));
        Err(match (nearest(name, known.metrics.iter().copied()), elsewhere) {
            (Some(meant), _) => fault.help(format!("Did you mean `{meant}`?")).instead(meant),
            (None, Some(other)) => fault.help(format!("It is one of `{}`", other.name)),
            (None, None) => {
                let some: Vec<String> = known.metrics.iter().take(6).map(|name| format!("`{name}`")).collect();
                fault.help(format!("Known there: {}, …", some.join(", ")))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_by_namespace() {
        assert!(Metric::parse("IteratorAge", "AWS/Lambda").is_ok());
        assert!(Metric::parse("Anything", "Shop/Orders").is_ok());
        let fault = Metric::parse("IteratorAgee", "AWS/Lambda").unwrap_err();
        assert_eq!(fault.instead.as_deref(), Some("IteratorAge"));
        assert!(Metric::parse("IncomingRecords", "AWS/Lambda").unwrap_err().help.contains("AWS/Kinesis"));
        assert!(check_namespace("AWS/Lamda").is_err() && check_namespace("Shop").is_ok());
    }
}
