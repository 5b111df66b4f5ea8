//! The lines that the parser is shown: as written, blanked, or changed while repairing a fault, with
//! the way back from a place in them to the place in the document.

use std::ops::Range;

#[derive(Debug, Clone)]
pub struct Lines<'t> {
    pub text: &'t str,
    lines: Vec<Line>,
}

#[derive(Debug, Clone)]
struct Line {
    /// Place in the document, line end included.
    range: Range<usize>,
    shown: Shown,
}

#[derive(Debug, Clone)]
enum Shown {
    AsWritten,
    /// Only the line end.
    Blank,
    /// Other bytes; `map` gives the byte in the line that each stands for.
    Changed {
        text: String,
        map: Vec<usize>,
    },
}

/// The text shown and how its lines lie in it.
pub struct Rendered {
    pub text: String,
    starts: Vec<usize>,
    /// Byte of each character, only for a text that is not ASCII.
    characters: Option<Vec<usize>>,
}

impl<'t> Lines<'t> {
    /// `start` skips a byte order mark.
    pub fn new(text: &'t str, start: usize) -> Lines<'t> {
        let mut lines = Vec::new();
        let mut at = start;
        for line in text[start..].split_inclusive('\n') {
            lines.push(Line { range: at..at + line.len(), shown: Shown::AsWritten });
            at += line.len();
        }
        Lines { text, lines }
    }

    /// The same lines, cut off below.
    pub fn first(&self, count: usize) -> Lines<'t> {
        Lines { text: self.text, lines: self.lines[..count.min(self.lines.len())].to_vec() }
    }
    pub fn count(&self) -> usize {
        self.lines.len()
    }
    /// Place of the line in the document, without its line end.
    pub fn range(&self, line: usize) -> Range<usize> {
        let Some(Line { range, .. }) = self.lines.get(line) else { return self.text.len()..self.text.len() };
        range.start..range.start + self.text[range.clone()].trim_end_matches(['\n', '\r']).len()
    }
    /// The line as it is shown now, without its line end.
    pub fn shown(&self, line: usize) -> &str {
        let Some(found) = self.lines.get(line) else { return "" };
        match &found.shown {
            Shown::AsWritten => self.text[found.range.clone()].trim_end_matches(['\n', '\r']),
            Shown::Blank => "",
            Shown::Changed { text, .. } => text,
        }
    }
    pub fn is_changed(&self, line: usize) -> bool {
        self.lines.get(line).is_some_and(|line| matches!(line.shown, Shown::Changed { .. }))
    }

    pub fn blank(&mut self, line: usize) {
        if let Some(line) = self.lines.get_mut(line) {
            line.shown = Shown::Blank;
        }
    }

    /// Replaces the line's leading blanks by `spaces` spaces.
    pub fn indent(&mut self, line: usize, spaces: usize) {
        let old = self.shown(line);
        let body = old.trim_start_matches([' ', '\t']);
        let cut = old.len() - body.len();
        let text = format!("{}{body}", " ".repeat(spaces));
        let map = (0..spaces).map(|i| i.min(cut)).chain(cut..=old.len()).map(|i| self.back(line, i)).collect();
        self.set(line, text, map);
    }

    /// Puts the part from `start` on the shown line in quotes.
    pub fn quote(&mut self, line: usize, part: Range<usize>) {
        let old = self.shown(line);
        let Some(body) = old.get(part.clone()) else { return };
        let mark = if body.contains(['"', '\\']) { '\'' } else { '"' };
        let mut text = String::from(&old[..part.start]);
        let mut map: Vec<usize> = (0..part.start).collect();
        text.push(mark);
        map.push(part.start);
        for (at, character) in body.char_indices() {
            let copies = if character == '\'' && mark == '\'' { 2 } else { 1 };
            for _ in 0..copies {
                text.push(character);
                map.extend((0..character.len_utf8()).map(|i| part.start + at + i));
            }
        }
        text.push(mark);
        map.push(part.end);
        text.push_str(&old[part.end..]);
        map.extend(part.end..=old.len());
        let map = map.into_iter().map(|i| self.back(line, i)).collect();
        self.set(line, text, map);
    }

    /// Adds a mark at the end of the line.
    pub fn append(&mut self, line: usize, mark: char) {
        let old = self.shown(line).trim_end();
        let text = format!("{old}{mark}");
        let map = (0..=old.len()).chain([old.len()]).map(|i| self.back(line, i)).collect();
        self.set(line, text, map);
    }

    pub fn render(&self) -> Rendered {
        let mut text = String::with_capacity(self.text.len());
        let mut starts = Vec::with_capacity(self.lines.len());
        for (index, line) in self.lines.iter().enumerate() {
            starts.push(text.len());
            match &line.shown {
                Shown::AsWritten => text.push_str(&self.text[line.range.clone()]),
                Shown::Blank | Shown::Changed { .. } => {
                    text.push_str(self.shown(index));
                    text.push('\n');
                }
            }
        }
        let characters = (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).collect());
        Rendered { text, starts, characters }
    }

    /// The line and the document's byte for a character of the rendered text.
    pub fn place(&self, rendered: &Rendered, character: usize) -> (usize, usize) {
        let byte = match &rendered.characters {
            Some(characters) => characters.get(character).copied().unwrap_or(rendered.text.len()),
            None => character.min(rendered.text.len()),
        };
        let line = rendered.starts.partition_point(|start| *start <= byte).saturating_sub(1);
        match self.lines.get(line) {
            Some(found) => (line, found.range.start + self.back(line, byte - rendered.starts[line])),
            None => (line, self.text.len()),
        }
    }

    /// From a byte of the shown line to the byte of the line as written.
    fn back(&self, line: usize, byte: usize) -> usize {
        let Some(found) = self.lines.get(line) else { return 0 };
        let length = found.range.len();
        match &found.shown {
            Shown::AsWritten => byte.min(length),
            Shown::Blank => 0,
            Shown::Changed { map, .. } => map.get(byte).copied().unwrap_or(length).min(length),
        }
    }

    fn set(&mut self, line: usize, text: String, map: Vec<usize>) {
        if let Some(line) = self.lines.get_mut(line) {
            line.shown = Shown::Changed { text, map };
        }
    }
}
