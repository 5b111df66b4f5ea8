//! Colours of drawings outside of the page: its tokens as variables, or light and dark as they are in a file.

use crate::{Chart, Style};

/// Stands for a token while it is drawn; no other colour is like these.
const STAND_INS: [(&str, &str); 11] = [
    ("#FE0101", "--surface-0"),
    ("#FE0102", "--text-1"),
    ("#FE0103", "--text-3"),
    ("#FE0104", "--line-1"),
    ("#FE0111", "--series-1"),
    ("#FE0112", "--series-2"),
    ("#FE0113", "--series-3"),
    ("#FE0114", "--series-4"),
    ("#FE0115", "--series-5"),
    ("#FE0116", "--series-6"),
    ("#FE0117", "--series-7"),
];
const FONT: &str = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'DejaVu Sans', sans-serif";

/// Light and dark, token by token in the order of `STAND_INS`: as ui/styles/tokens.css has them.
pub const LIGHT: [&str; 11] = [
    "#ffffff", "#1a1e26", "#606876", "#e0e4ea", "#1d5bd0", "#d1690a", "#0d8468", "#9b3aaf", "#a67c00", "#bf2f4a",
    "#5a6372",
];
pub const DARK: [&str; 11] = [
    "#14161a", "#e5e7eb", "#959dab", "#2a2e37", "#7aa7ff", "#f29b4b", "#4cc6a2", "#cf86e0", "#d9b23c", "#f2788d",
    "#a3abba",
];

pub fn file_style(dark: bool) -> Style {
    style(if dark { &DARK } else { &LIGHT })
}

/// For `with_tokens`.
pub fn token_style() -> Style {
    style(&STAND_INS.map(|(color, _)| color))
}

fn style(colors: &[&str; 11]) -> Style {
    Style {
        background: colors[0].to_owned(),
        text: colors[1].to_owned(),
        dim_text: colors[2].to_owned(),
        grid: colors[3].to_owned(),
        series: colors[4..].iter().map(|color| (*color).to_owned()).collect(),
        font_family: FONT.to_owned(),
        font_size: 12,
    }
}

/// The drawing of a `token_style` with variables for colours.
pub fn with_tokens(mut chart: Chart) -> Chart {
    for (color, token) in STAND_INS {
        chart.svg = chart.svg.replace(&format!("\"{color}\""), &format!("\"var({token})\""));
    }
    chart
}

/// The tokens that drawings use, as CSS.
pub fn css(colors: &[&str; 11]) -> String {
    STAND_INS.iter().zip(colors).map(|((_, token), color)| format!("{token}:{color};")).collect()
}
