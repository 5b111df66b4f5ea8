//! Answers for the chart pages: the project's attribution and join documents over its selected samples.

mod credit;
mod expressions;
mod rewards;

use studio_api::*;

use crate::dispatch::Answer;
use crate::run::selected;
use crate::runs::checked::Texts;
use crate::studio::Studio;

impl Answer<Attribute> for Studio {
    fn answer(&self, command: Attribute) -> Result<AttributionReport, ApiError> {
        let root = self.root(&command.project)?;
        let texts = Texts::load(&root, &command.drafts)?;
        let (name, document) = texts.attribution(command.document.as_deref())?;
        credit::report(&name, &document, &texts.functions, &selected(&root)?)
    }
}

impl Answer<JoinRewards> for Studio {
    fn answer(&self, command: JoinRewards) -> Result<RewardReport, ApiError> {
        let root = self.root(&command.project)?;
        let texts = Texts::load(&root, &command.drafts)?;
        let (name, document) = texts.join(command.document.as_deref())?;
        rewards::report(&name, &document, &texts.functions, &selected(&root)?)
    }
}
