//! One thing that a layer does not like: where it is, which rule says so, and what it says.

use std::fmt;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Finding {
    /// Inside the bundle.
    pub file: String,
    pub line: Option<usize>,
    /// Logical id, or the state of a machine.
    pub place: Option<String>,
    pub rule: Option<String>,
    pub message: String,
}

impl Finding {
    pub fn new(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file: file.into(), message: message.into(), ..Self::default() }
    }

    pub fn line(self, line: Option<usize>) -> Self {
        Self { line, ..self }
    }

    pub fn place(self, place: impl Into<String>) -> Self {
        Self { place: Some(place.into()), ..self }
    }

    pub fn rule(self, rule: impl Into<String>) -> Self {
        Self { rule: Some(rule.into()), ..self }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(out, ":{line}")?;
        }
        for part in [&self.place, &self.rule].into_iter().flatten() {
            write!(out, " {part}")?;
        }
        write!(out, ": {}", self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::Finding;

    #[test]
    fn names_what_it_knows() {
        let finding = Finding::new("template.yaml", "no TTL").line(Some(7)).place("OffersTable").rule("tables_safe");
        assert_eq!(finding.to_string(), "template.yaml:7 OffersTable tables_safe: no TTL");
        assert_eq!(Finding::new("a", "b").to_string(), "a: b");
    }
}
