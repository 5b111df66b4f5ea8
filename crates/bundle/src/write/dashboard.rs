//! The dashboard of a stack: what comes in, how far behind it is, how the function does, what was given up, what
//! the tables refuse.

use serde_yaml::Value;

use super::reference::{map, substitute, text};
use crate::graph::{Api, Dashboard, Id, Queue};

const WIDTH: usize = 12;
const HEIGHT: usize = 6;

/// A chart: title, statistic, and metrics as namespace, name, dimension, value.
struct Chart {
    title: &'static str,
    statistic: &'static str,
    metrics: Vec<[String; 4]>,
}

pub fn resource(dashboard: &Dashboard) -> Value {
    let widgets: Vec<String> =
        charts(dashboard).iter().enumerate().map(|(place, chart)| widget(place, chart)).collect();
    let body = format!("{{\"widgets\":[{}]}}", widgets.join(","));
    let properties =
        map([("DashboardName", substitute("${AWS::StackName}-${AWS::Region}")), ("DashboardBody", substitute(&body))]);
    map([("Type", text("AWS::CloudWatch::Dashboard")), ("Properties", properties)])
}

fn charts(dashboard: &Dashboard) -> Vec<Chart> {
    let of = |namespace: &str, name: &str, dimension: &str, value: String| {
        [namespace.to_owned(), name.to_owned(), dimension.to_owned(), value]
    };
    let stream = |name: &str| {
        dashboard.stream.as_ref().map(|id| of("AWS/Kinesis", name, "StreamName", format!("${{{}}}", id.name())))
    };
    let function = |name: &str| of("AWS/Lambda", name, "FunctionName", format!("${{{}}}", dashboard.function.name()));
    let tables = |name: &str| -> Vec<[String; 4]> {
        let table = |id: &crate::graph::Id<crate::graph::Table>| {
            of("AWS/DynamoDB", name, "TableName", format!("${{{}}}", id.name()))
        };
        dashboard.tables.iter().map(table).collect()
    };
    let failed = of(
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        "QueueName",
        format!("${{{}.QueueName}}", dashboard.failed.name()),
    );
    let mut all = Vec::new();
    if dashboard.stream.is_some() {
        let metrics = stream("IncomingRecords").into_iter().collect();
        all.push(Chart { title: "Events in", statistic: "Sum", metrics });
        let metrics = vec![function("IteratorAge")];
        all.push(Chart { title: "Milliseconds behind", statistic: "Maximum", metrics });
    }
    all.extend(source_charts(dashboard));
    all.extend([
        Chart { title: "Milliseconds a batch", statistic: "p99", metrics: vec![function("Duration")] },
        Chart {
            title: "Batches that failed or were throttled",
            statistic: "Sum",
            metrics: vec![function("Errors"), function("Throttles")],
        },
        Chart { title: "Batches that were given up", statistic: "Maximum", metrics: vec![failed] },
    ]);
    if !dashboard.tables.is_empty() {
        all.push(Chart {
            title: "Writes that tables throttled",
            statistic: "Sum",
            metrics: tables("WriteThrottleEvents"),
        });
    }
    all
}

/// What comes in by files, by HTTP and by Firehose.
fn source_charts(dashboard: &Dashboard) -> Vec<Chart> {
    let metric = |namespace: &str, name: &str, dimension: &str, value: String| {
        [namespace.to_owned(), name.to_owned(), dimension.to_owned(), value]
    };
    let queues = |name: &str| -> Vec<[String; 4]> {
        let of = |queue: &Id<Queue>| metric("AWS/SQS", name, "QueueName", format!("${{{}.QueueName}}", queue.name()));
        dashboard.queues.iter().map(of).collect()
    };
    let apis = |name: &str| -> Vec<[String; 4]> {
        let of = |api: &Id<Api>| metric("AWS/ApiGateway", name, "ApiId", format!("${{{}}}", api.name()));
        dashboard.apis.iter().map(of).collect()
    };
    let deliveries: Vec<[String; 4]> = dashboard
        .deliveries
        .iter()
        .map(|id| {
            metric("AWS/Firehose", "DeliveryToS3.DataFreshness", "DeliveryStreamName", format!("${{{}}}", id.name()))
        })
        .collect();
    let charts = [
        ("Files in", "Sum", queues("NumberOfMessagesSent")),
        ("Seconds that files wait", "Maximum", queues("ApproximateAgeOfOldestMessage")),
        ("Requests", "Sum", apis("Count")),
        ("Requests that were refused or failed", "Sum", [apis("4xx"), apis("5xx")].concat()),
        ("Seconds until Firehose writes", "Maximum", deliveries),
    ];
    let charts = charts.into_iter().filter(|(_, _, metrics)| !metrics.is_empty());
    charts.map(|(title, statistic, metrics)| Chart { title, statistic, metrics }).collect()
}

/// Two charts a row.
fn widget(place: usize, chart: &Chart) -> String {
    let metrics: Vec<String> = chart
        .metrics
        .iter()
        .map(|metric| format!("[{}]", metric.iter().map(|part| format!("\"{part}\"")).collect::<Vec<_>>().join(",")))
        .collect();
    format!(
        "{{\"type\":\"metric\",\"x\":{},\"y\":{},\"width\":{WIDTH},\"height\":{HEIGHT},\"properties\":{{\"title\":\"{}\",\
         \"region\":\"${{AWS::Region}}\",\"stat\":\"{}\",\"period\":60,\"metrics\":[{}]}}}}",
        place % 2 * WIDTH,
        place / 2 * HEIGHT,
        chart.title,
        chart.statistic,
        metrics.join(","),
    )
}
