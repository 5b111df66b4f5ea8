//! A pipeline document as the stack takes it: what an export does not make yet is refused by name, so that
//! nothing is left out in silence.

use dtc_lang::cloud::placeholder::placeholders;
use dtc_lang::document::{Name, Streaming};
use dtc_lang::pipeline::{Dedup, Encryption, Kinesis, Pipeline, SourceKind, Watch};
use dtc_lang::{Diagnostic, Span};

use crate::check::refusal;

/// Whether a refusal's places are those of the pipeline document; the others are the streaming document's.
pub fn is_about_pipeline(refused: &Diagnostic) -> bool {
    ["DTC0608", "DTC0609", "DTC0610"].contains(&refused.code.0.as_str())
}

/// The only source: a stream of the stack, as the document describes it.
pub fn kinesis(pipeline: &Pipeline) -> (Kinesis, u32) {
    let own = pipeline.sources.iter().find_map(|source| match &source.kind {
        SourceKind::Kinesis(kinesis) => Some((kinesis.clone(), source.batch_seconds)),
        _ => None,
    });
    own.unwrap_or((Kinesis::default(), 2))
}

/// Every part of the document that this export would leave out, or that the streaming document contradicts.
pub fn check(pipeline: &Pipeline, streaming: &Streaming, bootstrap: &[u8]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let place = pipeline.header.name.span;
    let mut left_out = |what: &str, span: Span| found.push(unmade(what, span));
    for (number, source) in pipeline.sources.iter().enumerate() {
        match &source.kind {
            SourceKind::Kinesis(kinesis) if number > 0 || kinesis.stream.is_some() || kinesis.fan_out => {
                left_out("a second stream, a stream that is there already, or `FanOut`", source.name.span);
            }
            SourceKind::Kinesis(_) => {}
            _ => left_out("a source of another type than `kinesis`", source.name.span),
        }
    }
    let names = |names: Vec<&Name>| names.first().map(|name| name.span);
    let lists = [
        ("a flow", names(pipeline.flows.iter().map(|flow| &flow.name).collect())),
        ("a schedule", names(pipeline.schedules.iter().map(|own| &own.name).collect())),
        ("a bucket of its own", names(pipeline.buckets.iter().map(|own| &own.name).collect())),
        ("a table of its own", names(pipeline.tables.iter().map(|own| &own.name).collect())),
        ("a secret", names(pipeline.secrets.iter().map(|own| &own.name).collect())),
        ("an archive", pipeline.archive.as_ref().map(|_| place)),
        ("a topic that is there already", pipeline.topic.as_ref().map(|_| place)),
        ("a chart of its own", (!pipeline.charts.is_empty()).then_some(place)),
        ("a key other than the stack's own", (pipeline.encryption != Encryption::Own).then_some(place)),
    ];
    for (what, span) in lists {
        if let Some(span) = span {
            left_out(what, span);
        }
    }
    for alarm in pipeline.alarms.iter().filter(|alarm| watched(pipeline, alarm).is_none()) {
        left_out("an alarm of this", alarm.name.span);
    }
    if pipeline.dedup == Dedup::EventId && streaming.event_id.is_none() {
        found.push(refusal(
            "DTC0610",
            format!("`{}` has no `EventId` to tell events apart by", streaming.header.name.value),
            place,
            "this document says `Dedup: event_id`".to_owned(),
            "add `EventId: source.id` to the streaming document, or write `Dedup: sequence`".to_owned(),
        ));
    }
    if pipeline.arm64 && !is_for_arm(bootstrap) {
        found.push(refusal(
            "DTC0609",
            "The function's program is not for arm64".to_owned(),
            place,
            "this document says `Architecture: arm64`".to_owned(),
            "build it for `aarch64-unknown-linux-gnu` first, or write `Architecture: x86_64`".to_owned(),
        ));
    }
    found
}

fn unmade(what: &str, span: Span) -> Diagnostic {
    refusal(
        "DTC0608",
        format!("An export does not make {what} yet"),
        span,
        "it would be missing on AWS".to_owned(),
        "take it out for now; the document's other parts are exported".to_owned(),
    )
}

/// The machine that an ELF file is for.
fn is_for_arm(program: &[u8]) -> bool {
    program.starts_with(b"\x7fELF") && program.get(18..20) == Some(&[0xb7, 0x00])
}

/// What an alarm of the document may be of, today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watched {
    Function,
    Stream,
    Failed,
    /// A namespace of the user's own, without a dimension.
    Nobody,
}

pub fn watched(pipeline: &Pipeline, alarm: &Watch) -> Option<Watched> {
    let namespace = alarm.metric.namespace.as_str();
    match (namespace, alarm.of.as_ref().map(|name| name.value.as_str())) {
        ("AWS/Lambda", Some("function")) => Some(Watched::Function),
        ("AWS/SQS", Some("failed")) => Some(Watched::Failed),
        ("AWS/Kinesis", Some(name)) => {
            pipeline.sources.iter().any(|source| source.name.value == name).then_some(Watched::Stream)
        }
        (own, None) if dtc_lang::cloud::metric::namespace(own).is_none() => Some(Watched::Nobody),
        _ => None,
    }
}

/// A text with `${…}` as `Fn::Sub` reads it, and the parameters of the document that it names.
pub fn substituted(text: &str) -> (String, Vec<String>) {
    let (mut out, mut used, mut at) = (String::new(), Vec::new(), 0);
    for (name, range) in placeholders(text) {
        out.push_str(&text[at..range.start]);
        let name = name.unwrap_or_default();
        let filled = match name {
            "env" => "Env",
            "region" => "AWS::Region",
            "account" => "AWS::AccountId",
            "stack" => "AWS::StackName",
            own => {
                used.push(own.to_owned());
                own
            }
        };
        out.push_str(&format!("${{{filled}}}"));
        at = range.end;
    }
    out.push_str(&text[at..]);
    (out, used)
}
