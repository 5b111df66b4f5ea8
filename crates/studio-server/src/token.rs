//! The secret of one start: whoever was shown the printed address has it, nobody else.

use std::fmt::Write;

#[derive(Clone)]
pub(crate) struct Token(String);

impl Token {
    /// 128 bits from the operating system.
    pub(crate) fn random() -> Result<Token, getrandom::Error> {
        let mut bytes = [0u8; 16];
        getrandom::fill(&mut bytes)?;
        let text = bytes.iter().fold(String::new(), |mut text, byte| {
            write!(text, "{byte:02x}").expect("writing to a String never fails");
            text
        });
        Ok(Token(text))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// Compares in the same time whatever the difference is.
    pub(crate) fn is(&self, other: &str) -> bool {
        let same_length = self.0.len() == other.len();
        let difference = self.0.bytes().zip(other.bytes()).fold(0, |seen, (a, b)| seen | (a ^ b));
        same_length && difference == 0
    }
}
