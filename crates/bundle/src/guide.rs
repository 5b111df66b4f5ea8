//! What a person reads and types: README.md, samconfig.toml and the commands that deploy.

use std::fmt::Write;

use dtc_lang::document::{AggregateKind, AsOf};
use dtc_lang::pipeline::{Dedup, Environment, Pipeline};

use crate::graph::Stack;
use crate::pipeline::{features, own_parameters, table_parameters};
use crate::sources::Sources;
use crate::{Input, Target, cost, names, picture, usage};

/// The first environment: the one that commands show.
fn first(settings: &Pipeline) -> &str {
    settings.environments.first().map_or("dev", |environment| environment.name.as_str())
}

/// The commands that deploy the first environment's stack, in order, to be run inside the bundle.
pub fn commands(input: &Input<'_>, settings: &Pipeline, target: Target, zip: &str) -> Vec<String> {
    let env = first(settings);
    let stack = names::stack_name(input.project);
    match target {
        Target::Sam => vec![format!("sam deploy --config-env {env}")],
        Target::CloudFormation => vec![
            format!("aws s3 cp {zip} \"s3://$ARTIFACT_BUCKET/{stack}/{zip}\""),
            format!(
                "aws cloudformation deploy --template-file template.yaml --stack-name {stack}-{env} --capabilities CAPABILITY_IAM \
                 --parameter-overrides Env={env} \"ArtifactBucket=$ARTIFACT_BUCKET\" ArtifactPrefix={stack}/"
            ),
        ],
    }
}

/// `samconfig.toml`: one section an environment. Beside the first one, which has the documents'
/// own names, each environment's tables and bucket carry its name, so that one account can hold all.
pub fn samconfig(input: &Input<'_>, settings: &Pipeline) -> String {
    let stack = names::stack_name(input.project);
    let mut out = String::from("version = 0.1\n");
    for (number, environment) in settings.environments.iter().enumerate() {
        let env = environment.name.as_str();
        let overrides: Vec<String> = overrides(input, settings, environment, number == 0)
            .iter()
            .map(|entry| format!("  \"{}\",\n", entry.replace('\\', "\\\\").replace('"', "\\\"")))
            .collect();
        let region = environment.region.as_ref().map(|region| format!("region = \"{region}\"\n")).unwrap_or_default();
        let _ = write!(
            out,
            "\n[{env}.deploy.parameters]\nstack_name = \"{stack}-{env}\"\n{region}resolve_s3 = true\ns3_prefix = \"{stack}\"\n\
             capabilities = \"CAPABILITY_IAM\"\nconfirm_changeset = {}\nfail_on_empty_changeset = false\nparameter_overrides = [\n{}]\n",
            number > 0,
            overrides.concat(),
        );
    }
    out
}

/// What an environment sets, as `Name=value`.
pub fn overrides(input: &Input<'_>, settings: &Pipeline, environment: &Environment, is_first: bool) -> Vec<String> {
    let env = environment.name.as_str();
    let mut all = vec![format!("Env={env}")];
    if !is_first {
        all.extend(table_parameters(input).into_iter().map(|(parameter, name)| format!("{parameter}={name}-{env}")));
        let bucket = features(input).and_then(|features| features.bucket);
        all.extend(bucket.map(|bucket| format!("FeatureBucketName={bucket}-{env}")));
    }
    all.extend(environment.emails.first().map(|email| format!("AlarmEmail={email}")));
    all.extend(environment.log_days.map(|days| format!("LogRetentionDays={days}")));
    let used = own_parameters(settings);
    let values = environment.values.iter().filter(|(name, _)| used.iter().any(|(own, _)| own.name() == name));
    all.extend(values.map(|(name, value)| format!("{name}={value}")));
    all
}

/// `Makefile`: what is done with a stack, by the names that people know: `make create ENV=qa`.
pub fn makefile(input: &Input<'_>, settings: &Pipeline, target: Target, zip: &str) -> String {
    let stack = names::stack_name(input.project);
    let names: Vec<&str> = settings.environments.iter().map(|env| env.name.as_str()).collect();
    let first = names.first().copied().unwrap_or("dev");
    let mut out = format!(
        "# What is done with a stack: make create ENV={first}, one of {}.\nENV ?= {first}\nSTACK = {stack}-$(ENV)\n",
        names.join(", ")
    );
    for environment in &settings.environments {
        let set = |name: &str, value: &Option<String>| {
            value.as_ref().map(|value| format!("{name}_{} = {value}\n", environment.name)).unwrap_or_default()
        };
        out.push_str(&set("ACCOUNT", &environment.account));
        out.push_str(&set("REGION", &environment.region));
    }
    out.push_str(
        "ACCOUNT = $(ACCOUNT_$(ENV))\nexport AWS_REGION ?= $(REGION_$(ENV))\nifeq ($(AWS_REGION),)\nunexport AWS_REGION\nendif\n\n\
         .PHONY: create update status verify start rollback delete account\n\n\
         # A deployment to another account than the document's stops here.\naccount:\n\
         \t@test -z \"$(ACCOUNT)\" || test \"$$(aws sts get-caller-identity --query Account --output text)\" = \"$(ACCOUNT)\" \\\n\
         \t  || { echo \"$(ENV) belongs to account $(ACCOUNT)\" >&2; exit 1; }\n\n",
    );
    out.push_str(&deploy_rules(input, settings, target, zip));
    out.push_str(
        "# A value that the deployed stack shows.\n\
         shown = $$(aws cloudformation describe-stacks --stack-name $(STACK) \\\n\
         \t--query \"Stacks[0].Outputs[?OutputKey=='$(1)'].OutputValue\" --output text)\n\n\
         status:\n\taws cloudformation describe-stacks --stack-name $(STACK) \\\n\
         \t  --query 'Stacks[0].{Status: StackStatus, Outputs: Outputs[].[OutputKey, OutputValue]}'\n\n",
    );
    out.push_str(&usage::start(&Sources::of(settings), input.proof.is_some()));
    out.push_str(
        "# Back to the state before an update that hangs or failed; after one that ended well, to the version before,\n\
         # until the next update leads the alias on.\nrollback: account\n\
         \t@case \"$$(aws cloudformation describe-stacks --stack-name $(STACK) --query 'Stacks[0].StackStatus' --output text)\" in \\\n\
         \t  UPDATE_IN_PROGRESS) aws cloudformation cancel-update-stack --stack-name $(STACK); exit ;; \\\n\
         \t  UPDATE_ROLLBACK_FAILED) aws cloudformation continue-update-rollback --stack-name $(STACK); exit ;; \\\n\
         \t  *_COMPLETE) ;; \\\n\
         \t  *) echo '$(STACK) is in no state to go back from' >&2; exit 1 ;; \\\n\
         \tesac; \\\n\
         \tfunction=\"$(call shown,FunctionName)\" && \\\n\
         \tnow=\"$$(aws lambda get-alias --function-name \"$$function\" --name live --query FunctionVersion --output text)\" && \\\n\
         \tbefore=\"$$(aws lambda list-versions-by-function --function-name \"$$function\" --query 'Versions[].Version' --output text \\\n\
         \t  | tr '\\t' '\\n' | grep -x '[0-9]*' | sort -n | awk -v now=\"$$now\" '$$1 < now + 0' | tail -n 1)\" && \\\n\
         \ttest -n \"$$before\" || { echo \"$$function has no version before $$now\" >&2; exit 1; }; \\\n\
         \taws lambda update-alias --function-name \"$$function\" --name live --function-version \"$$before\" \\\n\
         \t  --routing-config AdditionalVersionWeights={}\n\n\
         # Tables, stream, bucket, queue and key stay: they hold data.\ndelete: account\n\
         \taws cloudformation delete-stack --stack-name $(STACK)\n",
    );
    out
}

/// As a Makefile and its shell read it.
fn quoted(entry: &str) -> String {
    let is_plain = entry.chars().all(|c| c.is_ascii_alphanumeric() || "=_.:/@+-".contains(c));
    let entry = entry.replace('$', "$$").replace('#', "\\#");
    if is_plain { entry } else { format!("'{}'", entry.replace('\'', "'\\''")) }
}

fn deploy_rules(input: &Input<'_>, settings: &Pipeline, target: Target, zip: &str) -> String {
    let stack = names::stack_name(input.project);
    match target {
        Target::Sam => "create update: account\n\tsam deploy --config-env $(ENV)\n\n\
                        # Needs no account.\nverify:\n\tsam validate --lint\n\n"
            .to_owned(),
        Target::CloudFormation => {
            let mut out = String::new();
            for (number, environment) in settings.environments.iter().enumerate() {
                let all = overrides(input, settings, environment, number == 0)
                    .iter()
                    .map(|entry| quoted(entry))
                    .collect::<Vec<_>>()
                    .join(" ");
                let _ = writeln!(out, "PARAMETERS_{} = {all}", environment.name);
            }
            let _ = write!(
                out,
                "\ncreate update: account\n\t@test -n \"$(ARTIFACT_BUCKET)\" || {{ echo 'set ARTIFACT_BUCKET' >&2; exit 1; }}\n\
                 \taws s3 cp {zip} \"s3://$(ARTIFACT_BUCKET)/{stack}/{zip}\"\n\
                 \taws cloudformation deploy --template-file template.yaml --stack-name $(STACK) --capabilities CAPABILITY_IAM \\\n\
                 \t  --parameter-overrides $(PARAMETERS_$(ENV)) ArtifactBucket=$(ARTIFACT_BUCKET) ArtifactPrefix={stack}/\n\n\
                 # Needs no account; pip install cfn-lint\nverify:\n\tcfn-lint --non-zero-exit-code warning -- template.yaml\n\n"
            );
            out
        }
    }
}

/// `README.md`
pub fn readme(input: &Input<'_>, settings: &Pipeline, stack: &Stack, target: Target, zip: &str) -> String {
    let sources = Sources::of(settings);
    let mut out = String::new();
    let _ = write!(
        out,
        "# {}\n\n{}\n\nEvents come in {}. The transform function runs the documents of this bundle on each \
         batch and keeps the rows in DynamoDB{}.\nIt is the same engine that showed them in DTC Studio.\n",
        names::stack_name(input.project),
        input.streaming.header.description.as_deref().unwrap_or("A streaming pipeline, exported by DTC Studio."),
        usage::ways(&sources),
        if input.window.is_some() { ", window rows in S3" } else { "" },
    );
    out.push_str(&picture::section(stack));
    out.push_str(&contents(input, target, zip));
    out.push_str(&deploying(input, settings, target, zip));
    out.push_str(&usage::before(settings, &sources));
    out.push_str(&using(input, settings));
    out.push_str(&promises(input, settings));
    out.push_str(&cost::section(input, settings));
    out
}

fn contents(input: &Input<'_>, target: Target, zip: &str) -> String {
    let proof = match input.proof {
        Some(_) => {
            "| `proof/` | sample events, and the rows that must lie in the tables after them: `cargo xtask verify-bundle` compares |\n"
        }
        None => "",
    };
    let samconfig = match target {
        Target::Sam => "| `samconfig.toml` | settings of `sam` for dev, qa and prod |\n",
        Target::CloudFormation => "",
    };
    let kind = match target {
        Target::Sam => "AWS SAM",
        Target::CloudFormation => "CloudFormation",
    };
    format!(
        "\n## What is here\n\n| file | what it is |\n| --- | --- |\n| `template.yaml` | every resource ({kind}) |\n| `Makefile` | create, update, status, verify, start, rollback, delete |\n{samconfig}\
         | `{zip}` | the transform function: its program and the documents; named by content |\n\
         | `documents/` | the documents as they were exported, for people to read |\n{proof}"
    )
}

fn deploying(input: &Input<'_>, settings: &Pipeline, target: Target, zip: &str) -> String {
    let before = match target {
        Target::Sam => "Needs the AWS SAM command line and credentials of an account. Run inside this folder:",
        Target::CloudFormation => {
            "Needs the AWS command line, credentials of an account, and a bucket of yours in the same region. Run inside this folder:"
        }
    };
    let bucket = match target {
        Target::Sam => "",
        Target::CloudFormation => "ARTIFACT_BUCKET=your-bucket\n",
    };
    let other = match target {
        Target::Sam => {
            let others: Vec<String> =
                settings.environments.iter().skip(1).map(|env| format!("`--config-env {}`", env.name)).collect();
            match others.split_last() {
                None => "There is one environment.".to_owned(),
                Some((only, [])) => format!("{only} deploys the other environment, beside this one."),
                Some((last, all)) => {
                    format!("{} and {last} deploy the other environments, beside this one.", all.join(", "))
                }
            }
        }
        Target::CloudFormation => {
            let tables: Vec<String> = table_parameters(input)
                .into_iter()
                .map(|(parameter, name)| format!("`{parameter}={name}-prod`"))
                .collect();
            let and = if tables.is_empty() { String::new() } else { format!(", and {}", tables.join(", ")) };
            format!("For another environment in the same account, change the stack's name and `Env`{and}.")
        }
    };
    format!(
        "\n## Deploy\n\n{before}\n\n```sh\n{bucket}{}\n```\n\n{other}\n\nTo be told of alarms, set the parameter `AlarmEmail`. \
         Deleting the stack keeps the tables, the stream, the bucket, the queue and the key: they hold data.\n",
        commands(input, settings, target, zip).join("\n"),
    )
}

fn using(input: &Input<'_>, settings: &Pipeline) -> String {
    let stack = format!("{}-{}", names::stack_name(input.project), first(settings));
    let mut out = format!(
        "\n## Send events, read rows\n\n```sh\nshow() {{ aws cloudformation describe-stacks --stack-name {stack} \
         --query \"Stacks[0].Outputs[?OutputKey=='$1'].OutputValue\" --output text; }}\n"
    );
    out.push_str(&usage::sending(&Sources::of(settings)));
    for (parameter, _) in table_parameters(input) {
        let table = parameter.trim_end_matches("Name");
        let _ = write!(
            out,
            "\n# The rows of one identity.\naws dynamodb query --table-name \"$(show {table})\" \\\n  \
             --key-condition-expression 'partition_key = :id' --expression-attribute-values '{{\":id\": {{\"S\": \"SOMEBODY\"}}}}'\n"
        );
    }
    if let Some(features) = features(input) {
        let _ = write!(
            out,
            "\n# Window rows, one JSON object a line.\naws s3 ls --recursive \"s3://$(show FeatureBucket)/{}\"\n",
            features.prefix
        );
    }
    out.push_str("\n# What the function says.\naws logs tail \"/aws/lambda/");
    let _ = write!(out, "{stack}-transform\" --follow\n```\n");
    out
}

fn promises(input: &Input<'_>, settings: &Pipeline) -> String {
    let retention: Vec<String> = input
        .streaming
        .stores
        .iter()
        .filter_map(|store| {
            store
                .retention_days
                .map(|days| format!("Rows of `{}` disappear {days} days after their last event.", store.name.value))
        })
        .collect();
    let again = match settings.dedup {
        Dedup::None => "A batch that is delivered again counts again: the document says `Dedup: none`.",
        Dedup::Sequence | Dedup::EventId => {
            "A batch that is delivered again changes nothing: the rows of an identity and its position in the stream are written \
             in one transaction. More events than fit into one are counted in several, each with its own position."
        }
    };
    let release = match settings.function.deploy {
        crate::release::AT_ONCE => "at once".to_owned(),
        deploy => format!("by CodeDeploy's `{deploy}` in protected environments, at once elsewhere"),
    };
    let twice = match settings.dedup {
        Dedup::None | Dedup::Sequence => "An event that a producer sends twice is two events.",
        Dedup::EventId => "An event that a producer sends twice counts once, by its id.",
    };
    let retries = settings.retries;
    let halved = if retries.bisect { "halved and " } else { "" };
    let mut out = format!(
        "\n## What it promises\n\n\
         - {again}\n\
         - {twice}\n\
         - An event that cannot be read (no JSON, no identity, no time) is kept in the queue of poisoned records with its reason, which \
         raises an alarm, and passed over. \
         A batch that fails is {halved}tried again, {}, then noted in the queue of failed batches, which raises an alarm.\n\
         - A new version of the function takes over {release}. Where it fails, or cannot write rows, CodeDeploy leads the alias back \
         to the version before. Only a change of program, documents or settings makes a new version.\n\
         - {}; the function may do only what its role names.\n",
        times(retries.attempts),
        usage::encrypted(settings),
    );
    out.push_str(&usage::promises(&Sources::of(settings), retries.attempts));
    if input.window.is_some_and(|window| window.anchor.as_of != AsOf::Final) && has_identities(input) {
        out.push_str(
            "- Window rows are written again when later events change them. What such a row takes from an aggregate of the type \
             Identity is then as of the latest earlier batch, where a run over all events at once shows it as of the anchor.\n",
        );
    }
    for line in retention {
        let _ = writeln!(out, "- {line}");
    }
    out
}

fn times(count: u32) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        5 => "five times".to_owned(),
        count => format!("{count} times"),
    }
}

fn has_identities(input: &Input<'_>) -> bool {
    input.streaming.aggregates.iter().any(|aggregate| matches!(aggregate.kind, AggregateKind::Identity { .. }))
}
