//! One record's text → a value, in one pass. Reads JSON as Python's `json` does (exact integers, floats
//! rounded as Python rounds them, NaN and Infinity, the last of equal keys) and, where it may be
//! tolerant, what Python prints for a dict. serde_json does neither: it rounds long floats and integers.

use std::borrow::Cow;
use std::sync::Arc;

use dtc_expr::{Dict, Flavor, Parts, Value, Want};

use super::fault::{Fault, MAX_DEPTH, Reason};
use super::interner::Interner;

/// Liberties that were taken with one record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Liberties {
    pub(super) python: bool,
    pub(super) missing_comma: bool,
    pub(super) trailing_comma: bool,
    pub(super) half_surrogate: bool,
}

/// How much may be forgiven.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    /// Python's notation and missing commas are read.
    pub(super) tolerant: bool,
    /// A record is expected to end with its line: no comma is supplied across lines.
    pub(super) by_line: bool,
}

pub(super) struct Parsed {
    pub(super) value: Value,
    /// Bytes of the record.
    pub(super) used: usize,
    pub(super) newlines: u64,
    /// Offset just after the last line end inside the record.
    pub(super) line_start: Option<usize>,
    pub(super) liberties: Liberties,
}

/// Parses the value at the start of `bytes`. `last`: nothing follows `bytes` in the input.
pub(super) fn parse(bytes: &[u8], last: bool, rules: Rules, interner: &mut Interner) -> Result<Parsed, Fault> {
    Parser::new(bytes, last, rules, interner).parsed(Keep::All)
}

/// Parses a value that is part of a record, as far as it is kept; the rest is only checked.
pub(super) fn parse_part(
    bytes: &[u8],
    last: bool,
    rules: Rules,
    keep: Keep<'_>,
    interner: &mut Interner,
) -> Result<Parsed, Fault> {
    Parser { depth: 1, ..Parser::new(bytes, last, rules, interner) }.parsed(keep)
}

/// How much of a value is kept.
#[derive(Clone, Copy)]
pub(super) enum Keep<'w> {
    Nothing,
    /// That it is there.
    Place,
    All,
    Parts(&'w Parts),
}

impl<'w> Keep<'w> {
    pub(super) fn of(want: &'w Want) -> Keep<'w> {
        match want {
            Want::Whole => Keep::All,
            Want::Parts(parts) => Keep::Parts(parts),
        }
    }

    fn any(self) -> bool {
        matches!(self, Keep::All | Keep::Parts(_))
    }

    fn field(self, name: &str) -> Keep<'w> {
        match self {
            Keep::Parts(parts) => match parts.fields.get(name) {
                Some(want) => Keep::of(want),
                None if parts.counted => Keep::Place,
                None => Keep::Nothing,
            },
            Keep::Place => Keep::Nothing,
            keep => keep,
        }
    }

    /// Items that nobody looks at are counted: their places stay.
    fn item(self) -> Keep<'w> {
        match self {
            Keep::Parts(parts) => parts.items.as_deref().map_or(Keep::Nothing, Keep::of),
            Keep::Place => Keep::Nothing,
            keep => keep,
        }
    }
}

pub(super) struct Parser<'a, 'i> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    pub(super) last: bool,
    pub(super) rules: Rules,
    interner: &'i mut Interner,
    depth: usize,
    newlines: u64,
    line_start: Option<usize>,
    pub(super) liberties: Liberties,
}

impl<'a, 'i> Parser<'a, 'i> {
    fn new(bytes: &'a [u8], last: bool, rules: Rules, interner: &'i mut Interner) -> Parser<'a, 'i> {
        let liberties = Liberties::default();
        Parser { bytes, at: 0, last, rules, interner, depth: 0, newlines: 0, line_start: None, liberties }
    }

    fn parsed(mut self, keep: Keep<'_>) -> Result<Parsed, Fault> {
        let value = self.value(keep)?;
        let Parser { at: used, newlines, line_start, liberties, .. } = self;
        Ok(Parsed { value, used, newlines, line_start, liberties })
    }

    /// What is not kept is only checked, by the same grammar.
    fn value(&mut self, keep: Keep<'_>) -> Result<Value, Fault> {
        match self.peek()? {
            b'"' => self.text_value(b'"', keep.any()),
            b'{' => self.object(keep),
            b'[' => self.list(b']', keep),
            b'-' | b'0'..=b'9' => self.number(keep.any()),
            b'\'' if self.python() => self.text_value(b'\'', keep.any()),
            b'(' if self.python() => self.list(b')', keep),
            b'u' if self.rules.tolerant && matches!(self.bytes.get(self.at + 1), Some(b'\'' | b'"')) => {
                self.liberties.python = true;
                self.at += 1;
                self.value(keep)
            }
            _ => self.word(),
        }
    }

    fn object(&mut self, keep: Keep<'_>) -> Result<Value, Fault> {
        self.open()?;
        let top = self.depth == 1;
        let mut fields = if top && keep.any() {
            Dict::with_capacity_and_hasher(self.interner.width, Default::default())
        } else {
            Dict::default()
        };
        let mut byte = self.space()?;
        while byte != b'}' {
            let name = self.field_name(byte)?;
            let key = self.interner.key(&name);
            let keep = if top && !key.wanted { Keep::Nothing } else { keep.field(&name) };
            let key = (!matches!(keep, Keep::Nothing)).then(|| Value::Str(key.name.clone()));
            if self.space()? != b':' {
                return Err(self.expected("`:` after a field's name"));
            }
            self.at += 1;
            self.space()?;
            let value = self.value(keep)?;
            if let Some(key) = key {
                fields.insert(key, value);
            }
            byte = self.after_item(b'}', b"\"'", "`,` or `}`")?;
        }
        self.close();
        if top && keep.any() {
            self.interner.width = fields.len();
        }
        let flavor = if top { Flavor::Record } else { Flavor::Plain };
        Ok(if keep.any() { Value::Dict(flavor, Arc::new(fields)) } else { Value::None })
    }

    fn list(&mut self, end: u8, keep: Keep<'_>) -> Result<Value, Fault> {
        self.open()?;
        let mut items = Vec::new();
        let mut byte = self.space()?;
        while byte != end {
            let item = self.value(keep.item())?;
            if keep.any() {
                items.push(item);
            }
            byte = self.after_item(end, b"{", "`,` or the end of the list")?;
        }
        self.close();
        Ok(if keep.any() { Value::list(items) } else { Value::None })
    }

    /// After an item: past the comma, or forgiving one that is missing before one of `starts` or that
    /// stands before the end. Gives the first byte of what follows.
    fn after_item(&mut self, end: u8, starts: &[u8], expected: &'static str) -> Result<u8, Fault> {
        let newlines = self.newlines;
        let byte = self.space()?;
        if byte == b',' {
            let comma = self.at;
            self.at += 1;
            let next = self.space()?;
            if next == end {
                if !self.rules.tolerant && end != b')' {
                    self.at = comma;
                    return Err(self.expected("no comma before the closing bracket"));
                }
                self.liberties.trailing_comma |= end != b')';
            }
            return Ok(next);
        }
        let may_supply = self.rules.tolerant && !(self.rules.by_line && self.newlines > newlines);
        if byte == end {
            Ok(byte)
        } else if may_supply && starts.contains(&byte) {
            self.liberties.missing_comma = true;
            Ok(byte)
        } else {
            Err(self.expected(expected))
        }
    }

    fn field_name(&mut self, byte: u8) -> Result<Cow<'a, str>, Fault> {
        match byte {
            b'"' => self.text(b'"', true),
            b'\'' if self.python() => self.text(b'\'', true),
            b'u' if self.rules.tolerant && matches!(self.bytes.get(self.at + 1), Some(b'\'' | b'"')) => {
                self.liberties.python = true;
                self.at += 1;
                self.text(self.bytes[self.at], true)
            }
            _ => Err(self.expected("a field's name in quotes, or `}`,")),
        }
    }

    fn text_value(&mut self, quote: u8, keep: bool) -> Result<Value, Fault> {
        let text = self.text(quote, keep)?;
        Ok(if keep { self.interner.text(&text) } else { Value::None })
    }

    fn word(&mut self) -> Result<Value, Fault> {
        let rest = &self.bytes[self.at..];
        for &(word, python, value) in &WORDS {
            if rest.starts_with(word) && (!python || self.python()) {
                self.at += word.len();
                return Ok(value.value());
            }
            if !self.last && word.starts_with(rest) {
                return Err(self.fault(Reason::End));
            }
        }
        Err(self.expected("a value"))
    }

    fn open(&mut self) -> Result<(), Fault> {
        if self.depth == MAX_DEPTH {
            return Err(self.fault(Reason::TooDeep));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    fn close(&mut self) {
        self.depth -= 1;
        self.at += 1;
    }

    /// Skips white space and gives the byte after it, which stays unread.
    fn space(&mut self) -> Result<u8, Fault> {
        loop {
            match self.peek()? {
                b'\n' => {
                    self.at += 1;
                    self.newlines += 1;
                    self.line_start = Some(self.at);
                }
                b' ' | b'\t' | b'\r' => self.at += 1,
                byte => return Ok(byte),
            }
        }
    }

    pub(super) fn peek(&self) -> Result<u8, Fault> {
        self.bytes.get(self.at).copied().ok_or_else(|| self.fault(Reason::End))
    }

    /// Whether Python's notation may be read here; remembers that it was.
    fn python(&mut self) -> bool {
        self.liberties.python |= self.rules.tolerant;
        self.rules.tolerant
    }

    pub(super) fn fault(&self, reason: Reason) -> Fault {
        Fault { at: self.at, depth: self.depth, reason }
    }

    fn expected(&self, what: &'static str) -> Fault {
        self.fault(Reason::Expected(what))
    }
}

/// A value that is written as a word.
#[derive(Clone, Copy)]
enum Word {
    Bool(bool),
    None,
    Float(f64),
}

/// The words, and whether only Python prints them so.
static WORDS: [(&[u8], bool, Word); 10] = [
    (b"true", false, Word::Bool(true)),
    (b"false", false, Word::Bool(false)),
    (b"null", false, Word::None),
    (b"NaN", false, Word::Float(f64::NAN)),
    (b"Infinity", false, Word::Float(f64::INFINITY)),
    (b"None", true, Word::None),
    (b"True", true, Word::Bool(true)),
    (b"False", true, Word::Bool(false)),
    (b"nan", true, Word::Float(f64::NAN)),
    (b"inf", true, Word::Float(f64::INFINITY)),
];

impl Word {
    fn value(self) -> Value {
        match self {
            Word::Bool(value) => Value::Bool(value),
            Word::None => Value::None,
            Word::Float(value) => Value::Float(value),
        }
    }
}
