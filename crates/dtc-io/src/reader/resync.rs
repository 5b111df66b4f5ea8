//! Where the next record may begin after one that cannot be read, in text that is not one record a line.
//!
//! Prefers the bracket that closes the broken record; trusts line starts where brackets do not match.

/// What is known about the broken record.
pub(super) struct Broken<'a> {
    /// White space before it on its line, where it is the first thing on the line.
    pub(super) indent: Option<&'a [u8]>,
    /// Offset and bracket depth of the fault.
    pub(super) fault: (usize, usize),
    /// Single quotes enclose texts in this file.
    pub(super) single_quotes: bool,
}

/// Offset in `bytes` (which start with the broken record) at which to go on; `None`: not in these bytes.
pub(super) fn next_record(bytes: &[u8], broken: &Broken<'_>) -> Option<usize> {
    let (at, depth) = broken.fault;
    // A brace where a field's name belongs: the record before it was not closed.
    if depth == 1 && at > 0 && bytes.get(at) == Some(&b'{') {
        return Some(at);
    }
    if !matches!(bytes.first(), Some(b'{' | b'[' | b'(')) {
        return end_of_stray_text(bytes);
    }
    end_by_brackets(bytes, broken).or_else(|| start_by_pattern(bytes, at))
}

/// The end of something that is no record at all: its line, or the comma or bracket after it.
fn end_of_stray_text(bytes: &[u8]) -> Option<usize> {
    let end = bytes.iter().skip(1).position(|byte| matches!(byte, b'\n' | b',' | b']' | b'{'))?;
    Some(end + 1)
}

/// Follows brackets and quotes to the record's end, or to a line that looks like the next record.
fn end_by_brackets(bytes: &[u8], broken: &Broken<'_>) -> Option<usize> {
    let mut open = Vec::new();
    let mut quote = None;
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (quote, byte) {
            (_, b'\n') => {
                // No text spans lines: one that is still open was not closed.
                quote = None;
                if starts_record(&bytes[at + 1..], broken.indent) {
                    return Some(at + 1);
                }
            }
            (Some(_), b'\\') => at += usize::from(bytes.get(at + 1) != Some(&b'\n')),
            (Some(inside), _) if inside == byte => quote = None,
            (Some(_), _) => {}
            (None, b'"') => quote = Some(byte),
            (None, b'\'') if broken.single_quotes => quote = Some(byte),
            (None, b'{' | b'[' | b'(') => open.push(byte),
            (None, b'}' | b']' | b')') => {
                // A closing bracket of an outer thing ends the record before it.
                match open.iter().rposition(|opened| closes(*opened, byte)) {
                    None => return Some(at),
                    Some(0) => return Some(at + 1),
                    Some(place) => open.truncate(place),
                }
            }
            (None, _) => {}
        }
        at += 1;
    }
    None
}

fn closes(opened: u8, byte: u8) -> bool {
    matches!((opened, byte), (b'{', b'}') | (b'[', b']') | (b'(', b')'))
}

/// Whether a line starts as the broken record's own line did.
fn starts_record(line: &[u8], indent: Option<&[u8]>) -> bool {
    line.strip_prefix(indent.unwrap_or_default()).is_some_and(|rest| rest.starts_with(b"{"))
}

/// The first `}` … `{` after the fault, whatever the quotes say.
fn start_by_pattern(bytes: &[u8], fault: usize) -> Option<usize> {
    let mut closed = false;
    for (at, byte) in bytes.iter().enumerate().skip(fault) {
        match byte {
            b'{' if closed => return Some(at),
            b'}' => closed = true,
            b',' | b' ' | b'\t' | b'\r' | b'\n' => {}
            _ => closed = false,
        }
    }
    None
}
