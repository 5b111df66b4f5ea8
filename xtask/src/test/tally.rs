//! Counts tests in what test programs print (`test result: ok. 3 passed; 1 failed; …`).

#[derive(Debug, Default, PartialEq)]
pub struct Tally {
    pub passed: usize,
    pub failed: usize,
    /// The tests that failed.
    pub names: Vec<String>,
}

impl Tally {
    pub fn passed() -> Self {
        Self { passed: 1, ..Self::default() }
    }

    pub fn failed() -> Self {
        Self { failed: 1, ..Self::default() }
    }

    pub fn and(&self, other: &Self) -> Self {
        let names = self.names.iter().chain(&other.names).cloned().collect();
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed, names }
    }

    /// For a run that ended badly without a test that did, such as one that did not compile.
    pub fn at_least_one_failed(mut self) -> Self {
        self.failed = self.failed.max(1);
        self
    }

    pub fn read(&mut self, line: &str) {
        if let Some(counts) = line.strip_prefix("test result: ") {
            self.passed += number_before(counts, " passed");
            self.failed += number_before(counts, " failed");
        } else if let Some(name) = line.strip_prefix("test ").and_then(|rest| rest.strip_suffix("... FAILED")) {
            self.names.push(name.trim().to_owned());
        }
    }
}

fn number_before(text: &str, word: &str) -> usize {
    let Some(end) = text.find(word) else { return 0 };
    text[..end]
        .rsplit(|letter: char| !letter.is_ascii_digit())
        .next()
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn counts_several_programs() {
        let mut tally = Tally::default();
        for line in [
            "running 3 tests",
            "test wasm::tests::reads ... ok",
            "test gzip::packs ... FAILED",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: ok. 12 passed; 0 failed; 0 ignored",
        ] {
            tally.read(line);
        }
        assert_eq!((tally.passed, tally.failed), (14, 1));
        assert_eq!(tally.names, ["gzip::packs"]);
    }

    #[test]
    fn a_run_that_did_not_compile_counts_as_failed() {
        assert_eq!(Tally::default().at_least_one_failed().failed, 1);
    }
}
