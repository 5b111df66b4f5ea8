//! Intervals and ranks by the bootstrap (Efron 1979): journeys are drawn anew, with replacement, and every model runs
//! again. Percentile intervals; a journey is drawn whole, so touches of one person stay together.

use super::Options;
use super::correlation::spearman;
use super::resample::Urn;
use crate::credit::sum;
use crate::models::{Answer, Model};
use crate::paths::Sample;
use crate::random::Random;
use crate::runs::{GoOn, in_parallel};
use crate::unable::Unable;

/// Where a number lies, and its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
    pub error: f64,
}

/// Where a channel stands among all, 1 the most credited.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ranks {
    pub rank: u32,
    pub low: u32,
    pub high: u32,
    /// Share of replicates in which it has the same rank.
    pub same: f64,
}

/// Doubts about one model, by channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Stability {
    pub conversions: Vec<Interval>,
    /// Empty for models that credit no value.
    pub value: Vec<Interval>,
    /// Of the conversions' credits as shares of their sum.
    pub share: Vec<Interval>,
    pub ranks: Vec<Ranks>,
    /// By channel and rank from the first: replicates in which it stands there.
    pub places: Vec<Vec<u32>>,
    /// Mean rank correlation of a replicate with the whole.
    pub agreement: f64,
    /// Replicates in which the model could run.
    pub replicates: u32,
}

/// What one replicate says about one model.
struct Replicate {
    conversions: Vec<f64>,
    value: Vec<f64>,
}

/// One result for each model, in order. Errors: those of the model on the journeys as they are; all get one for
/// journeys that cannot be drawn.
pub fn bootstrap(sample: Sample<'_>, models: &[Model], options: &Options) -> Vec<Result<Stability, Unable>> {
    bootstrap_while(sample, models, options, &|| true)
}

/// The same, until `go_on` says no: what comes then rests on the replicates so far and is to be thrown away.
pub fn bootstrap_while(
    sample: Sample<'_>,
    models: &[Model],
    options: &Options,
    go_on: &(dyn Fn() -> bool + Sync),
) -> Vec<Result<Stability, Unable>> {
    let urn = match Urn::new(sample) {
        Ok(urn) => urn,
        Err(unable) => return models.iter().map(|_| Err(unable.clone())).collect(),
    };
    let models: Vec<Model> = models.iter().map(|model| model.settled(sample)).collect();
    let replicates = in_parallel(options.replicates as usize, options.threads, |replicate| {
        if !go_on() {
            return models.iter().map(|_| None).collect();
        }
        let outcomes = urn.draw(&mut Random::part(options.seed, replicate as u64));
        let drawn = sample.paths.weighted(&outcomes);
        models.iter().map(|model| credits(model, drawn, go_on)).collect::<Vec<_>>()
    });
    let whole = |model: &Model| model.run_while(sample, go_on).and_then(|answer| columns(&answer, sample));
    let collect = |(place, model): (usize, &Model)| {
        let runs: Vec<&Replicate> = replicates.iter().filter_map(|models| models[place].as_ref()).collect();
        whole(model).map(|whole| stability(&whole, &runs, options.level))
    };
    models.iter().enumerate().map(collect).collect()
}

fn credits(model: &Model, sample: Sample<'_>, go_on: GoOn<'_>) -> Option<Replicate> {
    if !go_on() {
        return None;
    }
    model.run_while(sample, go_on).and_then(|answer| columns(&answer, sample)).ok()
}

fn columns(answer: &Answer, sample: Sample<'_>) -> Result<Replicate, Unable> {
    let credit = answer.credit(sample.totals().conversions).ok_or(Unable::NoConversions)?;
    Ok(Replicate { conversions: credit.conversions, value: credit.value })
}

fn stability(whole: &Replicate, runs: &[&Replicate], level: f64) -> Stability {
    let channels = whole.conversions.len();
    let intervals = |count: usize, number: &dyn Fn(&Replicate, usize) -> f64| -> Vec<Interval> {
        (0..count).map(|channel| interval(runs.iter().map(|run| number(run, channel)).collect(), level)).collect()
    };
    let share = |run: &Replicate, channel: usize| {
        let all = sum(&run.conversions);
        if all == 0.0 { 0.0 } else { run.conversions[channel] / all }
    };
    let own = ranks(&whole.conversions);
    let others: Vec<Vec<u32>> = runs.iter().map(|run| ranks(&run.conversions)).collect();
    let agreement = runs.iter().map(|run| spearman(&whole.conversions, &run.conversions)).sum::<f64>();
    Stability {
        conversions: intervals(channels, &|run, channel| run.conversions[channel]),
        value: intervals(whole.value.len(), &|run, channel| run.value.get(channel).copied().unwrap_or_default()),
        share: intervals(channels, &share),
        ranks: (0..channels).map(|channel| rank_of(own[channel], channel, &others, level)).collect(),
        places: (0..channels).map(|channel| places(channel, &others)).collect(),
        agreement: agreement / runs.len().max(1) as f64,
        replicates: runs.len() as u32,
    }
}

fn interval(mut numbers: Vec<f64>, level: f64) -> Interval {
    if numbers.is_empty() {
        return Interval { low: f64::NEG_INFINITY, high: f64::INFINITY, error: f64::INFINITY };
    }
    numbers.sort_by(f64::total_cmp);
    let count = numbers.len() as f64;
    let mean = sum(&numbers) / count;
    let squares: f64 = numbers.iter().map(|number| (number - mean) * (number - mean)).sum();
    let tail = (1.0 - level) / 2.0;
    Interval {
        low: quantile(&numbers, tail),
        high: quantile(&numbers, 1.0 - tail),
        error: (squares / (count - 1.0).max(1.0)).sqrt(),
    }
}

/// Of sorted numbers, between the two nearest.
pub(crate) fn quantile(sorted: &[f64], part: f64) -> f64 {
    let at = part.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let (below, above) = (at.floor() as usize, at.ceil() as usize);
    sorted[below] + (sorted[above] - sorted[below]) * (at - at.floor())
}

/// The rank of each channel; of equals the one with the lower number is first.
fn ranks(credits: &[f64]) -> Vec<u32> {
    let mut order: Vec<usize> = (0..credits.len()).collect();
    order.sort_by(|a, b| credits[*b].total_cmp(&credits[*a]).then(a.cmp(b)));
    let mut ranks = vec![0; credits.len()];
    for (rank, channel) in order.into_iter().enumerate() {
        ranks[channel] = rank as u32 + 1;
    }
    ranks
}

fn places(channel: usize, others: &[Vec<u32>]) -> Vec<u32> {
    let mut places = vec![0; others.first().map_or(0, Vec::len)];
    others.iter().for_each(|ranks| places[ranks[channel] as usize - 1] += 1);
    places
}

fn rank_of(rank: u32, channel: usize, others: &[Vec<u32>], level: f64) -> Ranks {
    let mut found: Vec<u32> = others.iter().map(|ranks| ranks[channel]).collect();
    found.sort_unstable();
    if found.is_empty() {
        return Ranks { rank, low: rank, high: rank, same: 0.0 };
    }
    let tail = (1.0 - level) / 2.0 * (found.len() - 1) as f64;
    let same = found.iter().filter(|other| **other == rank).count() as f64 / found.len() as f64;
    Ranks { rank, low: found[tail.floor() as usize], high: found[found.len() - 1 - tail.floor() as usize], same }
}
