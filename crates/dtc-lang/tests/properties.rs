//! What holds for every text: checking never panics, places fit the text, curing comes to rest. The same
//! texts in every run.

use dtc_lang::assist::{hover, suggestions};
use dtc_lang::navigate::{File, uses_of};
use dtc_lang::{Diagnostic, Project, Span, check, fix_all, format, modernize};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const DOCUMENTS: [&str; 3] = [
    include_str!("../../../tests/suite/language/good_streaming_and_window.yaml"),
    include_str!("../../../tests/suite/language/good_2018_03.yaml"),
    include_str!("../../../tests/suite/language/seed.yaml"),
];
const TOKENS: [&str; 40] = [
    "Type: ",
    "ProductML:DTC:Streaming",
    "ProductML:DTC:Window",
    "Name: ",
    "Aggregates:",
    "Fields:",
    "Value: ",
    "When: ",
    "Identity: ",
    "Stores:",
    "Dimensions:",
    "source.x",
    "a.b + 1",
    " == ",
    " = ",
    "'",
    "\"",
    "\\",
    "[",
    "]",
    "{",
    "}",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "\n    ",
    "\n      ",
    "\t",
    "#",
    "&a ",
    "*a",
    "|",
    ">",
    "!t ",
    "ä",
    "😀",
    "\u{85}",
    "---\n",
    "\r\n",
];

fn holds(cases: u32, texts: impl Strategy<Value = String>) {
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut runner = TestRunner::new_with_rng(Config { cases, failure_persistence: None, ..Config::default() }, rng);
    let outcome = runner.run(&(texts, any::<proptest::sample::Index>()), |(text, cursor)| {
        sound(&text, cursor.index(text.len() + 2) as u32);
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

fn sound(text: &str, cursor: u32) {
    let project = Project::default();
    let (_, diagnostics) = check(text, &project);
    diagnostics.iter().flat_map(spans).for_each(|span| fits(text, span));
    let fixed = fix_all(text, &project);
    assert!(fixed.titles.is_empty() || fixed.text != text, "cures without effect: {:?}", fixed.titles);
    assert_eq!(fix_all(&fixed.text, &project).text, fixed.text, "curing twice changes more");
    hover(text, cursor, &project).into_iter().for_each(|told| fits(text, told.span));
    suggestions(text, cursor, &project).into_iter().for_each(|offered| fits(text, offered.replace));
    laid_out(text, &project);
    let files = [File { name: "a.dtc.yaml", text }];
    uses_of(&files, 0, cursor, &project).into_iter().for_each(|place| fits(text, place.span));
    modernize(text).into_iter().for_each(|(span, _)| fits(text, span));
}

/// Laying out is done once, loses nothing that is written, and leaves the same problems.
fn laid_out(text: &str, project: &Project) {
    let Ok(once) = format(text) else { return };
    assert_eq!(format(&once).as_ref(), Ok(&once), "laid out twice, it changes");
    let written = |text: &str| text.chars().filter(|character| !character.is_whitespace()).collect::<String>();
    assert_eq!(written(text), written(&once));
    let codes = |text: &str| {
        let mut codes: Vec<String> = check(text, project).1.into_iter().map(|found| found.code.0).collect();
        codes.sort();
        codes
    };
    assert_eq!(codes(text), codes(&once));
}

fn spans(diagnostic: &Diagnostic) -> impl Iterator<Item = Span> {
    let edits = diagnostic.fix.iter().flat_map(|fix| fix.edits.iter().map(|(span, _)| *span));
    let others = diagnostic.others.iter().map(|label| label.span);
    edits.chain(others).chain([diagnostic.primary.span])
}

fn fits(text: &str, span: Span) {
    assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} does not fit {text:?}");
}

#[test]
fn any_bytes() {
    holds(1500, vec(any::<u8>(), 0..300).prop_map(|bytes| String::from_utf8_lossy(&bytes).into_owned()));
}

#[test]
fn any_tokens() {
    holds(3000, vec(proptest::sample::select(&TOKENS[..]), 0..60).prop_map(|tokens| tokens.concat()));
}

#[test]
fn any_mutation_of_a_document() {
    let change = (any::<proptest::sample::Index>(), 0..30_usize, proptest::sample::select(&TOKENS[..]));
    let mutated = (0..DOCUMENTS.len(), vec(change, 1..4)).prop_map(|(document, changes)| {
        let mut text: Vec<char> = DOCUMENTS[document].chars().collect();
        for (place, removed, token) in changes {
            let at = place.index(text.len() + 1);
            let end = (at + removed).min(text.len());
            text.splice(at..end, token.chars());
        }
        text.into_iter().collect()
    });
    holds(500, mutated);
}

#[test]
fn any_indentation_of_a_document() {
    // Lines of one document, each with more blanks behind its dash, its colon and its end, and empty lines and
    // comments between.
    let line = (0..4_usize, 0..4_usize, 0..3_usize, 0..6_usize);
    let ragged = (0..2_usize, vec(line, 120)).prop_map(|(document, changes)| {
        let lines = DOCUMENTS[document].lines().zip(changes.iter().cycle());
        let line = |(line, (dash, colon, end, between)): (&str, &(usize, usize, usize, usize))| {
            let mut line = line.replacen(": ", &format!(":{}", " ".repeat(colon + 1)), 1) + " ".repeat(*end).as_str();
            if line.trim_start().starts_with("- {") {
                line = line.replacen("- ", &format!("-{}", " ".repeat(dash + 1)), 1);
            }
            match between {
                0 => format!("\n\n{line}\n"),
                1 => format!("{}# a word\n{line}\n", " ".repeat(*dash)),
                _ => format!("{line}\n"),
            }
        };
        lines.map(line).collect::<String>()
    });
    holds(300, ragged);
}
