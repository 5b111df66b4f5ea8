//! Positions in a text: byte spans inside, lines and columns of characters or UTF-16 units at the edges.
//!
//! Tolerant: an offset past the end or inside a character gives the nearest place before it.

use serde::{Deserialize, Serialize};

/// A range of bytes in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    pub start: u32,
    pub end: u32,
}

impl Span {
    pub fn new(start: usize, end: usize) -> Span {
        let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Span { start: clamp(start), end: clamp(end.max(start)) }
    }
    /// The smallest span that holds both.
    pub fn to(self, other: Span) -> Span {
        Span { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
    /// Cut to the text and widened to whole characters.
    pub fn within(self, text: &str) -> Span {
        let start = floor_boundary(text, self.start as usize);
        let mut end = (self.end as usize).clamp(start, text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        Span::new(start, end)
    }
    /// The text at the span; empty where the span does not fit the text.
    pub fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or("")
    }
}

/// Line starts of a text, to turn byte offsets into what people and Monaco count.
/// A line ends at `\n`, `\r\n` or a lone `\r`, as YAML and Monaco have it.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    pub fn new(text: &str) -> LineIndex {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (i, byte) in bytes.iter().enumerate() {
            let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(i + 1) != Some(&b'\n'));
            if ends {
                starts.push(u32::try_from(i + 1).unwrap_or(u32::MAX));
            }
        }
        LineIndex { starts }
    }

    /// Line and column from 1; columns count Unicode characters (for terminals).
    pub fn line_column(&self, text: &str, offset: u32) -> (u32, u32) {
        let (line, before) = self.before(text, offset);
        (line, 1 + count(before.chars().count()))
    }

    /// Line and column from 1; columns count UTF-16 units (Monaco's positions).
    pub fn utf16_position(&self, text: &str, offset: u32) -> (u32, u32) {
        let (line, before) = self.before(text, offset);
        (line, 1 + count(before.encode_utf16().count()))
    }

    /// Byte offset of a line and a column counted in characters, both from 1.
    pub fn offset(&self, text: &str, line: u32, column: u32) -> u32 {
        self.walk(text, line, column, |_| 1)
    }

    /// Byte offset of a line and a column counted in UTF-16 units, both from 1.
    pub fn utf16_offset(&self, text: &str, line: u32, column: u32) -> u32 {
        self.walk(text, line, column, |character| count(character.len_utf16()))
    }

    /// Number of lines; an empty text has one.
    pub fn lines(&self) -> u32 {
        count(self.starts.len())
    }

    /// The line's text without its line end; empty for a line that does not exist.
    pub fn line<'t>(&self, text: &'t str, line: u32) -> &'t str {
        let index = line.max(1) as usize - 1;
        let Some(start) = self.starts.get(index) else { return "" };
        let end = self.starts.get(index + 1).map_or(text.len(), |end| *end as usize);
        text.get(*start as usize..end).unwrap_or("").trim_end_matches(['\n', '\r'])
    }

    /// The line that holds `offset`, and its text up to there.
    fn before<'t>(&self, text: &'t str, offset: u32) -> (u32, &'t str) {
        let offset = floor_boundary(text, offset as usize);
        let line = self.starts.partition_point(|start| *start as usize <= offset).max(1);
        let start = self.starts[line - 1] as usize;
        (count(line), text.get(start..offset).unwrap_or(""))
    }

    fn walk(&self, text: &str, line: u32, column: u32, width: impl Fn(char) -> u32) -> u32 {
        if line == 0 {
            return 0;
        }
        let Some(start) = self.starts.get(line as usize - 1) else {
            return count(text.len());
        };
        let mut at = *start;
        let mut here = 1;
        for character in self.line(text, line).chars() {
            let next = here + width(character);
            if next > column {
                break;
            }
            here = next;
            at += count(character.len_utf8());
        }
        at
    }
}

/// The nearest character boundary at or before `offset`.
pub(crate) fn floor_boundary(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_go_both_ways() {
        let text = "a: ä\r\nb: 😀x\rlast";
        let index = LineIndex::new(text);
        assert_eq!(index.lines(), 3);
        for (offset, _) in text.char_indices() {
            let offset = offset as u32;
            if matches!(text.as_bytes()[offset as usize], b'\r' | b'\n') {
                continue;
            }
            let (line, column) = index.line_column(text, offset);
            assert_eq!(index.offset(text, line, column), offset);
            let (line, column) = index.utf16_position(text, offset);
            assert_eq!(index.utf16_offset(text, line, column), offset);
        }
        let x = text.find('x').unwrap() as u32;
        assert_eq!(index.line_column(text, x), (2, 5));
        assert_eq!(index.utf16_position(text, x), (2, 6));
        assert_eq!(index.line(text, 2), "b: 😀x");
    }

    #[test]
    fn out_of_range_is_the_nearest_place() {
        let text = "a\nbä";
        let index = LineIndex::new(text);
        assert_eq!(index.line_column(text, 99), (2, 3));
        assert_eq!(index.line_column(text, 4), (2, 2), "inside the two bytes of ä");
        assert_eq!(index.offset(text, 9, 9), 5);
        assert_eq!(index.offset(text, 1, 99), 1);
        assert_eq!(index.offset(text, 0, 0), 0);
        assert_eq!(LineIndex::new("").line_column("", 7), (1, 1));
    }
}
