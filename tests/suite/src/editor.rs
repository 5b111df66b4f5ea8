//! Editor cases: `editor/NAME.yaml` is a document with `‸` where somebody writes. Comment lines below
//! such a line say what is offered there (`# offers: …`, the first ten) or what is told of the word under
//! the cursor (`# hover: …`), and which parameter of a call it stands in (`# call: …`). `UPDATE=1` rewrites them.
//!
//! `# ==== next document` puts a streaming document before the one that is written. The data's fields are
//! the same in all cases.

use std::path::Path;

use dtc_lang::assist::{hover, signature_help, suggestions};
use dtc_lang::{DataField, Document, Project, read_document};
use libtest_mimic::{Failed, Trial};

use crate::language::{compare_annotated, trials_of};

pub const CURSOR: char = '‸';
const NEXT: &str = "# ==== next document\n";
const EXPECTED: [&str; 3] = ["# offers: ", "# hover: ", "# call: "];
const SHOWN: usize = 10;

pub fn trials() -> Vec<Trial> {
    trials_of("editor", case)
}

fn case(path: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(path)?;
    compare_annotated(path, &text, annotated(&text))
}

fn annotated(case: &str) -> String {
    let mut project = Project { data: data(), ..Project::default() };
    let mut parts = Vec::new();
    for part in case.split(NEXT) {
        let marked: String =
            part.split_inclusive('\n').filter(|line| !EXPECTED.iter().any(|start| line.starts_with(start))).collect();
        parts.push(told(&marked, &project));
        if let Some(Document::Streaming(streaming)) = read_document(&marked.replace(CURSOR, ""), &project) {
            project.streaming.push(streaming);
        }
    }
    parts.join(NEXT)
}

/// The text with what is offered and told below each line with cursors. The language sees none of them.
fn told(marked: &str, project: &Project) -> String {
    let whole = marked.replace(CURSOR, "");
    let (mut out, mut offset) = (String::new(), 0);
    for line in marked.split_inclusive('\n') {
        out.push_str(line);
        let pieces: Vec<&str> = line.split(CURSOR).collect();
        for (place, piece) in pieces.iter().enumerate() {
            offset += piece.len();
            if place + 1 < pieces.len() {
                out.push_str(&expectation(&whole, offset as u32, project));
            }
        }
    }
    out
}

fn expectation(text: &str, offset: u32, project: &Project) -> String {
    let told = hover(text, offset, project);
    let offered = suggestions(text, offset, project);
    let mut lines = String::new();
    if let Some(offered) = offered {
        let more = if offered.items.len() > SHOWN { ", …" } else { "" };
        let labels: Vec<&str> = offered.items.iter().take(SHOWN).map(|item| item.label.as_str()).collect();
        lines.push_str(&format!("# offers: {:?} ← {}{more}\n", offered.replace.of(text), labels.join(", ")));
    }
    if let Some(told) = told {
        lines.push_str(&format!("# hover: {:?} {}\n", told.span.of(text), told.text.join(" | ").replace('\n', " ")));
    }
    if let Some(help) = signature_help(text, offset, project) {
        let form = &help.forms[help.active];
        let parameter = form.active.map_or("nothing", |place| form.parameters[place].of(&form.label));
        lines.push_str(&format!("# call: {} at {parameter}\n", form.label));
    }
    lines
}

fn data() -> Vec<DataField> {
    let field = |path: &str, kind: &str, share: f64, example: &str| DataField {
        path: path.to_owned(),
        types: vec![kind.to_owned()],
        share,
        examples: vec![example.to_owned()],
    };
    vec![
        field("user_id", "text", 1.0, "\"u1\""),
        field("event_time", "text", 1.0, "\"2025-03-03T10:00:00Z\""),
        field("device", "object", 0.5, "{\"os\":\"iOS\"}"),
        field("device.os", "text", 0.5, "\"iOS\""),
        field("strange name", "number", 0.001, "1"),
    ]
}
