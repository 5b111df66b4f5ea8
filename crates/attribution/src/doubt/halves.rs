//! Split-half robustness: journeys are dealt into two halves and each model runs on both. A model that says something of
//! the channels, and not of chance, says the same of both.

use super::Options;
use super::correlation::{pearson, spearman};
use crate::credit::sum;
use crate::folds::deal;
use crate::models::Model;
use crate::paths::Sample;
use crate::runs::{GoOn, in_parallel};
use crate::unable::Unable;

/// Means over the splits.
#[derive(Debug, Clone, PartialEq)]
pub struct Halves {
    /// Correlation of the halves' shares, and of their ranks.
    pub pearson: f64,
    pub spearman: f64,
    /// Share of the credit that goes to other channels in the other half.
    pub moved: f64,
    /// Splits in which the model could run on both halves.
    pub splits: u32,
    /// Shares by channel in both halves of the first split.
    pub first: Option<(Vec<f64>, Vec<f64>)>,
}

/// One result for each model, in order. Errors: those of the model on the journeys as they are.
pub fn split_halves(sample: Sample<'_>, models: &[Model], options: &Options) -> Vec<Result<Halves, Unable>> {
    split_halves_while(sample, models, options, &|| true)
}

/// The same, until `go_on` says no: what comes then is to be thrown away.
pub fn split_halves_while(
    sample: Sample<'_>,
    models: &[Model],
    options: &Options,
    go_on: &(dyn Fn() -> bool + Sync),
) -> Vec<Result<Halves, Unable>> {
    let models: Vec<Model> = models.iter().map(|model| model.settled(sample)).collect();
    let splits = in_parallel(options.splits as usize, options.threads, |split| {
        let halves = deal(sample, 2, options.seed.wrapping_add(split as u64));
        models
            .iter()
            .map(|model| {
                go_on().then_some(())?;
                let half = |half: usize| shares(model, sample.paths.weighted(&halves[half]), go_on);
                Some((half(0)?, half(1)?))
            })
            .collect()
    });
    let of_model = |(place, model): (usize, &Model)| {
        model.run_while(sample, go_on)?;
        let pairs: Vec<&(Vec<f64>, Vec<f64>)> =
            splits.iter().filter_map(|models: &Vec<Option<_>>| models[place].as_ref()).collect();
        let mean = |measure: &dyn Fn(&[f64], &[f64]) -> f64| {
            pairs.iter().map(|(one, other)| measure(one, other)).sum::<f64>() / pairs.len() as f64
        };
        Ok(Halves {
            pearson: mean(&pearson),
            spearman: mean(&spearman),
            moved: mean(&|one, other| one.iter().zip(other).map(|(one, other)| (one - other).abs()).sum::<f64>() / 2.0),
            splits: pairs.len() as u32,
            first: pairs.first().map(|pair| (*pair).clone()),
        })
    };
    models.iter().enumerate().map(of_model).collect()
}

fn shares(model: &Model, half: Sample<'_>, go_on: GoOn<'_>) -> Option<Vec<f64>> {
    let credit = model.run_while(half, go_on).ok()?.credit(half.totals().conversions)?;
    let all = sum(&credit.conversions);
    (all != 0.0).then(|| credit.conversions.iter().map(|credit| credit / all).collect())
}
