//! Numbers as JSON writes them: integers of any size exactly, floats rounded as Python rounds them.

use std::sync::Arc;

use dtc_expr::Value;
use num_bigint::BigInt;

use super::fault::{Fault, MAX_DIGITS, Reason};
use super::parse::Parser;

impl Parser<'_, '_> {
    pub(super) fn number(&mut self, keep: bool) -> Result<Value, Fault> {
        let start = self.at;
        let negative = self.bytes[start] == b'-';
        self.at += usize::from(negative);
        if negative && matches!(self.bytes.get(self.at), Some(b'I' | b'i')) {
            return self.negative_infinity();
        }
        let first = self.at;
        let small = self.digits();
        let count = self.at - first;
        if count == 0 && self.at == self.bytes.len() {
            return Err(self.fault(Reason::End));
        }
        if count == 0 || (count > 1 && self.bytes[first] == b'0') {
            self.at = start;
            return Err(self.fault(Reason::Number));
        }
        if matches!(self.bytes.get(self.at), Some(b'.' | b'e' | b'E')) {
            return self.float(start, keep);
        }
        if self.at == self.bytes.len() && !self.last {
            return Err(self.fault(Reason::End));
        }
        if count <= 18 {
            return Ok(Value::Int(if negative { -small } else { small }));
        }
        if count > MAX_DIGITS {
            self.at = start;
            return Err(self.fault(Reason::TooManyDigits));
        }
        Ok(if keep { long_integer(self.slice(start)) } else { Value::None })
    }

    /// Passes a run of digits; gives its value where it has at most 18.
    fn digits(&mut self) -> i64 {
        let mut value = 0i64;
        while let Some(digit @ b'0'..=b'9') = self.bytes.get(self.at) {
            value = value.wrapping_mul(10).wrapping_add(i64::from(digit - b'0'));
            self.at += 1;
        }
        value
    }

    fn float(&mut self, start: usize, keep: bool) -> Result<Value, Fault> {
        if self.bytes[self.at] == b'.' {
            self.at += 1;
            self.some_digits(start)?;
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.some_digits(start)?;
        }
        if self.at == self.bytes.len() && !self.last {
            return Err(self.fault(Reason::End));
        }
        if !keep {
            return Ok(Value::None);
        }
        let number = self.slice(start).parse().map_err(|_| self.fault(Reason::Number))?;
        Ok(Value::Float(number))
    }

    fn some_digits(&mut self, start: usize) -> Result<(), Fault> {
        let first = self.at;
        self.digits();
        if self.at > first {
            return Ok(());
        }
        if self.at == self.bytes.len() {
            return Err(self.fault(Reason::End));
        }
        self.at = start;
        Err(self.fault(Reason::Number))
    }

    fn negative_infinity(&mut self) -> Result<Value, Fault> {
        for word in [&b"Infinity"[..], b"inf"] {
            let rest = &self.bytes[self.at..];
            if rest.starts_with(word) && (word.len() > 3 || self.rules.tolerant) {
                self.at += word.len();
                self.liberties.python |= word.len() == 3;
                return Ok(Value::Float(f64::NEG_INFINITY));
            }
            if !self.last && word.starts_with(rest) {
                return Err(self.fault(Reason::End));
            }
        }
        Err(self.fault(Reason::Number))
    }

    /// The number's text, which is ASCII by its grammar.
    fn slice(&self, start: usize) -> &str {
        std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default()
    }
}

fn long_integer(text: &str) -> Value {
    if let Ok(number) = text.parse::<i64>() {
        return Value::Int(number);
    }
    text.parse::<BigInt>().map_or(Value::None, |number| Value::Big(Arc::new(number)))
}
