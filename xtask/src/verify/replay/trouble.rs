//! What goes wrong between a poller and a function.

use anyhow::Result;
use runtime_api::Runtime;
use serde_json::Value;

use super::poller::Answer;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    None,
    /// Every third answer is lost: to Lambda the function failed.
    LostAnswers,
    /// Every batch comes twice.
    Twice,
    /// Each call with the last event in it ends before the function knows of it.
    LastIsLost,
}

impl Trouble {
    /// The answer of the function to an event, and how the poller hears of it; `calls` counts from 1.
    pub fn invoke(self, runtime: &mut Runtime, event: &Value, calls: usize) -> Result<Answer> {
        if self == Trouble::Twice {
            let _ = runtime.invoke(event)?;
        }
        let answer = runtime.invoke(event)?;
        if self == Trouble::LostAnswers && calls % 3 == 1 {
            return Ok(Answer::Failed);
        }
        Ok(answer.map_or(Answer::Failed, Answer::Said))
    }
}
