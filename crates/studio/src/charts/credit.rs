//! Credit per touch point: an attribution document over records.

use attribution::{JourneyBuilder, Journeys, Model, credit};
use dtc_expr::{Functions, Program};
use dtc_lang::document::Attribution;
use studio_api::{ApiError, AttributionReport, TouchCredit};

use super::expressions::{Compiler, Data, Record, each_record};
use crate::error::invalid;

struct Programs {
    when: Option<Program>,
    identity: Program,
    time: Program,
    touch_when: Option<Program>,
    touch: Program,
    conversion_when: Program,
}

pub(super) fn report(
    name: &str,
    document: &Attribution,
    functions: &Functions,
    data: &Data<'_>,
) -> Result<AttributionReport, ApiError> {
    let models = models(name, document)?;
    let scope = dtc_lang::scopes::attribution(document, functions);
    let mut compiler = Compiler::new(name, &scope);
    let when = document.header.when.as_ref().map(|when| compiler.compile(when));
    let identity = compiler.compile(&document.identity);
    let time = compiler.compile(&document.time);
    let touch_when = document.touch.when.as_ref().map(|when| compiler.compile(when));
    let touch = compiler.compile(&document.touch.value);
    let conversion_when = compiler.compile(&document.conversion_when);
    let projection = compiler.finish()?;
    let (Some(identity), Some(time), Some(touch), Some(conversion_when)) = (identity, time, touch, conversion_when)
    else {
        return Err(invalid(format!("{name} has expressions that do not compile.")));
    };
    let programs =
        Programs { when: when.flatten(), identity, time, touch_when: touch_when.flatten(), touch, conversion_when };
    let mut journeys = JourneyBuilder::new();
    let mut unusable = 0;
    let bad = each_record(data, &projection, document.header.mode, |record| {
        unusable += u64::from(programs.take(record, &mut journeys).is_none());
    })?;
    Ok(summary(&journeys.finish(), &models, bad + unusable))
}

impl Programs {
    /// Adds what the record says; `None`: it cannot be used.
    fn take(&self, record: &mut Record, journeys: &mut JourneyBuilder) -> Option<()> {
        if let Some(when) = &self.when
            && !record.holds(when)?
        {
            return Some(());
        }
        let is_touch = match &self.touch_when {
            Some(when) => record.holds(when)?,
            None => true,
        };
        let converts = record.holds(&self.conversion_when)?;
        if !is_touch && !converts {
            return Some(());
        }
        let identity = record.text(&self.identity)?;
        let time = record.millis(&self.time)?;
        let touch = if is_touch { Some(record.text(&self.touch)?) } else { None };
        if let Some(touch) = touch {
            journeys.touch(&identity, time, &touch);
        }
        if converts {
            journeys.conversion(&identity, time, 0.0);
        }
        Some(())
    }
}

fn models(name: &str, document: &Attribution) -> Result<Vec<Model>, ApiError> {
    let models = document.models.iter().map(|model| {
        Model::from_name(&model.value).ok_or_else(|| {
            let known: Vec<&str> = Model::ALL.iter().map(|model| model.name()).collect();
            invalid(format!("{name} asks for the model {:?}. There are: {}.", model.value, known.join(", ")))
        })
    });
    models.collect()
}

fn summary(journeys: &Journeys, models: &[Model], unusable: u64) -> AttributionReport {
    let (paths, reach) = (journeys.paths(), journeys.reach());
    let credits: Vec<_> = models.iter().map(|model| credit(*model, &paths, journeys.channels.len())).collect();
    let mut touch_points: Vec<TouchCredit> = journeys
        .channels
        .iter()
        .enumerate()
        .map(|(index, channel)| TouchCredit {
            name: channel.clone(),
            journeys: reach[index].to_string(),
            credit: credits.iter().map(|model| model[index].conversions).collect(),
        })
        .collect();
    touch_points.sort_by(|a, b| {
        let first = |touch: &TouchCredit| touch.credit.first().copied().unwrap_or_default();
        first(b).total_cmp(&first(a)).then_with(|| a.name.cmp(&b.name))
    });
    AttributionReport {
        models: models.iter().map(|model| model.name().to_owned()).collect(),
        touch_points,
        journeys: journeys.journeys.len().to_string(),
        conversions: journeys.conversions().to_string(),
        unattributed: journeys.unattributed().to_string(),
        unusable: unusable.to_string(),
    }
}
