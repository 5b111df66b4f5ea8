//! The replay: the stack on moto's server, the proof's events through our own pollers into the real `bootstrap`, and what then
//! lies in tables and buckets against the proof, row by row; again and again, by every source that the template has, in every
//! way that it may bring events.

pub mod compare;
mod failures;
mod files;
mod filter;
mod http;
mod lanes;
mod motoify;
mod poller;
mod proof;
mod queue;
mod requests;
mod scenario;
pub mod server;
mod stack;
mod stream;
mod trouble;
mod ways;

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use runtime_api::{Runtime, Surroundings};
use serde_json::{Value, json};

use super::bundle::TEMPLATE;
use super::finding::Finding;
use super::{Verdict, Verification};
use proof::Proof;
use scenario::Scenario;
use server::Server;
use stack::{Function, Mapping, Stack};
use ways::{Files, Requests};

/// What every scenario needs.
struct Replay<'a> {
    verification: &'a Verification<'a>,
    proof: Proof,
    server: Server,
    /// As CloudFormation is given it, and for moto.
    original: Value,
    template: Value,
}

pub fn run(verification: &Verification<'_>) -> Result<Verdict> {
    let proof = Proof::read(&verification.bundle)?;
    let (original, template) = stack::template(&verification.transformed())?;
    let server = Server::start(verification.project, &verification.scratch)?;
    let replay = Replay { verification, proof, server, original, template };
    let (first, again) = (replay.deployed()?, replay.deployed()?);
    for function in &again.functions {
        stack::unpack(&replay.verification.bundle, function, &replay.folder(function))?;
    }
    let mut findings = differences(&first, &again);
    let rounds = replay.rounds(&again)?;
    let mut rows = 0;
    for (number, round) in rounds.iter().enumerate() {
        let (stack, name) = (replay.deployed()?, round.name());
        replay.round(&stack, round, number).with_context(|| format!("the scenario `{name}`"))?;
        let compared = compare::rows(&replay.server, &stack, &replay.proof)?;
        rows += compared.rows;
        findings.extend(compared.findings.into_iter().map(|finding| finding.rule(format!("`{name}`"))));
    }
    let names: Vec<String> = rounds.iter().map(Round::name).collect();
    let seen = format!("{} events, {rows} rows compared: {}", replay.proof.events.len(), names.join(", "));
    Ok(Verdict { seen, findings })
}

/// One scenario by one source.
enum Round {
    Stream(Scenario),
    Files(Box<Files>, files::Scenario),
    Requests(Requests, requests::Scenario),
}

impl Round {
    fn name(&self) -> String {
        match self {
            Round::Stream(scenario) => scenario.name.to_owned(),
            Round::Files(files, scenario) => format!("{}: {}", files.id, scenario.name),
            Round::Requests(route, scenario) => format!("{}: {}", route.id, scenario.name),
        }
    }
}

impl Replay<'_> {
    /// Everything that is played.
    fn rounds(&self, stack: &Stack) -> Result<Vec<Round>> {
        let mut rounds = Vec::new();
        if self.proof.stream.is_some() {
            rounds.extend(scenario::all(self.reader(stack)?.1, &self.proof).into_iter().map(Round::Stream));
        }
        for source in ways::files(stack, &self.original)? {
            let scenarios = files::all(source.function(stack)?).into_iter();
            rounds.extend(scenarios.map(|scenario| Round::Files(Box::new(source.clone()), scenario)));
        }
        for route in ways::requests(stack, &self.original) {
            let scenarios = requests::all(route.function(stack)?).into_iter();
            rounds.extend(scenarios.map(|scenario| Round::Requests(route.clone(), scenario)));
        }
        if rounds.is_empty() {
            bail!(
                "no source of the stack can be played: the proof names no `stream`, and there are no files and no routes"
            );
        }
        Ok(rounds)
    }

    fn round(&self, stack: &Stack, round: &Round, number: usize) -> Result<()> {
        match round {
            Round::Stream(scenario) => self.play(stack, scenario, number),
            Round::Files(files, scenario) => {
                let (function, proof) = (files.function(stack)?, self.unfiltered(stack)?);
                scenario.play(files, &proof, &self.server, &|lane| self.started(function, number, lane))?;
                scenario.poison(&proof).map_or(Ok(()), |wanted| self.sent_on(function, wanted))
            }
            Round::Requests(route, scenario) => {
                let (function, proof) = (route.function(stack)?, self.unfiltered(stack)?);
                scenario.play(route, &proof, &|lane| self.started(function, number, lane))?;
                scenario.poison(&proof).map_or(Ok(()), |wanted| self.sent_on(function, wanted))
            }
        }
    }

    /// The proof for sources that have no filter.
    fn unfiltered(&self, stack: &Stack) -> Result<Proof> {
        match &self.proof.stream {
            Some(_) => Ok(self.proof.passing(&self.reader(stack)?.0.settings.filters)),
            None => Ok(self.proof.clone()),
        }
    }

    /// Where a function's zip is unpacked.
    fn folder(&self, function: &Function) -> std::path::PathBuf {
        self.verification.scratch.join("functions").join(&function.name)
    }

    /// The process of a lane.
    fn started(&self, function: &Function, number: usize, lane: usize) -> Result<Runtime> {
        let scratch = &self.verification.scratch;
        let folder = self.folder(function);
        let endpoint = self.server.endpoint();
        let around = Surroundings { name: &function.name, environment: &function.environment, endpoint: &endpoint };
        Runtime::start(&folder, &around, &scratch.join(format!("replay-{number}-{lane}.log")))
    }

    /// On a server that knows nothing else.
    fn deployed(&self) -> Result<Stack> {
        Stack::create(&self.server, &self.verification.bundle, &self.template, &self.original)
    }

    /// The mapping that reads the proof's stream, and its function.
    fn reader<'s>(&self, stack: &'s Stack) -> Result<(&'s Mapping, &'s Function)> {
        let stream = stack.output(self.proof.stream.as_ref().context("the proof names no `stream`")?)?;
        let reads = |mapping: &&Mapping| mapping.source.ends_with(&format!("stream/{stream}"));
        let mapping =
            stack.mappings.iter().find(reads).with_context(|| format!("no function reads the stream {stream}"))?;
        let function = stack.functions.iter().find(|function| mapping.function.contains(&function.name));
        Ok((mapping, function.with_context(|| format!("the mapping {} calls no function of the stack", mapping.id))?))
    }

    /// From the stream to the last batch.
    fn play(&self, stack: &Stack, scenario: &Scenario, number: usize) -> Result<()> {
        let (mapping, function) = self.reader(stack)?;
        let stream = stack.output(self.proof.stream.as_ref().context("the proof names no `stream`")?)?;
        let records = scenario.records(&self.proof);
        stream::put(&self.server, stream, &records)?;
        let shards = stream::shards(&self.server, stream)?;
        let outcome = poller::poll(&shards, &scenario.settings(&mapping.settings), &|lane| {
            Ok(scenario.caller(self.started(function, number, lane)?, &mapping.source, &self.proof))
        })?;
        if outcome.calls == 0 {
            bail!("not one record passed the filter");
        }
        if scenario.gives_up {
            failures::note(&self.server, mapping, &outcome.given_up)?;
            let again = self.started(function, number, shards.len())?;
            let mut caller = Scenario::good_caller(again, &mapping.source);
            return failures::bring_again(&self.server, mapping, &shards, &mut caller);
        }
        if let Some(batch) = outcome.given_up.first() {
            let (count, logs) =
                (outcome.given_up.len(), self.verification.scratch.join(format!("replay-{number}-*.log")));
            bail!("{count} batches were given up, first {batch:?}; see {}", logs.display());
        }
        if scenario.is_poisoned {
            self.sent_on(function, records.len() - self.proof.events.len())?;
        }
        Ok(())
    }

    /// Where the function has a queue for what it cannot take, all of that must be in it.
    fn sent_on(&self, function: &Function, wanted: usize) -> Result<()> {
        let queue = function.environment.iter().find(|(name, _)| name == "DTC_POISON").map(|(_, queue)| queue);
        let Some(queue) = queue else { return Ok(()) };
        let asked = json!({"QueueUrl": queue, "AttributeNames": ["ApproximateNumberOfMessages"]});
        let answer = self.server.call("sqs", "AmazonSQS.GetQueueAttributes", &asked)?;
        let found = answer["Attributes"]["ApproximateNumberOfMessages"].as_str().unwrap_or_default();
        if found != wanted.to_string() {
            bail!("{wanted} records cannot be taken, but the queue for them holds {found}");
        }
        Ok(())
    }
}

/// Two deployments of one bundle must show the same names.
fn differences(first: &Stack, again: &Stack) -> Vec<Finding> {
    let names: BTreeSet<&String> = first.outputs.keys().chain(again.outputs.keys()).collect();
    let differing = names.into_iter().filter(|name| first.outputs.get(*name) != again.outputs.get(*name));
    differing
        .map(|name| {
            let (one, other) = (first.outputs.get(name), again.outputs.get(name));
            Finding::new(TEMPLATE, format!("the output is {one:?} in one deployment and {other:?} in the next"))
                .place(name)
        })
        .collect()
}
