//! What a person has to know of a bundle's sources: how events are sent, what must be there before, what holds for them.

use std::fmt::Write;

use dtc_lang::pipeline::{Encryption, Pipeline};

use crate::graph::Place;
use crate::sources::{Drops, Requests, Sources};
use crate::write::policy;

/// `through Kinesis, as files in S3 and by HTTP`
pub fn ways(sources: &Sources) -> String {
    let mut ways = Vec::new();
    if sources.kinesis.is_some() {
        ways.push("through Kinesis");
    }
    if sources.drops.iter().any(|drops| drops.firehose.is_none()) {
        ways.push("as files in S3");
    }
    if sources.drops.iter().any(|drops| drops.firehose.is_some()) {
        ways.push("through Firehose");
    }
    if !sources.apis.is_empty() {
        ways.push("by HTTP");
    }
    match ways.split_last() {
        None => String::new(),
        Some((only, [])) => (*only).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

/// An output of the stack, in a Makefile.
fn made(output: &str) -> String {
    format!(
        "$$(aws cloudformation describe-stacks --stack-name $(STACK) \\\n\
         \t    --query \"Stacks[0].Outputs[?OutputKey=='{output}'].OutputValue\" --output text)"
    )
}

/// `make start`: one event by the first of the sources.
pub fn start(sources: &Sources) -> String {
    let told = "# Sends event.json; its rows are in the tables some seconds later.\nstart:\n";
    if sources.kinesis.is_some() {
        return format!(
            "{told}\taws kinesis put-record --partition-key start --cli-binary-format raw-in-base64-out --data file://event.json \\\n\
             \t  --stream-name \"{}\"\n\n",
            made("StreamName")
        );
    }
    if let Some(api) = sources.apis.first() {
        let url = made(&format!("{}Url", api.id.name()));
        return format!("{told}\t{} \\\n\t  \"{url}\"\n\n", request(api).replace('$', "$$"));
    }
    sources.drops.first().map_or_else(String::new, |drops| match &drops.firehose {
        Some(firehose) => format!(
            "{told}\taws firehose put-record --record \"Data=$$(base64 <event.json | tr -d '\\n')\" \\\n\
             \t  --delivery-stream-name \"{}\"\n\n",
            made(firehose.id.name())
        ),
        None => {
            let bucket = match &drops.place {
                Place::Own(bucket) => made(bucket.name()),
                Place::Given(bucket) => bucket.clone(),
            };
            format!("{told}\taws s3 cp event.json \"s3://{bucket}/{}\"\n\n", example_key(drops))
        }
    })
}

/// A key that the source takes.
fn example_key(drops: &Drops) -> String {
    let suffix = if drops.suffix.is_empty() { ".json" } else { &drops.suffix };
    format!("{}event{suffix}", drops.prefix)
}

/// A request with the credentials of the environment.
fn request(api: &Requests) -> String {
    let signed = "--aws-sigv4 \"aws:amz:$AWS_REGION:execute-api\" --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\" \
                  --header \"x-amz-security-token: $AWS_SESSION_TOKEN\" ";
    let method = api.route.split(' ').next().unwrap_or("POST");
    format!("curl --fail --request {method} {}--data-binary @event.json", if api.signed { signed } else { "" })
}

/// How events are sent, inside a block of shell; `show NAME` gives an output.
pub fn sending(sources: &Sources) -> String {
    let mut out = String::new();
    if sources.kinesis.is_some() {
        out.push_str(
            "\n# One event. The partition key is the identity: it keeps the events of one identity in order.\n\
             aws kinesis put-record --stream-name \"$(show StreamName)\" --partition-key SOMEBODY \\\n  \
             --cli-binary-format raw-in-base64-out --data file://event.json\n",
        );
    }
    for drops in &sources.drops {
        let _ = match &drops.firehose {
            Some(firehose) => write!(
                out,
                "\n# An event to {}, through Firehose.\naws firehose put-record --delivery-stream-name \"$(show {})\" \\\n  \
                 --record \"Data=$(base64 <event.json | tr -d '\\n')\"\n",
                drops.name,
                firehose.id.name()
            ),
            None => {
                let bucket = match &drops.place {
                    Place::Own(bucket) => format!("$(show {})", bucket.name()),
                    Place::Given(bucket) => bucket.clone(),
                };
                let key = example_key(drops);
                write!(out, "\n# A file of events to {}.\naws s3 cp event.json \"s3://{bucket}/{key}\"\n", drops.name)
            }
        };
    }
    for api in &sources.apis {
        let (name, id) = (&api.name, api.id.name());
        let _ =
            write!(out, "\n# Events to {name}, one or more a request.\n{} \\\n  \"$(show {id}Url)\"\n", request(api));
    }
    if let Some(kept) = &sources.archive {
        let (bucket, prefix) = (kept.bucket.name(), &kept.prefix);
        let _ = write!(out, "\n# The raw events.\naws s3 ls --recursive \"s3://$(show {bucket})/{prefix}\"\n");
    }
    out
}

/// What must be there before the stack: the key's policy, the bucket's word.
pub fn before(settings: &Pipeline, sources: &Sources) -> String {
    let mut out = String::new();
    if let Encryption::Given(_) = &settings.encryption {
        let statements = policy::of_services(sources.announces());
        let document = policy::document(statements);
        let _ = write!(
            out,
            "\n## Before: the key\n\nThe key of the parameter `DataKeyArn` is yours. Its policy must let the account's roles use it \
             (the statement that enables IAM policies does), and these services; fill in region and account:\n\n```yaml\n{}```\n",
            crate::write::yaml::to_yaml(&document)
        );
    }
    for drops in &sources.drops {
        if let Place::Given(bucket) = &drops.place {
            let _ = write!(
                out,
                "\n## Before: the bucket {bucket}\n\nIt is there already, so this stack changes nothing in it. It has to tell EventBridge of \
                 its objects, and where it is encrypted with a key of its own, that key's policy must let the function's role decrypt:\n\n\
                 ```sh\naws s3api put-bucket-notification-configuration --bucket {bucket} \\\n  \
                 --notification-configuration '{{\"EventBridgeConfiguration\": {{}}}}'\n```\n\n\
                 The command replaces what the bucket tells others: add to it what stands there already.\n"
            );
        }
    }
    out
}

/// By whose key things are encrypted.
pub fn encrypted(settings: &Pipeline) -> &'static str {
    match settings.encryption {
        Encryption::Own => "Everything is encrypted with one key of this stack",
        Encryption::Given(_) => {
            "Everything but S3's access logs is encrypted with the key of the parameter `DataKeyArn`"
        }
        Encryption::Aws => "Everything is encrypted with the services' own keys",
    }
}

/// What holds for files and requests.
pub fn promises(sources: &Sources, attempts: u32) -> String {
    let mut out = String::new();
    if !sources.drops.is_empty() {
        let tries = attempts.saturating_add(1);
        let _ = writeln!(
            out,
            "- A file that is told of twice counts once. Files are not read in order: one identity's events should not stand in two \
             files that come at the same time. A file that cannot be taken is tried {tries} times, then its message goes to the queue of \
             failed batches."
        );
    }
    if !sources.apis.is_empty() {
        out.push_str(
            "- A request is answered when its rows are kept: 202. 400 tells that some of its events cannot be read, the others are \
             kept; 503 that it has to be sent again. An answer that gets lost makes a caller send twice: only `Dedup: event_id` \
             counts that once.\n",
        );
    }
    if let Some(kept) = &sources.archive {
        let _ = writeln!(
            out,
            "- Every record of the stream is kept as it came, as packed JSON Lines below `{}`; what Firehose cannot write lies \
             below `errors/`.",
            kept.prefix
        );
    }
    out
}
