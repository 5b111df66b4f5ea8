//! Two runs side by side: which channels' shares changed, and which changes are beyond chance.

/// A channel by name with its share and the share's standard error, where it is known. Shares of a model sum to 1.
pub type Share = (String, f64, Option<f64>);

/// A run as far as a comparison looks at it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Run {
    pub models: Vec<(String, Vec<Share>)>,
}

/// One channel under one model.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    pub model: String,
    pub channel: String,
    /// 0 in a run without the channel.
    pub before: f64,
    pub after: f64,
    /// Whether |after − before| is above 1.96 standard errors of the difference; `None` where an error is not known.
    pub clear: Option<bool>,
}

/// Two-sided, 5 %.
const CLEAR: f64 = 1.96;

/// Every channel of either run under the models of both, in the order of `after`.
pub fn compare(before: &Run, after: &Run) -> Vec<Compared> {
    let mut compared = Vec::new();
    for (model, now) in &after.models {
        let Some((_, then)) = before.models.iter().find(|(name, _)| name == model) else { continue };
        let gone = then.iter().filter(|(channel, ..)| now.iter().all(|(known, ..)| known != channel));
        let gone = gone.map(|(channel, _, error)| (channel, 0.0, error.map(|_| 0.0)));
        let all = now.iter().map(|(channel, share, error)| (channel, *share, *error)).chain(gone);
        for (channel, share, error) in all {
            let earlier = then.iter().find(|(known, ..)| known == channel);
            let (old, old_error) = earlier.map_or((0.0, error.map(|_| 0.0)), |(_, share, error)| (*share, *error));
            let spread = error.zip(old_error).map(|(one, other)| one.hypot(other));
            compared.push(Compared {
                model: model.clone(),
                channel: channel.clone(),
                before: old,
                after: share,
                clear: spread.map(|spread| (share - old).abs() > CLEAR * spread),
            });
        }
    }
    compared
}
