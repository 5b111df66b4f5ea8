//! Which resources stand on their own, which only serve another one, and what flows from which to which: by what roles
//! allow, by mappings, and by who names whom.

use std::collections::BTreeSet;

use serde_yaml::Value;

use crate::template::{Resource, Template, names};

/// Types that only serve another resource, and the property that names it; where there is none, it names them.
const SERVING: [(&str, Option<&str>); 25] = [
    ("AWS::SQS::QueuePolicy", Some("Queues")),
    ("AWS::SNS::TopicPolicy", Some("Topics")),
    ("AWS::SNS::Subscription", Some("TopicArn")),
    ("AWS::S3::BucketPolicy", Some("Bucket")),
    ("AWS::KMS::Alias", Some("TargetKeyId")),
    ("AWS::Lambda::EventSourceMapping", Some("FunctionName")),
    ("AWS::Lambda::EventInvokeConfig", Some("FunctionName")),
    ("AWS::Lambda::Permission", Some("FunctionName")),
    ("AWS::Lambda::Version", Some("FunctionName")),
    ("AWS::Lambda::Alias", Some("FunctionName")),
    ("AWS::Lambda::Url", Some("TargetFunctionArn")),
    ("AWS::Kinesis::StreamConsumer", Some("StreamARN")),
    ("AWS::Kinesis::ResourcePolicy", Some("ResourceArn")),
    ("AWS::Scheduler::ScheduleGroup", None),
    ("AWS::ApiGatewayV2::Stage", Some("ApiId")),
    ("AWS::ApiGatewayV2::Route", Some("ApiId")),
    ("AWS::ApiGatewayV2::Integration", Some("ApiId")),
    ("AWS::ApiGateway::Account", None),
    ("AWS::IAM::Role", None),
    ("AWS::IAM::Policy", None),
    ("AWS::Logs::LogGroup", None),
    ("AWS::Logs::LogStream", Some("LogGroupName")),
    ("AWS::Logs::MetricFilter", Some("LogGroupName")),
    ("AWS::CodeDeploy::Application", None),
    ("AWS::CodeDeploy::DeploymentGroup", None),
];

/// Whom each resource of the template serves; `None`: it stands on its own.
pub fn owners(template: &Template) -> Vec<Option<String>> {
    let serving = |resource: &Resource| SERVING.iter().find(|(kind, _)| *kind == resource.kind);
    let stands = |id: &str| template.resource(id).is_some_and(|found| serving(found).is_none());
    let direct = |resource: &Resource| -> Option<String> {
        let (_, by) = serving(resource)?;
        match by {
            Some(property) => names(resource.property(property)?).into_iter().next(),
            None => {
                let user = |other: &&Resource| other.id != resource.id && names(&other.value).contains(&resource.id);
                let users = || template.resources.iter().filter(user);
                users().find(|other| stands(&other.id)).or_else(|| users().next()).map(|other| other.id.clone())
            }
        }
    };
    let whole = |resource: &Resource| {
        let mut owner = direct(resource)?;
        // A policy of a version of a function serves the function; a ring ends by the count.
        for _ in 0..SERVING.len() {
            if stands(&owner) {
                return Some(owner);
            }
            owner = direct(template.resource(&owner)?)?;
        }
        None
    };
    template.resources.iter().map(whole).collect()
}

/// From and to, as places in `mains`, each once.
pub fn flows(template: &Template, owners: &[Option<String>], mains: &[&Resource]) -> Vec<(usize, usize)> {
    // What only serves a resource stands for it: an alias for its function.
    let place = |id: &str| {
        let found = template.resource(id)?;
        let owner = template.resources.iter().position(|one| one.id == found.id).and_then(|at| owners[at].as_ref());
        mains.iter().position(|main| main.id == *owner.unwrap_or(&found.id))
    };
    let mut flows: Vec<(usize, usize)> = Vec::new();
    let mut seen = BTreeSet::new();
    let mut add = |from: Option<usize>, to: Option<usize>, only_new: bool| {
        let (Some(from), Some(to)) = (from, to) else { return };
        let known = only_new && (seen.contains(&(from, to)) || seen.contains(&(to, from)));
        if from != to && !known && seen.insert((from, to)) {
            flows.push((from, to));
        }
    };
    for (resource, owner) in template.resources.iter().zip(owners) {
        let owner = owner.as_deref().and_then(place);
        match resource.kind.as_str() {
            "AWS::IAM::Role" | "AWS::IAM::Policy" => {
                for (target, reads) in granted(resource).filter(|(target, _)| !is_key(template, target)) {
                    let target = place(&target);
                    if reads { add(target, owner, false) } else { add(owner, target, false) }
                }
            }
            "AWS::Lambda::EventSourceMapping" => {
                let named = |name: &str| resource.property(name).map(names).unwrap_or_default();
                named("EventSourceArn").iter().for_each(|source| add(place(source), owner, false));
                named("DestinationConfig").iter().for_each(|target| add(owner, place(target), false));
            }
            "AWS::ApiGatewayV2::Integration" => {
                named_by(resource).for_each(|(_, target)| add(owner, place(&target), false));
            }
            _ => {}
        }
    }
    for main in mains.iter().filter(|main| main.kind != "AWS::CloudWatch::Dashboard") {
        let own = place(&main.id);
        for (property, target) in named_by(main).filter(|(_, target)| !is_key(template, target)) {
            let comes_in = INCOMING.contains(&property.as_str());
            if comes_in { add(place(&target), own, true) } else { add(own, place(&target), true) }
        }
    }
    flows
}

/// Properties whose targets a resource takes from or looks at.
const INCOMING: [&str; 6] =
    ["Dimensions", "Metrics", "Events", "EventPattern", "KinesisStreamSourceConfiguration", "Source"];

/// Property and the names in it.
fn named_by(main: &Resource) -> impl Iterator<Item = (String, String)> {
    let properties = main.value.get("Properties").and_then(Value::as_mapping);
    properties.into_iter().flatten().flat_map(|(name, value)| {
        let name = name.as_str().unwrap_or_default().to_owned();
        names(value).into_iter().map(move |target| (name.clone(), target))
    })
}

fn is_key(template: &Template, id: &str) -> bool {
    template.resource(id).is_some_and(|resource| resource.kind == "AWS::KMS::Key")
}

/// What the policies of a role allow: each target, and whether no more than taking from it.
fn granted(role: &Resource) -> impl Iterator<Item = (String, bool)> {
    let documents = role.property("Policies").and_then(Value::as_sequence).into_iter().flatten();
    let documents = documents.filter_map(|policy| policy.get("PolicyDocument")).chain(role.property("PolicyDocument"));
    let statements = documents.filter_map(|document| document.get("Statement")?.as_sequence()).flatten();
    statements.flat_map(|statement| {
        let actions = match statement.get("Action") {
            Some(Value::Sequence(actions)) => actions.iter().filter_map(Value::as_str).collect(),
            Some(Value::String(action)) => vec![action.as_str()],
            _ => Vec::new(),
        };
        let reads = actions.iter().all(|action| takes(action));
        let targets = statement.get("Resource").map(names).unwrap_or_default();
        targets.into_iter().map(move |target| (target, reads))
    })
}

fn takes(action: &str) -> bool {
    let verb = action.split(':').nth(1).unwrap_or_default();
    // A message that was taken is deleted; rows are asked for as part of writing them.
    ["Get", "List", "Describe", "Subscribe", "Receive", "DeleteMessage", "ChangeMessageVisibility"]
        .iter()
        .any(|start| verb.starts_with(start))
}
