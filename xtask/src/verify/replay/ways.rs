//! The ways in which events reach a stack beside a stream, as its template tells them: buckets whose files a rule puts into a
//! queue that a function reads, and routes of HTTP APIs.

use anyhow::{Context, Result};
use serde_json::Value;

use super::filter::Filter;
use super::queue;
use super::stack::{Function, Stack};

/// Files that are dropped into a bucket.
#[derive(Clone)]
pub struct Files {
    /// The rule's logical id.
    pub id: String,
    pub bucket: String,
    /// Of the rule, on EventBridge's events.
    pub pattern: Filter,
    /// What the rule asks of keys; `None`: nothing.
    pub key: Option<Value>,
    /// ARN of the queue.
    pub queue: String,
    pub settings: queue::Settings,
    function: String,
}

/// Requests to a route.
#[derive(Clone)]
pub struct Requests {
    /// The route's logical id.
    pub id: String,
    /// `POST /events`
    pub route: String,
    function: String,
}

impl Files {
    pub fn function<'s>(&self, stack: &'s Stack) -> Result<&'s Function> {
        named(stack, &self.function)
    }
}

impl Requests {
    pub fn function<'s>(&self, stack: &'s Stack) -> Result<&'s Function> {
        named(stack, &self.function)
    }
}

/// The function of an ARN, or of a URI that holds one.
fn named<'s>(stack: &'s Stack, arn: &str) -> Result<&'s Function> {
    let of = |function: &&Function| arn.contains(&function.name);
    stack.functions.iter().find(of).with_context(|| format!("{arn} is no function of the stack"))
}

fn resources<'t>(template: &'t Value, kind: &'t str) -> impl Iterator<Item = (&'t String, &'t Value)> {
    let all = template["Resources"].as_object().into_iter().flatten();
    all.filter(move |(_, resource)| resource["Type"] == kind).map(|(id, resource)| (id, &resource["Properties"]))
}

pub fn files(stack: &Stack, template: &Value) -> Result<Vec<Files>> {
    let mut all = Vec::new();
    for (id, rule) in resources(template, "AWS::Events::Rule") {
        let (Some(bucket), Some(queue)) = (stack.asked("Bucket", id), stack.asked("Target", id)) else { continue };
        let mapping = stack.mappings.iter().find(|mapping| mapping.source == queue);
        let mapping = mapping.with_context(|| format!("no function reads the queue that the rule {id} fills"))?;
        let mut pattern = rule["EventPattern"].clone();
        pattern["detail"]["bucket"]["name"] = Value::from(vec![bucket]);
        all.push(Files {
            id: id.clone(),
            bucket: bucket.to_owned(),
            pattern: Filter::of_rule(pattern).with_context(|| format!("the rule {id}"))?,
            key: rule["EventPattern"]["detail"]["object"]["key"].get(0).cloned(),
            queue: queue.to_owned(),
            settings: settings(template, &mapping.id),
            function: mapping.function.clone(),
        });
    }
    Ok(all)
}

/// A mapping's settings; Lambda's own defaults where the template says nothing.
fn settings(template: &Value, mapping: &str) -> queue::Settings {
    let properties = &template["Resources"][mapping]["Properties"];
    let queue = properties["EventSourceArn"]["Fn::GetAtt"][0].as_str().unwrap_or_default();
    let redrive = &template["Resources"][queue]["Properties"]["RedrivePolicy"];
    let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.parse().ok());
    let types = properties["FunctionResponseTypes"].as_array().into_iter().flatten();
    queue::Settings {
        batch: number(&properties["BatchSize"]).and_then(|size| usize::try_from(size).ok()).unwrap_or(10),
        report: types.filter_map(Value::as_str).any(|kind| kind == "ReportBatchItemFailures"),
        tries: number(&redrive["maxReceiveCount"]).and_then(|tries| u32::try_from(tries).ok()),
    }
}

/// Routes that call a function.
pub fn requests(stack: &Stack, template: &Value) -> Vec<Requests> {
    let routes = resources(template, "AWS::ApiGatewayV2::Route").filter_map(|(id, route)| {
        let target = route["Target"]["Fn::Sub"].as_str()?;
        let integration = target.strip_prefix("integrations/${")?.strip_suffix('}')?;
        let function = stack.asked("Calls", integration)?.to_owned();
        Some(Requests { id: id.clone(), route: route["RouteKey"].as_str()?.to_owned(), function })
    });
    routes.collect()
}
