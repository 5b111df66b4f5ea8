//! What one journey's touches get under a model.
//!
//! Rules and Shapley's closed form are sums over journeys, so what each journey gives is part of the channel's credit
//! to the last digit. Chains and games of rates credit all journeys together: there a journey is shared out in
//! proportion to its channels' effects, which shows what the model thinks of them and does not sum to their credit.

use crate::models::{Answer, Model, Weigher};
use crate::names::Names;
use crate::paths::Path;
use crate::unable::Unable;

/// Shares of one journey, by touch; they sum to 1, except of participation, or to 0 where nobody has an effect.
#[derive(Debug, Clone, PartialEq)]
pub struct Shares {
    pub touches: Vec<f64>,
    /// Whether channels' credits are the sums of these.
    pub is_exact: bool,
}

/// `answer` is the model's about all journeys. Errors: `NoTimes`.
pub fn shares(model: &Model, answer: &Answer, names: &Names, path: Path<'_>) -> Result<Shares, Unable> {
    match (model, answer) {
        (Model::Rule(rule), _) => {
            let touches = Weigher::new(rule, names).weigh(path)?.to_vec();
            Ok(Shares { touches, is_exact: true })
        }
        (_, Answer::Markov(markov)) => Ok(in_proportion(path, &markov.removal)),
        (_, Answer::Rates(rates)) => Ok(in_proportion(path, &rates.values)),
        (_, Answer::Credit(_) | Answer::Ordered(_)) => {
            let distinct = path.touches.iter().enumerate().filter(|(place, touch)| first(path, *place, **touch));
            let each = 1.0 / distinct.count().max(1) as f64;
            Ok(Shares { touches: spread(path, |_| each), is_exact: true })
        }
    }
}

fn in_proportion(path: Path<'_>, effects: &[f64]) -> Shares {
    let effect = |touch: u32| effects.get(touch as usize).copied().unwrap_or_default().max(0.0);
    let distinct = path.touches.iter().enumerate().filter(|(place, touch)| first(path, *place, **touch));
    let all: f64 = distinct.map(|(_, touch)| effect(*touch)).sum();
    let share = |touch: u32| if all > 0.0 { effect(touch) / all } else { 0.0 };
    Shares { touches: spread(path, share), is_exact: false }
}

fn first(path: Path<'_>, place: usize, touch: u32) -> bool {
    !path.touches[..place].contains(&touch)
}

/// A channel's share evenly over its touches.
fn spread(path: Path<'_>, share: impl Fn(u32) -> f64) -> Vec<f64> {
    let times = |touch: u32| path.touches.iter().filter(|other| **other == touch).count() as f64;
    path.touches.iter().map(|touch| share(*touch) / times(*touch)).collect()
}
