//! What a drawing shows as a table: cells as they are read, and as CSV with every digit.

use crate::number::{number, percent};

/// A cell before it is written.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    Text(String),
    Number(f64),
    /// Of 1.
    Share(f64),
    /// A difference, and whether of shares.
    Step(f64, bool),
    Missing,
}

impl Cell {
    pub fn number(number: Option<f64>) -> Cell {
        number.map_or(Cell::Missing, Cell::Number)
    }

    pub fn share(share: Option<f64>) -> Cell {
        share.map_or(Cell::Missing, Cell::Share)
    }

    /// For a reader: about four figures.
    pub fn read(&self) -> String {
        match self {
            Cell::Text(text) => text.clone(),
            Cell::Number(value) => number(*value),
            Cell::Share(share) => percent(*share),
            Cell::Step(step, of_shares) => {
                let sign = if *step > 0.0 { "+" } else { "" };
                match of_shares {
                    true => format!("{sign}{} points", number((step * 1000.0).round() / 10.0)),
                    false => format!("{sign}{}", number(*step)),
                }
            }
            Cell::Missing => "–".to_owned(),
        }
    }

    /// Every digit of a number; nothing for what is missing.
    fn full(&self) -> String {
        match self {
            Cell::Text(text) => quoted(text),
            Cell::Number(number) | Cell::Share(number) | Cell::Step(number, _) => number.to_string(),
            Cell::Missing => String::new(),
        }
    }
}

/// Names of columns with whether they hold numbers, and rows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    pub columns: Vec<(String, bool)>,
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// Its first column holds texts.
    pub fn new(first: &str) -> Table {
        Table { columns: vec![(first.to_owned(), false)], rows: Vec::new() }
    }

    pub fn number(&mut self, name: impl Into<String>) {
        self.columns.push((name.into(), true));
    }

    pub fn text(&mut self, name: impl Into<String>) {
        self.columns.push((name.into(), false));
    }

    pub fn csv(&self) -> String {
        let line = |cells: Vec<String>| format!("{}\n", cells.join(","));
        let mut text = line(self.columns.iter().map(|(name, _)| quoted(name)).collect());
        for row in &self.rows {
            text.push_str(&line(row.iter().map(Cell::full).collect()));
        }
        text
    }
}

/// As RFC 4180 asks. A spreadsheet would run what begins like a formula, so such texts get an apostrophe.
fn quoted(text: &str) -> String {
    let text = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_has_every_digit_and_runs_no_formula() {
        let mut table = Table::new("Touch point");
        table.number("credit, all");
        table.rows = vec![
            vec![Cell::Text("=HYPERLINK(\"x\")".to_owned()), Cell::Number(0.1 + 0.2)],
            vec![Cell::Text("plain".to_owned()), Cell::Missing],
        ];
        let wanted = "Touch point,\"credit, all\"\n\"'=HYPERLINK(\"\"x\"\")\",0.30000000000000004\nplain,\n";
        assert_eq!(table.csv(), wanted);
    }
}
