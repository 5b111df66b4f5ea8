//! Writers: the graph as a template of AWS SAM or of plain CloudFormation. The two differ in functions
//! only; everything else is written once, in `resource`.

pub mod cloudformation;
pub mod dashboard;
pub mod encryption;
pub mod policy;
pub mod reference;
pub mod resource;
pub mod sam;
pub mod sources;
pub mod yaml;

use serde_yaml::{Mapping, Value};

use crate::Target;
use crate::graph::{Node, Output, Parameter, Rule, Shown, Stack};
use reference::{arn, attribute, map, reference, text};

/// The condition that holds when an e-mail address for alarms was given.
pub const HAS_EMAIL: &str = "HasAlarmEmail";
/// The condition that holds in production.
pub const IS_PROD: &str = "IsProd";

/// The template of a stack.
pub fn template(stack: &Stack, target: Target) -> Value {
    let mut top = Mapping::new();
    top.insert(text("AWSTemplateFormatVersion"), text("2010-09-09"));
    if target == Target::Sam {
        top.insert(text("Transform"), text("AWS::Serverless-2016-10-31"));
    }
    top.insert(text("Description"), text(&stack.description));
    let parameters = stack.parameters.iter().map(|(id, parameter)| (text(id.name()), parameter_value(parameter)));
    top.insert(text("Parameters"), Value::Mapping(parameters.collect()));
    top.insert(
        text("Conditions"),
        map([
            (IS_PROD, protected(&stack.protected)),
            (HAS_EMAIL, map([("Fn::Not", Value::Sequence(vec![equals("AlarmEmail", "")]))])),
        ]),
    );
    let mut resources = Mapping::new();
    for node in &stack.nodes {
        let written = match (node, target) {
            (Node::Function(id, function), Target::Sam) => sam::function(id, function),
            (Node::Function(id, function), Target::CloudFormation) => cloudformation::function(id, function),
            (other, _) => resource::resources(other),
        };
        for (id, value) in written {
            resources.insert(Value::String(id), value);
        }
    }
    add_tags(&mut resources, &stack.tags);
    top.insert(text("Resources"), Value::Mapping(resources));
    let outputs = stack.outputs.iter().map(|output| (text(&output.name), output_value(output)));
    top.insert(text("Outputs"), Value::Mapping(outputs.collect()));
    Value::Mapping(top)
}

/// Whether the stack is one of these environments.
fn protected(environments: &[String]) -> Value {
    match environments {
        [] => equals("Env", "none"),
        [only] => equals("Env", only),
        several => map([("Fn::Or", Value::Sequence(several.iter().map(|env| equals("Env", env)).collect()))]),
    }
}

/// The document's tags on everything that has tags, in the form that stands there.
fn add_tags(resources: &mut Mapping, tags: &[(String, String)]) {
    for (_, resource) in resources.iter_mut() {
        let Some(own) = resource.get_mut("Properties").and_then(|properties| properties.get_mut("Tags")) else {
            continue;
        };
        for (key, value) in tags {
            match own {
                Value::Sequence(list) => list.push(map([("Key", text(key)), ("Value", text(value))])),
                Value::Mapping(pairs) => {
                    pairs.insert(text(key), text(value));
                }
                _ => {}
            }
        }
    }
}

fn equals(parameter: &str, value: &str) -> Value {
    map([("Fn::Equals", Value::Sequence(vec![map([("Ref", text(parameter))]), text(value)]))])
}

fn parameter_value(parameter: &Parameter) -> Value {
    let mut value = Mapping::new();
    let numeric = matches!(parameter.rule, Rule::OneOfNumbers(_));
    value.insert(text("Type"), text(if numeric { "Number" } else { "String" }));
    value.insert(text("Description"), text(&parameter.description));
    match &parameter.rule {
        Rule::OneOfNumbers(numbers) => {
            // A number in the template too: cfn-lint compares the default with the list by type.
            let default = parameter.default.parse::<u32>().map_or_else(|_| text(&parameter.default), Value::from);
            value.insert(text("Default"), default);
            value.insert(text("AllowedValues"), Value::Sequence(numbers.iter().map(|n| Value::from(*n)).collect()));
        }
        Rule::OneOf(words) => {
            value.insert(text("Default"), text(&parameter.default));
            value.insert(text("AllowedValues"), Value::Sequence(words.iter().map(|word| text(word)).collect()));
        }
        Rule::Pattern(pattern) => {
            value.insert(text("Default"), text(&parameter.default));
            value.insert(text("AllowedPattern"), text(pattern));
        }
        Rule::Bucket => {
            if !parameter.default.is_empty() {
                value.insert(text("Default"), text(&parameter.default));
            }
            value.insert(text("AllowedPattern"), text("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"));
        }
    }
    Value::Mapping(value)
}

fn output_value(output: &Output) -> Value {
    let value = match &output.value {
        Shown::StreamName(id) => reference(id),
        Shown::TableName(id) => reference(id),
        Shown::BucketName(id) => reference(id),
        Shown::FunctionName(id) => reference(id),
        Shown::DashboardUrl(id) => reference::substitute(&format!(
            "https://${{AWS::Region}}.console.aws.amazon.com/cloudwatch/home?region=${{AWS::Region}}#dashboards:name=${{{}}}",
            id.name()
        )),
        Shown::QueueUrl(id) => attribute(id, "QueueUrl"),
        Shown::TopicArn(id) => arn(id),
        Shown::ApiUrl(id, route) => sources::url(id, route),
        Shown::DeliveryName(id) => reference(id),
        Shown::KeyArn(keyed) => encryption::key(keyed).unwrap_or_else(|| text("none")),
    };
    map([("Description", text(&output.description)), ("Value", value)])
}
