//! Texts in quotes: a slice of the input where nothing is escaped, else unescaped as JSON or Python says.

use std::borrow::Cow;

use super::fault::{Fault, Reason};
use super::parse::Parser;

/// What a byte means inside a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Plain,
    Quote,
    Backslash,
    Control,
}

static CLASSES: [Class; 256] = classes();

const fn classes() -> [Class; 256] {
    let mut table = [Class::Plain; 256];
    let mut byte = 0;
    while byte < 0x20 {
        table[byte] = Class::Control;
        byte += 1;
    }
    table[b'"' as usize] = Class::Quote;
    table[b'\'' as usize] = Class::Quote;
    table[b'\\' as usize] = Class::Backslash;
    table
}

impl<'a> Parser<'a, '_> {
    /// The text whose opening quote is at hand. With `keep = false` it is checked and comes back empty.
    pub(super) fn text(&mut self, quote: u8, keep: bool) -> Result<Cow<'a, str>, Fault> {
        self.at += 1;
        let start = self.at;
        match self.plain_run(quote)? {
            Class::Quote => {
                let text = self.utf8(start)?;
                self.at += 1;
                Ok(Cow::Borrowed(if keep { text } else { "" }))
            }
            _ => self.escaped_text(start, quote).map(Cow::Owned),
        }
    }

    /// Moves to the closing quote or a backslash.
    fn plain_run(&mut self, quote: u8) -> Result<Class, Fault> {
        let mut at = self.at;
        loop {
            while at < self.bytes.len() && CLASSES[usize::from(self.bytes[at])] == Class::Plain {
                at += 1;
            }
            self.at = at;
            match CLASSES[usize::from(self.peek()?)] {
                Class::Quote if self.bytes[at] != quote => at += 1,
                Class::Control => return Err(self.fault(Reason::Control)),
                class => return Ok(class),
            }
        }
    }

    fn escaped_text(&mut self, start: usize, quote: u8) -> Result<String, Fault> {
        let mut text = self.utf8(start)?.to_owned();
        loop {
            let from = self.at;
            if self.plain_run(quote)? == Class::Quote {
                text.push_str(self.utf8(from)?);
                self.at += 1;
                return Ok(text);
            }
            text.push_str(self.utf8(from)?);
            self.escape(&mut text)?;
        }
    }

    /// The bytes from `from` to here as text.
    fn utf8(&self, from: usize) -> Result<&'a str, Fault> {
        std::str::from_utf8(&self.bytes[from..self.at])
            .map_err(|error| Fault { at: from + error.valid_up_to(), ..self.fault(Reason::NotUtf8) })
    }

    fn escape(&mut self, text: &mut String) -> Result<(), Fault> {
        let kind = *self.bytes.get(self.at + 1).ok_or_else(|| self.fault(Reason::End))?;
        let character = match kind {
            b'"' | b'\\' | b'/' => char::from(kind),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode_escape(text),
            _ if self.rules.tolerant => return self.python_escape(kind, text),
            _ => return Err(self.fault(Reason::Escape)),
        };
        text.push(character);
        self.at += 2;
        Ok(())
    }

    fn unicode_escape(&mut self, text: &mut String) -> Result<(), Fault> {
        let first = self.hex(2, 4)?;
        if !(0xd800..0xdc00).contains(&first) {
            return self.push_code(first, 6, text);
        }
        // A first half needs its second: another escape right after it.
        let missing = !self.last && self.bytes.len() < self.at + 12;
        let second = if self.bytes.get(self.at + 6..self.at + 8) == Some(b"\\u") { self.hex(8, 4).ok() } else { None };
        match second {
            Some(second) if (0xdc00..0xe000).contains(&second) => {
                self.push_code(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00), 12, text)
            }
            _ if missing => Err(self.fault(Reason::End)),
            _ => self.push_code(first, 6, text),
        }
    }

    fn python_escape(&mut self, kind: u8, text: &mut String) -> Result<(), Fault> {
        let (code, length) = match kind {
            b'\'' => (u32::from(kind), 2),
            b'a' => (7, 2),
            b'v' => (11, 2),
            b'0' => (0, 2),
            b'x' => (self.hex(2, 2)?, 4),
            b'U' => (self.hex(2, 8)?, 10),
            _ => return Err(self.fault(Reason::Escape)),
        };
        self.liberties.python = true;
        self.push_code(code, length, text)
    }

    /// Half of a surrogate pair is no character: it is replaced, and the record says so.
    fn push_code(&mut self, code: u32, length: usize, text: &mut String) -> Result<(), Fault> {
        let character = char::from_u32(code);
        self.liberties.half_surrogate |= character.is_none();
        text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
        self.at += length;
        Ok(())
    }

    /// `count` hexadecimal digits at `skip` bytes from here.
    fn hex(&self, skip: usize, count: usize) -> Result<u32, Fault> {
        let mut code = 0u32;
        for place in self.at + skip..self.at + skip + count {
            let byte = *self.bytes.get(place).ok_or_else(|| self.fault(Reason::End))?;
            let digit = char::from(byte).to_digit(16).ok_or_else(|| self.fault(Reason::Escape))?;
            code = code << 4 | digit;
        }
        Ok(code)
    }
}
