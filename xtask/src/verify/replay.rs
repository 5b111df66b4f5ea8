//! The replay: the stack on moto's server, the proof's events through our own poller into the real `bootstrap`, and what then
//! lies in tables and buckets against the proof, row by row; again and again, in every way that a stream may bring events.

pub mod compare;
mod failures;
mod filter;
mod http;
mod motoify;
mod poller;
mod proof;
mod scenario;
pub mod server;
mod stack;
mod stream;

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
    let mut findings = differences(&first, &again);
    let scenarios = scenario::all(replay.reader(&again)?.1, &replay.proof);
    let mut rows = 0;
    for (number, scenario) in scenarios.iter().enumerate() {
        let stack = replay.deployed()?;
        replay.play(&stack, scenario, number).with_context(|| format!("the scenario `{}`", scenario.name))?;
        let compared = compare::rows(&replay.server, &stack, &replay.proof)?;
        rows += compared.rows;
        findings.extend(compared.findings.into_iter().map(|finding| finding.rule(format!("`{}`", scenario.name))));
    }
    let names: Vec<&str> = scenarios.iter().map(|scenario| scenario.name).collect();
    let seen = format!("{} events, {rows} rows compared: {}", replay.proof.events.len(), names.join(", "));
    Ok(Verdict { seen, findings })
}

impl Replay<'_> {
    /// On a server that knows nothing else.
    fn deployed(&self) -> Result<Stack> {
        Stack::create(&self.server, &self.verification.bundle, &self.template, &self.original)
    }

    /// The mapping that reads the proof's stream, and its function.
    fn reader<'s>(&self, stack: &'s Stack) -> Result<(&'s Mapping, &'s Function)> {
        let stream = stack.output(&self.proof.stream)?;
        let reads = |mapping: &&Mapping| mapping.source.ends_with(&format!("stream/{stream}"));
        let mapping =
            stack.mappings.iter().find(reads).with_context(|| format!("no function reads the stream {stream}"))?;
        let function = stack.functions.iter().find(|function| mapping.function.contains(&function.name));
        Ok((mapping, function.with_context(|| format!("the mapping {} calls no function of the stack", mapping.id))?))
    }

    /// From the stream to the last batch.
    fn play(&self, stack: &Stack, scenario: &Scenario, number: usize) -> Result<()> {
        let (mapping, function) = self.reader(stack)?;
        let stream = stack.output(&self.proof.stream)?;
        let records = scenario.records(&self.proof);
        stream::put(&self.server, stream, &records)?;
        let shards = stream::shards(&self.server, stream)?;
        let folder = self.verification.scratch.join("function");
        stack::unpack(&self.verification.bundle, function, &folder)?;
        let endpoint = self.server.endpoint();
        let around = Surroundings { name: &function.name, environment: &function.environment, endpoint: &endpoint };
        let outcome = poller::poll(&shards, &scenario.settings(&mapping.settings), &|lane| {
            let log = self.verification.scratch.join(format!("replay-{number}-{lane}.log"));
            Ok(scenario.caller(Runtime::start(&folder, &around, &log)?, &mapping.source, &self.proof))
        })?;
        if outcome.calls == 0 {
            bail!("not one record passed the filter");
        }
        if scenario.gives_up {
            failures::note(&self.server, mapping, &outcome.given_up)?;
            let log = self.verification.scratch.join(format!("replay-{number}-again.log"));
            let mut caller = Scenario::good_caller(Runtime::start(&folder, &around, &log)?, &mapping.source);
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
