//! Attribution for every host: reports made of a project's documents and samples and kept while they are looked at;
//! their parts as drawings, tables and files; the journeys behind a credit.

mod changes;
mod files;
mod flow;
mod journeys;
mod kept;
mod keys;
mod object;
mod page;
mod parts;
mod pictures;
mod report;
mod runs;
mod scores;
mod tables;
mod view;

pub use changes::comparison as compare_runs;
pub use files::{ReportFile, all as report_files, whole as report_page};
pub use keys::{LAST_NON_FIRST, key as model_key};
pub use object::object as run_object;
pub use report::{Computed, Doubts, compared as compared_report, report as attribution_report};
pub use scores::{ChannelScore, RunScores};

pub(crate) use kept::{Analyses, Analysis};

use std::path::PathBuf;
use std::time::SystemTime;

use attribution::doubt::{bootstrap_while, split_halves_while};
use attribution::markov::order::{MOST_CHOSEN, choose_while};
use attribution::{Model, run_all_while};
use charts::theme::{token_style, with_tokens};
use dtc_engine::Cancel;
use studio_api::*;

use crate::charts::asked::Chart;
use crate::charts::blocks::Around;
use crate::charts::credit;
use crate::charts::expressions::Data;
use crate::dispatch::Answer;
use crate::error::invalid;
use crate::handing::{file_name, hand_over};
use crate::run::selected;
use crate::runs::checked::Texts;
use crate::studio::Studio;

impl Answer<Attribute> for Studio {
    fn answer(&self, command: Attribute) -> Result<AttributionReport, ApiError> {
        let root = self.root(&command.project)?;
        let texts = Texts::load(&root, &command.drafts)?;
        let cancel = self.asked.begin(&root, Chart::Credit);
        let analysis = self.analysis(root, &texts, command.document.as_deref(), &cancel)?.ok_or_else(stopped)?;
        let now = journeys::moment(runs::millis(SystemTime::now()));
        Ok(self.analyses.keep(analysis, now))
    }
}

impl Studio {
    /// The journeys of a document, and what its models say of them. `None`: it was stopped.
    fn analysis(
        &self,
        root: PathBuf,
        texts: &Texts,
        document: Option<&str>,
        cancel: &Cancel,
    ) -> Result<Option<Analysis>, ApiError> {
        let (file, document) = texts.attribution(document)?;
        let data = Data { files: &selected(&root)?, cancel };
        let streams = texts.streams();
        let around = Around { streams: &streams, functions: &texts.functions };
        let (models, journeys, unusable) = credit::journeys(&file, &document, &around, &data)?;
        let doubt = credit::doubts(&document);
        let name = document.header.name.value.clone();
        let Some(answers) = run_all_while(journeys.paths.sample(), &models, 0, &|| !cancel.is_cancelled()) else {
            return Ok(None);
        };
        let analysis = Analysis { root, document: file, name, models, answers, journeys, unusable, doubt };
        Ok((!cancel.is_cancelled()).then_some(analysis))
    }
}

impl Answer<DoubtAttribution> for Studio {
    fn answer(&self, command: DoubtAttribution) -> Result<AttributionReport, ApiError> {
        let analysis = self.analyses.find(&command.report)?;
        let cancel = self.asked.begin(&analysis.root, Chart::Doubts);
        let go_on = || !cancel.is_cancelled();
        let (sample, options) = (analysis.journeys.paths.sample(), analysis.doubt);
        let models = &analysis.models;
        let stability =
            if options.replicates == 0 { Vec::new() } else { bootstrap_while(sample, models, &options, &go_on) };
        let halves =
            if options.splits == 0 { Vec::new() } else { split_halves_while(sample, models, &options, &go_on) };
        if cancel.is_cancelled() {
            return Err(stopped());
        }
        let is_chain = |model: &Model| matches!(model, Model::Markov { .. } | Model::MarkovChosen);
        let order = match models.iter().any(is_chain) {
            true => choose_while(sample, MOST_CHOSEN, &go_on).ok_or_else(stopped)?.ok(),
            false => None,
        };
        self.analyses.doubted(&command.report, Doubts { options, stability, halves }, order)
    }
}

fn stopped() -> ApiError {
    ApiError::new(ErrorCode::Cancelled, "Stopped before all of the data was looked at.")
}

impl Answer<DrawPart> for Studio {
    fn answer(&self, command: DrawPart) -> Result<Option<Drawing>, ApiError> {
        let report = self.analyses.report(&command.report)?;
        let style = token_style();
        let chart = pictures::draw(&report, command.part, &command.view, &style, command.width);
        Ok(chart.map(|chart| drawing(&report, command.part, with_tokens(chart))))
    }
}

fn drawing(report: &AttributionReport, part: ReportPart, chart: charts::Chart) -> Drawing {
    let by_channel = matches!(
        part,
        ReportPart::Credit
            | ReportPart::Changes
            | ReportPart::Spend
            | ReportPart::Removal
            | ReportPart::DropOff
            | ReportPart::Stability
    );
    let channel = |title: &str| {
        let known = by_channel && report.has_journeys && report.channels.iter().any(|channel| channel.name == title);
        known.then(|| title.to_owned())
    };
    let mark = |hit: charts::Hit| Mark {
        area: hit.area,
        anchor: hit.anchor,
        channel: channel(&hit.title),
        title: hit.title,
        lines: hit.lines,
    };
    Drawing {
        svg: chart.svg,
        width: chart.width,
        height: chart.height,
        marks: chart.hits.into_iter().map(mark).collect(),
    }
}

impl Answer<ReadPart> for Studio {
    fn answer(&self, command: ReadPart) -> Result<PartTable, ApiError> {
        let report = self.analyses.report(&command.report)?;
        Ok(tables::read(&report, command.part, &command.view))
    }
}

impl Answer<TakeReport> for Studio {
    fn answer(&self, command: TakeReport) -> Result<Option<TakenFile>, ApiError> {
        let report = self.analyses.report(&command.report)?;
        let prefix = file_name(&report.name);
        let (name, content) = match command.part {
            None => (
                format!("{prefix}-attribution.html"),
                page::html(&report, &looked_at(&report, &command.view)).into_bytes(),
            ),
            Some((part, format)) => {
                let file = files::part(&report, part, format, &command.view, command.dark);
                let file = file.ok_or_else(|| invalid("There is nothing to draw in this part of the report."))?;
                (format!("{prefix}-{}", file.name), file.content)
            }
        };
        hand_over(self, name, content, command.ask)
    }
}

/// A report in which nobody picked models shows those that tell most.
fn looked_at(report: &AttributionReport, look: &ReportView) -> ReportView {
    let models = if look.models.is_empty() { report.usual_models.clone() } else { look.models.clone() };
    ReportView { models, ..look.clone() }
}

impl Answer<ReadJourneys> for Studio {
    fn answer(&self, command: ReadJourneys) -> Result<JourneyPage, ApiError> {
        self.analyses.find(&command.report)?.traced().page(&command)
    }
}

impl Answer<ReadJourney> for Studio {
    fn answer(&self, command: ReadJourney) -> Result<JourneyStory, ApiError> {
        self.analyses.find(&command.report)?.traced().story(command.journey)
    }
}
