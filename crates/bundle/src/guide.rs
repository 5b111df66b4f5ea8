//! What a person reads and types: README.md, samconfig.toml and the commands that deploy.

use std::fmt::Write;

use dtc_lang::document::{AggregateKind, AsOf};

use crate::pipeline::{features, table_parameters};
use crate::{Input, Target, names};

const ENVIRONMENTS: [&str; 3] = ["dev", "qa", "prod"];

/// The commands that deploy the development stack, in order, to be run inside the bundle.
pub fn commands(input: &Input<'_>, target: Target, zip: &str) -> Vec<String> {
    let stack = names::stack_name(input.project);
    match target {
        Target::Sam => vec!["sam deploy --config-env dev".to_owned()],
        Target::CloudFormation => vec![
            format!("aws s3 cp {zip} \"s3://$ARTIFACT_BUCKET/{stack}/{zip}\""),
            format!(
                "aws cloudformation deploy --template-file template.yaml --stack-name {stack}-dev --capabilities CAPABILITY_IAM \
                 --parameter-overrides Env=dev \"ArtifactBucket=$ARTIFACT_BUCKET\" ArtifactPrefix={stack}/"
            ),
        ],
    }
}

/// `samconfig.toml`: one section an environment. Beside the development stack, which has the documents'
/// own names, each environment's tables and bucket carry its name, so that one account can hold all.
pub fn samconfig(input: &Input<'_>) -> String {
    let stack = names::stack_name(input.project);
    let mut out = String::from("version = 0.1\n");
    for env in ENVIRONMENTS {
        let mut overrides = vec![format!("Env={env}")];
        if env != "dev" {
            overrides.extend(
                table_parameters(input).into_iter().map(|(parameter, name)| format!("{parameter}={name}-{env}")),
            );
            let bucket = features(input).and_then(|features| features.bucket);
            overrides.extend(bucket.map(|bucket| format!("FeatureBucketName={bucket}-{env}")));
        }
        let overrides: Vec<String> = overrides.iter().map(|entry| format!("  \"{entry}\",\n")).collect();
        let _ = write!(
            out,
            "\n[{env}.deploy.parameters]\nstack_name = \"{stack}-{env}\"\nresolve_s3 = true\ns3_prefix = \"{stack}\"\n\
             capabilities = \"CAPABILITY_IAM\"\nconfirm_changeset = {}\nfail_on_empty_changeset = false\nparameter_overrides = [\n{}]\n",
            env != "dev",
            overrides.concat(),
        );
    }
    out
}

/// `README.md`
pub fn readme(input: &Input<'_>, target: Target, zip: &str) -> String {
    let mut out = String::new();
    let _ = write!(
        out,
        "# {}\n\n{}\n\nEvents come in through Kinesis. The transform function runs the documents of this bundle on each \
         batch and keeps the rows in DynamoDB{}.\nIt is the same engine that showed them in DTC Studio.\n",
        names::stack_name(input.project),
        input.streaming.header.description.as_deref().unwrap_or("A streaming pipeline, exported by DTC Studio."),
        if input.window.is_some() { ", window rows in S3" } else { "" },
    );
    out.push_str(&contents(target, zip));
    out.push_str(&deploying(input, target, zip));
    out.push_str(&using(input));
    out.push_str(&promises(input));
    out
}

fn contents(target: Target, zip: &str) -> String {
    let samconfig = match target {
        Target::Sam => "| `samconfig.toml` | settings of `sam` for dev, qa and prod |\n",
        Target::CloudFormation => "",
    };
    let kind = match target {
        Target::Sam => "AWS SAM",
        Target::CloudFormation => "CloudFormation",
    };
    format!(
        "\n## What is here\n\n| file | what it is |\n| --- | --- |\n| `template.yaml` | every resource ({kind}) |\n{samconfig}\
         | `{zip}` | the transform function: its program and the documents; named by content |\n\
         | `documents/` | the documents as they were exported, for people to read |\n"
    )
}

fn deploying(input: &Input<'_>, target: Target, zip: &str) -> String {
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
            "`--config-env qa` and `--config-env prod` deploy the other environments, beside this one.".to_owned()
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
        commands(input, target, zip).join("\n"),
    )
}

fn using(input: &Input<'_>) -> String {
    let stack = format!("{}-dev", names::stack_name(input.project));
    let mut out = format!(
        "\n## Send events, read rows\n\n```sh\nshow() {{ aws cloudformation describe-stacks --stack-name {stack} \
         --query \"Stacks[0].Outputs[?OutputKey=='$1'].OutputValue\" --output text; }}\n\n\
         # One event. The partition key is the identity: it keeps the events of one identity in order.\n\
         aws kinesis put-record --stream-name \"$(show StreamName)\" --partition-key SOMEBODY \\\n  \
         --cli-binary-format raw-in-base64-out --data file://event.json\n"
    );
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

fn promises(input: &Input<'_>) -> String {
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
    let mut out = String::from(
        "\n## What it promises\n\n\
         - A batch that is delivered again changes nothing: rows and the position in the stream are written in one transaction. \
         An identity with more than 90 changed rows in one batch is written in several; there a crash in between counts a few events twice.\n\
         - An event that a producer sends twice is two events.\n\
         - An event that cannot be read (no JSON, no identity, no time) is logged with its sequence number and passed over. \
         A batch that fails is halved and tried again, five times, then noted in the queue of failed batches, which raises an alarm.\n\
         - Everything is encrypted with one key of this stack; the function may do only what its role names.\n",
    );
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

fn has_identities(input: &Input<'_>) -> bool {
    input.streaming.aggregates.iter().any(|aggregate| matches!(aggregate.kind, AggregateKind::Identity { .. }))
}
