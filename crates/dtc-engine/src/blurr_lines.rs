//! Blurr's own output: JSON Lines, `["identity/group/dimensions/time", {fields}]` per stored record,
//! or `["identity", [rows]]` with a window document (LANGUAGE.md B.11).

use std::borrow::Cow;
use std::io::{Error, ErrorKind, Write};

use dtc_expr::{Mode, Value};

use crate::output::{IdentityOutput, Output, Record, RecordKey, WindowRow, escape};
use crate::plan::Plan;

/// Prints an output as Blurr's command line does.
pub struct BlurrLines<'a> {
    pub output: &'a Output,
    pub plan: &'a Plan,
}

impl BlurrLines<'_> {
    /// Writes every line to `out`; the error is the writer's, or tells which value JSON cannot hold.
    pub fn write(&self, out: &mut dyn Write) -> std::io::Result<()> {
        let mut lines = IdentityLines { plan: self.plan, line: String::new() };
        self.output.identities.iter().try_for_each(|identity| lines.write(identity, out))
    }
}

/// Prints one identity after the other.
pub(crate) struct IdentityLines<'p> {
    pub(crate) plan: &'p Plan,
    pub(crate) line: String,
}

impl IdentityLines<'_> {
    pub(crate) fn write(&mut self, identity: &IdentityOutput, out: &mut dyn Write) -> std::io::Result<()> {
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        if self.plan.window.is_some() {
            self.window_line(identity, &mut line)?;
            out.write_all(line.as_bytes())?;
        } else {
            for record in &identity.records {
                line.clear();
                self.record_line(&identity.identity, record, &mut line)?;
                out.write_all(line.as_bytes())?;
            }
        }
        self.line = line;
        Ok(())
    }

    fn record_line(&self, identity: &str, record: &Record, line: &mut String) -> std::io::Result<()> {
        let aggregate = &self.plan.aggregates[record.aggregate];
        line.push('[');
        json(&Value::from(self.key(identity, record)), line)?;
        line.push_str(", {");
        for (index, ((name, _), value)) in aggregate.columns.iter().zip(&record.values).enumerate() {
            entry(index, name, value, line)?;
        }
        line.push_str("}]\n");
        Ok(())
    }

    fn window_line(&self, identity: &IdentityOutput, line: &mut String) -> std::io::Result<()> {
        line.push('[');
        json(&Value::Str(identity.identity.clone()), line)?;
        line.push_str(", [");
        for (index, row) in identity.rows.iter().enumerate() {
            line.push_str(if index == 0 { "{" } else { ", {" });
            self.row_entries(row, line)?;
            line.push('}');
        }
        line.push_str("]]\n");
        Ok(())
    }

    /// A column met twice keeps its first place and its last value, as a Python dict does.
    fn row_entries(&self, row: &WindowRow, line: &mut String) -> std::io::Result<()> {
        let mut written = 0;
        let cells: Vec<(Cow<'_, str>, &Value)> = row.cells().collect();
        for (index, (name, value)) in cells.iter().enumerate() {
            if cells[..index].iter().any(|(earlier, _)| earlier == name) {
                continue;
            }
            let last = cells[index + 1..].iter().rev().find(|(later, _)| later == name);
            entry(written, name, last.map_or(value, |(_, value)| value), line)?;
            written += 1;
        }
        Ok(())
    }

    /// `identity/group/dim1:dim2/` or `identity/group//time`.
    fn key(&self, identity: &str, record: &Record) -> String {
        let part = |text: &str| match self.plan.mode {
            Mode::Blurr => text.to_string(),
            Mode::Studio => escape(text),
        };
        let group = &self.plan.aggregates[record.aggregate].name;
        match &record.key {
            RecordKey::Dimensions(texts) => {
                let texts: Vec<String> = texts.iter().map(|text| part(text)).collect();
                format!("{}/{group}/{}/", part(identity), texts.join(":"))
            }
            RecordKey::Time(start) => {
                format!("{}/{group}//{}", part(identity), start.map(|start| start.isoformat()).unwrap_or_default())
            }
        }
    }
}

fn entry(index: usize, name: &str, value: &Value, line: &mut String) -> std::io::Result<()> {
    if index > 0 {
        line.push_str(", ");
    }
    json(&Value::from(name), line)?;
    line.push_str(": ");
    match value {
        Value::DateTime(time) => json(&Value::from(time.isoformat()), line),
        Value::Set(_, items) => {
            let mut texts: Vec<(String, &Value)> = items.iter().map(|item| (item.to_text(), item)).collect();
            texts.sort_by(|a, b| a.0.cmp(&b.0));
            line.push('[');
            for (index, (_, item)) in texts.iter().enumerate() {
                line.push_str(if index == 0 { "" } else { ", " });
                json(item, line)?;
            }
            line.push(']');
            Ok(())
        }
        value => json(value, line),
    }
    .map_err(|error| Error::new(ErrorKind::InvalidData, format!("column `{name}`: {error}")))
}

fn json(value: &Value, line: &mut String) -> std::io::Result<()> {
    value.write_json(line).map_err(|reason| Error::new(ErrorKind::InvalidData, reason))
}
