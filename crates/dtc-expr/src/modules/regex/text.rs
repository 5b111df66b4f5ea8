//! Texts around patterns: templates for replacing, escaping, `repr` of patterns and matches.

use crate::error::{EvalError, EvalErrorKind};
use crate::pattern::{Pattern, flag, is_name};
use crate::value::object::Matched;
use crate::value::write_quoted;

/// What a match is replaced by.
pub(crate) struct Template(Vec<Part>);

enum Part {
    Text(String),
    Group(usize),
}

impl Template {
    pub(crate) fn fill(&self, matched: &Matched) -> String {
        let mut out = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => out.push_str(text),
                Part::Group(group) => {
                    if let Some(text) = matched.group(*group) {
                        out.push_str(text.as_str().unwrap_or_default());
                    }
                }
            }
        }
        out
    }
}

fn bad<T>(message: impl Into<String>) -> Result<T, EvalError> {
    Err(EvalError::new(EvalErrorKind::PatternError, message))
}

/// Reads `\1`, `\g<name>`, `\n` and the like.
pub(crate) fn expand(template: &str, pattern: &Pattern) -> Result<Template, EvalError> {
    let characters: Vec<char> = template.chars().collect();
    let mut reader = Reader { characters, place: 0, pattern, parts: Vec::new(), text: String::new() };
    while let Some(character) = reader.next() {
        if character == '\\' {
            reader.escape()?;
        } else {
            reader.text.push(character);
        }
    }
    reader.parts.push(Part::Text(reader.text));
    Ok(Template(reader.parts))
}

struct Reader<'p> {
    characters: Vec<char>,
    place: usize,
    pattern: &'p Pattern,
    parts: Vec<Part>,
    text: String,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let character = self.characters.get(self.place).copied()?;
        self.place += 1;
        Some(character)
    }

    fn take(&mut self, wanted: impl Fn(&char) -> bool) -> Option<char> {
        let character = self.characters.get(self.place).copied().filter(wanted)?;
        self.place += 1;
        Some(character)
    }

    fn escape(&mut self) -> Result<(), EvalError> {
        let Some(letter) = self.next() else { return bad("bad escape (end of pattern)") };
        let plain = match letter {
            'g' => return self.named(),
            '0'..='9' => return self.numbered(letter),
            'a' => '\u{7}',
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            '\\' => '\\',
            letter if letter.is_ascii_alphabetic() => return bad(format!("bad escape \\{letter}")),
            other => {
                self.text.push('\\');
                other
            }
        };
        self.text.push(plain);
        Ok(())
    }

    fn group(&mut self, group: usize) -> Result<(), EvalError> {
        if group > self.pattern.groups {
            return bad(format!("invalid group reference {group}"));
        }
        self.parts.push(Part::Text(std::mem::take(&mut self.text)));
        self.parts.push(Part::Group(group));
        Ok(())
    }

    fn named(&mut self) -> Result<(), EvalError> {
        if self.take(|character| *character == '<').is_none() {
            return bad("missing <");
        }
        let rest = &self.characters[self.place..];
        let Some(length) = rest.iter().position(|character| *character == '>') else {
            return bad("missing >, unterminated name");
        };
        let name: String = rest[..length].iter().collect();
        self.place += length + 1;
        if name.is_empty() {
            return bad("missing group name");
        }
        if is_name(&name) {
            let unknown = || EvalError::new(EvalErrorKind::IndexError, format!("unknown group name '{name}'"));
            let group = self.pattern.named(&name).ok_or_else(unknown)?;
            return self.group(group);
        }
        match name.trim().parse() {
            Ok(group) => self.group(group),
            Err(_) => bad(format!("bad character in group name '{name}'")),
        }
    }

    /// `\12`: a group, or a character in octal when it begins with 0 or has three octal digits.
    fn numbered(&mut self, first: char) -> Result<(), EvalError> {
        let mut digits = String::from(first);
        let octal = |digit: &char| digit.is_digit(8);
        if first == '0' {
            digits.extend(self.take(octal));
            if digits.len() > 1 {
                digits.extend(self.take(octal));
            }
            let code = u32::from_str_radix(&digits, 8).unwrap_or(0) & 0xff;
            self.text.extend(char::from_u32(code));
            return Ok(());
        }
        if let Some(second) = self.take(char::is_ascii_digit) {
            digits.push(second);
            if octal(&first)
                && octal(&second)
                && let Some(third) = self.take(octal)
            {
                digits.push(third);
                let code = u32::from_str_radix(&digits, 8).unwrap_or(0);
                if code > 0o377 {
                    return bad(format!("octal escape value \\{digits} outside of range 0-0o377"));
                }
                self.text.extend(char::from_u32(code));
                return Ok(());
            }
        }
        self.group(digits.parse().unwrap_or(usize::MAX))
    }
}

pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if "()[]{}?*+-|^$\\.&~# \t\n\r\u{b}\u{c}".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

const FLAG_NAMES: [(u32, &str); 8] = [
    (flag::IGNORE_CASE, "re.IGNORECASE"),
    (flag::LOCALE, "re.LOCALE"),
    (flag::MULTI_LINE, "re.MULTILINE"),
    (flag::DOT_ALL, "re.DOTALL"),
    (flag::UNICODE, "re.UNICODE"),
    (flag::VERBOSE, "re.VERBOSE"),
    (flag::DEBUG, "re.DEBUG"),
    (flag::ASCII, "re.ASCII"),
];

pub(crate) fn write_pattern(pattern: &Pattern, out: &mut String) {
    let mut source = String::new();
    write_quoted(&pattern.source, &mut source);
    out.push_str("re.compile(");
    out.extend(source.chars().take(200));
    let shown = pattern.flags & !flag::UNICODE;
    let names: Vec<&str> = FLAG_NAMES.iter().filter(|(flag, _)| shown & flag != 0).map(|(_, name)| *name).collect();
    if !names.is_empty() {
        out.push_str(", ");
        out.push_str(&names.join("|"));
    }
    out.push(')');
}

pub(crate) fn write_match(matched: &Matched, out: &mut String) {
    let (start, end) = matched.found.groups.first().copied().flatten().unwrap_or_default();
    out.push_str(&format!("<re.Match object; span=({start}, {end}), match="));
    write_quoted(matched.group(0).unwrap_or_default().as_str().unwrap_or_default(), out);
    out.push('>');
}
