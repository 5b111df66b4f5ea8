//! Answers on their way from the thread of the join to the requests that wait. Refuses to hold the thread up.

use bandit::Taken;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// All of its events are on disk; one a event.
    Durable(Vec<Taken>),
    /// None of them is.
    Full(String),
}

/// Whoever asked, and what is said, of the requests that were decided together.
type Batch = Vec<(oneshot::Sender<Answer>, Answer)>;

/// The way to the task that gives answers out.
pub struct Answers {
    batches: UnboundedSender<Batch>,
}

impl Answers {
    /// Starts the task, within a runtime. It wakes other tasks of the runtime at a fraction of what it costs from a
    /// thread, which has the next batch to write meanwhile.
    pub fn start() -> Answers {
        let (batches, mut given) = unbounded_channel::<Batch>();
        tokio::spawn(async move {
            while let Some(batch) = given.recv().await {
                for (asked, answer) in batch {
                    // Whoever asked may have gone; the events stay.
                    let _ = asked.send(answer);
                }
            }
        });
        Answers { batches }
    }

    pub fn give(&self, batch: Batch) {
        // The runtime may have ended, and whoever asked with it.
        let _ = self.batches.send(batch);
    }
}
