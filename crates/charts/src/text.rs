//! Widths of texts without fonts, and clipping by them. An estimate on the wide side: the reader's
//! system font decides the truth.

/// Width in pixels at a font size.
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(em).sum::<f64>() * size
}

fn em(c: char) -> f64 {
    match c {
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | 'I' => 0.3,
        'f' | 't' | 'r' | ' ' | '(' | ')' | '[' | ']' | '-' | '/' => 0.4,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '…' => 0.9,
        'A'..='Z' => 0.7,
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' => 0.0,
        // From Hangul on most scripts are as wide as high.
        '\u{1100}'.. => 1.0,
        _ => 0.6,
    }
}

/// The text, cut with an ellipsis where it is wider than `room` pixels.
pub fn clip(text: &str, room: f64, size: f64) -> String {
    if width(text, size) <= room {
        return text.to_string();
    }
    let mut used = em('…') * size;
    let kept: String = text
        .chars()
        .take_while(|c| {
            used += em(*c) * size;
            used <= room
        })
        .collect();
    format!("{}…", kept.trim_end())
}

/// The text without characters that XML forbids or that would turn the line around.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\t' | '\n' | '\r' => ' ',
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
            c if c.is_control() => '\u{fffd}',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clips_to_the_room() {
        assert_eq!(clip("short", 100.0, 12.0), "short");
        let long = clip("a very long name of a touch point", 80.0, 12.0);
        assert!(long.ends_with('…') && width(&long, 12.0) <= 80.0, "{long}");
        assert_eq!(clip("任意の長い名前", 30.0, 12.0), "任…");
        assert_eq!(clip("x", 0.0, 12.0), "…");
        assert_eq!(printable("a\u{0}b\u{202e}c\nd"), "a\u{fffd}b\u{fffd}c d");
    }
}
