//! Versions of the function: a change of what is in one makes a new one, any other change does not.

use bundle::Target;
use dtc_lang::Pipeline;
use libtest_mimic::{Failed, Trial};

use super::TARGETS;
use super::project::{self, Project};

pub fn trials() -> Vec<Trial> {
    vec![Trial::test("bundles::settings::a_version_for_what_is_in_it", test)]
}

/// What is changed in the pipeline document.
type Change = (&'static str, fn(&mut Pipeline));

/// Kept by a version.
const INSIDE: [Change; 4] = [
    ("memory", |pipeline| pipeline.function.memory_mb += 64),
    ("time", |pipeline| pipeline.function.timeout_seconds += 1),
    ("a variable", |pipeline| pipeline.function.variables.push(("MORE".to_owned(), "1".to_owned()))),
    ("deduplication", |pipeline| pipeline.dedup = dtc_lang::pipeline::Dedup::Sequence),
];
/// Of the stack around it.
const AROUND: [Change; 6] = [
    ("concurrency", |pipeline| pipeline.function.concurrency = Some(3)),
    ("days of logs", |pipeline| pipeline.function.log_days = 90),
    ("how it is deployed", |pipeline| pipeline.function.deploy = "AllAtOnce"),
    ("retries", |pipeline| pipeline.retries.attempts += 1),
    ("alarms", |pipeline| pipeline.alarms.clear()),
    ("tags", |pipeline| pipeline.tags.push(("More".to_owned(), "yes".to_owned()))),
];

fn test() -> Result<(), Failed> {
    let folder = project::folder().join("settings");
    for (target, _) in TARGETS {
        let plain = version(&Project::read(&folder)?, target)?;
        for (changes, is_new) in [(&INSIDE[..], true), (&AROUND[..], false)] {
            for (what, change) in changes {
                let mut project = Project::read(&folder)?;
                change(project.pipeline.as_mut().ok_or("the case has no pipeline document")?);
                if (version(&project, target)? != plain) != is_new {
                    return Err(format!("{what}: a new version {is_new} was expected").into());
                }
            }
        }
        let mut project = Project::read(&folder)?;
        project.files[0].1.push_str("# A word more.\n");
        if version(&project, target)? == plain {
            return Err("other documents, and the version is the same".into());
        }
    }
    Ok(())
}

/// What names the version in the template.
fn version(project: &Project, target: Target) -> Result<String, Failed> {
    let bundle = project.export(target, b"\x7fELF stands for the program")?;
    let template = bundle.files.iter().find(|file| file.path == "template.yaml").ok_or("no template.yaml")?;
    let template: serde_yaml::Value = serde_yaml::from_slice(&template.content)?;
    let resources = template["Resources"].as_mapping().ok_or("no resources")?;
    let found = resources.iter().find_map(|(id, resource)| match target {
        Target::Sam => resource["Properties"]["AutoPublishCodeSha256"].as_str(),
        Target::CloudFormation => id.as_str().filter(|_| resource["Type"] == "AWS::Lambda::Version"),
    });
    Ok(found.ok_or("no version")?.to_owned())
}
