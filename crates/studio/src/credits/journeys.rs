//! From a credit to its journeys, and from a journey to its credit under each model.

use attribution::journey::shares;
use attribution::models::Answer;
use attribution::{Journeys, Model, Unable};
use dtc_expr::DateTime;
use studio_api::*;

use crate::error::not_found;

/// Names of a path that a line shows.
const SHOWN: usize = 12;
const MOST_LINES: u32 = 500;

/// What drill-downs look at.
pub struct Traced<'a> {
    pub journeys: &'a Journeys,
    pub models: &'a [Model],
    pub answers: &'a [Result<Answer, Unable>],
}

/// One journey and what it gives the channel that was asked for.
struct Found {
    index: usize,
    credit: f64,
}

impl Traced<'_> {
    /// Errors: `NotFound` for a channel or a model that is not there.
    pub fn page(&self, asked: &ReadJourneys) -> Result<JourneyPage, ApiError> {
        let paths = &self.journeys.paths;
        let channel = match &asked.channel {
            Some(name) => {
                Some(paths.names.find(name).ok_or_else(|| not_found(format!("There is no touch point {name:?}.")))?)
            }
            None => None,
        };
        let (model, answer) = self.model(asked.model.as_deref())?;
        let (mut found, mut is_sum, mut sum) = (Vec::new(), true, 0.0);
        for (index, journey) in self.journeys.journeys.iter().enumerate() {
            let path = paths.path(index);
            let converts = journey.conversion.is_some();
            if (asked.converted && !converts) || channel.is_some_and(|channel| !path.touches.contains(&channel)) {
                continue;
            }
            let credit = match shares(model, answer, &paths.names, path) {
                Ok(shares) => {
                    is_sum &= shares.is_exact;
                    let own = path.touches.iter().zip(&shares.touches);
                    let own = own.filter(|(touch, _)| channel.is_none_or(|channel| channel == **touch));
                    if converts { own.map(|(_, share)| share).sum() } else { 0.0 }
                }
                Err(_) => 0.0,
            };
            sum += credit;
            found.push(Found { index, credit });
        }
        found.sort_by(|a, b| b.credit.total_cmp(&a.credit).then(a.index.cmp(&b.index)));
        let from = usize::try_from(asked.from).unwrap_or(usize::MAX).min(found.len());
        let lines = found.iter().skip(from).take(asked.count.min(MOST_LINES) as usize);
        Ok(JourneyPage {
            from: from as u64,
            total: found.len() as u64,
            model: model.name(),
            is_sum,
            sum,
            journeys: lines.map(|found| self.line(found)).collect(),
        })
    }

    fn model(&self, name: Option<&str>) -> Result<(&Model, &Answer), ApiError> {
        let mut given = self.models.iter().zip(self.answers).filter_map(|(model, answer)| {
            let answer = answer.as_ref().ok()?;
            Some((model, answer))
        });
        let found = given.find(|(model, _)| name.is_none_or(|name| model.name() == name));
        found.ok_or_else(|| not_found(format!("No model {:?} gave credit.", name.unwrap_or_default())))
    }

    fn line(&self, found: &Found) -> JourneyLine {
        let (paths, journey) = (&self.journeys.paths, &self.journeys.journeys[found.index]);
        let touches = paths.path(found.index).touches;
        let mut names: Vec<&str> = touches.iter().take(SHOWN).map(|touch| paths.names.name(*touch)).collect();
        names.extend((touches.len() > SHOWN).then_some("…"));
        JourneyLine {
            journey: found.index as u64,
            identity: self.journeys.identities.name(journey.identity).to_owned(),
            path: names.join(" > "),
            touches: touches.len() as u64,
            converted: journey.conversion.map(|(time, _)| moment(time)),
            value: journey.conversion.map_or(0.0, |(_, value)| value),
            credit: found.credit,
        }
    }

    /// Errors: `NotFound`.
    pub fn story(&self, journey: u64) -> Result<JourneyStory, ApiError> {
        let index = usize::try_from(journey).ok().filter(|index| *index < self.journeys.journeys.len());
        let index = index.ok_or_else(|| not_found("There is no such journey in the report."))?;
        let (paths, of) = (&self.journeys.paths, &self.journeys.journeys[index]);
        let path = paths.path(index);
        let given = self.models.iter().zip(self.answers).filter_map(|(model, answer)| {
            let shares = shares(model, answer.as_ref().ok()?, &paths.names, path).ok()?;
            Some((model.name(), shares))
        });
        let given: Vec<_> = given.collect();
        let touches = path.touches.iter().zip(self.journeys.times(index)).enumerate();
        Ok(JourneyStory {
            journey,
            identity: self.journeys.identities.name(of.identity).to_owned(),
            converted: of.conversion.map(|(time, _)| moment(time)),
            value: of.conversion.map_or(0.0, |(_, value)| value),
            touches: touches
                .map(|(place, (touch, time))| JourneyTouch {
                    channel: paths.names.name(*touch).to_owned(),
                    time: moment(*time),
                    hours_before: path.hours.get(place).copied().unwrap_or_default(),
                    shares: given.iter().map(|(_, shares)| shares.touches[place]).collect(),
                })
                .collect(),
            models: given.into_iter().map(|(model, shares)| JourneyModel { model, is_sum: shares.is_exact }).collect(),
        })
    }
}

pub(super) fn moment(time_ms: i64) -> String {
    DateTime { micros: time_ms.saturating_mul(1_000), offset: Some(0) }.isoformat()
}
