//! `cargo xtask bench lambda`: the function of an exported bundle beside the same transform in Python on Lambda's own runtime
//! client, in turns, both under our Runtime API with moto behind them: cold start, warm calls, memory. Same rows, or it fails.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{machine, page};
use crate::args::Args;
use crate::project::Project;
use crate::timing::step;
use crate::verify::replay::compare;
use crate::verify::replay::server::Server;
use crate::{files, lambda, setup};
use runtime_api::{Runtime, Surroundings};

/// From PyPI: the client that Lambda's own image has, and AWS's library.
const PEERS: [&str; 2] = ["awslambdaric==4.2.2", "boto3"];
const CASE: &str = "tests/suite/bundles/offer";
/// Cold start: at most this part of the peer's.
const WANTED_COLD: f64 = 0.1;

type Told = BTreeMap<&'static str, Vec<f64>>;

pub fn command(mut args: Args) -> Result<()> {
    let runs: usize = args.option("--runs")?.map_or(Ok(5), |runs| runs.parse())?;
    let calls: usize = args.option("--calls")?.map_or(Ok(10), |calls| calls.parse())?;
    let dry = args.flag("--dry");
    args.done()?;
    let project = Project::find()?;
    if !lambda::bootstrap(&project).exists() {
        lambda::build(&project)?;
    }
    let bench = Bench { scratch: project.target.join("bench/lambda"), project: &project, calls };
    step("peer", || setup::environment(&bench.environment(), &PEERS))?;
    files::fresh(&bench.scratch)?;
    bench.function()?;
    let (mut ours, mut peer) = (Told::new(), Told::new());
    for run in 1..=runs {
        step(&format!("run {run} of {runs}"), || bench.turn(&mut ours, &mut peer))?;
    }
    let text = bench.section(runs, &mut ours, &mut peer)?;
    println!("{text}");
    if dry { Ok(()) } else { page::write(&project, "The function", &text) }
}

struct Bench<'p> {
    project: &'p Project,
    scratch: PathBuf,
    calls: usize,
}

#[derive(Clone, Copy)]
enum Who {
    Ours,
    Peer,
}

impl Who {
    fn word(self) -> &'static str {
        match self {
            Who::Ours => "ours",
            Who::Peer => "python",
        }
    }
}

impl Bench<'_> {
    fn environment(&self) -> PathBuf {
        self.project.target.join("lambda-python")
    }

    /// The function's folder, as its zip has it.
    fn function(&self) -> Result<()> {
        let (case, folder) = (self.project.root.join(CASE), self.scratch.join("ours"));
        files::copy(&lambda::bootstrap(self.project), &folder.join("bootstrap"))?;
        for name in ["streaming.dtc.yaml", "functions/offers.rhai"] {
            files::copy(&case.join(name), &folder.join("documents").join(name))?;
        }
        files::copy(&self.project.root.join("benches/lambda/handler.py"), &self.scratch.join("python/handler.py"))
    }

    /// Both once, on a server of their own, and their rows compared.
    fn turn(&self, ours: &mut Told, peer: &mut Told) -> Result<()> {
        let server = Server::start(self.project, &self.scratch)?;
        let text = fs::read_to_string(self.project.root.join(CASE).join("events.jsonl"))?;
        let batches: Vec<Value> = (0..self.calls).map(|number| batch(&text, number)).collect();
        self.measured(&server, Who::Ours, &batches, ours)?;
        self.measured(&server, Who::Peer, &batches, peer)?;
        let rows = |who: Who| compare::table(&server, &format!("rows-{}", who.word()));
        let differences = compare::differences(&rows(Who::Peer)?, &rows(Who::Ours)?, compare::TABLE_KEY);
        match differences.first() {
            None => Ok(()),
            Some(first) => bail!("{} rows differ: {first}", differences.len()),
        }
    }

    fn measured(&self, server: &Server, who: Who, batches: &[Value], told: &mut Told) -> Result<()> {
        let (rows, positions) = (format!("rows-{}", who.word()), format!("positions-{}", who.word()));
        create_table(server, &rows, true)?;
        create_table(server, &positions, false)?;
        let pair = |name: &str, value: String| (name.to_owned(), value);
        let (folder, endpoint) = (self.scratch.join(who.word()), server.endpoint());
        let (command, environment) = match who {
            Who::Ours => (
                Command::new(folder.join("bootstrap")),
                vec![
                    pair("DTC_STREAMING", "offer_ai".to_owned()),
                    pair("DTC_TABLES", json!({"offers": rows}).to_string()),
                    pair("DTC_POSITIONS", positions),
                ],
            ),
            Who::Peer => {
                let mut python = Command::new(self.environment().join("bin/python"));
                python.args(["-m", "awslambdaric", "handler.handle"]).current_dir(&folder);
                (
                    python,
                    vec![
                        pair("ROWS", rows),
                        pair("POSITIONS", positions),
                        pair("_HANDLER", "handler.handle".to_owned()),
                    ],
                )
            }
        };
        let around = Surroundings { name: "bench", environment: &environment, endpoint: &endpoint };
        let log = self.scratch.join(format!("{}.log", who.word()));
        let mut runtime = Runtime::run(command, &folder, &around, &log)?;
        let mut add = |name: &'static str, value: f64| told.entry(name).or_default().push(value);
        add("cold", runtime.ready()?.as_secs_f64() * 1000.0);
        let mut warm = Vec::new();
        let mut spent = 0.0;
        for (number, batch) in batches.iter().enumerate() {
            let start = Instant::now();
            let answer = runtime.invoke(batch)?.map_err(anyhow::Error::msg)?;
            if answer != json!({"batchItemFailures": []}) {
                bail!("a batch failed: {answer}; see {}", log.display());
            }
            let took = start.elapsed().as_secs_f64() * 1000.0;
            if number == 0 {
                add("first", took);
                spent = processor(runtime.id())?;
            } else {
                warm.push(took);
            }
        }
        add("warm", median(&mut warm));
        add("processor", (processor(runtime.id())? - spent) / (batches.len() - 1).max(1) as f64);
        add("memory", peak(runtime.id())?);
        Ok(())
    }

    fn section(&self, runs: usize, ours: &mut Told, peer: &mut Told) -> Result<String> {
        let lines = [
            ("cold", "start of the process until it asks for its first event, ms"),
            ("first", "first call, ms"),
            ("warm", "warm call, ms (most of it is moto)"),
            ("processor", "processor time of a warm call, ms"),
            ("memory", "most memory held, MB"),
        ];
        let mut rows = String::new();
        let mut cold = 0.0;
        for (name, title) in lines {
            let middle =
                |told: &mut Told| told.get_mut(name).map(|values| median(values)).context("nothing was measured");
            let (own, other) = (middle(ours)?, middle(peer)?);
            if name == "cold" {
                cold = own / other;
            }
            rows += &format!("| {title} | {own:.1} | {other:.1} | {:.1} |\n", other / own);
        }
        let size = lambda::bootstrap(self.project).metadata()?.len() / 1_000_000;
        let verdict = if cold <= WANTED_COLD { "reached" } else { "missed" };
        Ok(format!(
            "`cargo xtask bench lambda`: `bootstrap` ({size} MB) with the documents of `{CASE}` beside the same transform in Python \
             (`benches/lambda/handler.py`, awslambdaric and boto3), in turns under our Runtime API. A call brings the sample's 146 events; \
             DynamoDB is moto's server on the same cores. Both leave the same rows, which is checked. Medians of \
             {runs} runs of {} calls.\n\n\
             | | ours | Python | ratio |\n|---|---|---|---|\n{rows}\n\
             Wanted: a cold start of at most a tenth of Python's: {verdict}. {}\n",
            self.calls,
            machine()
        ))
    }
}

/// The sample's events, of users of their own for each call.
fn batch(text: &str, number: usize) -> Value {
    let records: Vec<Value> = text
        .lines()
        .enumerate()
        .map(|(index, line)| {
            let mut event: Value = serde_json::from_str(line).unwrap_or_default();
            let name = event["customer_identifier"].as_str().unwrap_or_default().to_owned();
            event["customer_identifier"] = format!("{name}-{number}").into();
            let sequence = format!("4959{:052}", number * 100_000 + index);
            json!({
                "eventID": format!("shardId-000000000000:{sequence}"),
                "eventSource": "aws:kinesis",
                "kinesis": {"sequenceNumber": sequence, "data": STANDARD.encode(event.to_string()), "partitionKey": name, "kinesisSchemaVersion": "1.0"},
            })
        })
        .collect();
    json!({"Records": records})
}

fn create_table(server: &Server, name: &str, range_key: bool) -> Result<()> {
    let names = [("partition_key", "HASH"), ("range_key", "RANGE")];
    let names = &names[..if range_key { 2 } else { 1 }];
    let attributes: Vec<Value> =
        names.iter().map(|(name, _)| json!({"AttributeName": name, "AttributeType": "S"})).collect();
    let keys: Vec<Value> = names.iter().map(|(name, kind)| json!({"AttributeName": name, "KeyType": kind})).collect();
    let table = json!({"TableName": name, "BillingMode": "PAY_PER_REQUEST", "AttributeDefinitions": attributes, "KeySchema": keys});
    server.call("dynamodb", "DynamoDB_20120810.CreateTable", &table).map(drop)
}

/// Milliseconds of all threads so far, in steps of ten.
fn processor(process: u32) -> Result<f64> {
    let text = fs::read_to_string(Path::new("/proc").join(process.to_string()).join("stat"))?;
    let behind = text.rsplit_once(')').context("no times of the process")?.1;
    let mut ticks = behind.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    let (user, system) = ticks.next().zip(ticks.next()).context("no times of the process")?;
    Ok((user + system) * 10.0)
}

/// Megabytes.
fn peak(process: u32) -> Result<f64> {
    let text = fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status"))?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no memory of the process")?;
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").trim().parse().context("the memory is no number")?;
    Ok(kilobytes / 1000.0)
}

fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
