//! `dtc validate`: every problem of every document, with its place; one file's trouble hides no other's.

use std::io::{self, Write};

use dtc_lang::Severity;

use crate::args::{ReportFormat, Validate};
use crate::checking::{Checked, Checker};
use crate::failure::{Failure, Outcome, printing};
use crate::project::{self, Text};
use crate::render::{human, in_colour};
use crate::report::{FileReport, Report, count};
use crate::texts::{Unreadable, gather};

pub fn run(arguments: &Validate) -> Outcome {
    let (texts, unreadable) = gather(&arguments.files)?;
    let mut checker = Checker::new(arguments.compat.is_some());
    checker.learn(&texts)?;
    let mut checked = Vec::new();
    for text in texts {
        let text = if arguments.fix { fix(&mut checker, text)? } else { text };
        let mut one = checker.check(text)?;
        if arguments.compat.is_some() {
            one.diagnostics = dtc_lang::blurr_verdict(&one.text.text, one.diagnostics);
        }
        checked.push(one);
    }
    checked.extend(checker.script_faults());
    let mut out = io::stdout().lock();
    match arguments.format {
        ReportFormat::Human => print_human(&mut out, &checked, &unreadable),
        ReportFormat::Json => print_json(&mut out, &checked, &unreadable),
    }
    .map_err(|error| printing(&error))?;
    let errors = count(&checked, Severity::Error) + unreadable.len();
    if errors > 0 { Err(Failure::Reported) } else { Ok(()) }
}

/// Writes the cured text over the file, in one step, and says on standard error what was changed.
fn fix(checker: &mut Checker, text: Text) -> Outcome<Text> {
    let fixed = dtc_lang::fix_all(&text.text, &checker.project_of(&text.path)?);
    if fixed.titles.is_empty() {
        return Ok(text);
    }
    project::write(&text.path, &fixed.text)?;
    for title in &fixed.titles {
        eprintln!("fixed: {}: {title}", text.path.display());
    }
    Ok(Text { text: fixed.text, ..text })
}

fn print_human(out: &mut impl Write, checked: &[Checked], unreadable: &[Unreadable]) -> io::Result<()> {
    let colour = in_colour(&io::stdout());
    for one in checked {
        for diagnostic in &one.diagnostics {
            writeln!(out, "{}\n", human(&one.text, diagnostic, colour))?;
        }
    }
    for file in unreadable {
        writeln!(out, "error: {}\n", file.reason)?;
    }
    for one in checked.iter().filter(|one| one.diagnostics.is_empty()) {
        writeln!(out, "{} is valid", one.text.path.display())?;
    }
    let errors = count(checked, Severity::Error) + unreadable.len();
    let warnings = count(checked, Severity::Warning);
    if errors + warnings > 0 {
        writeln!(out, "{}, {}", plural(errors, "error"), plural(warnings, "warning"))?;
    }
    Ok(())
}

fn print_json(out: &mut impl Write, checked: &[Checked], unreadable: &[Unreadable]) -> io::Result<()> {
    let mut files: Vec<FileReport<'_>> = checked.iter().map(FileReport::of).collect();
    files.extend(unreadable.iter().map(|file| FileReport::unreadable(file.path.display().to_string(), &file.reason)));
    let errors = count(checked, Severity::Error) + unreadable.len();
    let report = Report { files, errors, warnings: count(checked, Severity::Warning) };
    serde_json::to_writer_pretty(&mut *out, &report)?;
    writeln!(out)
}

fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
