//! What the chart pages read: expressions of attribution and join documents over the project's selected samples.

pub(crate) mod asked;
pub(crate) mod blocks;
pub(crate) mod credit;
pub(crate) mod expressions;
pub(crate) mod join_events;
pub(crate) mod join_programs;
pub(crate) mod rewards;
mod taken;
pub(crate) mod worth;

use studio_api::*;

use self::asked::Chart;
use self::expressions::Data;
use crate::dispatch::Answer;
use crate::run::selected;
use crate::runs::checked::Texts;
use crate::studio::Studio;

impl Answer<JoinRewards> for Studio {
    fn answer(&self, command: JoinRewards) -> Result<RewardReport, ApiError> {
        let root = self.root(&command.project)?;
        let texts = Texts::load(&root, &command.drafts)?;
        let (name, document) = texts.join(command.document.as_deref())?;
        let data = Data { files: &selected(&root)?, cancel: &self.asked.begin(&root, Chart::Rewards) };
        rewards::report(&name, &document, &texts.functions, &data, &root)
    }
}

impl Answer<StopReports> for Studio {
    fn answer(&self, command: StopReports) -> Result<(), ApiError> {
        self.asked.stop(&self.root(&command.project)?);
        Ok(())
    }
}
