//! What a document draws on: of a window document its streaming document and the blocks of each window, of an
//! attribution document the blocks that are its records.

use dtc_expr::Mode;

use crate::codes;
use crate::diagnostic::{Diagnostic, Severity, quote};
use crate::document::{Attribution, Name, Streaming, Window};
use crate::read::did_you_mean;
use crate::scopes::has_times;
use crate::text::Span;

/// The streaming document of a window document: the one that `SourceBTS` names, else the one that
/// its windows name, else the only one.
pub fn stream_of<'s>(window: &Window, streams: &'s [Streaming]) -> Option<&'s Streaming> {
    let called = |name: &str| streams.iter().find(|stream| stream.header.name.value == name);
    let named = window.source.as_ref().and_then(|name| called(&name.value));
    let by_windows = || {
        let sources = window.aggregates.iter().filter_map(|aggregate| aggregate.window.as_ref());
        sources.filter_map(|spec| called(spec.source.value.split('.').next()?)).next()
    };
    let only = || if streams.len() == 1 { streams.first() } else { None };
    named.or_else(by_windows).or_else(only)
}

/// The aggregate of blocks that `stream.aggregate` names, by its number in the streaming document.
pub fn blocks_of<'s>(source: &str, streams: &'s [Streaming]) -> Option<(&'s Streaming, usize)> {
    let (document, aggregate) = source.split_once('.')?;
    let stream = streams.iter().find(|stream| stream.header.name.value == document)?;
    let named = |other: &crate::document::Aggregate| other.name.value == aggregate && has_times(&other.kind);
    Some((stream, stream.aggregates.iter().position(named)?))
}

/// The `Source` of an attribution document.
pub fn check_attribution(document: &Attribution, streams: &[Streaming], diagnostics: &mut Vec<Diagnostic>) {
    let Some(name) = document.source.as_ref().filter(|name| !name.value.is_empty()) else { return };
    if streams.is_empty() {
        diagnostics.push(not_here(name.span));
        return;
    }
    let called = |stream: &&Streaming| name.value.split('.').next() == Some(stream.header.name.value.as_str());
    match streams.iter().find(called) {
        Some(stream) => source(name, stream, JOURNEYS, diagnostics),
        None => {
            let diagnostic = Diagnostic::error(
                codes::UNKNOWN_SOURCE,
                format!("The source {} is not found", quote(&name.value)),
                name.span,
                "no streaming document of this project has this name",
            );
            let blocks: Vec<String> = streams.iter().flat_map(blocks).collect();
            diagnostics.push(meant(diagnostic, name, &blocks));
        }
    }
}

pub fn check(window: &Window, streams: &[Streaming], diagnostics: &mut Vec<Diagnostic>) {
    if streams.is_empty() {
        let place = window.source.as_ref().map_or(window.header.name.span, |name| name.span);
        diagnostics.push(not_here(place));
        return;
    }
    let names: Vec<&str> = streams.iter().map(|stream| stream.header.name.value.as_str()).collect();
    // Blurr reads `Source` alone.
    let unknown = window.source.as_ref().filter(|name| !names.contains(&name.value.as_str()));
    if let Some(name) = unknown {
        let mut diagnostic = Diagnostic::error(
            codes::UNKNOWN_STREAM,
            format!("The streaming document {} is not found", quote(&name.value)),
            name.span,
            "no document of this project has this name",
        );
        if window.header.mode == Mode::Blurr {
            diagnostic.severity = Severity::Note;
        }
        diagnostics.push(did_you_mean(diagnostic, &name.value, &names));
    }
    let Some(stream) = stream_of(window, streams) else {
        return;
    };
    for spec in window.aggregates.iter().filter_map(|aggregate| aggregate.window.as_ref()) {
        source(&spec.source, stream, WINDOWS, diagnostics);
    }
    anchor(window, stream, diagnostics);
}

fn not_here(place: Span) -> Diagnostic {
    let label = "names of other documents are not checked";
    Diagnostic::note(codes::UNKNOWN_STREAM, "Its streaming document is not here", place, label)
        .help("Open or name the streaming document along with this one")
}

/// `stream.aggregate` of every aggregate of blocks.
fn blocks(stream: &Streaming) -> Vec<String> {
    let blocks = stream.aggregates.iter().filter(|aggregate| has_times(&aggregate.kind));
    blocks.map(|aggregate| format!("{}.{}", stream.header.name.value, aggregate.name.value)).collect()
}

/// What wants blocks: what it would do with them, and why nothing else serves.
#[derive(Clone, Copy)]
struct Reader {
    purpose: &'static str,
    label: &'static str,
}

const WINDOWS: Reader =
    Reader { purpose: "look back on", label: "only blocks, sessions and activities can be windowed" };
const JOURNEYS: Reader =
    Reader { purpose: "make journeys of", label: "only blocks, sessions and activities can be read as events" };

/// `stream.aggregate`, an aggregate of blocks.
fn source(name: &Name, stream: &Streaming, reader: Reader, diagnostics: &mut Vec<Diagnostic>) {
    if name.value.is_empty() {
        return;
    }
    let (document, aggregate) = name.value.split_once('.').unwrap_or(("", &name.value));
    let own = &stream.header.name.value;
    let found = stream.aggregates.iter().find(|other| document == own && other.name.value == aggregate);
    let diagnostic = match found {
        Some(found) if has_times(&found.kind) => return,
        Some(_) => Diagnostic::error(
            codes::SOURCE_NOT_BLOCKS,
            format!("{} has no blocks to {}", quote(&name.value), reader.purpose),
            name.span,
            reader.label,
        ),
        None => Diagnostic::error(
            codes::UNKNOWN_SOURCE,
            format!("The source {} is not found", quote(&name.value)),
            name.span,
            "no aggregate of the streaming document has this name",
        ),
    };
    diagnostics.push(meant(diagnostic, name, &blocks(stream)));
}

fn meant(diagnostic: Diagnostic, name: &Name, blocks: &[String]) -> Diagnostic {
    let blocks: Vec<&str> = blocks.iter().map(String::as_str).collect();
    match blocks.as_slice() {
        [only] => diagnostic.help(format!("Did you mean `{only}`?")).replace(*only),
        [] => diagnostic.help("Add a Block, Session or Activity to the streaming document"),
        several => did_you_mean(diagnostic, &name.value, several),
    }
}

/// With several aggregates of blocks, the anchor must say which it tests (A.13).
fn anchor(window: &Window, stream: &Streaming, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(name) = &window.anchor.source {
        source(name, stream, WINDOWS, diagnostics);
        return;
    }
    let blocks = stream.aggregates.iter().filter(|aggregate| has_times(&aggregate.kind));
    let names: Vec<String> =
        blocks.map(|aggregate| format!("`{}.{}`", stream.header.name.value, aggregate.name.value)).collect();
    let place = window.anchor.condition.span;
    match names.len() {
        1 => {}
        0 => diagnostics.push(
            Diagnostic::error(
                codes::SOURCE_NOT_BLOCKS,
                "The streaming document has no blocks to anchor on",
                place,
                "anchors are tested on blocks",
            )
            .help("Add a Block, Session or Activity to the streaming document"),
        ),
        _ => diagnostics.push(
            Diagnostic::error(
                codes::AMBIGUOUS_SOURCE,
                "It is not clear whose blocks the anchor tests",
                place,
                "several aggregates have blocks",
            )
            .help(format!("Add `Source` to the anchor: {}", names.join(" or "))),
        ),
    }
}
