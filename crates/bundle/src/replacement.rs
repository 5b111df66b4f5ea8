//! What deploying a bundle does to data that an earlier one left on AWS: what is replaced, left behind or deleted. By two
//! exports' files alone; refuses to ask AWS what stands there.

use std::collections::BTreeMap;

use serde_yaml::Value;

use crate::environment::{Settings, settings};
use crate::template::{Resource, Template};

/// Types that hold what cannot be made again, and the properties that cannot change without a new resource.
const HOLDING: [(&str, &[&str]); 8] = [
    ("AWS::DynamoDB::Table", &["TableName", "KeySchema", "LocalSecondaryIndexes"]),
    ("AWS::Kinesis::Stream", &["Name"]),
    ("AWS::S3::Bucket", &["BucketName"]),
    ("AWS::SQS::Queue", &["QueueName", "FifoQueue"]),
    ("AWS::KMS::Key", &["KeySpec", "KeyUsage", "MultiRegion"]),
    ("AWS::Logs::LogGroup", &["LogGroupName"]),
    ("AWS::SecretsManager::Secret", &["Name"]),
    ("AWS::Serverless::SimpleTable", &["TableName", "PrimaryKey"]),
];

/// Whether something is lost when a resource of this type goes.
pub fn holds_data(kind: &str) -> bool {
    HOLDING.iter().any(|(holding, _)| *holding == kind)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Harm {
    /// Data are deleted.
    Lost,
    /// CloudFormation stops before it does anything.
    Refused,
    /// An empty resource takes the place; the data stay where nothing looks any more.
    LeftBehind,
    /// Nothing, until a parameter is given.
    Waits,
}

/// A resource that an update would take data from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// Logical id; empty where it is the whole stack.
    pub id: String,
    pub harm: Harm,
    pub message: String,
    /// Of the new template, from 1; 0 where it is not there any more.
    pub line: usize,
}

/// Both are texts by path. The worst comes first; nothing where one of them has no template.
pub fn replacements(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Vec<Replacement> {
    let read = |texts: &BTreeMap<String, String>| Template::read(texts.get("template.yaml")?);
    let (Some(before), Some(after)) = (read(old), read(new)) else { return Vec::new() };
    let one = Side { template: before, settings: settings(old) };
    let other = Side { template: after, settings: settings(new) };
    let mut found: Vec<Replacement> = renamed_stacks(&one.settings, &other.settings);
    for resource in one.template.resources.iter().filter(|resource| holds_data(&resource.kind)) {
        match other.template.resource(&resource.id) {
            None => found.push(gone(resource, &one, &other)),
            Some(now) if now.kind != resource.kind => found.push(retyped(resource, now)),
            Some(now) => found.extend(changed(resource, now, &one, &other)),
        }
    }
    found.sort_by_key(|one| one.harm);
    found
}

struct Side {
    template: Template,
    /// By environment.
    settings: BTreeMap<String, Settings>,
}

fn noun(resource: &Resource) -> &'static str {
    match resource.kind.as_str() {
        "AWS::DynamoDB::Table" | "AWS::Serverless::SimpleTable" => "table",
        "AWS::Kinesis::Stream" => "stream",
        "AWS::S3::Bucket" => "bucket",
        "AWS::SQS::Queue" => "queue",
        "AWS::KMS::Key" => "key",
        "AWS::Logs::LogGroup" => "log group",
        _ => "secret",
    }
}

/// Whether the resource stays when its template lets it go.
fn stays(resource: &Resource, policy: &str) -> bool {
    let word = resource.value.get(policy).and_then(Value::as_str).unwrap_or_default();
    word.starts_with("Retain") || word == "Snapshot"
}

fn renamed_stacks(old: &BTreeMap<String, Settings>, new: &BTreeMap<String, Settings>) -> Vec<Replacement> {
    let renamed = new.iter().filter_map(|(env, now)| {
        let (before, now) = (old.get(env)?.stack.as_ref()?, now.stack.as_ref()?);
        (before != now).then(|| Replacement {
            id: String::new(),
            harm: Harm::LeftBehind,
            message: format!(
                "The stack of {env} is now called {now}: a new stack with empty tables, beside {before}, which stays as it is. \
                 Give the project's folder its earlier name to update {before}."
            ),
            line: 0,
        })
    });
    renamed.collect()
}

fn retyped(before: &Resource, now: &Resource) -> Replacement {
    Replacement {
        id: before.id.clone(),
        harm: Harm::Refused,
        message: format!(
            "{} was of the type {} and is now {}. CloudFormation changes no type: give the new one another name.",
            before.id, before.kind, now.kind
        ),
        line: now.line,
    }
}

fn gone(before: &Resource, old: &Side, new: &Side) -> Replacement {
    let (id, noun) = (&before.id, noun(before));
    let name = name_of(before, old, None);
    let successor = new.template.resources.iter().find(|now| {
        now.kind == before.kind
            && old.template.resource(&now.id).is_none()
            && name.is_some()
            && name_of(now, new, None) == name
    });
    let (harm, message) = match (stays(before, "DeletionPolicy"), successor) {
        (true, Some(now)) => (
            Harm::Refused,
            format!(
                "{id} is not in the template any more, and {} takes its name {}. The old {noun} stays, so the deployment fails: the \
                 name is taken. Import the {noun} into the stack as {}, or give it another name.",
                now.id,
                name.unwrap_or_default(),
                now.id
            ),
        ),
        (true, None) => (
            Harm::LeftBehind,
            format!(
                "{id} is not in the template any more. The {noun} stays in the account with its data, but leaves the stack."
            ),
        ),
        (false, _) => {
            (Harm::Lost, format!("{id} is not in the template any more: the {noun} is deleted with its data."))
        }
    };
    Replacement { id: id.clone(), harm, message, line: successor.map_or(0, |now| now.line) }
}

/// The name that a resource has in an environment, where it has one of its own.
fn name_of(resource: &Resource, side: &Side, environment: Option<&str>) -> Option<String> {
    let (_, properties) = HOLDING.iter().find(|(kind, _)| *kind == resource.kind)?;
    let property = properties.iter().find(|name| name.ends_with("Name"))?;
    resolved(resource.property(property)?, side, environment).0
}

/// A value as an environment sets it, as text, and the parameter whose default it took.
fn resolved<'v>(value: &'v Value, side: &Side, environment: Option<&str>) -> (Option<String>, Option<&'v str>) {
    let shown = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => serde_yaml::to_string(other).unwrap_or_default().trim().replace('\n', " "),
    };
    let Some(parameter) = value.get("Ref").and_then(Value::as_str) else { return (Some(shown(value)), None) };
    let given = environment.and_then(|env| side.settings.get(env)?.parameters.get(parameter));
    match given {
        Some(given) => (Some(given.clone()), None),
        None => (side.template.parameter(parameter).and_then(|it| it.get("Default")).map(shown), Some(parameter)),
    }
}

/// A property that forces a new resource, in every environment where it changes.
fn changed(before: &Resource, now: &Resource, old: &Side, new: &Side) -> Vec<Replacement> {
    let properties = HOLDING.iter().find(|(kind, _)| *kind == now.kind).map_or(&[][..], |(_, properties)| properties);
    let mut found = Vec::new();
    for property in properties {
        let environments: Vec<Option<&str>> = match new.settings.is_empty() {
            true => vec![None],
            false => new.settings.keys().map(|env| Some(env.as_str())).collect(),
        };
        // By what changes to what: the environments where that is so.
        let mut changes: BTreeMap<(String, String, Option<&str>), Vec<&str>> = BTreeMap::new();
        for environment in environments {
            let (was, _) = before.property(property).map_or((None, None), |value| resolved(value, old, environment));
            let (is, defaulted) =
                now.property(property).map_or((None, None), |value| resolved(value, new, environment));
            if was != is {
                let name = |value: Option<String>| value.unwrap_or_else(|| "a name of CloudFormation's".to_owned());
                changes.entry((name(was), name(is), defaulted)).or_default().extend(environment);
            }
        }
        for ((was, is, defaulted), environments) in changes {
            found.push(change(
                now,
                property,
                (&was, &is),
                defaulted,
                &environments,
                stays(before, "UpdateReplacePolicy"),
            ));
        }
    }
    found
}

fn change(
    now: &Resource,
    property: &str,
    (was, is): (&str, &str),
    defaulted: Option<&str>,
    environments: &[&str],
    stays: bool,
) -> Replacement {
    let (id, noun) = (&now.id, noun(now));
    let r#where = if environments.is_empty() { String::new() } else { format!(" in {}", environments.join(", ")) };
    let (harm, message) = match (defaulted, stays) {
        (Some(parameter), _) => (
            Harm::Waits,
            format!(
                "{id}: the default of {parameter} changes from {was} to {is}. A stack that stands{where} keeps {was}; with \
                 {parameter}={is} it gets a new, empty {noun}."
            ),
        ),
        (None, true) => (
            Harm::LeftBehind,
            format!(
                "{id}: {property} changes from {was} to {is}{where}. CloudFormation makes a new, empty {noun}; the old one stays in \
                 the account with its data, and nothing reads it any more."
            ),
        ),
        (None, false) => (
            Harm::Lost,
            format!(
                "{id}: {property} changes from {was} to {is}{where}. CloudFormation makes a new, empty {noun} and deletes the old \
                 one with its data."
            ),
        ),
    };
    Replacement { id: id.clone(), harm, message, line: now.line }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "Parameters:
  RowsName: {Type: String, Default: rows}
Resources:
  Rows:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: RetainExceptOnCreate
    UpdateReplacePolicy: Retain
    Properties:
      TableName: {Ref: RowsName}
      KeySchema: [{AttributeName: a, KeyType: HASH}]
  Events:
    Type: AWS::Kinesis::Stream
    DeletionPolicy: Retain
    UpdateReplacePolicy: Delete
    Properties: {Name: events}
";
    const CONFIG: &str = "[dev.deploy.parameters]\nstack_name = \"x-dev\"\nparameter_overrides = [\n  \"Env=dev\",\n]\n\
                          [prod.deploy.parameters]\nstack_name = \"x-prod\"\nparameter_overrides = [\n  \"Env=prod\",\n  \"RowsName=rows-prod\",\n]\n";

    fn files(template: &str, config: &str) -> BTreeMap<String, String> {
        BTreeMap::from([
            ("template.yaml".to_owned(), template.to_owned()),
            ("samconfig.toml".to_owned(), config.to_owned()),
        ])
    }

    fn found(template: &str, config: &str) -> Vec<(Harm, String)> {
        let found = replacements(&files(OLD, CONFIG), &files(template, config));
        found.into_iter().map(|one| (one.harm, one.message)).collect()
    }

    #[test]
    fn nothing_changes_nothing() {
        assert_eq!(found(OLD, CONFIG), []);
        assert_eq!(
            found(&OLD.replace("KeyType: HASH}]", "KeyType: HASH}]\n      BillingMode: PAY_PER_REQUEST"), CONFIG),
            []
        );
    }

    #[test]
    fn a_name_by_environment_moves_where_it_is_given_and_waits_where_it_is_a_default() {
        let told = found(&OLD.replace("Default: rows", "Default: lines"), &CONFIG.replace("rows-prod", "lines-prod"));
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(
            told[0].0 == Harm::LeftBehind && told[0].1.contains("from rows-prod to lines-prod in prod"),
            "{told:?}"
        );
        assert!(told[1].0 == Harm::Waits && told[1].1.contains("RowsName changes from rows to lines"), "{told:?}");
        assert!(told[1].1.contains("in dev keeps rows"), "{told:?}");
    }

    #[test]
    fn keys_streams_and_policies() {
        let told =
            found(&OLD.replace("AttributeName: a", "AttributeName: b").replace("Name: events", "Name: others"), CONFIG);
        assert!(
            told[0].0 == Harm::Lost && told[0].1.contains("Events: Name changes from events to others"),
            "{told:?}"
        );
        assert!(told[1].0 == Harm::LeftBehind && told[1].1.contains("KeySchema"), "{told:?}");
    }

    #[test]
    fn a_renamed_resource_collides_with_its_own_past() {
        let told = found(&OLD.replace("  Rows:", "  Lines:"), CONFIG);
        assert!(told[0].0 == Harm::Refused && told[0].1.contains("Lines takes its name rows"), "{told:?}");
        let told = found(OLD.split("  Events:").next().unwrap_or_default(), CONFIG);
        assert!(told[0].0 == Harm::LeftBehind && told[0].1.starts_with("Events is not in the template"), "{told:?}");
    }

    #[test]
    fn another_stack_is_told() {
        let told = found(OLD, &CONFIG.replace("x-prod", "y-prod"));
        assert!(told.len() == 1 && told[0].1.contains("called y-prod"), "{told:?}");
    }

    #[test]
    fn what_is_no_template_tells_nothing() {
        let other = BTreeMap::from([("template.yaml".to_owned(), "no template".to_owned())]);
        assert_eq!(replacements(&other, &files(OLD, CONFIG)), []);
        assert_eq!(replacements(&BTreeMap::new(), &BTreeMap::new()), []);
    }
}
