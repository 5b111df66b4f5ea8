//! A function as AWS SAM writes it: its events inside, its zip beside the template.

use serde_yaml::{Mapping, Value};

use super::cloudformation::{common, described, mapping_properties, queue_properties};
use super::reference::{arn, map, tag_map, text};
use super::resource::Written;
use crate::graph::{Function, Id, StreamEvents, Trigger};

pub fn function(id: &Id<Function>, function: &Function) -> Written {
    let mut properties = Mapping::new();
    properties.insert(text("CodeUri"), text(&function.zip));
    properties.extend(common(function));
    properties.insert(text("Tracing"), text("Active"));
    properties
        .insert(text("DeadLetterQueue"), map([("Type", text("SQS")), ("TargetArn", arn(&function.dead_letters))]));
    properties.insert(text("Tags"), tag_map());

    let events = function.events.iter().map(|trigger| match trigger {
        Trigger::Stream(events) => (text(&events.name), stream_event(events)),
        Trigger::Queue(events) => {
            let mut event = Mapping::new();
            event.insert(text("Queue"), arn(&events.queue));
            event.extend(queue_properties(events));
            (text(&events.name), map([("Type", text("SQS")), ("Properties", Value::Mapping(event))]))
        }
    });
    let events: Mapping = events.collect();
    if !events.is_empty() {
        properties.insert(text("Events"), Value::Mapping(events));
    }
    vec![(id.name().to_owned(), described("AWS::Serverless::Function", Value::Mapping(properties), function))]
}

fn stream_event(events: &StreamEvents) -> Value {
    let mut event = Mapping::new();
    event.insert(text("Stream"), arn(&events.stream));
    event.extend(mapping_properties(events));
    let failures = map([("Type", text("SQS")), ("Destination", arn(&events.on_failure))]);
    event.insert(text("DestinationConfig"), map([("OnFailure", failures)]));
    map([("Type", text("Kinesis")), ("Properties", Value::Mapping(event))])
}
