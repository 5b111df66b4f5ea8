//! The charts' colours and font, read from the page's tokens as they are now.

use charts::Style;

use crate::page_js::token;

const SERIES: usize = 7;

/// Call again when the theme changes.
pub fn from_tokens() -> Style {
    Style {
        background: token("--surface-0"),
        text: token("--text-1"),
        dim_text: token("--text-3"),
        grid: token("--line-1"),
        series: (1..=SERIES).map(|place| token(&format!("--series-{place}"))).collect(),
        font_family: token("--font"),
        font_size: 12,
    }
}
