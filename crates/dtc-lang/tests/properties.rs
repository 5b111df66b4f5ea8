//! What holds for every text: checking never panics, places fit the text, curing comes to rest. The same
//! texts in every run.

use dtc_lang::assist::{hover, suggestions};
use dtc_lang::{Diagnostic, Project, Span, check, fix_all};
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
