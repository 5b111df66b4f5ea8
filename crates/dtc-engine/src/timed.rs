//! Session (Split) and Activity (gap) aggregates: one block at a time, kept under its start.

use dtc_expr::{DateTime, Mode, Value};

use crate::identity::Worker;
use crate::output::RecordKey;
use crate::plan::{AggregatePlan, Condition};
use crate::record::{Note, Recorder};
use crate::run::Stopped;

impl<'p, R: Recorder> Worker<'p, R> {
    /// 2018-03's blocks: `Split` is asked before anything else, with the state before the event.
    pub(crate) fn session(
        &mut self,
        index: usize,
        plan: &'p AggregatePlan,
        split: Option<&'p Condition>,
    ) -> Result<(), Stopped> {
        self.reopen(index);
        if let (Some(split), Some(_)) = (split, self.times(index)) {
            // Only the value True splits: 1, 'yes' or an error do not (LANGUAGE.md B.15).
            if matches!(self.value(&split.program, split.place)?, Some(Value::Bool(true))) {
                self.tell(Note::Parted { aggregate: index, by_gap: false });
                self.close_timed(index);
                self.frame.groups[index].clone_from(&self.defaults[index]);
                self.tell(Note::Opened { aggregate: index, key: None, stored: false });
                self.status[index].entered = true;
            }
        }
        self.enter(index, plan)
    }

    /// Blocks by inactivity: an event more than the gap away from the block closes it, even one that
    /// `When` then refuses.
    pub(crate) fn activity(&mut self, index: usize, plan: &'p AggregatePlan, gap_micros: i64) -> Result<(), Stopped> {
        self.reopen(index);
        if let Some((start, end)) = self.times(index) {
            let now = self.time.micros;
            if now < start.micros.saturating_sub(gap_micros) || now > end.micros.saturating_add(gap_micros) {
                self.tell(Note::Parted { aggregate: index, by_gap: true });
                self.close_timed(index);
                self.frame.groups[index].clone_from(&self.defaults[index]);
                self.tell(Note::Opened { aggregate: index, key: None, stored: false });
            }
        }
        self.enter(index, plan)
    }

    fn enter(&mut self, index: usize, plan: &'p AggregatePlan) -> Result<(), Stopped> {
        if self.holds(plan.when.as_ref())? {
            self.status[index].entered = true;
            self.fields(index, plan)?;
        }
        Ok(())
    }

    /// Goes on with the block that the store holds last, where none is open. A Session does so only
    /// once, at its first event: after a split an empty block waits for its first event.
    fn reopen(&mut self, index: usize) {
        let fresh = match &self.plan.aggregates[index].kind {
            crate::plan::KindPlan::Session { .. } => !self.status[index].entered,
            _ => true,
        };
        if !fresh || self.times(index).is_some() {
            return;
        }
        if let Some((start, place)) = self.store.latest(index) {
            self.restore_at(index, place);
            self.tell(Note::Opened { aggregate: index, key: Some(&RecordKey::Time(Some(start))), stored: true });
        }
    }

    /// Start and end of the open block.
    fn times(&self, index: usize) -> Option<(DateTime, DateTime)> {
        match (&self.frame.groups[index][1], &self.frame.groups[index][2]) {
            (Value::DateTime(start), Value::DateTime(end)) => Some((*start, *end)),
            _ => None,
        }
    }

    /// Stores the block at hand, so that another one must come. Without one, only Blurr leaves a record (with empty times).
    pub(crate) fn close_timed(&mut self, index: usize) {
        let start = self.times(index).map(|(start, _)| start);
        if start.is_none() && self.plan.mode == Mode::Studio {
            return;
        }
        let key = RecordKey::Time(start);
        self.tell(Note::Closed { aggregate: index, key: &key });
        let place = self.store.put(index, key, std::mem::take(&mut self.frame.groups[index]));
        self.tell(Note::Stored { aggregate: index, place });
    }
}
