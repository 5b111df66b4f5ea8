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
    /// Makes the deployable bundle of a project
    Export(Export),
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
