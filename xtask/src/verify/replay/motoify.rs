//! CloudFormation → what moto can make. Types that moto has no model for are left out, references to them become names that
//! lead nowhere; an alias or version stands for its function. Mappings are left out too, because moto would call functions by
//! itself, one record a call: what they say is asked back as outputs, which moto's CloudFormation works out.

use serde_json::{Map, Value, json};

/// What a stack of ours has that moto 5.2.5 makes.
const MADE: [&str; 15] = [
    "AWS::CloudWatch::Dashboard",
    "AWS::DynamoDB::Table",
    "AWS::Events::Rule",
    "AWS::IAM::ManagedPolicy",
    "AWS::IAM::Policy",
    "AWS::IAM::Role",
    "AWS::KMS::Alias",
    "AWS::KMS::Key",
    "AWS::Kinesis::Stream",
    "AWS::Lambda::Function",
    "AWS::Logs::LogGroup",
    "AWS::S3::Bucket",
    "AWS::SNS::Topic",
    "AWS::SQS::Queue",
    "AWS::SSM::Parameter",
];

/// Outputs that ask back what was left out begin so.
pub const ASKED: &str = "Replay";

pub fn for_moto(template: &Value) -> Value {
    let mut out = template.clone();
    let Some(resources) = template["Resources"].as_object() else { return out };
    let dropped: Vec<&str> = resources.iter().filter(|(_, it)| !is_made(it)).map(|(id, _)| id.as_str()).collect();
    let around = Around { resources, dropped: &dropped };
    let mut kept = Map::new();
    for (id, resource) in resources.iter().filter(|(_, it)| is_made(it)) {
        let mut resource = around.rewritten(resource);
        if let Some(on) = resource.get_mut("DependsOn").and_then(Value::as_array_mut) {
            on.retain(|id| id.as_str().is_none_or(|id| !dropped.contains(&id)));
        } else if resource["DependsOn"].as_str().is_some_and(|id| dropped.contains(&id)) {
            resource.as_object_mut().and_then(|resource| resource.remove("DependsOn"));
        }
        // moto 5.2.5 fails on a key with tags (KeyError: TagKey).
        if resource["Type"] == "AWS::KMS::Key" {
            resource["Properties"].as_object_mut().and_then(|properties| properties.remove("Tags"));
        }
        kept.insert(id.clone(), resource);
    }
    let mut outputs = around.rewritten(&template["Outputs"]).as_object().cloned().unwrap_or_default();
    outputs.values_mut().for_each(|output| {
        output.as_object_mut().and_then(|output| output.remove("Export"));
    });
    for (id, resource) in resources {
        around.ask(id, resource, &mut outputs);
    }
    out["Resources"] = Value::Object(kept);
    out["Outputs"] = Value::Object(outputs);
    out
}

fn is_made(resource: &Value) -> bool {
    resource["Type"].as_str().is_some_and(|kind| MADE.contains(&kind))
}

struct Around<'a> {
    resources: &'a Map<String, Value>,
    dropped: &'a [&'a str],
}

impl Around<'_> {
    /// Outputs for the ends of mappings, rules and routes, and a function's zip.
    fn ask(&self, id: &str, resource: &Value, outputs: &mut Map<String, Value>) {
        let properties = &resource["Properties"];
        let mut add = |part: &str, value: &Value| {
            if !value.is_null() {
                outputs.insert(format!("{ASKED}{part}{id}"), json!({"Value": self.rewritten(value)}));
            }
        };
        match resource["Type"].as_str() {
            Some("AWS::Lambda::EventSourceMapping") => {
                add("Source", &properties["EventSourceArn"]);
                add("Calls", &properties["FunctionName"]);
                add("Failures", &properties["DestinationConfig"]["OnFailure"]["Destination"]);
            }
            Some("AWS::Events::Rule") => {
                add("Target", &properties["Targets"][0]["Arn"]);
                add("Bucket", &properties["EventPattern"]["detail"]["bucket"]["name"][0]);
            }
            Some("AWS::ApiGatewayV2::Integration") => add("Calls", &properties["IntegrationUri"]),
            Some("AWS::Lambda::Function") => {
                add("Name", &json!({"Ref": id}));
                add("Code", &properties["Code"]["S3Key"]);
            }
            _ => {}
        }
    }

    fn rewritten(&self, value: &Value) -> Value {
        match value {
            Value::Object(map) if map.len() == 1 => match map.iter().next() {
                Some((key, Value::String(id))) if key == "Ref" => self.reference(id).unwrap_or_else(|| value.clone()),
                Some((key, Value::Array(parts))) if key == "Fn::GetAtt" => {
                    match parts.first().and_then(Value::as_str) {
                        Some(id) if self.dropped.contains(&id) => self.reference(id).unwrap_or_else(|| nowhere(id)),
                        // moto 5.2.5 knows a queue's address as what the queue itself stands for only.
                        Some(id) if parts.get(1).is_some_and(|part| part == "QueueUrl") => json!({"Ref": id}),
                        _ => value.clone(),
                    }
                }
                Some((key, Value::String(text))) if key == "Fn::Sub" => json!({"Fn::Sub": self.substituted(text)}),
                Some((key, inner)) => json!({key: self.rewritten(inner)}),
                None => value.clone(),
            },
            Value::Object(map) => map.iter().map(|(key, value)| (key.clone(), self.rewritten(value))).collect(),
            Value::Array(items) => items.iter().map(|item| self.rewritten(item)).collect(),
            other => other.clone(),
        }
    }

    /// What stands for a reference to something that is left out; `None` where it is made.
    fn reference(&self, id: &str) -> Option<Value> {
        if !self.dropped.contains(&id) {
            return None;
        }
        let resource = &self.resources[id];
        match resource["Type"].as_str() {
            Some("AWS::Lambda::Alias" | "AWS::Lambda::Version") => {
                let function = resource["Properties"]["FunctionName"]["Ref"].as_str()?;
                Some(json!({"Fn::GetAtt": [function, "Arn"]}))
            }
            Some("AWS::Kinesis::StreamConsumer") => Some(self.rewritten(&resource["Properties"]["StreamARN"])),
            _ => Some(nowhere(id)),
        }
    }

    /// A text with `${Name}` or `${Name.Part}` of what is left out replaced.
    fn substituted(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for id in self.dropped {
            out = out.replace(&format!("${{{id}}}"), &format!("{id}-nowhere"));
            while let Some(start) = out.find(&format!("${{{id}.")) {
                let Some(end) = out[start..].find('}') else { break };
                out.replace_range(start..=start + end, &format!("{id}-nowhere"));
            }
        }
        out
    }
}

fn nowhere(id: &str) -> Value {
    Value::String(format!("arn:aws:nowhere:us-east-1:123456789012:{id}/{id}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::for_moto;

    #[test]
    fn mappings_become_outputs_and_aliases_their_function() {
        let template = json!({"Resources": {
            "S": {"Type": "AWS::Kinesis::Stream"},
            "F": {"Type": "AWS::Lambda::Function", "DependsOn": ["P"], "Properties": {"Code": {"S3Key": "f.zip"}}},
            "FAliaslive": {"Type": "AWS::Lambda::Alias", "Properties": {"FunctionName": {"Ref": "F"}}},
            "P": {"Type": "AWS::SQS::QueuePolicy"},
            "FEvents": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": {
                "EventSourceArn": {"Fn::GetAtt": ["S", "Arn"]}, "FunctionName": {"Ref": "FAliaslive"}}}
        }, "Outputs": {"A": {"Value": {"Fn::Sub": "x/${P}/${P.Arn}/${S}"}, "Export": {"Name": "n"}}}});
        let out = for_moto(&template);
        assert_eq!(
            out["Resources"],
            json!({
                "S": {"Type": "AWS::Kinesis::Stream"},
                "F": {"Type": "AWS::Lambda::Function", "DependsOn": [], "Properties": {"Code": {"S3Key": "f.zip"}}}
            })
        );
        assert_eq!(
            out["Outputs"],
            json!({
                "A": {"Value": {"Fn::Sub": "x/P-nowhere/P-nowhere/${S}"}},
                "ReplayNameF": {"Value": {"Ref": "F"}},
                "ReplayCodeF": {"Value": "f.zip"},
                "ReplaySourceFEvents": {"Value": {"Fn::GetAtt": ["S", "Arn"]}},
                "ReplayCallsFEvents": {"Value": {"Fn::GetAtt": ["F", "Arn"]}}
            })
        );
    }
}
