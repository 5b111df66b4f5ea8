//! The stack on moto: zips put where the template looks for them, created by moto's CloudFormation, outputs read back.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use super::filter::Filter;
use super::http;
use super::motoify::ASKED;
use super::poller::Settings;
use super::server::Server;
use crate::files;
use crate::verify::bundle::{Bundle, json};

const NAME: &str = "replay";
const ARTIFACTS: &str = "artifacts";

pub struct Stack {
    /// The template's own.
    pub outputs: BTreeMap<String, String>,
    pub functions: Vec<Function>,
    pub mappings: Vec<Mapping>,
    /// What the replay asked of parts that moto does not make.
    asked: BTreeMap<String, String>,
}

pub struct Function {
    pub name: String,
    /// Inside the bundle.
    pub zip: String,
    pub environment: Vec<(String, String)>,
}

/// An event source mapping.
pub struct Mapping {
    pub id: String,
    /// ARNs.
    pub source: String,
    pub function: String,
    pub settings: Settings,
}

impl Stack {
    /// On an emptied server. `template` is what `motoify` made; mappings are read from what it was made of.
    pub fn create(server: &Server, bundle: &Bundle, template: &Value, original: &Value) -> Result<Stack> {
        server.empty()?;
        server.put(&format!("/{ARTIFACTS}"), b"")?;
        for file in files::with_extension(&bundle.folder, "zip")? {
            server.put(&format!("/{ARTIFACTS}/{}", bundle.inside(&file)), &fs::read(&file)?)?;
        }
        // By address: as text, a template may have 51,200 bytes.
        server.put(&format!("/{ARTIFACTS}/template.json"), template.to_string().as_bytes())?;
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut fields = vec![
            field("Action", "CreateStack"),
            field("Version", "2010-05-15"),
            field("StackName", NAME),
            field("TemplateURL", &format!("{}/{ARTIFACTS}/template.json", server.endpoint())),
            field("Capabilities.member.1", "CAPABILITY_NAMED_IAM"),
        ];
        for (index, (name, value)) in parameters(template).into_iter().enumerate() {
            fields.push((format!("Parameters.member.{}.ParameterKey", index + 1), name));
            fields.push((format!("Parameters.member.{}.ParameterValue", index + 1), value));
        }
        http::form(server.port, "cloudformation", &fields).context("moto does not make the stack")?;
        let described = [field("Action", "DescribeStacks"), field("Version", "2010-05-15"), field("StackName", NAME)];
        let described = http::form(server.port, "cloudformation", &described)?;
        let status = http::elements(&described, "StackStatus");
        if status.first() != Some(&"CREATE_COMPLETE") {
            bail!("moto's stack ended as {status:?}: {:?}", http::elements(&described, "StackStatusReason"));
        }
        let all = outputs(&described);
        let asked = |part: &str, id: &str| all.get(&format!("{ASKED}{part}{id}")).cloned();
        let resources = original["Resources"].as_object().context("the template has no resources")?;
        let (mut functions, mut mappings) = (Vec::new(), Vec::new());
        for (id, resource) in resources {
            if let (Some(name), Some(zip)) = (asked("Name", id), asked("Code", id)) {
                let environment = environment(server, &name)?;
                functions.push(Function { name, zip, environment });
            }
            if let (Some(source), Some(function)) = (asked("Source", id), asked("Calls", id)) {
                let settings =
                    settings(&resource["Properties"], original).with_context(|| format!("the mapping {id}"))?;
                mappings.push(Mapping { id: id.clone(), source, function, settings });
            }
        }
        let (asked, outputs) = all.into_iter().partition(|(name, _)| name.starts_with(ASKED));
        Ok(Stack { outputs, functions, mappings, asked })
    }

    /// What was asked back of a part, such as `Bucket` of a rule.
    pub fn asked(&self, part: &str, id: &str) -> Option<&str> {
        self.asked.get(&format!("{ASKED}{part}{id}")).map(String::as_str)
    }

    pub fn output(&self, name: &str) -> Result<&str> {
        self.outputs.get(name).map(String::as_str).with_context(|| {
            format!(
                "the stack has no output `{name}`; it has {}",
                self.outputs.keys().cloned().collect::<Vec<_>>().join(", ")
            )
        })
    }
}

/// A value for each parameter: its default, or what the replay has put there.
fn parameters(template: &Value) -> Vec<(String, String)> {
    let all = template["Parameters"].as_object().into_iter().flatten();
    all.map(|(name, parameter)| {
        let value = match &parameter["Default"] {
            Value::Null => ARTIFACTS.to_owned(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        (name.clone(), value)
    })
    .collect()
}

fn outputs(described: &str) -> BTreeMap<String, String> {
    let part = |member: &str, name: &str| http::elements(member, name).first().map(|text| http::unescape(text));
    let members = described.split("<OutputKey>").skip(1).map(|rest| format!("<OutputKey>{rest}"));
    members.filter_map(|member| Some((part(&member, "OutputKey")?, part(&member, "OutputValue")?))).collect()
}

fn environment(server: &Server, function: &str) -> Result<Vec<(String, String)>> {
    let answer = server.get("lambda", &format!("/2015-03-31/functions/{}/configuration", http::percent(function)))?;
    let answer: Value = serde_json::from_slice(&answer).context("moto's function is no JSON")?;
    let empty = Map::new();
    let variables = answer["Environment"]["Variables"].as_object().unwrap_or(&empty);
    Ok(variables.iter().map(|(name, value)| (name.clone(), value.as_str().unwrap_or_default().to_owned())).collect())
}

/// A mapping's settings; Lambda's own defaults where the template says nothing.
fn settings(properties: &Value, template: &Value) -> Result<Settings> {
    let number = |name: &str| {
        let value = &properties[name];
        let value = value["Ref"].as_str().map_or(value, |parameter| &template["Parameters"][parameter]["Default"]);
        value.as_i64().or_else(|| value.as_str()?.parse().ok())
    };
    let set = |name: &str| number(name).filter(|value| *value >= 0);
    let patterns = properties["FilterCriteria"]["Filters"].as_array().into_iter().flatten();
    let patterns = patterns.filter_map(|filter| filter["Pattern"].as_str()).map(Filter::parse);
    let types = properties["FunctionResponseTypes"].as_array().into_iter().flatten();
    Ok(Settings {
        batch: set("BatchSize").and_then(|size| usize::try_from(size).ok()).unwrap_or(100),
        bisect: properties["BisectBatchOnFunctionError"] == true,
        retries: set("MaximumRetryAttempts").and_then(|retries| u32::try_from(retries).ok()),
        max_age: set("MaximumRecordAgeInSeconds").map(|seconds| seconds.unsigned_abs() * 1000),
        report: types.filter_map(Value::as_str).any(|kind| kind == "ReportBatchItemFailures"),
        lanes: set("ParallelizationFactor").and_then(|lanes| usize::try_from(lanes).ok()).unwrap_or(1),
        filters: patterns.collect::<Result<_>>()?,
    })
}

/// The function's folder, out of its zip.
pub fn unpack(bundle: &Bundle, function: &Function, folder: &Path) -> Result<()> {
    if folder.exists() {
        return Ok(());
    }
    let zip = bundle.folder.join(&function.zip);
    let file = fs::File::open(&zip).with_context(|| format!("cannot read {}", zip.display()))?;
    let new = folder.with_extension("new");
    zip::ZipArchive::new(file)
        .and_then(|mut zip| zip.extract(&new))
        .with_context(|| format!("{} is no zip", zip.display()))?;
    files::swap_in(&new, folder)
}

/// The template as the replay needs it twice: as it is, and for moto.
pub fn template(transformed: &Path) -> Result<(Value, Value)> {
    let original = json(transformed)?;
    let motoified = super::motoify::for_moto(&original);
    Ok((original, motoified))
}
