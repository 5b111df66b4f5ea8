//! The architecture as text: what goes where, by the graph's own nodes.

use crate::graph::{Keyed, Node, Place, Stack};

/// Names of what the lines are drawn between.
#[derive(Default)]
struct Seen<'a> {
    /// Each way by which events reach the function.
    ways: Vec<String>,
    kept: Vec<String>,
    also: Vec<String>,
    function: &'a str,
    failed: &'a str,
    topic: &'a str,
    key: Option<&'a str>,
}

/// The section of the README.
pub fn section(stack: &Stack) -> String {
    let seen = seen(stack);
    let function = seen.function;
    let first = seen.ways.first().map_or_else(String::new, |way| format!("{way} ──▶ "));
    let start = format!("{first}Lambda {function} ");
    // The branch hangs below the last character of the line's start.
    let indent = " ".repeat(start.chars().count());
    let mut out = String::from("\n## How it hangs together\n\n```text\n");
    for (place, name) in seen.kept.iter().enumerate() {
        let (before, branch) = match (place, place + 1 == seen.kept.len()) {
            (0, true) => (start.as_str(), "──"),
            (0, false) => (start.as_str(), "┬─"),
            (_, false) => (indent.as_str(), "├─"),
            (_, true) => (indent.as_str(), "└─"),
        };
        out.push_str(&format!("{before}{branch}▶ {name}\n"));
    }
    for way in seen.ways.iter().skip(1) {
        out.push_str(&format!("{way} ──▶ Lambda {function}\n"));
    }
    for line in &seen.also {
        out.push_str(&format!("{line}\n"));
    }
    out.push_str(&format!("Lambda {function} ── what is given up ──▶ SQS {}\n", seen.failed));
    out.push_str(&format!("alarms ──▶ SNS {} ──▶ e-mail\n", seen.topic));
    let encrypted = match seen.key {
        Some(key) => format!("KMS {key} encrypts all of it."),
        None => "Each service encrypts what it keeps with its own key.".to_owned(),
    };
    out.push_str(&format!("```\n\n{encrypted}\n"));
    out
}

fn seen(stack: &Stack) -> Seen<'_> {
    let mut seen = Seen::default();
    for node in &stack.nodes {
        match node {
            Node::Stream(id, _) => seen.ways.push(format!("producers ──▶ Kinesis {}", id.name())),
            Node::Function(id, _) => seen.function = id.name(),
            Node::Queue(id, queue) if queue.redrive.is_none() => seen.failed = id.name(),
            Node::Topic(id, topic) => {
                seen.topic = id.name();
                seen.key = match &topic.key {
                    Keyed::Own(key) => Some(key.name()),
                    Keyed::Given(_) => Some("DataKeyArn, a key of the account,"),
                    Keyed::Service => None,
                };
            }
            Node::Table(id, _) => seen.kept.push(format!("DynamoDB {}", id.name())),
            Node::Bucket(id, bucket) => {
                if matches!(bucket.access, crate::graph::Access::Unlogged(_)) {
                    seen.kept.push(format!("S3 {}", id.name()));
                }
            }
            Node::Announcement(_, told) => {
                let bucket = match &told.bucket {
                    Place::Own(id) => id.name().to_owned(),
                    Place::Given(name) => name.clone(),
                };
                let by = delivered_to(stack, &bucket)
                    .map_or_else(|| "files ──▶".to_owned(), |id| format!("producers ──▶ Firehose {id} ──▶"));
                seen.ways.push(format!("{by} S3 {bucket} ──▶ EventBridge ──▶ SQS {}", told.queue.name()));
            }
            Node::Api(id, _) => seen.ways.push(format!("callers ──▶ HTTP {}", id.name())),
            Node::Delivery(id, delivery) => seen.also.extend(delivery.stream.as_ref().map(|stream| {
                format!("Kinesis {} ──▶ Firehose {} ──▶ S3 {}", stream.name(), id.name(), delivery.bucket.name())
            })),
            Node::Key(..) | Node::Queue(..) => {}
            Node::LogGroup(..) | Node::Role(..) | Node::Alarm(..) | Node::Dashboard(..) => {}
        }
    }
    seen
}

/// The Firehose that writes into a bucket for its own producers.
fn delivered_to<'a>(stack: &'a Stack, bucket: &str) -> Option<&'a str> {
    stack.nodes.iter().find_map(|node| match node {
        Node::Delivery(id, delivery) if delivery.stream.is_none() && delivery.bucket.name() == bucket => {
            Some(id.name())
        }
        _ => None,
    })
}
