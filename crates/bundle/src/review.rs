//! A bundle looked over before it is deployed, by its files alone: names that lead nowhere, permissions that are too wide,
//! data that are not safe, settings that the template does not know, a function's zip that is not what its name says.
//! Refuses to start programs; hosts add those that are installed.

mod function;
mod machines;
mod parameters;
mod permissions;
mod references;
mod safety;

use std::collections::BTreeMap;

use crate::Bundle;
use crate::template::Template;

/// Something to mend, where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Inside the bundle.
    pub path: String,
    /// From 1; 0: the whole file.
    pub line: usize,
    pub message: String,
}

/// What one look found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    pub name: &'static str,
    /// What was looked at, in a few words.
    pub seen: String,
    pub findings: Vec<Finding>,
}

const TEMPLATE: &str = "template.yaml";

/// What each look sees of a bundle.
struct Seen<'a> {
    bundle: &'a Bundle,
    template: Template,
    texts: BTreeMap<String, String>,
}

type Looking = fn(&Seen<'_>) -> (String, Vec<Finding>);

const LOOKS: [(&str, Looking); 6] = [
    ("References", references::look),
    ("Permissions", permissions::look),
    ("Safety of data", safety::look),
    ("Settings of environments", parameters::look),
    ("Functions", function::look),
    ("State machines", machines::look),
];

/// Every look, in the same order.
pub fn review(bundle: &Bundle) -> Vec<Look> {
    let texts = texts(bundle);
    let Some(template) = texts.get(TEMPLATE).and_then(|text| Template::read(text)) else {
        let finding = Finding {
            path: TEMPLATE.to_owned(),
            line: 0,
            message: "The template cannot be read as YAML with Resources. Export again.".to_owned(),
        };
        return vec![Look { name: "Template", seen: "1 file".to_owned(), findings: vec![finding] }];
    };
    let seen = Seen { bundle, template, texts };
    let looks = LOOKS.iter().map(|(name, look)| {
        let (told, findings) = look(&seen);
        Look { name, seen: told, findings }
    });
    looks.collect()
}

/// A bundle's texts by path.
pub fn texts(bundle: &Bundle) -> BTreeMap<String, String> {
    let text = |file: &crate::File| Some((file.path.clone(), String::from_utf8(file.content.clone()).ok()?));
    bundle.files.iter().filter_map(text).collect()
}

fn found(line: usize, message: String) -> Finding {
    Finding { path: TEMPLATE.to_owned(), line, message }
}

fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}
