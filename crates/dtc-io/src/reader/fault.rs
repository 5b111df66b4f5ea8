//! Why a record cannot be read, found while parsing and put into words once.

/// Where parsing stopped and why. `at` counts from the start of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) at: usize,
    /// Brackets open at that place.
    pub(super) depth: usize,
    pub(super) reason: Reason,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reason {
    /// The input ended inside the record (or has not been read that far yet).
    End,
    /// Something else stands where this was needed.
    Expected(&'static str),
    Control,
    Escape,
    NotUtf8,
    TooDeep,
    TooLong,
    Number,
    TooManyDigits,
}

pub(super) const MAX_DEPTH: usize = 128;
pub(super) const MAX_RECORD: usize = 64 * 1024 * 1024;
/// Python's own limit on turning text into an integer.
pub(super) const MAX_DIGITS: usize = 4300;

impl Fault {
    /// The reason in the user's words; `record` is what has been read from the record's start.
    pub(super) fn describe(&self, record: &[u8]) -> String {
        let found = found(&record[self.at.min(record.len())..]);
        match self.reason {
            Reason::End => "the record is cut short: a bracket or a quote is not closed".to_owned(),
            Reason::Expected(_) if self.at == 0 => format!("a record (an object in braces) expected, found {found}"),
            Reason::Expected(what) => format!("{what} expected, found {found}"),
            Reason::Control => format!("{found} inside a text; close the quote before it or write it as an escape"),
            Reason::Escape => "unknown escape after `\\` in a text".to_owned(),
            Reason::NotUtf8 => "not UTF-8 text; save the file as UTF-8".to_owned(),
            Reason::TooDeep => format!("nested more than {MAX_DEPTH} levels deep"),
            Reason::TooLong => format!("the record is longer than {} MiB", MAX_RECORD / 1024 / 1024),
            Reason::Number => "not a number as JSON writes it".to_owned(),
            Reason::TooManyDigits => format!("an integer of more than {MAX_DIGITS} digits"),
        }
    }
}

/// Names the character at the place of a fault.
fn found(bytes: &[u8]) -> String {
    match bytes.first() {
        None => "the end".to_owned(),
        Some(b'\n' | b'\r') => "the end of the line".to_owned(),
        Some(b'\t') => "a tab".to_owned(),
        Some(byte) if byte.is_ascii_control() => format!("the control character 0x{byte:02x}"),
        Some(byte) if byte.is_ascii_alphanumeric() => {
            let word = bytes.iter().take(20).take_while(|byte| byte.is_ascii_alphanumeric()).count();
            format!("`{}`", String::from_utf8_lossy(&bytes[..word]))
        }
        Some(_) => {
            let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4)]);
            text.chars().next().map_or_else(|| "the end".to_owned(), |first| format!("`{first}`"))
        }
    }
}
