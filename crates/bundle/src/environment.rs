//! The environments of a bundle: where each is deployed to and by which commands, and what an export's own settings
//! files say of them.

use std::collections::BTreeMap;

use dtc_lang::pipeline::Pipeline;

use crate::{Bundle, Input, Target, guide, names};

/// One of dev, qa, prod, or what the pipeline document calls them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    pub name: String,
    pub stack: String,
    pub region: Option<String>,
    pub account: Option<String>,
    /// Its tables cannot be deleted by mistake.
    pub protected: bool,
    /// To be run inside the bundle, in order.
    pub commands: Vec<String>,
}

/// The environments of the bundle that `export` made of this input.
pub fn environments(input: &Input<'_>, target: Target, bundle: &Bundle) -> Vec<Environment> {
    let plain = Pipeline::default();
    let settings = input.pipeline.unwrap_or(&plain);
    let stack = names::stack_name(input.project);
    let zips: Vec<&str> =
        bundle.files.iter().map(|file| file.path.as_str()).filter(|path| path.ends_with(".zip")).collect();
    let described = settings.environments.iter().enumerate().map(|(number, environment)| {
        let name = environment.name.clone();
        let region = environment.region.as_ref().map(ToString::to_string);
        let commands = match target {
            Target::Sam => vec![format!("sam deploy --config-env {name}")],
            Target::CloudFormation => {
                let own = guide::overrides(input, settings, environment, number == 0);
                by_aws(&stack, &name, &own, &zips, region.as_deref())
            }
        };
        Environment {
            stack: format!("{stack}-{name}"),
            account: environment.account.clone(),
            protected: environment.protect,
            name,
            region,
            commands,
        }
    });
    described.collect()
}

fn by_aws(stack: &str, env: &str, overrides: &[String], zips: &[&str], region: Option<&str>) -> Vec<String> {
    let region = region.map(|region| format!(" --region {region}")).unwrap_or_default();
    let mut commands: Vec<String> =
        zips.iter().map(|zip| format!("aws s3 cp {zip} \"s3://$ARTIFACT_BUCKET/{stack}/{zip}\"{region}")).collect();
    let own: Vec<String> = overrides.iter().map(|one| quoted(one)).collect();
    commands.push(format!(
        "aws cloudformation deploy --template-file template.yaml --stack-name {stack}-{env} --capabilities CAPABILITY_IAM{region} \
         --parameter-overrides {} \"ArtifactBucket=$ARTIFACT_BUCKET\" ArtifactPrefix={stack}/",
        own.join(" ")
    ));
    commands
}

/// As a shell reads it.
fn quoted(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "=_.:/@+-".contains(c));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// What a written bundle sets for one environment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    pub stack: Option<String>,
    pub parameters: BTreeMap<String, String>,
}

/// By environment, from `samconfig.toml` or else the `Makefile`, as the guide writes them.
pub fn settings(texts: &BTreeMap<String, String>) -> BTreeMap<String, Settings> {
    match (texts.get("samconfig.toml"), texts.get("Makefile")) {
        (Some(text), _) => of_samconfig(text),
        (None, Some(text)) => of_makefile(text),
        (None, None) => BTreeMap::new(),
    }
}

fn of_samconfig(text: &str) -> BTreeMap<String, Settings> {
    let mut all: BTreeMap<String, Settings> = BTreeMap::new();
    let mut current = None;
    for line in text.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[').and_then(|line| line.strip_suffix(".deploy.parameters]")) {
            current = Some(section.to_owned());
            all.entry(section.to_owned()).or_default();
            continue;
        }
        let Some(own) = current.as_ref().and_then(|name| all.get_mut(name)) else { continue };
        if let Some(stack) = line.strip_prefix("stack_name = ") {
            own.stack = Some(stack.trim_matches('"').to_owned());
        } else if let Some(entry) = line.strip_prefix('"').and_then(|line| line.trim_end_matches(',').strip_suffix('"'))
        {
            let entry = entry.replace("\\\"", "\"").replace("\\\\", "\\");
            own.parameters.extend(entry.split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned())));
        }
    }
    all
}

fn of_makefile(text: &str) -> BTreeMap<String, Settings> {
    let stack = text.lines().find_map(|line| line.strip_prefix("STACK = ")?.strip_suffix("-$(ENV)"));
    let environments = text.lines().filter_map(|line| {
        let (env, words) = line.strip_prefix("PARAMETERS_")?.split_once(" = ")?;
        let parameters = shell_words(words).into_iter().filter_map(|word| {
            let (name, value) = word.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        });
        let stack = stack.map(|stack| format!("{stack}-{env}"));
        Some((env.to_owned(), Settings { stack, parameters: parameters.collect() }))
    });
    environments.collect()
}

/// Words of a line of a Makefile, out of their quotes.
fn shell_words(line: &str) -> Vec<String> {
    let line = line.replace("$$", "$").replace("\\#", "#");
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\'' => quoted = !quoted,
            '\\' if !quoted => word.extend(letters.next()),
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            letter => word.push(letter),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_of_settings_are_read_back() {
        let sam = "version = 0.1\n\n[qa.deploy.parameters]\nstack_name = \"x-qa\"\nresolve_s3 = true\nparameter_overrides = [\n  \"Env=qa\",\n  \"Note=a \\\"b\\\" = c\",\n]\n";
        let make = "STACK = x-$(ENV)\nPARAMETERS_qa = Env=qa 'Note=a \"b\" = c'\n";
        let wanted = Settings {
            stack: Some("x-qa".to_owned()),
            parameters: [("Env", "qa"), ("Note", "a \"b\" = c")].map(|(a, b)| (a.to_owned(), b.to_owned())).into(),
        };
        for (name, text) in [("samconfig.toml", sam), ("Makefile", make)] {
            let texts = BTreeMap::from([(name.to_owned(), text.to_owned())]);
            assert_eq!(settings(&texts).get("qa"), Some(&wanted), "{name}");
        }
    }

    #[test]
    fn words_come_out_of_their_quotes() {
        assert_eq!(shell_words("A=1 'B=it'\\''s $$5'  C=\\#"), ["A=1", "B=it's $5", "C=#"]);
    }
}
