//! The whole report as one page of HTML: drawings, styles and tables inside, nothing fetched. Light or dark as the reader's
//! system is, light on paper; what a mark stands for shows on hover.

use charts::page::{escaped, told};
use studio_api::{AttributionReport, PartInfo, ReportPart, ReportView};

use super::themes::{self, DARK, LIGHT};
use super::{pictures, tables};

/// Pixels of the drawings.
const WIDTH: u32 = 960;
/// Longer tables are in the CSV files.
const MOST_ROWS: usize = 500;

/// Of the regions that tell their numbers.
const MARK: &str = "class=\"mark\" fill=\"#000\" fill-opacity=\"0\"";

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
dl.figures{display:flex;flex-wrap:wrap;gap:12px 36px;margin:20px 0 0}\
dl.figures dt{color:var(--text-3);font-size:12.5px}\
dl.figures dd{margin:0;font-size:20px}\
.warning{margin-top:12px;padding:8px 12px;border:1px solid var(--series-2);border-radius:4px;color:var(--text-1)}\
.scroll{overflow-x:auto}\
table{border-collapse:collapse;margin-top:8px;font-size:12.5px}\
th,td{padding:3px 14px 3px 0;border-bottom:1px solid var(--line-1);text-align:left;font-weight:400;white-space:nowrap}\
thead th{color:var(--text-3);vertical-align:bottom}\
.number{text-align:right}\
summary{margin-top:8px;color:var(--text-3);cursor:pointer}\
@media print{main{max-width:none;padding:0}nav,summary{display:none}section{margin-top:24px}a{color:inherit}}";

pub fn html(report: &AttributionReport, look: &ReportView) -> String {
    let mut page = String::with_capacity(1 << 18);
    let title = escaped(&format!("Attribution: {}", report.name));
    page.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
    page.push_str("<meta name=\"color-scheme\" content=\"light dark\">\n");
    page.push_str(&format!("<title>{title}</title>\n<style>\n:root{{{}}}\n", themes::css(&LIGHT)));
    page.push_str(&format!("@media screen and (prefers-color-scheme:dark){{:root{{{}}}}}\n", themes::css(&DARK)));
    page.push_str(&format!("{STYLE}\n</style>\n</head>\n<body>\n<main>\n<header>\n<h1>{title}</h1>\n"));
    figures(report, &mut page);
    warnings(report, &mut page);
    page.push_str("<nav aria-label=\"Parts\">\n");
    for part in &report.parts {
        page.push_str(&format!("<a href=\"#{}\">{}</a>\n", part.slug, escaped(&part.title)));
    }
    page.push_str("</nav>\n</header>\n");
    for part in &report.parts {
        section(report, part, look, &mut page);
    }
    page.push_str("</main>\n</body>\n</html>\n");
    page
}

/// Name and number, ready to read.
fn figures(report: &AttributionReport, page: &mut String) {
    let totals = &report.totals;
    let mut lines = vec![
        ("Journeys", charts::number(totals.journeys)),
        ("Touches", charts::number(totals.touches as f64)),
        ("Conversions", charts::number(totals.conversions)),
        ("Value", charts::number(totals.value)),
        ("Credited to nobody", charts::number(totals.unattributed)),
    ];
    lines.extend(totals.cost.map(|cost| ("Cost", charts::number(cost))));
    lines.extend((totals.unusable > 0).then(|| ("Unusable events", charts::number(totals.unusable as f64))));
    page.push_str("<dl class=\"figures\">\n");
    for (name, number) in lines {
        page.push_str(&format!("<div><dt>{name}</dt><dd>{number}</dd></div>\n"));
    }
    page.push_str("</dl>\n");
    let models: Vec<&str> = report.models.iter().map(|model| model.model.as_str()).collect();
    page.push_str(&format!("<p>Models: {}.</p>\n", escaped(&models.join(", "))));
    if let Some(doubt) = &report.doubt {
        let (replicates, splits, seed) = (doubt.replicates, doubt.splits, escaped(&doubt.seed));
        page.push_str(&format!(
            "<p>Doubts: {replicates} replicates of the journeys drawn anew, {splits} splits into halves, seed {seed}.</p>\n"
        ));
    }
    if let Some(order) = &report.markov_order {
        let chosen = order.chosen;
        page.push_str(&format!("<p>A Markov chain of order {chosen} foretells held-out journeys best.</p>\n"));
    }
}

fn warnings(report: &AttributionReport, page: &mut String) {
    for unable in &report.unable {
        let (model, reason) = (escaped(&unable.model), escaped(&unable.reason));
        page.push_str(&format!("<div class=\"warning\">{model} gives nothing: {reason}.</div>\n"));
    }
    let unsound = report.models.iter().filter(|model| model.reconciled.as_ref().is_some_and(|found| !found.holds));
    for model in unsound {
        let model = escaped(&model.model);
        page.push_str(&format!("<div class=\"warning\">{model} does not reconcile; see the checks.</div>\n"));
    }
}

fn section(report: &AttributionReport, part: &PartInfo, look: &ReportView, page: &mut String) {
    let (slug, title, words) = (&part.slug, escaped(&part.title), escaped(&part.words));
    page.push_str(&format!("<section id=\"{slug}\">\n<h2>{title}</h2>\n<p>{words}</p>\n"));
    let drawn = drawing(report, part.part, look);
    let is_drawn = drawn.is_some();
    page.push_str(&drawn.unwrap_or_default());
    // All models stand in the tables, whatever the drawings show.
    let all = ReportView { models: Vec::new(), ..look.clone() };
    table(report, part.part, &all, is_drawn, page);
    page.push_str("</section>\n");
}

/// The drawing with variables for colours, and its marks as regions with a title.
fn drawing(report: &AttributionReport, part: ReportPart, look: &ReportView) -> Option<String> {
    let chart = pictures::draw(report, part, look, &themes::token_style(), WIDTH)?;
    Some(told(&themes::with_tokens(chart), MARK))
}

fn table(report: &AttributionReport, part: ReportPart, look: &ReportView, folded: bool, page: &mut String) {
    let table = tables::table(report, part, look).read();
    if folded {
        page.push_str("<details>\n<summary>Table</summary>\n");
    }
    page.push_str("<div class=\"scroll\">\n<table>\n<thead><tr>");
    let class = |place: usize| if table.columns[place].is_number { " class=\"number\"" } else { "" };
    for (place, column) in table.columns.iter().enumerate() {
        page.push_str(&format!("<th scope=\"col\"{}>{}</th>", class(place), escaped(&column.name)));
    }
    page.push_str("</tr></thead>\n<tbody>\n");
    for row in table.rows.iter().take(MOST_ROWS) {
        page.push_str("<tr>");
        for (place, cell) in row.iter().enumerate().take(table.columns.len()) {
            page.push_str(&format!("<td{}>{}</td>", class(place), escaped(cell)));
        }
        page.push_str("</tr>\n");
    }
    page.push_str("</tbody>\n</table>\n</div>\n");
    if table.rows.len() > MOST_ROWS {
        let rest = table.rows.len() - MOST_ROWS;
        page.push_str(&format!("<p>{rest} more rows are in the CSV file of this part.</p>\n"));
    }
    if folded {
        page.push_str("</details>\n");
    }
}
