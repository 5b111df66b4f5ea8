//! Pipeline documents as an export sees them: typed, with every default filled in, so that a document that says
//! nothing and no document at all are the same. docs/PIPELINE.md tells the language.

use crate::cloud::arn::Arn;
use crate::cloud::instance::Instance;
use crate::cloud::location::Location;
use crate::cloud::metric::Metric;
use crate::cloud::pattern::Pattern;
use crate::cloud::release::Release;
use crate::cloud::schedule::Schedule;
use crate::document::{Header, Name};
use crate::text::Span;
use dtc_expr::Mode;

/// A mapping as it was read by its table: what was written, typed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    /// What the part is, for messages.
    pub what: &'static str,
    /// What its `Type` says, where it has one.
    pub kind: Option<&'static str>,
    pub place: Span,
    pub entries: Vec<Written>,
}

/// An attribute with what was written for it.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    pub name: &'static str,
    pub key: Span,
    pub value: Value,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Text(Name),
    Whole(i64),
    Number(f64),
    Flag(bool),
    Choice(&'static str),
    Schedule(Schedule),
    Release(Release),
    Instance(Instance),
    Location(Location, Span),
    Filter(Pattern),
    Metric(Metric),
    Arn(Arn),
    Key(Encryption),
    Texts(Vec<Name>),
    Pairs(Vec<(Name, Name)>),
    List(Vec<Record>),
    Mapping(Record),
    /// Something is written that could not be read, which has been reported.
    Unread,
}

impl Record {
    pub fn written(&self, name: &str) -> Option<&Written> {
        self.entries.iter().find(|entry| entry.name == name)
    }
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.written(name).map(|entry| &entry.value)
    }
    pub fn name(&self) -> Option<&Name> {
        self.text("Name")
    }
    pub fn text(&self, name: &str) -> Option<&Name> {
        match self.get(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }
    pub fn whole(&self, name: &str) -> Option<u32> {
        match self.get(name)? {
            Value::Whole(value) => u32::try_from(*value).ok(),
            _ => None,
        }
    }
    pub fn number(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            Value::Number(value) => Some(*value),
            _ => None,
        }
    }
    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.get(name)? {
            Value::Flag(value) => Some(*value),
            _ => None,
        }
    }
    pub fn choice(&self, name: &str) -> Option<&'static str> {
        match self.get(name)? {
            Value::Choice(value) => Some(value),
            _ => None,
        }
    }
    pub fn location(&self, name: &str) -> Option<&Location> {
        match self.get(name)? {
            Value::Location(place, _) => Some(place),
            _ => None,
        }
    }
    pub fn texts(&self, name: &str) -> &[Name] {
        match self.get(name) {
            Some(Value::Texts(texts)) => texts,
            _ => &[],
        }
    }
    pub fn pairs(&self, name: &str) -> &[(Name, Name)] {
        match self.get(name) {
            Some(Value::Pairs(pairs)) => pairs,
            _ => &[],
        }
    }
    pub fn list(&self, name: &str) -> &[Record] {
        match self.get(name) {
            Some(Value::List(records)) => records,
            _ => &[],
        }
    }
    pub fn mapping(&self, name: &str) -> Option<&Record> {
        match self.get(name)? {
            Value::Mapping(record) => Some(record),
            _ => None,
        }
    }
}

/// Which key encrypts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Encryption {
    /// A key of the stack.
    #[default]
    Own,
    /// Keys of the services.
    Aws,
    /// A key of the account.
    Given(Arn),
}

/// How a record that comes twice counts once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dedup {
    /// Not at all: each delivery counts.
    None,
    /// By its place in the stream: what a replay brings again.
    #[default]
    Sequence,
    /// By its id, or by its content where it has none: what a producer sends again.
    EventId,
}

/// What becomes infrastructure, and how. `Default` is what an export takes where no document says anything.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// Without a name: there is no document.
    pub header: Header,
    /// Empty: all of the project.
    pub documents: Vec<Name>,
    pub sources: Vec<Source>,
    pub archive: Option<Archive>,
    pub buckets: Vec<OwnBucket>,
    pub tables: Vec<OwnTable>,
    pub stores: Vec<Kept>,
    pub function: FunctionSettings,
    pub retries: Retries,
    pub dedup: Dedup,
    pub encryption: Encryption,
    pub arm64: bool,
    pub schedules: Vec<Scheduled>,
    pub flows: Vec<Flow>,
    pub alarms: Vec<Watch>,
    pub dashboard: bool,
    pub charts: Vec<Chart>,
    pub emails: Vec<String>,
    pub topic: Option<Arn>,
    pub secrets: Vec<Secret>,
    pub parameters: Vec<Parameter>,
    pub environments: Vec<Environment>,
    pub tags: Vec<(String, String)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub name: Name,
    pub kind: SourceKind,
    /// Seconds that a batch is waited for.
    pub batch_seconds: u32,
}

#[derive(Debug, Clone, PartialEq)]
pub enum SourceKind {
    Kinesis(Kinesis),
    Drops { bucket: Option<String>, prefix: String, suffix: String },
    Firehose { prefix: String, megabytes: u32, seconds: u32 },
    Http { route: String, signed: bool, rate: u32, burst: u32 },
}

#[derive(Debug, Clone, PartialEq)]
pub struct Kinesis {
    pub stream: Option<Arn>,
    pub retention_hours: u32,
    /// `None`: on demand.
    pub shards: Option<u32>,
    pub batch_size: u32,
    pub parallel: u32,
    pub latest: bool,
    pub fan_out: bool,
    pub filter: Option<Pattern>,
}

impl Default for Kinesis {
    fn default() -> Kinesis {
        Kinesis {
            stream: None,
            retention_hours: 48,
            shards: None,
            batch_size: 200,
            parallel: 1,
            latest: false,
            fan_out: false,
            filter: None,
        }
    }
}

/// Raw events in S3.
#[derive(Debug, Clone, PartialEq)]
pub struct Archive {
    pub parquet: bool,
    pub prefix: String,
    pub megabytes: u32,
    pub seconds: u32,
    pub expire_days: Option<u32>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct OwnBucket {
    pub name: Name,
    pub bucket: Option<String>,
    pub expire_days: Option<u32>,
    pub outlives: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct OwnTable {
    pub name: Name,
    pub key: String,
    pub range: Option<String>,
    pub retention_days: Option<u32>,
    pub recovery: bool,
    pub outlives: bool,
}

/// How the table of a store is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub store: Name,
    pub recovery: bool,
    pub outlives: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FunctionSettings {
    pub memory_mb: u32,
    pub timeout_seconds: u32,
    pub temp_mb: Option<u32>,
    pub concurrency: Option<u32>,
    pub log_days: u32,
    /// Of CodeDeploy, in protected environments.
    pub deploy: &'static str,
    pub variables: Vec<(String, String)>,
}

impl Default for FunctionSettings {
    fn default() -> FunctionSettings {
        FunctionSettings {
            memory_mb: 512,
            timeout_seconds: 120,
            temp_mb: None,
            concurrency: None,
            log_days: 30,
            deploy: "Canary10Percent5Minutes",
            variables: Vec::new(),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    pub attempts: u32,
    pub max_age_seconds: u32,
    pub bisect: bool,
    pub keep_days: u32,
}

impl Default for Retries {
    fn default() -> Retries {
        Retries { attempts: 5, max_age_seconds: 86_400, bisect: true, keep_days: 14 }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Scheduled {
    pub name: Name,
    pub at: Schedule,
    pub zone: String,
    pub starts: Name,
    pub flex_minutes: Option<u32>,
    pub enabled: bool,
    pub attempts: u32,
    pub max_age_seconds: u32,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Flow {
    pub name: Name,
    pub timeout_minutes: u32,
    pub steps: Vec<Step>,
}

/// A step of a flow: its kind, and by its table what was written.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub name: Name,
    /// One of `STEP_KINDS`.
    pub kind: &'static str,
    pub written: Record,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Watch {
    pub name: Name,
    pub description: Option<String>,
    pub metric: Metric,
    pub of: Option<Name>,
    pub statistic: &'static str,
    pub threshold: f64,
    pub below: bool,
    pub periods: u32,
    pub period_seconds: u32,
    pub missing: &'static str,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Chart {
    pub title: String,
    pub metric: Metric,
    pub of: Option<Name>,
    pub statistic: &'static str,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Secret {
    pub name: Name,
    pub arn: Option<Arn>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Parameter {
    pub name: Name,
    pub is_number: bool,
    pub default: Option<String>,
    pub choices: Vec<String>,
    pub description: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Environment {
    pub name: String,
    pub account: Option<String>,
    pub region: Option<String>,
    pub protect: bool,
    pub emails: Vec<String>,
    pub log_days: Option<u32>,
    pub values: Vec<(String, String)>,
}

impl Environment {
    /// An environment of which nothing is said but its name.
    pub(crate) fn called(name: &str) -> Environment {
        Environment {
            name: name.to_owned(),
            account: None,
            region: None,
            protect: name == "prod",
            emails: Vec::new(),
            log_days: None,
            values: Vec::new(),
        }
    }
}

impl Default for Pipeline {
    fn default() -> Pipeline {
        Pipeline {
            header: Header {
                name: Name { value: String::new(), span: Span::new(0, 0) },
                description: None,
                mode: Mode::Studio,
                imports: Vec::new(),
                when: None,
            },
            documents: Vec::new(),
            sources: Vec::new(),
            archive: None,
            buckets: Vec::new(),
            tables: Vec::new(),
            stores: Vec::new(),
            function: FunctionSettings::default(),
            retries: Retries::default(),
            dedup: Dedup::default(),
            encryption: Encryption::Own,
            arm64: false,
            schedules: Vec::new(),
            flows: Vec::new(),
            alarms: Vec::new(),
            dashboard: true,
            charts: Vec::new(),
            emails: Vec::new(),
            topic: None,
            secrets: Vec::new(),
            parameters: Vec::new(),
            environments: ["dev", "qa", "prod"].map(Environment::called).to_vec(),
            tags: Vec::new(),
        }
    }
}
