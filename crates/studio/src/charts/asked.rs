//! Reports under way. A new question about a project's chart ends the one before it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use dtc_engine::Cancel;

use crate::studio::lock;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Chart {
    Credit,
    Doubts,
    /// Another run, to compare with.
    Changes,
    Rewards,
}

/// The last question about each chart of each project.
#[derive(Default)]
pub(crate) struct Asked(Mutex<HashMap<(PathBuf, Chart), Cancel>>);

impl Asked {
    /// The flag of a new question; the one before is cancelled.
    pub(crate) fn begin(&self, root: &Path, chart: Chart) -> Cancel {
        let cancel = Cancel::default();
        let mut asked = lock(&self.0);
        // New credits have new doubts.
        let outdated = if chart == Chart::Credit { asked.remove(&(root.to_owned(), Chart::Doubts)) } else { None };
        let before = asked.insert((root.to_owned(), chart), cancel.clone());
        before.into_iter().chain(outdated).for_each(|before| before.cancel());
        cancel
    }

    /// Ends whatever is asked about the project.
    pub(crate) fn stop(&self, root: &Path) {
        lock(&self.0).iter().filter(|((asked, _), _)| asked == root).for_each(|(_, cancel)| cancel.cancel());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_question_ends_the_one_before() {
        let (asked, root) = (Asked::default(), Path::new("/project"));
        let first = asked.begin(root, Chart::Credit);
        let rewards = asked.begin(root, Chart::Rewards);
        let other = asked.begin(Path::new("/other"), Chart::Credit);
        let second = asked.begin(root, Chart::Credit);
        let states = || [&first, &second, &rewards, &other].map(Cancel::is_cancelled);
        assert_eq!(states(), [true, false, false, false]);
        asked.stop(root);
        assert_eq!(states(), [true, true, true, false]);
    }
}
