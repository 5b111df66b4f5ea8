//! A template as it was written: its resources with their lines, and who names whom. Reads what the writers of this
//! crate write, by hand edited or not; refuses nothing, what it does not know it leaves out.

use std::collections::BTreeSet;

use serde_yaml::Value;

/// A template of AWS SAM or CloudFormation.
#[derive(Debug, Default)]
pub struct Template {
    /// In the order of the file.
    pub resources: Vec<Resource>,
    whole: Value,
}

#[derive(Debug)]
pub struct Resource {
    pub id: String,
    /// Such as `AWS::Kinesis::Stream`; empty where none is written.
    pub kind: String,
    pub value: Value,
    /// From 1; 0 where the file does not show it on a line of its own.
    pub line: usize,
}

impl Template {
    /// `None`: the text is no template.
    pub fn read(text: &str) -> Option<Template> {
        let whole: Value = serde_yaml::from_str(text).ok()?;
        let written = whole.get("Resources")?.as_mapping()?;
        let resources = written.iter().filter_map(|(id, value)| {
            let id = id.as_str()?;
            let kind = value.get("Type").and_then(Value::as_str).unwrap_or_default().to_owned();
            Some(Resource { id: id.to_owned(), kind, value: value.clone(), line: line_of(text, id) })
        });
        Some(Template { resources: resources.collect(), whole: whole.clone() })
    }

    /// The resource of an id; for the alias that SAM makes of a function, the function.
    pub fn resource(&self, id: &str) -> Option<&Resource> {
        let is_alias = |resource: &&Resource| {
            let alias = resource.text("AutoPublishAlias").filter(|_| resource.kind == "AWS::Serverless::Function");
            alias.is_some_and(|alias| id.strip_prefix(&resource.id).is_some_and(|rest| rest == format!("Alias{alias}")))
        };
        let own = self.resources.iter().find(|resource| resource.id == id);
        own.or_else(|| self.resources.iter().find(is_alias))
    }

    pub fn parameters(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.section("Parameters")
    }

    pub fn parameter(&self, name: &str) -> Option<&Value> {
        self.whole.get("Parameters")?.get(name)
    }

    pub fn conditions(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.section("Conditions")
    }

    pub fn outputs(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.section("Outputs")
    }

    fn section(&self, name: &str) -> impl Iterator<Item = (&str, &Value)> {
        let section = self.whole.get(name).and_then(Value::as_mapping);
        section.into_iter().flatten().filter_map(|(name, value)| Some((name.as_str()?, value)))
    }
}

impl Resource {
    pub fn property(&self, name: &str) -> Option<&Value> {
        self.value.get("Properties")?.get(name)
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.property(name)?.as_str()
    }
}

/// The line on which a name below a section stands, from 1; 0 where there is none.
fn line_of(text: &str, id: &str) -> usize {
    let mut inside = false;
    for (line, number) in text.lines().zip(1..) {
        if !line.starts_with([' ', '#']) {
            inside = line.starts_with("Resources:");
        } else if inside && line.strip_prefix("  ").and_then(|rest| rest.strip_suffix(':')) == Some(id) {
            return number;
        }
    }
    0
}

/// Every name that a value refers to: by `Ref`, `Fn::GetAtt`, `Fn::Sub`, `DependsOn` and `Condition`'s cousins, in order.
pub fn names(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    collect(value, &mut found);
    let mut seen = BTreeSet::new();
    found.retain(|name: &String| seen.insert(name.clone()));
    found
}

fn collect(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Mapping(map) => {
            for (key, value) in map {
                match (key.as_str().unwrap_or_default(), value) {
                    ("Ref", Value::String(name)) => found.push(name.clone()),
                    ("Fn::GetAtt", Value::String(path)) => found.extend(path.split('.').next().map(str::to_owned)),
                    ("Fn::GetAtt", Value::Sequence(path)) => {
                        found.extend(path.first().and_then(Value::as_str).map(str::to_owned));
                    }
                    ("Fn::Sub", Value::String(text)) => found.extend(filled(text)),
                    ("Fn::Sub", Value::Sequence(parts)) => {
                        let own = parts.get(1).and_then(Value::as_mapping);
                        let is_own = |name: &String| own.is_some_and(|own| own.contains_key(name.as_str()));
                        let text = parts.first().and_then(Value::as_str).unwrap_or_default();
                        found.extend(filled(text).filter(|name| !is_own(name)));
                        parts.iter().skip(1).for_each(|part| collect(part, found));
                    }
                    (_, value) => collect(value, found),
                }
            }
        }
        Value::Sequence(list) => list.iter().for_each(|value| collect(value, found)),
        _ => {}
    }
}

/// The names in `${…}` of a text; `${!…}` is none.
fn filled(text: &str) -> impl Iterator<Item = String> {
    text.split("${").skip(1).filter_map(|part| {
        let name = part.split('}').next()?;
        let name = name.split('.').next()?.trim();
        (!name.starts_with('!')).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_every_form() {
        let text = "a: {Ref: One}\nb: {Fn::GetAtt: [Two, Arn]}\nc: {Fn::GetAtt: Three.Arn}\n\
                    d: {Fn::Sub: '${Four}-${Five.Arn}-${!No}'}\ne: {Fn::Sub: ['${Own}${Six}', {Own: {Ref: Seven}}]}\nf: [{Ref: One}]\n";
        let value: Value = serde_yaml::from_str(text).unwrap();
        assert_eq!(names(&value), ["One", "Two", "Three", "Four", "Five", "Six", "Seven"]);
    }

    #[test]
    fn resources_know_their_lines() {
        let text = "Parameters:\n  Fn:\n    Type: String\nResources:\n  Fn:\n    Type: AWS::Lambda::Function\n  Q:\n    Type: x\n";
        let template = Template::read(text).unwrap();
        let lines: Vec<(&str, usize)> = template.resources.iter().map(|it| (it.id.as_str(), it.line)).collect();
        assert_eq!(lines, [("Fn", 5), ("Q", 7)]);
        assert!(Template::read("no template").is_none() && Template::read("a: [").is_none());
    }
}
