//! Bundles: `bundles/CASE/*.dtc.yaml` exported for both targets, every file against `expected/TARGET/`,
//! then judged by cfn-lint and by SAM's own translator; `bundles/refused` holds what must not be exported.
//! The replay runs the real function of a bundle on the case's events.

#[path = "bundles/large.rs"]
mod large;
#[path = "bundles/make.rs"]
mod make;
#[path = "bundles/project.rs"]
mod project;
#[path = "bundles/refused.rs"]
mod refused;
#[path = "bundles/release.rs"]
mod release;
#[path = "bundles/replay.rs"]
mod replay;
#[path = "bundles/tools.rs"]
pub mod tools;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use bundle::{Bundle, Target};
use libtest_mimic::{Failed, Trial};

use project::Project;

const TARGETS: [(Target, &str); 2] = [(Target::Sam, "sam"), (Target::CloudFormation, "cloudformation")];

pub fn trials() -> Vec<Trial> {
    let mut trials = Vec::new();
    for folder in project::cases() {
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        for (target, word) in TARGETS {
            let case = folder.clone();
            trials.push(Trial::test(format!("bundles::{name}::{word}"), move || golden(&case, target, word)));
            let case = folder.clone();
            trials
                .push(Trial::test(format!("bundles::{name}::{word}::looked_over"), move || looked_over(&case, target)));
            let case = folder.clone();
            trials.push(Trial::test(format!("bundles::{name}::{word}::cfn_lint"), move || lint(&case, target)));
        }
        let case = folder.clone();
        trials.push(Trial::test(format!("bundles::{name}::targets_agree"), move || targets_agree(&case)));
    }
    trials.extend(refused::trials());
    trials.extend(replay::trials());
    trials.extend(large::trials());
    trials.extend(make::trials());
    trials.extend(release::trials());
    trials
}

fn exported(folder: &Path, target: Target) -> Result<Bundle, Failed> {
    Project::read(folder)?.export(target, b"\x7fELF stands for the program")
}

/// What the studio's own looks say of a bundle, and that its drawing leads from where events come in to where rows are kept.
fn looked_over(folder: &Path, target: Target) -> Result<(), Failed> {
    let bundle = exported(folder, target)?;
    let looks = bundle::review(&bundle);
    if let Some(look) = looks.iter().find(|look| !look.findings.is_empty()) {
        return Err(format!("{}: {:#?}", look.name, look.findings).into());
    }
    let texts = bundle::texts(&bundle);
    if let Some(first) = bundle::replacements(&texts, &texts).first() {
        return Err(format!("the same bundle again replaces something: {first:?}").into());
    }
    let drawn = texts.get("template.yaml").and_then(|text| bundle::diagram(text)).ok_or("nothing is drawn")?;
    let of =
        |kind: &str| -> Vec<usize> { (0..drawn.shapes.len()).filter(|at| drawn.shapes[*at].kind == kind).collect() };
    for function in of("Lambda function") {
        let comes_in = drawn.flows.iter().any(|(_, to)| *to == function);
        let is_kept =
            drawn.flows.iter().any(|(from, to)| *from == function && drawn.shapes[*to].kind == "DynamoDB table");
        if !comes_in || !is_kept {
            return Err(format!("{} has no way in or out: {:?}", drawn.shapes[function].id, drawn.flows).into());
        }
    }
    Ok(())
}

fn golden(folder: &Path, target: Target, word: &str) -> Result<(), Failed> {
    let bundle = exported(folder, target)?;
    if bundle::zip(&bundle) != bundle::zip(&exported(folder, target)?) {
        return Err("two exports differ".into());
    }
    let texts: BTreeMap<String, String> = bundle
        .files
        .iter()
        .filter(|file| !file.path.ends_with(".zip") && !file.path.starts_with("documents/"))
        .map(|file| (file.path.clone(), String::from_utf8_lossy(&file.content).into_owned()))
        .collect();
    let expected = folder.join("expected").join(word);
    if std::env::var_os("UPDATE").is_some() {
        let _ = std::fs::remove_dir_all(&expected);
        std::fs::create_dir_all(&expected)?;
        for (path, text) in &texts {
            let place = expected.join(path);
            std::fs::create_dir_all(place.parent().unwrap_or(&expected))?;
            std::fs::write(place, text)?;
        }
        return Ok(());
    }
    let mut there = BTreeMap::new();
    collect(&expected, "", &mut there)?;
    let names: Vec<&String> =
        texts.keys().chain(there.keys()).filter(|name| texts.get(*name) != there.get(*name)).collect();
    match names.first() {
        None => Ok(()),
        Some(name) => Err(format!(
            "{name} differs (UPDATE=1 takes the new one)\n--- expected\n{}\n--- found\n{}",
            there.get(*name).map_or("", String::as_str),
            texts.get(*name).map_or("", String::as_str)
        )
        .into()),
    }
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{name}/"), files)?;
        } else {
            files.insert(name, std::fs::read_to_string(entry.path())?);
        }
    }
    Ok(())
}

fn write(bundle: &Bundle, folder: &Path) -> Result<PathBuf, Failed> {
    for file in &bundle.files {
        let path = folder.join(&file.path);
        std::fs::create_dir_all(path.parent().ok_or("a file without a folder")?)?;
        std::fs::write(path, &file.content)?;
    }
    Ok(folder.join("template.yaml"))
}

fn lint(folder: &Path, target: Target) -> Result<(), Failed> {
    let scratch = tempfile::tempdir()?;
    let template = write(&exported(folder, target)?, scratch.path())?;
    tools::lint(&template)?;
    if target == Target::Sam {
        tools::lint(&tools::translate(&template, scratch.path())?)?;
    }
    Ok(())
}

/// What SAM makes of its template is what the other template says, but for where the zip lies and for
/// SAM's own tag.
fn targets_agree(folder: &Path) -> Result<(), Failed> {
    let scratch = tempfile::tempdir()?;
    let sam = write(&exported(folder, Target::Sam)?, scratch.path())?;
    let translated = std::fs::read_to_string(tools::translate(&sam, scratch.path())?)?;
    let mut translated: serde_json::Value = serde_json::from_str(&translated)?;
    let plain = exported(folder, Target::CloudFormation)?;
    let template = plain.files.iter().find(|file| file.path == "template.yaml").ok_or("no template.yaml")?;
    let mut plain: serde_json::Value = serde_yaml::from_slice(&template.content)?;
    for template in [&mut translated, &mut plain] {
        for resource in template["Resources"].as_object_mut().ok_or("no resources")?.values_mut() {
            if resource["Type"] == "AWS::Lambda::Function" {
                resource["Properties"]["Code"].take();
                sort_tags(&mut resource["Properties"]["Tags"]);
            }
        }
    }
    for (name, resource) in plain["Resources"].as_object().ok_or("no resources")? {
        if translated["Resources"][name] != *resource {
            return Err(format!(
                "{name} differs\n--- sam\n{:#}\n--- cloudformation\n{resource:#}",
                translated["Resources"][name]
            )
            .into());
        }
    }
    let (one, other) =
        (translated["Resources"].as_object().map(|r| r.len()), plain["Resources"].as_object().map(|r| r.len()));
    if one == other { Ok(()) } else { Err(format!("{one:?} resources by SAM, {other:?} by CloudFormation").into()) }
}

fn sort_tags(tags: &mut serde_json::Value) {
    if let Some(tags) = tags.as_array_mut() {
        tags.retain(|tag| tag["Key"] != "lambda:createdBy");
        tags.sort_by_key(|tag| tag["Key"].to_string());
    }
}
