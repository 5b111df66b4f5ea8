//! A diagnostic with its source lines, for terminals.

use std::io::IsTerminal;
use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use dtc_lang::{Diagnostic, Severity, Span};

use crate::project::Text;

/// Longer lines are data on one line; they are cut around the place.
const LONGEST_LINE: usize = 400;

pub fn in_colour(out: &impl IsTerminal) -> bool {
    out.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

pub fn human(text: &Text, diagnostic: &Diagnostic, colour: bool) -> String {
    let path = text.path.display().to_string();
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let cut = Cut::around(&text.text, diagnostic.primary.span);
    let primary = AnnotationKind::Primary.span(cut.range(diagnostic.primary.span)).label(&diagnostic.primary.text);
    let others = diagnostic.others.iter().filter(|other| cut.holds(other.span));
    let others = others.map(|other| AnnotationKind::Context.span(cut.range(other.span)).label(&other.text));
    let snippet = Snippet::source(cut.text).line_start(cut.line).path(&path).annotation(primary).annotations(others);
    let mut group = level.primary_title(&diagnostic.message).id(&diagnostic.code.0).element(snippet);
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    let mut groups = vec![group];
    groups.extend(fix(&cut, diagnostic, &path));
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    renderer.decor_style(DecorStyle::Unicode).render(&groups)
}

fn fix<'a>(cut: &Cut<'a>, diagnostic: &'a Diagnostic, path: &'a str) -> Option<Group<'a>> {
    let fix = diagnostic.fix.as_ref().filter(|fix| fix.edits.iter().all(|(span, _)| cut.holds(*span)))?;
    let patches = fix.edits.iter().map(|(span, text)| Patch::new(cut.range(*span), text));
    let snippet = Snippet::source(cut.text).line_start(cut.line).path(path).patches(patches);
    Some(Level::HELP.secondary_title(&fix.title).element(snippet))
}

/// The part of a text that is shown: all of it, unless the place is on a very long line.
struct Cut<'a> {
    text: &'a str,
    start: usize,
    line: usize,
}

impl<'a> Cut<'a> {
    fn around(text: &'a str, span: Span) -> Cut<'a> {
        let at = floor(text, span.start as usize);
        let line_start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let line_end = text[at..].find('\n').map_or(text.len(), |end| at + end);
        if line_end - line_start <= LONGEST_LINE {
            return Cut { text, start: 0, line: 1 };
        }
        let start = floor(text, at.saturating_sub(LONGEST_LINE / 4).max(line_start));
        let end = floor(text, (at + LONGEST_LINE / 2).min(line_end));
        let line = text[..start].bytes().filter(|byte| *byte == b'\n').count() + 1;
        Cut { text: &text[start..end], start, line }
    }

    fn holds(&self, span: Span) -> bool {
        span.start as usize >= self.start && span.end as usize <= self.start + self.text.len()
    }

    fn range(&self, span: Span) -> Range<usize> {
        let start = floor(self.text, (span.start as usize).saturating_sub(self.start));
        let end = floor(self.text, (span.end as usize).saturating_sub(self.start));
        start..end.max(start)
    }
}

fn floor(text: &str, offset: usize) -> usize {
    let mut at = offset.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
