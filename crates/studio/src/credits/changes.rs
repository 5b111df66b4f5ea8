//! Two runs side by side: what each model gave each touch point before and now, and which changes are beyond chance.

use attribution::doubt::{Compared, Run, Share, compare};
use studio_api::{Change, ModelChange, RunComparison};

use super::scores::{ChannelScore, ModelScores, RunScores};

/// `channels`: those of the run that is looked at, in its order.
pub fn comparison(name: &str, before: &RunScores, now: &RunScores, channels: &[String]) -> RunComparison {
    let has = |run: &RunScores, model: &str| run.models.iter().any(|known| known.model == model);
    let mut all = channels.to_vec();
    for score in before.models.iter().flat_map(|model| &model.channels) {
        if !all.contains(&score.channel) {
            all.push(score.channel.clone());
        }
    }
    let models = now.models.iter().filter_map(|model| {
        let then = before.models.iter().find(|known| known.model == model.model)?;
        Some(changes(then, model, &all, same_journeys(before, now)))
    });
    let alone = |one: &RunScores, other: &RunScores| {
        let alone = one.models.iter().filter(|model| !has(other, &model.model));
        alone.map(|model| model.model.clone()).collect::<Vec<_>>()
    };
    RunComparison {
        source: None,
        name: name.to_owned(),
        made: None,
        journeys: before.journeys.zip(now.journeys),
        conversions: before.conversions.zip(now.conversions),
        value: before.value.zip(now.value),
        models: models.collect(),
        alone: (alone(before, now), alone(now, before)),
        channels: all,
    }
}

/// What differs between runs over the same journeys is what they were asked, not chance.
fn same_journeys(before: &RunScores, now: &RunScores) -> bool {
    before.journeys == now.journeys && before.conversions == now.conversions && before.value == now.value
}

type Measure = fn(&ChannelScore) -> Option<(f64, Option<f64>)>;

fn changes(before: &ModelScores, now: &ModelScores, channels: &[String], same: bool) -> ModelChange {
    let has_value = |model: &ModelScores| model.channels.iter().any(|score| score.value.is_some());
    let of = |measure: Measure, shares: bool| {
        let run = |model: &ModelScores| Run { models: vec![(String::new(), measured(model, measure, shares))] };
        let lines = compare(&run(before), &run(now));
        channels.iter().map(|channel| change(&lines, channel, same)).collect::<Vec<Change>>()
    };
    let value: Measure = |score| Some((score.value?, score.value_error));
    let both = has_value(before) && has_value(now);
    ModelChange {
        model: now.model.clone(),
        conversions: of(|score| Some((score.conversions, score.conversions_error)), false),
        share: of(|score| Some((score.conversions, score.share_error)), true),
        value: if both { of(value, false) } else { Vec::new() },
        value_share: if both { of(|score| Some((score.value?, None)), true) } else { Vec::new() },
    }
}

fn measured(model: &ModelScores, measure: Measure, shares: bool) -> Vec<Share> {
    let numbers = || model.channels.iter().filter_map(|score| Some((&score.channel, measure(score)?)));
    let all: f64 = numbers().map(|(_, (number, _))| number).sum();
    let scale = |number: f64| match shares {
        true if all == 0.0 => 0.0,
        true => number / all,
        false => number,
    };
    numbers().map(|(channel, (number, error))| (channel.clone(), scale(number), error)).collect()
}

fn change(lines: &[Compared], channel: &str, same: bool) -> Change {
    match lines.iter().find(|line| line.channel == channel) {
        Some(line) => Change { before: line.before, now: line.after, clear: line.clear.filter(|_| !same) },
        None => Change { before: 0.0, now: 0.0, clear: None },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(journeys: f64, credits: &[(&str, f64, Option<f64>)]) -> RunScores {
        let score = |(channel, conversions, error): &(&str, f64, Option<f64>)| ChannelScore {
            channel: (*channel).to_owned(),
            conversions: *conversions,
            share_error: *error,
            ..ChannelScore::default()
        };
        let model = ModelScores { model: "linear".to_owned(), channels: credits.iter().map(score).collect() };
        RunScores { journeys: Some(journeys), conversions: Some(8.0), value: Some(0.0), models: vec![model] }
    }

    #[test]
    fn channels_of_either_run_are_told() {
        let before = run(10.0, &[("a", 2.0, Some(0.1)), ("gone", 6.0, Some(0.1))]);
        let now = run(20.0, &[("a", 4.0, Some(0.1)), ("new", 4.0, Some(0.1))]);
        let found = comparison("march", &before, &now, &["new".to_owned(), "a".to_owned()]);
        assert_eq!(found.channels, ["new", "a", "gone"]);
        let change = |before: f64, now: f64, clear| Change { before, now, clear };
        let shares = vec![change(0.0, 0.5, Some(true)), change(0.25, 0.5, Some(false)), change(0.75, 0.0, Some(true))];
        assert_eq!(found.models[0].share, shares);
        assert_eq!(found.models[0].conversions[2], change(6.0, 0.0, None));
        assert!(found.models[0].value.is_empty());
    }

    #[test]
    fn the_same_journeys_differ_by_no_chance() {
        let before = run(10.0, &[("a", 2.0, Some(0.1)), ("b", 6.0, Some(0.1))]);
        let now = run(10.0, &[("a", 6.0, Some(0.1)), ("b", 2.0, Some(0.1))]);
        let found = comparison("before", &before, &now, &["a".to_owned(), "b".to_owned()]);
        assert!(found.models[0].share.iter().all(|change| change.clear.is_none()), "{found:?}");
    }
}
