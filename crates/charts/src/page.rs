//! A report as one HTML file: drawings in light and dark, their numbers on hover and as tables. It asks nothing of a
//! network and runs no script.

use crate::{Chart, Figure, Style};

/// A part of a report.
pub enum Part {
    Heading(String),
    Text(String),
    /// What is to be known before numbers are believed, and whether it forbids an answer.
    Notice {
        text: String,
        refused: bool,
    },
    /// Name and value.
    Facts(Vec<(String, String)>),
    /// Header, then rows.
    Table(Vec<Vec<String>>),
    Figure(Figure),
}

/// Pixels of a drawing; it shrinks with the page.
const WIDTH: u32 = 920;

const HIT: &str = "class=\"hit\"";

const LIGHT: [&str; 7] = ["#0b62b0", "#c2570c", "#0f7b6c", "#8a3ea8", "#6b6f76", "#a3124a", "#7a6a00"];
const DARK: [&str; 7] = ["#58a6ff", "#f0883e", "#3fc6ad", "#c98be0", "#9aa4b2", "#f07aa5", "#d8c14a"];

const CSS: &str = "\
:root{color-scheme:light dark;--bg:#fff;--text:#1b1f24;--dim:#5c6470;--line:#dfe3e8;--warn:#7a4b00;--warn-bg:#fff4dc;\
--bad:#9b1c1c;--bad-bg:#fdeaea}\
@media(prefers-color-scheme:dark){:root{--bg:#14171c;--text:#e6e9ee;--dim:#9099a6;--line:#2a2f37;--warn:#f2c879;\
--warn-bg:#33270f;--bad:#ffb4b0;--bad-bg:#3a1718}}\
*{box-sizing:border-box}body{margin:0 auto;padding:24px;max-width:968px;background:var(--bg);color:var(--text);\
font:13px/1.5 system-ui,sans-serif}h1{font-size:20px;margin:0 0 4px}h2{font-size:16px;margin:32px 0 8px}\
h3{font-size:13px;margin:20px 0 4px}p{margin:4px 0}.dim{color:var(--dim)}\
.notice{margin:8px 0;padding:8px 12px;border-radius:4px;color:var(--warn);background:var(--warn-bg)}\
.notice.bad{color:var(--bad);background:var(--bad-bg)}dl.facts{display:flex;flex-wrap:wrap;gap:8px 28px;margin:12px 0}\
dl.facts div{min-width:90px}dt{color:var(--dim)}dd{margin:0;font-size:15px;font-variant-numeric:tabular-nums}\
figure{margin:0 0 8px}svg{display:block;width:100%;height:auto}.hit{fill:transparent}.hit:hover{fill:var(--dim);\
fill-opacity:.12}.dark{display:none}@media(prefers-color-scheme:dark){.light{display:none}.dark{display:block}}\
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}th,td{text-align:left;padding:3px 10px 3px 0;\
border-bottom:1px solid var(--line)}th{color:var(--dim);font-weight:500}td.n,th.n{text-align:right}\
.wide{overflow-x:auto;max-height:420px}summary{color:var(--dim);cursor:pointer;margin:4px 0}";

fn style(background: &str, text: &str, dim_text: &str, grid: &str, series: [&str; 7]) -> Style {
    Style {
        background: background.into(),
        text: text.into(),
        dim_text: dim_text.into(),
        grid: grid.into(),
        series: series.iter().map(|color| (*color).to_owned()).collect(),
        font_family: "system-ui, sans-serif".into(),
        font_size: 12,
    }
}

/// The style of drawings that stand on white.
pub fn light() -> Style {
    style("#ffffff", "#1b1f24", "#5c6470", "#e3e6ea", LIGHT)
}

pub fn dark() -> Style {
    style("#14171c", "#e6e9ee", "#9099a6", "#2a2f37", DARK)
}

/// The whole file.
pub fn html(title: &str, parts: &[Part]) -> String {
    let title = escaped(title);
    let body: String = parts.iter().map(part).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><style>{CSS}</style></head>\n\
         <body><h1>{title}</h1>\n{body}</body></html>\n"
    )
}

fn part(part: &Part) -> String {
    match part {
        Part::Heading(text) => format!("<h2>{}</h2>\n", escaped(text)),
        Part::Text(text) => format!("<p class=\"dim\">{}</p>\n", escaped(text)),
        Part::Notice { text, refused } => {
            let class = if *refused { "notice bad" } else { "notice" };
            format!("<p class=\"{class}\" role=\"note\">{}</p>\n", escaped(text))
        }
        Part::Facts(facts) => {
            let fact = |(name, value): &(String, String)| {
                format!("<div><dt>{}</dt><dd>{}</dd></div>", escaped(name), escaped(value))
            };
            format!("<dl class=\"facts\">{}</dl>\n", facts.iter().map(fact).collect::<String>())
        }
        Part::Table(rows) => table(rows),
        Part::Figure(figure) => drawn(figure),
    }
}

fn drawn(figure: &Figure) -> String {
    let (Some(light), Some(dark)) = (figure.draw(&light(), WIDTH), figure.draw(&dark(), WIDTH)) else {
        return String::new();
    };
    let note =
        if figure.note.is_empty() { String::new() } else { format!("<p class=\"dim\">{}</p>", escaped(&figure.note)) };
    format!(
        "<figure><h3>{}</h3>{note}<div class=\"light\">{}</div><div class=\"dark\">{}</div>\
         <details><summary>Table</summary>{}</details></figure>\n",
        escaped(&figure.title),
        told(&light, HIT),
        told(&dark, HIT),
        table(&figure.table())
    )
}

/// The drawing with its hit map as regions of these attributes, which tell their numbers on hover.
pub fn told(chart: &Chart, attributes: &str) -> String {
    let region = |hit: &crate::Hit| {
        let (x, y, width, height) = hit.area;
        let lines: String = hit.lines.iter().map(|(name, value)| format!("\n{name}: {value}")).collect();
        // The viewBox has ten units a pixel.
        format!(
            "<rect {attributes} x=\"{:.0}\" y=\"{:.0}\" width=\"{:.0}\" height=\"{:.0}\"><title>{}</title></rect>\n",
            x * 10.0,
            y * 10.0,
            width * 10.0,
            height * 10.0,
            escaped(&format!("{}{lines}", hit.title))
        )
    };
    let regions: String = chart.hits.iter().map(region).collect();
    let end = chart.svg.rfind("</svg>").unwrap_or(chart.svg.len());
    format!("{}{regions}{}", &chart.svg[..end], &chart.svg[end..])
}

fn table(rows: &[Vec<String>]) -> String {
    let Some((header, rows)) = rows.split_first() else { return String::new() };
    let is_number = |text: &String| text == "–" || text.replace(',', "").replace('−', "-").parse::<f64>().is_ok();
    let class = |cell: &String| if is_number(cell) { " class=\"n\"" } else { "" };
    let numeric = |column: usize| rows.first().and_then(|row| row.get(column)).is_some_and(is_number);
    let head = |(column, name): (usize, &String)| {
        format!("<th{}>{}</th>", if numeric(column) { " class=\"n\"" } else { "" }, escaped(name))
    };
    let row = |row: &Vec<String>| {
        let cells: String = row.iter().map(|cell| format!("<td{}>{}</td>", class(cell), escaped(cell))).collect();
        format!("<tr>{cells}</tr>")
    };
    let head: String = header.iter().enumerate().map(head).collect();
    let body: String = rows.iter().map(row).collect();
    format!("<div class=\"wide\"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>\n")
}

/// Text as content and as an attribute in quotes; what XML forbids is replaced.
pub fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => safe.push('\u{fffd}'),
            '\n' => safe.push('\n'),
            control if control.is_control() => safe.push('\u{fffd}'),
            letter => safe.push(letter),
        }
    }
    safe
}
