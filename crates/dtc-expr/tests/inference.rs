//! Inferred types hold for every value that comes out, findings are right, and any text gives an answer.

use std::path::Path;

use dtc_expr::infer::{FindingKind, Inferred, Kinds, Outcome, Surroundings, Type, Use, infer};
use dtc_expr::{Frame, Value, VariableId, compile};

use crate::support::{SOURCE, TIME, dict, frame, json, scope};

/// What the data of a game shows.
struct Game;

impl Surroundings for Game {
    fn type_of(&self, variable: VariableId, path: &[&str]) -> Type {
        match (variable, path) {
            (TIME, []) => Kinds::DATETIME.into(),
            (SOURCE, ["amount" | "won" | "name"]) => Type::from(Kinds::STR).or_none(),
            (SOURCE, ["level"]) => Kinds::INT.with(Kinds::FLOAT).into(),
            (SOURCE, ["scores"]) => Type::holding(Kinds::LIST, Kinds::INT.into()),
            _ => Type::ANY,
        }
    }

    fn texts(&self, variable: VariableId, path: &[&str]) -> Vec<String> {
        match (variable, path) {
            (SOURCE, ["won"]) => vec!["true".to_owned(), "false".to_owned()],
            (SOURCE, ["name"]) => vec!["false".to_owned(), "Ann".to_owned()],
            _ => Vec::new(),
        }
    }

    fn is_sampled(&self, variable: VariableId) -> bool {
        variable == SOURCE
    }
}

fn inferred(text: &str) -> Inferred {
    infer(text, &scope(), &Game, Use::Condition).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
}

#[test]
fn types_of_expressions() {
    for (text, expected) in [
        ("1 + 2.5", "float"),
        ("session.count + 1", "int"),
        ("session.count / 2", "float"),
        ("session['name'] * 3", "str"),
        ("session.start", "datetime or None"),
        ("time - session.start", "timedelta"),
        ("(time - session.start).total_seconds() > 3", "bool"),
        ("time.hour", "int"),
        ("time.date()", "date"),
        ("session.name or None", "str or None"),
        ("source.amount or ''", "str"),
        ("source.amount and 1", "int or str or None"),
        ("1 if session.won else 'x'", "int or str"),
        ("source.scores", "list of int"),
        ("source.scores[0]", "int"),
        ("source.scores[1:]", "list of int"),
        ("sum(source.scores)", "int"),
        ("sum(x / 2 for x in source.scores)", "int or float"),
        ("[x * 0.5 for x in source.scores if x]", "list of float"),
        ("[(x, 'a') for x in source.scores][0]", "tuple of (int or str)"),
        ("[a for a, b in [(1, 2)]]", "list of int"),
        ("{str(x): x for x in source.scores}", "dict of int"),
        ("{1, 2} | {'a'}", "set of (int or str)"),
        ("max(source.scores)", "int"),
        ("max(session.count, 0.5)", "int or float"),
        ("sorted('abc')", "list of str"),
        ("source.name.split(',')", "list of str"),
        ("', '.join(session.levels)", "str"),
        ("f'{source.level:.2f}'", "str"),
        ("round(source.level)", "int"),
        ("round(session.total, 2)", "int or float"),
        ("math.floor(source.level)", "int"),
        ("math.sqrt(2)", "float"),
        ("parse_time(source.name)", "datetime or None"),
        ("datetime.strptime(source.name, '%Y')", "datetime"),
        ("timedelta(days=1) * 2", "timedelta"),
        ("not source.unknown", "bool"),
        ("lambda x: x", "function"),
        ("session.levels.append(1)", "list or None"),
        ("source.unknown", "anything"),
        ("source.unknown + 1", "int or float"),
        ("source.unknown.lower()", "anything"),
        ("json.loads(source.name)", "anything"),
    ] {
        assert_eq!(inferred(text).result.to_string(), expected, "{text}");
    }
}

#[test]
fn findings_are_certain() {
    let found = |text: &str| -> Vec<(FindingKind, String)> {
        let findings = inferred(text).findings.into_iter();
        findings.map(|finding| (finding.kind, text[finding.span].to_owned())).collect()
    };
    for text in [
        "source.amount == None or source.amount is not None",
        "source.amount == '5' and source.level > 3",
        "source.unknown == 5 or source.unknown > 'a'",
        "session.won == 1",
        "session.start == source.unknown",
        "session.start > time",
        "session.total + float(source.amount)",
        "'%s' % session.count",
        "'-' * 3 + session.name * 2",
        "source.name and True",
        "source.won == 'true'",
        "source.level is None or source.level != '' or session.start == None or session.won is True",
        "5 in source.scores and 'a' in source.name",
        "source.level in (1, 2.5)",
        "session.count / (session.total or 1)",
        "(source.amount or 0) + 1",
        "[1] + [2.5] == ['a'] * 2",
    ] {
        assert_eq!(found(text), [], "{text}");
    }
    for (text, kind, place) in [
        ("source.amount == 5", FindingKind::SameOutcome, "source.amount == 5"),
        (" 1 < 2 != 'a'", FindingKind::SameOutcome, "2 != 'a'"),
        ("session.won == 'yes'", FindingKind::SameOutcome, "session.won == 'yes'"),
        ("session.start != '2019-01-01'", FindingKind::SameOutcome, "session.start != '2019-01-01'"),
        ("session.name is None", FindingKind::SameOutcome, "session.name is None"),
        ("source.amount in [1, 2]", FindingKind::SameOutcome, "source.amount in [1, 2]"),
        ("source.amount > 5", FindingKind::Operands, "source.amount > 5"),
        ("time > '2019-01-01'", FindingKind::Operands, "time > '2019-01-01'"),
        ("session.count < None", FindingKind::Operands, "session.count < None"),
        ("session.total + source.amount", FindingKind::Operands, "session.total + source.amount"),
        ("'n: ' + session.count", FindingKind::Operands, "'n: ' + session.count"),
        ("1 + -source.amount", FindingKind::Operands, "-source.amount"),
        ("2 * source.amount", FindingKind::Operands, "2 * source.amount"),
        ("time - 30", FindingKind::Operands, "time - 30"),
        ("'a' in session.count", FindingKind::Operands, "'a' in session.count"),
        ("session.count in session.name", FindingKind::Operands, "session.count in session.name"),
        ("sum(source.scores) + source.scores", FindingKind::Operands, "sum(source.scores) + source.scores"),
        ("session.name is 'a'", FindingKind::IsLiteral, "session.name is 'a'"),
        ("session.count is not 5", FindingKind::IsLiteral, "session.count is not 5"),
        ("source.won", FindingKind::TextTruth, "source.won"),
        ("not source.won", FindingKind::TextTruth, "source.won"),
        ("1 if source.won else 0", FindingKind::TextTruth, "source.won"),
        ("bool(source.won)", FindingKind::TextTruth, "source.won"),
        ("session.count % 0", FindingKind::ZeroDivision, "0"),
        ("1 / 0.0", FindingKind::ZeroDivision, "0.0"),
    ] {
        assert_eq!(found(text), [(kind, place.to_owned())], "{text}");
    }
}

#[test]
fn divisors_are_guarded_by_any_test_of_them() {
    for (text, divisors) in [
        ("1 / session.count", vec!["session.count"]),
        ("1 // float(session.total)", vec!["float(session.total)"]),
        ("session.name % session.count", vec![]),
        ("1 / session.count if session.count else 0", vec![]),
        ("session.count > 0 and 1 / session.count", vec![]),
        ("session.count == 0 or 1 / session.count", vec![]),
        ("1 / session.count if session.total else 0", vec!["session.count"]),
        ("(1 / session.count if session.count else 0) + 2 / session.count", vec!["session.count"]),
        ("[x / session.count for x in source.scores if session.count]", vec![]),
        ("1 / max(session.count, 1) + 1 / (session.count or 1)", vec![]),
    ] {
        let found = inferred(text);
        let places: Vec<&str> = found.divisions.iter().map(|division| &text[division.divisor.clone()]).collect();
        assert_eq!(places, divisors, "{text}");
    }
}

#[test]
fn conditions_come_out_alike_for_every_event() {
    for (text, outcome) in [
        ("1 == 1 or source.x", Outcome::True),
        ("source.x and 1 > 2", Outcome::False),
        ("'a' < 'b' < 'c'", Outcome::True),
        ("not session.won == 'x'", Outcome::True),
        ("source.amount > 5 or True", Outcome::Error),
        ("not source.amount > 5", Outcome::Error),
        ("len(source.name + 1) == 3", Outcome::Error),
        ("[] if source.x else ''", Outcome::False),
        ("[source.x] if source.x else ''", Outcome::Unknown),
        ("0 if source.x else None", Outcome::False),
        ("-0.0", Outcome::False),
        ("time.date", Outcome::Unknown),
        ("session.name or ''", Outcome::Unknown),
        ("1 == 1.0 != 2 == 3", Outcome::False),
    ] {
        assert_eq!(inferred(text).outcome, outcome, "{text}");
    }
}

#[test]
fn cures_cure() {
    for (text, cured) in [
        ("session.total + source.amount", "session.total + float(source.amount)"),
        ("  'n: ' + session.count", "  'n: ' + str(session.count)"),
        ("source.amount == 5", "source.amount == '5'"),
        ("'-2.50' < source.level", "-2.50 < source.level"),
        ("source.amount >= 5", "float(source.amount) >= 5"),
        ("source.won == True", "source.won == 'true'"),
        ("session.won == 'yes'", "session.won == True"),
        ("time > '2019-01-01'", "time > parse_time('2019-01-01')"),
        ("session.name is not 'a'", "session.name != 'a'"),
        ("not source.won", "not source.won == 'true'"),
        ("source.amount * session.count", "float(source.amount) * session.count"),
        ("-source.amount", "-float(source.amount)"),
    ] {
        let found = inferred(text).findings.remove(0);
        let mut fixed = text.to_owned();
        for (place, new) in found.cure.expect(text).edits.into_iter().rev() {
            fixed.replace_range(place, &new);
        }
        assert_eq!(fixed, cured);
        assert_eq!(inferred(&fixed).findings, [], "{fixed}");
    }
}

#[test]
fn the_smallest_part_at_a_place_is_told() {
    let text = " session.count + len(source.scores)";
    let found = inferred(text);
    for (offset, part, of) in [
        (3, "session.count", "int"),
        (18, "len(source.scores)", "int"),
        (25, "source.scores", "list of int"),
        (15, "session.count + len(source.scores)", "int"),
    ] {
        let (place, found) = found.type_at(offset).unwrap();
        assert_eq!((&text[place], found.to_string().as_str()), (part, of), "{offset}");
    }
    assert_eq!(found.type_at(0), None);
}

fn corpus() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    let texts: Vec<String> = files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let expression = |line: &str| dict(&json(line)).get("expr").and_then(Value::as_str).map(str::to_owned);
    texts.iter().flat_map(|text| text.lines()).filter_map(expression).collect()
}

#[test]
fn what_comes_out_is_of_the_inferred_type() {
    let (mut told, mut count) = (0, 0);
    for text in corpus() {
        let found = infer(&text, &scope(), &dtc_expr::infer::Unknown, Use::Condition);
        let Ok(found) = found else {
            assert!(compile(&text, &scope()).is_err(), "{text}");
            continue;
        };
        count += 1;
        told += usize::from(!found.result.is_any());
        let mut frame = Frame { variables: vec![None, None], groups: vec![Vec::new()], ..Frame::default() };
        match found.program.eval(&mut frame) {
            Ok(value) => {
                assert!(found.result.admits(&value), "{text} is {}, inferred {}", value.repr(), found.result);
                let truth = if value.is_truthy() { Outcome::True } else { Outcome::False };
                assert!([Outcome::Unknown, truth].contains(&found.outcome), "{text}: {:?}", found.outcome);
            }
            Err(_) => assert_ne!(found.outcome, Outcome::True, "{text}"),
        }
    }
    assert!(told * 2 > count, "only {told} of {count} have a type");
}

#[test]
fn any_text_gives_an_answer() {
    let corpus = corpus();
    let mut dice = 0x9E37_79B9_7F4A_7C15u64;
    let mut below = |limit: usize| {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        (dice % limit.max(1) as u64) as usize
    };
    const PIECES: &[&str] = &[
        "source.amount",
        "session.count",
        " / ",
        " == ",
        " is ",
        " in ",
        "not ",
        "'5'",
        "0",
        " and ",
        " or ",
        "(",
        ")",
        "[",
        "]",
        " if ",
        " else ",
        ".a",
        "['b']",
        "lambda x: ",
        " for x in ",
        "x",
        "😀",
        "ä",
        ",",
        "*",
        "**",
        "{",
        "}",
    ];
    for _ in 0..20_000 {
        let mut text: Vec<char> = corpus[below(corpus.len())].chars().collect();
        for _ in 0..=below(4) {
            let at = below(text.len() + 1);
            let piece = PIECES[below(PIECES.len())];
            let end = (at + below(4)).min(text.len());
            text.splice(at..end, piece.chars());
        }
        let text: String = text.into_iter().collect();
        let Ok(found) = infer(&text, &scope(), &Game, Use::Value) else { continue };
        for finding in &found.findings {
            let edits = finding.cure.iter().flat_map(|cure| cure.edits.iter().map(|(place, _)| place.clone()));
            for place in edits.chain([finding.span.clone()]) {
                assert!(text.get(place).is_some(), "{text}: {finding:?}");
            }
            assert!(finding.message.chars().count() <= 80 + 60, "{}", finding.message);
        }
        for offset in 0..=text.len() {
            found.type_at(offset);
        }
    }
}

#[test]
fn defaults_of_fields_are_of_their_types() {
    let defaults = frame("{}").groups.remove(0);
    for (name, value) in ["count", "total", "name", "won", "start", "badges", "levels", "tags"].iter().zip(defaults) {
        assert!(inferred(&format!("session.{name}")).result.admits(&value), "{name}");
    }
}
