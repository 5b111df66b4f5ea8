//! Texts one after the other in a text, each behind its length, which is written as a character.
//! Refuses texts that are too long for that.

use std::sync::Arc;

/// Lengths are characters below the surrogates.
const LONGEST: usize = 0xd7ff;

fn length(text: &str) -> Option<char> {
    u32::try_from(text.len()).ok().filter(|length| *length as usize <= LONGEST).and_then(char::from_u32)
}

/// Adds a text; `false` and nothing added where it is too long.
#[inline]
pub(super) fn write(all: &mut String, text: &str) -> bool {
    let Some(length) = length(text) else { return false };
    all.push(length);
    all.push_str(text);
    true
}

/// The text that was added when `all` was so long.
#[inline]
pub(super) fn at(all: &str, spot: usize) -> &str {
    let Some(rest) = all.get(spot..) else { return "" };
    let Some(length) = rest.chars().next() else { return "" };
    let start = length.len_utf8();
    rest.get(start..start + length as usize).unwrap_or("")
}

/// Where texts lie that are added to nothing.
pub fn spots(texts: &[Arc<str>]) -> impl Iterator<Item = usize> {
    texts.iter().scan(0, |end, text| {
        let spot = *end;
        *end += length(text).map_or(0, |length| length.len_utf8() + text.len());
        Some(spot)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back() {
        let texts: Vec<Arc<str>> =
            ["", "a", "später", &"x".repeat(127), &"é".repeat(64), &"y".repeat(LONGEST)].map(Arc::from).to_vec();
        let mut all = String::new();
        for (text, spot) in texts.iter().zip(spots(&texts)) {
            assert_eq!(all.len(), spot);
            assert!(write(&mut all, text));
            assert_eq!(at(&all, spot), &**text);
        }
        assert!(!write(&mut all, &"z".repeat(LONGEST + 1)));
        assert_eq!((at(&all, all.len()), at(&all, usize::MAX)), ("", ""));
    }
}
