//! Reads a pattern's text by Python's rules; groups are read in `parse_group.rs`.

use super::characters::{CharacterKind, Class, Item, lower};
use super::tree::{Assertion, Fold, One, Times, Tree, Width};
use super::{Fault, FaultKind, flag};

/// Groups inside groups; reading and running recurse through them.
const MAX_NESTING: usize = 100;

pub(super) struct Parsed {
    pub tree: Tree,
    pub flags: u32,
    pub groups: usize,
    pub names: Vec<(String, usize)>,
}

pub(super) struct Parser {
    pub characters: Vec<char>,
    pub place: usize,
    /// In force where the parser stands.
    pub flags: u32,
    /// The whole pattern's: what was asked for and what `(?i)` at the start adds.
    pub global: u32,
    /// By group number, from 0 for the whole match; `None` while a group is open.
    pub groups: Vec<Option<Width>>,
    pub names: Vec<(String, usize)>,
    /// Groups from this number on stand inside the look-behind being read.
    pub behind: Option<usize>,
    /// Groups that conditions ask for, perhaps before they are there.
    pub asked: Vec<usize>,
    depth: usize,
}

pub(super) type Result<T> = std::result::Result<T, Fault>;

pub(super) fn fault<T>(message: impl Into<String>) -> Result<T> {
    Err(Fault { message: message.into(), kind: FaultKind::Pattern })
}

pub(super) fn parse(source: &str, flags: u32) -> Result<Parsed> {
    let mut parser = Parser {
        characters: source.chars().collect(),
        place: 0,
        flags,
        global: flags,
        groups: vec![None],
        names: Vec::new(),
        behind: None,
        asked: Vec::new(),
        depth: 0,
    };
    let tree = parser.alternatives(true)?;
    let flags = whole_flags(parser.global)?;
    if parser.peek().is_some() {
        return fault("unbalanced parenthesis");
    }
    if let Some(group) = parser.asked.iter().find(|group| **group >= parser.groups.len()) {
        return fault(format!("invalid group reference {group}"));
    }
    Ok(Parsed { tree, flags, groups: parser.groups.len() - 1, names: parser.names })
}

fn whole_flags(flags: u32) -> Result<u32> {
    let wrong = |message: &str| Err(Fault { message: message.to_owned(), kind: FaultKind::Flags });
    match (flags & flag::LOCALE != 0, flags & flag::ASCII != 0, flags & flag::UNICODE != 0) {
        (true, ..) => wrong("cannot use LOCALE flag with a str pattern"),
        (_, true, true) => wrong("ASCII and UNICODE flags are incompatible"),
        (_, true, false) => Ok(flags),
        _ => Ok(flags | flag::UNICODE),
    }
}

impl Parser {
    pub(super) fn peek(&self) -> Option<char> {
        self.characters.get(self.place).copied()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let character = self.peek()?;
        self.place += 1;
        Some(character)
    }

    pub(super) fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.place += usize::from(found);
        found
    }

    pub(super) fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    pub(super) fn fold(&self) -> Fold {
        match (self.has(flag::IGNORE_CASE), self.has(flag::ASCII)) {
            (false, _) => Fold::Not,
            (true, true) => Fold::Ascii,
            (true, false) => Fold::Unicode,
        }
    }

    /// `a|b|c`, up to a `)` or the end.
    pub(super) fn alternatives(&mut self, outermost: bool) -> Result<Tree> {
        let mut ways = vec![self.sequence(outermost)?];
        while self.take('|') {
            ways.push(self.sequence(false)?);
        }
        Ok(if ways.len() == 1 { ways.remove(0) } else { Tree::Alternatives(ways) })
    }

    /// `first`: flags for the whole pattern may stand at its start.
    pub(super) fn sequence(&mut self, first: bool) -> Result<Tree> {
        self.depth += 1;
        if self.depth > MAX_NESTING {
            return fault(format!("groups are nested more than {MAX_NESTING} deep"));
        }
        let mut parts: Vec<Tree> = Vec::new();
        while let Some(character) = self.peek().filter(|character| !"|)".contains(*character)) {
            self.place += 1;
            if self.has(flag::VERBOSE) && self.skips(character) {
                continue;
            }
            match character {
                '\\' => {
                    let part = self.escape()?;
                    parts.push(part);
                }
                '[' => {
                    let class = self.class()?;
                    parts.push(Tree::One(One::Class(Box::new(class))));
                }
                '*' | '+' | '?' | '{' => self.quantifier(character, &mut parts)?,
                '.' => parts.push(Tree::One(if self.has(flag::DOT_ALL) { One::Any } else { One::AnyButLineEnd })),
                '^' if self.has(flag::MULTI_LINE) => parts.push(Tree::Assert(Assertion::LineStart)),
                '^' => parts.push(Tree::Assert(Assertion::TextStart)),
                '$' if self.has(flag::MULTI_LINE) => parts.push(Tree::Assert(Assertion::LineEnd)),
                '$' => parts.push(Tree::Assert(Assertion::LastLineEnd)),
                '(' => {
                    let part = self.group(first && parts.is_empty())?;
                    parts.extend(part);
                }
                other => parts.push(self.literal(other)),
            }
        }
        self.depth -= 1;
        Ok(if parts.len() == 1 { parts.remove(0) } else { Tree::Sequence(parts) })
    }

    /// White space and comments of a verbose pattern.
    fn skips(&mut self, character: char) -> bool {
        if character == '#' {
            while self.next().is_some_and(|character| character != '\n') {}
            return true;
        }
        matches!(character, ' ' | '\t'..='\r')
    }

    fn literal(&self, character: char) -> Tree {
        Tree::One(match self.fold() {
            Fold::Not => One::Exactly(character),
            fold => One::Folded(lower(character, fold), fold),
        })
    }

    fn quantifier(&mut self, character: char, parts: &mut Vec<Tree>) -> Result<()> {
        let (least, most) = match character {
            '?' => (0, 1),
            '*' => (0, u32::MAX),
            '+' => (1, u32::MAX),
            _ => match self.bounds()? {
                Some(bounds) => bounds,
                None => {
                    parts.push(self.literal('{'));
                    return Ok(());
                }
            },
        };
        let inside = match parts.pop() {
            None | Some(Tree::Assert(_)) => return fault("nothing to repeat"),
            Some(Tree::Repeat(..)) => return fault("multiple repeat"),
            Some(Tree::Atomic(inside)) if matches!(*inside, Tree::Repeat(..)) => return fault("multiple repeat"),
            Some(part) => part,
        };
        let lazy = self.take('?');
        let possessive = !lazy && self.take('+');
        let times = Times { least, most, lazy };
        parts.push(if possessive {
            Tree::Atomic(Box::new(Tree::Repeat(Box::new(Tree::Atomic(Box::new(inside))), times)))
        } else {
            Tree::Repeat(Box::new(inside), times)
        });
        Ok(())
    }

    /// What follows a `{`; `None` where it is only a brace.
    fn bounds(&mut self) -> Result<Option<(u32, u32)>> {
        let start = self.place;
        if self.peek() == Some('}') {
            return Ok(None);
        }
        let low = self.digits();
        let high = if self.take(',') { self.digits() } else { low.clone() };
        if !self.take('}') {
            self.place = start;
            return Ok(None);
        }
        let number = |digits: &str, default| match digits {
            "" => Ok(default),
            digits => digits
                .parse::<u32>()
                .ok()
                .filter(|number| *number < u32::MAX)
                .ok_or(Fault { message: "the repetition number is too large".to_owned(), kind: FaultKind::Overflow }),
        };
        let (least, most) = (number(&low, 0)?, number(&high, u32::MAX)?);
        if most < least {
            return fault("min repeat greater than max repeat");
        }
        Ok(Some((least, most)))
    }

    fn digits(&mut self) -> String {
        let mut digits = String::new();
        while let Some(digit) = self.peek().filter(char::is_ascii_digit) {
            digits.push(digit);
            self.place += 1;
        }
        digits
    }

    fn kind(&self, letter: char) -> Option<Item> {
        let kind = match letter.to_ascii_lowercase() {
            'd' => CharacterKind::Digit,
            's' => CharacterKind::Space,
            'w' => CharacterKind::Word,
            _ => return None,
        };
        Some(Item::Kind { kind, ascii: self.has(flag::ASCII), negated: letter.is_ascii_uppercase() })
    }

    fn escape(&mut self) -> Result<Tree> {
        let Some(letter) = self.next() else { return fault("bad escape (end of pattern)") };
        if let Some(item) = self.kind(letter) {
            let class = Class { items: vec![item], ..Class::default() };
            return Ok(Tree::One(One::Class(Box::new(class))));
        }
        let ascii = self.has(flag::ASCII);
        match letter {
            'A' => Ok(Tree::Assert(Assertion::TextStart)),
            'Z' => Ok(Tree::Assert(Assertion::TextEnd)),
            'b' => Ok(Tree::Assert(Assertion::WordEdge { ascii })),
            'B' => Ok(Tree::Assert(Assertion::NoWordEdge { ascii })),
            '0' => {
                let code = self.octal(0, 2);
                self.coded(code)
            }
            '1'..='9' => self.reference(letter),
            _ => {
                let character = self.plain_escape(letter)?;
                Ok(self.literal(character))
            }
        }
    }

    /// `\12`: a group, or a character in octal when there are three digits.
    fn reference(&mut self, first: char) -> Result<Tree> {
        let value = |digit: char| digit.to_digit(10).unwrap_or(0);
        let mut group = value(first);
        if let Some(second) = self.peek().filter(char::is_ascii_digit) {
            self.place += 1;
            let third = self.peek().filter(|third| [first, second, *third].iter().all(|digit| digit.is_digit(8)));
            if let Some(third) = third {
                self.place += 1;
                let code = value(first) * 64 + value(second) * 8 + value(third);
                if code > 0o377 {
                    return fault(format!("octal escape value \\{first}{second}{third} outside of range 0-0o377"));
                }
                return self.coded(code);
            }
            group = group * 10 + value(second);
        }
        self.backreference(group as usize)
    }

    pub(super) fn backreference(&mut self, group: usize) -> Result<Tree> {
        match self.groups.get(group) {
            None => return fault(format!("invalid group reference {group}")),
            Some(None) => return fault("cannot refer to an open group"),
            Some(Some(_)) => {}
        }
        self.outside_look_behind(group)?;
        Ok(Tree::Backreference(group, self.fold()))
    }

    pub(super) fn outside_look_behind(&self, group: usize) -> Result<()> {
        match self.behind {
            Some(_) if matches!(self.groups.get(group), Some(None)) => fault("cannot refer to an open group"),
            Some(first) if group >= first => fault("cannot refer to group defined in the same lookbehind subpattern"),
            _ => Ok(()),
        }
    }

    fn octal(&mut self, start: u32, most: usize) -> u32 {
        let mut code = start;
        for _ in 0..most {
            let Some(digit) = self.peek().and_then(|digit| digit.to_digit(8)) else { break };
            code = code * 8 + digit;
            self.place += 1;
        }
        code
    }

    fn coded(&self, code: u32) -> Result<Tree> {
        Ok(self.literal(char::from_u32(code).unwrap_or_default()))
    }

    /// The escapes that mean one character, in classes and outside.
    fn plain_escape(&mut self, letter: char) -> Result<char> {
        Ok(match letter {
            'a' => '\u{7}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'x' => return self.hexadecimal('x', 2),
            'u' => return self.hexadecimal('u', 4),
            'U' => return self.hexadecimal('U', 8),
            'N' => return fault("\\N{…} is not supported here: write the character itself"),
            letter if letter.is_ascii_alphanumeric() => return fault(format!("bad escape \\{letter}")),
            other => other,
        })
    }

    fn hexadecimal(&mut self, letter: char, length: usize) -> Result<char> {
        let digits: String =
            self.characters[self.place..].iter().take(length).take_while(|digit| digit.is_ascii_hexdigit()).collect();
        self.place += digits.len();
        if digits.len() < length {
            return fault(format!("incomplete escape \\{letter}{digits}"));
        }
        match u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32) {
            Some(character) => Ok(character),
            None => fault(format!("bad escape \\{letter}{digits}")),
        }
    }

    fn class(&mut self) -> Result<Class> {
        let mut class = Class { negated: self.take('^'), items: Vec::new(), fold: Some(self.fold()) };
        loop {
            let Some(character) = self.next() else { return fault("unterminated character set") };
            if character == ']' && !class.items.is_empty() {
                return Ok(class);
            }
            let item = self.class_item(character)?;
            if !self.take('-') {
                class.items.push(item);
                continue;
            }
            let Some(character) = self.next() else { return fault("unterminated character set") };
            if character == ']' {
                class.items.extend([item, Item::One('-')]);
                return Ok(class);
            }
            match (item, self.class_item(character)?) {
                (Item::One(first), Item::One(last)) if first <= last => class.items.push(Item::Range(first, last)),
                _ => return fault("bad character range"),
            }
        }
    }

    fn class_item(&mut self, character: char) -> Result<Item> {
        if character != '\\' {
            return Ok(Item::One(character));
        }
        let Some(letter) = self.next() else { return fault("bad escape (end of pattern)") };
        if let Some(item) = self.kind(letter) {
            return Ok(item);
        }
        Ok(Item::One(match letter {
            'b' => '\u{8}',
            '0'..='7' => {
                let code = self.octal(letter.to_digit(8).unwrap_or(0), 2);
                match char::from_u32(code).filter(|_| code <= 0o377) {
                    Some(character) => character,
                    None => return fault("octal escape value outside of range 0-0o377"),
                }
            }
            letter => self.plain_escape(letter)?,
        }))
    }
}
