//! The documents as the checks and the engine see them: every part with its place in the text.

use dtc_expr::{FieldType, Mode};

use crate::pipeline::Pipeline;
use crate::text::{Span, floor_boundary};

#[derive(Debug, Clone, PartialEq)]
pub struct Spanned<T> {
    pub value: T,
    pub span: Span,
}

pub type Name = Spanned<String>;

/// The text of a Python expression and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Expression {
    pub text: String,
    pub span: Span,
    /// Document offset of each byte of `text` when it is not `span.start + i` (escapes, folded lines).
    pub offsets: Option<Vec<u32>>,
}

impl Expression {
    /// The place in the document of a range of bytes of `text`.
    pub fn place(&self, range: std::ops::Range<usize>) -> Span {
        let start = self.offset(range.start);
        let end = match range.end.checked_sub(1) {
            // The end of the last byte, not the start of the next, which may lie lines below.
            Some(last) if range.end > range.start => self.end_of(last),
            _ => start,
        };
        Span { start, end: end.clamp(start, self.span.end.max(start)) }
    }

    /// The byte of `text` that stands at an offset of the document, or the nearest before it.
    pub fn byte_at(&self, offset: u32) -> usize {
        let byte = match &self.offsets {
            Some(offsets) => offsets.iter().rposition(|place| *place <= offset).unwrap_or(0),
            None => offset.saturating_sub(self.span.start) as usize,
        };
        byte.min(self.text.len())
    }

    /// Where the character that holds a byte of `text` ends in the document.
    fn end_of(&self, byte: usize) -> u32 {
        let first = floor_boundary(&self.text, byte);
        let length = self.text[first..].chars().next().map_or(1, char::len_utf8);
        let (start, next) = (self.offset(first), self.offset(first + length));
        let end = start.saturating_add(length as u32);
        // An escape may be shorter than the character that it stands for.
        if next > start { end.min(next) } else { end }
    }

    fn offset(&self, byte: usize) -> u32 {
        let byte = byte.min(self.text.len());
        match &self.offsets {
            Some(offsets) => offsets.get(byte).copied().unwrap_or(self.span.end),
            None => self.span.start.saturating_add(u32::try_from(byte).unwrap_or(u32::MAX)).min(self.span.end),
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    Streaming(Streaming),
    Window(Window),
    Attribution(Attribution),
    Join(Join),
    Pipeline(Box<Pipeline>),
}

impl Document {
    pub fn header(&self) -> &Header {
        match self {
            Document::Streaming(document) => &document.header,
            Document::Window(document) => &document.header,
            Document::Attribution(document) => &document.header,
            Document::Join(document) => &document.header,
            Document::Pipeline(document) => &document.header,
        }
    }
    pub fn imports(&self) -> &[Import] {
        &self.header().imports
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    pub name: Name,
    pub description: Option<String>,
    /// `Compatibility: blurr` in the header.
    pub mode: Mode,
    pub imports: Vec<Import>,
    /// The document's own condition (`When`, or `Filter` in 2018-03).
    pub when: Option<Expression>,
}

/// `Import: - { Module: dateutil.parser, Identifiers: [parse] }`
#[derive(Debug, Clone, PartialEq)]
pub struct Import {
    pub module: Name,
    /// Each may be `name` or `name as other`. Empty: plain import of the module.
    pub identifiers: Vec<Name>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Streaming {
    pub header: Header,
    pub identity: Expression,
    pub time: Expression,
    /// `EventId`: an id counts once (LANGUAGE.md A.17).
    pub event_id: Option<Expression>,
    /// `Lateness`: seconds that an event may be older than its identity's last one of earlier batches. Older
    /// ones are left out; `None`: none is.
    pub lateness: Option<u32>,
    pub stores: Vec<Store>,
    pub aggregates: Vec<Aggregate>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Store {
    pub name: Name,
    pub kind: StoreKind,
    pub retention_days: Option<u32>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum StoreKind {
    Memory,
    Dynamo { table: String, read_units: Option<u32>, write_units: Option<u32> },
    S3 { bucket: String, prefix: String },
}

/// An aggregate of a streaming document.
#[derive(Debug, Clone, PartialEq)]
pub struct Aggregate {
    pub name: Name,
    pub kind: AggregateKind,
    /// Name of a store of the same document.
    pub store: Option<Name>,
    pub when: Option<Expression>,
    /// In the order of the document; a field defined twice keeps the last definition at the first place.
    pub fields: Vec<Field>,
}

impl Aggregate {
    pub fn dimensions(&self) -> &[Field] {
        match &self.kind {
            AggregateKind::Identity { dimensions } | AggregateKind::Block { dimensions } => dimensions,
            AggregateKind::Session { .. } | AggregateKind::Activity { .. } | AggregateKind::Variable => &[],
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum AggregateKind {
    /// One record per identity (and per distinct dimensions, where it has them).
    Identity { dimensions: Vec<Field> },
    /// One record per distinct dimensions, with `_start_time` and `_end_time`.
    Block { dimensions: Vec<Field> },
    /// 2018-03: a new block whenever `split` is true.
    Session { split: Option<Expression> },
    /// A new block after a gap of inactivity.
    Activity { gap_seconds: i64 },
    /// Temporaries of one event.
    Variable,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    pub name: Name,
    pub field_type: FieldType,
    pub value: Expression,
    pub when: Option<Expression>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    pub header: Header,
    /// `SourceBTS` / `SourceDTC`: name of the streaming document.
    pub source: Option<Name>,
    /// Where the rows may be written (2018-03's `Store`); a run itself needs none.
    pub stores: Vec<Store>,
    pub anchor: Anchor,
    pub aggregates: Vec<WindowAggregate>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Anchor {
    pub condition: Expression,
    pub max: Option<i64>,
    pub as_of: AsOf,
    pub max_per: MaxPer,
    pub pick: Pick,
    /// `Source` of the anchor: `stream.aggregate`, required when ambiguous (A.13).
    pub source: Option<Name>,
}

/// Whose moment identity aggregates show to a window document (A.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AsOf {
    #[default]
    Start,
    End,
    Final,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MaxPer {
    #[default]
    Day,
    Identity,
    Run,
}

/// Which anchors stay where `Max` leaves some out (A.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pick {
    #[default]
    First,
    /// The same ones for the same seed and data, whatever the threads.
    Random { seed: i64 },
}

/// An aggregate of a window document.
#[derive(Debug, Clone, PartialEq)]
pub struct WindowAggregate {
    pub name: Name,
    /// `None`: a Variable aggregate, without a window.
    pub window: Option<WindowSpec>,
    pub when: Option<Expression>,
    pub fields: Vec<Field>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct WindowSpec {
    pub kind: WindowKind,
    /// Negative: before the anchor; positive: after.
    pub value: i64,
    /// `stream.aggregate`
    pub source: Name,
    /// 2018-03's `Window: {Name}`: the members' list is in scope under this name beside `source`.
    pub list_name: Option<Name>,
    /// `Missing: default` keeps a row that lacks data.
    pub keep_missing: bool,
    /// Whether the lower and upper bound belong to the window (Blurr: neither).
    pub include_lower: bool,
    pub include_upper: bool,
    /// `Calendar: true`: whole days or hours of this time zone before or after the anchor's own (A.10).
    pub calendar: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WindowKind {
    Day,
    Hour,
    Count,
}

/// `ProductML:DTC:Attribution`: journeys to credit per touch point (docs/ATTRIBUTION.md).
///
/// ```yaml
/// Type: ProductML:DTC:Attribution
/// Version: '2018-03-01'
/// Name: offer_credit
/// Source: offers.session              # optional: blocks of a streaming document instead of events
/// Identity: source.customer_identifier
/// Time: parse_time(source.event_time)
/// Touch:
///   When: source.event_id == 'offer_shown'
///   Value: source.offer_type          # names the touch point
///   Cost: source.price
/// Conversion:
///   When: source.event_id == 'purchase'
///   Value: source.amount
/// Milestone:                          # optional: what the model `w` looks for
///   When: source.event_id == 'demo'
/// Journeys:
///   Cycles: repeat
///   LookbackDays: 30
///   RepeatWithinSeconds: 300
///   Exclude: [direct]
///   Top: 20
///   Others: others
///   Groups: {google: paid, bot: null}
/// Models: [first, last, 'markov:2']
/// Doubt:
///   Replicates: 200
///   Splits: 10
///   Seed: 1
/// Stores:                             # optional: where `dtc attribute` writes scores and reads events
///   - {Type: ProductML:DTC:Store:Postgres, Name: warehouse, Database: marts, Table: scores, Events: journeys}
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Attribution {
    pub header: Header,
    /// `stream.aggregate`: its blocks are what `source` is. `None`: raw events.
    pub source: Option<Name>,
    /// `None`: the identity of the source's blocks.
    pub identity: Option<Expression>,
    /// `None`: when the source's blocks start.
    pub time: Option<Expression>,
    pub touch: Touch,
    pub conversion_when: Expression,
    pub conversion_value: Option<Expression>,
    /// Which records mark the milestone of their journey.
    pub milestone_when: Option<Expression>,
    pub journeys: JourneySteps,
    pub models: Vec<Name>,
    pub doubt: DoubtSettings,
    pub stores: Vec<Warehouse>,
}

/// Where scores are written and events are read. Never holds a secret.
#[derive(Debug, Clone, PartialEq)]
pub struct Warehouse {
    pub name: Name,
    pub kind: WarehouseKind,
    /// The table that takes the scores; of S3 there is none.
    pub table: Option<String>,
    /// The table of raw events, or in S3 their prefix.
    pub events: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum WarehouseKind {
    Postgres(PostgresPlace),
    Redshift(PostgresPlace),
    Snowflake(SnowflakePlace),
    S3 { bucket: String, prefix: String, csv: bool },
}

/// `None` stands for what the environment or the server says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PostgresPlace {
    pub host: Option<String>,
    pub port: Option<u16>,
    pub database: Option<String>,
    pub schema: Option<String>,
    pub user: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct SnowflakePlace {
    pub account: String,
    pub database: String,
    pub schema: String,
    pub warehouse: Option<String>,
    pub role: Option<String>,
    pub user: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Touch {
    pub when: Option<Expression>,
    pub value: Expression,
    pub cost: Option<Expression>,
}

/// How events become journeys; without any, each identity's touches up to its first conversion.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct JourneySteps {
    /// Every conversion ends a journey, not the first alone.
    pub repeat: bool,
    pub lookback_days: Option<f64>,
    pub repeat_within_seconds: Option<f64>,
    pub exclude: Vec<String>,
    pub top: Option<u64>,
    pub others: Option<String>,
    /// Names and their groups; without one, touches of the name are dropped.
    pub groups: Vec<(String, Option<String>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DoubtSettings {
    /// Times that journeys are drawn anew; 0: no intervals.
    pub replicates: u32,
    /// Times that journeys are split into halves.
    pub splits: u32,
    pub seed: u64,
}

impl Default for DoubtSettings {
    fn default() -> DoubtSettings {
        DoubtSettings { replicates: 200, splits: 10, seed: 1 }
    }
}

/// `ProductML:DTC:Join`: decisions and rewards to joined records.
///
/// ```yaml
/// Type: ProductML:DTC:Join
/// Version: '2018-03-01'
/// Name: offer_rewards
/// Key: source.decision_id
/// Time: parse_time(source.event_time)
/// Window: 10                            # seconds after the decision; 10 where it is missing
/// Default: 0                            # reward of a decision without one
/// Aggregation: last                     # of several rewards
/// Decision:
///   When: source.event_id == 'offer_shown'
///   Action: source.offer_type
///   Probability: source.p               # optional: what evaluating policies takes
///   Context: source.features            # optional
/// Reward:
///   When: source.event_id == 'purchase'
///   Value: float(source.txn_amount)
/// Override:                             # optional: a decision that was overridden leaves no record
///   When: source.event_id == 'offer_overridden'
///   Scope: until_end                    # any override up to the window's end; `in_window`: from the decision on
/// Activation:                           # optional: a decision that was not activated leaves none either
///   When: source.event_id == 'offer_seen'
/// Policies:                             # optional: what each would have earned
///   - { Name: by_level, Kind: expression, Value: "'gift' if context.level < 3 else 'bonus'" }
/// Sources:                              # optional: what the service reads beside HTTP
///   - { Type: kafka, Brokers: 'localhost:9092', Topic: events }
/// Sinks:                                # optional: where its records go
///   - { Type: http, Url: 'https://learner.example/records' }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Join {
    pub header: Header,
    pub key: Expression,
    pub time: Expression,
    pub window_seconds: f64,
    pub default_reward: f64,
    /// One of `AGGREGATIONS`.
    pub aggregation: &'static str,
    /// How much earlier than its decision a reward may be.
    pub early_seconds: f64,
    /// Whether each decision event of a key leaves a record, instead of the first.
    pub every_decision: bool,
    /// How long a running service knows a key after its window.
    pub remember_seconds: f64,
    pub decision_when: Expression,
    pub action: Expression,
    pub probability: Option<Expression>,
    pub context: Option<Expression>,
    pub reward_when: Expression,
    pub reward_value: Expression,
    pub override_when: Option<Expression>,
    /// Whether only overrides within the window count, instead of any up to its end.
    pub override_in_window: bool,
    pub activation_when: Option<Expression>,
    pub policies: Vec<Policy>,
    pub sources: Vec<JoinSource>,
    pub sinks: Vec<JoinSink>,
}

/// `Policies: - { Name: always_gift, Kind: constant, Action: gift }`
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    pub name: Name,
    pub kind: PolicyKind,
}

/// What a policy may be, as its `Kind` says it.
pub const POLICY_KINDS: [&str; 6] = ["logged", "uniform", "constant", "expression", "column", "file"];

#[derive(Debug, Clone, PartialEq)]
pub enum PolicyKind {
    /// The one that chose.
    Logged,
    /// Every offered action alike.
    Uniform,
    Constant(String),
    /// Over `context`, `actions`, `source` and perhaps `action`: with `action` that action's probability; without, the action
    /// that is chosen, or a map of probabilities.
    Expression(Expression),
    /// Over `source`, the decision's record: with which probability the policy takes the logged action.
    Column(Expression),
    /// A file of the project.
    File(Name),
}

/// Which overrides count, the default first.
pub const OVERRIDE_SCOPES: [&str; 2] = ["until_end", "in_window"];

/// Where a join's service reads raw events, which the document's expressions are for.
#[derive(Debug, Clone, PartialEq)]
pub struct JoinSource {
    pub name: Name,
    pub kind: SourceKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum SourceKind {
    /// JSON Lines, read as they grow, by the order of names.
    Files {
        folder: String,
    },
    Kafka(Topic),
    Kinesis(Stream),
}

/// Where joined records go.
#[derive(Debug, Clone, PartialEq)]
pub struct JoinSink {
    pub name: Name,
    pub kind: SinkKind,
}

#[derive(Debug, Clone, PartialEq)]
pub enum SinkKind {
    Stdout,
    /// JSON Lines, a new file after so many megabytes.
    Files {
        folder: String,
        rotate_megabytes: Option<u32>,
    },
    /// Posted; `token_variable` names the environment's variable with the bearer's token.
    Http {
        url: String,
        token_variable: Option<String>,
    },
    Kafka(Topic),
    Kinesis(Stream),
}

/// Of Kafka or Redpanda.
#[derive(Debug, Clone, PartialEq)]
pub struct Topic {
    /// `host:port`, several separated by commas.
    pub brokers: String,
    pub topic: String,
    pub tls: bool,
    /// A file of the authorities to trust; none: those of the system.
    pub certificates: Option<String>,
    pub login: Option<TopicLogin>,
}

/// SASL's mechanisms as `Mechanism` names them, the default first.
pub const MECHANISMS: [&str; 3] = ["scram-sha-512", "scram-sha-256", "plain"];

/// Who speaks to the brokers; the password is in the environment.
#[derive(Debug, Clone, PartialEq)]
pub struct TopicLogin {
    /// One of `MECHANISMS`.
    pub mechanism: &'static str,
    pub user: String,
    pub password_variable: String,
}

/// Of Kinesis.
#[derive(Debug, Clone, PartialEq)]
pub struct Stream {
    pub stream: String,
    pub region: Option<String>,
    pub endpoint: Option<String>,
}

impl SourceKind {
    pub fn name(&self) -> &'static str {
        match self {
            SourceKind::Files { .. } => "files",
            SourceKind::Kafka(_) => "kafka",
            SourceKind::Kinesis(_) => "kinesis",
        }
    }
}

impl SinkKind {
    pub fn name(&self) -> &'static str {
        match self {
            SinkKind::Stdout => "stdout",
            SinkKind::Files { .. } => "files",
            SinkKind::Http { .. } => "http",
            SinkKind::Kafka(_) => "kafka",
            SinkKind::Kinesis(_) => "kinesis",
        }
    }
}

/// How several rewards of one decision become one, the default first; `each` leaves a record for each.
pub const AGGREGATIONS: [&str; 8] = ["last", "first", "sum", "mean", "median", "min", "max", "each"];
