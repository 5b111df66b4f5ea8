//! Thirty-two bytes of a JSON text at once: where it may end, and where it is not ASCII. One bit a byte, the first
//! byte lowest. Refuses to know what comes before or after.

use wide::u8x32;

/// What was found among the bytes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Found {
    /// Quotes, backslashes and control characters.
    pub ends: u32,
    /// Bytes outside ASCII.
    pub high: u32,
}

#[inline]
pub(super) fn chunk(bytes: &[u8; 32]) -> Found {
    let bytes = u8x32::new(*bytes);
    let is = |byte: u8| bytes.simd_eq(u8x32::splat(byte));
    let control = bytes.min(u8x32::splat(0x1f)).simd_eq(bytes);
    Found { ends: (is(b'"') | is(b'\\') | control).to_bitmask(), high: bytes.to_bitmask() }
}

#[cfg(test)]
mod tests {
    use super::{Found, chunk};

    #[test]
    fn every_byte_is_found_in_every_place() {
        for byte in 0..=u8::MAX {
            for place in 0..32 {
                let mut bytes = *b"abcdefghABCDEFGHijklmnopIJKLMNOP";
                bytes[place] = byte;
                let bit = |holds: bool| u32::from(holds) << place;
                let ends = bit(byte < 0x20 || byte == b'"' || byte == b'\\');
                assert_eq!(chunk(&bytes), Found { ends, high: bit(byte >= 0x80) }, "{byte} at {place}");
            }
        }
    }
}
