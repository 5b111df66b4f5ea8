//! A report as files: the page, and each part as pictures and table.

use charts::{Chart, theme};
use studio_api::{AttributionReport, PartFormat, ReportPart, ReportView};

use super::{page, pictures, tables};

/// Pixels of pictures; PNG has twice as many each way.
const WIDTH: u32 = 1100;
const SHARP: u32 = 2;

/// A file's name and content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportFile {
    pub name: String,
    pub content: Vec<u8>,
}

/// One part in a format; `None`: there is nothing to draw.
pub fn part(
    report: &AttributionReport,
    part: ReportPart,
    format: PartFormat,
    look: &ReportView,
    dark: bool,
) -> Option<ReportFile> {
    let slug = &report.parts.iter().find(|info| info.part == part)?.slug;
    let (ending, content) = match format {
        PartFormat::Csv => ("csv", tables::table(report, part, look).csv().into_bytes()),
        PartFormat::Svg => ("svg", picture(report, part, look, dark)?.svg.into_bytes()),
        PartFormat::Png => ("png", charts::png(&picture(report, part, look, dark)?, SHARP)?),
    };
    Some(ReportFile { name: format!("{slug}.{ending}"), content })
}

fn picture(report: &AttributionReport, part: ReportPart, look: &ReportView, dark: bool) -> Option<Chart> {
    pictures::draw(report, part, look, &theme::file_style(dark), WIDTH)
}

/// The whole report as one page of HTML that needs nothing else.
pub fn whole(report: &AttributionReport) -> String {
    page::html(report, &usual(report))
}

/// Every part as SVG, PNG and CSV, pictures in light colours. Tables have all models.
pub fn all(report: &AttributionReport) -> Vec<ReportFile> {
    let usual = usual(report);
    let every = ReportView::default();
    let formats = [(PartFormat::Svg, &usual), (PartFormat::Png, &usual), (PartFormat::Csv, &every)];
    let parts = report.parts.iter().flat_map(|info| formats.map(|(format, look)| (info.part, format, look)));
    parts.filter_map(|(of, format, look)| part(report, of, format, look, false)).collect()
}

fn usual(report: &AttributionReport) -> ReportView {
    ReportView { models: report.usual_models.clone(), ..ReportView::default() }
}
