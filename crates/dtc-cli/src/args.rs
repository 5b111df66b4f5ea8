//! The command line as clap reads it; Blurr's names of flags are aliases.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Data Transform Configurations: check them, run them, make them infrastructure.
#[derive(Parser)]
#[command(name = "dtc", version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Checks documents and says what is wrong where
    Validate(Validate),
    /// Lays documents out alike: indentation, blanks, empty lines; comments stay
    Format(Format),
    /// Runs events through a streaming document and, where given, a window document
    Transform(Transform),
    /// Tells how one value of a run came about: the events, the conditions, the values before and after
    Explain(Explain),
    /// Credits touch points with conversions, by every model
    Attribute(Attribute),
    /// Makes the deployable bundle of a project
    Export(Export),
    /// Joins decisions with their rewards, and estimates what a policy would have earned
    #[command(subcommand)]
    Bandit(Bandit),
    /// Serves the join of decisions and rewards over HTTP, or plays load against it
    #[command(subcommand)]
    Join(Join),
    /// Serves the studio to a browser on this machine
    Serve(Serve),
    /// Speaks the Language Server Protocol over standard input and output, for editors
    Lsp,
    /// Prints the JSON Schema of documents
    Schema,
}

#[derive(Args)]
pub struct Validate {
    /// Documents or folders; none: every .yaml and .yml of the current folder
    pub files: Vec<PathBuf>,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
    /// Say what `blurr validate` would: its verdict, in our words
    #[arg(long, value_enum)]
    pub compat: Option<Compat>,
    /// Write the cures that a machine can know into the files first, and say which
    #[arg(long)]
    pub fix: bool,
}

#[derive(Args)]
pub struct Format {
    /// Documents or folders; none: every .yaml and .yml of the current folder
    pub files: Vec<PathBuf>,
    /// Write nothing; say which files would change and exit with 1 if there are any
    #[arg(long)]
    pub check: bool,
}

#[derive(Args)]
pub struct Transform {
    /// The streaming document
    #[arg(long, alias = "streaming-bts", alias = "streaming-dtc", value_name = "FILE")]
    pub streaming: PathBuf,
    /// The window document; its rows are the output then
    #[arg(long, alias = "window-bts", alias = "window-dtc", value_name = "FILE")]
    pub window: Option<PathBuf>,
    /// Events: files, folders, patterns of files such as 'data/**/*.csv', s3://BUCKET/KEY (an object, a prefix, a
    /// pattern), or - for standard input, separated by commas. JSON, JSON Lines, CSV and Parquet are told apart by
    /// content, packed with gzip or zstd or not
    #[arg(long = "source", value_name = "DATA")]
    pub sources: Vec<String>,
    /// Events, as with --source
    #[arg(value_name = "DATA")]
    pub more_sources: Vec<String>,
    /// What a record of the data holds; none: found out from its first record
    #[arg(long, value_enum, value_name = "PROCESSOR")]
    pub data_processor: Option<DataProcessor>,
    /// Run by these rules whatever the documents say
    #[arg(long, value_enum)]
    pub compat: Option<Compat>,
    /// Write one table a file into --out instead of printing; without it, jsonl
    #[arg(long, value_enum, requires = "out")]
    pub format: Option<TableFormat>,
    /// The folder for tables
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Go on from the state in this folder, in s3://BUCKET/PREFIX or in dynamodb://TABLE, and leave the new
    /// one there; prints what is new or changed, and without DATA everything that the state holds
    #[arg(long, value_name = "STATE")]
    pub state: Option<String>,
    /// Another address for AWS's services, e.g. of a server for tests; none: AWS_ENDPOINT_URL, or AWS
    #[arg(long, value_name = "URL")]
    pub endpoint_url: Option<String>,
    /// Threads to run on; 0: one a core
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
    /// What events may take in memory; more of them go to a temporary file, and the rows are the same
    #[arg(long, value_name = "SIZE", default_value = "512MB", value_parser = crate::size::bytes)]
    pub memory: usize,
    /// The folder for temporary files; none: --out's, or the system's
    #[arg(long, value_name = "DIR")]
    pub scratch: Option<PathBuf>,
}

#[derive(Args)]
pub struct Explain {
    /// A project's folder: its documents, and the events in its folder data
    pub project: Option<PathBuf>,
    /// Whose value
    #[arg(long)]
    pub identity: String,
    /// The field, as the table names it: `games`, of a window `last.games`
    #[arg(long)]
    pub field: String,
    /// The table: an aggregate or the window document; none: the only one with the field
    #[arg(long)]
    pub table: Option<String>,
    /// The record with this dimension value; once for each dimension
    #[arg(long = "key", value_name = "VALUE")]
    pub keys: Vec<String>,
    /// The block that this moment lies in, or the window row whose anchor starts then
    #[arg(long, value_name = "TIME")]
    pub at: Option<String>,
    /// Of a long story, tell so many evaluations from each end
    #[arg(long, default_value_t = 20, value_name = "COUNT")]
    pub most: usize,
    /// How to print the story
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
    /// The streaming document, instead of the project's
    #[arg(long, alias = "streaming-bts", alias = "streaming-dtc", value_name = "FILE")]
    pub streaming: Option<PathBuf>,
    /// The window document, instead of the project's
    #[arg(long, alias = "window-bts", alias = "window-dtc", value_name = "FILE")]
    pub window: Option<PathBuf>,
    /// Events instead of the project's: files or folders, separated by commas
    #[arg(long = "source", value_name = "DATA")]
    pub sources: Vec<String>,
    /// What a record of the data holds; none: found out from its first record
    #[arg(long, value_enum, value_name = "PROCESSOR")]
    pub data_processor: Option<DataProcessor>,
    /// Run by these rules whatever the documents say
    #[arg(long, value_enum)]
    pub compat: Option<Compat>,
}

#[derive(Args)]
pub struct Attribute {
    /// A project's folder: its attribution document, and the events in its folder data
    pub project: Option<PathBuf>,
    /// The attribution document, instead of the project's
    #[arg(long, value_name = "FILE")]
    pub document: Option<PathBuf>,
    /// Events instead of the project's, as with `dtc transform`
    #[arg(long = "source", value_name = "DATA")]
    pub sources: Vec<String>,
    /// Read the events from this store of the document: its `Events`
    #[arg(long, value_name = "STORE", conflicts_with_all = ["sources", "paths", "journeys"])]
    pub from: Option<String>,
    /// Write the scores to this store of the document: its `Table`, or in S3 a file
    #[arg(long, value_name = "STORE", conflicts_with_all = ["paths", "journeys"])]
    pub write: Option<String>,
    /// The name of the run: its scores take the place of those that the same document and run wrote before
    #[arg(long, value_name = "NAME", default_value = "latest")]
    pub run: String,
    /// Paths with their counts, one sequence of touches a line: path;total_conversions;total_conversion_value;total_null
    #[arg(long, value_name = "FILE", conflicts_with_all = ["journeys", "project", "document", "sources"])]
    pub paths: Option<PathBuf>,
    /// One journey a line: journey_id,path,converted,value,hours (before its end, joined as the touches are: by ' > ')
    #[arg(long, value_name = "FILE", conflicts_with_all = ["project", "document", "sources"])]
    pub journeys: Option<PathBuf>,
    /// Models by name, separated by commas, or all; none: the document's, or all
    #[arg(long, value_name = "NAMES")]
    pub models: Vec<String>,
    /// How to print the credits
    #[arg(long, value_enum, default_value_t = CreditFormat::Human)]
    pub format: CreditFormat,
    /// Times that journeys are drawn anew for intervals and ranks; none: as the document says, 0 for tables
    #[arg(long, value_name = "COUNT")]
    pub replicates: Option<u32>,
    /// Times that journeys are split into halves; none: as the document says, 0 for tables
    #[arg(long, value_name = "COUNT")]
    pub splits: Option<u32>,
    /// The same seed draws the same journeys
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
    /// Also find the order of a Markov chain, up to this one, that foretells held-out journeys best
    #[arg(long, value_name = "ORDER")]
    pub choose_order: Option<u32>,
    /// Also write the whole report as one page of HTML that opens without network
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Also write every chart and table of the report into a folder: SVG, PNG and CSV
    #[arg(long, value_name = "FOLDER")]
    pub charts: Option<PathBuf>,
    /// An earlier run's JSON, or STORE:RUN for scores that were written: also tell whose share changed, and which
    /// changes are beyond chance
    #[arg(long, value_name = "FILE")]
    pub compare: Option<String>,
    /// Threads to run on; 0: one a core
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CreditFormat {
    #[value(alias = "text")]
    Human,
    /// One object: credits by model and channel, and what chains know
    Json,
    /// One line a channel, a column of conversions and one of value a model
    Csv,
}

#[derive(Args)]
pub struct Export {
    /// The project's folder
    pub project: PathBuf,
    #[arg(long, value_enum)]
    pub target: ExportTarget,
    /// The folder for the bundle
    #[arg(long, value_name = "DIR", required_unless_present = "zip")]
    pub out: Option<PathBuf>,
    /// The zip file for the bundle
    #[arg(long, value_name = "FILE")]
    pub zip: Option<PathBuf>,
    /// Overwrite files that no export wrote or that were changed since
    #[arg(long)]
    pub force: bool,
}

#[derive(Subcommand)]
pub enum Bandit {
    /// Estimates, intervals and diagnostics of a policy over logged decisions
    Evaluate(Box<BanditEvaluate>),
    /// Writes a log of decisions as VW dsjson, one line a decision
    Convert(BanditConvert),
    /// Joins a log of decisions, rewards and overrides, and prints the records and what did not join
    Join(BanditJoin),
}

#[derive(Args)]
pub struct BanditEvaluate {
    /// A CSV file with the columns reward, pscore, pi_e and, for estimators with a model, q_logged and q_pi
    #[arg(long, value_name = "FILE", required_unless_present_any = ["log", "bins"], conflicts_with_all = ["log", "document", "bins"])]
    pub rows: Option<PathBuf>,
    #[command(flatten)]
    pub input: BanditLog,
    /// logged, uniform, constant:ACTION, expression:EXPRESSION, column:NAME, file:FILE, rhai:FILE#FUNCTION; with NAME= before
    /// it, it is called so
    #[arg(long, value_name = "POLICY")]
    pub policy: Vec<String>,
    /// Fields of the context by which the model of the reward tells decisions apart, separated by commas
    #[arg(long, value_delimiter = ',', value_name = "FIELDS")]
    pub model_by: Vec<String>,
    /// Write a report that stands alone: HTML without network or script
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Write each figure into this folder, as SVG, PNG and CSV
    #[arg(long, value_name = "DIR")]
    pub figures: Option<PathBuf>,
    /// Write what the log says, as sums by bins of time, for --bins
    #[arg(long, value_name = "FILE", conflicts_with = "rows")]
    pub keep: Option<PathBuf>,
    /// Files of --keep, of the same policies over several logs: merged, they answer without the logs
    #[arg(long, value_name = "FILE", num_args = 1.., conflicts_with_all = ["log", "document"])]
    pub bins: Vec<PathBuf>,
    /// Width of the curves' bins; without it one of sixty or so, with --keep a day
    #[arg(long, value_name = "SECONDS")]
    pub bin: Option<f64>,
    /// Names separated by commas, or all
    #[arg(long, default_value = "all")]
    pub estimators: String,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = ReportFormat::Human)]
    pub format: ReportFormat,
    /// How sure intervals are
    #[arg(long, default_value_t = 0.95)]
    pub level: f64,
    /// Resamples of the bootstrap
    #[arg(long, default_value_t = 1000, value_name = "COUNT")]
    pub resamples: usize,
    /// The bootstrap's seed
    #[arg(long, default_value_t = 7)]
    pub seed: u64,
    /// The smallest and largest reward that there can be; none: 0,1 where all lie between, else those seen
    #[arg(long, value_delimiter = ',', num_args = 1.., value_name = "MIN,MAX", allow_hyphen_values = true)]
    pub reward_range: Option<Vec<f64>>,
}

#[derive(Args)]
pub struct BanditLog {
    /// A join document: raw events are read by its expressions and joined by its rule, and its policies are evaluated
    pub document: Option<PathBuf>,
    /// Logs of decisions: VW dsjson, Open Bandit, joined records, tables (CSV, Parquet, JSON Lines), or events, which are
    /// joined first; with a document also raw events
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub log: Vec<PathBuf>,
    /// Which column of a table holds what: action, probability, reward, key, time, context or delay
    #[arg(long, value_name = "WHAT=NAME")]
    pub column: Vec<String>,
    /// Seconds in which rewards of a log of events join their decision; 10 where nothing says otherwise
    #[arg(long, value_name = "SECONDS")]
    pub window: Option<f64>,
}

#[derive(Args)]
pub struct BanditConvert {
    #[command(flatten)]
    pub input: BanditLog,
}

#[derive(Args)]
pub struct BanditJoin {
    /// A CSV file in the order of arrival with the columns kind (decision, reward, override, activation), key, ts_ms,
    /// reward, action, probability and perhaps seq
    #[arg(long, value_name = "FILE")]
    pub events: PathBuf,
    /// seed_spec, demo_v1, demo_v2 or ms_loop
    #[arg(long, default_value = "seed_spec")]
    pub semantics: String,
}

#[derive(Subcommand)]
pub enum Join {
    /// Joins decisions with their rewards as they come; what is answered is on disk
    Serve(JoinServe),
    /// Plays seeded decisions, rewards and overrides, or a file of raw events, against a running service
    Simulate(JoinSimulate),
    /// Prints the records that a service's log gives, which are those that it wrote
    Replay(JoinReplay),
}

#[derive(Args)]
pub struct JoinReplay {
    /// The join document that the service was started with
    pub document: Option<PathBuf>,
    /// The service's folder; it may be running
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Print the events instead, as `dtc bandit join --events` takes them
    #[arg(long)]
    pub events: bool,
}

#[derive(Args)]
pub struct JoinServe {
    /// A join document, whose rule, sources and sinks are taken; none: a window of 10 seconds, the last reward, 0 without
    pub document: Option<PathBuf>,
    /// The folder of log and records
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Where to listen; port 0: any free one
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub listen: String,
    /// Print the records too
    #[arg(long)]
    pub stdout: bool,
    /// Post the records here too, JSON Lines, until they are taken
    #[arg(long, value_name = "URL")]
    pub post_to: Option<String>,
    /// Hand the records on, to stdout:, files:DIR, http(s)://HOST/PATH, kafka://BROKERS/TOPIC or
    /// kinesis://STREAM?region=…&endpoint=…; beside the document's sinks
    #[arg(long, value_name = "SINK")]
    pub sink: Vec<String>,
    /// Read raw events by the document's expressions from files:DIR, kafka://… or kinesis://…; beside its own sources
    #[arg(long, value_name = "SOURCE")]
    pub source: Vec<String>,
    /// Events a second that are taken over HTTP at most
    #[arg(long, value_name = "EVENTS")]
    pub max_rate: Option<u64>,
    /// Bytes of log and records beyond which nothing more is taken
    #[arg(long, value_name = "BYTES")]
    pub disk_budget: Option<u64>,
    /// Bytes after which a file of the log or of the records is closed
    #[arg(long, value_name = "BYTES")]
    pub file_size: Option<u64>,
}

#[derive(Args)]
pub struct JoinSimulate {
    /// Where the service listens
    #[arg(default_value = "127.0.0.1:8080", value_name = "ADDR")]
    pub address: String,
    /// Raw events, one JSON object a line, sent in order to a service that was started with a document
    #[arg(long, value_name = "FILE")]
    pub events: Option<PathBuf>,
    /// Decisions or raw events a second; 0: as fast as they are answered
    #[arg(long, default_value_t = 100.0)]
    pub rate: f64,
    #[arg(long, default_value_t = 10.0)]
    pub seconds: f64,
    #[arg(long, default_value_t = 4)]
    pub connections: usize,
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Milliseconds of the service's window, within which most rewards come
    #[arg(long, default_value_t = 10_000)]
    pub window_ms: u64,
}

#[derive(Args)]
pub struct Serve {
    /// A project's folder to offer first
    pub folder: Option<PathBuf>,
    /// The port on 127.0.0.1; 0: any free one
    #[arg(long, default_value_t = 0)]
    pub port: u16,
    /// Open the browser
    #[arg(long)]
    pub open: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    #[value(alias = "text")]
    Human,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Compat {
    Blurr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DataProcessor {
    /// A record is an event
    Simple,
    /// A record holds the flow records of an IPFIX collector in `DataSets`; each is an event
    Ipfix,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// JSON Lines: an object a row
    Jsonl,
    /// One JSON array of objects
    Json,
    /// RFC 4180 with a header
    Csv,
    /// Typed columns, packed with Snappy
    Parquet,
    /// An Arrow IPC file: typed columns, not packed
    Arrow,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportTarget {
    Sam,
    #[value(alias = "cfn")]
    Cloudformation,
}
