//! The architecture as text: what goes where, by the graph's own nodes.

use crate::graph::{Node, Stack};

/// The section of the README.
pub fn section(stack: &Stack) -> String {
    let mut kept = Vec::new();
    let (mut stream, mut function, mut topic, mut key) = ("", "", "", "");
    let mut queues = Vec::new();
    for node in &stack.nodes {
        match node {
            Node::Stream(id, _) => stream = id.name(),
            Node::Function(id, _) => function = id.name(),
            Node::Queue(id, _) => queues.push(id.name()),
            Node::Topic(id, _) => topic = id.name(),
            Node::Key(id, _) => key = id.name(),
            Node::Table(id, _) => kept.push(format!("DynamoDB {}", id.name())),
            Node::Bucket(id, _) => kept.push(format!("S3 {}", id.name())),
            Node::LogMetric(..) | Node::LogGroup(..) | Node::Role(..) | Node::Alarm(..) | Node::Dashboard(..) => {}
        }
    }
    let start = format!("producers ──▶ Kinesis {stream} ──▶ Lambda {function} ");
    // The branch hangs below the last character of the line's start.
    let indent = " ".repeat(start.chars().count());
    let mut out = String::from("\n## How it hangs together\n\n```text\n");
    for (place, name) in kept.iter().enumerate() {
        let (before, branch) = match (place, place + 1 == kept.len()) {
            (0, true) => (start.as_str(), "──"),
            (0, false) => (start.as_str(), "┬─"),
            (_, false) => (indent.as_str(), "├─"),
            (_, true) => (indent.as_str(), "└─"),
        };
        out.push_str(&format!("{before}{branch}▶ {name}\n"));
    }
    for (queue, what) in queues.iter().zip(["what is given up", "what cannot be read"]) {
        out.push_str(&format!("Lambda {function} ── {what} ──▶ SQS {queue}\n"));
    }
    out.push_str(&format!("alarms ──▶ SNS {topic} ──▶ e-mail\n"));
    out.push_str(&format!("```\n\nKMS {key} encrypts all of it.\n"));
    out
}
