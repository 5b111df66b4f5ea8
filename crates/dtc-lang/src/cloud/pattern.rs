//! Event filters in the grammar of EventBridge's patterns, as far as Lambda's event sources take it:
//! fields to lists of what they may be. A filter that parses is one that AWS accepts.

use crate::codes::BAD_FILTER;
use crate::diagnostic::{Diagnostic, quote};
use crate::suggest::nearest;
use crate::text::Span;
use crate::yaml::{self, Data, Node, Pair, Plain};

#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    /// Every field must fit.
    Fields(Vec<(String, Pattern)>),
    /// One of the tests must fit.
    Values(Vec<Test>),
    /// `$or`: one of the patterns must fit.
    Either(Vec<Pattern>),
}

/// What a value may be.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    Is(Literal),
    Prefix(String),
    Suffix(String),
    IgnoreCase(String),
    Exists(bool),
    /// Anything but these values.
    Not(Vec<Literal>),
    NotPrefix(String),
    /// Comparisons, one or two, which both hold.
    Numeric(Vec<(&'static str, String)>),
}

#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    Text(String),
    /// As it is written.
    Number(String),
    Bool(bool),
    Null,
}

/// Operators, each with an example.
pub const OPERATORS: [(&str, &str); 6] = [
    ("prefix", "{prefix: game_}"),
    ("suffix", "{suffix: _end}"),
    ("equals-ignore-case", "{equals-ignore-case: de}"),
    ("anything-but", "{anything-but: [test]}"),
    ("exists", "{exists: true}"),
    ("numeric", "{numeric: ['>', 0, '<=', 5]}"),
];
/// Known to EventBridge's rules, not to Lambda.
const ELSEWHERE: [&str; 2] = ["wildcard", "cidr"];
const COMPARISONS: [&str; 5] = ["=", "<", "<=", ">", ">="];
/// Characters that Lambda takes as one filter.
const LONGEST: usize = 4096;

/// The pattern of a mapping; what is wrong is reported.
pub fn read(text: &str, node: &Node, found: &mut Vec<Diagnostic>) -> Option<Pattern> {
    if let Some(scalar) = node.scalar() {
        found.push(as_text(node, &scalar.text));
        return None;
    }
    let mut reader = Reader { text, found, failed: false };
    let pattern = reader.fields(node);
    let failed = reader.failed;
    let pattern = pattern.filter(|_| !failed)?;
    if pattern.json().len() > LONGEST {
        let message = format!("The filter is longer than {LONGEST} characters");
        let span = crate::read::first_line(text, node.span);
        found.push(Diagnostic::error(BAD_FILTER, message, span, "AWS takes no longer one").help(
            "Let the function pass events over by `When` of the streaming document instead of listing them here",
        ));
        return None;
    }
    Some(pattern)
}

/// A filter in quotes: what stands in them may be one.
fn as_text(node: &Node, written: &str) -> Diagnostic {
    let fault =
        Diagnostic::error(BAD_FILTER, "A filter is written as fields, not as a text", node.span, "this is a text");
    let inner = yaml::parse(written);
    let is_pattern = match &inner {
        (Some(root), faults) if faults.is_empty() => {
            let mut found = Vec::new();
            root.mapping().is_some() && read(written, root, &mut found).is_some() && found.is_empty()
        }
        _ => false,
    };
    match is_pattern && !written.contains('\n') {
        true => fault.help("Remove the quotes around it").replace(written.trim().to_owned()),
        false => fault.help("Write `field: [value, …]` lines below `Filter:`, such as `event_id: [purchase]`"),
    }
}

struct Reader<'r> {
    text: &'r str,
    found: &'r mut Vec<Diagnostic>,
    failed: bool,
}

impl Reader<'_> {
    fn fault(&mut self, message: &str, span: Span, label: &str, help: &str) -> &mut Diagnostic {
        self.failed = true;
        let span = crate::read::first_line(self.text, span);
        self.found.push(Diagnostic::error(BAD_FILTER, message, span, label).help(help));
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    fn fields(&mut self, node: &Node) -> Option<Pattern> {
        let Data::Mapping(pairs) = &node.data else {
            self.fault(
                "A filter begins with the name of a field",
                node.span,
                "this is a list",
                "Write `field: [value]`",
            );
            return None;
        };
        if pairs.is_empty() {
            self.fault("The filter is empty", node.span, "no field", "Write `field: [value, …]`, or delete it");
        }
        let mut fields = Vec::new();
        for pair in pairs {
            let Some(key) = pair.key.scalar() else {
                self.fault("A field of a filter must be a text", pair.key.span, "this is none", "Write its name");
                continue;
            };
            let below = match key.text.as_str() {
                "$or" => self.either(pair),
                _ => self.below(&key.text, pair),
            };
            fields.extend(below.map(|below| (key.text.clone(), below)));
        }
        Some(Pattern::Fields(fields))
    }

    fn below(&mut self, name: &str, pair: &Pair) -> Option<Pattern> {
        match &pair.value.data {
            Data::Mapping(_) if self.is_operator(&pair.value) => {
                let written = pair.value.span.of(self.text).trim_end().to_owned();
                let shown = quote(name);
                let one_line = !written.contains('\n');
                let span = pair.value.span;
                let fault = self.fault(
                    &format!("What {shown} may be must be a list"),
                    span,
                    "a test stands alone",
                    "Put it in brackets, also where it is the only one",
                );
                if one_line {
                    *fault = fault.clone().fix("Put it in brackets", vec![(span, format!("[{written}]"))]);
                }
                None
            }
            Data::Mapping(_) => self.fields(&pair.value),
            Data::Sequence(items) => {
                if items.is_empty() {
                    let help = "Write at least one value, or `{exists: true}`";
                    self.fault("A list of a filter is empty", pair.value.span, "nothing fits it", help);
                }
                let tests: Vec<Test> = items.iter().filter_map(|item| self.test(item)).collect();
                Some(Pattern::Values(tests))
            }
            Data::Scalar(scalar) => {
                let written = pair.value.span.of(self.text).to_owned();
                let bare = scalar.text.is_empty();
                let span = if bare { pair.key.span } else { pair.value.span };
                let fault = self.fault(
                    &format!("What {} may be must be a list", quote(name)),
                    span,
                    "this is a single value",
                    "Put it in brackets, also where it is the only one",
                );
                if !bare && !written.contains('\n') {
                    *fault = fault.clone().fix("Put it in brackets", vec![(span, format!("[{written}]"))]);
                }
                None
            }
        }
    }

    /// A mapping of one key that is an operator and whose value is no further field.
    fn is_operator(&self, node: &Node) -> bool {
        let Some([only]) = node.mapping() else { return false };
        only.value.mapping().is_none()
            && only.key.scalar().is_some_and(|key| OPERATORS.iter().any(|(name, _)| *name == key.text))
    }

    fn either(&mut self, pair: &Pair) -> Option<Pattern> {
        let Some(items) = pair.value.sequence().filter(|items| items.len() > 1) else {
            let help = "Write several patterns below it, each with `- `";
            self.fault("`$or` takes a list of patterns", pair.value.span, "not a list of several", help);
            return None;
        };
        Some(Pattern::Either(items.iter().filter_map(|item| self.fields(item)).collect()))
    }

    fn test(&mut self, node: &Node) -> Option<Test> {
        match &node.data {
            Data::Scalar(_) => literal(node).map(Test::Is),
            Data::Sequence(_) => {
                let help = "Write values in one list, without inner brackets";
                self.fault("A list of a filter holds a list", node.span, "a value or a test is wanted", help);
                None
            }
            Data::Mapping(pairs) => match pairs.as_slice() {
                [only] => self.operator(only),
                _ => {
                    let help = "Write each test as an item of its own: `[{prefix: a}, {suffix: b}]`";
                    self.fault("A test of a filter has one operator", node.span, "several stand here", help);
                    None
                }
            },
        }
    }

    fn operator(&mut self, pair: &Pair) -> Option<Test> {
        let name = pair.key.scalar().map_or("", |key| key.text.as_str());
        let text = |node: &Node| node.scalar().map(|scalar| scalar.text.clone());
        let value = &pair.value;
        let test = match name {
            "prefix" => text(value).map(Test::Prefix),
            "suffix" => text(value).map(Test::Suffix),
            "equals-ignore-case" => text(value).map(Test::IgnoreCase),
            "exists" => match value.scalar().map(|scalar| scalar.resolve()) {
                Some(Plain::Bool(there)) => Some(Test::Exists(there)),
                _ => None,
            },
            "anything-but" => not(value),
            "numeric" => value.sequence().and_then(numeric),
            _ => {
                self.unknown_operator(name, pair.key.span);
                return None;
            }
        };
        if test.is_none() {
            let example = OPERATORS.iter().find(|(known, _)| *known == name).map_or("", |(_, example)| example);
            let message = format!("`{name}` is given what it cannot test");
            self.fault(&message, value.span, "not what it takes", &format!("Write it as `{example}`"));
        }
        test
    }

    fn unknown_operator(&mut self, name: &str, span: Span) {
        let (message, label) = match ELSEWHERE.contains(&name) {
            true => (format!("Lambda's filters have no `{name}`"), "rules of EventBridge alone have it"),
            false => (format!("{} is no test of a filter", quote(name)), "no operator"),
        };
        let names = OPERATORS.map(|(known, _)| known);
        match nearest(name, names) {
            Some(meant) => {
                let fault = self.fault(&message, span, label, &format!("Did you mean `{meant}`?"));
                *fault = fault.clone().replace(meant);
            }
            None => {
                let list: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                self.fault(&message, span, label, &format!("Known: {}", list.join(", ")));
            }
        }
    }
}

fn literal(node: &Node) -> Option<Literal> {
    let scalar = node.scalar()?;
    Some(match scalar.resolve() {
        Plain::Int(Some(value)) => Literal::Number(value.to_string()),
        Plain::Float(value) if value.is_finite() => Literal::Number(value.to_string()),
        Plain::Bool(value) => Literal::Bool(value),
        Plain::Null => Literal::Null,
        _ => Literal::Text(scalar.text.clone()),
    })
}

fn not(node: &Node) -> Option<Test> {
    if let Some([only]) = node.mapping() {
        let is_prefix = only.key.scalar().is_some_and(|key| key.text == "prefix");
        return only.value.scalar().filter(|_| is_prefix).map(|scalar| Test::NotPrefix(scalar.text.clone()));
    }
    let items = node.sequence().map_or_else(|| vec![node], |items| items.iter().collect());
    let literals: Option<Vec<Literal>> = items.into_iter().map(literal).collect();
    literals.filter(|items| !items.is_empty() && !items.contains(&Literal::Null)).map(Test::Not)
}

fn numeric(items: &[Node]) -> Option<Test> {
    let pair = |pair: &[Node]| {
        let [operator, number] = pair else { return None };
        let operator = operator.scalar()?.text.as_str();
        let operator = COMPARISONS.into_iter().find(|known| *known == operator)?;
        match literal(number)? {
            Literal::Number(number) => Some((operator, number)),
            _ => None,
        }
    };
    let all: Vec<(&'static str, String)> = items.chunks(2).map(pair).collect::<Option<_>>()?;
    let good = match all.as_slice() {
        [_] => true,
        [(low, least), (high, most)] => {
            let below =
                least.parse::<f64>().ok().zip(most.parse::<f64>().ok()).is_some_and(|(least, most)| least < most);
            low.starts_with('>') && high.starts_with('<') && below
        }
        _ => false,
    };
    good.then_some(Test::Numeric(all))
}

impl Pattern {
    /// As AWS reads it, without blanks.
    pub fn json(&self) -> String {
        let list = |items: Vec<String>| format!("[{}]", items.join(","));
        match self {
            Pattern::Fields(fields) => {
                let pairs: Vec<String> =
                    fields.iter().map(|(name, below)| format!("{}:{}", text(name), below.json())).collect();
                format!("{{{}}}", pairs.join(","))
            }
            Pattern::Values(tests) => list(tests.iter().map(Test::json).collect()),
            Pattern::Either(patterns) => list(patterns.iter().map(Pattern::json).collect()),
        }
    }
}

impl Test {
    fn json(&self) -> String {
        let of = |name: &str, value: String| format!("{{\"{name}\":{value}}}");
        match self {
            Test::Is(literal) => literal.json(),
            Test::Prefix(value) => of("prefix", text(value)),
            Test::Suffix(value) => of("suffix", text(value)),
            Test::IgnoreCase(value) => of("equals-ignore-case", text(value)),
            Test::Exists(there) => of("exists", there.to_string()),
            Test::Not(values) => {
                of("anything-but", format!("[{}]", values.iter().map(Literal::json).collect::<Vec<_>>().join(",")))
            }
            Test::NotPrefix(value) => of("anything-but", of("prefix", text(value))),
            Test::Numeric(all) => {
                let words: Vec<String> =
                    all.iter().map(|(operator, number)| format!("\"{operator}\",{number}")).collect();
                of("numeric", format!("[{}]", words.join(",")))
            }
        }
    }
}

impl Literal {
    fn json(&self) -> String {
        match self {
            Literal::Text(value) => text(value),
            Literal::Number(value) => value.clone(),
            Literal::Bool(value) => value.to_string(),
            Literal::Null => "null".to_owned(),
        }
    }
}

/// A text of JSON.
fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    out.push('"');
    for character in value.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(written: &str) -> Result<String, Vec<String>> {
        let (root, _) = yaml::parse(written);
        let mut found = Vec::new();
        match read(written, &root.unwrap(), &mut found) {
            Some(pattern) => Ok(pattern.json()),
            None => Err(found.into_iter().map(|fault| fault.message).collect()),
        }
    }

    #[test]
    fn patterns_are_written_as_json() {
        assert_eq!(
            parsed("event_id: [game_start, {prefix: game_}]\nlevel: [{numeric: ['>', 0, '<=', 5]}]\ncart: {sku: [{exists: true}]}\n"),
            Ok(r#"{"event_id":["game_start",{"prefix":"game_"}],"level":[{"numeric":[">",0,"<=",5]}],"cart":{"sku":[{"exists":true}]}}"#.to_owned())
        );
        assert_eq!(
            parsed("$or:\n  - {a: [1]}\n  - {b: [null, {anything-but: [x]}]}\n"),
            Ok(r#"{"$or":[{"a":[1]},{"b":[null,{"anything-but":["x"]}]}]}"#.to_owned())
        );
    }

    #[test]
    fn what_aws_would_refuse() {
        for written in [
            "a: x",
            "a: []",
            "a: [[x]]",
            "a: {prefix: x}",
            "a: [{prefix: x, suffix: y}]",
            "a: [{wildcard: x}]",
            "a: [{numeric: ['>', x]}]",
            "a: [{numeric: ['<', 5, '>', 1]}]",
            "a: [{exists: maybe}]",
            "$or: [a]",
            "[a]",
        ] {
            assert!(parsed(written).is_err(), "{written}");
        }
    }
}
