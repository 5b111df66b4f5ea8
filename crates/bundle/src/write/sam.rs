//! A function as AWS SAM writes it: its events inside, its zip beside the template.

use serde_yaml::{Mapping, Value};

use super::cloudformation::{common, described, mapping_properties, reserved};
use super::reference::{arn, map, text};
use super::release;
use super::resource::Written;
use crate::graph::{Function, Id};

pub fn function(id: &Id<Function>, function: &Function) -> Written {
    let mut properties = Mapping::new();
    properties.insert(text("CodeUri"), text(&function.zip));
    let common = common(function);
    let identity = release::identity(function, &common);
    properties.extend(common);
    properties.extend(reserved(function));
    properties.extend(release::for_sam(function, &identity));
    properties.insert(text("Tracing"), text("Active"));
    properties
        .insert(text("DeadLetterQueue"), map([("Type", text("SQS")), ("TargetArn", arn(&function.dead_letters))]));
    let tags = map([("Project", map([("Ref", text("ProjectTag"))])), ("Env", map([("Ref", text("Env"))]))]);
    properties.insert(text("Tags"), tags);

    let mut event = Mapping::new();
    event.insert(text("Stream"), arn(&function.events.stream));
    event.extend(mapping_properties(&function.events));
    let failures = map([("Type", text("SQS")), ("Destination", arn(&function.events.on_failure))]);
    event.insert(text("DestinationConfig"), map([("OnFailure", failures)]));
    let kinesis = map([("Type", text("Kinesis")), ("Properties", Value::Mapping(event))]);
    properties.insert(text("Events"), map([(function.events.name.as_str(), kinesis)]));
    vec![(id.name().to_owned(), described("AWS::Serverless::Function", Value::Mapping(properties)))]
}
