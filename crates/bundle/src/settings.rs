//! A pipeline document as the stack takes it: what an export does not make yet is refused by name, so that
//! nothing is left out in silence.

use dtc_lang::cloud::placeholder::placeholders;
use dtc_lang::document::{Name, Streaming};
use dtc_lang::pipeline::{Dedup, Pipeline, Source, SourceKind, Watch};
use dtc_lang::{Diagnostic, Label, Span};

use crate::check::refusal;
use crate::names;
use crate::sources::Sources;

/// Whether a refusal's places are those of the pipeline document; the others are the streaming document's.
pub fn is_about_pipeline(refused: &Diagnostic) -> bool {
    ["DTC0608", "DTC0609", "DTC0610", "DTC0611"].contains(&refused.code.0.as_str())
}

/// Every part of the document that this export would leave out, or that the streaming document contradicts.
pub fn check(pipeline: &Pipeline, streaming: &Streaming, bootstrap: &[u8]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let place = pipeline.header.name.span;
    let mut left_out = |what: &str, span: Span| found.push(unmade(what, span));
    let mut streams = 0;
    for source in &pipeline.sources {
        match &source.kind {
            SourceKind::Kinesis(kinesis) => {
                streams += 1;
                if streams > 1 || kinesis.stream.is_some() || kinesis.fan_out {
                    left_out("a second stream, one that is there, or `FanOut`", source.name.span);
                }
            }
            SourceKind::Drops { prefix, suffix, .. } if prefix.contains("${") || suffix.contains("${") => {
                left_out("a place with `${…}` in a source", source.name.span);
            }
            SourceKind::Firehose { prefix, .. } if prefix.contains("${") => {
                left_out("a place with `${…}` in a source", source.name.span);
            }
            SourceKind::Http { route, .. } if route.contains('{') => {
                left_out("a route with a part that differs", source.name.span);
            }
            SourceKind::Http { .. } if pipeline.archive.is_some() => {
                left_out("an archive of what comes by HTTP", source.name.span);
            }
            _ => {}
        }
    }
    let names = |names: Vec<&Name>| names.first().map(|name| name.span);
    let lists = [
        ("a flow", names(pipeline.flows.iter().map(|flow| &flow.name).collect())),
        ("a schedule", names(pipeline.schedules.iter().map(|own| &own.name).collect())),
        ("a bucket of its own", names(pipeline.buckets.iter().map(|own| &own.name).collect())),
        ("a table of its own", names(pipeline.tables.iter().map(|own| &own.name).collect())),
        ("a secret", names(pipeline.secrets.iter().map(|own| &own.name).collect())),
        ("an archive as Parquet", pipeline.archive.as_ref().filter(|own| own.parquet).map(|_| place)),
        (
            "an archive's folder with `${…}`",
            pipeline.archive.as_ref().filter(|own| own.prefix.contains("${")).map(|_| place),
        ),
        ("a topic that is there already", pipeline.topic.as_ref().map(|_| place)),
        ("a chart of its own", (!pipeline.charts.is_empty()).then_some(place)),
    ];
    for (what, span) in lists {
        if let Some(span) = span {
            left_out(what, span);
        }
    }
    for alarm in pipeline.alarms.iter().filter(|alarm| watched(pipeline, alarm).is_none()) {
        left_out("an alarm of this", alarm.name.span);
    }
    found.extend(same_names(&pipeline.sources));
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

/// Sources whose parts would have one logical id.
fn same_names(sources: &[Source]) -> Vec<Diagnostic> {
    let id = |source: &Source| names::logical_id(&source.name.value);
    let twice = sources.iter().enumerate().filter_map(|(number, source)| {
        let earlier = sources[..number].iter().find(|earlier| id(earlier) == id(source))?;
        let mut refused = refusal(
            "DTC0611",
            format!("Sources `{}` and `{}` would become one", earlier.name.value, source.name.value),
            source.name.span,
            "this one is the same on AWS".to_owned(),
            "give them names that differ by more than `_` and capitals".to_owned(),
        );
        refused.others.push(Label { span: earlier.name.span, text: "the other one".to_owned() });
        Some(refused)
    });
    twice.collect()
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
pub enum Watched<'a> {
    Function,
    Stream,
    Failed,
    /// What a source of this name became: an API, a queue, a delivery stream.
    Source(&'a str),
    /// A namespace of the user's own, without a dimension.
    Nobody,
}

pub fn watched<'a>(pipeline: &Pipeline, alarm: &'a Watch) -> Option<Watched<'a>> {
    let namespace = alarm.metric.namespace.as_str();
    match (namespace, alarm.of.as_ref().map(|name| name.value.as_str())) {
        ("AWS/Lambda", Some("function")) => Some(Watched::Function),
        ("AWS/SQS", Some("failed")) => Some(Watched::Failed),
        ("AWS/Kinesis", Some(name)) => {
            let is_it = |source: &Source| source.name.value == name && matches!(source.kind, SourceKind::Kinesis(_));
            pipeline.sources.iter().any(is_it).then_some(Watched::Stream)
        }
        (namespace, Some(name)) if Sources::of(pipeline).owner(namespace, name).is_some() => {
            Some(Watched::Source(name))
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
