//! Any text gives an answer: mutations of good documents, bombs, deep nesting, line ends of all kinds.

use dtc_lang::assist::infer_at;
use dtc_lang::{DataField, Diagnostic, Document, LineIndex, Project, Severity, check};

const GOOD: &str = include_str!("../../../tests/suite/language/good_streaming_and_window.yaml");
const OLD: &str = include_str!("../../../tests/suite/language/good_2018_03.yaml");
const SEED: &str = include_str!("../../../tests/suite/language/seed.yaml");

/// Numbers that are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

/// The parts of a case, without expectations.
fn documents(case: &str) -> Vec<String> {
    let parts = case.split("# ==== next document\n");
    parts
        .map(|part| part.lines().filter(|line| !line.starts_with('#')).map(|line| format!("{line}\n")).collect())
        .collect()
}

fn errors(text: &str) -> Vec<String> {
    let (_, diagnostics) = check(text, &Project::default());
    diagnostics.into_iter().filter(|found| found.severity == Severity::Error).map(|found| found.code.0).collect()
}

/// Spans lie in the text, on characters, and turn into positions; fixes can be applied.
fn assert_sound(text: &str, diagnostics: &[Diagnostic]) {
    let index = LineIndex::new(text);
    for diagnostic in diagnostics {
        let edits = diagnostic.fix.iter().flat_map(|fix| fix.edits.iter().map(|(span, _)| *span));
        for span in std::iter::once(diagnostic.primary.span).chain(edits) {
            assert!(text.get(span.start as usize..span.end as usize).is_some(), "{diagnostic:?}\n{text}");
            index.utf16_position(text, span.start);
        }
        assert!(diagnostic.message.chars().count() <= 80, "{}", diagnostic.message);
    }
}

fn mutated(text: &str, dice: &mut Dice) -> String {
    const PIECES: &[&str] = &[
        "\t", "\n", "\r\n", "  ", "- ", ": ", "'", "\"", "[", "]", "{", "}", "*x", "&x ", "!t ", "|", ">", "#", "%",
        "@", "`", "---\n", "...", "?", ",", "\u{FEFF}", "\u{0}", "ä", "😀", "<<: *a", "=", "lambda", "(", ")", "~",
        "0x", "1:30", "\u{85}", "\u{2028}", "\\",
    ];
    let mut characters: Vec<char> = text.chars().collect();
    for _ in 0..=dice.below(4) {
        let at = dice.below(characters.len() + 1);
        match dice.below(5) {
            0 => {
                let end = (at + 1 + dice.below(12)).min(characters.len());
                characters.drain(at.min(end)..end);
            }
            1 => {
                let (from, length) = (dice.below(characters.len()), dice.below(60));
                let copy: Vec<char> = characters.iter().skip(from).take(length).copied().collect();
                characters.splice(at..at, copy);
            }
            2 => characters.truncate(at.max(20)),
            _ => {
                let piece = PIECES[dice.below(PIECES.len())];
                characters.splice(at..at, piece.chars());
            }
        }
    }
    characters.into_iter().collect()
}

/// Fields of events of any types.
fn data(dice: &mut Dice) -> Vec<DataField> {
    const TYPES: &[&str] = &["text", "number", "boolean", "list", "object", "null", "colour"];
    let names = ["kind", "amount", "customer", "time", "session_id", "event_id", "txn_amount", "won"];
    let field = |name: &str| DataField {
        path: name.to_owned(),
        types: (0..=dice.below(3)).map(|_| TYPES[dice.below(TYPES.len())].to_owned()).collect(),
        share: dice.below(3) as f64 / 2.0,
        examples: vec!["\"false\"".to_owned(), "\"".to_owned(), "4.99".to_owned()],
    };
    names.map(field).into()
}

#[test]
fn mutations_never_panic() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let seeds: Vec<String> = [GOOD, OLD, SEED].iter().flat_map(|case| documents(case)).collect();
    let mut project = Project::default();
    if let (Some(Document::Streaming(streaming)), _) = check(&seeds[0], &project) {
        project.streaming.push(streaming);
    }
    for round in 0..10_000 {
        let text = mutated(&seeds[round % seeds.len()], &mut dice);
        project.blurr = round % 3 == 0;
        project.data = if round % 2 == 0 { data(&mut dice) } else { Vec::new() };
        let (_, diagnostics) = check(&text, &project);
        assert_sound(&text, &diagnostics);
        let place = dice.below(text.len() + 2) as u32;
        if round % 4 == 0
            && let Some(found) = infer_at(&text, place, &project)
        {
            assert!(text.get(found.span.start as usize..found.span.end as usize).is_some(), "{found:?}\n{text}");
        }
    }
}

#[test]
fn line_ends_and_byte_order_marks_change_nothing() {
    for text in documents(OLD).iter().take(1).chain(documents(GOOD).iter().take(1)) {
        assert_eq!(errors(text), Vec::<String>::new());
        assert_eq!(errors(&text.replace('\n', "\r\n")), Vec::<String>::new());
        assert_eq!(errors(&format!("\u{FEFF}{text}")), Vec::<String>::new());
    }
}

#[test]
fn places_hold_with_other_line_ends_and_characters() {
    let text = documents(GOOD)[0].replace("visit.events + 1", "'ä😀' + vist");
    for text in [text.clone(), text.replace('\n', "\r\n"), format!("\u{FEFF}{text}")] {
        let (_, diagnostics) = check(&text, &Project::default());
        let found: Vec<&str> = diagnostics.iter().map(|found| found.primary.span.of(&text)).collect();
        assert_eq!(
            found.first().map(|text| text.starts_with("'ä😀'") || *text == "vist"),
            Some(true),
            "{diagnostics:?}"
        );
    }
}

#[test]
fn depth_and_repetition_are_bounded() {
    let deep = [
        format!("Type: {}", "[".repeat(100_000)),
        format!("Type: {}{}", "[".repeat(100_000), "]".repeat(100_000)),
        "{a: ".repeat(100_000),
        "- ".repeat(100_000),
        "? ".repeat(50_000),
        (0..3_000).map(|level| format!("{}a:\n", " ".repeat(level % 500))).collect(),
        documents(GOOD)[0].replace("visit.events + 1", &format!("\"{}\"", "(".repeat(100_000))),
        documents(GOOD)[0].replace("visit.events + 1", &"-".repeat(100_000)),
        documents(GOOD)[0].replace("visit.events + 1", &"not ".repeat(30_000)),
    ];
    for text in deep {
        assert!(!errors(&text).is_empty(), "{}", &text[..60]);
    }
    let mut bomb = "Type: ProductML:DTC:Streaming\na0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..40 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    assert!(errors(&bomb).contains(&"DTC0105".to_owned()));
}
