//! Attribution as every caller gets it: one report with all that the models say and how far it can be trusted, its
//! parts as drawings, tables and files, and the journeys behind a credit.
//!
//! Numbers are plain; what is no number (a rate of nothing) is `None`. Lists by channel are in the order of `channels`,
//! lists by model in the order of `models`.

use serde::{Deserialize, Serialize};

use crate::project::{Draft, ProjectId};

/// Names a report that the studio keeps at hand; the last few of all projects are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ReportId(pub String);

/// Credit per touch point from the project's Attribution document over its selected samples, without doubts
/// → `AttributionReport`. Asked anew, it ends the question before with `Cancelled`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Attribute {
    pub project: ProjectId,
    /// `None`: the first Attribution document.
    pub document: Option<String>,
    pub drafts: Vec<Draft>,
}

/// The same report with its doubts, as its document asks for them → `AttributionReport`. Takes as long as hundreds of
/// reports; `StopReports` and a new `Attribute` end it with `Cancelled`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DoubtAttribution {
    pub report: ReportId,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AttributionReport {
    pub id: ReportId,
    /// The document's `Name`, or the file of paths.
    pub name: String,
    pub totals: JourneyTotals,
    /// Most credited (by the first model) first; ties by name.
    pub channels: Vec<ChannelFacts>,
    /// Those that gave something, in the order of the document.
    pub models: Vec<ModelCredit>,
    /// Models of the document that gave nothing.
    pub unable: Vec<UnableModel>,
    /// What the intervals, ranks and halves rest on; `None`: they were not computed, or nobody wants them.
    pub doubt: Option<DoubtBasis>,
    /// Whether `DoubtAttribution` would add anything.
    pub can_doubt: bool,
    /// Correlation of the models' conversions by channel, a row and a column a model; `None`: one of them does not vary.
    pub pearson: Vec<Vec<Option<f64>>>,
    pub spearman: Vec<Vec<Option<f64>>>,
    /// Which order foretells held-out journeys best; with the doubts, where a chain is among the models.
    pub markov_order: Option<MarkovOrder>,
    /// Another run beside this one, where somebody compares.
    pub comparison: Option<RunComparison>,
    /// Of a chain of order 1.
    pub transitions: Vec<TransitionShare>,
    /// Most journeys first, at most 50.
    pub paths: Vec<PathCount>,
    pub distinct_paths: u64,
    /// Who follows whom at the first five places.
    pub steps: Vec<PathStep>,
    pub touches_to_convert: Option<SpreadOf>,
    pub days_to_convert: Option<SpreadOf>,
    /// What can be shown of it, in order.
    pub parts: Vec<PartInfo>,
    /// Models to look at until somebody picks others.
    pub usual_models: Vec<String>,
    /// Can be drilled down to journeys.
    pub has_journeys: bool,
}

/// Counts may be fractions, where paths are weighted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct JourneyTotals {
    pub journeys: f64,
    pub touches: u64,
    /// All, those without a touch too.
    pub conversions: f64,
    pub value: f64,
    /// Conversions without any touch before them: credited to nobody.
    pub unattributed: f64,
    pub unattributed_value: f64,
    /// `None`: touches have no cost.
    pub cost: Option<f64>,
    /// Records that could not be used.
    pub unusable: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChannelFacts {
    pub name: String,
    /// Journeys that touched it.
    pub journeys: f64,
    pub touches: f64,
    pub cost: Option<f64>,
    /// Journeys whose last touch it is, that converted and that did not.
    pub last_converted: f64,
    pub last_dropped: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelCredit {
    /// As documents write it.
    pub model: String,
    /// By channel.
    pub conversions: Vec<f64>,
    /// Empty: the model credits no value.
    pub value: Vec<f64>,
    /// Of the model's sum; sum to 1.
    pub share: Vec<f64>,
    pub value_share: Vec<f64>,
    /// By channel, where touches have a cost: what one credited conversion costs, and value per unit of cost.
    pub cost_per_conversion: Vec<Option<f64>>,
    pub return_on_spend: Vec<Option<f64>>,
    /// Removal effects of a chain, by channel: the share of conversions, and of value, that is lost without it.
    pub removal: Vec<f64>,
    pub removal_value: Vec<f64>,
    /// Of a chain: the touches that its windows hold.
    pub order: Option<u32>,
    /// `None`: the model gives more than there is (participation).
    pub reconciled: Option<Reconciliation>,
    pub stability: Option<ModelStability>,
    pub halves: Option<ModelHalves>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reconciliation {
    /// Given minus there.
    pub conversions_gap: f64,
    pub value_gap: f64,
    /// Both within what rounding explains.
    pub holds: bool,
}

/// 95 % intervals by the bootstrap, by channel: low and high.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelStability {
    pub conversions: Vec<(f64, f64)>,
    /// Empty: the model credits no value.
    pub value: Vec<(f64, f64)>,
    pub share: Vec<(f64, f64)>,
    /// Rank, and the lowest and highest within the interval.
    pub ranks: Vec<(u32, u32, u32)>,
    /// By channel and rank from the first: the share of replicates in which it stands there.
    pub places: Vec<Vec<f64>>,
    /// Mean rank correlation of a replicate with the whole; `None`: ranks do not vary.
    pub agreement: Option<f64>,
    pub replicates: u32,
}

/// Journeys dealt into two halves; means over the splits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelHalves {
    pub pearson: Option<f64>,
    pub spearman: Option<f64>,
    /// Share of the credit that goes to other channels in the other half.
    pub moved: f64,
    pub splits: u32,
    /// Shares by channel in both halves of the first split; empty: the model could not run on both.
    pub one: Vec<f64>,
    pub other: Vec<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DoubtBasis {
    pub replicates: u32,
    pub splits: u32,
    pub seed: String,
    /// E.g. 0.95.
    pub level: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnableModel {
    pub model: String,
    /// In words, without a full stop.
    pub reason: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarkovOrder {
    pub chosen: u32,
    /// Order, mean log likelihood of a held-out journey (nats), standard error of the difference to the best.
    pub orders: Vec<(u32, f64, f64)>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TransitionShare {
    pub from: PathState,
    pub to: PathState,
    pub probability: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PathState {
    Start,
    /// Its place among `channels`.
    Channel(u32),
    Conversion,
    Null,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PathCount {
    pub touches: Vec<u32>,
    pub conversions: f64,
    pub nulls: f64,
    pub value: f64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PathStep {
    /// 0: from the first touch to the second, or to the end.
    pub place: u32,
    pub from: u32,
    pub to: PathState,
    pub journeys: f64,
}

/// How a number is spread over conversions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpreadOf {
    pub conversions: f64,
    pub mean: f64,
    /// Part (0.5 for the median) and the smallest value that so many do not exceed.
    pub percentiles: Vec<(f64, f64)>,
    /// From (inclusive), to (exclusive; `None`: all above), conversions.
    pub bins: Vec<(f64, Option<f64>, f64)>,
}

/// Runs that the report can be compared with, the newest of each kind first → `Vec<KnownRun>`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListRuns {
    pub report: ReportId,
}

/// A run that a report can be compared with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KnownRun {
    pub source: RunSource,
    /// For people.
    pub name: String,
    /// Journeys and conversions, where they are known without running it.
    pub counts: Option<(f64, f64)>,
    /// RFC 3339.
    pub made: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunSource {
    /// A report of this session, as it was shown: what stood here before a change.
    Shown(ReportId),
    /// A file of the project, by name: saved on the page, or printed by `dtc attribute --format json`.
    Saved(String),
    /// Another attribution document of the project, over the same samples.
    Document(String),
}

/// Keeps the report's numbers as `runs/NAME.json` of the project → `KnownRun`. Errors: `Conflict` where another run has
/// the name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SaveRun {
    pub report: ReportId,
    pub name: String,
}

/// The report with another run beside it, or with none → `AttributionReport`. Another document is computed for it;
/// `StopReports` ends that with `Cancelled`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CompareRuns {
    pub report: ReportId,
    pub with: Option<RunSource>,
    /// For a document.
    pub drafts: Vec<Draft>,
}

/// Two runs by model and touch point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunComparison {
    pub source: Option<RunSource>,
    /// What the other run is called.
    pub name: String,
    /// RFC 3339; `None`: it was made for this comparison, or nobody knows.
    pub made: Option<String>,
    /// Before and now; `None`: the other run does not tell.
    pub journeys: Option<(f64, f64)>,
    pub conversions: Option<(f64, f64)>,
    pub value: Option<(f64, f64)>,
    /// Those of the report in its order, then those that the other run alone has.
    pub channels: Vec<String>,
    /// Models of both, in the order of the report.
    pub models: Vec<ModelChange>,
    /// Models that one of the runs alone has: before, now.
    pub alone: (Vec<String>, Vec<String>),
}

/// By channel of the comparison; a channel that a run does not have got nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelChange {
    pub model: String,
    pub conversions: Vec<Change>,
    pub share: Vec<Change>,
    /// Empty: one of the runs credits no value.
    pub value: Vec<Change>,
    pub value_share: Vec<Change>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub before: f64,
    pub now: f64,
    /// Whether it is above 1.96 standard errors of the difference; `None`: one of the runs has no intervals.
    pub clear: Option<bool>,
}

/// What a report shows: each a drawing, a table, or both.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportPart {
    Credit,
    /// This run beside another.
    Changes,
    Spend,
    /// Removal effects of chains.
    Removal,
    /// How well chains of each order foretell.
    Order,
    Stability,
    Ranks,
    Agreement,
    Paths,
    Transitions,
    Touches,
    Days,
    DropOff,
    Checks,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartInfo {
    pub part: ReportPart,
    /// For test ids and file names, e.g. `drop-off`.
    pub slug: String,
    pub title: String,
    /// What it tells, in a sentence.
    pub words: String,
    pub has_chart: bool,
    /// Whether the choice of models matters.
    pub by_model: bool,
}

/// Which numbers are looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportView {
    /// Names of models; empty: all.
    pub models: Vec<String>,
    /// Values instead of conversions.
    pub value: bool,
    /// Shares instead of counts.
    pub normalised: bool,
}

/// A part as a picture, `None` where there is nothing to draw → `Option<Drawing>`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DrawPart {
    pub report: ReportId,
    pub part: ReportPart,
    pub view: ReportView,
    pub width: u32,
}

/// Colours are the page's tokens (`var(--series-1)`), so that a change of theme needs no new drawing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Drawing {
    pub svg: String,
    pub width: u32,
    pub height: u32,
    pub marks: Vec<Mark>,
}

/// Where the pointer finds something to say; see `charts::Hit`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Mark {
    pub area: (f64, f64, f64, f64),
    pub anchor: (f64, f64),
    pub title: String,
    pub lines: Vec<(String, String)>,
    /// The channel whose journeys stand behind it.
    pub channel: Option<String>,
}

/// A part as a table → `PartTable`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadPart {
    pub report: ReportId,
    pub part: ReportPart,
    pub view: ReportView,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartTable {
    pub columns: Vec<PartColumn>,
    /// Ready to read.
    pub rows: Vec<Vec<String>>,
    /// The first column names channels whose journeys can be looked at.
    pub leads_to_journeys: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartColumn {
    pub name: String,
    pub is_number: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartFormat {
    Svg,
    Png,
    Csv,
}

/// A file of the report: the whole as a page of HTML that needs nothing else, or one part → `Option<TakenFile>`
/// (`None`: the user closed the dialog).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TakeReport {
    pub report: ReportId,
    /// `None`: the whole report.
    pub part: Option<(ReportPart, PartFormat)>,
    pub view: ReportView,
    /// The theme of a picture.
    pub dark: bool,
    /// A native dialog asks where to (`Capabilities::native_dialogs`); else the bytes come back.
    pub ask: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TakenFile {
    pub name: String,
    pub media: String,
    /// The content, where nobody was asked.
    pub base64: Option<String>,
    /// Where it was saved, to read.
    pub location: Option<String>,
}

/// Journeys behind a credit, most credited first → `JourneyPage`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadJourneys {
    pub report: ReportId,
    /// With a touch of this channel; `None`: all.
    pub channel: Option<String>,
    /// Under which model; `None`: the first.
    pub model: Option<String>,
    /// Those that converted alone.
    pub converted: bool,
    pub from: u64,
    pub count: u32,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JourneyPage {
    pub from: u64,
    pub total: u64,
    pub model: String,
    /// Whether the channel's credit is the sum over its journeys. Chains and games of rates credit all journeys together.
    pub is_sum: bool,
    /// That sum over all of them, in conversions.
    pub sum: f64,
    pub journeys: Vec<JourneyLine>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JourneyLine {
    /// For `ReadJourney`.
    pub journey: u64,
    pub identity: String,
    /// Names joined by ` > `, at most twelve.
    pub path: String,
    pub touches: u64,
    /// RFC 3339; `None`: it did not convert.
    pub converted: Option<String>,
    pub value: f64,
    /// Of the channel that was asked for, in conversions.
    pub credit: f64,
}

/// One journey touch by touch → `JourneyStory`
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReadJourney {
    pub report: ReportId,
    pub journey: u64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JourneyStory {
    pub journey: u64,
    pub identity: String,
    pub converted: Option<String>,
    pub value: f64,
    pub models: Vec<JourneyModel>,
    pub touches: Vec<JourneyTouch>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JourneyModel {
    pub model: String,
    /// See `JourneyPage::is_sum`.
    pub is_sum: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JourneyTouch {
    pub channel: String,
    /// RFC 3339.
    pub time: String,
    /// Before the end of the journey.
    pub hours_before: f64,
    /// Share of the journey by model; of a journey that converted, its credit in conversions.
    pub shares: Vec<f64>,
}
