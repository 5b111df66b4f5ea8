//! A report as one file of HTML: drawings, styles and tables inside, nothing fetched, no script. Light or dark as the
//! reader's system is, light on paper; what a mark stands for shows on hover. Every report of ours has this frame.

use crate::table::Table;
use crate::theme::{self, DARK, LIGHT, token_style, with_tokens};
use crate::{Chart, Figure};

/// A part of a report, in the order of reading.
pub enum Part {
    Text(String),
    /// What is to be known before numbers are believed, and whether it forbids an answer.
    Notice {
        text: String,
        refused: bool,
    },
    /// Name and value, ready to read.
    Facts(Vec<(String, String)>),
    Table(Table),
    /// With a place in the list of contents.
    Section(Section),
}

/// Something drawn with its numbers, or a table alone.
pub struct Section {
    /// The end of its address.
    pub id: String,
    pub title: String,
    /// What to know when reading it; may be empty.
    pub note: String,
    /// In `theme::token_style`; its table is folded then.
    pub drawing: Option<Chart>,
    pub table: Table,
}

/// Pixels of drawings; they shrink with the page.
pub const WIDTH: u32 = 960;
/// Longer tables are in the CSV files.
const MOST_ROWS: usize = 500;

const STYLE: &str = "\
*{box-sizing:border-box}\
body{margin:0;background:var(--surface-0);color:var(--text-1);font:14px/1.45 Inter,system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','DejaVu Sans',sans-serif;font-variant-numeric:tabular-nums}\
main{max-width:1024px;margin:0 auto;padding:32px 32px 64px}\
h1{margin:0;font-size:24px;font-weight:600;letter-spacing:-.01em}\
h2{margin:0;font-size:16px;font-weight:600}\
p{margin:4px 0;color:var(--text-3);max-width:80ch}\
section{margin-top:40px;break-inside:avoid}\
nav{display:flex;flex-wrap:wrap;gap:4px 16px;margin-top:16px}\
a{color:var(--series-1)}\
svg{display:block;max-width:100%;height:auto;margin-top:8px}\
svg rect.mark:hover{fill:var(--text-1);fill-opacity:.06}\
dl{display:flex;flex-wrap:wrap;gap:12px 36px;margin:20px 0 0}\
dt{color:var(--text-3);font-size:12.5px}\
dd{margin:0;font-size:20px}\
.notice{margin-top:12px;padding:8px 12px;border:1px solid var(--series-2);border-radius:4px;color:var(--text-1);max-width:none}\
.notice.refused{border-color:var(--series-6)}\
.scroll{overflow-x:auto}\
table{border-collapse:collapse;margin-top:8px;font-size:12.5px}\
th,td{padding:3px 14px 3px 0;border-bottom:1px solid var(--line-1);text-align:left;font-weight:400;white-space:nowrap}\
thead th{color:var(--text-3);vertical-align:bottom}\
.number{text-align:right}\
summary{margin-top:8px;color:var(--text-3);cursor:pointer}\
@media print{main{max-width:none;padding:0}nav,summary{display:none}section{margin-top:24px}a{color:inherit}}";

/// The whole file.
pub fn html(title: &str, parts: &[Part]) -> String {
    let mut page = String::with_capacity(1 << 18);
    let title = escaped(title);
    page.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
    page.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n");
    page.push_str(&format!("<title>{title}</title>\n<style>\n:root{{{}}}\n", theme::css(&LIGHT)));
    page.push_str(&format!("@media screen and (prefers-color-scheme:dark){{:root{{{}}}}}\n", theme::css(&DARK)));
    page.push_str(&format!("{STYLE}\n</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"));
    let mut listed = false;
    for part in parts {
        if matches!(part, Part::Section(_)) && !listed {
            contents(parts, &mut page);
            listed = true;
        }
        write(part, &mut page);
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// Before the first section.
fn contents(parts: &[Part], page: &mut String) {
    page.push_str("<nav aria-label=\"Parts\">\n");
    for part in parts {
        if let Part::Section(section) = part {
            page.push_str(&format!("<a href=\"#{}\">{}</a>\n", escaped(&section.id), escaped(&section.title)));
        }
    }
    page.push_str("</nav>\n");
}

fn write(part: &Part, page: &mut String) {
    match part {
        Part::Text(text) => page.push_str(&format!("<p>{}</p>\n", escaped(text))),
        Part::Notice { text, refused } => {
            let class = if *refused { "notice refused" } else { "notice" };
            page.push_str(&format!("<p class=\"{class}\" role=\"note\">{}</p>\n", escaped(text)));
        }
        Part::Facts(facts) => {
            page.push_str("<dl>\n");
            for (name, value) in facts {
                page.push_str(&format!("<div><dt>{}</dt><dd>{}</dd></div>\n", escaped(name), escaped(value)));
            }
            page.push_str("</dl>\n");
        }
        Part::Table(rows) => table(rows, page),
        Part::Section(section) => write_section(section, page),
    }
}

fn write_section(section: &Section, page: &mut String) {
    page.push_str(&format!("<section id=\"{}\">\n<h2>{}</h2>\n", escaped(&section.id), escaped(&section.title)));
    if !section.note.is_empty() {
        page.push_str(&format!("<p>{}</p>\n", escaped(&section.note)));
    }
    match &section.drawing {
        Some(chart) => {
            page.push_str(&told(with_tokens(chart.clone())));
            page.push_str("<details>\n<summary>Table</summary>\n");
            table(&section.table, page);
            page.push_str("</details>\n");
        }
        None => table(&section.table, page),
    }
    page.push_str("</section>\n");
}

/// The drawing with its hit map as regions that tell their numbers on hover.
fn told(chart: Chart) -> String {
    let region = |hit: &crate::Hit| {
        let (x, y, width, height) = hit.area;
        let lines: String = hit.lines.iter().map(|(name, value)| format!("\n{name}: {value}")).collect();
        // The viewBox has ten units a pixel.
        format!(
            "<rect class=\"mark\" fill=\"#000\" fill-opacity=\"0\" x=\"{:.0}\" y=\"{:.0}\" width=\"{:.0}\" height=\"{:.0}\">\
             <title>{}</title></rect>\n",
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

fn table(table: &Table, page: &mut String) {
    page.push_str("<div class=\"scroll\">\n<table>\n<thead><tr>");
    let class = |place: usize| if table.columns[place].1 { " class=\"number\"" } else { "" };
    for (place, (name, _)) in table.columns.iter().enumerate() {
        page.push_str(&format!("<th scope=\"col\"{}>{}</th>", class(place), escaped(name)));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for row in table.rows.iter().take(MOST_ROWS) {
        page.push_str("<tr>");
        for (place, cell) in row.iter().enumerate().take(table.columns.len()) {
            page.push_str(&format!("<td{}>{}</td>", class(place), escaped(&cell.read())));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n</div>\n");
    if table.rows.len() > MOST_ROWS {
        let rest = table.rows.len() - MOST_ROWS;
        page.push_str(&format!("<p>{rest} more rows are in the CSV file of this part.</p>\n"));
    }
}

impl Figure {
    /// For a report; `None` where there is nothing to draw.
    pub fn section(&self) -> Option<Section> {
        let drawing = self.draw(&token_style(), WIDTH)?;
        Some(Section {
            id: self.id.clone(),
            title: self.title.clone(),
            note: self.note.clone(),
            drawing: Some(drawing),
            table: self.table(),
        })
    }
}

/// Text as content and as an attribute in quotes; what XML forbids is replaced.
fn escaped(text: &str) -> String {
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
