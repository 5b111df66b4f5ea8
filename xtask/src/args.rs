//! The command line, read in the order a command asks for it: flags, options, then words.
//! Refuses what nobody asked for.

use anyhow::{Result, bail};

pub struct Args {
    rest: Vec<String>,
}

impl Args {
    pub fn from_env() -> Self {
        Self { rest: std::env::args().skip(1).collect() }
    }

    /// The first word that is no flag.
    pub fn next_word(&mut self) -> Option<String> {
        let at = self.rest.iter().position(|word| !word.starts_with("--"))?;
        Some(self.rest.remove(at))
    }

    pub fn flag(&mut self, name: &str) -> bool {
        let found = self.rest.iter().position(|word| word == name);
        if let Some(at) = found {
            self.rest.remove(at);
        }
        found.is_some()
    }

    /// `--name value` or `--name=value`.
    pub fn option(&mut self, name: &str) -> Result<Option<String>> {
        let with_equals = format!("{name}=");
        let Some(at) = self.rest.iter().position(|word| word == name || word.starts_with(&with_equals)) else {
            return Ok(None);
        };
        let word = self.rest.remove(at);
        if let Some(value) = word.strip_prefix(&with_equals) {
            return Ok(Some(value.to_owned()));
        }
        if at >= self.rest.len() {
            bail!("{name} wants a value");
        }
        Ok(Some(self.rest.remove(at)))
    }

    pub fn done(self) -> Result<()> {
        match self.rest.first() {
            None => Ok(()),
            Some(word) => bail!("`{word}` means nothing here; `cargo xtask help` lists what does"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Args;

    fn args(words: &[&str]) -> Args {
        Args { rest: words.iter().map(|word| (*word).to_owned()).collect() }
    }

    #[test]
    fn reads_flags_options_and_words_in_any_order() {
        let mut args = args(&["--web", "folder", "--port", "8080"]);
        assert!(args.flag("--web"));
        assert!(!args.flag("--desktop"));
        assert_eq!(args.option("--port").unwrap().as_deref(), Some("8080"));
        assert_eq!(args.next_word().as_deref(), Some("folder"));
        args.done().unwrap();
    }

    #[test]
    fn refuses_what_nobody_asked_for() {
        assert!(args(&["--colour"]).done().is_err());
        assert!(args(&["--port"]).option("--port").is_err());
    }
}
