//! The command lines of the measured programs: words, and options with a value or without.

use std::str::FromStr;

use anyhow::{Context, Result, bail};

pub struct Arguments {
    rest: Vec<String>,
}

impl Arguments {
    pub fn from_env() -> Arguments {
        Arguments { rest: std::env::args().skip(1).collect() }
    }

    /// The value after `name`, taken out.
    pub fn option<T: FromStr>(&mut self, name: &str) -> Result<Option<T>> {
        let Some(at) = self.rest.iter().position(|word| word == name) else { return Ok(None) };
        self.rest.remove(at);
        if at >= self.rest.len() {
            bail!("{name} wants a value");
        }
        let value = self.rest.remove(at);
        match value.parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => bail!("{name} cannot be {value}"),
        }
    }

    pub fn flag(&mut self, name: &str) -> bool {
        let found = self.rest.iter().position(|word| word == name);
        found.map(|at| self.rest.remove(at)).is_some()
    }

    /// The next word; `what` names it where it is missing.
    pub fn word(&mut self, what: &str) -> Result<String> {
        let word = (!self.rest.is_empty()).then(|| self.rest.remove(0));
        word.with_context(|| format!("{what} is missing"))
    }

    pub fn done(self) -> Result<()> {
        match self.rest.first() {
            None => Ok(()),
            Some(word) => bail!("`{word}` means nothing here"),
        }
    }
}
