//! A function's versions, alias and deployment group, for both targets by the same logical ids. A version is called after what
//! is in it: the zip's content and the settings that a version keeps. Nothing else makes a new one.

use serde_yaml::{Mapping, Value};
use sha2::{Digest, Sha256};

use super::IS_PROD;
use super::reference::{arn, attribute, list, map, reference, substitute, text};
use super::resource::{Written, plain};
use super::yaml::to_yaml;
use crate::graph::{Function, Id, Release};
use crate::release::{ALIAS, AT_ONCE};

/// Of CodeDeploy, for all functions of a stack. SAM calls it so.
const APPLICATION: &str = "ServerlessDeploymentApplication";
/// Of a version's hash, in its logical id; SAM takes as many.
const IN_ID: usize = 10;

/// Sixteen hexadecimal digits of what a version holds: `settings` are the properties that it keeps.
pub fn identity(function: &Function, settings: &Mapping) -> String {
    let mut hash = Sha256::new();
    hash.update(&function.zip);
    hash.update([0]);
    hash.update(to_yaml(&Value::Mapping(settings.clone())));
    hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

pub fn alias_id(id: &Id<Function>) -> String {
    format!("{}Alias{ALIAS}", id.name())
}

/// What SAM makes versions, alias and deployment group of.
pub fn for_sam(function: &Function, identity: &str) -> Mapping {
    let release = &function.release;
    let mut properties = Mapping::new();
    properties.insert(text("AutoPublishAlias"), text(ALIAS));
    properties.insert(text("AutoPublishCodeSha256"), text(identity));
    if let Some(description) = description(release) {
        properties.insert(text("VersionDescription"), description);
    }
    let preference = map([
        ("Type", strategy(release, text)),
        ("Role", arn(&release.role)),
        ("Alarms", Value::Sequence(release.alarms.iter().map(reference).collect())),
    ]);
    properties.insert(text("DeploymentPreference"), preference);
    properties
}

/// Version, alias, CodeDeploy's application and group.
pub fn for_cloudformation(id: &Id<Function>, function: &Function, identity: &str) -> Written {
    let version = format!("{}Version{}", id.name(), &identity[..IN_ID.min(identity.len())]);
    let group = format!("{}DeploymentGroup", id.name());
    vec![
        (version.clone(), version_resource(id, &function.release)),
        (alias_id(id), alias(id, &version, &group)),
        (APPLICATION.to_owned(), plain("AWS::CodeDeploy::Application", map([("ComputePlatform", text("Lambda"))]))),
        (group, deployment_group(&function.release)),
    ]
}

fn description(release: &Release) -> Option<Value> {
    (!release.described.is_empty()).then(|| substitute(&release.described))
}

/// Old versions stay, so that the alias can go back to them.
fn version_resource(id: &Id<Function>, release: &Release) -> Value {
    let mut properties = Mapping::new();
    properties.insert(text("FunctionName"), reference(id));
    properties.extend(description(release).map(|description| (text("Description"), description)));
    map([
        ("Type", text("AWS::Lambda::Version")),
        ("DeletionPolicy", text("Retain")),
        ("Properties", Value::Mapping(properties)),
    ])
}

fn alias(id: &Id<Function>, version: &str, group: &str) -> Value {
    let named = |id: &str| map([("Ref", text(id))]);
    let update = map([("ApplicationName", named(APPLICATION)), ("DeploymentGroupName", named(group))]);
    let version = Id::<()>::new(version);
    map([
        ("Type", text("AWS::Lambda::Alias")),
        ("UpdatePolicy", map([("CodeDeployLambdaAliasUpdate", update)])),
        (
            "Properties",
            map([
                ("Name", text(ALIAS)),
                ("FunctionName", reference(id)),
                ("FunctionVersion", attribute(&version, "Version")),
            ]),
        ),
    ])
}

fn deployment_group(release: &Release) -> Value {
    let events = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM", "DEPLOYMENT_STOP_ON_REQUEST"];
    let alarms = release.alarms.iter().map(|alarm| map([("Name", reference(alarm))])).collect();
    // The form in which SAM writes it, so that both templates are one.
    let named = |word: &str| {
        let words = list([text("CodeDeployDefault.Lambda${ConfigName}"), map([("ConfigName", text(word))])]);
        map([("Fn::Sub", words)])
    };
    plain(
        "AWS::CodeDeploy::DeploymentGroup",
        map([
            ("AlarmConfiguration", map([("Enabled", Value::from(true)), ("Alarms", Value::Sequence(alarms))])),
            ("ApplicationName", map([("Ref", text(APPLICATION))])),
            ("AutoRollbackConfiguration", map([("Enabled", Value::from(true)), ("Events", list(events.map(text)))])),
            ("DeploymentConfigName", strategy(release, named)),
            (
                "DeploymentStyle",
                map([("DeploymentType", text("BLUE_GREEN")), ("DeploymentOption", text("WITH_TRAFFIC_CONTROL"))]),
            ),
            ("ServiceRoleArn", arn(&release.role)),
        ]),
    )
}

/// By parts in protected environments, at once elsewhere.
fn strategy(release: &Release, named: impl Fn(&str) -> Value) -> Value {
    match release.deploy.as_str() {
        AT_ONCE => named(AT_ONCE),
        parts => map([("Fn::If", list([text(IS_PROD), named(parts), named(AT_ONCE)]))]),
    }
}
