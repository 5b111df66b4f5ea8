//! No role may do everything, nor what it may do to everything.

use serde_yaml::Value;

use super::{Finding, Seen, counted, found};

/// Actions that AWS gives no narrower resource to.
const WIDE: [&str; 9] = [
    "xray:PutTraceSegments",
    "xray:PutTelemetryRecords",
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:Describe",
];

pub fn look(seen: &Seen<'_>) -> (String, Vec<Finding>) {
    let mut findings = Vec::new();
    let (mut statements, mut roles) = (0, 0);
    for resource in &seen.template.resources {
        let own = match resource.kind.as_str() {
            "AWS::IAM::Role" => resource.property("Policies").and_then(Value::as_sequence).cloned().unwrap_or_default(),
            "AWS::IAM::Policy" | "AWS::IAM::ManagedPolicy" => {
                resource.value.get("Properties").cloned().into_iter().collect()
            }
            _ => continue,
        };
        roles += 1;
        let documents = own.iter().filter_map(|policy| policy.get("PolicyDocument")?.get("Statement")?.as_sequence());
        for statement in documents.flatten().filter(|one| one.get("Effect").and_then(Value::as_str) == Some("Allow")) {
            statements += 1;
            let too_wide = faults(statement);
            findings.extend(too_wide.into_iter().map(|fault| found(resource.line, format!("{} {fault}", resource.id))));
        }
    }
    (format!("{} of {}", counted(statements, "statement"), counted(roles, "role")), findings)
}

fn faults(statement: &Value) -> Vec<String> {
    let texts = |name: &str| match statement.get(name) {
        Some(Value::Sequence(list)) => list.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(text)) => vec![text.as_str()],
        _ => Vec::new(),
    };
    let actions = texts("Action");
    let everything = actions.iter().filter(|action| **action == "*" || action.ends_with(":*"));
    let mut faults: Vec<String> =
        everything.map(|action| format!("may do everything ({action}): name the actions that it needs")).collect();
    let narrow: Vec<&str> =
        actions.iter().filter(|action| !WIDE.iter().any(|wide| action.starts_with(wide))).copied().collect();
    let has_condition = statement.get("Condition").is_some();
    if texts("Resource").contains(&"*") && !narrow.is_empty() && !has_condition {
        faults.push(format!("may {} on every resource of the account: name the resources", narrow.join(", ")));
    }
    faults
}
