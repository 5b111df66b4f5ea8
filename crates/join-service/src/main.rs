//! `join-service`: the join service by itself, as small as it can be; `dtc join serve` is the same with a document.

use std::path::PathBuf;
use std::process::ExitCode;

use bandit::Aggregation;
use clap::Parser;
use join_service::{Options, ServiceError, SinkKind, SourceKind, serve};

/// Requests come and go on threads that share little; `dtc` has the same.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Joins decisions with their rewards over HTTP. An answered event is on disk.
#[derive(Parser)]
#[command(name = "join-service", version)]
struct Arguments {
    /// The folder of log and records
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Where to listen; port 0: any free one
    #[arg(long, default_value = "127.0.0.1:8080", value_name = "ADDR")]
    listen: String,
    /// Milliseconds that every decision waits for its reward
    #[arg(long, default_value_t = 10_000, value_name = "MS")]
    window: u32,
    /// last, first, sum, mean, median, min, max or each
    #[arg(long, default_value = "last")]
    aggregation: String,
    /// The reward of a decision without one
    #[arg(long, default_value_t = 0.0, allow_hyphen_values = true)]
    default: f64,
    /// Milliseconds that a key is remembered after its window
    #[arg(long, default_value_t = 600_000, value_name = "MS")]
    remember: u32,
    /// Bytes after which a file of the log or of the records is closed
    #[arg(long, value_name = "BYTES")]
    file: Option<u64>,
    /// Bytes of disk beyond which nothing more is taken
    #[arg(long, value_name = "BYTES")]
    disk: Option<u64>,
    /// Where records go beside their files: stdout:, files:DIR, http(s)://HOST/PATH, kafka://BROKERS/TOPIC or
    /// kinesis://STREAM?region=…&endpoint=…
    #[arg(long, value_name = "SINK")]
    sink: Vec<String>,
    /// Remove files of records that every sink has taken
    #[arg(long)]
    trim: bool,
    /// Where events come from beside HTTP: files:DIR, kafka://… or kinesis://…
    #[arg(long, value_name = "SOURCE")]
    source: Vec<String>,
    /// Events a second that are taken at most
    #[arg(long, value_name = "EVENTS")]
    rate: Option<u64>,
    /// Requests that may wait for the disk; more are answered 503
    #[arg(long, value_name = "REQUESTS")]
    waiting: Option<usize>,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::from(1)
        }
    }
}

fn run(arguments: Arguments) -> Result<(), String> {
    let mut options = Options::new(arguments.data, &arguments.listen);
    options.rule.window_ms = i64::from(arguments.window);
    options.rule.remember_ms = i64::from(arguments.remember);
    options.rule.default_reward = arguments.default;
    let unknown = || format!("there is no aggregation `{}`", arguments.aggregation);
    options.rule.aggregation = Aggregation::of_name(&arguments.aggregation).ok_or_else(unknown)?;
    options.limits.file = arguments.file.unwrap_or(options.limits.file);
    options.limits.disk = arguments.disk.unwrap_or(options.limits.disk);
    options.limits.rate = arguments.rate.unwrap_or(options.limits.rate);
    options.limits.waiting = arguments.waiting.unwrap_or(options.limits.waiting);
    let sinks = arguments.sink.iter().map(|text| SinkKind::of_text(text)).collect::<Result<_, _>>();
    options.add_sinks(sinks.map_err(|error| error.to_string())?);
    let sources = arguments.source.iter().map(|text| SourceKind::of_text(text)).collect::<Result<_, _>>();
    options.add_sources(sources.map_err(|error| error.to_string())?);
    options.trims = arguments.trim;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(|error| error.to_string())?;
    let ended = runtime.block_on(async {
        let service = serve(options).await?;
        eprintln!("Join service: http://{}", service.address);
        service.wait().await
    });
    ended.map_err(|error: ServiceError| error.to_string())
}
