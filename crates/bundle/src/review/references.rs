//! Every name that the template refers to is there.

use super::{Finding, Seen, counted, found};
use crate::template::names;

pub fn look(seen: &Seen<'_>) -> (String, Vec<Finding>) {
    let template = &seen.template;
    let known = |name: &str| {
        name.starts_with("AWS::") || template.resource(name).is_some() || template.parameter(name).is_some()
    };
    let mut findings = Vec::new();
    let mut count = 0;
    for resource in &template.resources {
        let named = names(&resource.value);
        count += named.len();
        let lost = named.iter().filter(|name| !known(name));
        findings.extend(lost.map(|name| {
            found(
                resource.line,
                format!("{} refers to {name}, which is neither a resource nor a parameter", resource.id),
            )
        }));
        let after = resource.value.get("DependsOn").into_iter().flat_map(|value| match value {
            serde_yaml::Value::Sequence(list) => list.iter().filter_map(serde_yaml::Value::as_str).collect(),
            value => value.as_str().into_iter().collect::<Vec<_>>(),
        });
        let lost = after.filter(|name| template.resource(name).is_none());
        findings.extend(
            lost.map(|name| found(resource.line, format!("{} depends on {name}, which is no resource", resource.id))),
        );
        let condition = resource.value.get("Condition").and_then(serde_yaml::Value::as_str);
        let lost = condition.filter(|name| !template.conditions().any(|(known, _)| known == *name));
        findings.extend(
            lost.map(|name| {
                found(resource.line, format!("{} has the condition {name}, which is not there", resource.id))
            }),
        );
        if resource.kind.is_empty() {
            findings.push(found(resource.line, format!("{} has no Type", resource.id)));
        }
    }
    for (output, value) in template.outputs() {
        let named = names(value);
        count += named.len();
        let lost = named.iter().filter(|name| !known(name));
        findings.extend(lost.map(|name| found(0, format!("The output {output} refers to {name}, which is not there"))));
    }
    (format!("{} between {}", counted(count, "reference"), counted(template.resources.len(), "resource")), findings)
}
