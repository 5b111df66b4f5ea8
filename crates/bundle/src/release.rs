//! How a new version of a function takes over: an alias that everything calls, moved by CodeDeploy, and moved back when an
//! alarm goes off. What makes a version differ is told here; how it is written is `write::release`'s part.

use dtc_lang::pipeline::Pipeline;

use crate::graph::{Alarm, Grant, Id, LogGroup, LogMetric, Metric, Node, Release, Role, Setting, Topic};
use crate::write::policy::CODE_DEPLOY;

/// What everything calls.
pub const ALIAS: &str = "live";
/// What CloudFormation takes as a version's description.
const LONGEST: usize = 256;
/// Behind a name that CloudFormation makes: two hyphens and a random part.
const RANDOM: usize = 16;
/// In environments that are not protected: nobody waits for a part of the events.
pub const AT_ONCE: &str = "AllAtOnce";

/// Ids of a function's release.
pub struct Ids {
    pub role: Id<Role>,
    pub failures: Id<LogMetric>,
    pub errors: Id<Alarm>,
    pub failed: Id<Alarm>,
}

impl Ids {
    pub fn new(function: &str) -> Ids {
        Ids {
            role: Id::new("ReleaseRole"),
            failures: Id::new(format!("{function}Failures")),
            errors: Id::new("ErrorAlarm"),
            failed: Id::new("WriteFailureAlarm"),
        }
    }
}

/// The release of a function with this environment. `names` gives how long the name that stands for an id may get.
pub fn release(
    ids: &Ids,
    settings: &Pipeline,
    environment: &[(String, Setting)],
    names: &dyn Fn(&str) -> usize,
) -> Release {
    Release {
        deploy: settings.function.deploy.to_owned(),
        role: ids.role.clone(),
        alarms: vec![ids.errors.clone(), ids.failed.clone()],
        described: described(settings, environment, names),
    }
}

/// The role that moves the alias, and what is seen in the log of a version that writes nothing.
pub fn nodes(ids: &Ids, function: &Id<crate::graph::Function>, logs: &Id<LogGroup>) -> Vec<Node> {
    let grants = vec![Grant::MoveAlias(function.clone()), Grant::SeeAlarms];
    vec![
        Node::Role(ids.role.clone(), Role { service: CODE_DEPLOY, grants }),
        Node::LogMetric(ids.failures.clone(), LogMetric { logs: logs.clone(), field: "failed".to_owned() }),
    ]
}

/// The alarms that take a new version back. A batch that fails in part is an answer and no error, so the log is asked too.
pub fn alarms(ids: &Ids, function: &Id<crate::graph::Function>, topic: &Id<Topic>) -> Vec<Node> {
    let alarm = |description: &str, metric| Alarm {
        description: description.to_owned(),
        metric,
        threshold: 0.0,
        below: false,
        periods: 1,
        period_seconds: 60,
        missing: "notBreaching".to_owned(),
        topic: topic.clone(),
    };
    vec![
        Node::Alarm(
            ids.errors.clone(),
            alarm("The transform function fails", Metric::AliasErrors(function.clone(), ALIAS)),
        ),
        Node::Alarm(
            ids.failed.clone(),
            alarm("Rows of some identities cannot be written", Metric::Logged(ids.failures.clone())),
        ),
    ]
}

/// What the function is told when it is deployed, as far as a description holds it: where one of these changes, the version
/// is replaced, though nothing in the template did.
fn described(settings: &Pipeline, environment: &[(String, Setting)], names: &dyn Fn(&str) -> usize) -> String {
    let mut told: Vec<(String, usize)> = Vec::new();
    for (_, setting) in environment {
        let mut name = |id: &str| told.push((format!("${{{id}}}"), names(id)));
        match setting {
            Setting::Text(_) => {}
            Setting::Filled(pattern) => told.push((pattern.clone(), longest(settings, pattern))),
            Setting::Table(id) => name(id.name()),
            Setting::Bucket(id) => name(id.name()),
            Setting::Tables(tables) => tables.iter().for_each(|(_, id)| name(id.name())),
            Setting::Queue(id) => {
                let length = names(id.name()).min(80);
                told.push((format!("${{{}.QueueName}}", id.name()), length));
            }
        }
    }
    let (mut out, mut length) = (String::new(), 0);
    for (pattern, most) in told {
        let there = out.split(' ').any(|before| before == pattern);
        if there || length + most + 1 > LONGEST {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(&pattern);
        length += most + 1;
    }
    out
}

/// Length of a name that CloudFormation makes in the longest environment of a stack.
pub fn made_name(settings: &Pipeline, stack: &str, id: &str) -> usize {
    stack.len() + longest_environment(settings) + id.len() + RANDOM
}

/// With the hyphen before it.
pub fn longest_environment(settings: &Pipeline) -> usize {
    settings.environments.iter().map(|environment| environment.name.len() + 1).max().unwrap_or_default()
}

/// How long a text with `${…}` may get by what the document itself sets.
fn longest(settings: &Pipeline, pattern: &str) -> usize {
    let values = |name: &str| {
        let parameter = settings.parameters.iter().find(|parameter| parameter.name.value == name);
        let own = parameter.into_iter().flat_map(|own| own.choices.iter().chain(&own.default));
        let set = settings.environments.iter().flat_map(|environment| &environment.values);
        let set = set.filter(|(set, _)| set == name).map(|(_, value)| value);
        own.chain(set).map(String::len).max().unwrap_or(64)
    };
    let filled = pattern.split("${").skip(1).filter_map(|rest| rest.split_once('}'));
    pattern.len() + filled.map(|(name, _)| values(name)).sum::<usize>()
}
